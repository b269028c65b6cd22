//! The fold: one recorded event in, the views changed. Everything that people read is computed from [`Views`].

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::event::Contributed;
use domain::{
    Channel, ContributionId, Definition, DutyRule, Event, Label, LinkId, Meta, Name, Purpose, QuestionText,
    Reason, Role, RoundNumber, RoundState, TableNumber, ThemeId, ThemeName, Timestamp, Title,
};
use event_log::Position;
use serde::{Deserialize, Serialize};

pub use crate::entry::{Attention, Entry, Standing};
use crate::recorded::Recorded;

/// Changes whenever the fold would give another result for the same record; stored views of another version are
/// rebuilt by replay.
pub const FOLD_VERSION: u32 = 2;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct About {
    pub title: Title,
    pub purpose: Purpose,
    pub board: Name,
    pub time_zone: Name,
    pub convened_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Round {
    pub title: Title,
    pub question: QuestionText,
    pub version: u16,
    pub stage: Stage,
    pub opened_at: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    Planned,
    Open,
    Closed,
}

impl From<Stage> for RoundState {
    fn from(stage: Stage) -> Self {
        match stage {
            Stage::Planned => RoundState::Planned,
            Stage::Open => RoundState::Open,
            Stage::Closed => RoundState::Closed,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Link {
    pub role: Role,
    pub table: Option<TableNumber>,
    pub label: Option<Label>,
    pub issued_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Theme {
    pub name: ThemeName,
    pub definition: Option<Definition>,
    pub named_at: Timestamp,
    pub state: ThemeState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ThemeState {
    Live,
    MergedInto(ThemeId),
    Retired,
}

/// A change of the code frame, kept so that every jump of a figure can be explained.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    pub position: Position,
    pub at: Timestamp,
    pub theme: ThemeId,
    pub what: What,
    pub reason: Option<Reason>,
    /// By how many contributions it changed the tally of `theme`.
    pub moved: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    Named(ThemeName),
    Renamed { from: ThemeName, to: ThemeName },
    Defined,
    Merged { from: ThemeName, into: ThemeName },
    Retired(ThemeName),
}

/// Everything but the contributions: small, kept as one document.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    pub about: Option<About>,
    pub closed_at: Option<Timestamp>,
    pub duty_rule: Option<DutyRule>,
    pub rounds: BTreeMap<RoundNumber, Round>,
    /// Seats by table; 0 where nobody has counted.
    pub tables: BTreeMap<TableNumber, u16>,
    pub links: BTreeMap<LinkId, Link>,
    pub themes: BTreeMap<ThemeId, Theme>,
    pub changes: Vec<Change>,
    /// When the last event was recorded.
    pub last_at: Option<Timestamp>,
}

/// The whole read model of one assembly at one position of its record.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Views {
    /// The last event folded; 0 before the first.
    pub position: u64,
    pub frame: Frame,
    pub entries: BTreeMap<Position, Entry>,
    pub(crate) by_id: HashMap<ContributionId, Position>,
    pub(crate) by_receipt: HashMap<[u8; 10], Position>,
    pub(crate) by_theme: BTreeMap<ThemeId, BTreeSet<Position>>,
}

/// Which contributions an event changed, so that only those are written.
pub type Touched = BTreeSet<Position>;

impl Views {
    /// Folds one event. It never fails: what is in the record has happened.
    pub fn apply(&mut self, recorded: &Recorded) -> Touched {
        let Recorded { position, event, meta, .. } = recorded;
        self.position = position.get();
        self.frame.last_at = Some(meta.at);
        match event {
            Event::Contributed(said) => self.contributed(recorded, said),
            event => match event.contribution() {
                Some(id) => self.about_contribution(*position, id, event),
                None => self.about_assembly(*position, event, meta),
            },
        }
    }

    pub fn entry(&self, id: ContributionId) -> Option<(Position, &Entry)> {
        let position = *self.by_id.get(&id)?;
        self.entries.get(&position).map(|entry| (position, entry))
    }

    /// The contribution that a receipt was given for, by the first ten bytes of its leaf.
    pub fn by_receipt(&self, leaf: &[u8; 10]) -> Option<(Position, &Entry)> {
        let position = *self.by_receipt.get(leaf)?;
        self.entries.get(&position).map(|entry| (position, entry))
    }

    /// The positions of a theme's contributions, in the order in which they were said.
    pub fn of_theme(&self, theme: ThemeId) -> impl Iterator<Item = (Position, &Entry)> {
        let positions = self.by_theme.get(&theme).into_iter().flatten();
        positions.filter_map(|position| self.entries.get(position).map(|entry| (*position, entry)))
    }

    /// The themes that people use now, by name.
    pub fn live_themes(&self) -> Vec<(ThemeId, &Theme)> {
        let live = self.frame.themes.iter().filter(|(_, theme)| theme.state == ThemeState::Live);
        let mut themes: Vec<_> = live.map(|(id, theme)| (*id, theme)).collect();
        themes.sort_by_key(|(id, theme)| (theme.name.as_str().to_lowercase(), *id));
        themes
    }

    pub fn open_round(&self) -> Option<(RoundNumber, &Round)> {
        let mut rounds = self.frame.rounds.iter();
        rounds.find(|(_, round)| round.stage == Stage::Open).map(|(number, round)| (*number, round))
    }

    fn contributed(&mut self, recorded: &Recorded, said: &Contributed) -> Touched {
        let (position, meta) = (recorded.position, recorded.meta);
        let receipt: [u8; 10] = std::array::from_fn(|index| recorded.leaf[index]);
        let entry = Entry {
            contribution: said.contribution,
            receipt,
            at: meta.at,
            said_at: said.said_at,
            round: said.round,
            version: said.version,
            channel: meta.channel.unwrap_or(Channel::Remote),
            table: said.table,
            voice: meta.voice,
            kind: said.kind,
            form: said.form,
            read_back: said.read_back,
            heard_from: said.heard_from,
            themes: BTreeSet::new(),
            attention: Attention::Unread,
            standing: Standing::Stands,
            words_at: recorded.has_words.then_some(position),
            corrections: 0,
        };
        self.by_id.insert(said.contribution, position);
        self.by_receipt.insert(receipt, position);
        self.entries.insert(position, entry);
        Touched::from([position])
    }

    fn about_contribution(&mut self, position: Position, id: ContributionId, event: &Event) -> Touched {
        let Some(at) = self.by_id.get(&id).copied() else { return Touched::new() };
        let Some(entry) = self.entries.get_mut(&at) else { return Touched::new() };
        match event {
            Event::Corrected { .. } => {
                entry.words_at = Some(position);
                entry.corrections = entry.corrections.saturating_add(1);
            }
            Event::ReadBack { .. } => entry.read_back = true,
            Event::Withdrawn { .. } => entry.standing = Standing::Withdrawn,
            Event::Erased { .. } => entry.standing = Standing::Erased,
            Event::Held { reason, .. } => entry.standing = Standing::Held(*reason),
            Event::Released { .. } => entry.standing = Standing::Stands,
            Event::Assigned { theme, .. } => {
                entry.themes.insert(*theme);
                entry.attention = Attention::Read;
                self.by_theme.entry(*theme).or_default().insert(at);
            }
            Event::Unassigned { theme, .. } => {
                entry.themes.remove(theme);
                self.by_theme.entry(*theme).or_default().remove(&at);
            }
            Event::Read { .. } => entry.attention = Attention::Read,
            Event::SetAside { reason, .. } => entry.attention = Attention::SetAside(reason.clone()),
            _ => {}
        }
        Touched::from([at])
    }

    fn about_assembly(&mut self, position: Position, event: &Event, meta: &Meta) -> Touched {
        let frame = &mut self.frame;
        match event {
            Event::Convened { title, purpose, board, time_zone } => {
                frame.about = Some(About {
                    title: title.clone(),
                    purpose: purpose.clone(),
                    board: board.clone(),
                    time_zone: time_zone.clone(),
                    convened_at: meta.at,
                });
            }
            Event::TableSeated { table, seats } => drop(frame.tables.insert(*table, *seats)),
            Event::QuestionAsked { round, version, title, question } => {
                let asked = Round::planned(title.clone(), question.clone(), *version);
                frame.rounds.insert(*round, asked);
            }
            Event::DutyRuleFixed { rule } => frame.duty_rule = Some(rule.clone()),
            Event::LinkIssued { link, role, table, label } => {
                let label = label.clone();
                let issued = Link { role: *role, table: *table, label, issued_at: meta.at, revoked_at: None };
                frame.links.insert(*link, issued);
            }
            Event::LinkRevoked { link } => {
                frame.links.entry(*link).and_modify(|link| link.revoked_at = Some(meta.at));
            }
            Event::RoundOpened { round } => drop(frame.rounds.entry(*round).and_modify(|r| r.open(meta.at))),
            Event::RoundClosed { round } => drop(frame.rounds.entry(*round).and_modify(|r| r.close(meta.at))),
            Event::Closed {} => frame.closed_at = Some(meta.at),
            event => return self.about_theme(position, event, meta),
        }
        Touched::new()
    }

    fn about_theme(&mut self, position: Position, event: &Event, meta: &Meta) -> Touched {
        let mut touched = Touched::new();
        let mut moved = 0;
        let (theme, what, reason) = match event {
            Event::ThemeNamed { theme, name, definition } => {
                let (name, definition) = (name.clone(), definition.clone());
                let named =
                    Theme { name: name.clone(), definition, named_at: meta.at, state: ThemeState::Live };
                self.frame.themes.insert(*theme, named);
                (*theme, What::Named(name), None)
            }
            Event::ThemeRenamed { theme, name, reason } => {
                let from = self.name_of(*theme).unwrap_or_else(|| name.clone());
                self.frame.themes.entry(*theme).and_modify(|theme| theme.name = name.clone());
                (*theme, What::Renamed { from, to: name.clone() }, Some(reason.clone()))
            }
            Event::ThemeDefined { theme, definition } => {
                self.frame.themes.entry(*theme).and_modify(|t| t.definition = Some(definition.clone()));
                (*theme, What::Defined, None)
            }
            Event::ThemeMerged { theme, into, reason } => {
                let (Some(from), Some(to)) = (self.name_of(*theme), self.name_of(*into)) else {
                    return touched;
                };
                let before = self.size(*into);
                touched = self.recode(*theme, Some(*into));
                moved = self.size(*into) - before;
                self.set_state(*theme, ThemeState::MergedInto(*into));
                (*into, What::Merged { from, into: to }, Some(reason.clone()))
            }
            Event::ThemeRetired { theme, reason } => {
                let Some(name) = self.name_of(*theme) else { return touched };
                touched = self.recode(*theme, None);
                moved = touched.len();
                self.set_state(*theme, ThemeState::Retired);
                (*theme, What::Retired(name), Some(reason.clone()))
            }
            _ => return touched,
        };
        let moved = u32::try_from(moved).unwrap_or(u32::MAX);
        self.frame.changes.push(Change { position, at: meta.at, theme, what, reason, moved });
        touched
    }

    /// Takes every contribution out of a theme and, if there is one, into another. Earlier minutes change with it:
    /// a tally is always that of the code frame as it stands.
    fn recode(&mut self, from: ThemeId, into: Option<ThemeId>) -> Touched {
        let moved = self.by_theme.remove(&from).unwrap_or_default();
        for position in &moved {
            if let Some(entry) = self.entries.get_mut(position) {
                entry.themes.remove(&from);
                entry.themes.extend(into);
            }
        }
        if let Some(into) = into {
            self.by_theme.entry(into).or_default().extend(&moved);
        }
        moved
    }

    fn size(&self, theme: ThemeId) -> usize {
        self.by_theme.get(&theme).map_or(0, BTreeSet::len)
    }

    fn name_of(&self, theme: ThemeId) -> Option<ThemeName> {
        self.frame.themes.get(&theme).map(|theme| theme.name.clone())
    }

    fn set_state(&mut self, theme: ThemeId, state: ThemeState) {
        self.frame.themes.entry(theme).and_modify(|theme| theme.state = state);
    }

    /// Puts stored parts together again.
    pub(crate) fn restored(position: u64, frame: Frame, entries: BTreeMap<Position, Entry>) -> Self {
        let mut views = Views { position, frame, entries, ..Views::default() };
        for (position, entry) in &views.entries {
            views.by_id.insert(entry.contribution, *position);
            views.by_receipt.insert(entry.receipt, *position);
            for theme in &entry.themes {
                views.by_theme.entry(*theme).or_default().insert(*position);
            }
        }
        views
    }
}

impl Round {
    fn planned(title: Title, question: QuestionText, version: u16) -> Self {
        Self { title, question, version, stage: Stage::Planned, opened_at: None, closed_at: None }
    }

    fn open(&mut self, at: Timestamp) {
        self.stage = Stage::Open;
        self.opened_at.get_or_insert(at);
        self.closed_at = None;
    }

    fn close(&mut self, at: Timestamp) {
        self.stage = Stage::Closed;
        self.closed_at = Some(at);
    }
}
