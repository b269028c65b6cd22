//! A text as the learner sees it: how often which words, pairs of words and pieces of words stand in it.

use std::ops::Range;

use crate::embedding::Embedding;
use crate::meaning::Meaning;
use crate::text::{Fnv, Words, pieces};

/// Hashes are cut to this many bits. A hundred thousand features then meet one in twenty that is not theirs.
pub(crate) const KEY_BITS: u32 = 20;

/// Characters in a piece of a word: 3, 4 or 5.
const SIZES: Range<usize> = 3..6;

/// What one feature is called in the tables of the learner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key(pub(crate) u32);

impl Key {
    fn of(hash: u64) -> Self {
        Self((hash & ((1 << KEY_BITS) - 1)) as u32)
    }

    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// The kinds of features, which are weighed apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Block {
    Words,
    Pieces,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Feature {
    pub(crate) block: Block,
    pub(crate) key: Key,
    /// How often it stands in the text; never 0.
    pub(crate) count: u8,
}

/// One place where a feature stands: in one word, or in this one and the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Found {
    block: Block,
    key: Key,
    word: u32,
    words: u8,
}

/// What a text is made of.
#[derive(Clone, Debug)]
pub(crate) struct Bag {
    /// By block and key, each once.
    pub(crate) features: Vec<Feature>,
    /// In the same order.
    found: Vec<Found>,
    /// `None` where no sentence model has looked at it.
    pub(crate) meaning: Option<Meaning>,
    words: Words,
}

impl Bag {
    pub(crate) fn of(text: &str) -> Self {
        let words = Words::of(text);
        let mut found = Vec::with_capacity(words.len() * 20);
        let whole = |folded: &str| Key::of(Fnv::new(b'w').with(folded.as_bytes()).sum());
        for (word, index) in words.iter().zip(0..) {
            found.push(Found { block: Block::Words, key: whole(word.folded), word: index, words: 1 });
            pieces(word.padded, SIZES, |hash| {
                found.push(Found { block: Block::Pieces, key: Key::of(hash), word: index, words: 1 });
            });
        }
        for ((pair, _), index) in words.pairs().zip(0..) {
            found.push(Found { block: Block::Words, key: whole(pair), word: index, words: 2 });
        }
        found.sort_unstable();
        let features = found.chunk_by(same).map(|group| Feature {
            block: group[0].block,
            key: group[0].key,
            count: u8::try_from(group.len()).unwrap_or(u8::MAX),
        });
        Self { features: features.collect(), found, words, meaning: None }
    }

    /// The same text, of which a sentence model has said what it means.
    pub(crate) fn that_means(self, embedding: Option<&Embedding>) -> Self {
        Self { meaning: embedding.and_then(Meaning::of), ..self }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.features.is_empty()
    }

    /// The words that the most was said by, best first, at most `most`: `said` gives how much each feature, by its
    /// place among them, says. A word that says less than a quarter of the best is left out, and so is its second copy.
    pub(crate) fn spoke(&self, most: usize, said: impl Fn(usize) -> i64) -> Vec<Range<usize>> {
        let mut sums = vec![0_i64; self.words.len()];
        for (group, index) in self.found.chunk_by(same).zip(0..) {
            let share = said(index) / group.len() as i64;
            for found in group {
                for word in &mut sums[found.word as usize..][..usize::from(found.words)] {
                    *word += share / i64::from(found.words);
                }
            }
        }
        let mut ranked: Vec<_> = self.words.iter().zip(sums).collect();
        ranked.sort_by_key(|(_, sum)| -sum);
        let best = ranked.first().map_or(0, |(_, sum)| *sum);
        let mut chosen: Vec<(&str, Range<usize>)> = Vec::new();
        for (word, _) in ranked.into_iter().take_while(|(_, sum)| *sum > 0 && sum * 4 >= best) {
            if chosen.len() < most && chosen.iter().all(|(there, _)| *there != word.folded) {
                chosen.push((word.folded, word.at));
            }
        }
        chosen.into_iter().map(|(_, at)| at).collect()
    }
}

fn same(one: &Found, other: &Found) -> bool {
    (one.block, one.key) == (other.block, other.key)
}

/// Values in Q15 of which the squares of each block add up to one.
pub(crate) fn to_length_one(raw: &[(Block, i64)]) -> Vec<i16> {
    let factor = |of: Block| {
        let squares = raw.iter().filter(|(block, _)| *block == of).map(|(_, raw)| raw.unsigned_abs().pow(2));
        (1_u64 << 46) / squares.sum::<u64>().isqrt().max(1)
    };
    let (words, pieces) = (factor(Block::Words), factor(Block::Pieces));
    let scaled = raw.iter().map(|(block, raw)| {
        let factor = if *block == Block::Words { words } else { pieces };
        i16::try_from((raw.unsigned_abs() * factor) >> 31).unwrap_or(i16::MAX)
    });
    scaled.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_are_words_pairs_and_pieces_with_their_counts() {
        let bag = Bag::of("To be, or not to be");
        let words: Vec<_> = bag.features.iter().filter(|feature| feature.block == Block::Words).collect();
        // to, be, or, not; to be, be or, or not, not to.
        assert_eq!(words.len(), 8);
        assert_eq!(words.iter().filter(|feature| feature.count == 2).count(), 3);
        assert!(bag.features.iter().any(|feature| feature.block == Block::Pieces));
        assert!(Bag::of("…").is_empty());
    }

    #[test]
    fn the_words_that_spoke_come_best_first_and_once() {
        let text = "bus and bus, late";
        let bag = Bag::of(text);
        let says = |word: &str, much: i64| {
            let key = Key::of(Fnv::new(b'w').with(word.as_bytes()).sum());
            let at = bag.features.iter().position(|feature| feature.key == key);
            move |index: usize| if Some(index) == at { much } else { 0 }
        };
        let (bus, late) = (says("bus", 200), says("late", 90));
        let spoke = bag.spoke(3, |index| bus(index) + late(index));
        assert_eq!(spoke.into_iter().map(|at| &text[at]).collect::<Vec<_>>(), ["bus", "late"]);
        assert!(bag.spoke(3, |_| -1).is_empty() && bag.spoke(0, |_| 9).is_empty());
    }
}
