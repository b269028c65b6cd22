//! The parts of the paper, in the order in which a board reads them: two pages first, then the annex.

mod agreement;
mod annex;
mod asks;
mod findings;
mod front;
mod indicators;
mod lists;
mod method;
mod movement;
mod represented;

use domain::{RoundNumber, Span};
use projections::summary::{Finding, Quote};
use projections::{EvidenceSummary, Figure, Position, Views};

use super::Reach;
use super::document::{Bar, Block, Inline, Origin, Side, Tone};
use super::runs::{self, Runs, dotted, figure, words};
use crate::pages::hearing::percent;
use crate::say::say;
use crate::when::Clock;

/// What every part is made of.
pub(super) struct Source<'a> {
    pub(super) views: &'a Views,
    pub(super) s: &'a EvidenceSummary,
    pub(super) clock: Clock,
    pub(super) reach: Reach,
    /// Of the data; nothing for a version, which the record names by its own.
    pub(super) hash: Option<String>,
}

/// Every part that has something to say.
pub(super) fn blocks(source: &Source<'_>) -> Vec<Block> {
    let mut blocks = front::blocks(source);
    blocks.extend(asks::blocks(source));
    blocks.extend(findings::blocks(source));
    let mut annex = annex::blocks(source);
    let lists = lists::blocks(source, &[&blocks, &annex]);
    annex.extend(lists);
    blocks.extend(annex::opening(&annex));
    blocks.extend(annex);
    blocks
}

impl Source<'_> {
    fn room(&self) -> bool {
        self.s.took_part.tables.of.unwrap_or(0) > 0
    }

    fn remote(&self) -> bool {
        self.s.took_part.remote_voices.value > 0
    }

    fn other(&self) -> bool {
        self.s.took_part.other_contributions.value > 0
    }

    fn has_rounds(&self) -> bool {
        self.s.questions.len() > 1
    }

    fn round(&self, number: RoundNumber) -> Inline {
        runs::round(number)
    }

    /// Whether the import says who said what.
    fn other_voices(&self) -> bool {
        self.s.took_part.other_voices.value > 0
    }

    /// The sides of a finding.
    fn sides_of<'f>(&self, finding: &'f Finding) -> Vec<(Side, &'f Figure)> {
        let other = if self.other_voices() { &finding.other_voices } else { &finding.other };
        self.sides(&finding.tables, &finding.remote_voices, other)
    }

    /// A figure for each side that has taken part: tables in the room, voices at home, those of an import.
    fn sides<'f>(&self, room: &'f Figure, remote: &'f Figure, other: &'f Figure) -> Vec<(Side, &'f Figure)> {
        let sides = [
            (self.room(), Side::Room, room),
            (self.remote(), Side::Remote, remote),
            (self.other(), Side::Other, other),
        ];
        sides.into_iter().filter(|(there, ..)| *there).map(|(_, side, figure)| (side, figure)).collect()
    }

    fn bars(&self, sides: &[(Side, &Figure)]) -> Vec<Bar> {
        let bar = |(side, counted): &(Side, &Figure)| Bar {
            side: *side,
            label: words(side_key(*side)),
            percent: percent(counted.value, counted.of.unwrap_or(0)),
            figure: vec![figure(counted)],
        };
        sides.iter().map(bar).collect()
    }

    /// Somebody's words, with their place in the record.
    fn said(&self, position: u64, span: Span, text: &str) -> Inline {
        let entry = Position::new(position).and_then(|at| self.views.entries.get(&at));
        let words_at = entry.and_then(|entry| entry.words_at).map_or(position, Position::get);
        let origin = Origin { contribution: position, words_at, from: span.from, to: span.to };
        Inline::Quote { text: text.to_owned(), origin }
    }

    fn quote(&self, quote: &Quote, contrary: bool, label: Runs) -> Block {
        Block::Quote {
            contrary,
            paraphrase: quote.form == domain::Form::Paraphrase,
            label,
            words: vec![self.said(quote.position, quote.span, &quote.words)],
            source: source_of(quote),
        }
    }
}

fn side_key(side: Side) -> &'static str {
    match side {
        Side::Room => "side-room",
        Side::Remote => "side-remote",
        Side::Other | Side::All => "side-other",
    }
}

/// Who said it, as what, and where it stands in the record.
fn source_of(quote: &Quote) -> Runs {
    let paraphrase = quote.form == domain::Form::Paraphrase;
    dotted([
        if paraphrase { words("form-paraphrase") } else { Runs::new() },
        who(quote.table, quote.side),
        words(format!("kind-{}", quote.kind.as_str())),
        if quote.read_back { words("read-back-short") } else { Runs::new() },
        vec![runs::contribution(quote.position)],
    ])
}

fn who(table: Option<domain::TableNumber>, side: &str) -> Runs {
    match (table, side) {
        (Some(table), _) => vec![runs::table(table)],
        (None, "remote") => words("channel-remote"),
        (None, "room") => words("channel-room"),
        (None, _) => words("channel-import"),
    }
}

pub(super) fn heading(level: u8, id: &str, text: Runs) -> Block {
    Block::Heading { level, id: id.to_owned(), text }
}

pub(super) fn paragraph(tone: Tone, text: Runs) -> Block {
    Block::Paragraph { tone, text }
}

pub(super) fn plain(text: Runs) -> Vec<Block> {
    vec![paragraph(Tone::Plain, text)]
}

/// A word of the catalogue that stands for a fixed reason of moderators.
fn held(reason: &str) -> Runs {
    match crate::say::knows(&format!("held-{reason}")) {
        true => vec![runs::text(say(format!("held-{reason}")).to_string())],
        false => vec![runs::cited(reason)],
    }
}
