//! `words.jsonl`: for every event that commits to words, what opens them, or why they are not public.
//!
//! [`projections::Entry::is_public`] decides, as it does for the pages that everybody sees.

use std::collections::BTreeSet;

use anyhow::{Context, anyhow, bail};
use domain::Event;
use event_log::{Position, Reader, Recorded};
use projections::{Attention, Entry, Standing, Views};
use serde::Serialize;

const PAGE_EVENTS: usize = 1_000;

#[derive(Serialize)]
#[serde(untagged)]
enum Line {
    Open { position: Position, salt: String, words: String },
    Closed { position: Position, not_public: &'static str },
}

/// The events whose words everybody may read, at the position of the views.
pub(super) fn public(views: &Views) -> BTreeSet<Position> {
    views.entries.values().filter(|entry| entry.is_public()).filter_map(|entry| entry.words_at).collect()
}

/// Fails where words were public when the record was signed and are not any more: an archive over that checkpoint would
/// have to show them, or to hide them without a reason in it.
pub(super) fn still_public(then: &Views, now: &Views) -> anyhow::Result<()> {
    let shown = public(now);
    match public(then).into_iter().find(|position| !shown.contains(position)) {
        Some(position) => bail!(
            "the words of event {position} are not public since the last checkpoint; export again when the next is signed, \
             a few seconds from now while a server runs"
        ),
        None => Ok(()),
    }
}

/// The lines, in the order of the record.
pub(super) fn lines(record: &Reader, views: &Views) -> anyhow::Result<Vec<u8>> {
    let mut lines = Vec::new();
    let mut after = None;
    loop {
        let page = record.page(after, PAGE_EVENTS)?;
        let within = page.iter().take_while(|event| event.position.get() <= views.position);
        for event in within.filter(|event| event.commitment.is_some()) {
            let line = line(record, views, event)?;
            serde_json::to_writer(&mut lines, &line).context("write words.jsonl")?;
            lines.push(b'\n');
        }
        match page.last() {
            Some(last) if last.position.get() < views.position => after = Some(last.position),
            _ => return Ok(lines),
        }
    }
}

fn line(record: &Reader, views: &Views, event: &Recorded) -> anyhow::Result<Line> {
    let position = event.position;
    let (said, _) = ingest::decode(&event.public())?;
    let found = said.contribution().and_then(|id| views.entry(id));
    let (_, entry) = found.ok_or_else(|| anyhow!("event {position} has words and is no contribution"))?;
    let hidden = match said {
        Event::Understood { .. } => Some(of_meaning(entry)),
        _ => hidden(entry, position),
    };
    if let Some(not_public) = hidden {
        return Ok(Line::Closed { position, not_public });
    }
    let opening = record.opening(position)?;
    let opening =
        opening.ok_or_else(|| anyhow!("the words of event {position} are gone, and no event says why"))?;
    let salt = opening.salt.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Line::Open { position, salt, words: opening.words })
}

/// What words mean to a model is for the engines of the server, and no part of what was said in public.
fn of_meaning(entry: &Entry) -> &'static str {
    if entry.standing == Standing::Erased { "erased" } else { "meaning" }
}

/// Why the words of the event at `position` are not public, if they are not.
fn hidden(entry: &Entry, position: Position) -> Option<&'static str> {
    // Of an erased contribution, every earlier wording is gone too.
    if entry.standing == Standing::Erased {
        return Some("erased");
    }
    if entry.words_at != Some(position) {
        return Some("corrected");
    }
    if entry.is_public() {
        return None;
    }
    Some(match (entry.standing, &entry.attention) {
        (Standing::Withdrawn | Standing::Erased, _) => "withdrawn",
        (Standing::Held(_), _) => "held",
        (_, Attention::SetAside(_)) => "set-aside",
        (_, Attention::Unread | Attention::Read) => "unread",
    })
}
