//! Polls as people read them: room and remote side by side, each with how many have voted.
//!
//! A count of hands that two people have confirmed stands in place of the ballots of its table, or of the whole room
//! where it was of the whole room, so that nobody is counted by tablet and by hand.

use std::collections::BTreeMap;

use domain::{Event, Meta, Method, Poll, PollId, TableNumber, Timestamp};
use serde::{Deserialize, Serialize};

use crate::figure::Side;
use crate::marks::{Ballot, Elector, Mark, MarkKey, Touched};
use crate::recorded::Recorded;
use crate::views::Views;

/// A poll and what was counted by hand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PollState {
    pub asked: Poll,
    pub opened_at: Timestamp,
    pub closed_at: Option<Timestamp>,
    /// Until when people at home may vote, once it has closed.
    pub remote_until: Option<Timestamp>,
    /// The order in which it was opened, from 1.
    pub number: u16,
    pub hands: Vec<Hands>,
}

/// One count of hands, at a table or, without one, in the whole room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hands {
    pub table: Option<TableNumber>,
    pub counts: Vec<u32>,
    /// Whether a second person has found the same.
    pub confirmed: bool,
}

/// What one option got.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OptionTally {
    /// From 1, as on the ballot.
    pub number: u8,
    /// Nothing for red, amber and green, which the pages name.
    pub text: Option<String>,
    /// Votes; in a ranking, points: with n options the first place gives n - 1, the next n - 2, and so on.
    pub room: u64,
    pub remote: u64,
    /// In a ranking, how many put it first.
    pub room_first: u64,
    pub remote_first: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PollTally {
    pub poll: PollId,
    pub number: u16,
    pub question: String,
    pub method: Method,
    pub open: bool,
    pub options: Vec<OptionTally>,
    /// Seats that have voted, or hands where hands were counted.
    pub room_voted: u64,
    /// Seats in the room; `None` where nobody has counted them.
    pub room_seats: Option<u64>,
    pub remote_voted: u64,
    /// Counts of hands that wait for a second person.
    pub unconfirmed: u64,
}

pub(crate) fn fold(views: &mut Views, recorded: &Recorded) -> Touched {
    let Recorded { event, meta, .. } = recorded;
    match event {
        Event::PollOpened(asked) => {
            let number = u16::try_from(views.frame.polls.len() + 1).unwrap_or(u16::MAX);
            views.frame.polls.insert(asked.poll, PollState::opened(asked.clone(), meta.at, number));
        }
        Event::BallotCast { poll, choice, table, seat } => {
            let elector = match (meta.voice, table, seat) {
                (_, Some(table), Some(seat)) => Elector::Seat(*table, *seat),
                (Some(voice), ..) => Elector::Voice(voice),
                _ => return Touched::default(),
            };
            let side = if seat.is_some() { Side::Room } else { side_of(meta) };
            let key = MarkKey::Ballot(*poll, elector);
            views.marks.put(key, Mark::Ballot(Ballot { choice: choice.clone(), side, at: meta.at }));
            return Touched::mark(key);
        }
        event => {
            if let Some(poll) = event.poll().and_then(|id| views.frame.polls.get_mut(&id)) {
                poll.fold(event, meta);
            }
        }
    }
    Touched::default()
}

fn side_of(meta: &Meta) -> Side {
    meta.channel.map_or(Side::Remote, Side::of)
}

impl PollState {
    fn opened(asked: Poll, at: Timestamp, number: u16) -> Self {
        Self { asked, opened_at: at, closed_at: None, remote_until: None, number, hands: Vec::new() }
    }

    fn fold(&mut self, event: &Event, meta: &Meta) {
        match event {
            Event::HandCountEntered { table, counts, .. } => {
                self.hands.retain(|hands| hands.confirmed || hands.table != *table);
                self.hands.push(Hands { table: *table, counts: counts.clone(), confirmed: false });
            }
            Event::HandCountConfirmed { table, counts, .. } => {
                self.hands.retain(|hands| hands.table != *table);
                self.hands.push(Hands { table: *table, counts: counts.clone(), confirmed: true });
            }
            Event::PollClosed { remote_until, .. } => {
                self.closed_at = Some(meta.at);
                self.remote_until = Some(*remote_until);
            }
            _ => {}
        }
    }

