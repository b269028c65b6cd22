//! What a group of texts is called: the phrase of one to three words that it uses most beyond what everybody else does,
//! by log-likelihood keyness (Dunning, 1993; Rayson and Garside, 2000), in integers.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::space::log2;
use crate::text::{Fnv, Words};

const WORDS_MAX: usize = 3;
/// A word that more of the other texts hold than one in so many begins and ends no name: every language has such words.
const COMMON_ONE_IN: u32 = 10;
/// A word that so few of them hold is not common, however few they are.
const UNCOMMON: u32 = 2;

/// How often phrases are used by all.
pub(super) struct Said {
    /// In how many texts each stands.
    texts: BTreeMap<u64, u32>,
    all_texts: u32,
    all_words: u32,
}

pub(super) struct Name {
    pub(super) name: String,
    /// In which exemplar it stands, and where.
    pub(super) phrase: (usize, Range<usize>),
}

/// Neighbouring words, with nothing but a space or a hyphen between.
struct Phrase {
    hash: u64,
    /// Of its words.
    words: Vec<u64>,
    at: Range<usize>,
}

/// A phrase of an exemplar, and how much the group uses it.
struct Key {
    exemplar: usize,
    phrase: Phrase,
    keyness: i64,
    texts: u32,
}

fn phrases(text: &str) -> Vec<Phrase> {
    let words = Words::of(text);
    let words: Vec<_> =
        words.iter().map(|word| (Fnv::new(b'n').with(word.folded.as_bytes()).sum(), word.at)).collect();
    let mut phrases = vec![];
    for start in 0..words.len() {
        for end in start + 1..=words.len().min(start + WORDS_MAX) {
            let run = &words[start..end];
            let joined =
                |pair: &[(u64, Range<usize>)]| matches!(&text[pair[0].1.end..pair[1].1.start], " " | "-");
            if !run.windows(2).all(joined) {
                break;
            }
            let words: Vec<_> = run.iter().map(|(hash, _)| *hash).collect();
            let hash = words.iter().fold(Fnv::new(b'n'), |sum, word| sum.with(&word.to_le_bytes())).sum();
            phrases.push(Phrase { hash, words, at: run[0].1.start..run[run.len() - 1].1.end });
        }
    }
    phrases
}

/// In how many of the texts each phrase stands, and how many words there are.
fn count<'a>(texts: impl Iterator<Item = &'a str>) -> Said {
    let mut said = Said { texts: BTreeMap::new(), all_texts: 0, all_words: 0 };
    for text in texts {
        let phrases = phrases(text);
        said.all_texts += 1;
        said.all_words += phrases.iter().filter(|phrase| phrase.words.len() == 1).count() as u32;
        let once: BTreeSet<_> = phrases.iter().map(|phrase| phrase.hash).collect();
        once.into_iter().for_each(|hash| *said.texts.entry(hash).or_default() += 1);
    }
    said
}

