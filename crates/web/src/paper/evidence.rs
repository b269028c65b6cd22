//! How a decision was taken, as a document of its own: what was decided and what changed, the four principles of a fair
//! consultation with the place in the record of everything that bears on them, and what the record cannot tell.
//!
//! No number in it is typed: a day, a moment or a length of time is a date, a place in the record is a reference, and
//! what was counted is a figure.

mod asked;
mod considered;

use domain::{Decided, DecisionNumber, PaperHash};
use projections::Views;
use projections::decisions::{Considered, DecisionEvidence, Moment, evidence_of};
use sha2::{Digest, Sha256};

use super::document::{
    self, Align, Block, Column, Document, GroupStyle, Inline, ListStyle, Row, Status, Target, Tone,
};
use super::fingerprint;
use super::parts::{heading, paragraph, plain};
use super::runs::{Runs, cited, date, day, dotted, line, refer, sentences, words};
use crate::Error;
use crate::pages::clock;
use crate::say::say;
use crate::when::Clock;

/// What every part is made of.
struct Source<'a> {
    views: &'a Views,
    e: DecisionEvidence<'a>,
    clock: Clock,
}

impl Document {
    /// The evidence of a decision as the record has it now; `None` where there is no such decision.
    pub fn evidence(views: &Views, number: DecisionNumber) -> Result<Option<Self>, Error> {
        let clock = clock(views);
        let Some(e) = evidence_of(views, number, &|at| clock.day(at)) else { return Ok(None) };
        let source = Source { views, e, clock };
        let blocks = blocks(&source);
        let hash = PaperHash(Sha256::digest(serde_json::to_vec(&blocks)?).into()).to_string();
        let (position, last) = (views.position, views.frame.last_at);
        let at = refer(&say("paper-position").num("position", position), Target::Record(position));
        let when = last.map(|at| vec![date(&source.clock, at)]).unwrap_or_default();
        let tag = vec![decision(source.e.decision)];
        let title = source.e.decision.title.to_string();
        let assembly = views.frame.about.as_ref().map(|about| cited(&about.title));
        let mark = line("paper-fingerprint").with("hash", [fingerprint(&hash, position)]).runs();
        Ok(Some(Self {
            format: document::FORMAT.to_owned(),
            language: "en-GB".to_owned(),
            status: Status::Evidence,
            position,
            dated: last.map(|at| at.millis() / 1000),
            tag: tag.clone(),
            kicker: line("evidence-of").with("assembly", Runs::from_iter(assembly)).runs(),
            standing: line("paper-as-of").with("when", when).with("position", [at.clone()]).runs(),
            footer: dotted([vec![cited(&title)], tag, vec![at], mark]),
            page_of: say("paper-page-of").text("page", "{page}").text("pages", "{pages}").to_string(),
            no_letter: say("paper-no-letter").to_string(),
            title,
            hash,
            blocks,
        }))
    }
}

fn blocks(source: &Source<'_>) -> Vec<Block> {
    let mut blocks = decided(source);
    blocks.extend(asked::formative(source));
    blocks.extend(asked::informed(source));
    blocks.extend(asked::time(source));
    blocks.extend(considered::blocks(source));
    blocks.extend(silent());
    blocks.extend(check(source));
    blocks
}

fn decided(source: &Source<'_>) -> Vec<Block> {
    let decided = source.e.decision;
    let taken = source.e.taken;
    vec![
        heading(2, "decided", words("evidence-decided")),
        paragraph(Tone::Lead, vec![cited(&decided.text)]),
        paragraph(Tone::Meta, dotted([vec![source.when(taken)], vec![event(taken)]])),
        heading(2, "changed", words("evidence-changed")),
        paragraph(Tone::Prose, vec![cited(&decided.changed)]),
        paragraph(Tone::Quiet, words("evidence-changed-own")),
        Block::Group {
            style: GroupStyle::Notice,
            blocks: vec![
                heading(2, "short", words("evidence-short")),
                Block::List { style: ListStyle::Bullets, items: in_short(source).map(plain).collect() },
            ],
        },
    ]
}

