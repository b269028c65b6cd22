//! What is counted, and how.

use std::collections::{BTreeMap, BTreeSet};

use domain::Channel;
use event_log::Position;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use themes::honest;

use super::{Query, Side};
use crate::marks::Reactions;
use crate::members;
use crate::polls::{OptionTally, poll_tally};
use crate::ranking;
use crate::views::{Entry, Views};

/// The voices that are taken together as the loudest.
const LOUDEST: usize = 5;
const SECOND_MS: u64 = 1_000;
/// A chance is told as so many of these.
pub const CHANCE_PARTS: u64 = 10_000;

/// What is counted: the name of the figure's query.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    #[default]
    Contributions,
    /// Tables at which it was said: a table counts once.
    Tables,
    /// Distinct voices: a voice counts once for each question.
    Voices,
    /// The facilitators' tap counts: for each table the largest one.
    HeardFrom,
    /// Distinct links through which it came in.
    Links,
    /// Contributions of the voice that has most of them.
    LargestVoice,
    /// Contributions of the five voices that have most of them.
    LargestVoices,
    /// Contributions through the link that has most of them.
    LargestLink,
    /// The largest group of near copies.
    LargestFamily,
    /// Contributions in the minute that has most of them, of those of which the time is known.
    BusiestMinute,
    /// Contributions in the minute in the middle, of the minutes that have any; the lower one of two.
    MedianMinute,
    /// How likely a minute as busy as the busiest would be if the query's theme had come up at the times of everything else
    /// that the query asks for: in ten-thousandths, at most.
    BurstChance,
    /// Contributions that were made less than a second after another one.
    WithinASecond,
    /// Reactions from home.
    Reactions,
    Agree,
    Disagree,
    Pass,
    /// Tables that people were seated at, whatever the query.
    SeatedTables,
    /// Seats at those tables; 0 where nobody has counted.
    Seats,
    /// Themes in use, whatever the query.
    Themes,
    /// The place of the query's theme among all themes, each counted by the rest of the query.
    Rank,
    /// Those who have voted in a poll, on one side.
    Ballots,
    /// Votes for an option of a poll, on one side; in an order of preference, points.
    Votes,
    /// How many put the option first, in an order of preference.
    FirstChoices,
    /// People who were invited to take part.
    Invited,
    /// Those who did.
    Members,
    /// Members who said which of the attribute's groups they are of.
    Declared,
    /// Members of the attribute's groups whose own counts are hidden, together.
    HiddenMembers,
    /// People whom the assembly is about.
    Population,
    /// The group's share of the members, in hundredths, rounded half up.
    Share,
    /// The group's share of the population, likewise.
    PopulationShare,
    /// Hundredths by which the group's share of the members is larger than its share of the population.
    PointsOver,
    /// By which it is smaller.
    PointsUnder,
}

