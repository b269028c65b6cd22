//! Which contributions say the same in nearly the same words: a letter that many send in, with a word changed here
//! and there.
//!
//! Two texts are near copies if most of their words stand in both in the same order, and if those are more than
//! chance would let two people share: every word counts as many bits as it is rare, and the bits must exceed what
//! some pair among all that is there would reach by chance. Only texts that share a rare word are compared at all, so
//! the work for one more contribution hardly grows with those that are there.
//!
//! **Short texts are in no group.** Fewer than [`WORDS_MIN`] words, and common words in a common order, are said
//! alike by people who have never heard of one another ("yes", "waiting times", "staff were very friendly and
//! helpful"); to call that a campaign would wrong them.
//!
//! What holds: a group grows and is never joined with another, so that what was counted stays explained. The order in
//! which contributions come decides, and nothing else. A group's wording counts once for how rare a word is, so that a
//! campaign cannot make its own words common. All of it is in integers.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};

use crate::Item;
use crate::space::log2;
use crate::text::{Fnv, Words};

/// The fewest words of a text that can be a copy.
pub const WORDS_MIN: usize = 8;

/// One bit, as logarithms are counted.
const BIT: u64 = 65_536;
/// Of a near copy, that share of the words of both is in both, in thousandths, and they are so many bits beyond chance…
const MOST: Likeness = Likeness { permille: 640, beyond_chance: 11 * BIT };
/// …or that share, if they are so many: a sentence of one's own before a long letter.
const MUCH: Likeness = Likeness { permille: 500, beyond_chance: 26 * BIT };
/// While there are few texts, a word is as rare as among so many: nothing is known of it yet.
const AMONG_MIN: u32 = 256;

/// Of a longer text the first so many words are compared.
const WORDS_MAX: usize = 512;
/// So many of its rarest words a text is found by, and looks for others by…
const FOUND_BY: usize = 6;
const LOOKS_BY: usize = 24;
/// …but by none by which more are found: it is no rare word.
const FOUND_MAX: usize = 4_000;
/// So many of those found, which share most, are compared.
const COMPARED: usize = 16;
/// So many of a group, its first, are compared with what comes. Nobody gains by comparing with the thousandth copy.
const COMPARED_OF_GROUP: usize = 8;

struct Likeness {
    permille: u64,
    beyond_chance: u64,
}

/// Groups of near copies, as contributions come and are erased.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DuplicateIndex {
    words: HashMap<u32, Word, BuildHasherDefault<Same>>,
    texts: BTreeMap<Item, Text>,
    /// By their first item, in the order in which they were added; those of one too.
    groups: BTreeMap<Item, Vec<Item>>,
}

