//! `export`: one archive that anyone can verify without this program.

use std::path::Path;

use anyhow::Context;
use event_log::{Checkpoint, Reader};
use serde::Serialize;

use crate::archive::{Signed, archive};
use crate::cli::{ExportArgs, Global};
use crate::output::Output;
use crate::{data, signing};

use super::summary;

#[derive(Serialize)]
struct Exported<'a> {
    path: &'a Path,
    /// The last event in it.
    position: u64,
    checkpoints: usize,
    /// Checkpoints that another key has signed, which nothing in the archive could verify.
    left_out: usize,
    vkey: Vec<String>,
}

pub(super) fn run(global: &Global, args: &ExportArgs) -> anyhow::Result<()> {
    let folder = data::assembly(&global.data, &args.slug)?;
    let last = signing::last(&global.data, &folder)?;
    let all = until(Reader::open(&folder)?.checkpoints()?, &last);
    let keys = signing::verifiers(&global.data, args.vkey.as_deref(), &all)?;
    last.verify(&keys).context("the last checkpoint")?;
    let (ours, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|note| note.verify(&keys).is_ok());
    let earlier = ours.split_last().map_or(&[][..], |(_, earlier)| earlier);
    let bytes = archive(&Signed { folder: &folder, last: &last, earlier, keys: &keys })?;
    summary::replace(&args.out, &bytes).with_context(|| format!("write {}", args.out.display()))?;
    let exported = Exported {
        path: &args.out,
        position: last.size(),
        checkpoints: ours.len(),
        left_out: others.len(),
        vkey: keys.iter().map(ToString::to_string).collect(),
    };
    Output::of(global).print(&exported, || exported.text())
}

/// A server may have signed another one since the last was read.
fn until(mut all: Vec<Checkpoint>, last: &Checkpoint) -> Vec<Checkpoint> {
    let end = all.iter().rposition(|note| note == last).map_or(all.len(), |place| place + 1);
    all.truncate(end);
    all
}

impl Exported<'_> {
    fn text(&self) -> String {
        let left_out = match self.left_out {
            0 => String::new(),
            number => format!("; {number} checkpoints of another key were left out"),
        };
        format!(
            "{}: {} events, {} checkpoints{left_out}; verify it with scripts/verify.py and the key {}",
            self.path.display(),
            self.position,
            self.checkpoints,
            self.vkey.join(" ")
        )
    }
}
