//! The state that the rules need, and how each event changes it. The rules themselves stand in `decide.rs`.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::card::CardNumber;
use crate::code_frame::CodeFrame;
use crate::coding::Coded;
use crate::command::{CastBallot, Command};
use crate::date::Date;
use crate::decide;
use crate::event::{Channel, Contributed, Event};
use crate::ids::{ContributionId, LinkId, PollId, RoundNumber, TableNumber, ThemeId, VoiceTag};
use crate::paper::Paper;
use crate::poll::Poll;
use crate::rejection::Rejection;
use crate::role::Actor;
use crate::text::{ContributionText, Name};
use crate::time::Timestamp;

/// Most themes in one code frame.
pub const THEMES_MAX: usize = 500;
/// Most people that one table can say it heard a thing from.
pub const HEARD_FROM_MAX: u16 = 1_000;

/// What the rules are told besides the command: nothing here is taken from the command's sender but the role.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    pub at: Timestamp,
    /// Which day that is in the assembly's own time zone.
    pub today: Date,
    pub actor: Actor,
    pub channel: Channel,
    /// The sender's tag within the question that the command is about.
    pub voice: Option<VoiceTag>,
    /// Random bytes of the server's own, for samples; nobody who asks for one can choose them.
    pub lot: [u8; 16],
}

/// What stands beside an event in the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meta {
    pub at: Timestamp,
    pub channel: Option<Channel>,
    pub voice: Option<VoiceTag>,
    /// The link of whoever caused it.
    pub device: Option<LinkId>,
}

/// The question within which a voice is tagged; its tags of two questions cannot be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    Round(RoundNumber),
    Poll(PollId),
}

/// An event that is to be recorded, with the private words that belong to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    pub event: Event,
    pub words: Option<ContributionText>,
}

