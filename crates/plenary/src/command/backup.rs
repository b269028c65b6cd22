//! `backup`: the record and its keys as two files, while a server may go on writing.

use std::path::Path;

use anyhow::Context;
use domain::Slug;
use event_log::Position;
use serde::Serialize;

use crate::cli::{BackupArgs, Global};
use crate::data;
use crate::output::Output;
use crate::papers;

#[derive(Serialize)]
struct Saved<'a> {
    assembly: &'a Slug,
    folder: &'a Path,
    /// The last event in it; 0 for an empty record.
    position: u64,
    keys: u64,
    /// Events under the checkpoint that lies beside it; absent where none was signed yet.
    signed: Option<u64>,
}

pub(super) fn run(global: &Global, args: &BackupArgs) -> anyhow::Result<()> {
    let folder = data::assembly(&global.data, &args.slug)?;
    let saved = event_log::backup(&folder, &args.out)
        .with_context(|| format!("back up `{}` into {}", args.slug, args.out.display()))?;
    papers::copy(&folder, &args.out).context("copy the published papers")?;
    let position = saved.head.map_or(0, Position::get);
    let (assembly, folder) = (&args.slug, args.out.as_path());
    let saved = Saved { assembly, folder, position, keys: saved.keys, signed: saved.signed };
    Output::of(global).print(&saved, || saved.text())
}

impl Saved<'_> {
    fn text(&self) -> String {
        let Self { assembly, folder, position, keys, .. } = self;
        let folder = folder.display();
        format!(
            "`{assembly}` is backed up to position {position} in {folder}: record.db without keys, and keys.db with {keys} of them"
        )
    }
}
