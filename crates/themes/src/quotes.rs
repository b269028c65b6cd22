//! Which of many contributions to quote: few that together stand for what all of them say.
//!
//! Within each stratum (for and against, room and remote) it is greedy facility location (Nemhauser, Wolsey and
//! Fisher, 1978): the next quote is the one that adds most to how near every contribution lies to the quote nearest
//! to it. Strata take turns by their size, each first once. A quote is a contribution's own bytes, whole or whole
//! sentences of it; nothing here makes text.
//!
//! What holds: what people pinned comes first and stays, whatever else. The machine adds nothing of a voice or of a
//! group of near copies of which there is a quote. The order in which candidates are given does not matter.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::Item;
use crate::space::{Features, Point, Space};
use crate::text::Words;

/// Fewer words say too little on their own, …
const WORDS_MIN: usize = 5;
/// …and a reader does not take in more than so many characters; either is quoted only where nothing else is there.
const CHARS_MAX: usize = 600;
/// A shorter sentence ("Yes.", or "Dr.", which ends none) stays with the one that follows it.
const SENTENCE_WORDS_MIN: usize = 3;

/// A contribution that may be quoted.
#[derive(Clone, Copy, Debug)]
pub struct QuoteCandidate<'a> {
    pub item: Item,
    pub text: &'a str,
    /// Which side of the theme it is on, and where it was said, as the caller numbers them.
    pub stratum: u8,
    pub voice: Option<u128>,
    /// The first of the near copies that it belongs to.
    pub group: Option<Item>,
    pub pinned: bool,
}

/// A contribution to quote, and why that one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chosen {
    pub item: Item,
    pub why: Why,
}

/// What a quote stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Why {
    pub stratum: u8,
    /// Somebody wanted it.
    pub pinned: bool,
    /// So many contributions of its stratum, itself too, lie nearer to it than to any other quote…
    pub stands_for: u32,
    /// …of so many. Those that share nothing with any quote are nobody's.
    pub of: u32,
}

/// Up to `most` quotes, the pinned ones first, all of them and in the order of the record, then those that were
/// chosen, in the order in which they were. An item that is given twice is taken once.
pub fn choose(candidates: &[QuoteCandidate<'_>], most: usize) -> Vec<Chosen> {
    let mut choice = Choice::new(candidates);
    for place in 0..choice.candidates.len() {
        if choice.candidates[place].pinned {
            choice.take(place);
        }
    }
    while choice.taken.len() < most {
        let Some(place) = choice.next() else { break };
        choice.take(place);
    }
    choice.with_reasons()
}

struct Choice<'a> {
    /// In the order of the record.
    candidates: Vec<QuoteCandidate<'a>>,
    points: Vec<Point>,
    axes: usize,
    strata: BTreeMap<u8, Stratum>,
    taken: Vec<usize>,
    voices: BTreeSet<u128>,
    groups: BTreeSet<Item>,
}

/// The candidates of one stratum.
struct Stratum {
    members: Vec<Member>,
    taken: usize,
}

struct Member {
    place: usize,
    suits: bool,
    /// How near it lies to the nearest quote.
    near: f64,
    /// It adds no more than that as a quote: what it added when that was last computed, for it can only add less since.
    adds_at_most: f64,
}

