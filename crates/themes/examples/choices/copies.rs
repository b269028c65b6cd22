//! Near-duplicates: copies with some of their words changed, planted among what people wrote, and found again.

use serde_json::json;
use themes::Item;
use themes::duplicates::{DuplicateIndex, WORDS_MIN};
use themes::text::Words;

use crate::chance::Chance;
use crate::lexical::{Lexical, Parts};
use crate::{rounded, row};

const AMONG: usize = 1_350;
const COPIES: usize = 150;
const RUNS: u64 = 3;
/// What the reading found best: the cosine of the texts' pieces, weighted by rarity.
const COSINE: f64 = 0.6;
/// Its recall, at a precision of .98 and more.
const READING: [(usize, f64); 3] = [(10, 0.993), (25, 0.940), (40, 0.793)];

/// Texts among which copies are planted, and those copies with the places of what they were made from.
struct Planted<'a> {
    texts: Vec<&'a str>,
    copies: Vec<(usize, String)>,
}

#[derive(Default)]
struct Outcome {
    /// Copies that were put to what they were made from.
    right: usize,
    /// Copies that were put to something else, and texts that were called a copy of another.
    wrong: usize,
    copies: usize,
}

impl Outcome {
    fn plus(self, other: &Self) -> Self {
        let (right, wrong) = (self.right + other.right, self.wrong + other.wrong);
        Self { right, wrong, copies: self.copies + other.copies }
    }

    fn recall(&self) -> f64 {
        self.right as f64 / self.copies as f64
    }

    fn precision(&self) -> f64 {
        self.right as f64 / (self.right + self.wrong) as f64
    }
}

/// A share of the words becomes words of others, as often as they are used.
fn edited(text: &str, percent: usize, words: &[&str], chance: &mut Chance) -> String {
    let mut own: Vec<_> = text.split_whitespace().collect();
    let count = (own.len() * percent).div_ceil(100);
    let places: Vec<_> = (0..own.len()).collect();
    for place in chance.some(&places, count) {
        own[place] = words[chance.below(words.len())];
    }
    own.join(" ")
}

impl<'a> Planted<'a> {
    fn new(texts: &[&'a str], percent: usize, seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let words: Vec<_> = texts.iter().flat_map(|text| text.split_whitespace()).collect();
        let texts = chance.some(texts, AMONG);
        let places: Vec<_> = (0..texts.len()).collect();
        let sources = chance.some(&places, COPIES);
        let copies =
            sources.into_iter().map(|source| (source, edited(texts[source], percent, &words, &mut chance)));
        let copies = copies.collect();
        Self { copies, texts }
    }

    fn found_by_index(&self) -> Outcome {
        let mut index = DuplicateIndex::new();
        let mut outcome = Outcome { copies: self.copies.len(), ..Outcome::default() };
        for (item, text) in (0..).zip(&self.texts) {
            outcome.wrong += usize::from(index.add(Item(item), text).is_some());
        }
        for (item, (source, copy)) in (self.texts.len() as u64..).zip(&self.copies) {
            match index.add(Item(item), copy) {
                near if near.is_some() && near == index.first(Item(*source as u64)) => outcome.right += 1,
                near => outcome.wrong += usize::from(near.is_some()),
            }
        }
        outcome
    }

    fn found_by_cosine(&self) -> Outcome {
        let copies = self.copies.iter().map(|(_, copy)| copy.as_str());
        let all: Vec<_> = self.texts.iter().copied().chain(copies).collect();
        let mut outcome = Outcome { copies: self.copies.len(), ..Outcome::default() };
        for (place, nearest) in
            Lexical::of(&all, Parts::Pieces).nearest_before(COSINE).into_iter().enumerate()
        {
            let Some(nearest) = nearest else { continue };
            let source = place.checked_sub(self.texts.len()).map(|nth| self.copies[nth].0);
            *(if source == Some(nearest) { &mut outcome.right } else { &mut outcome.wrong }) += 1;
        }
        outcome
    }
}

pub(crate) fn rows(set: &str, texts: &[String]) {
    let long: Vec<_> =
        texts.iter().map(String::as_str).filter(|text| Words::of(text).len() >= WORDS_MIN).collect();
    // Whether texts that are near by nature are copies nobody knows: one row counts them as faults, the other leaves
    // out those that the cosine calls near.
    let near = Lexical::of(&long, Parts::Pieces).nearest_before(COSINE);
    let apart: Vec<_> =
        long.iter().zip(near).filter(|(_, near)| near.is_none()).map(|(text, _)| *text).collect();
    println!(
        "\nNear copies, {COPIES} planted among {AMONG} of {set}, mean of {RUNS} draws: recall / precision"
    );
    for (among, texts) in [("all", &long), ("without natural near copies", &apart)] {
        for (percent, reading) in READING {
            let planted: Vec<_> = (0..RUNS).map(|seed| Planted::new(texts, percent, seed)).collect();
            let found = |find: fn(&Planted<'_>) -> Outcome| {
                planted.iter().map(find).fold(Outcome::default(), |all, one| all.plus(&one))
            };
            let (index, cosine) =
                (found(|planted| planted.found_by_index()), found(|planted| planted.found_by_cosine()));
            let line = format!(
                "{percent} % of words changed, among {among}: {:.3} / {:.3}; cosine {:.3} / {:.3}; reading {reading:.3}",
                index.recall(),
                index.precision(),
                cosine.recall(),
                cosine.precision(),
            );
            for (method, outcome) in [("index", &index), ("cosine", &cosine)] {
                let line = if method == "index" { line.as_str() } else { "" };
                row(
                    line,
                    &json!({
                        "measure": "copies", "set": set, "among": among, "changed": percent, "method": method,
                        "recall": rounded(outcome.recall()), "precision": rounded(outcome.precision()),
                    }),
                );
            }
        }
    }
}

/// How long a large consultation takes, of which a tenth is as it was written and the rest half-changed copies.
#[expect(clippy::disallowed_methods, reason = "what is measured here is the time")]
pub(crate) fn time(texts: &[String]) {
    const ALL: usize = 100_000;
    let mut chance = Chance::new(0);
    let words: Vec<_> = texts.iter().flat_map(|text| text.split_whitespace()).collect();
    let many: Vec<_> = (0..ALL)
        .map(|nth| {
            edited(&texts[nth % texts.len()], if nth < texts.len() { 0 } else { 50 }, &words, &mut chance)
        })
        .collect();
    let mut index = DuplicateIndex::new();
    let from = std::time::Instant::now();
    for (item, text) in (0..).zip(&many) {
        index.add(Item(item), text);
    }
    let seconds = from.elapsed().as_secs_f64();
    let groups = index.groups().len();
    let line = format!("{ALL} contributions one after the other: {seconds:.1} s, {groups} groups");
    row(
        &line,
        &json!({"measure": "copies", "contributions": ALL, "seconds": rounded(seconds), "groups": groups}),
    );
}
