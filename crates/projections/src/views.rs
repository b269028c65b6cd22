//! The fold: one recorded event in, the views changed. Everything that people read is computed from [`Views`].

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::event::Contributed;
use domain::{Channel, Coded, ContributionId, Event, Meta, RoundNumber, ThemeId};
use event_log::Position;

use crate::code_frame;
pub use crate::entry::{Attention, CodedAgain, Entry, Later, Standing, Suggestion};
pub use crate::frame::{
    About, Change, Drawn, Frame, Link, Proposed, Round, Stage, Theme, ThemeState, Version, What,
};
pub use crate::marks::Touched;
use crate::marks::{Mark, MarkKey, Marks};
use crate::polls;
use crate::recorded::Recorded;

/// Changes whenever the fold would give another result for the same record; stored views of another version are
/// rebuilt by replay.
pub const FOLD_VERSION: u32 = 13;

/// The whole read model of one assembly at one position of its record.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Views {
    /// The last event folded; 0 before the first.
    pub position: u64,
    pub frame: Frame,
    pub entries: BTreeMap<Position, Entry>,
    pub marks: Marks,
    pub(crate) by_id: HashMap<ContributionId, Position>,
    /// The event that a receipt is of, and the contribution that this event is about.
    pub(crate) by_receipt: HashMap<[u8; 10], (Position, Position)>,
    pub(crate) by_theme: BTreeMap<ThemeId, BTreeSet<Position>>,
}

/// What a receipt leads to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found<'a> {
    /// The event that it is the receipt of: the contribution itself, or what was done with it later.
    pub event: Position,
    /// Of the contribution.
    pub position: Position,
    pub entry: &'a Entry,
}

impl Views {
    /// Folds one event. It never fails: what is in the record has happened.
    pub fn apply(&mut self, recorded: &Recorded) -> Touched {
        let Recorded { position, event, meta, .. } = recorded;
        self.position = position.get();
        self.frame.last_at = Some(meta.at);
        self.frame.note(*position, event, meta);
        match event {
            Event::Contributed(said) => self.contributed(recorded, said),
            event => match event.contribution() {
                Some(id) => self.about_contribution(recorded, id),
                None if event.poll().is_some() => polls::fold(self, recorded),
                None if self.frame.ledger.fold(*position, event, meta) => Touched::default(),
                None if self.frame.fold_room(event, meta) => Touched::default(),
                None => self.about_assembly(*position, event, meta),
            },
        }
    }

    pub fn entry(&self, id: ContributionId) -> Option<(Position, &Entry)> {
        let position = *self.by_id.get(&id)?;
        self.entries.get(&position).map(|entry| (position, entry))
    }

