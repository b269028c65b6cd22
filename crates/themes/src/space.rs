//! The lexical space in which texts are compared with one another: words, pairs of neighbours and pieces of words,
//! weighted by how few texts hold them (TF-IDF).
//!
//! The numbers are plain f64, added in one fixed order and made with + - * / and square roots only, which IEEE 754
//! rounds alike everywhere; logarithms are integers. So the same texts lie at the same bytes on every machine.

use crate::text::{Fnv, Words, pieces};

/// How long the pieces of words are.
const PIECES: std::ops::Range<usize> = 3..6;
const WORD: u8 = b'w';
const PAIR: u8 = b'p';

/// What a text holds and how often, by hash and sorted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Features {
    words: Vec<(u32, u32)>,
    pieces: Vec<(u32, u32)>,
}

impl Features {
    pub(crate) fn of(words: &Words) -> Self {
        let mut found = Vec::new();
        let single = words.iter().map(|word| Fnv::new(WORD).with(word.folded.as_bytes()).sum());
        let pairs = words.pairs().map(|(pair, _)| Fnv::new(PAIR).with(pair.as_bytes()).sum());
        found.extend(single.chain(pairs).map(short));
        let words_found = counted(&mut found);
        found.clear();
        for word in words.iter() {
            pieces(word.padded, PIECES, |hash| found.push(short(hash)));
        }
        Self { words: words_found, pieces: counted(&mut found) }
    }

    fn all(&self) -> impl Iterator<Item = u32> {
        self.words.iter().chain(&self.pieces).map(|(feature, _)| *feature)
    }
}

/// The lower half of a hash: among the some hundred thousand features of an assembly few fall together.
fn short(hash: u64) -> u32 {
    hash as u32
}

fn counted(found: &mut [u32]) -> Vec<(u32, u32)> {
    found.sort_unstable();
    found.chunk_by(|one, other| one == other).map(|same| (same[0], same.len() as u32)).collect()
}

/// Which features there are, and what each weighs.
pub(crate) struct Space {
    /// Sorted by feature; a feature's place here is its axis.
    weights: Vec<(u32, f64)>,
}

/// Where a text lies: its axes in order, at length one, or nowhere if it says nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Point(pub(crate) Vec<(u32, f64)>);

impl Space {
    pub(crate) fn of<'a>(texts: impl Iterator<Item = &'a Features>) -> Self {
        let (mut held, mut count) = (Vec::new(), 0_u32);
        for text in texts {
            held.extend(text.all());
            count += 1;
        }
        let weights = counted(&mut held).into_iter();
        Self { weights: weights.map(|(feature, in_texts)| (feature, rarity(in_texts, count))).collect() }
    }

    /// Words and pieces weigh the same together, however many there are of each.
    pub(crate) fn place(&self, text: &Features) -> Point {
        let mut parts: Vec<_> =
            [&text.words, &text.pieces].into_iter().flat_map(|block| self.block(block)).collect();
        parts.sort_unstable_by_key(|(axis, _)| *axis);
        Point::new(parts)
    }

    fn block(&self, features: &[(u32, u32)]) -> Vec<(u32, f64)> {
        let known = features.iter().filter_map(|(feature, times)| {
            let axis = self.weights.binary_search_by_key(feature, |(known, _)| *known).ok()?;
            let (_, weight) = self.weights[axis];
            Some((axis as u32, weight * frequency(*times)))
        });
        Point::new(known.collect()).0
    }

    pub(crate) fn axes(&self) -> usize {
        self.weights.len()
    }
}

/// 1 + ln(all / in_texts), smoothed as if one more text held everything.
fn rarity(in_texts: u32, all: u32) -> f64 {
    1.0 + (f64::from(log2(all + 1)) - f64::from(log2(in_texts + 1))) * LN_2
}

/// 1 + ln(times).
fn frequency(times: u32) -> f64 {
    1.0 + f64::from(log2(times)) * LN_2
}

/// ln 2 in 65,536ths.
const LN_2: f64 = std::f64::consts::LN_2 / 65_536.0;

/// The logarithm to base two in 65,536ths, rounded down; of nothing as of one.
pub(crate) fn log2(number: u32) -> u32 {
    let number = number.max(1);
    let whole = number.ilog2();
    let mut rest = u64::from(number) << (31 - whole);
    (0..16).rev().fold(whole << 16, |sum, bit| {
        rest = (rest * rest) >> 31;
        let above = rest >> 32;
        rest >>= above;
        sum | (above as u32) << bit
    })
}

impl Point {
    fn new(mut parts: Vec<(u32, f64)>) -> Self {
        let length = parts.iter().map(|(_, part)| part * part).sum::<f64>().sqrt();
        if length > 0.0 {
            parts.iter_mut().for_each(|(_, part)| *part /= length);
        }
        Self(parts)
    }

    /// Spread over all axes, to be compared with others by [`Point::along`].
    pub(crate) fn spread(&self, axes: usize) -> Vec<f64> {
        let mut dense = vec![0.0; axes];
        for (axis, part) in &self.0 {
            dense[*axis as usize] += part;
        }
        dense
    }

    /// The cosine of the angle to one that is spread out.
    pub(crate) fn along(&self, dense: &[f64]) -> f64 {
        self.0.iter().map(|(axis, part)| part * dense[*axis as usize]).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(one: f64, other: f64) -> bool {
        (one - other).abs() < 1e-4
    }

    #[test]
    fn logarithms_are_right_to_the_last_bit() {
        assert_eq!([0, 1, 2, 3, 1024, u32::MAX].map(log2), [0, 0, 65_536, 103_872, 655_360, 2_097_151]);
        assert!((1..5_000).all(|n| log2(n) <= log2(n + 1)));
        assert!(near(rarity(1, 9), 1.0 + 5_f64.ln()) && near(frequency(7), 1.0 + 7_f64.ln()));
    }

    #[test]
    fn alike_texts_lie_close_and_a_text_lies_on_itself() {
        let texts = ["The bus was late", "Late busses again", "Kind nurses", ""]
            .map(|text| Features::of(&Words::of(text)));
        let space = Space::of(texts.iter());
        let [late, later, kind, nothing] = texts.map(|text| space.place(&text));
        let cosine = |one: &Point, other: &Point| one.along(&other.spread(space.axes()));
        assert!(near(cosine(&late, &late), 1.0) && near(cosine(&late, &later), cosine(&later, &late)));
        assert!(cosine(&late, &later) > 0.1 && cosine(&late, &kind) < 0.01);
        assert_eq!((cosine(&nothing, &late), cosine(&late, &nothing)), (0.0, 0.0));
    }
}
