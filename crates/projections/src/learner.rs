//! The theme engines as a fold over the record: what people have confirmed, in the order in which it was recorded.
//!
//! Whoever runs a [`Learner`] asks it what there is to say and has that recorded; it never reads its own suggestions back,
//! so what it has learnt depends on people alone, and on what a sentence model has made of their words where there was one:
//! that stands in the record and is read back from there. Words that were erased are forgotten by learning everything
//! else anew.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Command, Definition, Event, Label, Span, Suggested, SuggestedTheme, ThemeId, ThemeName};
use event_log::Position;
use sha2::{Digest, Sha256};
use themes::duplicates::DuplicateIndex;
use themes::{Embedding, Engine, Item, ThemeKey};
use uuid::Uuid;

use crate::quotes::OpenWords;
use crate::understanding::{self, SentenceModel};
use crate::views::{Entry, ThemeState, Views};
use crate::{Recorded, candidates};

/// Themes that one suggestion names.
const SUGGESTED: usize = 5;
/// What is said in one go at most, so that people's commands never wait long behind it.
const COMMANDS_MAX: usize = 200;
/// Texts that a sentence model is asked about in one go: half a second's work.
const UNDERSTOOD_MAX: usize = 5;
/// Suggestions are made anew once so many confirmations have come, and half as many as there were.
const NEWS_MIN: u64 = 5;

/// Everything is learnt anew after so many confirmations, and then each time that there are half as many more: it
/// follows from the record alone when that is.
const REFIT_FIRST: u64 = 100;

/// What the engines have learnt from one assembly's record.
pub struct Learner {
    views: Views,
    engine: Engine,
    alike: DuplicateIndex,
    /// Whose meanings the engine goes by: those of the model that spoke last. Those of others are passed over.
    model: Option<Label>,
    /// The wording that the engine knows of every theme in use.
    described: BTreeMap<ThemeId, (ThemeName, Option<Definition>)>,
    /// Near copies that were found and are not in the record yet, with what they are copies of.
    copies: BTreeMap<Position, Position>,
    /// How much the engine knew when it last looked at an unread contribution.
    looked: BTreeMap<Position, u64>,
    /// How many were unexplained when candidates were looked for last.
    searched: usize,
    /// After so many confirmations everything is learnt anew, in an order in which nothing comes first or last.
    refit_at: u64,
    /// Words were erased that it has learnt from.
    tainted: bool,
}

/// Something that an engine has to say, under an id that is the same whenever it says the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Saying {
    pub id: Uuid,
    pub command: Command,
}

impl Default for Learner {
    fn default() -> Self {
        Self {
            views: Views::default(),
            engine: Engine::new(),
            alike: DuplicateIndex::new(),
            model: None,
            described: BTreeMap::new(),
            copies: BTreeMap::new(),
            looked: BTreeMap::new(),
            searched: 0,
            refit_at: REFIT_FIRST,
            tainted: false,
        }
    }
}

impl Learner {
    /// The last event folded; 0 before the first.
    pub fn position(&self) -> u64 {
        self.views.position
    }

    pub(crate) fn views(&self) -> &Views {
        &self.views
    }

    /// Whether it knows words that nobody may know any more. Whoever runs it begins again from the first event.
    pub fn is_tainted(&self) -> bool {
        self.tainted
    }

    /// Says that what it knows now was learnt after the erasures that it has read of.
    pub(crate) fn settle(&mut self) {
        self.tainted = false;
    }

    /// SHA-256 of everything that the engine has learnt: the same after the same record, however it was read.
    pub fn state_hash(&self) -> [u8; 32] {
        self.engine.state_hash()
    }

    /// Folds one event; `words` opens what was said.
    pub fn apply(&mut self, recorded: &Recorded, words: &OpenWords<'_>) {
        let touched = self.views.apply(recorded);
        match &recorded.event {
            Event::Contributed(_) | Event::Corrected { .. } => {
                touched.entries.iter().for_each(|at| self.hear(*at, words));
            }
            Event::Erased { .. } => self.tainted = true,
            Event::Assigned { .. }
            | Event::Unassigned { .. }
            | Event::Read { .. }
            | Event::SetAside { .. }
            | Event::PutBack { .. } => touched.entries.iter().for_each(|at| self.learn(*at, words)),
            Event::ThemeNamed { .. } | Event::ThemeRenamed { .. } | Event::ThemeDefined { .. } => {
                self.describe()
            }
            Event::ThemeRedefined { .. } => self.describe(),
            Event::Understood { model, .. } => {
                let learnt_anew = self.goes_by(model);
                touched.entries.iter().chain(&learnt_anew).for_each(|at| self.learn(*at, words));
            }
            Event::ThemeMerged { theme, into, .. } => {
                self.engine.merge(key(*theme), key(*into));
                self.described.remove(theme);
                touched.entries.iter().for_each(|at| self.learn(*at, words));
            }
            Event::ThemeSplit { .. } | Event::ThemeRetired { .. } | Event::ChangeUndone { .. } => {
                self.describe();
                touched.entries.iter().for_each(|at| self.learn(*at, words));
            }
            _ => {}
        }
    }

