//! Polls: who may vote when, and how hands are counted twice.

use super::{Decision, is_table, table_now};
use crate::assembly::{Assembly, Context, PollState};
use crate::command::{CastBallot, HandCount};
use crate::event::{Channel, Event};
use crate::ids::PollId;
use crate::poll::{HANDS_MAX, Method, OPTIONS_MAX, POLLS_MAX, Poll};
use crate::rejection::Rejection;
use crate::role::Role;
use crate::time::Timestamp;

pub(super) fn may_open(state: &Assembly, poll: &Poll) -> Result<(), Rejection> {
    if state.polls.contains_key(&poll.poll) {
        return Err(Rejection::IdUsedForSomethingElse);
    }
    if state.polls.len() >= POLLS_MAX {
        return Err(Rejection::TooManyPolls { max: POLLS_MAX });
    }
    match poll.round {
        Some(round) if !state.rounds.contains_key(&round) => Err(Rejection::UnknownRound(round)),
        _ if poll.is_sound() => Ok(()),
        _ => Err(Rejection::BadPoll { max: OPTIONS_MAX }),
    }
}

/// People at home see the room later, so their ballots are taken for as long as the stream lags behind.
pub(super) fn cast(state: &Assembly, ballot: &CastBallot, context: &Context) -> Decision {
    let poll = known(state, ballot.poll)?;
    let home = context.actor.role == Role::Participant && context.channel != Channel::Nats;
    let over = poll.remote_until.is_some_and(|until| !home || context.at > until);
    if over {
        return Err(Rejection::PollOver);
    }
    let table = match context.actor.role {
        Role::Facilitator => Some(table_now(state, context)?),
        _ => None,
    };
    match (table, ballot.seat) {
        (Some(_), None) => return Err(Rejection::SeatNeeded),
        // Only a bridge can tell that a voice sits in the room: it hands out the keypads.
        (None, Some(_)) if context.channel != Channel::Nats => return Err(Rejection::OnlyForTables),
        (Some(table), Some(seat)) => {
            let seats = state.tables.get(&table).map(|seated| seated.seats).unwrap_or_default();
            if seats > 0 && seat.get() > seats {
                return Err(Rejection::UnknownSeat { seats });
            }
        }
        (None, _) => {}
    }
    if !poll.asked.takes(&ballot.choice) {
        return Err(Rejection::BadChoice);
    }
    let (choice, seat) = (ballot.choice.clone(), ballot.seat);
    Ok(vec![Event::BallotCast { poll: ballot.poll, choice, table, seat }.into()])
}

/// Hands are keyed in while the poll is open or after it, because they are counted aloud.
pub(super) fn enter(state: &Assembly, count: &HandCount, context: &Context) -> Decision {
    let count = checked(state, count, context)?;
    Ok(vec![Event::HandCountEntered { poll: count.poll, table: count.table, counts: count.counts }.into()])
}

/// The second person keys in what they have counted themselves, on another device.
pub(super) fn confirm(state: &Assembly, count: &HandCount, context: &Context) -> Decision {
    let HandCount { poll, table, counts } = checked(state, count, context)?;
    let entered = known(state, poll)?.hands.get(&table).ok_or(Rejection::NoHandCount)?;
    if entered.by == context.actor.link {
        return Err(Rejection::SamePerson);
    }
    if entered.counts != counts {
        return Err(Rejection::CountsDiffer);
    }
    Ok(vec![Event::HandCountConfirmed { poll, table, counts }.into()])
}

pub(super) fn close(state: &Assembly, poll: PollId, at: Timestamp) -> Decision {
    let known = known(state, poll)?;
    if known.remote_until.is_some() {
        return Err(Rejection::PollOver);
    }
    let lag_ms = u64::from(known.asked.lag_s) * 1_000;
    let remote_until = Timestamp(at.millis().saturating_add(lag_ms));
    Ok(vec![Event::PollClosed { poll, remote_until }.into()])
}

fn known(state: &Assembly, poll: PollId) -> Result<&PollState, Rejection> {
    state.polls.get(&poll).ok_or(Rejection::UnknownPoll)
}

/// The count with its table: a facilitator's own.
fn checked(state: &Assembly, count: &HandCount, context: &Context) -> Result<HandCount, Rejection> {
    let asked = &known(state, count.poll)?.asked;
    let table = match (context.actor.role, count.table) {
        (Role::Facilitator, named) => {
            let own = table_now(state, context)?;
            if named.is_some_and(|named| named != own) {
                return Err(Rejection::NotYourTable);
            }
            Some(own)
        }
        (_, Some(named)) => is_table(state, named).map(|()| Some(named))?,
        (_, None) => None,
    };
    if asked.method == Method::Rank {
        return Err(Rejection::NotByHand);
    }
    let right = count.counts.len() == usize::from(asked.size());
    if !right || count.counts.iter().any(|hands| *hands > HANDS_MAX) {
        return Err(Rejection::BadCounts { options: asked.size() });
    }
    Ok(HandCount { table, ..count.clone() })
}
