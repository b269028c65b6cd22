//! A figure is a query, a log position and a denominator; never typed text.
//!
//! [`Query::select`] gives the contributions, [`Query::count`] counts exactly those. The text form of a query is the
//! query string of the page that lists them.

use std::collections::BTreeSet;
use std::fmt;

use domain::{Channel, Form, Kind, RoundNumber, TableNumber, ThemeId};
use serde::{Deserialize, Serialize, Serializer};
use sha2::{Digest, Sha256};

use event_log::Position;

use crate::views::{Attention, Entry, Standing, Views};

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

    pub fn as_str(self) -> &'static str {
        match self {
            Side::Room => "room",
            Side::Remote => "remote",
            Side::Other => "other",
        }
    }
}

/// What is counted.
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
}

impl Unit {
    pub fn as_str(self) -> &'static str {
        match self {
            Unit::Contributions => "contributions",
            Unit::Tables => "tables",
            Unit::Voices => "voices",
            Unit::HeardFrom => "heard-from",
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
}

impl State {
    pub const ALL: [State; 13] = [
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
        }
    }
}

/// Which contributions a figure rests on. An absent part does not narrow it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Query {
    pub theme: Option<ThemeId>,
    pub round: Option<RoundNumber>,
    pub side: Option<Side>,
    pub channel: Option<Channel>,
    pub table: Option<TableNumber>,
    pub kind: Option<Kind>,
    pub state: Option<State>,
    /// Why it was held back or set aside.
    pub reason: Option<ReasonTag>,
    /// Unread, and an engine takes it to be about that theme.
    pub suggested: Option<ThemeId>,
    /// What was said there, and what says nearly the same.
    pub copies: Option<Position>,
}

/// A reason in an address: the first eight bytes of its SHA-256, in hex, because a reason is a sentence.
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

impl Query {
    pub fn theme(theme: ThemeId) -> Self {
        Query { theme: Some(theme), ..Query::default() }
    }

    pub fn suggested(theme: ThemeId) -> Self {
        Query { suggested: Some(theme), ..Query::default() }
    }

    pub fn state(state: State) -> Self {
        Query { state: Some(state), ..Query::default() }
    }

    pub fn in_round(self, round: Option<RoundNumber>) -> Self {
        Query { round, ..self }
    }

    pub fn on(self, side: Side) -> Self {
        Query { side: Some(side), ..self }
    }

    pub fn in_state(self, state: State) -> Self {
        Query { state: Some(state), ..self }
    }

    pub fn because(self, reason: &str) -> Self {
        Query { reason: Some(ReasonTag::of(reason)), ..self }
    }

    fn holds(&self, position: Position, entry: &Entry) -> bool {
        self.round.is_none_or(|round| round == entry.round)
            && self.side.is_none_or(|side| side == Side::of(entry.channel))
            && self.channel.is_none_or(|channel| channel == entry.channel)
            && self.table.is_none_or(|table| Some(table) == entry.table)
            && self.kind.is_none_or(|kind| kind == entry.kind)
            && self.state.is_none_or(|state| state.holds(entry))
            && self.copies.is_none_or(|first| first == position || entry.alike == Some(first))
            && self.suggested.is_none_or(|theme| entry.is_suggested_unread(theme))
            && self.reason.is_none_or(|tag| reasons_of(entry).any(|reason| ReasonTag::of(reason) == tag))
    }

    /// The contributions, in the order in which they were recorded.
    pub fn select<'a>(&self, views: &'a Views) -> Vec<(Position, &'a Entry)> {
        let all: Box<dyn Iterator<Item = (Position, &'a Entry)>> = match self.theme {
            Some(theme) => Box::new(views.of_theme(theme)),
            None => Box::new(views.entries.iter().map(|(position, entry)| (*position, entry))),
        };
        all.filter(|(position, entry)| self.holds(*position, entry)).collect()
    }

    /// How many there are, counted in `unit`.
    pub fn count(&self, views: &Views, unit: Unit) -> u64 {
        count(&self.select(views), unit)
    }

    /// The count as a figure that knows where it comes from.
    pub fn figure(&self, views: &Views, unit: Unit, of: Option<u64>) -> Figure {
        Figure { value: self.count(views, unit), of, unit, query: *self, position: views.position }
    }

    /// Reads the text form back. Unknown names and values are passed over: an old link still opens.
    pub fn parse(text: &str) -> Self {
        let mut query = Query::default();
        for (name, value) in text.split('&').filter_map(|pair| pair.split_once('=')) {
            match name {
                "theme" => query.theme = value.parse().ok(),
                "round" => query.round = value.parse().ok(),
                "side" => query.side = sides().find(|side| side.as_str() == value),
                "channel" => query.channel = Channel::named(value),
                "table" => query.table = value.parse().ok(),
                "kind" => query.kind = Kind::ALL.into_iter().find(|kind| kind.as_str() == value),
                "state" => query.state = State::ALL.into_iter().find(|state| state.as_str() == value),
                "copies" => query.copies = value.parse().ok().and_then(Position::new),
                "suggested" => query.suggested = value.parse().ok(),
                "reason" => query.reason = u64::from_str_radix(value, 16).ok().map(ReasonTag),
                _ => {}
            }
        }
        query
    }
}

fn sides() -> impl Iterator<Item = Side> {
    [Side::Room, Side::Remote, Side::Other].into_iter()
}

/// Counts a selection in `unit`.
pub fn count(selected: &[(Position, &Entry)], unit: Unit) -> u64 {
    let entries = selected.iter().map(|(_, entry)| *entry);
    let number = match unit {
        Unit::Contributions => selected.len(),
        Unit::Tables => entries.filter_map(|entry| entry.table).collect::<BTreeSet<_>>().len(),
        Unit::Voices => entries.filter_map(|entry| entry.voice).collect::<BTreeSet<_>>().len(),
        Unit::HeardFrom => return heard_from(entries),
    };
    number as u64
}

/// The same people back several points at one table, so a table counts with its largest tap count.
fn heard_from<'a>(entries: impl Iterator<Item = &'a Entry>) -> u64 {
    let mut largest = std::collections::BTreeMap::new();
    for entry in entries {
        if let (Some(table), Some(heard)) = (entry.table, entry.heard_from) {
            let most = largest.entry(table).or_insert(0);
            *most = heard.max(*most);
        }
    }
    largest.values().map(|heard| u64::from(*heard)).sum()
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            ("theme", self.theme.map(|theme| theme.to_string())),
            ("round", self.round.map(|round| round.to_string())),
            ("side", self.side.map(|side| side.as_str().to_owned())),
            ("channel", self.channel.map(|channel| channel.as_str().to_owned())),
            ("table", self.table.map(|table| table.to_string())),
            ("kind", self.kind.map(|kind| kind.as_str().to_owned())),
            ("state", self.state.map(|state| state.as_str().to_owned())),
            ("copies", self.copies.map(|first| first.to_string())),
            ("suggested", self.suggested.map(|theme| theme.to_string())),
            ("reason", self.reason.map(|reason| format!("{:016x}", reason.0))),
        ];
        let named =
            parts.into_iter().filter_map(|(name, value)| value.map(|value| format!("{name}={value}")));
        f.write_str(&named.collect::<Vec<_>>().join("&"))
    }
}

impl Serialize for Query {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for Unit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Any number shown to anyone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Figure {
    pub value: u64,
    /// Of how many, in the same unit.
    pub of: Option<u64>,
    pub unit: Unit,
    pub query: Query,
    /// The position of the record at which it was counted.
    pub position: u64,
}
