//! Live theme tallies and coverage: what the hall, the remote page and the theme desk show.

use std::collections::BTreeMap;

use domain::{Channel, RoundNumber, TableNumber, ThemeId};
use serde::Serialize;

use crate::figure::{Query, Side, State, Unit, count};
use crate::views::{Entry, Views};
use event_log::Position;

/// How much of what was said has been read. `themed + set_aside + residue + unread = contributions`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Coverage {
    pub contributions: u64,
    /// Read by a person: everything but the unread.
    pub read: u64,
    /// In at least one theme.
    pub themed: u64,
    /// Deliberately in no theme, with a reason.
    pub set_aside: u64,
    /// Read, in no theme, and not set aside.
    pub residue: u64,
    pub unread: u64,
    pub held: u64,
    pub withdrawn: u64,
    pub erased: u64,
}

pub fn coverage(views: &Views, round: Option<RoundNumber>) -> Coverage {
    let of = |state| Query::state(state).in_round(round).count(views, Unit::Contributions);
    Coverage {
        contributions: Query::default().in_round(round).count(views, Unit::Contributions),
        read: of(State::Read),
        themed: of(State::Themed),
        set_aside: of(State::SetAside),
        residue: of(State::Residue),
        unread: of(State::Unread),
        held: of(State::Held),
        withdrawn: of(State::Withdrawn),
        erased: of(State::Erased),
    }
}

/// The numbers that a theme's are "of".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Whole {
    pub contributions: u64,
    /// Tables that were seated.
    pub tables: u64,
    /// Tables that have said anything.
    pub tables_heard: u64,
    /// Distinct remote voices that have said anything; a voice counts once for each question.
    pub remote_voices: u64,
    pub other_contributions: u64,
}

/// One theme's counts. Room counts are tables, remote counts are voices; nothing here adds the two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ThemeTally {
    pub theme: ThemeId,
    pub name: String,
    pub definition: Option<String>,
    pub contributions: u64,
    /// Distinct voices, whatever the channel; tables have no voice of their own.
    pub voices: u64,
    /// Tables at which it was heard, of [`Whole::tables`].
    pub tables: u64,
    /// The facilitators' tap counts: the largest at each table, added over tables.
    pub heard_from: u64,
    pub room_contributions: u64,
    /// Distinct remote voices, of [`Whole::remote_voices`].
    pub remote_voices: u64,
    pub remote_contributions: u64,
    pub other_contributions: u64,
    /// How many of the contributions were withdrawn since; they stay counted.
    pub withdrawn: u64,
    /// How many had their words erased since; they stay counted.
    pub erased: u64,
    /// Contributions by channel.
    pub by_channel: BTreeMap<&'static str, u64>,
    /// Contributions by table.
    pub by_table: BTreeMap<TableNumber, u64>,
    /// Contributions by round.
    pub by_round: BTreeMap<RoundNumber, u64>,
    /// Contributions by minute in which they were said: milliseconds since 1970 at its start, and how many.
    pub over_time: Vec<(u64, u64)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Tallies {
    pub position: u64,
    /// The round that is counted; `None` is all of them.
    pub round: Option<RoundNumber>,
    pub of: Whole,
    /// Most contributions first, then by name.
    pub themes: Vec<ThemeTally>,
    pub coverage: Coverage,
}

pub fn tallies(views: &Views, round: Option<RoundNumber>) -> Tallies {
    let mut themes: Vec<_> = views.live_themes().into_iter().map(|(id, _)| tally(views, id, round)).collect();
    themes.sort_by(|a, b| b.contributions.cmp(&a.contributions).then_with(|| a.name.cmp(&b.name)));
    Tallies {
        position: views.position,
        round,
        of: whole(views, round),
        themes,
        coverage: coverage(views, round),
    }
}

pub fn whole(views: &Views, round: Option<RoundNumber>) -> Whole {
    let all = Query::default().in_round(round);
    Whole {
        contributions: all.count(views, Unit::Contributions),
        tables: views.tables(),
        tables_heard: all.count(views, Unit::Tables),
        remote_voices: all.on(Side::Remote).count(views, Unit::Voices),
        other_contributions: all.on(Side::Other).count(views, Unit::Contributions),
    }
}

fn tally(views: &Views, theme: ThemeId, round: Option<RoundNumber>) -> ThemeTally {
    let selected = Query::theme(theme).in_round(round).select(views);
    let on = |side| -> Vec<(Position, &Entry)> {
        selected.iter().copied().filter(|(_, entry)| Side::of(entry.channel) == side).collect()
    };
    let (room, remote) = (on(Side::Room), on(Side::Remote));
    let since = |state: State| selected.iter().filter(|(_, entry)| state.holds(entry)).count() as u64;
    let known = views.frame.themes.get(&theme);
    ThemeTally {
        theme,
        name: known.map(|theme| theme.name.to_string()).unwrap_or_default(),
        definition: known.and_then(|theme| theme.definition.as_ref()).map(ToString::to_string),
        contributions: count(&selected, Unit::Contributions),
        voices: count(&selected, Unit::Voices),
        tables: count(&selected, Unit::Tables),
        heard_from: count(&selected, Unit::HeardFrom),
        room_contributions: count(&room, Unit::Contributions),
        remote_voices: count(&remote, Unit::Voices),
        remote_contributions: count(&remote, Unit::Contributions),
        other_contributions: on(Side::Other).len() as u64,
        withdrawn: since(State::Withdrawn),
        erased: since(State::Erased),
        by_channel: by_channel(&selected),
        by_table: grouped(selected.iter().filter_map(|(_, entry)| entry.table)),
        by_round: grouped(selected.iter().map(|(_, entry)| entry.round)),
        over_time: grouped(selected.iter().map(|(_, entry)| entry.when().minute() * 60_000))
            .into_iter()
            .collect(),
    }
}

fn by_channel(selected: &[(Position, &Entry)]) -> BTreeMap<&'static str, u64> {
    let none: BTreeMap<_, _> = Channel::ALL.into_iter().map(|channel| (channel.as_str(), 0)).collect();
    selected.iter().fold(none, |mut counts, (_, entry)| {
        *counts.entry(entry.channel.as_str()).or_default() += 1;
        counts
    })
}

fn grouped<K: Ord>(keys: impl Iterator<Item = K>) -> BTreeMap<K, u64> {
    keys.fold(BTreeMap::new(), |mut counts, key| {
        *counts.entry(key).or_default() += 1;
        counts
    })
}
