//! What the tests of the fold start from: a day of recorded events.

use std::path::Path;

use domain::event::Contributed;
use domain::{
    Channel, ContributionId, DutyRule, ErasedBy, Event, Form, HoldReason, Kind, Meta, Method, Name,
    OptionText, Poll, PollId, Purpose, QuestionText, Reason, RoundNumber, SeatNumber, TableNumber, ThemeId,
    ThemeName, Timestamp, Title, VoiceTag, Vote,
};
use event_log::{NewEvent, Sealed, Writer};
use projections::{Position, Recorded, Views};
use serde_json::value::RawValue;
use uuid::Uuid;

pub(crate) const ASSEMBLY: Uuid = Uuid::from_u128(0xa55e);
pub(crate) const MINUTE: u64 = 60_000;

/// One day: events are recorded one after the other, a second apart.
#[derive(Clone, Debug, Default)]
pub(crate) struct Day {
    pub(crate) events: Vec<Recorded>,
    now: u64,
}

/// Who speaks, and over which channel.
#[derive(Clone, Copy, Debug)]
pub(crate) enum By {
    Table(u16),
    Card(u16),
    Phone(u8),
    Bridge(u8),
    /// A row of an import, of somebody or of nobody in particular.
    Survey(u8),
    Import,
}

impl Day {
    /// Two rounds, of which the first is open, and three tables of eight.
    pub(crate) fn convened() -> Self {
        let mut day = Day::default();
        day.then(Event::Convened {
            title: Title::parse("Buses after six").unwrap(),
            purpose: Purpose::parse("Feeds the timetable").unwrap(),
            board: Name::parse("County transport board").unwrap(),
            time_zone: Name::parse("Europe/London").unwrap(),
        });
        for number in 1..=2 {
            let question = QuestionText::parse(&format!("What matters in {number}?")).unwrap();
            let title = Title::parse(&format!("Round {number}")).unwrap();
            day.then(Event::QuestionAsked { round: round(number), version: 1, title, question });
        }
        for number in 1..=3 {
            day.then(Event::TableSeated { table: table(number), seats: 8 });
        }
        day.then(Event::RoundOpened { round: round(1) });
        day
    }

    /// With theme 1, "Night buses", and theme 2, "Fares".
    pub(crate) fn with_themes() -> Self {
        let mut day = Day::convened();
        day.names(1, "Night buses").names(2, "Fares");
        day
    }

    /// From now on it is that many minutes past midnight.
    pub(crate) fn minute(&mut self, minute: u64) -> &mut Self {
        self.now = minute * MINUTE;
        self
    }

    pub(crate) fn then(&mut self, event: Event) -> &mut Self {
        self.record(event, None, None)
    }

    fn record(&mut self, event: Event, channel: Option<Channel>, voice: Option<VoiceTag>) -> &mut Self {
        self.now += 1_000;
        let position = Position::new(self.events.len() as u64 + 1).unwrap();
        let meta = Meta { at: Timestamp(self.now), channel, voice, device: None };
        let has_words =
            matches!(event, Event::Contributed(_) | Event::Corrected { .. } | Event::Understood { .. });
        let leaf = std::array::from_fn(|index| (position.get() >> (8 * (index % 8))) as u8);
        self.events.push(Recorded { position, event, meta, has_words, leaf });
        self
    }

    /// A plain point in round 1.
    pub(crate) fn says(&mut self, n: u128, by: By) -> &mut Self {
        self.tells(by, point(n, by))
    }

