//! The default engine: suggests themes by the words that people have confirmed before.

use std::collections::BTreeMap;
use std::ops::Range;

use sha2::{Digest, Sha256};

use crate::examples::{Column, Source};
use crate::features::Bag;
use crate::learner::Learner;
use crate::{Embedding, Item, ThemeKey};

/// Words that a suggestion names as its reason.
const WHY_MAX: usize = 3;

/// How probable the engine holds a theme, of 65,536.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Score(pub u16);

/// A theme that a contribution may be about. It is a guess of a machine, and never a tally.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    pub theme: ThemeKey,
    pub score: Score,
    /// Over the cut of this theme: such suggestions are about as many as the contributions that are in it.
    pub likely: bool,
    /// The words that spoke for it most, best first, at most three: bytes of the text, whole words.
    pub why: Vec<Range<usize>>,
}

/// What has been learnt so far: a fold over contributions, wordings and confirmations, in the order of the record. When
/// words are erased, a replay of what is left makes another engine; so it is built anew then.
///
/// It keeps the features of the newest 32,768 contributions (fewer where they are long: 8 million features in all), of
/// rare themes also older ones, and nobody's words. A weight takes four bytes per theme and known feature, of which
/// there can be a million; 100,000 of them and 40 themes, as 5,000 comments have, are 16 MB. Its tables
/// of keys take 8 MB. An embedding takes 768 bytes more per contribution that has one.
pub struct Engine {
    learner: Learner,
    columns: BTreeMap<ThemeKey, Column>,
    /// Themes that are not suggested any more, with those that they were merged into.
    gone: BTreeMap<ThemeKey, Option<ThemeKey>>,
    confirmations: u64,
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}

impl Engine {
    /// Changes whenever the same confirmations would give other suggestions.
    pub const ID: &'static str = "lexical-1";

    pub fn new() -> Self {
        Self { learner: Learner::new(), columns: BTreeMap::new(), gone: BTreeMap::new(), confirmations: 0 }
    }

    /// A theme is named, renamed or defined: its wording is its first examples. One that was merged or retired is there
    /// again, with its wording only; what was in it has to be learnt anew.
    pub fn describe(&mut self, theme: ThemeKey, name: &str, definition: Option<&str>) {
        self.describe_with(theme, name, definition, None);
    }

    /// The same, with what the wording, name and definition together, means to a sentence model.
    pub fn describe_with(
        &mut self,
        theme: ThemeKey,
        name: &str,
        definition: Option<&str>,
        embedding: Option<&Embedding>,
    ) {
        self.gone.remove(&theme);
        let column = self.column(theme);
        self.word(Source::Name(theme), Bag::of(name).that_means(embedding), column);
        self.word(Source::Definition(theme), Bag::of(definition.unwrap_or_default()), column);
    }

    fn word(&mut self, source: Source, bag: Bag, column: Column) {
        if bag.is_empty() {
            self.learner.forget(source);
        } else if !self.learner.knows(source, &bag, &[column]) {
            self.learner.learn(source, &bag, vec![column]);
        }
    }

    fn column(&mut self, theme: ThemeKey) -> Column {
        *self.columns.entry(theme).or_insert_with(|| self.learner.add_column())
    }

    /// What is in the first theme is in the second from now on, its wording too; the first is never suggested again.
    pub fn merge(&mut self, from: ThemeKey, into: ThemeKey) {
        // What had gone into the first itself is there again.
        let into = self.now(into).filter(|now| *now != from).unwrap_or(into);
        if from == into {
            return;
        }
        self.gone.remove(&into);
        let column = self.column(into);
        if let Some(merged) = self.columns.remove(&from) {
            self.learner.copy_column(merged, column);
            self.learner.remove_column(merged);
        }
        self.gone.insert(from, Some(into));
    }

    /// The theme is never suggested again. What was in it is still an example of what else it was in.
    pub fn retire(&mut self, theme: ThemeKey) {
        self.learner.forget(Source::Name(theme));
        self.learner.forget(Source::Definition(theme));
        if let Some(column) = self.columns.remove(&theme) {
            self.learner.remove_column(column);
        }
        self.gone.insert(theme, None);
    }

    /// The theme itself, or the one that it was merged into; `None` if that was retired.
    fn now(&self, theme: ThemeKey) -> Option<ThemeKey> {
        let mut now = theme;
        // A theme is gone into one that was there, so this ends after as many steps as there are.
        for _ in 0..=self.gone.len() {
            match self.gone.get(&now) {
                None => return Some(now),
                Some(into) => now = (*into)?,
            }
        }
        None
    }

