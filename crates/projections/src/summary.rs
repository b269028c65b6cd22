//! The draft evidence summary: the board's paper, as far as the record allows it today.
//!
//! A pure function of the views and of the words that may be shown; two people get the same paper from the same
//! position. Every number in it is a [`Figure`], every sentence of a participant is a [`Quote`] with its position.
//! Opinion groups and the board's replies have no events yet, so their parts are absent rather than empty.

use std::collections::{BTreeMap, BTreeSet};

use domain::{DutyRule, Form, Kind, RoundNumber, TableNumber, ThemeId, Timestamp};
use serde::Serialize;

use crate::figure::{Figure, Query, Side, State, Unit, reason_of, reasons_of};
pub use crate::quotes::{OpenWords, Quote, quotes_beside};
use crate::quotes::{asks, voices_of};
use crate::tally::{Whole, whole};
use crate::views::{Attention, Change, Entry, Standing, Views};
use event_log::Position;

/// Names the shape of the JSON form; a changed shape gets a new number.
pub const FORMAT: &str = "plenary-evidence-summary/v1";

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
    pub questions: Vec<QuestionPart>,
    pub took_part: TookPart,
    /// Most contributions first.
    pub findings: Vec<Finding>,
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
    pub contributions: Figure,
    pub tables: Figure,
    /// Seats at all tables; 0 where nobody has counted.
    pub seats: u64,
    pub remote_voices: Figure,
    pub other_contributions: Figure,
    pub other_voices: Figure,
    /// Tables that were seated and from which nothing was recorded.
    pub silent_tables: Vec<TableNumber>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    pub rank: usize,
    pub theme: ThemeId,
    pub name: String,
    pub definition: Option<String>,
    pub contributions: Figure,
    pub tables: Figure,
    pub heard_from: Figure,
    pub remote_voices: Figure,
    pub other: Figure,
    pub withdrawn: Figure,
    pub erased: Figure,
    pub by_round: Vec<(RoundNumber, Figure)>,
    pub quotes: Vec<Quote>,
    /// A concern that was raised within the theme, so that a finding never stands without its other side where
    /// there is one.
    pub concern: Option<Quote>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Method {
    pub read: Figure,
    pub themed: Figure,
    pub set_aside: Figure,
    pub residue: Figure,
    pub unread: Figure,
    pub corrected: Figure,
    pub withdrawn: Figure,
    pub erased: Figure,
    pub held: Figure,
    pub held_by_reason: BTreeMap<String, Figure>,
    pub set_aside_by_reason: BTreeMap<String, Figure>,
    pub read_back: Figure,
    pub verbatim: Figure,
    pub themes: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Duties {
    pub rule: DutyRule,
    /// The themes that meet the rule at this position, by name.
    pub themes: Vec<DutyTheme>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DutyTheme {
    pub theme: ThemeId,
    pub name: String,
    pub tables: Figure,
    /// Of the round in which it had most.
    pub remote_voices: Figure,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evidence {
    pub position: u64,
    pub when: Timestamp,
    pub round: RoundNumber,
    pub channel: &'static str,
    pub side: &'static str,
    pub table: Option<TableNumber>,
    /// The voice's tag within its question.
    pub voice: Option<String>,
    pub kind: Kind,
    pub form: Form,
    pub heard_from: Option<u16>,
    pub read_back: bool,
    pub corrections: u16,
    pub themes: BTreeSet<ThemeId>,
    pub state: &'static str,
    /// Why it is held back or was set aside; a figure's `reason=` is the first eight bytes of such a text's SHA-256.
    pub reasons: Vec<String>,
    /// Absent where they may not be shown; `shown` says why.
    pub words: Option<String>,
    pub shown: Shown,
}

/// Whether a contribution's words stand in the paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shown {
    Words,
    Unread,
    Held,
    Withdrawn,
    Erased,
    /// Read by the theme team and put in no theme, on a paper that everybody sees.
    SetAside,
    NoWords,
}

pub fn summary(views: &Views, words: &OpenWords<'_>) -> EvidenceSummary {
    let about = views.frame.about.as_ref();
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
        questions: questions(views),
        took_part: took_part(views),
        findings: findings(views, words),
        changes: views.frame.changes.clone(),
        asks: asks(views, words),
        method: method(views),
        duties: duties(views),
        evidence: views.entries.iter().map(|(at, entry)| evidence(*at, entry, words)).collect(),
    }
}

fn questions(views: &Views) -> Vec<QuestionPart> {
    let part = |(round, asked): (&RoundNumber, &crate::views::Round)| {
        let query = Query::default().in_round(Some(*round));
        QuestionPart {
            round: *round,
            title: asked.title.to_string(),
            question: asked.question.to_string(),
            version: asked.version,
            opened_at: asked.opened_at,
            closed_at: asked.closed_at,
            contributions: query.figure(views, Unit::Contributions, None),
            tables: query.figure(views, Unit::Tables, Some(views.tables())),
            remote_voices: query.on(Side::Remote).figure(views, Unit::Voices, None),
        }
    };
    views.frame.rounds.iter().map(part).collect()
}

fn took_part(views: &Views) -> TookPart {
    let all = Query::default();
    let heard: BTreeSet<_> = views.entries.values().filter_map(|entry| entry.table).collect();
    TookPart {
        contributions: all.figure(views, Unit::Contributions, None),
        tables: all.figure(views, Unit::Tables, Some(views.tables())),
        seats: views.seats(),
        remote_voices: all.on(Side::Remote).figure(views, Unit::Voices, None),
        other_contributions: all.on(Side::Other).figure(views, Unit::Contributions, None),
        other_voices: all.on(Side::Other).figure(views, Unit::Voices, None),
        silent_tables: views.seated().filter(|table| !heard.contains(table)).collect(),
    }
}

fn findings(views: &Views, words: &OpenWords<'_>) -> Vec<Finding> {
    let (of, mut used) = (Wholes::of(views), BTreeSet::new());
    let found = ranked(views).into_iter().enumerate().map(|(index, theme)| {
        finding(views, &of, (index + 1, theme), voices_of(views, words, theme, &mut used))
    });
    found.filter(|finding| finding.contributions.value > 0).collect()
}

/// The themes in use, the one with most contributions first.
fn ranked(views: &Views) -> Vec<ThemeId> {
    let mut themes = views.live_themes();
    themes.sort_by_key(|(id, _)| std::cmp::Reverse(Query::theme(*id).count(views, Unit::Contributions)));
    themes.into_iter().map(|(id, _)| id).collect()
}

/// The positions of the contributions whose words stand in the paper as it would be drawn now.
pub fn quoted(views: &Views, words: &OpenWords<'_>) -> BTreeSet<u64> {
    let mut used = BTreeSet::new();
    for theme in ranked(views) {
        voices_of(views, words, theme, &mut used);
    }
    used.extend(asks(views, words).iter().map(|quote| quote.position));
    used
}

/// What the figures of every finding are "of".
struct Wholes {
    all: Whole,
    by_round: BTreeMap<RoundNumber, u64>,
}

impl Wholes {
    fn of(views: &Views) -> Self {
        let in_round = |round: &RoundNumber| {
            (*round, Query::default().in_round(Some(*round)).count(views, Unit::Contributions))
        };
        Self { all: whole(views, None), by_round: views.frame.rounds.keys().map(in_round).collect() }
    }
}

fn finding(
    views: &Views,
    of: &Wholes,
    (rank, theme): (usize, ThemeId),
    (quotes, concern): (Vec<Quote>, Option<Quote>),
) -> Finding {
    let query = Query::theme(theme);
    let known = views.frame.themes.get(&theme);
    let in_round = |(round, whole): (&RoundNumber, &u64)| {
        (*round, query.in_round(Some(*round)).figure(views, Unit::Contributions, Some(*whole)))
    };
    let all = &of.all;
    Finding {
        rank,
        theme,
        name: known.map(|theme| theme.name.to_string()).unwrap_or_default(),
        definition: known.and_then(|theme| theme.definition.as_ref()).map(ToString::to_string),
        contributions: query.figure(views, Unit::Contributions, Some(all.contributions)),
        tables: query.figure(views, Unit::Tables, Some(all.tables)),
        heard_from: query.figure(views, Unit::HeardFrom, None),
        remote_voices: query.on(Side::Remote).figure(views, Unit::Voices, Some(all.remote_voices)),
        other: query.on(Side::Other).figure(views, Unit::Contributions, Some(all.other_contributions)),
        withdrawn: query.in_state(State::Withdrawn).figure(views, Unit::Contributions, None),
        erased: query.in_state(State::Erased).figure(views, Unit::Contributions, None),
        by_round: of.by_round.iter().map(in_round).collect(),
        quotes,
        concern,
    }
}

fn method(views: &Views) -> Method {
    let all = Some(views.entries.len() as u64);
    let of = |state| Query::state(state).figure(views, Unit::Contributions, all);
    Method {
        read: of(State::Read),
        themed: of(State::Themed),
        set_aside: of(State::SetAside),
        residue: of(State::Residue),
        unread: of(State::Unread),
        corrected: of(State::Corrected),
        withdrawn: of(State::Withdrawn),
        erased: of(State::Erased),
        held: of(State::Held),
        held_by_reason: by_reason(views, State::Held),
        set_aside_by_reason: by_reason(views, State::SetAside),
        read_back: of(State::ReadBack),
        verbatim: of(State::Verbatim),
        themes: views.live_themes().len() as u64,
    }
}

/// The contributions in a state, by the reason that was given for it.
fn by_reason(views: &Views, state: State) -> BTreeMap<String, Figure> {
    let selected = Query::state(state).select(views);
    let reasons: BTreeSet<_> =
        selected.into_iter().filter_map(|(_, entry)| reason_of(entry, state)).collect();
    let figure = |reason: &str| Query::state(state).because(reason).figure(views, Unit::Contributions, None);
    reasons.into_iter().map(|reason| (reason.to_owned(), figure(reason))).collect()
}

/// Which themes the board owes a reply to, where a rule was fixed beforehand.
pub fn duties(views: &Views) -> Option<Duties> {
    let rule = views.frame.duty_rule.clone()?;
    let themes = views.live_themes().into_iter().map(|(id, theme)| DutyTheme {
        theme: id,
        name: theme.name.to_string(),
        tables: Query::theme(id).figure(views, Unit::Tables, None),
        remote_voices: most_voices(views, id),
    });
    let met = themes.filter(|theme| {
        let tables = u16::try_from(theme.tables.value).unwrap_or(u16::MAX);
        rule.is_met(tables, u32::try_from(theme.remote_voices.value).unwrap_or(u32::MAX))
    });
    Some(Duties { themes: met.collect(), rule })
}

/// The remote voices of the round in which a theme had most. Voices of different rounds may be the same people, so
/// adding them up could owe a reply to fewer people than the rule asks for.
fn most_voices(views: &Views, theme: ThemeId) -> Figure {
    let query = Query::theme(theme).on(Side::Remote);
    let rounds = views.frame.rounds.keys().map(|round| query.in_round(Some(*round)));
    let figures = rounds.map(|query| query.figure(views, Unit::Voices, None));
    let none = query.figure(views, Unit::Voices, None);
    figures.max_by_key(|figure| figure.value).unwrap_or(none)
}

fn evidence(position: Position, entry: &Entry, words: &OpenWords<'_>) -> Evidence {
    let (words, shown) = shown(entry, words);
    Evidence {
        position: position.get(),
        when: entry.when(),
        round: entry.round,
        channel: entry.channel.as_str(),
        side: Side::of(entry.channel).as_str(),
        table: entry.table,
        voice: entry.voice.map(String::from),
        kind: entry.kind,
        form: entry.form,
        heard_from: entry.heard_from,
        read_back: entry.read_back,
        corrections: entry.corrections,
        themes: entry.coded.themes.clone(),
        state: state(entry),
        reasons: reasons_of(entry).map(str::to_owned).collect(),
        words,
        shown,
    }
}

fn state(entry: &Entry) -> &'static str {
    match (&entry.attention, entry.coded.themes.is_empty()) {
        (_, false) => State::Themed.as_str(),
        (Attention::SetAside(_), true) => State::SetAside.as_str(),
        (Attention::Read, true) => State::Residue.as_str(),
        (Attention::Unread, true) => State::Unread.as_str(),
    }
}

fn shown(entry: &Entry, words: &OpenWords<'_>) -> (Option<String>, Shown) {
    match (entry.standing, &entry.attention, entry.words_at) {
        (Standing::Withdrawn, ..) => (None, Shown::Withdrawn),
        (Standing::Erased, ..) => (None, Shown::Erased),
        (Standing::Held(_), ..) => (None, Shown::Held),
        (_, _, None) => (None, Shown::NoWords),
        (_, Attention::Unread, _) => (None, Shown::Unread),
        (_, attention, Some(at)) => match (words(at), attention) {
            (Some(words), _) => (Some(words), Shown::Words),
            (None, Attention::SetAside(_)) => (None, Shown::SetAside),
            (None, _) => (None, Shown::Erased),
        },
    }
}
