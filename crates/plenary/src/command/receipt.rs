//! `receipt`: the proof for one person that what they said is in the record.

use std::path::Path;

use anyhow::{Context, bail};
use event_log::{Position, Reader};
use serde::Serialize;

use crate::cli::{Global, ReceiptArgs};
use crate::output::Output;
use crate::{data, signing};

use super::summary;

const PAGE_EVENTS: usize = 1_000;

#[derive(Serialize)]
struct Written<'a> {
    path: &'a Path,
    position: Position,
    /// How many events the checkpoint in it is over.
    size: u64,
}

pub(super) fn run(global: &Global, args: &ReceiptArgs) -> anyhow::Result<()> {
    let folder = data::assembly(&global.data, &args.slug)?;
    let record = Reader::open(&folder)?;
    let Some(position) = find(&record, &args.code)? else {
        bail!("no event of `{}` has the receipt {}", args.slug, args.code);
    };
    signing::last(&global.data, &folder)?;
    let Some(receipt) = record.receipt(position)? else {
        bail!("event {position} is not under a checkpoint yet; the server signs one every few seconds");
    };
    let text = receipt.to_string();
    summary::replace(&args.out, text.as_bytes()).with_context(|| format!("write {}", args.out.display()))?;
    let written = Written { path: &args.out, position, size: receipt.checkpoint.size() };
    Output::of(global).print(&written, || format!("{}: event {position}", args.out.display()))
}

/// Looks through the whole record: this is for the command line, where a second does not matter.
fn find(record: &Reader, code: &ingest::Receipt) -> anyhow::Result<Option<Position>> {
    let mut after = None;
    loop {
        let page = record.page(after, PAGE_EVENTS)?;
        if let Some(found) = page.iter().find(|event| code.is_of(&event.leaf)) {
            return Ok(Some(found.position));
        }
        match page.last() {
            Some(last) => after = Some(last.position),
            None => return Ok(None),
        }
    }
}
