//! How far the figures can be trusted: what is confirmed, what is only suggested, what a random sample says of the rest,
//! and how far two people agree who have read the same words.

use std::collections::BTreeSet;

use domain::{ContributionId, RoundNumber, SamplePurpose, ThemeId};
use event_log::Position;
use serde::Serialize;
use themes::ThemeKey;
use themes::honest::{self, Interval};

use crate::figure::{Figure, Query, State, Unit};
use crate::tally::{Coverage, coverage};
use crate::views::{Attention, Drawn, Entry, Standing, Views};

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Quality {
    pub position: u64,
    pub round: Option<RoundNumber>,
    pub coverage: Coverage,
    /// The latest audit sample, if one was drawn.
    pub audit: Option<Audit>,
    pub double_coding: DoubleCoding,
    /// Most contributions first, then by name.
    pub themes: Vec<ThemeQuality>,
    /// Near copies: contributions that say nearly what an earlier one says.
    pub copies: Figure,
}

/// A random sample of what was unread, and how far it has been read.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Audit {
    /// Where it was drawn, in the record.
    pub position: Position,
    pub seed: String,
    /// How many were unread then.
    pub of: u32,
    pub drawn: u32,
    /// How many of those drawn have been read since. The interval is there once all have.
    pub read: u32,
    /// How many of those drawn nobody can read any more; they say nothing.
    pub gone: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DoubleCoding {
    /// How many wait for a second person.
    pub waiting: u64,
    /// How many two people have coded.
    pub coded: u64,
    /// Agreement beyond chance over all themes, in thousandths (Cohen's kappa); nothing where it is undefined.
    pub kappa: Option<i32>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ThemeQuality {
    pub theme: ThemeId,
    pub name: String,
    pub contributions: Figure,
    /// Distinct voices, whatever the channel.
    pub voices: Figure,
    pub tables: Figure,
    /// Contributions without near copies.
    pub originals: Figure,
    /// Unread contributions that an engine would put here. Never a part of the tally.
    pub suggested: Figure,
    /// What the tally would be if everything that was unread had been read, with 95 % confidence.
    pub estimate: Option<Estimate>,
    /// Everything in it was put there by one and the same person.
    pub single_coder: bool,
    pub kappa: Option<i32>,
}

/// In contributions; both ends belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Estimate {
    pub low: u64,
    pub high: u64,
}

pub fn quality(views: &Views, round: Option<RoundNumber>) -> Quality {
    let audit = latest_audit(views, round);
    let agreed = agreements(views, round);
    let themes = views.live_themes().into_iter();
    let mut themes: Vec<_> = themes
        .map(|(id, theme)| {
            let of = |query: Query, unit| query.in_round(round).figure(views, unit, None);
            let kappa = agreed.themes.iter().find(|(key, _)| key.0 == id.0.as_u128());
            ThemeQuality {
                theme: id,
                name: theme.name.to_string(),
                contributions: of(Query::theme(id), Unit::Contributions),
                voices: of(Query::theme(id), Unit::Voices),
                tables: of(Query::theme(id), Unit::Tables),
                originals: of(Query::theme(id).in_state(State::Original), Unit::Contributions),
                suggested: of(Query::suggested(id), Unit::Contributions),
                estimate: audit.as_ref().and_then(|drawn| estimate(views, drawn, id, round)),
                single_coder: has_one_coder(views, id),
                kappa: kappa.and_then(|(_, table)| table.kappa()).map(|kappa| kappa.0),
            }
        })
        .collect();
    themes
        .sort_by(|a, b| b.contributions.value.cmp(&a.contributions.value).then_with(|| a.name.cmp(&b.name)));
    Quality {
        position: views.position,
        round,
        coverage: coverage(views, round),
        audit: audit.map(|drawn| audited(views, drawn)),
        double_coding: DoubleCoding {
            waiting: to_code_again(views).count() as u64,
            coded: again(views, round).count() as u64,
            kappa: agreed.pooled.kappa().map(|kappa| kappa.0),
        },
        themes,
        copies: Query::state(State::Copy).in_round(round).figure(views, Unit::Contributions, None),
    }
}

/// Contributions that were drawn to be coded by a second person and were not yet.
pub fn to_code_again(views: &Views) -> impl Iterator<Item = (Position, &Entry)> {
    let entries = sampled(views, SamplePurpose::DoubleCoding).into_iter().filter_map(|id| views.entry(id));
    entries.filter(|(_, entry)| {
        entry.again.is_none() && entry.attention == Attention::Read && entry.may_be_read()
    })
}

/// Unread contributions of audit samples: they are read first, because an estimate waits for them.
pub fn to_audit(views: &Views) -> BTreeSet<Position> {
    let entries = sampled(views, SamplePurpose::Audit).into_iter().filter_map(|id| views.entry(id));
    entries.filter(|(_, entry)| entry.waits_to_be_read()).map(|(position, _)| position).collect()
}

