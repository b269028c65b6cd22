//! How views moved during the day: when a theme was first heard, how it stood in each round, and why its count jumped.

use domain::{ChangeNumber, Method, PollId, Reason, RoundNumber, ThemeId, Timestamp};
use serde::Serialize;

use crate::figure::{Figure, Of, Query, Side, Unit};
use crate::frame::What;
use crate::jumps::jumps;
use crate::polls::{PollState, poll_tally};
use crate::views::Views;

/// The jumps of one theme that are told, the biggest first.
const JUMPS_TOLD: usize = 3;

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Movement {
    /// The earliest contribution that stands in the theme now.
    pub first_heard: Option<FirstHeard>,
    pub by_round: Vec<InRound>,
    /// The biggest changes of the count that came from changes of the code frame and from nobody's words.
    pub jumps: Vec<Jumped>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FirstHeard {
    pub position: u64,
    pub at: Timestamp,
    pub round: RoundNumber,
}

/// One round: at how many of the tables that spoke in it, and from how many of the voices that spoke in it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct InRound {
    pub round: RoundNumber,
    pub tables: Figure,
    pub remote_voices: Figure,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Jumped {
    pub change: ChangeNumber,
    pub at: Timestamp,
    pub by: i64,
    /// What happened, or what was taken back.
    pub what: What,
    pub undone: bool,
    pub reason: Option<Reason>,
}

/// A poll that nobody can vote in any more.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PollPart {
    pub poll: PollId,
    pub number: u16,
    pub round: Option<RoundNumber>,
    pub question: String,
    pub method: Method,
    pub opened_at: Timestamp,
    pub closed_at: Option<Timestamp>,
    /// The poll before it that asked the same, so that the two say how views moved.
    pub repeats: Option<u16>,
    pub room: Figure,
    pub remote: Figure,
    pub options: Vec<PollOption>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PollOption {
    pub number: u8,
    /// Nothing for red, amber and green.
    pub text: Option<String>,
    pub room: Figure,
    pub remote: Figure,
}

/// What each round's figures are of.
pub(super) fn wholes(views: &Views) -> Vec<(RoundNumber, Of, Of)> {
    let rounds = views.frame.rounds.keys();
    let of = |round: &RoundNumber| {
        let query = Query::default().in_round(Some(*round));
        let voices = Of::count(views, query.on(Side::Remote), Unit::Voices);
        (*round, Of::count(views, query, Unit::Tables), voices)
    };
    rounds.map(of).collect()
}

pub(super) fn movement(views: &Views, theme: ThemeId, wholes: &[(RoundNumber, Of, Of)]) -> Movement {
    let first = views.of_theme(theme).min_by_key(|(position, entry)| (entry.when(), *position));
    let query = Query::theme(theme);
    let in_round = |(round, tables, voices): &(RoundNumber, Of, Of)| {
        let query = query.in_round(Some(*round));
        InRound {
            round: *round,
            tables: query.figure(views, Unit::Tables, Some(tables)),
            remote_voices: query.on(Side::Remote).figure(views, Unit::Voices, Some(voices)),
        }
    };
    Movement {
        first_heard: first.map(|(position, entry)| FirstHeard {
            position: position.get(),
            at: entry.when(),
            round: entry.round,
        }),
        by_round: wholes.iter().map(in_round).collect(),
        jumps: biggest(views, theme),
    }
}

fn biggest(views: &Views, theme: ThemeId) -> Vec<Jumped> {
    let known = jumps(&views.frame.changes, theme).filter_map(|jump| {
        Some(Jumped {
            change: jump.change.number,
            at: jump.change.at,
            by: jump.by?,
            what: jump.what().clone(),
            undone: jump.undone.is_some(),
            reason: jump.change.reason.clone(),
        })
    });
    let mut known: Vec<_> = known.collect();
    known.sort_by_key(|jump| (std::cmp::Reverse(jump.by.unsigned_abs()), jump.change));
    known.truncate(JUMPS_TOLD);
    known
}

/// The polls that are over, also for people at home, in the order in which they were opened.
pub(super) fn polls(views: &Views) -> Vec<PollPart> {
    let is_over = |poll: &&PollState| {
        let now = views.frame.last_at;
        !poll.is_open() && now.is_some_and(|now| !poll.is_open_at_home(now))
    };
    let mut over: Vec<_> = views.frame.polls.values().filter(is_over).collect();
    over.sort_by_key(|poll| poll.number);
    over.iter().filter_map(|poll| part(views, poll, &over)).collect()
}

fn part(views: &Views, state: &PollState, over: &[&PollState]) -> Option<PollPart> {
    let (asked, tally) = (&state.asked, poll_tally(views, state.asked.poll)?);
    let same = |other: &&&PollState| {
        let other = (&other.asked.question, &other.asked.method, &other.asked.options);
        other == (&asked.question, &asked.method, &asked.options)
    };
    let before = over.iter().filter(same).map(|other| other.number).filter(|number| *number < state.number);
    let on = |side| Query { poll: Some(asked.poll), ..Query::default() }.on(side);
    let option = |number, side| {
        let of = Of::count(views, on(side), Unit::Ballots);
        // Points of an order of preference are more than there are ballots.
        let of = (asked.method != Method::Rank).then_some(&of);
        Query { option: Some(number), ..on(side) }.figure(views, Unit::Votes, of)
    };
    let options = tally.options.into_iter().map(|found| PollOption {
        number: found.number,
        text: found.text,
        room: option(found.number, Side::Room),
        remote: option(found.number, Side::Remote),
    });
    Some(PollPart {
        poll: asked.poll,
        number: state.number,
        round: asked.round,
        question: asked.question.to_string(),
        method: asked.method,
        opened_at: state.opened_at,
        closed_at: state.closed_at,
        repeats: before.max(),
        room: on(Side::Room).figure(views, Unit::Ballots, None),
        remote: on(Side::Remote).figure(views, Unit::Ballots, None),
        options: options.collect(),
    })
}
