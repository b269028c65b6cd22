//! The strongest contrary view beside each finding, and what people at home disagreed with.

use std::cmp::Reverse;

use domain::{Kind, Reason, ThemeId};
use event_log::Position;
use serde::Serialize;

use crate::figure::{Figure, Of, Query, Unit};
use crate::frame::ContraryBy;
use crate::quotes::{OpenWords, Quote, Told, quote};
use crate::views::{Entry, Views};

/// What stands beside a finding, so that it never stands without its other side where there is one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Contrary {
    pub how: How,
    pub quote: Option<Quote>,
    /// Why there is none, in the words of the theme team.
    pub reason: Option<Reason>,
    /// How many at its table said or backed it, and how many at home agreed and disagreed.
    pub backing: Option<Backing>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// A person of the theme team has chosen it.
    Chosen,
    /// A person of the theme team has said why there is none.
    NoneForAReason,
    /// The concern of that theme that most people backed at a table; then the one that most voices at home agreed with;
    /// then a person's own words; then the earlier one.
    MostBackedConcern,
    /// Nobody has raised a concern within the theme, or none that may be read by all.
    NoneFound,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Backing {
    pub heard_from: Figure,
    pub agree: Figure,
    pub disagree: Figure,
}

/// The contribution of a theme that most voices at home disagreed with.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Disputed {
    pub position: Position,
    pub agree: Figure,
    pub disagree: Figure,
    pub pass: Figure,
}

/// The contrary view, which no voice has said that was quoted just before.
pub(crate) fn contrary(views: &Views, words: &OpenWords<'_>, theme: ThemeId, told: &Told) -> Contrary {
    let settled = views.frame.contrary.get(&theme);
    if let Some(ContraryBy::Reason(reason)) = settled {
        let (how, reason) = (How::NoneForAReason, Some(reason.clone()));
        return Contrary { how, quote: None, reason, backing: None };
    }
    let chosen = match settled {
        Some(ContraryBy::Contribution(id)) => views.entry(*id),
        _ => None,
    };
    let may_stand = |(position, entry): &(Position, &Entry)| {
        let in_theme = entry.coded.themes.contains(&theme);
        in_theme && entry.is_public() && told.may_follow(*position, entry)
    };
    let opened = |(position, entry): (Position, &Entry)| {
        Some((position, quote(position, entry, words, entry.pinned.get(&theme))?))
    };
    // What a person has chosen gives way to the rule once its words may not be shown.
    if let Some((position, quote)) = chosen.filter(may_stand).and_then(opened) {
        let (how, backing) = (How::Chosen, Some(backing(views, position)));
        return Contrary { how, quote: Some(quote), reason: None, backing };
    }
    let mut concerns: Vec<_> =
        views.of_theme(theme).filter(|(_, entry)| entry.kind == Kind::Concern).filter(may_stand).collect();
    concerns.sort_by_key(|(position, entry)| rank(views, *position, entry));
    let found = concerns.into_iter().find_map(opened);
    let (how, backing) = match &found {
        Some((position, _)) => (How::MostBackedConcern, Some(backing(views, *position))),
        None => (How::NoneFound, None),
    };
    Contrary { how, quote: found.map(|(_, quote)| quote), reason: None, backing }
}

/// Less is stronger. The two counts stand one after the other and are never added.
fn rank(views: &Views, position: Position, entry: &Entry) -> impl Ord + use<> {
    let agree = views.marks.reactions(position).agree;
    let paraphrased = entry.form == domain::Form::Paraphrase;
    (Reverse(entry.heard_from.unwrap_or(0)), Reverse(agree), paraphrased, position)
}

fn backing(views: &Views, position: Position) -> Backing {
    let query = Query::position(position);
    let reactions = Of::count(views, query, Unit::Reactions);
    Backing {
        heard_from: query.figure(views, Unit::HeardFrom, None),
        agree: query.figure(views, Unit::Agree, Some(&reactions)),
        disagree: query.figure(views, Unit::Disagree, Some(&reactions)),
    }
}

/// What most voices disagreed with; of several the earliest. Only what may be read by all.
pub(super) fn disputed(views: &Views, theme: ThemeId) -> Option<Disputed> {
    let against = |position: Position| views.marks.reactions(position).disagree;
    let public = views.of_theme(theme).filter(|(_, entry)| entry.is_public());
    let (position, _) = public
        .filter(|(position, _)| against(*position) > 0)
        .min_by_key(|(position, _)| (Reverse(against(*position)), *position))?;
    let query = Query::position(position);
    let reactions = Of::count(views, query, Unit::Reactions);
    let figure = |unit| query.figure(views, unit, Some(&reactions));
    Some(Disputed {
        position,
        agree: figure(Unit::Agree),
        disagree: figure(Unit::Disagree),
        pass: figure(Unit::Pass),
    })
}