impl<'a> Choice<'a> {
    fn new(candidates: &[QuoteCandidate<'a>]) -> Self {
        let mut candidates = candidates.to_vec();
        candidates.sort_by_key(|candidate| (candidate.item, !candidate.pinned, candidate.stratum));
        candidates.dedup_by_key(|candidate| candidate.item);
        let words: Vec<_> = candidates.iter().map(|candidate| Words::of(candidate.text)).collect();
        let features: Vec<_> = words.iter().map(Features::of).collect();
        let space = Space::of(features.iter());
        let points: Vec<_> = features.iter().map(|text| space.place(text)).collect();
        let mut strata: BTreeMap<u8, Vec<Member>> = BTreeMap::new();
        for (place, candidate) in candidates.iter().enumerate() {
            let suits = words[place].len() >= WORDS_MIN && candidate.text.chars().count() <= CHARS_MAX;
            let member = Member { place, suits, near: 0.0, adds_at_most: 0.0 };
            strata.entry(candidate.stratum).or_default().push(member);
        }
        let strata =
            strata.into_iter().map(|(name, members)| (name, Stratum::new(members, &points, space.axes())));
        let (strata, voices, groups) = (strata.collect(), BTreeSet::new(), BTreeSet::new());
        Self { points, axes: space.axes(), strata, taken: vec![], voices, groups, candidates }
    }

    /// What is best in the stratum whose turn it is.
    fn next(&mut self) -> Option<usize> {
        let mut strata: Vec<_> = self.strata.iter().collect();
        // Highest averages (Sainte-Laguë), with the first seat before all second ones: the larger `size / (2 taken +
        // 1)`, by cross-multiplication. The sort is stable, so that equals come in the order of their numbers.
        strata.sort_by(|(_, one), (_, other)| {
            let (seats, theirs) = (2 * one.taken + 1, 2 * other.taken + 1);
            let first = (one.taken > 0).cmp(&(other.taken > 0));
            first.then((other.members.len() * seats).cmp(&(one.members.len() * theirs)))
        });
        let turns: Vec<_> = strata.into_iter().map(|(name, _)| *name).collect();
        turns.into_iter().find_map(|stratum| self.best(stratum))
    }

    /// What adds most to a stratum, of equals the earliest; what does not suit only where it has nothing yet.
    fn best(&mut self, stratum: u8) -> Option<usize> {
        let members = &self.strata.get(&stratum)?.members;
        let may = |nth: &usize| self.may_be_taken(members[*nth].place);
        let open = (0..members.len()).filter(may);
        let (mut open, rest): (Vec<_>, Vec<_>) = open.partition(|nth| members[*nth].suits);
        if open.is_empty() && self.strata.get(&stratum)?.taken == 0 {
            open = rest;
        }
        open.sort_by(|one, other| {
            members[*other].adds_at_most.total_cmp(&members[*one].adds_at_most).then(one.cmp(other))
        });
        // Those that may add most first; once none of the rest may add as much as the best, there is no more to compute
        // (Minoux, 1978).
        let mut best: Option<(f64, usize)> = None;
        for nth in open {
            let stratum = self.strata.get_mut(&stratum)?;
            if best.is_some_and(|(most, _)| most > stratum.members[nth].adds_at_most) {
                break;
            }
            let adds = stratum.adds(nth, &self.points, self.axes);
            stratum.members[nth].adds_at_most = adds;
            if best.is_none_or(|(most, earliest)| adds > most || adds == most && nth < earliest) {
                best = Some((adds, nth));
            }
        }
        best.map(|(_, nth)| self.strata[&stratum].members[nth].place)
    }

    fn may_be_taken(&self, place: usize) -> bool {
        let candidate = &self.candidates[place];
        let known = |group: Item| self.groups.contains(&group);
        !candidate.voice.is_some_and(|voice| self.voices.contains(&voice))
            && !known(candidate.group.unwrap_or(candidate.item))
            && !self.taken.contains(&place)
    }

    fn take(&mut self, place: usize) {
        let candidate = &self.candidates[place];
        self.voices.extend(candidate.voice);
        self.groups.insert(candidate.group.unwrap_or(candidate.item));
        self.taken.push(place);
        let dense = self.points[place].spread(self.axes);
        if let Some(stratum) = self.strata.get_mut(&candidate.stratum) {
            stratum.taken += 1;
            for member in &mut stratum.members {
                member.near = member.near.max(self.points[member.place].along(&dense));
            }
        }
    }

    fn with_reasons(self) -> Vec<Chosen> {
        let mut stands_for = vec![0; self.taken.len()];
        let spread: Vec<_> = self.taken.iter().map(|place| self.points[*place].spread(self.axes)).collect();
        for (place, point) in self.points.iter().enumerate() {
            let same = |quote: &usize| self.stratum(self.taken[*quote]) == self.stratum(place);
            let near = (0..self.taken.len()).filter(same).map(|quote| {
                // A quote stands for itself, even where it says nothing that can be compared.
                let itself = self.taken[quote] == place;
                (if itself { f64::INFINITY } else { point.along(&spread[quote]) }, quote)
            });
            let nearest = near
                .filter(|(near, _)| *near > 0.0)
                .reduce(|best, next| if next.0 > best.0 { next } else { best });
            if let Some((_, quote)) = nearest {
                stands_for[quote] += 1;
            }
        }
        let chosen = self.taken.iter().zip(stands_for).map(|(place, stands_for)| {
            let QuoteCandidate { item, stratum, pinned, .. } = self.candidates[*place];
            let of = self.strata.get(&stratum).map_or(0, |stratum| stratum.members.len() as u32);
            Chosen { item, why: Why { stratum, pinned, stands_for, of } }
        });
        chosen.collect()
    }

    fn stratum(&self, place: usize) -> u8 {
        self.candidates[place].stratum
    }
}

impl Stratum {
    fn new(mut members: Vec<Member>, points: &[Point], axes: usize) -> Self {
        // As long as nothing is taken, what one adds is the sum of its cosines to all: that to the sum of all. A trifle
        // more, because it is rounded otherwise than when they are added one by one.
        const TRIFLE: f64 = 1.0 + 1e-9;
        let mut all = vec![0.0; axes];
        for (axis, part) in members.iter().flat_map(|member| &points[member.place].0) {
            all[*axis as usize] += part;
        }
        members.iter_mut().for_each(|member| member.adds_at_most = points[member.place].along(&all) * TRIFLE);
        Self { members, taken: 0 }
    }

