//! Which contributions, or whose ballots, a figure rests on.

use std::collections::BTreeSet;
use std::fmt;

use domain::{
    AttributeNumber, Channel, GroupNumber, Kind, LinkId, PollId, RoundNumber, SampleId, TableNumber, ThemeId,
    VoiceTag,
};
use event_log::Position;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::count::{Unit, count_in};
use super::{Figure, Of, ReasonTag, Side, State, reasons_of};
use crate::views::{Entry, Views};

/// An absent part does not narrow it.
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
    /// Whoever has read it, an engine had taken it to be about that theme before.
    pub helped: Option<ThemeId>,
    /// That engine was the last to suggest themes for it.
    pub engine: Option<ReasonTag>,
    /// What was said there, and what says nearly the same.
    pub copies: Option<Position>,
    /// The one contribution there.
    pub position: Option<Position>,
    /// It came in through that link: one table's tablet, one bridge, or the link that everybody at home shares.
    pub link: Option<LinkId>,
    /// It came in through any other link, or through none.
    pub but_link: Option<LinkId>,
    /// Its voice has said nothing outside of that theme.
    pub sole: Option<ThemeId>,
    /// It was drawn in that sample.
    pub sample: Option<SampleId>,
    /// Ballots of that poll, and no contributions.
    pub poll: Option<PollId>,
    /// That option of the poll, from 1.
    pub option: Option<u8>,
    /// Members by that attribute, and no contributions.
    pub attribute: Option<AttributeNumber>,
    /// Those members of the attribute's group with that number.
    pub group: Option<GroupNumber>,
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

    pub fn position(position: Position) -> Self {
        Query { position: Some(position), ..Query::default() }
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
            && self.position.is_none_or(|one| one == position)
            && self.link.is_none_or(|link| entry.device == Some(link))
            && self.but_link.is_none_or(|link| entry.device != Some(link))
            && self.suggested.is_none_or(|theme| entry.is_suggested_unread(theme))
            && self.helped.is_none_or(|theme| entry.was_suggested(theme))
            && self.engine.is_none_or(|tag| entry.engine().is_some_and(|name| ReasonTag::of(name) == tag))
            && self.reason.is_none_or(|tag| reasons_of(entry).any(|reason| ReasonTag::of(reason) == tag))
            && self.poll.is_none()
            && self.attribute.is_none()
            && self.group.is_none()
    }

    /// The contributions, in the order in which they were recorded.
    pub fn select<'a>(&self, views: &'a Views) -> Vec<(Position, &'a Entry)> {
        let elsewhere = self.sole.map(|theme| said_elsewhere(views, theme)).unwrap_or_default();
        let drawn = self.sample.map(|sample| drawn_in(views, sample));
        let all: Box<dyn Iterator<Item = (Position, &'a Entry)>> = match self.theme {
            Some(theme) => Box::new(views.of_theme(theme)),
            None => Box::new(views.entries.iter().map(|(position, entry)| (*position, entry))),
        };
        let is_sole = |entry: &Entry| entry.voice.is_some_and(|voice| !elsewhere.contains(&voice));
        all.filter(|(position, entry)| self.holds(*position, entry))
            .filter(|(_, entry)| self.sole.is_none() || is_sole(entry))
            .filter(|(position, _)| drawn.as_ref().is_none_or(|drawn| drawn.contains(position)))
            .collect()
    }

    /// The contributions that a count in `unit` rests on; ballots and members are no contributions.
    pub fn behind<'a>(&self, views: &'a Views, unit: Unit) -> Vec<(Position, &'a Entry)> {
        if unit.is_about_members() { Vec::new() } else { self.select(views) }
    }

    /// How many there are, counted in `unit`.
    pub fn count(&self, views: &Views, unit: Unit) -> u64 {
        count_in(views, self, unit)
    }

    /// The count as a figure that knows where it comes from.
    pub fn figure(&self, views: &Views, unit: Unit, of: Option<&Of>) -> Figure {
        Figure::counted(views, *self, unit, self.count(views, unit), of)
    }

    /// Reads the text form back. Unknown names and values are passed over: an old link still opens.
    pub fn parse(text: &str) -> Self {
        let mut query = Query::default();
        for (name, value) in text.split('&').filter_map(|pair| pair.split_once('=')) {
            query.read(name, value);
        }
        query
    }

    /// Reads the text form back if all of it is understood.
    pub fn parse_all(text: &str) -> Option<Self> {
        let query = Query::parse(text);
        let parts = |text: &str| text.split('&').filter(|part| !part.is_empty()).count();
        (parts(&query.to_string()) == parts(text)).then_some(query)
    }

    fn read(&mut self, name: &str, value: &str) {
        let tag = || u64::from_str_radix(value, 16).ok().map(ReasonTag);
        let position = || value.parse().ok().and_then(Position::new);
        match name {
            "theme" => self.theme = value.parse().ok(),
            "round" => self.round = value.parse().ok(),
            "side" => self.side = Side::ALL.into_iter().find(|side| side.as_str() == value),
            "channel" => self.channel = Channel::named(value),
            "table" => self.table = value.parse().ok(),
            "kind" => self.kind = Kind::ALL.into_iter().find(|kind| kind.as_str() == value),
            "state" => self.state = State::ALL.into_iter().find(|state| state.as_str() == value),
            "copies" => self.copies = position(),
            "position" => self.position = position(),
            "link" => self.link = value.parse().ok(),
            "but-link" => self.but_link = value.parse().ok(),
            "suggested" => self.suggested = value.parse().ok(),
            "helped" => self.helped = value.parse().ok(),
            "engine" => self.engine = tag(),
            "reason" => self.reason = tag(),
            "sole" => self.sole = value.parse().ok(),
            "sample" => self.sample = value.parse().ok(),
            "poll" => self.poll = value.parse().ok(),
            "option" => self.option = value.parse().ok(),
            "attribute" => self.attribute = value.parse().ok(),
            "group" => self.group = value.parse().ok(),
            _ => {}
        }
    }
}