/// One sentence for each of the four principles.
fn in_short(source: &Source<'_>) -> impl Iterator<Item = Runs> {
    [
        asked::formative_in_short(source),
        asked::informed_in_short(source),
        asked::time_in_short(source),
        lay(source),
    ]
    .into_iter()
    .filter(|point| !point.is_empty())
}

/// Which version lay before the board, and whether a newer one was there to be had.
fn lay(source: &Source<'_>) -> Runs {
    let (before, taken) = (source.e.decision.version, source.e.taken);
    let published = |version: &&Considered<'_>| version.published.version == before;
    let Some(lay) = source.e.versions.iter().find(published) else { return Runs::new() };
    let mut said = vec![
        line("evidence-lay")
            .with("version", [version(before)])
            .with("when", [day(lay.when.on)])
            .with("apart", [source.apart(lay.when)])
            .runs(),
    ];
    let newer = source.e.versions.iter().rev().find(|newer| newer.when.precedes(taken));
    if let Some(newer) = newer.filter(|newer| newer.published.version > before) {
        let newer = version(newer.published.version);
        said.push(line("evidence-newer").with("version", [newer]).runs());
    }
    sentences(said)
}

/// What no line here can show, in as many words.
fn silent() -> Vec<Block> {
    let items = [
        words("silent-mind"),
        words("silent-receipts"),
        words("silent-material"),
        words("silent-reach"),
        words("silent-clock"),
        words("silent-own"),
    ];
    vec![
        heading(2, "silent", words("evidence-silent")),
        Block::List { style: ListStyle::Bullets, items: items.into_iter().map(plain).collect() },
    ]
}

fn check(source: &Source<'_>) -> Vec<Block> {
    let commands = say("evidence-command").to_string();
    let position = source.views.position;
    let at = refer(&say("paper-position").num("position", position), Target::Record(position));
    vec![
        heading(2, "verify", words("evidence-check")),
        paragraph(Tone::Plain, line("evidence-check-how").with("position", [at]).runs()),
        Block::Command { lines: commands.lines().map(str::to_owned).collect() },
    ]
}

impl Source<'_> {
    /// `22 November 2026, 14:05`
    fn when(&self, moment: Moment) -> Inline {
        date(&self.clock, moment.at)
    }

    /// By how many days it was before the decision, or after it.
    fn apart(&self, moment: Moment) -> Inline {
        let taken = self.e.taken;
        let key = if moment.precedes(taken) { "evidence-before" } else { "evidence-after" };
        let days = moment.on.days_until(taken.on).unsigned_abs();
        Inline::Date { text: say(key).num("days", days).to_string(), iso: format!("P{days}D") }
    }

    /// When it was, how long before the decision, and where that stands: the cells behind a row's header.
    fn cells(&self, moment: Moment) -> Vec<Runs> {
        vec![vec![self.when(moment)], vec![self.apart(moment)], vec![event(moment)]]
    }
}

/// A table whose columns all hold words; the first names the row.
fn table(id: &str, caption: Runs, columns: &[Runs], rows: Vec<Row>) -> Block {
    let column = |label: &Runs| Column { label: label.clone(), align: Align::Start };
    Block::Table { id: id.to_owned(), caption, columns: columns.iter().map(column).collect(), rows }
}

/// `Position 41`, which leads to that event.
fn event(moment: Moment) -> Inline {
    let position = moment.position.get();
    refer(&say("position-n").num("position", position), Target::Event(position))
}

fn decision(decided: &Decided) -> Inline {
    let number = decided.decision.get();
    refer(&say("decision-n").num("n", number), Target::Decision(number))
}

fn version(number: u16) -> Inline {
    refer(&say("versions-n").num("n", number), Target::Version(number))
}