    /// Tells the engine of themes that are new, that read otherwise, and that are gone.
    fn describe(&mut self) {
        let themes = &self.views.frame.themes;
        let live = themes.iter().filter(|(_, theme)| theme.state == ThemeState::Live);
        let live: BTreeMap<_, _> =
            live.map(|(id, theme)| (*id, (theme.name.clone(), theme.definition.clone()))).collect();
        for theme in self.described.keys().filter(|theme| !live.contains_key(theme)) {
            self.engine.retire(key(*theme));
        }
        for (theme, wording) in &live {
            if self.described.get(theme) != Some(wording) {
                let definition = wording.1.as_ref().map(Definition::as_str);
                self.engine.describe(key(*theme), wording.0.as_str(), definition);
            }
        }
        self.described = live;
    }

    /// From now on it goes by this model; gives what has to be learnt anew because it went by another one before.
    fn goes_by(&mut self, model: &Label) -> Vec<Position> {
        if self.model.as_ref() == Some(model) {
            return Vec::new();
        }
        self.model = Some(model.clone());
        let read = self.views.entries.iter().filter(|(_, entry)| !entry.is_unread());
        read.map(|(at, _)| *at).collect()
    }

    /// Where the meaning stands that the engine goes by.
    fn meant(&self, entry: &Entry) -> Option<Position> {
        entry.meant.get(self.model.as_ref()?).copied()
    }

    fn embedding(&self, entry: &Entry, words: &OpenWords<'_>) -> Option<Embedding> {
        understanding::read(&words(self.meant(entry)?)?)
    }

    fn learn(&mut self, at: Position, words: &OpenWords<'_>) {
        let Some(entry) = self.views.entries.get(&at) else { return };
        match entry.words_at.and_then(words).filter(|_| !entry.is_unread()) {
            Some(text) => {
                let themes: Vec<_> = entry.coded.themes.iter().copied().map(key).collect();
                let embedding = self.embedding(entry, words);
                self.engine.learn_with(item(at), &text, embedding.as_ref(), &themes);
            }
            None => self.engine.forget(item(at)),
        }
        if self.engine.confirmations() >= self.refit_at {
            self.engine.refit();
            self.refit_at += self.refit_at / 2;
        }
        self.looked.remove(&at);
    }

    /// Notes how people speak, and looks for what nearly the same words were said in before.
    fn hear(&mut self, at: Position, words: &OpenWords<'_>) {
        self.alike.forget(item(at));
        self.copies.remove(&at);
        let text = self.views.entries.get(&at).and_then(|entry| entry.words_at).and_then(words);
        if let Some(text) = &text {
            self.engine.hear(text);
        }
        let first = text.and_then(|text| self.alike.add(item(at), &text));
        if let Some(first) = first.and_then(|first| Position::new(first.0)) {
            self.copies.insert(at, first);
        }
    }

    /// What there is to say now, a part of it at a time: it is said again until it stands in the record. A model is
    /// asked about what it has not been asked about yet.
    pub fn sayings(&mut self, words: &OpenWords<'_>, model: Option<&dyn SentenceModel>) -> Vec<Saying> {
        let asked = model.map(|model| {
            let asked = understanding::not_understood(&self.views, model.name(), UNDERSTOOD_MAX);
            let waiting: BTreeSet<_> = asked.iter().map(|(at, _)| *at).collect();
            (understanding::understood(&asked, model, words), waiting)
        });
        // What is about to be understood is suggested for once it is.
        let (understood, waiting) = asked.unwrap_or_default();
        let mut sayings = self.copies_found();
        sayings.extend(self.suggestions(words, &waiting, COMMANDS_MAX.saturating_sub(sayings.len())));
        if sayings.is_empty() {
            sayings = self.proposals(words);
        }
        sayings.extend(understood);
        sayings
    }

    fn copies_found(&mut self) -> Vec<Saying> {
        let views = &self.views;
        let is_news = |at: &Position, first: &Position| {
            views.entries.get(at).is_some_and(|entry| !entry.apart && entry.alike != Some(*first))
        };
        self.copies.retain(|at, first| is_news(at, first));
        let engine = Label::parse(DuplicateIndex::ID);
        let found = self.copies.iter().take(COMMANDS_MAX).filter_map(|(at, first)| {
            let of = |at: &Position| views.entries.get(at).map(|entry| entry.contribution);
            let (contribution, first, engine) = (of(at)?, of(first)?, engine.clone().ok()?);
            let id = same_id("alike", &[contribution.0, first.0], 0);
            Some(Saying { id, command: Command::FindAlike { contribution, first, engine } })
        });
        found.collect()
    }

