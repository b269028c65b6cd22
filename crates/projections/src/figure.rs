//! A figure is a query, a log position, a denominator that is a query itself, and a rule by which small numbers are
//! hidden; never typed text.
//!
//! [`Query::select`] gives the contributions, [`Query::count`] counts exactly those. The text form of a query is the
//! query string of the page that lists them.

mod count;
mod query;

use domain::{Channel, Form};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::views::{Attention, Entry, Standing, Views};
pub use count::{CHANCE_PARTS, Unit, count};
pub use query::Query;

/// Room, remote, or another way in. They stand side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    Room,
    Remote,
    Other,
}

impl Side {
    pub fn of(channel: Channel) -> Self {
        match channel {
            Channel::Room | Channel::Paper => Side::Room,
            Channel::Remote | Channel::Nats => Side::Remote,
            Channel::Import => Side::Other,
        }
    }

    pub const ALL: [Side; 3] = [Side::Room, Side::Remote, Side::Other];

    pub fn as_str(self) -> &'static str {
        match self {
            Side::Room => "room",
            Side::Remote => "remote",
            Side::Other => "other",
        }
    }
}

/// Which state of being read or moderated is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    Read,
    Themed,
    SetAside,
    Residue,
    Unread,
    Held,
    Withdrawn,
    Erased,
    Corrected,
    ReadBack,
    Verbatim,
    /// Nearly the same words as an earlier one.
    Copy,
    /// Everything else: of a campaign only the first.
    Original,
    /// In a theme that an engine had suggested before anybody read it.
    Helped,
}

impl State {
    pub const ALL: [State; 14] = [
        State::Read,
        State::Themed,
        State::SetAside,
        State::Residue,
        State::Unread,
        State::Held,
        State::Withdrawn,
        State::Erased,
        State::Corrected,
        State::ReadBack,
        State::Verbatim,
        State::Copy,
        State::Original,
        State::Helped,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            State::Read => "read",
            State::Themed => "themed",
            State::SetAside => "set-aside",
            State::Residue => "residue",
            State::Unread => "unread",
            State::Held => "held",
            State::Withdrawn => "withdrawn",
            State::Erased => "erased",
            State::Corrected => "corrected",
            State::ReadBack => "read-back",
            State::Verbatim => "verbatim",
            State::Copy => "copy",
            State::Original => "original",
            State::Helped => "helped",
        }
    }

    /// Every contribution is exactly one of themed, set aside, residue and unread.
    pub(crate) fn holds(self, entry: &Entry) -> bool {
        let themed = !entry.coded.themes.is_empty();
        match self {
            State::Read => themed || entry.attention != Attention::Unread,
            State::Themed => themed,
            State::SetAside => !themed && matches!(entry.attention, Attention::SetAside(_)),
            State::Residue => !themed && entry.attention == Attention::Read,
            State::Unread => entry.is_unread(),
            State::Held => matches!(entry.standing, Standing::Held(_)),
            State::Withdrawn => entry.standing == Standing::Withdrawn,
            State::Erased => entry.standing == Standing::Erased,
            State::Corrected => entry.corrections > 0,
            State::ReadBack => entry.read_back,
            State::Verbatim => entry.form == Form::Verbatim,
            State::Copy => entry.alike.is_some(),
            State::Original => entry.alike.is_none(),
            State::Helped => entry.coded.themes.iter().any(|theme| entry.was_suggested(*theme)),
        }
    }
}

/// A reason, or the name of an engine, in an address: the first eight bytes of its SHA-256, in hex, because it is a
/// sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReasonTag(u64);

impl ReasonTag {
    pub fn of(reason: &str) -> Self {
        let hash = Sha256::digest(reason.as_bytes());
        Self(hash.iter().take(8).fold(0, |tag, byte| tag << 8 | u64::from(*byte)))
    }
}

/// Why a contribution is in a state that somebody has to give a reason for.
pub fn reason_of(entry: &Entry, state: State) -> Option<&str> {
    match (state, entry.standing, &entry.attention) {
        (State::Held, Standing::Held(reason), _) => Some(reason.as_str()),
        (State::SetAside, _, Attention::SetAside(reason)) => Some(reason.as_str()),
        _ => None,
    }
}

/// Every reason that was given about a contribution.
pub(crate) fn reasons_of(entry: &Entry) -> impl Iterator<Item = &str> {
    [State::Held, State::SetAside].into_iter().filter_map(|state| reason_of(entry, state))
}

/// What a figure is "of": a count itself, so that it can be made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Of {
    pub value: u64,
    pub query: Query,
    pub unit: Unit,
}

impl Of {
    pub fn count(views: &Views, query: Query, unit: Unit) -> Self {
        Self { value: query.count(views, unit), query, unit }
    }
}

/// Which numbers are hidden because they could point at somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Suppression {
    /// None: what is counted here is public one by one.
    None,
    /// Counts of people from 1 to 7, and what would give them away.
    SmallCells,
}

/// Any number shown to anyone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Figure {
    pub value: u64,
    /// Of how many.
    pub of: Option<u64>,
    pub of_query: Option<Query>,
    pub of_unit: Option<Unit>,
    pub unit: Unit,
    pub query: Query,
    pub suppression: Suppression,
    /// The position of the record at which it was counted.
    pub position: u64,
}

impl Figure {
    /// A count that was made already, as a figure.
    pub(crate) fn counted(views: &Views, query: Query, unit: Unit, value: u64, of: Option<&Of>) -> Self {
        Self {
            value,
            of: of.map(|of| of.value),
            of_query: of.map(|of| of.query),
            of_unit: of.map(|of| of.unit),
            unit,
            query,
            suppression: Suppression::None,
            position: views.position,
        }
    }
}
