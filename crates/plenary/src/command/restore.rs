//! `restore`: an assembly's folder put together again from a backup.

use anyhow::Context;
use domain::Slug;
use event_log::{Backup, Position};
use serde::Serialize;

use crate::cli::{Global, RestoreArgs};
use crate::data::Writing;
use crate::output::Output;
use crate::papers;

#[derive(Serialize)]
struct Restored<'a> {
    assembly: &'a Slug,
    position: u64,
    words_opened: u64,
    /// Events whose words were erased before the backup or since, and whose keys were not brought back.
    words_gone: Vec<Position>,
}

pub(super) fn run(global: &Global, args: &RestoreArgs) -> anyhow::Result<()> {
    let _writing = Writing::begin(&global.data, "restore")?;
    let folder = global.data.join(args.slug.as_str());
    let backup = Backup { folder: args.from.clone(), keys: args.keys.clone() };
    let report = event_log::restore(&backup, &folder)
        .with_context(|| format!("restore `{}` from {}", args.slug, args.from.display()))?;
    papers::copy(&args.from, &folder).context("copy the published papers")?;
    // Views that were left behind may be of another moment; the next start folds them anew.
    projections::store::remove(&folder);
    let restored = Restored {
        assembly: &args.slug,
        position: report.head.map_or(0, Position::get),
        words_opened: report.opened,
        words_gone: report.gone,
    };
    Output::of(global).print(&restored, || restored.text())
}

impl Restored<'_> {
    fn text(&self) -> String {
        let Self { assembly, position, words_opened, words_gone } = self;
        let gone = words_gone.len();
        format!(
            "`{assembly}` is restored and sound: {position} events, {words_opened} with words that open, {gone} with words that stay erased"
        )
    }
}
