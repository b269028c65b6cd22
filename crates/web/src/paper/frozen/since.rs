//! What a published paper says of itself: which version it is, and what has happened since to what it counts.

use std::collections::BTreeMap;

use domain::{Edition, Published};
use projections::{Position, Standing, Views};

use super::{Gone, Redacted};
use crate::paper::document::{Block, Document, GroupStyle, Inline, Target, Tone};
use crate::paper::fingerprint;
use crate::paper::runs::{Runs, cited, date, day, duty, joined, line, refer};
use crate::say::say;
use crate::when::Clock;

/// A theme in the name of a list.
const UUID_CHARS: usize = 36;

/// `gone` are the contributions whose words stood in it and can be read no more.
pub(super) fn notice(
    document: &Document,
    published: &Published,
    views: &Views,
    redacted: Redacted,
    gone: &BTreeMap<u64, Gone>,
) -> Block {
    let mut blocks = vec![paragraph(Tone::Plain, named(published, views))];
    blocks.extend(owed(published, views).into_iter().map(|runs| paragraph(Tone::Plain, runs)));
    if redacted != Redacted::default() {
        let told = parts([redacted.withdrawn, redacted.erased, redacted.held], "words");
        blocks.push(paragraph(Tone::Plain, line("published-redacted").with("parts", told).runs()));
    }
    let changed = document.blocks.iter().filter_map(|block| since(block, views, gone));
    blocks.extend(changed.map(|runs| paragraph(Tone::Quiet, runs)));
    Block::Group { style: GroupStyle::Notice, blocks }
}

/// At the end: what the record names the version by.
pub(super) fn named_by(published: &Published) -> Block {
    let hash = fingerprint(&published.hash.to_string(), published.counted_at);
    paragraph(Tone::Quiet, line("published-fingerprint").with("hash", [hash]).runs())
}

fn named(published: &Published, views: &Views) -> Runs {
    let version = views.frame.ledger.versions.get(usize::from(published.version.saturating_sub(1)));
    let about = views.frame.about.as_ref();
    let clock = Clock::of(about.map(|about| about.time_zone.as_str()).unwrap_or_default());
    let at = version.map(|step| vec![date(&clock, step.at)]).unwrap_or_default();
    let counted = Target::Record(published.counted_at);
    let key = match published.edition {
        Edition::Interim => "published-interim",
        Edition::Final => "published-final",
    };
    let number = refer(&say("number").num("n", u64::from(published.version)), counted);
    line(key).with("version", [number]).with("when", at).runs()
}

/// What the version obliges somebody to, a line for each office and day.
fn owed(published: &Published, views: &Views) -> Vec<Runs> {
    let mut by_day = BTreeMap::<_, Vec<Runs>>::new();
    for (number, known) in &views.frame.ledger.duties {
        let owed = &known.owed.what;
        if owed.version == published.version {
            let what = match owed.theme {
                Some(_) => vec![duty(*number)],
                None => line("published-owed-paper").with("duty", [duty(*number)]).runs(),
            };
            by_day.entry((owed.due, owed.owner.to_string())).or_default().push(what);
        }
    }
    let told = |((due, owner), duties): ((domain::Date, String), Vec<Runs>)| {
        let duties = joined(duties, ", ");
        line("published-owed")
            .with("owner", [cited(owner)])
            .with("due", [day(due)])
            .with("duties", duties)
            .runs()
    };
    by_day.into_iter().map(told).collect()
}

/// `Waiting: as published 41; now 40 can be read, 1 withdrawn`, for everything and for a whole theme, where something
/// has gone since.
fn since(block: &Block, views: &Views, gone: &BTreeMap<u64, Gone>) -> Option<Runs> {
    let Block::Listing { id, about, positions, .. } = block else { return None };
    let whole = id == "q-all" || id.strip_prefix("q-theme-").is_some_and(|theme| theme.len() == UUID_CHARS);
    if !whole || !positions.iter().any(|at| gone.contains_key(at)) {
        return None;
    }
    let (mut now, mut away) = (0, [0; 3]);
    for at in positions {
        let entry = Position::new(*at).and_then(|at| views.entries.get(&at));
        match (gone.get(at), entry.map(|entry| entry.standing)) {
            (Some(Gone::Withdrawn), _) | (None, Some(Standing::Withdrawn)) => away[0] += 1,
            (Some(Gone::Erased), _) | (None, Some(Standing::Erased) | None) => away[1] += 1,
            (Some(Gone::Held), _) | (None, Some(Standing::Held(_))) => away[2] += 1,
            (None, Some(Standing::Stands)) => now += 1,
        }
    }
    let told = line("published-since")
        .with("about", about.clone())
        .with("then", [number(positions.len() as u64, id)])
        .with("now", [number(now, id)])
        .with("parts", parts(away, id));
    Some(told.runs())
}

/// `1 withdrawn, 2 erased`: those that there are, by what happened to them.
fn parts(counts: [u64; 3], section: &str) -> Runs {
    let keys = ["published-withdrawn", "published-erased", "published-held"];
    let there = keys.into_iter().zip(counts).filter(|(_, count)| *count > 0);
    joined(there.map(|(key, count)| line(key).with("n", [number(count, section)]).runs()), ", ")
}

fn number(count: u64, section: &str) -> Inline {
    refer(&say("number").num("n", count), Target::Section(section.to_owned()))
}

fn paragraph(tone: Tone, text: Runs) -> Block {
    Block::Paragraph { tone, text }
}