    pub fn is_open(&self) -> bool {
        self.closed_at.is_none()
    }

    /// Whether people at home may vote: they see the room later, so their window ends later too.
    pub fn is_open_at_home(&self, at: Timestamp) -> bool {
        self.remote_until.is_none_or(|until| at <= until)
    }
}

/// The count of one poll, or nothing where there is no such poll.
pub fn poll_tally(views: &Views, poll: PollId) -> Option<PollTally> {
    let state = views.frame.polls.get(&poll)?;
    let size = state.asked.size();
    let text = |number: u8| state.asked.options.get(usize::from(number) - 1).map(ToString::to_string);
    let option = |number| OptionTally { number, text: text(number), ..OptionTally::default() };
    let mut tally = PollTally {
        poll,
        number: state.number,
        question: state.asked.question.to_string(),
        method: state.asked.method,
        open: state.is_open(),
        options: (1..=size).map(option).collect(),
        room_voted: 0,
        room_seats: Some(views.seats()).filter(|seats| *seats > 0),
        remote_voted: 0,
        unconfirmed: state.hands.iter().filter(|hands| !hands.confirmed).count() as u64,
    };
    let by_hand = by_hand(state);
    for (elector, ballot) in views.marks.ballots(poll) {
        if ballot.side == Side::Remote {
            tally.add_remote(ballot);
        } else if !counted_by_hand(&by_hand, elector) {
            tally.add_room(ballot);
        }
    }
    for counts in by_hand.values() {
        tally.add_hands(counts);
    }
    Some(tally)
}

/// Counts of hands that stand: that of the whole room alone where there is one.
fn by_hand(state: &PollState) -> BTreeMap<Option<TableNumber>, &[u32]> {
    let confirmed = state.hands.iter().filter(|hands| hands.confirmed);
    let all: BTreeMap<_, _> = confirmed.map(|hands| (hands.table, &hands.counts[..])).collect();
    match all.get(&None) {
        Some(room) => BTreeMap::from([(None, *room)]),
        None => all,
    }
}

fn counted_by_hand(by_hand: &BTreeMap<Option<TableNumber>, &[u32]>, elector: &Elector) -> bool {
    let table = match elector {
        Elector::Seat(table, _) => Some(*table),
        Elector::Voice(_) => None,
    };
    by_hand.contains_key(&None) || (table.is_some() && by_hand.contains_key(&table))
}

impl PollTally {
    fn add_room(&mut self, ballot: &Ballot) {
        self.room_voted += 1;
        for (place, points, first) in self.marked(ballot) {
            self.options[place].room += points;
            self.options[place].room_first += first;
        }
    }

    fn add_remote(&mut self, ballot: &Ballot) {
        self.remote_voted += 1;
        for (place, points, first) in self.marked(ballot) {
            self.options[place].remote += points;
            self.options[place].remote_first += first;
        }
    }

    /// Which options a ballot gives how many points, and whether it puts them first.
    fn marked(&self, ballot: &Ballot) -> Vec<(usize, u64, u64)> {
        let most = self.options.len().saturating_sub(1) as u64;
        let places = ballot.choice.iter().enumerate();
        let known = places.filter(|(_, option)| (1..=self.options.len()).contains(&usize::from(**option)));
        known
            .map(|(place, option)| {
                let points = match self.method {
                    Method::Rank => most.saturating_sub(place as u64),
                    Method::Temperature | Method::Choose { .. } => 1,
                };
                let first = u64::from(place == 0 && self.method == Method::Rank);
                (usize::from(*option) - 1, points, first)
            })
            .collect()
    }

    /// Where people may raise a hand more than once, there are at least as many people as hands for one option.
    fn add_hands(&mut self, counts: &[u32]) {
        let hands = || counts.iter().map(|count| u64::from(*count));
        self.room_voted += match self.method {
            Method::Choose { most } if most > 1 => hands().max().unwrap_or_default(),
            _ => hands().sum(),
        };
        for (option, count) in self.options.iter_mut().zip(hands()) {
            option.room += count;
        }
    }
}