    /// Which engine speaks, and with which model's help.
    fn engine(&self) -> Option<Label> {
        let helped = self.model.as_ref().map(|model| format!("{}+{model}", Engine::ID));
        Label::parse(helped.as_deref().unwrap_or(Engine::ID)).ok()
    }

    /// For unread contributions that have none, for those that were understood since, and for those that the engine
    /// knows much more about by now.
    fn suggestions(
        &mut self,
        words: &OpenWords<'_>,
        waiting: &BTreeSet<Position>,
        most: usize,
    ) -> Vec<Saying> {
        let Some(engine) = self.engine() else { return Vec::new() };
        if self.described.is_empty() {
            return Vec::new();
        }
        let learnt = self.engine.confirmations();
        let mut sayings = Vec::new();
        let unread = self.views.entries.iter().filter(|(_, entry)| entry.waits_to_be_read());
        for (at, entry) in unread.filter(|(at, _)| !waiting.contains(at)) {
            if sayings.len() >= most {
                break;
            }
            let meant = self.meant(entry);
            let made = entry.suggested.as_ref().filter(|made| meant.is_none_or(|at| at < made.position));
            let before = self.looked.get(at).copied().or(made.map(|made| made.learnt));
            if before.is_some_and(|before| learnt < before + NEWS_MIN.max(before / 2)) {
                continue;
            }
            self.looked.insert(*at, learnt);
            let Some(text) = entry.words_at.and_then(words) else { continue };
            let embedding = self.embedding(entry, words);
            let themes = suggested(&self.engine, &text, embedding.as_ref());
            let as_before = entry.suggested.as_ref().is_some_and(|made| same(&made.themes, &themes));
            if themes.is_empty() || as_before {
                continue;
            }
            let contribution = entry.contribution;
            let suggested = Suggested { contribution, engine: engine.clone(), learnt, themes };
            let by = meant.map_or(engine.to_string(), |at| format!("{engine} {at}"));
            let id = same_id(&by, &[contribution.0], learnt);
            sayings.push(Saying { id, command: Command::Suggest(Box::new(suggested)) });
        }
        sayings
    }

    /// Candidates for themes that may be missing, once enough is unexplained and none waits to be decided about.
    fn proposals(&mut self, words: &OpenWords<'_>) -> Vec<Saying> {
        let unexplained = candidates::unexplained(&self.views);
        let enough = unexplained.len() >= self.searched + candidates::UNEXPLAINED_MIN;
        if !enough || !self.views.frame.candidates.is_empty() {
            self.searched = self.searched.min(unexplained.len());
            return Vec::new();
        }
        self.searched = unexplained.len();
        let found = candidates::found(&self.views, &unexplained, words);
        let saying = |candidate: domain::Candidate| {
            let id = same_id("propose", &[candidate.candidate.0], 0);
            Saying { id, command: Command::ProposeTheme(Box::new(candidate)) }
        };
        found.into_iter().map(saying).collect()
    }
}

fn suggested(engine: &Engine, text: &str, embedding: Option<&Embedding>) -> Vec<SuggestedTheme> {
    let span = |range: &std::ops::Range<usize>| {
        Some(Span { from: u32::try_from(range.start).ok()?, to: u32::try_from(range.end).ok()? })
    };
    let made = engine.suggest_with(text, embedding, SUGGESTED).into_iter();
    made.map(|made| SuggestedTheme {
        theme: ThemeId(Uuid::from_u128(made.theme.0)),
        score: made.score.0,
        likely: made.likely,
        why: made.why.iter().filter_map(span).collect(),
    })
    .collect()
}

/// The same themes in the same order, as sure as before: nothing that a person would see otherwise.
fn same(before: &[SuggestedTheme], now: &[SuggestedTheme]) -> bool {
    let told = |themes: &[SuggestedTheme]| -> Vec<_> {
        themes.iter().map(|suggested| (suggested.theme, suggested.likely)).collect()
    };
    told(before) == told(now)
}

pub(crate) fn item(at: Position) -> Item {
    Item(at.get())
}

fn key(theme: ThemeId) -> ThemeKey {
    ThemeKey(theme.0.as_u128())
}

/// An id that follows from what is said, so that saying it again after a crash records it once.
pub(crate) fn same_id(what: &str, of: &[Uuid], number: u64) -> Uuid {
    let mut hash = Sha256::new().chain_update(what).chain_update([0]);
    of.iter().for_each(|id| hash.update(id.as_bytes()));
    let hash: [u8; 32] = hash.chain_update(number.to_be_bytes()).finalize().into();
    uuid::Builder::from_custom_bytes(std::array::from_fn(|index| hash[index])).into_uuid()
}