/// Contributions of nearly the same words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The one that was there first, and is shown.
    pub first: Item,
    /// All of them, the first too, as they came.
    pub items: Vec<Item>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Word {
    /// In how many groups' first texts it stands.
    groups: u32,
    /// Which texts are found by it, in their order.
    found: Vec<Item>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Text {
    first: Item,
    /// Their hashes, as they were said.
    words: Box<[u32]>,
    found_by: Box<[u32]>,
}

/// Words are hashes already, and items numbers that only need to be spread. Nothing depends on the order of a table.
#[derive(Clone, Copy, Debug, Default)]
struct Same(u64);

impl Hasher for Same {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |sum, byte| sum << 8 | u64::from(*byte));
    }

    /// In the upper half too, by which a table tells its entries apart.
    fn write_u32(&mut self, hash: u32) {
        self.0 = u64::from(hash) << 32 | u64::from(hash);
    }

    /// By the golden ratio (Knuth, volume 3, 6.4).
    fn write_u64(&mut self, number: u64) {
        self.0 = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

impl DuplicateIndex {
    /// Changes whenever the same texts would give other groups.
    pub const ID: &'static str = "alike-1";

    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a contribution in, anew if it is there already. Of a near copy it says which contribution was the first of
    /// its group.
    pub fn add(&mut self, item: Item, text: &str) -> Option<Item> {
        self.forget(item);
        let words = words_of(text)?;
        let near = self.nearest(&words);
        let first = near.unwrap_or(item);
        let found_by = self.rarest(&words, FOUND_BY, |_| true);
        self.texts.insert(item, Text { first, words, found_by: Box::default() });
        let group = self.groups.entry(first).or_default();
        group.push(item);
        if group.len() <= COMPARED_OF_GROUP {
            self.let_find(item, found_by);
        }
        if near.is_none() {
            self.count(item);
        }
        near
    }

    /// Leaves nothing of that contribution. If it was the first of a group, the next one is the first then.
    pub fn forget(&mut self, item: Item) {
        let Some(text) = self.texts.remove(&item) else { return };
        for word in &text.found_by {
            self.change(*word, |word| word.found.retain(|found| *found != item));
        }
        let Some(mut group) = self.groups.remove(&text.first) else { return };
        group.retain(|other| *other != item);
        if text.first == item {
            for word in each(&text.words) {
                self.change(word, |word| word.groups -= 1);
            }
        }
        let Some(first) = group.first().copied() else { return };
        if first != text.first {
            for other in &group {
                if let Some(text) = self.texts.get_mut(other) {
                    text.first = first;
                }
            }
            self.count(first);
        }
        if let Some(last) = group.get(..COMPARED_OF_GROUP).and_then(<[Item]>::last).copied() {
            self.let_find_if_not_yet(last);
        }
        self.groups.insert(first, group);
    }

    /// The first of the group that it is in, itself perhaps; `None` of a text that is too short.
    pub fn first(&self, item: Item) -> Option<Item> {
        self.texts.get(&item).map(|text| text.first)
    }

    /// All groups of two and more, by their first.
    pub fn groups(&self) -> Vec<Group> {
        let groups = self.groups.iter().filter(|(_, items)| items.len() > 1);
        groups.map(|(first, items)| Group { first: *first, items: items.clone() }).collect()
    }

    /// Among those that share rare words, the group of the one that is most alike, if it is a near copy; of equals the
    /// earliest.
    fn nearest(&self, words: &[u32]) -> Option<Item> {
        let mut shared: HashMap<Item, u64, BuildHasherDefault<Same>> = HashMap::default();
        for word in &self.rarest(words, LOOKS_BY, |known| (1..=FOUND_MAX).contains(&known.found.len())) {
            let bits = self.bits(*word);
            for found in self.words.get(word).into_iter().flat_map(|known| &known.found) {
                *shared.entry(*found).or_default() += bits;
            }
        }
        let mut shared: Vec<_> = shared.into_iter().map(|(item, bits)| (Reverse(bits), item)).collect();
        shared.sort_unstable();
        shared.truncate(COMPARED);
        let bits: Vec<_> = words.iter().map(|word| self.bits(*word)).collect();
        let texts = shared.into_iter().filter_map(|(_, item)| Some((item, self.texts.get(&item)?)));
        let alike = texts.filter_map(|(item, text)| {
            let permille = self.permille_if_near(words, &bits, &text.words)?;
            Some((permille, Reverse(item), text.first))
        });
        alike.max().map(|(_, _, first)| first)
    }

    /// What share of the words of both stands in both in the same order, if that makes them near copies.
    fn permille_if_near(&self, words: &[u32], bits: &[u64], other: &[u32]) -> Option<u64> {
        let permille = |common: usize| (2_000 * common / (words.len() + other.len())) as u64;
        if permille(words.len().min(other.len())) < MUCH.permille {
            return None;
        }
        let (count, bits) = common(words, bits, other);
        let by_chance = u64::from(log2(self.among()));
        let is = |likeness: &Likeness| {
            permille(count) >= likeness.permille && bits >= by_chance + likeness.beyond_chance
        };
        (is(&MOST) || is(&MUCH)).then(|| permille(count))
    }

    fn among(&self) -> u32 {
        AMONG_MIN + self.groups.len() as u32
    }

    /// log2(all groups / those that hold the word): how little it is to be expected.
    fn bits(&self, word: u32) -> u64 {
        let groups = self.words.get(&word).map_or(0, |word| word.groups);
        u64::from(log2(self.among()).saturating_sub(log2(groups + 1)))
    }

    /// The words that fewest groups hold first; of equals, those of the smaller hash.
    fn rarest(&self, words: &[u32], most: usize, counts: impl Fn(&Word) -> bool) -> Box<[u32]> {
        let unknown = Word::default();
        let known = each(words).into_iter().map(|word| (self.words.get(&word).unwrap_or(&unknown), word));
        let mut words: Vec<_> =
            known.filter(|(known, _)| counts(known)).map(|(known, word)| (known.groups, word)).collect();
        words.sort_unstable();
        words.into_iter().take(most).map(|(_, word)| word).collect()
    }

    fn let_find(&mut self, item: Item, found_by: Box<[u32]>) {
        for word in &found_by {
            let found = &mut self.words.entry(*word).or_default().found;
            found.insert(found.partition_point(|other| *other < item), item);
        }
        if let Some(text) = self.texts.get_mut(&item) {
            text.found_by = found_by;
        }
    }

    fn let_find_if_not_yet(&mut self, item: Item) {
        let text = self.texts.get(&item).filter(|text| text.found_by.is_empty());
        if let Some(found_by) = text.map(|text| self.rarest(&text.words, FOUND_BY, |_| true)) {
            self.let_find(item, found_by);
        }
    }

    /// Counts the words of a group's first text.
    fn count(&mut self, first: Item) {
        let words = self.texts.get(&first).map(|text| each(&text.words));
        for word in words.unwrap_or_default() {
            self.words.entry(word).or_default().groups += 1;
        }
    }

    /// Changes what is known of a word, and drops it once that is nothing.
    fn change(&mut self, word: u32, change: impl FnOnce(&mut Word)) {
        if let Some(known) = self.words.get_mut(&word) {
            change(known);
            if *known == Word::default() {
                self.words.remove(&word);
            }
        }
    }
}

/// How many words stand in both texts in the same order at most (their longest common subsequence: Hirschberg, 1975),
/// and the bits of those.
fn common(words: &[u32], bits: &[u64], other: &[u32]) -> (usize, u64) {
    // Both in one number, the count above the bits, so that one comparison prefers more words and then rarer ones. A
    // row's entry is what the words so far have in common with the other's up to there.
    const COUNTED: u64 = 1 << 40;
    let mut row = vec![0_u64; other.len() + 1];
    for (word, bits) in words.iter().zip(bits) {
        let mut before = 0;
        for (place, theirs) in other.iter().enumerate() {
            let above = row[place + 1];
            row[place + 1] = if word == theirs { before + COUNTED + bits } else { above.max(row[place]) };
            before = above;
        }
    }
    let best = row.last().copied().unwrap_or_default();
    ((best / COUNTED) as usize, best % COUNTED)
}

/// Every word once, sorted.
fn each(words: &[u32]) -> Vec<u32> {
    let mut words = words.to_vec();
    words.sort_unstable();
    words.dedup();
    words
}

/// `None` of a text that is too short to be a copy.
fn words_of(text: &str) -> Option<Box<[u32]>> {
    let words = Words::of(text);
    let hash = |folded: &str| Fnv::new(b'w').with(folded.as_bytes()).sum() as u32;
    (words.len() >= WORDS_MIN).then(|| words.iter().take(WORDS_MAX).map(|word| hash(word.folded)).collect())
}

#[cfg(test)]
mod tests;