impl From<Event> for Fact {
    fn from(event: Event) -> Self {
        Fact { event, words: None }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoundState {
    Planned,
    Open,
    Closed,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Stage {
    #[default]
    NotConvened,
    Convened,
    Closed,
}

#[derive(Clone, Debug)]
pub(crate) struct Round {
    pub(crate) version: u16,
    pub(crate) state: RoundState,
    /// When it was closed last, if it is closed.
    pub(crate) closed_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Seated {
    pub(crate) seats: u16,
    /// The table that speaks for its people now, and since when.
    pub(crate) merged: Option<(TableNumber, Timestamp)>,
}

#[derive(Clone, Debug)]
pub(crate) struct PollState {
    pub(crate) asked: Poll,
    /// Set when it has closed: until then people at home may still vote.
    pub(crate) remote_until: Option<Timestamp>,
    /// What was counted by hand and waits for a second person, by table; `None` is the whole room.
    pub(crate) hands: BTreeMap<Option<TableNumber>, Hands>,
}

#[derive(Clone, Debug)]
pub(crate) struct Hands {
    pub(crate) counts: Vec<u32>,
    pub(crate) by: Option<LinkId>,
}

/// A revoked link is kept, so that its id never names another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LinkState {
    Issued,
    Revoked,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Stands,
    Held,
    Withdrawn,
    Erased,
}

/// What the theme team has done with a contribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attention {
    Unread,
    Read,
    SetAside,
}

#[derive(Clone, Debug)]
pub(crate) struct Said {
    pub(crate) round: RoundNumber,
    pub(crate) table: Option<TableNumber>,
    pub(crate) voice: Option<VoiceTag>,
    pub(crate) standing: Standing,
    pub(crate) read_back: bool,
    /// How often its words were corrected.
    pub(crate) corrections: u16,
    pub(crate) attention: Attention,
    pub(crate) coded: Coded,
    /// The link of whoever coded it last.
    pub(crate) coder: Option<LinkId>,
    /// Whether a second person has coded it too.
    pub(crate) coded_again: bool,
    /// The earlier contribution that it is nearly a copy of.
    pub(crate) alike: Option<ContributionId>,
    /// A person found that it is no copy.
    pub(crate) apart: bool,
    /// The themes whose quotes it was pinned among.
    pub(crate) pinned: BTreeSet<ThemeId>,
}

/// One assembly, as the sequencer knows it while it decides.
#[derive(Clone, Debug, Default)]
pub struct Assembly {
    pub(crate) stage: Stage,
    pub(crate) time_zone: Option<Name>,
    pub(crate) rounds: BTreeMap<RoundNumber, Round>,
    pub(crate) tables: BTreeMap<TableNumber, Seated>,
    pub(crate) links: BTreeMap<LinkId, LinkState>,
    pub(crate) frame: CodeFrame,
    pub(crate) said: HashMap<ContributionId, Said>,
    pub(crate) cards: BTreeSet<CardNumber>,
    pub(crate) polls: BTreeMap<PollId, PollState>,
    pub(crate) paper: Paper,
}

impl Assembly {
    /// What the command makes happen, in order, or why it may not. Nothing changes until [`Assembly::evolve`].
    pub fn decide(&self, command: &Command, context: &Context) -> Result<Vec<Fact>, Rejection> {
        decide::decide(self, command, context)
    }

    /// Folds one recorded event. It never fails: what is in the record has happened.
    pub fn evolve(&mut self, event: &Event, meta: &Meta) {
        match event {
            Event::Convened { time_zone, .. } => {
                self.stage = Stage::Convened;
                self.time_zone = Some(time_zone.clone());
            }
            Event::Closed {} => self.stage = Stage::Closed,
            Event::TableSeated { table, seats } | Event::TableSplit { into: table, seats, .. } => {
                self.tables.insert(*table, Seated { seats: *seats, merged: None });
            }
            Event::TableMerged { table, into } => {
                self.tables.entry(*table).and_modify(|seated| seated.merged = Some((*into, meta.at)));
            }
            Event::QuestionAsked { round, version, .. } => {
                let asked = Round { version: *version, state: RoundState::Planned, closed_at: None };
                self.rounds.insert(*round, asked);
            }
            Event::RoundOpened { round } => self.set_round(*round, RoundState::Open, None),
            Event::RoundClosed { round } => self.set_round(*round, RoundState::Closed, Some(meta.at)),
            Event::LinkIssued { link, .. } => {
                self.links.insert(*link, LinkState::Issued);
            }
            Event::LinkRevoked { link } => {
                self.links.insert(*link, LinkState::Revoked);
            }
            Event::Contributed(said) => self.contributed(said, meta),
            Event::CardKeyed { card, .. } => drop(self.cards.insert(card.clone())),
            Event::CountdownSet { .. }
            | Event::ScreenSet { .. }
            | Event::TableMoved { .. }
            | Event::Voted { .. } => {}
            event if self.paper.evolve(event) => {}
            event if event.poll().is_some() => self.evolve_poll(event, meta),
            event => self.evolve_coding(event, meta),
        }
    }

    fn evolve_poll(&mut self, event: &Event, meta: &Meta) {
        if let Event::PollOpened(asked) = event {
            let opened = PollState { asked: asked.clone(), remote_until: None, hands: BTreeMap::new() };
            self.polls.insert(asked.poll, opened);
        }
        let Some(poll) = event.poll().and_then(|id| self.polls.get_mut(&id)) else { return };
        match event {
            Event::HandCountEntered { table, counts, .. } => {
                poll.hands.insert(*table, Hands { counts: counts.clone(), by: meta.device });
            }
            Event::HandCountConfirmed { table, .. } => drop(poll.hands.remove(table)),
            Event::PollClosed { remote_until, .. } => poll.remote_until = Some(*remote_until),
            _ => {}
        }
    }

    /// The table that spoke for the people of `table` at that time.
    pub(crate) fn table_at(&self, table: TableNumber, at: Timestamp) -> TableNumber {
        let mut now = table;
        // Tables are merged into tables, so a chain is never longer than there are tables.
        for _ in 0..self.tables.len() {
            match self.tables.get(&now).and_then(|seated| seated.merged) {
                Some((into, since)) if since <= at => now = into,
                _ => break,
            }
        }
        now
    }

    fn evolve_coding(&mut self, event: &Event, meta: &Meta) {
        match event.contribution() {
            Some(id) => {
                if let Some(said) = self.said.get_mut(&id) {
                    said.evolve(event, meta);
                }
            }
            None => self.frame.evolve(&mut self.said, event),
        }
    }

    fn contributed(&mut self, said: &Contributed, meta: &Meta) {
        let known = Said {
            round: said.round,
            table: said.table,
            voice: meta.voice,
            standing: Standing::Stands,
            read_back: said.read_back,
            corrections: 0,
            attention: Attention::Unread,
            coded: Coded::default(),
            coder: None,
            coded_again: false,
            alike: None,
            apart: false,
            pinned: BTreeSet::new(),
        };
        self.said.insert(said.contribution, known);
    }

    fn set_round(&mut self, round: RoundNumber, state: RoundState, closed_at: Option<Timestamp>) {
        if let Some(round) = self.rounds.get_mut(&round) {
            round.state = state;
            round.closed_at = closed_at;
        }
    }

    /// Whether the organiser has closed the assembly for good.
    pub fn is_closed(&self) -> bool {
        self.stage == Stage::Closed
    }

    /// Whose clock hangs on its wall; `None` until it is convened.
    pub fn time_zone(&self) -> Option<&Name> {
        self.time_zone.as_ref()
    }

    /// The round in which people may speak just now.
    pub fn open_round(&self) -> Option<RoundNumber> {
        self.rounds.iter().find(|(_, round)| round.state == RoundState::Open).map(|(number, _)| *number)
    }

    /// Every round that was ever planned: a voice has one tag for each.
    pub fn rounds(&self) -> impl Iterator<Item = RoundNumber> {
        self.rounds.keys().copied()
    }

    /// What a command answers: voices are tagged per question.
    pub fn question_of(&self, command: &Command) -> Option<Asked> {
        match command {
            Command::Contribute(said) => said.round.or_else(|| self.open_round()).map(Asked::Round),
            Command::Correct { contribution, .. }
            | Command::Withdraw { contribution }
            | Command::Vote { contribution, .. }
            | Command::Erase { contribution, .. } => {
                self.said.get(contribution).map(|said| Asked::Round(said.round))
            }
            Command::CastBallot(CastBallot { poll, .. }) => Some(Asked::Poll(*poll)),
            _ => None,
        }
    }
}

impl Said {
    fn evolve(&mut self, event: &Event, meta: &Meta) {
        match event {
            Event::Corrected { .. } => self.corrections = self.corrections.saturating_add(1),
            Event::ReadBack { .. } => self.read_back = true,
            Event::Withdrawn { .. } => self.standing = Standing::Withdrawn,
            Event::Erased { .. } => self.standing = Standing::Erased,
            Event::Held { .. } => self.standing = Standing::Held,
            Event::Released { .. } => self.standing = Standing::Stands,
            Event::Assigned { theme, .. } => {
                self.coded.themes.insert(*theme);
                self.marked(Attention::Read, meta);
            }
            Event::Unassigned { theme, .. } => {
                self.coded.themes.remove(theme);
            }
            Event::Read { .. } => self.marked(Attention::Read, meta),
            Event::SetAside { .. } => self.marked(Attention::SetAside, meta),
            Event::PutBack { .. } => {
                self.attention = Attention::Unread;
                self.coder = None;
                self.coded_again = false;
            }
            Event::CodedAgain { .. } => self.coded_again = true,
            Event::AlikeFound { first, .. } => self.alike = Some(*first),
            Event::ToldApart { .. } => (self.alike, self.apart) = (None, true),
            Event::QuotePinned { theme, .. } => drop(self.pinned.insert(*theme)),
            Event::QuoteUnpinned { theme, .. } => drop(self.pinned.remove(theme)),
            _ => {}
        }
    }

    fn marked(&mut self, attention: Attention, meta: &Meta) {
        self.attention = attention;
        self.coder = meta.device;
    }
}