    /// What people have confirmed of a contribution, all of it: in place of what was learnt of it before. In no theme is
    /// something to learn as well. A theme that was never described is there from now on; one that was merged stands
    /// for where it went, and one that was retired for nothing.
    pub fn learn(&mut self, item: Item, text: &str, themes: &[ThemeKey]) {
        self.learn_with(item, text, None, themes);
    }

    /// The same, with what the text means to a sentence model: the same model for all texts. Some texts may go without.
    pub fn learn_with(&mut self, item: Item, text: &str, embedding: Option<&Embedding>, themes: &[ThemeKey]) {
        let now = themes.iter().filter_map(|theme| self.now(*theme)).collect::<Vec<_>>();
        let mut truth: Vec<_> = now.into_iter().map(|theme| self.column(theme)).collect();
        truth.sort_unstable();
        truth.dedup();
        let bag = Bag::of(text).that_means(embedding);
        if !self.learner.knows(Source::Item(item), &bag, &truth) {
            self.confirmations += 1;
            self.learner.learn(Source::Item(item), &bag, truth);
        }
    }

    /// A contribution came in, whether anybody will read it or not: its words are so much more common, and say so much
    /// less. To be told each contribution once, before it is suggested for, makes the first suggestions better; to be
    /// told none works as well.
    pub fn hear(&mut self, text: &str) {
        self.learner.hear(&Bag::of(text));
    }

    /// What was confirmed of a contribution is taken back, or its words were erased.
    pub fn forget(&mut self, item: Item) {
        self.learner.forget(Source::Item(item));
    }

    /// Learns all kept examples again from the beginning, in an order of its own: suggestions are then those of a batch,
    /// whatever order the confirmations came in. It takes some seconds for 10,000 contributions, and belongs where the
    /// record says that it happened.
    pub fn refit(&mut self) {
        self.learner.refit();
    }

    /// Themes that the text may be about, at most `most`, best first; equals in the order of their keys. A text without
    /// words gives none.
    pub fn suggest(&self, text: &str, most: usize) -> Vec<Suggestion> {
        self.suggest_with(text, None, most)
    }

    /// The same, with what the text means to the sentence model. The words that spoke for a theme are all that `why`
    /// can name; what the whole text meant may have weighed more.
    pub fn suggest_with(&self, text: &str, embedding: Option<&Embedding>, most: usize) -> Vec<Suggestion> {
        let bag = Bag::of(text).that_means(embedding);
        if bag.is_empty() {
            return Vec::new();
        }
        let weighing = self.learner.weigh(&bag);
        let margin = |column: Column| weighing.margins[column.index()];
        let mut ranked: Vec<_> = self.columns.iter().map(|(theme, column)| (*theme, *column)).collect();
        ranked.sort_by_key(|(theme, column)| (-margin(*column), *theme));
        let calibration = self.learner.calibration();
        let suggestions = ranked.into_iter().take(most).map(|(theme, column)| Suggestion {
            theme,
            score: Score(calibration.probability(margin(column))),
            likely: calibration.cuts[column.index()].lets_in(margin(column)),
            why: bag.spoke(WHY_MAX, |feature| self.learner.said(&weighing, feature, column)),
        });
        suggestions.collect()
    }

    /// Contributions that were learnt, each time that something about them was new.
    pub fn confirmations(&self) -> u64 {
        self.confirmations
    }

    /// A hash of all that decides what is suggested from here on. Equal for live and replay, on every machine.
    pub fn state_hash(&self) -> [u8; 32] {
        let mut sum = Sha256::new();
        sum.update(Self::ID);
        sum.update(self.confirmations.to_le_bytes());
        sum.update((self.columns.len() as u64).to_le_bytes());
        for (theme, column) in &self.columns {
            sum.update(theme.0.to_le_bytes());
            sum.update(column.0.to_le_bytes());
        }
        sum.update((self.gone.len() as u64).to_le_bytes());
        for (from, into) in &self.gone {
            sum.update(from.0.to_le_bytes());
            sum.update([u8::from(into.is_some())]);
            sum.update(into.map_or(0, |into| into.0).to_le_bytes());
        }
        self.learner.hash(&mut sum);
        sum.finalize().into()
    }
}
