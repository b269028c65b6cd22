//! Lines out of the catalogue, with typed runs where the catalogue leaves a place.

use domain::Timestamp;
use projections::prose::Piece as Placed;
use projections::{Figure, Unit};

use super::document::{Inline, Target};
use crate::say::{Message, Piece, say};
use crate::when::{Clock, in_words};

pub(super) type Runs = Vec<Inline>;

/// A message on its way into the paper. What is put into it keeps its type.
pub(super) struct Line {
    message: Message,
    given: Vec<(&'static str, Runs)>,
}

pub(super) fn line(key: impl Into<String>) -> Line {
    Line { message: say(key), given: Vec::new() }
}

impl Line {
    pub(super) fn with(self, name: &'static str, runs: impl Into<Runs>) -> Self {
        let mut given = self.given;
        given.push((name, runs.into()));
        Self { message: self.message.text(name, ""), given }
    }

    /// A number by which the message chooses between one and many, and which it must not print.
    pub(super) fn choosing(self, name: &'static str, number: u64) -> Self {
        Self { message: self.message.num(name, number), ..self }
    }

    pub(super) fn runs(self) -> Runs {
        let Self { message, given } = self;
        let put = |name: &str| given.iter().find(|(given, _)| *given == name).map(|(_, runs)| runs.clone());
        runs(&message, |name, _| put(name).unwrap_or_default())
    }
}

/// A message with its arguments as runs.
pub(super) fn runs(message: &Message, argument: impl Fn(&str, &str) -> Runs) -> Runs {
    let of = |piece| match piece {
        Piece::Words(text) => vec![Inline::Text { text }],
        Piece::Argument { name, text } => argument(&name, &text),
    };
    message.pieces().into_iter().flat_map(of).collect()
}

/// A message without arguments.
pub(super) fn words(key: impl Into<String>) -> Runs {
    vec![Inline::Text { text: say(key).to_string() }]
}

pub(super) fn text(text: impl Into<String>) -> Inline {
    Inline::Text { text: text.into() }
}

/// Words of the board, the organisers or the theme team.
pub(super) fn cited(text: impl ToString) -> Inline {
    Inline::Cited { text: text.to_string() }
}

pub(super) fn refer(message: &Message, to: Target) -> Inline {
    Inline::Reference { text: message.to_string(), to }
}

pub(super) fn round(number: domain::RoundNumber) -> Inline {
    refer(&say("round-n").num("n", number), Target::Round(number.get()))
}

pub(super) fn table(number: domain::TableNumber) -> Inline {
    refer(&say("source-table").num("table", number), Target::Table(number.get()))
}

pub(super) fn contribution(position: u64) -> Inline {
    refer(&say("position-n").num("position", position), Target::Contribution(position))
}

/// `41 of 250 contributions`
pub(crate) fn words_of(figure: &Figure) -> Message {
    let key = match (figure.unit, figure.of) {
        (Unit::Contributions, Some(_)) => say("figure-contributions-of"),
        (Unit::Contributions, None) => say("figure-contributions"),
        (Unit::Tables, Some(_)) => say("figure-tables-of"),
        (Unit::Tables, None) => say("figure-tables"),
        (Unit::Voices, Some(_)) => say("figure-voices-of"),
        (Unit::Voices, None) => say("figure-voices"),
        (Unit::HeardFrom, _) => say("figure-heard-from"),
        (_, Some(_)) => say("n-of"),
        (_, None) => say("figure-number"),
    };
    key.num("n", figure.value).num("of", figure.of.unwrap_or_default())
}

pub(super) fn figure(figure: &Figure) -> Inline {
    said_as(figure, &words_of(figure))
}

/// An editor's words, with figures where they placed them.
pub(super) fn prose(pieces: &[Placed]) -> Runs {
    let run = |piece: &Placed| match piece {
        Placed::Text(text) => cited(text),
        Placed::Figure(placed) => figure(placed),
        // As it was typed, so that the mistake is seen.
        Placed::Unknown(inner) => cited(format!("[[{inner}]]")),
    };
    pieces.iter().map(run).collect()
}

/// The same figure without what it is of, where that stands beside it already.
pub(super) fn alone(whole: &Figure) -> Inline {
    figure(&Figure { of: None, of_query: None, of_unit: None, ..*whole })
}

/// `41 of 250`
pub(super) fn part(figure: &Figure) -> Inline {
    match figure.of {
        Some(of) => said_as(figure, &say("n-of").num("n", figure.value).num("of", of)),
        None => number(figure),
    }
}

/// `41`
pub(super) fn number(figure: &Figure) -> Inline {
    Inline::figure(figure, figure.value.to_string())
}

/// A figure in the words of a message.
pub(super) fn said_as(figure: &Figure, message: &Message) -> Inline {
    Inline::figure(figure, message.to_string())
}

/// `22 November 2026, 14:05`
pub(super) fn date(clock: &Clock, at: Timestamp) -> Inline {
    Inline::Date { text: clock.full(at), iso: clock.machine(at) }
}

/// `5 January 2027`
pub(super) fn day(on: domain::Date) -> Inline {
    Inline::Date { text: in_words(on), iso: on.to_string() }
}

/// `Duty 3`
pub(super) fn duty(number: domain::DutyNumber) -> Inline {
    refer(&say("duty-n").num("n", number.get()), Target::Duty(number.get()))
}

/// `14:05`
pub(super) fn time(clock: &Clock, at: Timestamp) -> Inline {
    Inline::Date { text: clock.time(at), iso: clock.machine(at) }
}

/// Several lines one after the other, in one paragraph.
pub(super) fn sentences(parts: impl IntoIterator<Item = Runs>) -> Runs {
    joined(parts, " ")
}

/// Short facts in a row.
pub(super) fn dotted(parts: impl IntoIterator<Item = Runs>) -> Runs {
    joined(parts, " · ")
}

pub(super) fn joined(parts: impl IntoIterator<Item = Runs>, between: &str) -> Runs {
    let mut all = Runs::new();
    for part in parts.into_iter().filter(|part| !part.is_empty()) {
        if !all.is_empty() {
            all.push(text(between));
        }
        all.extend(part);
    }
    all
}
