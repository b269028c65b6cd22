//! `check`: everything that can be verified about a record from the record itself.

use std::path::Path;

use anyhow::{Context, bail};
use domain::{Assembly, Slug};
use event_log::{Position, Reader};
use projections::follower;
use serde::Serialize;

use crate::cli::Global;
use crate::data;
use crate::output::Output;
use crate::signing;

const PAGE_EVENTS: usize = 1_000;

#[derive(Serialize)]
struct Checked<'a> {
    assembly: &'a Slug,
    /// The last event that was looked at; 0 for an empty record.
    position: u64,
    /// Private words that opened to what the record commits to.
    words_opened: u64,
    /// Events whose words were erased.
    words_gone: Vec<Position>,
    /// Those whose erasure is recorded and not finished.
    erasures_unfinished: Vec<Position>,
    /// Signed checkpoints whose signatures are those of the key in the data folder.
    checkpoints: usize,
    /// Those that another key has signed, so that their signatures could not be looked at.
    checkpoints_of_another_key: usize,
    /// The last event that the stored views hold; absent where there are none that fit this record.
    views_position: Option<u64>,
}

pub(super) fn run(global: &Global, slug: &Slug) -> anyhow::Result<()> {
    let folder = data::assembly(&global.data, slug)?;
    let report = event_log::check(&folder).with_context(|| format!("the record of `{slug}` is not sound"))?;
    decode_all(&folder).with_context(|| format!("the record of `{slug}` is not sound"))?;
    let (checkpoints, checkpoints_of_another_key) =
        signed(&global.data, &folder).with_context(|| format!("the record of `{slug}` is not sound"))?;
    let checked = Checked {
        assembly: slug,
        position: report.head.map_or(0, Position::get),
        words_opened: report.opened,
        words_gone: report.gone,
        erasures_unfinished: report.unfinished,
        checkpoints,
        checkpoints_of_another_key,
        views_position: follower::compare(&folder)
            .with_context(|| format!("the views of `{slug}` are not sound"))?,
    };
    Output::of(global).print(&checked, || checked.text())
}

/// How many checkpoints the key of the data folder has signed, and how many it has not. A signature that says it is of
/// this key and is not is damage, which the record cannot show without the key.
fn signed(data: &Path, folder: &Path) -> anyhow::Result<(usize, usize)> {
    let all = Reader::open(folder)?.checkpoints()?;
    let keys = signing::own(data, &all)?;
    let (ours, others): (Vec<_>, Vec<_>) = all.iter().partition(|checkpoint| checkpoint.names(&keys));
    for (number, checkpoint) in (1..).zip(&ours) {
        checkpoint
            .verify(&keys)
            .with_context(|| format!("its checkpoint {number} over {} events", checkpoint.size()))?;
    }
    Ok((ours.len(), others.len()))
}

/// Whether every event is one that this version understands, and whether the first one convenes the assembly.
fn decode_all(folder: &Path) -> anyhow::Result<()> {
    let record = Reader::open(folder)?;
    let mut state = Assembly::default();
    let mut after = None;
    loop {
        let page = record.page(after, PAGE_EVENTS)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.position);
        for recorded in &page {
            let (event, meta) = ingest::decode(&recorded.public())?;
            if recorded.position == Position::FIRST && event.kind() != "convened" {
                bail!("its first event is `{}`, and a record begins with `convened`", event.kind());
            }
            state.evolve(&event, &meta);
        }
    }
}

impl Checked<'_> {
    fn text(&self) -> String {
        let views = match self.views_position {
            Some(position) => format!("stored views hold it up to position {position}"),
            None => "no stored views fit it; they are rebuilt when the server next starts".to_owned(),
        };
        let gone = match self.words_gone.len() {
            0 => String::new(),
            number => format!(", {number} with words that were erased"),
        };
        let unfinished = match self.erasures_unfinished.len() {
            0 => String::new(),
            number => format!(", {number} erasures that are finished when the server next starts"),
        };
        let others = match self.checkpoints_of_another_key {
            0 => String::new(),
            number => format!(", {number} checkpoints of another key than the one here"),
        };
        format!(
            "the record of `{}` is sound: {} events, {} with private words that open to what was committed{gone}{unfinished}{others}; {views}",
            self.assembly, self.position, self.words_opened
        )
    }
}
