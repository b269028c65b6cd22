//! What a published paper says of itself: which version it is, and what has happened since to what it counts.

use domain::{Edition, Published};
use projections::{Position, Standing, Views};

use super::Redacted;
use crate::paper::document::{Block, Document, GroupStyle, Inline, Target, Tone};
use crate::paper::runs::{Runs, date, line, refer};
use crate::say::say;
use crate::when::Clock;

/// How many hexadecimal digits of the hash a person compares.
const HASH_SHORT: usize = 16;

pub(super) fn notice(document: &Document, published: &Published, views: &Views, redacted: Redacted) -> Block {
    let mut blocks = vec![paragraph(Tone::Plain, named(published, views))];
    if redacted != Redacted::default() {
        let number = |name, count: u64| {
            let shown = refer(&say("number").num("n", count), Target::Section("words".to_owned()));
            (name, vec![shown])
        };
        let line = [
            number("withdrawn", redacted.withdrawn),
            number("erased", redacted.erased),
            number("held", redacted.held),
        ]
        .into_iter()
        .fold(line("published-redacted"), |line, (name, runs)| line.with(name, runs));
        blocks.push(paragraph(Tone::Plain, line.runs()));
    }
    let changed: Vec<_> = document.blocks.iter().filter_map(|block| since(block, views)).collect();
    blocks.extend(changed.into_iter().map(|runs| paragraph(Tone::Quiet, runs)));
    Block::Group { style: GroupStyle::Notice, blocks }
}

fn named(published: &Published, views: &Views) -> Runs {
    let version = views.frame.ledger.versions.get(usize::from(published.version.saturating_sub(1)));
    let about = views.frame.about.as_ref();
    let clock = Clock::of(about.map(|about| about.time_zone.as_str()).unwrap_or_default());
    let at = version.map(|step| vec![date(&clock, step.at)]).unwrap_or_default();
    let counted = Target::Record(published.counted_at);
    let short: String = published.hash.to_string().chars().take(HASH_SHORT).collect();
    let hash = Inline::Reference { text: short, to: counted.clone() };
    let key = match published.edition {
        Edition::Interim => "published-interim",
        Edition::Final => "published-final",
    };
    let number = refer(&say("number").num("n", u64::from(published.version)), counted);
    line(key).with("version", [number]).with("when", at).with("hash", [hash]).runs()
}

/// `Waiting: as published 41; now 40 can be read, 1 withdrawn`, for a list of which not everything stands any more.
fn since(block: &Block, views: &Views) -> Option<Runs> {
    let Block::Listing { id, about, positions, .. } = block else { return None };
    let mut counts = [0_u64; 4];
    for at in positions.iter().filter_map(|at| Position::new(*at)) {
        let place = match views.entries.get(&at).map(|entry| entry.standing) {
            Some(Standing::Stands) => 0,
            Some(Standing::Withdrawn) => 1,
            Some(Standing::Held(_)) => 3,
            Some(Standing::Erased) | None => 2,
        };
        counts[place] += 1;
    }
    if counts[1..].iter().all(|count| *count == 0) {
        return None;
    }
    let number = |count: u64| [refer(&say("number").num("n", count), Target::Section(id.clone()))];
    let [now, withdrawn, erased, held] = counts.map(number);
    let told = line("published-since")
        .with("about", about.clone())
        .with("then", number(positions.len() as u64))
        .with("now", now)
        .with("withdrawn", withdrawn)
        .with("erased", erased)
        .with("held", held);
    Some(told.runs())
}

fn paragraph(tone: Tone, text: Runs) -> Block {
    Block::Paragraph { tone, text }
}