/// The voices that have said something that is not in the theme.
fn said_elsewhere(views: &Views, theme: ThemeId) -> BTreeSet<VoiceTag> {
    let elsewhere = views.entries.values().filter(|entry| !entry.coded.themes.contains(&theme));
    elsewhere.filter_map(|entry| entry.voice).collect()
}

fn drawn_in(views: &Views, sample: SampleId) -> BTreeSet<Position> {
    let drawn = views.frame.samples.iter().filter(|drawn| drawn.sample.sample == sample);
    let ids = drawn.flat_map(|drawn| &drawn.sample.contributions);
    ids.filter_map(|id| views.entry(*id)).map(|(position, _)| position).collect()
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tag = |tag: ReasonTag| format!("{:016x}", tag.0);
        let parts = [
            ("theme", self.theme.map(|theme| theme.to_string())),
            ("round", self.round.map(|round| round.to_string())),
            ("side", self.side.map(|side| side.as_str().to_owned())),
            ("channel", self.channel.map(|channel| channel.as_str().to_owned())),
            ("table", self.table.map(|table| table.to_string())),
            ("kind", self.kind.map(|kind| kind.as_str().to_owned())),
            ("state", self.state.map(|state| state.as_str().to_owned())),
            ("copies", self.copies.map(|first| first.to_string())),
            ("position", self.position.map(|position| position.to_string())),
            ("link", self.link.map(|link| link.to_string())),
            ("but-link", self.but_link.map(|link| link.to_string())),
            ("suggested", self.suggested.map(|theme| theme.to_string())),
            ("helped", self.helped.map(|theme| theme.to_string())),
            ("engine", self.engine.map(tag)),
            ("reason", self.reason.map(tag)),
            ("sole", self.sole.map(|theme| theme.to_string())),
            ("sample", self.sample.map(|sample| sample.to_string())),
            ("poll", self.poll.map(|poll| poll.to_string())),
            ("option", self.option.map(|option| option.to_string())),
            ("attribute", self.attribute.map(|attribute| attribute.to_string())),
            ("group", self.group.map(|group| group.to_string())),
        ];
        let named =
            parts.into_iter().filter_map(|(name, value)| value.map(|value| format!("{name}={value}")));
        f.write_str(&named.collect::<Vec<_>>().join("&"))
    }
}

impl<'de> Deserialize<'de> for Query {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Query::parse(&text))
    }
}

impl Serialize for Query {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
