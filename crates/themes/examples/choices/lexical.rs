//! Plain TF-IDF, by other code than what is measured: what the reading compared with, and what judges quotes.

use std::collections::BTreeMap;

use themes::text::{Words, pieces};

/// What a text is taken apart into.
#[derive(Clone, Copy)]
pub(crate) enum Parts {
    /// Words, and every two neighbours.
    Words,
    /// Runs of three to five characters inside words.
    Pieces,
}

/// Texts by their parts, at length one.
pub(crate) struct Lexical(Vec<BTreeMap<String, f64>>);

impl Lexical {
    pub(crate) fn of(texts: &[&str], parts: Parts) -> Self {
        let mut texts: Vec<_> = texts.iter().map(|text| counted(text, parts)).collect();
        let mut held: BTreeMap<String, f64> = BTreeMap::new();
        texts.iter().flat_map(BTreeMap::keys).for_each(|part| *held.entry(part.clone()).or_default() += 1.0);
        let all = texts.len() as f64;
        for text in &mut texts {
            let weight = |part: &String, times: f64| {
                (1.0 + times.ln()) * (1.0 + ((all + 1.0) / (held[part] + 1.0)).ln())
            };
            text.iter_mut().for_each(|(part, times)| *times = weight(part, *times));
            to_length_one(text);
        }
        Self(texts)
    }

    pub(crate) fn cosine(&self, one: usize, other: usize) -> f64 {
        cosine(&self.0[one], &self.0[other])
    }

    /// The cosine of each of these to the middle of all of them.
    pub(crate) fn to_middle(&self, of: &[usize], each: &[usize]) -> Vec<f64> {
        let mut middle = BTreeMap::new();
        for (part, weight) in of.iter().flat_map(|text| &self.0[*text]) {
            *middle.entry(part.clone()).or_default() += weight;
        }
        to_length_one(&mut middle);
        each.iter().map(|text| cosine(&self.0[*text], &middle)).collect()
    }

    /// For each text the nearest one before it, if its cosine is so large.
    pub(crate) fn nearest_before(&self, least: f64) -> Vec<Option<usize>> {
        let mut before: BTreeMap<&str, Vec<(usize, f64)>> = BTreeMap::new();
        let nearest = self.0.iter().enumerate().map(|(place, text)| {
            let mut near = vec![0.0; place];
            for (part, weight) in text {
                let others = before.entry(part).or_default();
                others.iter().for_each(|(other, theirs)| near[*other] += weight * theirs);
                others.push((place, *weight));
            }
            let best = near.into_iter().enumerate().max_by(|one, other| one.1.total_cmp(&other.1));
            best.filter(|(_, near)| *near >= least).map(|(other, _)| other)
        });
        nearest.collect()
    }
}

fn counted(text: &str, parts: Parts) -> BTreeMap<String, f64> {
    let mut counted: BTreeMap<String, f64> = BTreeMap::new();
    let mut count = |part: String| *counted.entry(part).or_default() += 1.0;
    let words = Words::of(text);
    match parts {
        Parts::Words => {
            words.iter().for_each(|word| count(word.folded.to_owned()));
            words.pairs().for_each(|(pair, _)| count(pair.to_owned()));
        }
        Parts::Pieces => {
            words.iter().for_each(|word| pieces(word.padded, 3..6, |piece| count(piece.to_string())))
        }
    }
    counted
}

fn to_length_one(text: &mut BTreeMap<String, f64>) {
    let length = text.values().map(|part| part * part).sum::<f64>().sqrt().max(f64::MIN_POSITIVE);
    text.values_mut().for_each(|part| *part /= length);
}

fn cosine(one: &BTreeMap<String, f64>, other: &BTreeMap<String, f64>) -> f64 {
    one.iter().filter_map(|(part, weight)| Some(weight * other.get(part)?)).sum()
}
