//! The findings: one theme each, in the order of the [`crate::ranking`].

use std::collections::{BTreeMap, BTreeSet};

use domain::{Label, RoundNumber, ThemeId};
use serde::Serialize;

use crate::figure::{Figure, Of, Query, Side, State, Unit};
use crate::prose::{self, Piece};
use crate::quotes::{OpenWords, Quote, Told, asks, voices_of};
use crate::ranking;
use crate::summary::agreement::agreement;
use crate::summary::contrary::{Contrary, Disputed, disputed};
use crate::summary::indicators::{Indicators, Shared};
use crate::summary::movement::{self, Movement};
use crate::views::Views;

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// Its place by [`ranking::RULE`], from 1.
    pub rank: usize,
    pub theme: ThemeId,
    pub name: String,
    pub definition: Option<String>,
    /// What an editor wrote about it.
    pub prose: Vec<Piece>,
    /// The language model that drafted this prose, for a person to sign off. The record says so, and the open data nothing more.
    #[serde(skip)]
    pub drafted: Option<Label>,
    pub tables: Figure,
    pub heard_from: Figure,
    pub remote_voices: Figure,
    pub other_voices: Figure,
    pub contributions: Figure,
    pub room: Figure,
    pub remote: Figure,
    pub other: Figure,
    pub withdrawn: Figure,
    pub erased: Figure,
    pub by_round: Vec<(RoundNumber, Figure)>,
    pub quotes: Vec<Quote>,
    pub contrary: Contrary,
    pub disputed: Option<Disputed>,
    pub movement: Movement,
    pub indicators: Indicators,
}

/// The findings, and what is quoted in them.
pub(super) fn findings(views: &Views, words: &OpenWords<'_>) -> (Vec<Finding>, Told) {
    let (of, mut told, mut shared) = (Wholes::of(views), Told::default(), Shared::of(views));
    let themes = ranking::ranked(views, &Query::default()).into_iter().enumerate();
    let is_empty = |theme: &ThemeId| views.of_theme(*theme).next().is_none();
    let found = themes.filter(|(_, theme)| !is_empty(theme)).map(|(index, theme)| {
        let quoted = voices_of(views, words, theme, &mut told);
        finding(views, &of, (index + 1, theme), quoted, shared.indicators(theme))
    });
    (found.collect(), told)
}

/// The positions of the contributions whose words stand in the paper as it would be drawn now.
pub fn quoted(views: &Views, words: &OpenWords<'_>) -> BTreeSet<u64> {
    let mut told = Told::default();
    for theme in ranking::ranked(views, &Query::default()) {
        voices_of(views, words, theme, &mut told);
    }
    let asked = asks(views, words, &told);
    let judged = agreement(views, words);
    let judged = judged.united.iter().chain(&judged.divided).map(|one| one.quote.position);
    let asked = asked.iter().map(|quote| quote.position);
    told.used.iter().map(|position| position.get()).chain(asked).chain(judged).collect()
}

/// What the figures of every finding are "of".
struct Wholes {
    tables: Of,
    remote_voices: Of,
    other_voices: Of,
    contributions: Of,
    on: [(Side, Of); 3],
    by_round: BTreeMap<RoundNumber, Of>,
    moved: Vec<(RoundNumber, Of, Of)>,
}

impl Wholes {
    fn of(views: &Views) -> Self {
        let all = Query::default();
        let said = |query| Of::count(views, query, Unit::Contributions);
        let rounds = views.frame.rounds.keys();
        Self {
            tables: Of::count(views, all, Unit::SeatedTables),
            remote_voices: Of::count(views, all.on(Side::Remote), Unit::Voices),
            other_voices: Of::count(views, all.on(Side::Other), Unit::Voices),
            contributions: said(all),
            on: Side::ALL.map(|side| (side, said(all.on(side)))),
            by_round: rounds.map(|round| (*round, said(all.in_round(Some(*round))))).collect(),
            moved: movement::wholes(views),
        }
    }

    fn on(&self, side: Side) -> Option<&Of> {
        self.on.iter().find(|(one, _)| *one == side).map(|(_, of)| of)
    }
}

fn finding(
    views: &Views,
    of: &Wholes,
    (rank, theme): (usize, ThemeId),
    (quotes, contrary): (Vec<Quote>, Contrary),
    indicators: Indicators,
) -> Finding {
    let query = Query::theme(theme);
    let known = views.frame.themes.get(&theme);
    let in_round = |(round, whole): (&RoundNumber, &Of)| {
        (*round, query.in_round(Some(*round)).figure(views, Unit::Contributions, Some(whole)))
    };
    let contributions = query.figure(views, Unit::Contributions, Some(&of.contributions));
    let within = Of { value: contributions.value, query, unit: Unit::Contributions };
    let since = |state| query.in_state(state).figure(views, Unit::Contributions, Some(&within));
    let on = |side| query.on(side).figure(views, Unit::Contributions, of.on(side));
    Finding {
        rank,
        theme,
        name: known.map(|theme| theme.name.to_string()).unwrap_or_default(),
        definition: known.and_then(|theme| theme.definition.as_ref()).map(ToString::to_string),
        prose: prose::of_theme(views, theme),
        drafted: views.frame.ledger.drafted.get(&theme).cloned(),
        tables: query.figure(views, Unit::Tables, Some(&of.tables)),
        heard_from: query.figure(views, Unit::HeardFrom, None),
        remote_voices: query.on(Side::Remote).figure(views, Unit::Voices, Some(&of.remote_voices)),
        other_voices: query.on(Side::Other).figure(views, Unit::Voices, Some(&of.other_voices)),
        contributions,
        room: on(Side::Room),
        remote: on(Side::Remote),
        other: on(Side::Other),
        withdrawn: since(State::Withdrawn),
        erased: since(State::Erased),
        by_round: of.by_round.iter().map(in_round).collect(),
        quotes,
        contrary,
        disputed: disputed(views, theme),
        movement: movement::movement(views, theme, &of.moved),
        indicators,
    }
}
