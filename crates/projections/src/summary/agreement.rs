//! What people at home agreed about, and what divided them, by what they said to single contributions. Nobody is put into
//! a group.

use std::cmp::Reverse;

use event_log::Position;
use serde::Serialize;

use super::indicators::THRESHOLDS;
use crate::figure::{Figure, Of, Query, Unit};
use crate::marks::Reactions;
use crate::quotes::{OpenWords, Quote, quote};
use crate::views::{Entry, Views};

/// Contributions in each list.
const SHOWN: usize = 5;

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Agreement {
    /// Nearly everybody who took a side took the same one: agreed, or disagreed. Most voices on that side come first.
    pub united: Vec<Judged>,
    /// Both sides are large. Most voices come first.
    pub divided: Vec<Judged>,
}

/// A contribution, and how people at home took it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Judged {
    pub quote: Quote,
    pub agree: Figure,
    pub disagree: Figure,
    pub pass: Figure,
}

/// Of what may be read by all and enough voices took a side on; no voice is quoted twice in a row.
pub(super) fn agreement(views: &Views, words: &OpenWords<'_>) -> Agreement {
    let mut last = None;
    let mut listed = |mut found: Vec<Found<'_>>, rank: fn(&Found<'_>) -> (Reverse<u64>, u64, Position)| {
        found.sort_by_key(rank);
        let mut judged = Vec::new();
        for (position, entry, _) in found {
            if judged.len() < SHOWN && (entry.voice.is_none() || entry.voice != last) {
                let Some(one) = judge(views, position, entry, words) else { continue };
                last = entry.voice;
                judged.push(one);
            }
        }
        judged
    };
    let (united, divided): (Vec<_>, Vec<_>) = enough(views).partition(|(_, _, taken)| is_united(taken));
    Agreement { united: listed(united, most_on_one_side), divided: listed(divided, most_in_all) }
}

type Found<'a> = (Position, &'a Entry, Reactions);

fn enough(views: &Views) -> impl Iterator<Item = Found<'_>> {
    let public = views.entries.iter().filter(|(_, entry)| entry.is_public());
    let taken = public.map(|(position, entry)| (*position, entry, views.marks.reactions(*position)));
    taken.filter(|(_, _, taken)| taken.agree + taken.disagree >= THRESHOLDS.sides_at_least)
}

fn is_united(taken: &Reactions) -> bool {
    let smaller = taken.agree.min(taken.disagree);
    100 * smaller < THRESHOLDS.divided_percent * (taken.agree + taken.disagree)
}

fn most_on_one_side((position, _, taken): &Found<'_>) -> (Reverse<u64>, u64, Position) {
    (Reverse(taken.agree.max(taken.disagree)), taken.agree.min(taken.disagree), *position)
}

fn most_in_all((position, _, taken): &Found<'_>) -> (Reverse<u64>, u64, Position) {
    (Reverse(taken.agree + taken.disagree), taken.agree.abs_diff(taken.disagree), *position)
}

fn judge(views: &Views, position: Position, entry: &Entry, words: &OpenWords<'_>) -> Option<Judged> {
    let query = Query::position(position);
    let reactions = Of::count(views, query, Unit::Reactions);
    let figure = |unit| query.figure(views, unit, Some(&reactions));
    Some(Judged {
        quote: quote(position, entry, words, None)?,
        agree: figure(Unit::Agree),
        disagree: figure(Unit::Disagree),
        pass: figure(Unit::Pass),
    })
}