impl Unit {
    pub const ALL: [Unit; 33] = [
        Unit::Contributions,
        Unit::Tables,
        Unit::Voices,
        Unit::HeardFrom,
        Unit::Links,
        Unit::LargestVoice,
        Unit::LargestVoices,
        Unit::LargestLink,
        Unit::LargestFamily,
        Unit::BusiestMinute,
        Unit::MedianMinute,
        Unit::BurstChance,
        Unit::WithinASecond,
        Unit::Reactions,
        Unit::Agree,
        Unit::Disagree,
        Unit::Pass,
        Unit::SeatedTables,
        Unit::Seats,
        Unit::Themes,
        Unit::Rank,
        Unit::Ballots,
        Unit::Votes,
        Unit::FirstChoices,
        Unit::Invited,
        Unit::Members,
        Unit::Declared,
        Unit::HiddenMembers,
        Unit::Population,
        Unit::Share,
        Unit::PopulationShare,
        Unit::PointsOver,
        Unit::PointsUnder,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Unit::Contributions => "contributions",
            Unit::Tables => "tables",
            Unit::Voices => "voices",
            Unit::HeardFrom => "heard-from",
            Unit::Links => "links",
            Unit::LargestVoice => "largest-voice",
            Unit::LargestVoices => "largest-voices",
            Unit::LargestLink => "largest-link",
            Unit::LargestFamily => "largest-family",
            Unit::BusiestMinute => "busiest-minute",
            Unit::MedianMinute => "median-minute",
            Unit::BurstChance => "burst-chance",
            Unit::WithinASecond => "within-a-second",
            Unit::Reactions => "reactions",
            Unit::Agree => "agree",
            Unit::Disagree => "disagree",
            Unit::Pass => "pass",
            Unit::SeatedTables => "seated-tables",
            Unit::Seats => "seats",
            Unit::Themes => "themes",
            Unit::Rank => "rank",
            Unit::Ballots => "ballots",
            Unit::Votes => "votes",
            Unit::FirstChoices => "first-choices",
            Unit::Invited => "invited",
            Unit::Members => "members",
            Unit::Declared => "declared",
            Unit::HiddenMembers => "hidden-members",
            Unit::Population => "population",
            Unit::Share => "share",
            Unit::PopulationShare => "population-share",
            Unit::PointsOver => "points-over",
            Unit::PointsUnder => "points-under",
        }
    }

    /// Whether it is counted by the table of members, and in no contribution.
    pub fn is_about_members(self) -> bool {
        let units = [Unit::Invited, Unit::Members, Unit::Declared, Unit::HiddenMembers];
        let there = [Unit::Population, Unit::PopulationShare];
        let shares = [Unit::Share, Unit::PointsOver, Unit::PointsUnder];
        units.into_iter().chain(there).chain(shares).any(|unit| unit == self)
    }

    pub fn named(text: &str) -> Option<Self> {
        Unit::ALL.into_iter().find(|unit| unit.as_str() == text)
    }
}

impl<'de> Deserialize<'de> for Unit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Unit::named(&name).ok_or_else(|| D::Error::custom(format!("`{name}` is no unit")))
    }
}

impl Serialize for Unit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Counts what a query asks for, in `unit`.
pub(super) fn count_in(views: &Views, query: &Query, unit: Unit) -> u64 {
    let reactions = |of: fn(&Reactions) -> u64| {
        let selected = query.select(views).into_iter();
        selected.map(|(position, _)| of(&views.marks.reactions(position))).sum()
    };
    match unit {
        Unit::SeatedTables => views.tables(),
        Unit::Seats => views.seats(),
        Unit::Themes => views.live_themes().len() as u64,
        Unit::Rank => ranking::rank(views, query),
        Unit::Ballots | Unit::Votes | Unit::FirstChoices => cast(views, query, unit).unwrap_or_default(),
        Unit::BurstChance => burst_chance(views, query),
        Unit::Reactions => reactions(Reactions::voices),
        Unit::Agree => reactions(|found| found.agree),
        Unit::Disagree => reactions(|found| found.disagree),
        Unit::Pass => reactions(|found| found.pass),
        unit if unit.is_about_members() => members::count(views, query, unit).unwrap_or_default(),
        unit => count(&query.select(views), unit),
    }
}

/// Counts a selection in `unit`; nothing where the unit is not about contributions alone.
pub fn count(selected: &[(Position, &Entry)], unit: Unit) -> u64 {
    let entries = selected.iter().map(|(_, entry)| *entry);
    let number = match unit {
        Unit::Contributions => selected.len(),
        Unit::Tables => entries.filter_map(|entry| entry.table).collect::<BTreeSet<_>>().len(),
        Unit::Voices => entries.filter_map(|entry| entry.voice).collect::<BTreeSet<_>>().len(),
        Unit::Links => entries.filter_map(|entry| entry.device).collect::<BTreeSet<_>>().len(),
        Unit::HeardFrom => return heard_from(entries),
        Unit::LargestVoice => return largest(entries.filter_map(|entry| entry.voice), 1),
        Unit::LargestVoices => return largest(entries.filter_map(|entry| entry.voice), LOUDEST),
        Unit::LargestLink => return largest(entries.filter_map(|entry| entry.device), 1),
        Unit::LargestFamily => return largest(families(selected), 1),
        Unit::BusiestMinute => return largest(minutes(entries), 1),
        Unit::MedianMinute => return median(minutes(entries)),
        Unit::WithinASecond => within_a_second(entries),
        _ => 0,
    };
    number as u64
}

