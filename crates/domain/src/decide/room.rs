//! The room: moving everyone on, the countdown, and tables that merge, split and move.

use super::Decision;
use crate::assembly::{Assembly, Fact, RoundState};
use crate::event::Event;
use crate::ids::{RoundNumber, TableNumber};
use crate::rejection::Rejection;
use crate::screen::Scene;
use crate::time::Timestamp;

/// Closes what is open, opens the next, starts its clock and shows it: in this order, in one transaction.
pub(super) fn advance(
    state: &Assembly,
    next: Option<RoundNumber>,
    minutes: Option<u16>,
    at: Timestamp,
) -> Decision {
    let open = state.open_round();
    let mut events = Vec::new();
    if let Some(round) = open {
        events.push(Event::RoundClosed { round });
    }
    match next {
        Some(round) if open == Some(round) => return Err(Rejection::AnotherRoundOpen(round)),
        Some(round) => {
            state.rounds.get(&round).ok_or(Rejection::UnknownRound(round))?;
            events.push(Event::RoundOpened { round });
            events.extend(minutes.map(|minutes| Event::CountdownSet { until: Some(after(at, minutes)) }));
            events.push(Event::ScreenSet { scene: Scene::Hearing });
        }
        None if open.is_none() => return Err(Rejection::NothingToMove),
        None => {}
    }
    Ok(events.into_iter().map(Fact::from).collect())
}

pub(super) fn countdown(state: &Assembly, minutes: Option<u16>, at: Timestamp) -> Decision {
    if state.open_round().is_none() {
        return Err(Rejection::NoCountdown);
    }
    let until = minutes.map(|minutes| after(at, minutes));
    Ok(vec![Event::CountdownSet { until }.into()])
}

fn after(at: Timestamp, minutes: u16) -> Timestamp {
    Timestamp(at.millis().saturating_add(u64::from(minutes) * 60_000))
}

pub(super) fn may_merge(state: &Assembly, table: TableNumber, into: TableNumber) -> Result<(), Rejection> {
    if table == into {
        return Err(Rejection::TableIntoItself);
    }
    is_table(state, table)?;
    is_table(state, into)
}

pub(super) fn may_split(state: &Assembly, table: TableNumber, into: TableNumber) -> Result<(), Rejection> {
    is_table(state, table)?;
    if state.tables.contains_key(&into) { Err(Rejection::TableTaken(into)) } else { Ok(()) }
}

/// A table that people sit at: one that was merged into another is one no more.
pub(super) fn is_table(state: &Assembly, table: TableNumber) -> Result<(), Rejection> {
    match state.tables.get(&table) {
        None => Err(Rejection::UnknownTable(table)),
        Some(seated) => match seated.merged {
            Some((into, _)) => Err(Rejection::TableMerged(into)),
            None => Ok(()),
        },
    }
}

/// A round in which a table may still put down what was said: the open one, and those that have closed, because a
/// tablet whose network failed comes back later.
pub(super) fn was_opened(state: &Assembly, round: RoundNumber) -> Result<(), Rejection> {
    match state.rounds.get(&round).ok_or(Rejection::UnknownRound(round))?.state {
        RoundState::Open | RoundState::Closed => Ok(()),
        RoundState::Planned => Err(Rejection::RoundNotOpen(round)),
    }
}
