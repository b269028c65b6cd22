//! The draft evidence summary: the board's paper, as far as the record allows it today.
//!
//! A pure function of the views and of the words that may be shown; two people get the same paper from the same
//! position. Every number in it is a [`Figure`], every sentence of a participant is a [`Quote`] with its position.
//! Nobody is put into an opinion group: what people at home agreed about is told by single contributions.

mod agreement;
pub(crate) mod contrary;
mod duty;
mod evidence;
mod finding;
mod indicators;
mod method;
mod movement;

use std::collections::BTreeSet;

use domain::{RoundNumber, TableNumber, Timestamp};
use serde::Serialize;

use crate::figure::{Figure, Of, Query, Side, Unit};
use crate::members::{self, Represented};
use crate::prose::{self, Piece};
use crate::quotes::asks;
pub use crate::quotes::{OpenWords, Quote, quotes_beside};
use crate::ranking;
use crate::views::{Change, Views};
pub use agreement::{Agreement, Judged};
pub use contrary::{Backing, Contrary, Disputed, How};
pub use duty::{Duties, DutyTheme, OwedReply, duties};
pub use evidence::{Evidence, Shown};
pub use finding::{Finding, quoted};
pub use indicators::{AuditOf, Hint, Indicators, LargestLink, THRESHOLDS, Thresholds, Untold, Without};
pub use method::{Engine, Method, Remainder, may_be_final};
pub use movement::{FirstHeard, InRound, Jumped, Movement, PollOption, PollPart};

/// Names the shape of the JSON form; a changed shape gets a new number.
pub const FORMAT: &str = "plenary-evidence-summary/v3";

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EvidenceSummary {
    pub format: &'static str,
    pub status: &'static str,
    /// The position of the record that everything here was counted at.
    pub position: u64,
    /// When the event at that position was recorded, in milliseconds since 1970.
    pub as_of: Option<Timestamp>,
    pub title: String,
    pub purpose: String,
    pub board: String,
    pub time_zone: String,
    /// What an editor wrote for the paper to open with.
    pub opening: Vec<Piece>,
    pub questions: Vec<QuestionPart>,
    pub took_part: TookPart,
    /// By which rule the findings are ordered: see [`ranking`].
    pub ranked_by: &'static str,
    pub findings: Vec<Finding>,
    /// From where on an indicator of a finding is worth a look.
    pub thresholds: Thresholds,
    pub agreement: Agreement,
    pub polls: Vec<PollPart>,
    pub changes: Vec<Change>,
    pub asks: Vec<Quote>,
    pub method: Method,
    pub duties: Option<Duties>,
    /// Every contribution, so that each figure can be counted again from this document alone.
    pub evidence: Vec<Evidence>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QuestionPart {
    pub round: RoundNumber,
    pub title: String,
    pub question: String,
    pub version: u16,
    pub opened_at: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
    pub contributions: Figure,
    pub tables: Figure,
    pub remote_voices: Figure,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TookPart {
    /// Tables at which something was said, of those that people were seated at.
    pub tables: Figure,
    /// Seats at all tables; 0 where nobody has counted.
    pub seats: Figure,
    pub remote_voices: Figure,
    pub other_voices: Figure,
    pub contributions: Figure,
    pub room_contributions: Figure,
    pub remote_contributions: Figure,
    pub other_contributions: Figure,
    /// Tables that were seated and from which nothing was recorded.
    pub silent_tables: Vec<TableNumber>,
    /// Who took part compared with everybody whom it is about, where somebody has counted that.
    pub represented: Option<Represented>,
}

pub fn summary(views: &Views, words: &OpenWords<'_>) -> EvidenceSummary {
    let about = views.frame.about.as_ref();
    let (findings, told) = finding::findings(views, words);
    let text = |part: Option<String>| part.unwrap_or_default();
    EvidenceSummary {
        format: FORMAT,
        status: "draft",
        position: views.position,
        as_of: views.frame.last_at,
        title: text(about.map(|about| about.title.to_string())),
        purpose: text(about.map(|about| about.purpose.to_string())),
        board: text(about.map(|about| about.board.to_string())),
        time_zone: text(about.map(|about| about.time_zone.to_string())),
        opening: prose::of_opening(views),
        questions: questions(views),
        took_part: took_part(views),
        ranked_by: ranking::RULE,
        asks: asks(views, words, &told),
        findings,
        thresholds: THRESHOLDS,
        agreement: agreement::agreement(views, words),
        polls: movement::polls(views),
        changes: views.frame.changes.clone(),
        method: method::method(views),
        duties: duties(views),
        evidence: evidence::all(views, words),
    }
}

fn questions(views: &Views) -> Vec<QuestionPart> {
    let all = Query::default();
    let (said, seated) =
        (Of::count(views, all, Unit::Contributions), Of::count(views, all, Unit::SeatedTables));
    let voices = Of::count(views, all.on(Side::Remote), Unit::Voices);
    let part = |(round, asked): (&RoundNumber, &crate::views::Round)| {
        let query = all.in_round(Some(*round));
        QuestionPart {
            round: *round,
            title: asked.title.to_string(),
            question: asked.question.to_string(),
            version: asked.version,
            opened_at: asked.opened_at,
            closed_at: asked.closed_at,
            contributions: query.figure(views, Unit::Contributions, Some(&said)),
            tables: query.figure(views, Unit::Tables, Some(&seated)),
            remote_voices: query.on(Side::Remote).figure(views, Unit::Voices, Some(&voices)),
        }
    };
    views.frame.rounds.iter().map(part).collect()
}

fn took_part(views: &Views) -> TookPart {
    let all = Query::default();
    let heard: BTreeSet<_> = views.entries.values().filter_map(|entry| entry.table).collect();
    let (said, seated) =
        (Of::count(views, all, Unit::Contributions), Of::count(views, all, Unit::SeatedTables));
    let on = |side| all.on(side).figure(views, Unit::Contributions, Some(&said));
    TookPart {
        tables: all.figure(views, Unit::Tables, Some(&seated)),
        seats: all.figure(views, Unit::Seats, None),
        remote_voices: all.on(Side::Remote).figure(views, Unit::Voices, None),
        other_voices: all.on(Side::Other).figure(views, Unit::Voices, None),
        contributions: all.figure(views, Unit::Contributions, None),
        room_contributions: on(Side::Room),
        remote_contributions: on(Side::Remote),
        other_contributions: on(Side::Other),
        silent_tables: views.seated().filter(|table| !heard.contains(table)).collect(),
        represented: members::represented(views),
    }
}