impl Said {
    pub(super) fn new<'a>(
        unexplained: impl Iterator<Item = &'a str>,
        explained: &[(crate::Item, &'a str)],
    ) -> Self {
        count(unexplained.chain(explained.iter().map(|(_, text)| *text)))
    }

    /// The name of the group of these members, from its exemplars' own words; `None` where those hold no word.
    pub(super) fn name(&self, members: &[&str], exemplars: &[&str]) -> Option<Name> {
        let own = count(members.iter().copied());
        let keys = exemplars
            .iter()
            .enumerate()
            .flat_map(|(exemplar, text)| phrases(text).into_iter().map(move |phrase| (exemplar, phrase)));
        let keys: Vec<_> = keys.map(|(exemplar, phrase)| self.key(&own, exemplar, phrase)).collect();
        let (plain, common): (Vec<_>, Vec<_>) =
            keys.into_iter().partition(|key| self.is_plain(&own, &key.phrase));
        let keys = if plain.is_empty() { common } else { plain };
        let best = keys.iter().reduce(better)?;
        let first = keys.iter().filter(|key| is_fuller(key, best)).reduce(better).unwrap_or(best);
        let other = |key: &&Key| {
            key.keyness * 2 >= best.keyness
                && key.texts > 1
                && key.phrase.words.iter().all(|word| !first.phrase.words.contains(word))
        };
        let shown = |key: &Key| exemplars[key.exemplar][key.phrase.at.clone()].to_owned();
        let second = keys.iter().filter(other).reduce(better).map(shown);
        let name = [Some(shown(first)), second].into_iter().flatten().collect::<Vec<_>>().join(", ");
        Some(Name { name: begin_large(&name), phrase: (first.exemplar, first.phrase.at.clone()) })
    }

    fn key(&self, own: &Self, exemplar: usize, phrase: Phrase) -> Key {
        let texts = own.texts.get(&phrase.hash).copied().unwrap_or_default();
        let others = self.texts.get(&phrase.hash).copied().unwrap_or_default().saturating_sub(texts);
        let other_words = self.all_words.saturating_sub(own.all_words);
        Key { exemplar, phrase, keyness: keyness(texts, own.all_words, others, other_words), texts }
    }

    /// Whether its first and last word are no common ones.
    fn is_plain(&self, own: &Self, phrase: &Phrase) -> bool {
        let common = |word: &u64| {
            let hash = Fnv::new(b'n').with(&word.to_le_bytes()).sum();
            let of = |said: &Self| said.texts.get(&hash).copied().unwrap_or_default();
            let others = of(self).saturating_sub(of(own));
            others > UNCOMMON && others * COMMON_ONE_IN > self.all_texts.saturating_sub(own.all_texts)
        };
        ![phrase.words.first(), phrase.words.last()].into_iter().flatten().any(common)
    }
}

/// How much more often than others the group uses a phrase: twice the log-likelihood ratio in bits, in 65,536ths;
/// less than nothing where it uses it less often.
fn keyness(here: u32, words_here: u32, elsewhere: u32, words_elsewhere: u32) -> i64 {
    let log = |number: u32| i64::from(log2(number));
    let (both, words) = (here + elsewhere, words_here + words_elsewhere);
    // Each times the logarithm of what was counted, over what would be if all used it alike.
    let part = |count: u32, of: u32| i64::from(count) * (log(count) + log(words) - log(of) - log(both));
    let sum = 2 * (part(here, words_here) + part(elsewhere, words_elsewhere));
    let more = u64::from(here) * u64::from(words_elsewhere) >= u64::from(elsewhere) * u64::from(words_here);
    if more { sum } else { -sum }
}

/// The key that says more, of equals the one in more texts, then the longer one, then the earlier.
fn better<'a>(one: &'a Key, other: &'a Key) -> &'a Key {
    let rank = |key: &Key| (key.keyness, key.texts, key.phrase.words.len());
    if rank(other) > rank(one) { other } else { one }
}

/// Whether it says more than `best` with more words, and is what at least half of those mean who say that.
fn is_fuller(key: &Key, best: &Key) -> bool {
    let (words, fewer) = (&key.phrase.words, &best.phrase.words);
    words.len() > fewer.len()
        && words.windows(fewer.len()).any(|run| run == fewer)
        && key.texts * 2 >= best.texts
}

fn begin_large(name: &str) -> String {
    let mut characters = name.chars();
    let first = characters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(characters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARKING: [&str; 5] = [
        "There is no car park for visitors",
        "The car park was full again",
        "I paid too much for the car park",
        "Please build a car park that is large enough",
        "car park, car park, car park!",
    ];
    const OTHERS: [&str; 6] = [
        "The nurse was kind to me",
        "There is a long wait for the nurse",
        "I was there for the day and it was too long",
        "They were kind to me again",
        "Please let me see the nurse for longer",
        "The food was cold, and I came by car",
    ];

    fn said(texts: &[&str]) -> Said {
        count(texts.iter().copied())
    }

    #[test]
    fn a_group_is_called_what_it_says_and_others_do_not() {
        let all = said(&[PARKING.as_slice(), &OTHERS].concat());
        let name = all.name(&PARKING, &PARKING).unwrap();
        assert_eq!(name.name, "Car park");
        let (exemplar, at) = name.phrase;
        assert_eq!(&PARKING[exemplar][at], "car park");
    }

    #[test]
    fn a_second_phrase_is_added_where_it_says_as_much() {
        let food = [
            "Cold porridge at breakfast",
            "The porridge for breakfast",
            "breakfast: porridge",
            "porridge",
            "breakfast",
        ];
        let all = said(&[food.as_slice(), &OTHERS].concat());
        assert_eq!(all.name(&food, &food).unwrap().name, "Porridge, breakfast");
    }

    #[test]
    fn where_all_words_are_common_one_of_them_has_to_do() {
        let all = said(&["to me", "to me", "to me"]);
        assert!(all.name(&["to me"], &["to me"]).is_some());
        assert!(all.name(&["…"], &["…"]).is_none());
    }

    #[test]
    fn keyness_is_what_the_papers_compute() {
        // 2 · (20 · log2(20 · 2000 / (1000 · 25)) + 5 · log2(5 · 2000 / (1000 · 25))) = 13.904 bits.
        let bits = keyness(20, 1_000, 5, 1_000) as f64 / 65_536.0;
        assert!((bits - 13.904).abs() < 0.01, "{bits}");
        assert!(keyness(5, 1_000, 20, 1_000) < 0);
        assert_eq!(keyness(0, 10, 0, 10), 0);
    }
}