    /// How much nearer the members would lie to a quote.
    fn adds(&self, nth: usize, points: &[Point], axes: usize) -> f64 {
        let dense = points[self.members[nth].place].spread(axes);
        let nearer = |member: &Member| (points[member.place].along(&dense) - member.near).max(0.0);
        self.members.iter().map(nearer).sum()
    }
}

/// What to show of a text that may take up `most_chars`: byte ranges of whole sentences, in their order, an ellipsis
/// to stand between them and wherever something is left out. All of it, without the space around it, where it fits.
///
/// Those sentences are kept that have most in common with the whole text. A text of one long sentence is given whole,
/// longer than asked: half a sentence can say the opposite.
pub fn excerpt(text: &str, most_chars: usize) -> Vec<Range<usize>> {
    let sentences = sentences(text);
    let whole = sentences.first().zip(sentences.last()).map(|(first, last)| first.start..last.end);
    let Some(whole) = whole else { return vec![] };
    let chars = |range: &Range<usize>| text[range.clone()].chars().count();
    if chars(&whole) <= most_chars {
        return vec![whole];
    }
    let mut kept = BTreeSet::new();
    for sentence in by_weight(text, &sentences) {
        kept.insert(sentence);
        if joined(text, &sentences, &kept).iter().map(chars).sum::<usize>() > most_chars {
            kept.remove(&sentence);
        }
    }
    if kept.is_empty() {
        kept.extend((0..sentences.len()).min_by_key(|sentence| chars(&sentences[*sentence])));
    }
    joined(text, &sentences, &kept)
}

/// The places of the sentences, those first that lie nearest to the whole text; of equals the earlier.
fn by_weight(text: &str, sentences: &[Range<usize>]) -> Vec<usize> {
    let features = |text: &str| Features::of(&Words::of(text));
    let all: Vec<_> = sentences.iter().map(|sentence| features(&text[sentence.clone()])).collect();
    let whole = features(text);
    let space = Space::of([&whole].into_iter());
    let whole = space.place(&whole).spread(space.axes());
    let near: Vec<_> = all.iter().map(|sentence| space.place(sentence).along(&whole)).collect();
    let mut places: Vec<_> = (0..sentences.len()).collect();
    places.sort_by(|one, other| near[*other].total_cmp(&near[*one]).then(one.cmp(other)));
    places
}

/// Neighbours as one range.
fn joined(text: &str, sentences: &[Range<usize>], kept: &BTreeSet<usize>) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = vec![];
    for range in kept.iter().map(|sentence| sentences[*sentence].clone()) {
        match ranges.last_mut() {
            Some(last) if text[last.end..range.start].trim().is_empty() => last.end = range.end,
            _ => ranges.push(range),
        }
    }
    ranges
}

/// A text's sentences (UAX #29), without the space around them.
fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut sentences: Vec<Range<usize>> = vec![];
    let mut from = None;
    for (at, piece) in text.split_sentence_bound_indices().filter(|(_, piece)| !piece.trim().is_empty()) {
        let start = *from.get_or_insert(at + piece.len() - piece.trim_start().len());
        let end = at + piece.trim_end().len();
        if Words::of(piece).len() >= SENTENCE_WORDS_MIN {
            sentences.push(start..end);
            from = None;
        }
    }
    match (from, sentences.last_mut()) {
        (Some(from), None) => sentences.push(from..text.trim_end().len()),
        (Some(_), Some(last)) => last.end = text.trim_end().len(),
        (None, _) => {}
    }
    sentences
}

#[cfg(test)]
mod tests;
