//! The state that the rules need, and how each event changes it. The rules themselves stand in `decide.rs`.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::command::Command;
use crate::decide;
use crate::event::{Channel, Contributed, Event};
use crate::ids::{ContributionId, LinkId, RoundNumber, TableNumber, ThemeId, VoiceTag};
use crate::rejection::Rejection;
use crate::role::Actor;
use crate::text::{ContributionText, ThemeName};
use crate::time::Timestamp;

/// Most themes in one code frame.
pub const THEMES_MAX: usize = 500;
/// Most people that one table can say it heard a thing from.
pub const HEARD_FROM_MAX: u16 = 1_000;

/// What the rules are told besides the command: nothing here is taken from the command's sender but the role.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    pub at: Timestamp,
    pub actor: Actor,
    pub channel: Channel,
    /// The sender's tag within the question that the command is about.
    pub voice: Option<VoiceTag>,
}

/// What stands beside an event in the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meta {
    pub at: Timestamp,
    pub channel: Option<Channel>,
    pub voice: Option<VoiceTag>,
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
}

/// A revoked link is kept, so that its id never names another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LinkState {
    Issued,
    Revoked,
}

#[derive(Clone, Debug)]
pub(crate) struct Theme {
    pub(crate) name: ThemeName,
    pub(crate) live: bool,
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
    pub(crate) attention: Attention,
    pub(crate) themes: BTreeSet<ThemeId>,
}

/// One assembly, as the sequencer knows it while it decides.
#[derive(Clone, Debug, Default)]
pub struct Assembly {
    pub(crate) stage: Stage,
    pub(crate) rounds: BTreeMap<RoundNumber, Round>,
    pub(crate) tables: BTreeMap<TableNumber, u16>,
    pub(crate) links: BTreeMap<LinkId, LinkState>,
    pub(crate) themes: BTreeMap<ThemeId, Theme>,
    pub(crate) said: HashMap<ContributionId, Said>,
}

impl Assembly {
    /// What the command makes happen, in order, or why it may not. Nothing changes until [`Assembly::evolve`].
    pub fn decide(&self, command: &Command, context: &Context) -> Result<Vec<Fact>, Rejection> {
        decide::decide(self, command, context)
    }

    /// Folds one recorded event. It never fails: what is in the record has happened.
    pub fn evolve(&mut self, event: &Event, meta: &Meta) {
        match event {
            Event::Convened { .. } => self.stage = Stage::Convened,
            Event::Closed {} => self.stage = Stage::Closed,
            Event::TableSeated { table, seats } => {
                self.tables.insert(*table, *seats);
            }
            Event::QuestionAsked { round, version, .. } => {
                self.rounds.insert(*round, Round { version: *version, state: RoundState::Planned });
            }
            Event::RoundOpened { round } => self.set_round(*round, RoundState::Open),
            Event::RoundClosed { round } => self.set_round(*round, RoundState::Closed),
            Event::LinkIssued { link, .. } => {
                self.links.insert(*link, LinkState::Issued);
            }
            Event::LinkRevoked { link } => {
                self.links.insert(*link, LinkState::Revoked);
            }
            Event::Contributed(said) => self.contributed(said, meta),
            Event::DutyRuleFixed { .. } => {}
            event => self.evolve_coding(event),
        }
    }

    fn evolve_coding(&mut self, event: &Event) {
        match event {
            Event::ThemeNamed { theme, name, .. } => {
                self.themes.insert(*theme, Theme { name: name.clone(), live: true });
            }
            Event::ThemeRenamed { theme, name, .. } => {
                if let Some(theme) = self.themes.get_mut(theme) {
                    theme.name = name.clone();
                }
            }
            Event::ThemeMerged { theme, into, .. } => self.merged(*theme, *into),
            Event::ThemeRetired { theme, .. } => {
                self.retire(*theme);
                for said in self.said.values_mut() {
                    said.themes.remove(theme);
                }
            }
            event => {
                if let Some(said) = event.contribution().and_then(|id| self.said.get_mut(&id)) {
                    said.evolve(event);
                }
            }
        }
    }

    fn contributed(&mut self, said: &Contributed, meta: &Meta) {
        let known = Said {
            round: said.round,
            table: said.table,
            voice: meta.voice,
            standing: Standing::Stands,
            read_back: said.read_back,
            attention: Attention::Unread,
            themes: BTreeSet::new(),
        };
        self.said.insert(said.contribution, known);
    }

    fn set_round(&mut self, round: RoundNumber, state: RoundState) {
        if let Some(round) = self.rounds.get_mut(&round) {
            round.state = state;
        }
    }

    fn merged(&mut self, from: ThemeId, into: ThemeId) {
        self.retire(from);
        for said in self.said.values_mut() {
            if said.themes.remove(&from) {
                said.themes.insert(into);
            }
        }
    }

    fn retire(&mut self, theme: ThemeId) {
        if let Some(theme) = self.themes.get_mut(&theme) {
            theme.live = false;
        }
    }

    /// Whether the organiser has closed the assembly for good.
    pub fn is_closed(&self) -> bool {
        self.stage == Stage::Closed
    }

    /// The round in which people may speak just now.
    pub fn open_round(&self) -> Option<RoundNumber> {
        self.rounds.iter().find(|(_, round)| round.state == RoundState::Open).map(|(number, _)| *number)
    }

    /// Every round that was ever planned: a voice has one tag for each.
    pub fn rounds(&self) -> impl Iterator<Item = RoundNumber> {
        self.rounds.keys().copied()
    }

    /// The round whose question a command is about: voices are tagged per question.
    pub fn question_of(&self, command: &Command) -> Option<RoundNumber> {
        match command {
            Command::Contribute(said) => said.round.or_else(|| self.open_round()),
            Command::Correct { contribution, .. }
            | Command::Withdraw { contribution }
            | Command::Erase { contribution, .. } => self.said.get(contribution).map(|said| said.round),
            _ => None,
        }
    }
}

impl Said {
    fn evolve(&mut self, event: &Event) {
        match event {
            Event::ReadBack { .. } => self.read_back = true,
            Event::Withdrawn { .. } => self.standing = Standing::Withdrawn,
            Event::Erased { .. } => self.standing = Standing::Erased,
            Event::Held { .. } => self.standing = Standing::Held,
            Event::Released { .. } => self.standing = Standing::Stands,
            Event::Assigned { theme, .. } => {
                self.themes.insert(*theme);
                self.attention = Attention::Read;
            }
            Event::Unassigned { theme, .. } => {
                self.themes.remove(theme);
            }
            Event::Read { .. } => self.attention = Attention::Read,
            Event::SetAside { .. } => self.attention = Attention::SetAside,
            _ => {}
        }
    }
}