/// The same people back several points at one table, so a table counts with its largest tap count.
fn heard_from<'a>(entries: impl Iterator<Item = &'a Entry>) -> u64 {
    let mut largest = BTreeMap::new();
    for entry in entries {
        if let (Some(table), Some(heard)) = (entry.table, entry.heard_from) {
            let most = largest.entry(table).or_insert(0);
            *most = heard.max(*most);
        }
    }
    largest.values().map(|heard| u64::from(*heard)).sum()
}

/// How many of them fall to one key, each key once.
fn by_key<K: Ord>(keys: impl Iterator<Item = K>) -> BTreeMap<K, u64> {
    keys.fold(BTreeMap::new(), |mut counts, key| {
        *counts.entry(key).or_default() += 1;
        counts
    })
}

/// How many fall to those `most` keys together that have most.
fn largest<K: Ord>(keys: impl Iterator<Item = K>, most: usize) -> u64 {
    let mut counts: Vec<_> = by_key(keys).into_values().collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    counts.into_iter().take(most).sum()
}

fn median<K: Ord>(keys: impl Iterator<Item = K>) -> u64 {
    let mut counts: Vec<_> = by_key(keys).into_values().collect();
    counts.sort_unstable();
    counts.get(counts.len().saturating_sub(1) / 2).copied().unwrap_or_default()
}

fn families(selected: &[(Position, &Entry)]) -> impl Iterator<Item = Position> {
    selected.iter().map(|(position, entry)| entry.alike.unwrap_or(*position))
}

/// The rows of an import come in all at once, so their times say nothing unless the source knew them.
pub(crate) fn has_a_time(entry: &Entry) -> bool {
    entry.said_at.is_some() || entry.channel != Channel::Import
}

fn minutes<'a>(entries: impl Iterator<Item = &'a Entry>) -> impl Iterator<Item = u64> {
    entries.filter(|entry| has_a_time(entry)).map(|entry| entry.when().minute())
}

/// The labels of the theme are shuffled among all that was said: in each minute that could have been as busy, the number of
/// those that fall there follows the hypergeometric law, and the chances of all minutes together are at most their sum.
fn burst_chance(views: &Views, query: &Query) -> u64 {
    let all = Query { theme: None, ..*query }.select(views);
    let rhythm = by_key(minutes(all.iter().map(|(_, entry)| *entry)));
    let theme = by_key(minutes(query.select(views).iter().map(|(_, entry)| *entry)));
    let busiest = theme.values().copied().max().unwrap_or_default();
    let small = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    let (drawn, of) = (small(theme.values().sum()), small(rhythm.values().sum()));
    let minutes = rhythm.values().filter(|said| **said >= busiest);
    let chances = minutes.map(|said| honest::chance_of_at_least(small(busiest), small(*said), drawn, of));
    let sum: u128 = chances.map(u128::from).sum();
    // What is under one part is told as one: a chance is never none.
    let parts = ((sum * u128::from(CHANCE_PARTS)) >> honest::CHANCE_BITS) + 1;
    u64::try_from(parts).unwrap_or(u64::MAX).min(CHANCE_PARTS)
}

fn within_a_second<'a>(entries: impl Iterator<Item = &'a Entry>) -> usize {
    let times = entries.filter(|entry| has_a_time(entry)).map(|entry| entry.when().millis());
    let mut times: Vec<_> = times.collect();
    times.sort_unstable();
    times.windows(2).filter(|pair| pair[1] - pair[0] < SECOND_MS).count()
}

/// What was cast in the query's poll, on its side.
fn cast(views: &Views, query: &Query, unit: Unit) -> Option<u64> {
    let (tally, side) = (poll_tally(views, query.poll?)?, query.side?);
    let option = || tally.options.iter().find(|option| Some(option.number) == query.option);
    match unit {
        Unit::Ballots => on_side(side, tally.room_voted, tally.remote_voted),
        Unit::FirstChoices => option().and_then(|found| first_choices(found, side)),
        _ => option().and_then(|found| on_side(side, found.room, found.remote)),
    }
}

fn first_choices(option: &OptionTally, side: Side) -> Option<u64> {
    on_side(side, option.room_first, option.remote_first)
}

fn on_side(side: Side, room: u64, remote: u64) -> Option<u64> {
    match side {
        Side::Room => Some(room),
        Side::Remote => Some(remote),
        Side::Other => None,
    }
}
