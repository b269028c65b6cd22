//! What new themes there may be: contributions that no theme explains, put together by their words, as proposals that a
//! person accepts, merges into a theme, or dismisses.
//!
//! The texts are laid out in the lexical space, seen along its strongest directions only (latent semantic analysis:
//! Deerwester et al., 1990), so that texts lie close that use different words for one subject, and joined two by two,
//! nearest first ([`tree`]). A group is shown by five of its texts that lie closest together and named by the phrase
//! that it uses more than everybody else does ([`names`]).
//!
//! What holds: the same texts give the same candidates, in whatever order they are given; equal scores are settled by
//! the place in the record. A candidate is shown by five texts, and fewer than [`DISTINCT_MIN`] people make none.
//! Half of the themes that are missing are not found this way, so nothing here is a theme until somebody says so.

mod names;
mod tree;

use std::collections::BTreeSet;
use std::ops::Range;

use crate::Item;
use crate::space::{Features, Point, Space};
use crate::text::{Words, fold};

/// Changes whenever the same texts would give other candidates.
pub const ID: &str = "discover-1";
/// One person, however often heard, is no theme.
pub const DISTINCT_MIN: usize = 3;
/// So many texts show what a candidate is about.
pub const EXEMPLARS: usize = 5;
/// Of more texts the newest so many are looked at: what the assembly speaks of now.
pub const UNEXPLAINED_MAX: usize = 600;

/// So many groups are made, more than there should be candidates: the loosest are left out…
const GROUPS_MAX: usize = 30;
/// …but fewer where there are not so many texts for each.
const MEMBERS_USUAL: usize = 10;
/// Along so many directions texts are compared.
const DIRECTIONS: usize = 64;

/// A text that no theme explains.
#[derive(Clone, Copy, Debug)]
pub struct Unexplained<'a> {
    pub item: Item,
    pub text: &'a str,
    /// Who said it, where that is known; of the others each counts as somebody else.
    pub voice: Option<u128>,
}

/// What may be a new theme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Short and plain: the phrase, and perhaps a second one.
    pub name: String,
    /// Where the phrase stands, in one of the exemplars, in that person's own words.
    pub phrase: (Item, Range<usize>),
    /// The five that show best what it is about, the most typical first.
    pub exemplars: [Item; EXEMPLARS],
    /// All that may belong to it, in the order of the record.
    pub members: Vec<Item>,
}

/// Up to `most` proposals, the tightest and largest first. `explained` says how people speak otherwise.
pub fn candidates(
    unexplained: &[Unexplained<'_>],
    explained: &[(Item, &str)],
    most: usize,
) -> Vec<Candidate> {
    let texts = Texts::new(unexplained, explained);
    let groups = GROUPS_MAX.min(texts.given.len() / MEMBERS_USUAL);
    let groups = tree::groups(&texts.likeness, groups.max(1));
    let mut shown: Vec<_> = groups.into_iter().filter_map(|members| texts.shown(members)).collect();
    shown.sort_by(|one, other| other.weight.total_cmp(&one.weight).then(one.members.cmp(&other.members)));
    shown.truncate(most);
    let said = names::Said::new(texts.given.iter().map(|text| text.text), explained);
    let named = shown.into_iter().filter_map(|group| {
        let own = |places: &[usize]| places.iter().map(|place| texts.given[*place].text).collect::<Vec<_>>();
        let name = said.name(&own(&group.members), &own(&group.exemplars))?;
        let items =
            |places: &[usize]| places.iter().map(|place| texts.given[*place].item).collect::<Vec<_>>();
        let (exemplar, range) = name.phrase;
        let exemplars: [Item; EXEMPLARS] = items(&group.exemplars).try_into().ok()?;
        let phrase = (exemplars[exemplar], range);
        Some(Candidate { name: name.name, phrase, exemplars, members: items(&group.members) })
    });
    named.collect()
}

struct Texts<'a> {
    /// In the order of the record.
    given: Vec<Unexplained<'a>>,
    folded: Vec<String>,
    /// The cosine of every two.
    likeness: Vec<Vec<f64>>,
}

struct Shown {
    /// How tightly its exemplars lie together, and a little how many there are.
    weight: f64,
    members: Vec<usize>,
    exemplars: Vec<usize>,
}