    pub(crate) fn tells(&mut self, by: By, said: Contributed) -> &mut Self {
        // A tag belongs to one question, so the same person has another one in another round.
        let tag =
            |person| VoiceTag([person, said.round.get() as u8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
        let (channel, voice) = match by {
            By::Table(_) => (Channel::Room, None),
            By::Card(_) => (Channel::Paper, None),
            By::Phone(person) => (Channel::Remote, Some(tag(person))),
            By::Bridge(person) => (Channel::Nats, Some(tag(person))),
            By::Survey(person) => (Channel::Import, Some(tag(person))),
            By::Import => (Channel::Import, None),
        };
        self.record(Event::Contributed(said), Some(channel), voice)
    }

    /// A blank row of an import.
    pub(crate) fn says_nothing(&mut self, n: u128) -> &mut Self {
        self.says(n, By::Import);
        self.events.iter_mut().last().unwrap().has_words = false;
        self
    }

    pub(crate) fn names(&mut self, n: u128, name: &str) -> &mut Self {
        self.then(Event::ThemeNamed { theme: theme(n), name: theme_name(name), definition: None })
    }

    /// The board owes a reply from that many tables or remote voices on.
    pub(crate) fn rules(&mut self, tables: u16, voices: u32) -> &mut Self {
        let owner = Name::parse("Director of buses").unwrap();
        let (tables_at_least, voices_at_least) = (Some(tables), Some(voices));
        let rule = DutyRule { tables_at_least, voices_at_least, working_days: 30, owner };
        self.then(Event::DutyRuleFixed { rule })
    }

    pub(crate) fn assigns(&mut self, contributions: impl IntoIterator<Item = u128>, to: u128) -> &mut Self {
        for n in contributions {
            self.then(Event::Assigned { contribution: said(n), theme: theme(to) });
        }
        self
    }

    pub(crate) fn merges(&mut self, from: u128, into: u128) -> &mut Self {
        self.then(Event::ThemeMerged { theme: theme(from), into: theme(into), reason: reason() })
    }

    /// A person at home reacts to a contribution of round 1.
    pub(crate) fn reacts(&mut self, person: u8, n: u128, vote: Vote) -> &mut Self {
        let voice = Some(VoiceTag([person; 16]));
        self.record(Event::Voted { contribution: said(n), vote }, Some(Channel::Remote), voice)
    }

    pub(crate) fn polls(&mut self, n: u128, method: Method, options: usize) -> &mut Self {
        let option = |n: usize| OptionText::parse(&format!("Option {n}")).unwrap();
        self.then(Event::PollOpened(Poll {
            poll: poll(n),
            round: None,
            question: QuestionText::parse("Which first?").unwrap(),
            method,
            options: (1..=options).map(option).collect(),
            lag_s: 30,
        }))
    }

    /// A person at home, or with a keypad in the room.
    pub(crate) fn votes(&mut self, n: u128, by: By, choice: &[u8]) -> &mut Self {
        let (channel, voice, seat) = match by {
            By::Phone(person) => (Channel::Remote, person, None),
            By::Bridge(keypad) => (Channel::Nats, keypad, SeatNumber::new(u16::from(keypad))),
            by => panic!("{by:?} has no voice"),
        };
        let ballot = Event::BallotCast { poll: poll(n), choice: choice.to_vec(), table: None, seat };
        self.record(ballot, Some(channel), Some(VoiceTag([voice; 16])))
    }

    /// A seat at a table.
    pub(crate) fn votes_at(&mut self, n: u128, at: u16, seat: u16, choice: &[u8]) -> &mut Self {
        let (table, seat) = (TableNumber::new(at), SeatNumber::new(seat));
        let ballot = Event::BallotCast { poll: poll(n), choice: choice.to_vec(), table, seat };
        self.record(ballot, Some(Channel::Room), None)
    }

    /// Hands, found by two people.
    pub(crate) fn counts_hands(&mut self, n: u128, at: Option<u16>, counts: &[u32]) -> &mut Self {
        let (poll, table, counts) = (poll(n), at.and_then(TableNumber::new), counts.to_vec());
        self.then(Event::HandCountEntered { poll, table, counts: counts.clone() });
        self.then(Event::HandCountConfirmed { poll, table, counts })
    }

    pub(crate) fn erases(&mut self, n: u128) -> &mut Self {
        self.then(Event::Erased { contribution: said(n), by: ErasedBy::Contributor, reason: None })
    }

    pub(crate) fn withdraws(&mut self, n: u128) -> &mut Self {
        self.then(Event::Withdrawn { contribution: said(n) })
    }

    pub(crate) fn holds(&mut self, n: u128) -> &mut Self {
        self.then(Event::Held { contribution: said(n), reason: HoldReason::Abuse })
    }

    pub(crate) fn reads(&mut self, n: u128) -> &mut Self {
        self.then(Event::Read { contribution: said(n) })
    }

    pub(crate) fn sets_aside(&mut self, n: u128) -> &mut Self {
        self.then(Event::SetAside { contribution: said(n), reason: reason() })
    }

    /// The day as it was after that many events.
    pub(crate) fn until(&self, events: usize) -> Day {
        Day { events: self.events[..events].to_vec(), now: self.now }
    }

    /// The day with the leaves that it has in this record: every seal is new, and so is every leaf.
    pub(crate) fn as_in(&self, folder: &Path) -> Day {
        let mut day = self.clone();
        let record = event_log::Reader::open(folder).unwrap();
        for (event, recorded) in day.events.iter_mut().zip(record.page(None, usize::MAX).unwrap()) {
            event.leaf = recorded.leaf;
        }
        day
    }

    pub(crate) fn views(&self) -> Views {
        let mut views = Views::default();
        for recorded in &self.events {
            views.apply(recorded);
        }
        views
    }

    /// Records the whole day in `folder`, as the sequencer would.
    pub(crate) fn write(&self, folder: &Path) -> Writer {
        let mut writer = Writer::create(folder, ASSEMBLY).unwrap();
        append(&mut writer, &self.events);
        writer
    }
}

/// Appends each event in a batch of its own, so that each keeps its time.
pub(crate) fn append(writer: &mut Writer, events: &[Recorded]) {
    for recorded in events {
        writer.append(&[new_event(recorded)], recorded.meta.at.millis()).unwrap();
    }
}

pub(crate) fn new_event(recorded: &Recorded) -> NewEvent {
    let event = &recorded.event;
    let tagged = serde_json::to_string(event).unwrap();
    let payload = &tagged[event.kind().len() + 4..tagged.len() - 1];
    NewEvent {
        kind: event.kind().to_owned(),
        schema: 1,
        stream: event.stream(),
        channel: recorded.meta.channel.map(|channel| channel.as_str().to_owned()),
        device: None,
        voice: recorded.meta.voice.map(String::from),
        id: None,
        reference: event.reference(),
        payload: RawValue::from_string(payload.to_owned()).unwrap(),
        words: recorded.has_words.then(|| Sealed::new(&words(recorded.position).unwrap()).unwrap()),
    }
}

/// The words that every test opens at a position; they are long enough to be quoted.
pub(crate) fn words(at: Position) -> Option<String> {
    Some(format!("What was said at position {at}, in the words of whoever said it."))
}

pub(crate) fn point(n: u128, by: By) -> Contributed {
    let table = match by {
        By::Table(number) | By::Card(number) => TableNumber::new(number),
        _ => None,
    };
    Contributed {
        contribution: said(n),
        round: round(1),
        version: 1,
        table,
        kind: Kind::Point,
        form: Form::Verbatim,
        read_back: false,
        heard_from: None,
        said_at: None,
    }
}

pub(crate) fn round(number: u16) -> RoundNumber {
    RoundNumber::new(number).unwrap()
}

pub(crate) fn table(number: u16) -> TableNumber {
    TableNumber::new(number).unwrap()
}

pub(crate) fn said(n: u128) -> ContributionId {
    ContributionId(Uuid::from_u128(0xc0 << 64 | n))
}

pub(crate) fn poll(n: u128) -> PollId {
    PollId(Uuid::from_u128(0x90 << 64 | n))
}

pub(crate) fn theme(n: u128) -> ThemeId {
    ThemeId(Uuid::from_u128(0x7e << 64 | n))
}

pub(crate) fn theme_name(name: &str) -> ThemeName {
    ThemeName::parse(name).unwrap()
}

pub(crate) fn reason() -> Reason {
    Reason::parse("The table agreed").unwrap()
}
