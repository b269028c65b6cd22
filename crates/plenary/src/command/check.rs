//! `check`: everything that can be verified about a record from the record itself.

use std::path::Path;

use anyhow::{Context, bail};
use domain::{Assembly, Slug};
use event_log::{Position, Reader};
use projections::store::{self, Store};
use serde::Serialize;

use crate::cli::Global;
use crate::data;
use crate::output::Output;

const PAGE_EVENTS: usize = 1_000;

#[derive(Serialize)]
struct Checked<'a> {
    assembly: &'a Slug,
    /// The last event that was looked at; 0 for an empty record.
    position: u64,
    /// Private words that opened to what the record commits to.
    words_opened: u64,
    /// Events whose words cannot be opened any more.
    words_gone: Vec<Position>,
    /// The last event that the stored views hold; absent where there are none that fit this record.
    views_position: Option<u64>,
}

pub(super) fn run(global: &Global, slug: &Slug) -> anyhow::Result<()> {
    let folder = data::assembly(&global.data, slug)?;
    let report = event_log::check(&folder).with_context(|| format!("the record of `{slug}` is not sound"))?;
    decode_all(&folder).with_context(|| format!("the record of `{slug}` is not sound"))?;
    let checked = Checked {
        assembly: slug,
        position: report.head.map_or(0, Position::get),
        words_opened: report.opened,
        words_gone: report.gone,
        views_position: views_position(&folder)?,
    };
    Output::of(global).print(&checked, || checked.text())
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
            let (event, meta) = ingest::decode(recorded)?;
            if recorded.position == Position::FIRST && event.kind() != "convened" {
                bail!("its first event is `{}`, and a record begins with `convened`", event.kind());
            }
            state.evolve(&event, &meta);
        }
    }
}

/// Views that are of another record or another version do not count: they are rebuilt when they are next needed.
fn views_position(folder: &Path) -> anyhow::Result<Option<u64>> {
    if !store::path(folder).is_file() {
        return Ok(None);
    }
    let record = Reader::open(folder)?;
    let Some(views) = Store::open(folder)?.load(&record)? else { return Ok(None) };
    let head = record.head()?.map_or(0, Position::get);
    if views.position > head {
        bail!("the views stand at position {} and the record ends at {head}", views.position);
    }
    Ok(Some(views.position))
}

impl Checked<'_> {
    fn text(&self) -> String {
        let views = match self.views_position {
            Some(position) => format!("stored views hold it up to position {position}"),
            None => "no stored views fit it; they are rebuilt when the server next starts".to_owned(),
        };
        let gone = match self.words_gone.len() {
            0 => String::new(),
            number => format!(", {number} with words that cannot be opened any more"),
        };
        format!(
            "the record of `{}` is sound: {} events, {} with private words that open to what was committed{gone}; {views}",
            self.assembly, self.position, self.words_opened
        )
    }
}