/// Every contribution of the samples that were drawn for that.
pub fn sampled(views: &Views, purpose: SamplePurpose) -> BTreeSet<ContributionId> {
    let samples = views.frame.samples.iter().filter(|drawn| drawn.sample.purpose == purpose);
    samples.flat_map(|drawn| drawn.sample.contributions.iter().copied()).collect()
}

fn latest_audit(views: &Views, round: Option<RoundNumber>) -> Option<&Drawn> {
    let audits = views.frame.samples.iter().rev();
    audits
        .filter(|drawn| drawn.sample.purpose == SamplePurpose::Audit)
        .find(|drawn| drawn.sample.round == round)
}

/// Whether nobody can read it any more, or should not now.
fn is_gone(entry: &Entry) -> bool {
    entry.is_unread() && (entry.standing != Standing::Stands || entry.words_at.is_none())
}

fn audited(views: &Views, drawn: &Drawn) -> Audit {
    let sample = &drawn.sample;
    let of = |holds: fn(&Entry) -> bool| {
        let entries = sample.contributions.iter().filter_map(|id| views.entry(*id));
        u32::try_from(entries.filter(|(_, entry)| holds(entry)).count()).unwrap_or(u32::MAX)
    };
    Audit {
        position: drawn.position,
        seed: sample.seed.clone(),
        of: sample.of,
        drawn: u32::try_from(sample.contributions.len()).unwrap_or(u32::MAX),
        read: of(|entry| !entry.is_unread()),
        gone: of(is_gone),
    }
}

/// What was in the theme outside of what the sample was drawn from, which is counted, and in it, which is estimated. There
/// is none before all of the sample has been read: those that are read first may be the easy ones.
fn estimate(views: &Views, drawn: &Drawn, theme: ThemeId, round: Option<RoundNumber>) -> Option<Estimate> {
    let audit = audited(views, drawn);
    let readable = audit.drawn - audit.gone;
    if audit.read < readable || readable == 0 {
        return None;
    }
    let in_theme = |entry: &Entry| entry.coded.themes.contains(&theme);
    let sample = drawn.sample.contributions.iter().filter_map(|id| views.entry(*id));
    let found = sample.filter(|(_, entry)| in_theme(entry)).count();
    // Not the sample's own `of`, where some cannot be read any more: then they are not in the tally either.
    let of = audit.of - audit.gone;
    let Interval { low, high } = honest::interval(u32::try_from(found).ok()?, readable, of);
    let counted = Query::theme(theme).in_round(round).select(views);
    let outside =
        counted.iter().filter(|(position, entry)| !was_drawn_from(drawn, *position, entry)).count() as u64;
    Some(Estimate { low: outside + u64::from(low), high: outside + u64::from(high) })
}

/// What a sample over all rounds says of a theme.
pub(crate) fn estimate_of(views: &Views, drawn: &Drawn, theme: ThemeId) -> Option<Estimate> {
    estimate(views, drawn, theme, None)
}

/// Whether it was unread when the sample was drawn.
fn was_drawn_from(drawn: &Drawn, position: Position, entry: &Entry) -> bool {
    position < drawn.position && entry.read_at.is_none_or(|read| read > drawn.at)
}

/// Whether one link has put everything there that is in the theme. Of an import nobody knows who coded it.
fn has_one_coder(views: &Views, theme: ThemeId) -> bool {
    let coders: BTreeSet<_> = views.of_theme(theme).map(|(_, entry)| entry.coder).collect();
    coders.len() == 1 && coders.first().is_some_and(Option::is_some)
}

fn again(views: &Views, round: Option<RoundNumber>) -> impl Iterator<Item = &Entry> {
    let entries = views.entries.values().filter(move |entry| round.is_none_or(|round| entry.round == round));
    entries.filter(|entry| entry.again.is_some() && entry.attention == Attention::Read)
}

fn agreements(views: &Views, round: Option<RoundNumber>) -> honest::Agreements {
    let key = |theme: &ThemeId| ThemeKey(theme.0.as_u128());
    let themes: Vec<_> = views.live_themes().iter().map(|(id, _)| key(id)).collect();
    let coded: Vec<_> = again(views, round)
        .filter_map(|entry| {
            let second = entry.again.as_ref()?.themes.iter().map(key).collect();
            Some((entry.coded.themes.iter().map(key).collect(), second))
        })
        .collect();
    honest::agreement(&themes, &coded)
}

/// A group of near copies: the first of them, and those that say nearly the same.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Copies {
    pub first: Position,
    pub others: Vec<Position>,
}

/// The largest group first, then the one that began first.
pub fn copies(views: &Views) -> Vec<Copies> {
    let mut groups = std::collections::BTreeMap::<Position, Vec<Position>>::new();
    for (position, entry) in &views.entries {
        if let Some(first) = entry.alike {
            groups.entry(first).or_default().push(*position);
        }
    }
    let mut groups: Vec<_> = groups.into_iter().map(|(first, others)| Copies { first, others }).collect();
    groups.sort_by_key(|group| (std::cmp::Reverse(group.others.len()), group.first));
    groups
}
