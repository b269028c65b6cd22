//! What people mark: reactions to contributions, and ballots. Each voice or seat has one mark, and the latest counts.

use std::collections::{BTreeMap, BTreeSet};

use domain::{PollId, SeatNumber, TableNumber, Timestamp, VoiceTag, Vote};
use event_log::Position;
use serde::{Deserialize, Serialize};

use crate::figure::Side;

/// Who has one ballot in a poll.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Elector {
    Voice(VoiceTag),
    Seat(TableNumber, SeatNumber),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ballot {
    /// Options by their numbers from 1, in order of preference.
    pub choice: Vec<u8>,
    pub side: Side,
    pub at: Timestamp,
}

/// By what one mark is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MarkKey {
    Vote(Position, VoiceTag),
    Ballot(PollId, Elector),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Mark {
    Vote(Vote),
    Ballot(Ballot),
}

/// Every mark of an assembly, the latest of each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Marks {
    votes: BTreeMap<Position, BTreeMap<VoiceTag, Vote>>,
    ballots: BTreeMap<PollId, BTreeMap<Elector, Ballot>>,
    len: u64,
}

/// How people at home took what somebody said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Reactions {
    pub agree: u64,
    pub disagree: u64,
    pub pass: u64,
}

impl Reactions {
    /// How many voices have reacted.
    pub fn voices(&self) -> u64 {
        self.agree + self.disagree + self.pass
    }
}

impl Marks {
    /// What voices think of the contribution at that position.
    pub fn reactions(&self, contribution: Position) -> Reactions {
        let votes = self.votes.get(&contribution).into_iter().flat_map(BTreeMap::values);
        votes.fold(Reactions::default(), |mut counts, vote| {
            match vote {
                Vote::Agree => counts.agree += 1,
                Vote::Disagree => counts.disagree += 1,
                Vote::Pass => counts.pass += 1,
            }
            counts
        })
    }

    /// What one voice thinks of it, if it has said so.
    pub fn vote_of(&self, contribution: Position, voice: VoiceTag) -> Option<Vote> {
        self.votes.get(&contribution)?.get(&voice).copied()
    }

    pub fn ballots(&self, poll: PollId) -> impl Iterator<Item = (&Elector, &Ballot)> {
        self.ballots.get(&poll).into_iter().flatten()
    }

    pub fn ballot_of(&self, poll: PollId, elector: Elector) -> Option<&Ballot> {
        self.ballots.get(&poll)?.get(&elector)
    }

    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    pub(crate) fn put(&mut self, key: MarkKey, mark: Mark) {
        let is_new = match (key, mark) {
            (MarkKey::Vote(position, voice), Mark::Vote(vote)) => {
                self.votes.entry(position).or_default().insert(voice, vote).is_none()
            }
            (MarkKey::Ballot(poll, elector), Mark::Ballot(ballot)) => {
                self.ballots.entry(poll).or_default().insert(elector, ballot).is_none()
            }
            // A stored key and its value are read together, so this is a damaged row; the count then says so.
            _ => false,
        };
        self.len += u64::from(is_new);
    }

    pub(crate) fn get(&self, key: MarkKey) -> Option<Mark> {
        match key {
            MarkKey::Vote(position, voice) => self.vote_of(position, voice).map(Mark::Vote),
            MarkKey::Ballot(poll, elector) => self.ballot_of(poll, elector).cloned().map(Mark::Ballot),
        }
    }

    /// All of them, in one order.
    pub(crate) fn keys(&self) -> impl Iterator<Item = MarkKey> {
        let votes = self
            .votes
            .iter()
            .flat_map(|(position, votes)| votes.keys().map(move |voice| MarkKey::Vote(*position, *voice)));
        let ballots = self
            .ballots
            .iter()
            .flat_map(|(poll, ballots)| ballots.keys().map(move |elector| MarkKey::Ballot(*poll, *elector)));
        votes.chain(ballots)
    }
}

/// What an event changed, so that only that is written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Touched {
    pub entries: BTreeSet<Position>,
    pub marks: BTreeSet<MarkKey>,
}

impl Touched {
    pub(crate) fn entry(position: Position) -> Self {
        Self { entries: BTreeSet::from([position]), marks: BTreeSet::new() }
    }

    pub(crate) fn mark(key: MarkKey) -> Self {
        Self { entries: BTreeSet::new(), marks: BTreeSet::from([key]) }
    }

    pub(crate) fn add(&mut self, more: Touched) {
        self.entries.extend(more.entries);
        self.marks.extend(more.marks);
    }
}