impl<'a> Texts<'a> {
    fn new(unexplained: &[Unexplained<'a>], explained: &[(Item, &str)]) -> Self {
        let mut given: Vec<_> =
            unexplained.iter().filter(|text| !fold(text.text).trim().is_empty()).copied().collect();
        given.sort_by_key(|text| text.item);
        given.dedup_by_key(|text| text.item);
        given.drain(..given.len().saturating_sub(UNEXPLAINED_MAX));
        let features = |text: &str| Features::of(&Words::of(text));
        let own: Vec<_> = given.iter().map(|text| features(text.text)).collect();
        let others: Vec<_> = explained.iter().map(|(_, text)| features(text)).collect();
        let space = Space::of(own.iter().chain(&others));
        let points: Vec<_> = own.iter().map(|text| space.place(text)).collect();
        let likeness = along_strongest(&products(&points, space.axes()));
        let folded = given.iter().map(|text| fold(text.text)).collect();
        Self { given, folded, likeness }
    }

    /// How a group is shown, if it is one: by enough texts, of enough people.
    fn shown(&self, members: Vec<usize>) -> Option<Shown> {
        let voices: BTreeSet<_> = members.iter().filter_map(|place| self.given[*place].voice).collect();
        let unknown = members.iter().filter(|place| self.given[**place].voice.is_none()).count();
        if members.len() < EXEMPLARS || voices.len() + unknown < DISTINCT_MIN {
            return None;
        }
        let around = members.iter().map(|place| self.around(*place, &members));
        let closest = around.map(|five| (self.tightness(&five), five));
        let (tightness, exemplars) =
            closest.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
        let weight = tightness.max(0.0) * (members.len() as f64).sqrt().sqrt();
        Some(Shown { weight, members, exemplars })
    }

    /// That one and the four nearest to it, of other people and in other words as long as there are some.
    fn around(&self, centre: usize, members: &[usize]) -> Vec<usize> {
        let near = &self.likeness[centre];
        let mut others: Vec<_> = members.iter().copied().filter(|place| *place != centre).collect();
        others.sort_by(|one, other| near[*other].total_cmp(&near[*one]).then(one.cmp(other)));
        let mut five = vec![centre];
        let mut spare = vec![];
        for place in others {
            let (voice, words) = (self.given[place].voice, &self.folded[place]);
            let again = |other: &usize| {
                (voice.is_some() && self.given[*other].voice == voice) || &self.folded[*other] == words
            };
            if five.len() == EXEMPLARS {
                break;
            }
            if five.iter().any(again) { spare.push(place) } else { five.push(place) }
        }
        let missing = EXEMPLARS - five.len();
        five.extend(spare.into_iter().take(missing));
        five
    }

    /// The mean likeness of every two.
    fn tightness(&self, places: &[usize]) -> f64 {
        let pairs = places
            .iter()
            .enumerate()
            .flat_map(|(nth, one)| places[..nth].iter().map(move |other| (*one, *other)));
        let count = places.len() * (places.len() - 1) / 2;
        pairs.map(|(one, other)| self.likeness[one][other]).sum::<f64>() / count as f64
    }
}

/// The cosine of every two points.
fn products(points: &[Point], axes: usize) -> Vec<Vec<f64>> {
    let row = |point: &Point| {
        let dense = point.spread(axes);
        points.iter().map(|other| other.along(&dense)).collect()
    };
    points.iter().map(row).collect()
}

/// The same cosines when only the strongest directions count: from the first eigenvectors of the products, found by
/// subspace iteration (Bauer, 1957) from a start that is always the same.
fn along_strongest(products: &[Vec<f64>]) -> Vec<Vec<f64>> {
    const ROUNDS: usize = 6;
    let count = products.len();
    let mut directions: Vec<Vec<f64>> = (0..DIRECTIONS.min(count)).map(|nth| start(nth, count)).collect();
    let mut strengths = vec![0.0; directions.len()];
    for _ in 0..ROUNDS {
        let mut turned: Vec<Vec<f64>> = vec![];
        for (direction, strength) in directions.iter().zip(&mut strengths) {
            let mut next: Vec<f64> = products.iter().map(|row| product(row, direction)).collect();
            for done in &turned {
                let share = product(&next, done);
                next.iter_mut().zip(done).for_each(|(part, done)| *part -= share * done);
            }
            *strength = unit(&mut next);
            turned.push(next);
        }
        directions = turned;
    }
    let place = |nth: usize| {
        let parts =
            directions.iter().zip(&strengths).map(|(direction, strength)| direction[nth] * strength.sqrt());
        let mut place: Vec<f64> = parts.collect();
        unit(&mut place);
        place
    };
    let places: Vec<_> = (0..count).map(place).collect();
    places.iter().map(|one| places.iter().map(|other| product(one, other)).collect()).collect()
}

/// Numbers between -1/2 and 1/2 that have nothing to do with one another.
fn start(nth: usize, count: usize) -> Vec<f64> {
    let mix =
        |place: usize| (nth as u64 * 0x1_0000_0001 + place as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (0..count)
        .map(|place| ((mix(place) ^ (mix(place) >> 29)) >> 40) as f64 / f64::from(1_u32 << 24) - 0.5)
        .collect()
}

fn product(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

/// Brings it to length one, or to nothing where it is next to nothing, and says how long it was.
fn unit(parts: &mut [f64]) -> f64 {
    const NOTHING: f64 = 1e-9;
    let length = product(parts, parts).sqrt();
    let by = if length > NOTHING { 1.0 / length } else { 0.0 };
    parts.iter_mut().for_each(|part| *part *= by);
    length
}

#[cfg(test)]
mod tests;