    /// The contribution that a receipt leads to, by the first ten bytes of the leaf.
    pub fn by_receipt(&self, leaf: &[u8; 10]) -> Option<Found<'_>> {
        let (event, position) = *self.by_receipt.get(leaf)?;
        self.entries.get(&position).map(|entry| Found { event, position, entry })
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
        let receipt = receipt_of(recorded);
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
            device: meta.device,
            kind: said.kind,
            form: said.form,
            read_back: said.read_back,
            heard_from: said.heard_from,
            card: None,
            coded: Coded::default(),
            coder: None,
            again: None,
            meant: BTreeMap::new(),
            suggested: None,
            alike: None,
            apart: false,
            pinned: BTreeMap::new(),
            attention: Attention::Unread,
            read_at: None,
            standing: Standing::Stands,
            words_at: recorded.has_words.then_some(position),
            corrections: 0,
            later: Vec::new(),
        };
        self.by_id.insert(said.contribution, position);
        self.by_receipt.insert(receipt, (position, position));
        self.entries.insert(position, entry);
        Touched::entry(position)
    }

    fn about_contribution(&mut self, recorded: &Recorded, id: ContributionId) -> Touched {
        let Recorded { position, event, .. } = recorded;
        let Some(at) = self.by_id.get(&id).copied() else { return Touched::default() };
        if let Event::Voted { vote, .. } = event {
            let Some(voice) = recorded.meta.voice else { return Touched::default() };
            let key = MarkKey::Vote(at, voice);
            self.marks.put(key, Mark::Vote(*vote));
            return Touched::mark(key);
        }
        let Some(entry) = self.entries.get_mut(&at) else { return Touched::default() };
        if matches!(
            event,
            Event::Corrected { .. } | Event::ReadBack { .. } | Event::Withdrawn { .. } | Event::Erased { .. }
        ) {
            let later = Later { position: *position, receipt: receipt_of(recorded) };
            self.by_receipt.insert(later.receipt, (later.position, at));
            entry.later.push(later);
        }
        match event {
            Event::Corrected { .. } => {
                entry.words_at = Some(*position);
                entry.corrections = entry.corrections.saturating_add(1);
                entry.meant.clear();
            }
            Event::ReadBack { .. } => entry.read_back = true,
            Event::CardKeyed { card, .. } => entry.card = Some(card.clone()),
            Event::Withdrawn { .. } => entry.standing = Standing::Withdrawn,
            Event::Erased { .. } => entry.standing = Standing::Erased,
            Event::Held { reason, .. } => entry.standing = Standing::Held(*reason),
            Event::Released { .. } => entry.standing = Standing::Stands,
            event => {
                let first = match event {
                    Event::AlikeFound { first, .. } => self.by_id.get(first).copied(),
                    _ => None,
                };
                coded(entry, recorded, first);
                if let Event::Assigned { theme, .. } = event {
                    self.by_theme.entry(*theme).or_default().insert(at);
                }
                if let Event::Unassigned { theme, .. } = event {
                    self.leave(*theme, at);
                }
            }
        }
        Touched::entry(at)
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
            Event::RoundClosed { round } => {
                frame.rounds.entry(*round).and_modify(|r| r.close(meta.at));
                frame.countdown = None;
            }
            Event::Closed {} => frame.closed_at = Some(meta.at),
            event => return code_frame::fold(self, position, event, meta),
        }
        Touched::default()
    }

    /// Takes a contribution out of a theme's index; a theme that has none is not in it.
    pub(crate) fn leave(&mut self, theme: ThemeId, position: Position) {
        if let Some(of_it) = self.by_theme.get_mut(&theme) {
            of_it.remove(&position);
            if of_it.is_empty() {
                self.by_theme.remove(&theme);
            }
        }
    }

    /// Everything, as if it had just changed.
    pub(crate) fn all(&self) -> Touched {
        Touched { entries: self.entries.keys().copied().collect(), marks: self.marks.keys().collect() }
    }

    /// Puts stored parts together again.
    pub(crate) fn restored(
        position: u64,
        frame: Frame,
        entries: BTreeMap<Position, Entry>,
        marks: Marks,
    ) -> Self {
        let mut views = Views { position, frame, entries, marks, ..Views::default() };
        for (position, entry) in &views.entries {
            views.by_id.insert(entry.contribution, *position);
            views.by_receipt.insert(entry.receipt, (*position, *position));
            for later in &entry.later {
                views.by_receipt.insert(later.receipt, (later.position, *position));
            }
            for theme in &entry.coded.themes {
                views.by_theme.entry(*theme).or_default().insert(*position);
            }
        }
        views
    }
}

/// What the theme team or an engine made of it. `first` is where the contribution stands that it is a copy of.
fn coded(entry: &mut Entry, recorded: &Recorded, first: Option<Position>) {
    let device = recorded.meta.device;
    let mut mark = |attention| {
        entry.attention = attention;
        entry.coder = device;
    };
    match &recorded.event {
        Event::Assigned { theme, .. } => {
            mark(Attention::Read);
            entry.coded.themes.insert(*theme);
        }
        Event::Unassigned { theme, .. } => drop(entry.coded.themes.remove(theme)),
        Event::Read { .. } => mark(Attention::Read),
        Event::SetAside { reason, .. } => mark(Attention::SetAside(reason.clone())),
        Event::PutBack { .. } => {
            entry.attention = Attention::Unread;
            (entry.coder, entry.again, entry.read_at) = (None, None, None);
        }
        Event::CodedAgain { themes, .. } => {
            entry.again = Some(CodedAgain { by: device, themes: themes.iter().copied().collect() });
        }
        Event::Suggested(suggested) => {
            entry.suggested = Some(Suggestion {
                position: recorded.position,
                engine: suggested.engine.clone(),
                learnt: suggested.learnt,
                themes: suggested.themes.clone(),
            });
        }
        Event::Understood { model, .. } => drop(entry.meant.insert(model.clone(), recorded.position)),
        Event::AlikeFound { .. } => entry.alike = first,
        Event::ToldApart { .. } => (entry.alike, entry.apart) = (None, true),
        Event::QuotePinned { theme, span, .. } => drop(entry.pinned.insert(*theme, *span)),
        Event::QuoteUnpinned { theme, .. } => drop(entry.pinned.remove(theme)),
        _ => {}
    }
    if entry.attention != Attention::Unread {
        entry.read_at.get_or_insert(recorded.meta.at);
    }
}

/// What a receipt holds of an event's leaf.
fn receipt_of(recorded: &Recorded) -> [u8; 10] {
    std::array::from_fn(|index| recorded.leaf[index])
}
