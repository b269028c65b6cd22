//! Learns from examples which features speak for which theme, and can unlearn every one of them.
//!
//! Each theme has a linear classifier of its own with an L2 penalty and the squared hinge loss. Its weights are the sum
//! of what the examples pull for or against it, each along its own features; how hard an example has to pull is a
//! formula once all others stand still (dual coordinate descent: Hsieh, Chang, Lin, Keerthi and Sundararajan, ICML
//! 2008). So to visit one example is a step towards the best weights for all kept ones, whatever came in which order,
//! and to take its pull out again is to have never seen it. A visit also brings the example's values up to date with
//! how rare its features are by now.

use crate::ThemeKey;
use crate::calibration::{Calibration, Cut};
use crate::examples::{Column, Example, Examples, Place, Source, Weighed, shuffled};
use crate::features::{Bag, to_length_one};
use crate::fixed::{ONE, ln};
use crate::meaning::{Meaning, Meant};
use crate::weights::{BIAS, Grid, Row, Weights};

/// How hard an example can pull (the `C` of the literature), Q16, before the two sides of a theme are balanced: 0.2.
const STRENGTH: i64 = 13_107;
/// A theme's wording pulls as hard as this many contributions.
const WORDING: i64 = 3;
/// The value, Q15, of what every text has: 0.61.
const BIAS_VALUE: i64 = 20_000;

/// Visits after each new example: this many shared by the number of examples, between these two.
const VISITS_SHARED: u32 = 1 << 14;
const VISITS: (u32, u32) = (1, 16);
/// Visits of every example in a refit, and those of them that margins are honest after.
const PASSES: u64 = 8;
const SETTLING_PASSES: u64 = 4;

/// How hard the examples of one theme, and those of all others, can pull, Q16.
#[derive(Clone, Copy, Debug, Default)]
struct Strengths {
    its: i64,
    others: i64,
}

pub(crate) struct Learner {
    weights: Weights,
    meant: Meant,
    examples: Examples,
    /// By place and column, Q16: how hard an example pulls for a theme or, below zero, against it.
    pulls: Grid,
    /// By column: how many examples are in it; `None` where it is no theme's.
    counts: Vec<Option<u32>>,
    strengths: Vec<Strengths>,
    calibration: Calibration,
}

/// What a text would be with what is known of its features.
pub(crate) struct Weighing {
    /// In the order of the bag; `None` for features that no example has.
    features: Vec<Option<(Row, i16)>>,
    /// By column, Q16.
    pub(crate) margins: Vec<i64>,
}

impl Learner {
    pub(crate) fn new() -> Self {
        Self {
            weights: Weights::new(),
            meant: Meant::new(),
            examples: Examples::default(),
            pulls: Grid::new(0),
            counts: Vec::new(),
            strengths: Vec::new(),
            calibration: Calibration::new(),
        }
    }

    pub(crate) fn examples(&self) -> &Examples {
        &self.examples
    }

    pub(crate) fn calibration(&self) -> &Calibration {
        &self.calibration
    }

    pub(crate) fn pulls(&self, place: Place) -> &[i32] {
        self.pulls.row(place.index())
    }

    pub(crate) fn weights(&self) -> &Weights {
        &self.weights
    }

    pub(crate) fn add_column(&mut self) -> Column {
        let column = self.counts.iter().position(Option::is_none).unwrap_or(self.counts.len());
        if column == self.counts.len() {
            self.counts.push(None);
            self.calibration.cuts.push(Cut::new());
            self.weights.grid.widen(column + 1);
            self.meant.widen(column + 1);
            self.pulls.widen(column + 1);
        }
        self.counts[column] = Some(0);
        self.balance();
        Column(column as u32)
    }

    /// The theme is gone; its examples are still examples of what else they are in.
    pub(crate) fn remove_column(&mut self, column: Column) {
        for place in self.places_in(column) {
            self.change_truth(place, |truth| truth.retain(|theme| *theme != column));
        }
        self.counts[column.index()] = None;
        self.calibration.cuts[column.index()] = Cut::new();
        self.weights.grid.clear_column(column.index());
        self.meant.clear_column(column.index());
        self.pulls.clear_column(column.index());
        self.balance();
    }

    /// What is in one theme is in the other as well.
    pub(crate) fn copy_column(&mut self, from: Column, into: Column) {
        let moved = self.places_in(from);
        for place in &moved {
            // It has pulled against what it is an example of now.
            self.release(*place);
            self.change_truth(*place, |truth| {
                truth.push(into);
                truth.sort_unstable();
                truth.dedup();
            });
        }
        self.balance();
        moved.into_iter().for_each(|place| self.visit(place));
    }

    fn places_in(&self, column: Column) -> Vec<Place> {
        let among = self.examples.iter().filter(|(_, example)| example.truth.contains(&column));
        among.map(|(place, _)| place).collect()
    }

    fn change_truth(&mut self, place: Place, change: impl FnOnce(&mut Vec<Column>)) {
        let Some(example) = self.examples.get_mut(place) else { return };
        let before = example.truth.clone();
        change(&mut example.truth);
        count(&mut self.counts, &before, |count| count - 1);
        count(&mut self.counts, &example.truth, |count| count + 1);
    }

    /// Both sides of a theme can pull as hard as each other, however few it has.
    fn balance(&mut self) {
        let all = i64::from(self.examples.len());
        let strengths = self.counts.iter().map(|count| {
            let Some(count) = *count else { return Strengths::default() };
            let share = |part: i64| STRENGTH * all / (2 * part.max(1));
            Strengths { its: share(i64::from(count)), others: share(all - i64::from(count)) }
        });
        self.strengths = strengths.collect();
    }

    /// Whether it is an example already, and the same one.
    pub(crate) fn knows(&self, source: Source, bag: &Bag, truth: &[Column]) -> bool {
        let place = self.examples.of(source);
        place.and_then(|place| self.examples.get(place)).is_some_and(|example| {
            let features = bag.features.iter().map(|feature| {
                self.weights.row_of(feature.key).map(|row| (row, feature.block, feature.count))
            });
            let there =
                example.features.iter().map(|feature| Some((feature.row, feature.block, feature.count)));
            example.truth == truth && example.meaning == bag.meaning && features.eq(there)
        })
    }

    /// In place of what was learnt from this source before. `truth` is in order, each once.
    pub(crate) fn learn(&mut self, source: Source, bag: &Bag, truth: Vec<Column>) {
        self.forget(source);
        let weighed = bag.features.iter().map(|feature| Weighed {
            row: self.weights.enter(feature.key),
            value: 0,
            block: feature.block,
            count: feature.count,
        });
        let weighed = weighed.collect();
        count(&mut self.counts, &truth, |count| count + 1);
        let place = self.examples.add(source, weighed, truth);
        if let (Some(example), Some(_)) = (self.examples.get_mut(place), &bag.meaning) {
            example.meaning.clone_from(&bag.meaning);
            self.meant.enter();
        }
        self.pulls.lengthen(self.examples.places());
        while let Some(oldest) = self.one_too_many() {
            self.drop_example(oldest);
        }
        self.balance();
        self.visit(place);
        self.rehearse();
    }

    /// Somebody has said this, whether anybody has read it yet or not: so common are its words.
    pub(crate) fn hear(&mut self, bag: &Bag) {
        self.weights.hear(bag.features.iter().map(|feature| feature.key));
    }

    /// Exactly as if it had never been an example, but for what others pull because of it.
    pub(crate) fn forget(&mut self, source: Source) {
        if let Some(place) = self.examples.of(source) {
            self.drop_example(place);
            self.balance();
        }
    }

    fn one_too_many(&mut self) -> Option<Place> {
        let counts = &self.counts;
        self.examples.one_too_many(|column| counts[column.index()].unwrap_or(0))
    }

    fn drop_example(&mut self, place: Place) {
        self.release(place);
        if let Some(example) = self.examples.remove(place) {
            count(&mut self.counts, &example.truth, |count| count - 1);
            example.features.iter().for_each(|feature| self.weights.leave(feature.row));
        }
    }

    fn rehearse(&mut self) {
        let (least, most) = VISITS;
        let times = (VISITS_SHARED / self.examples.len().max(1)).clamp(least, most);
        for _ in 0..times.min(self.examples.len()) {
            if let Some(place) = self.examples.any() {
                self.visit(place);
            }
        }
    }

    /// From nothing, by the kept examples alone, whatever order they came in.
    pub(crate) fn refit(&mut self) {
        let mut order: Vec<_> =
            self.examples.iter().map(|(place, example)| (example.source, place)).collect();
        order.iter().for_each(|(_, place)| self.release(*place));
        for pass in 0..PASSES {
            if pass <= SETTLING_PASSES {
                let cuts = vec![Cut::new(); self.counts.len()];
                self.calibration = Calibration { cuts, ..Calibration::new() };
            }
            // Another order each time, or the last ones would always have the last word.
            order.sort_unstable_by_key(|(source, _)| (turn(*source, pass), *source));
            order.iter().for_each(|(_, place)| self.visit(*place));
        }
    }

    /// Lets one example pull as hard as is best now.
    fn visit(&mut self, place: Place) {
        let Some(example) = self.examples.get(place) else { return };
        let values = self.values_now(example);
        let now = example.features.iter().zip(&values).map(|(had, value)| (had.row, *value));
        let margins = self.margins(now, example.meaning.as_ref());
        // How much of its margins is its own pull, and how much a pull by its new values would change them, Q16.
        let (mut own, mut length) = (BIAS_VALUE * BIAS_VALUE, BIAS_VALUE * BIAS_VALUE);
        for (had, value) in example.features.iter().zip(&values) {
            own += i64::from(had.value) * i64::from(*value);
            length += i64::from(*value) * i64::from(*value);
        }
        let meant = example.meaning.as_ref().map_or(0, Meaning::square);
        let (own, length) = ((own + meant) >> 14, (length + meant) >> 14);
        let before = self.pulls.row(place.index());
        let honest =
            margins.iter().zip(before).map(|(margin, pull)| margin - ((i64::from(*pull) * own) >> 16));
        let honest: Vec<_> = honest.collect();
        let is_item = matches!(example.source, Source::Item(_));
        let mut pulls = vec![0; self.pulls.width()];
        for (column, strengths) in self.strengths.iter().enumerate() {
            let times = if is_item { 1 } else { WORDING };
            pulls[column] = match is_in(example, column) {
                true => pull(honest[column], length, strengths.its * times),
                false => -pull(-honest[column], length, strengths.others * times),
            };
        }
        if is_item {
            let columns = self.counts.iter().enumerate().filter(|(_, count)| count.is_some());
            let seen = columns.map(|(column, _)| (column, honest[column], is_in(example, column)));
            self.calibration.saw(seen);
        }
        self.replace_pulls(place, &values, &pulls);
    }

    /// Takes out what an example pulls.
    fn release(&mut self, place: Place) {
        let Some(example) = self.examples.get(place) else { return };
        let (values, pulls) = (vec![0; example.features.len()], vec![0; self.pulls.width()]);
        self.replace_pulls(place, &values, &pulls);
    }

    fn replace_pulls(&mut self, place: Place, values: &[i16], pulls: &[i32]) {
        let Some(example) = self.examples.get_mut(place) else { return };
        let before = self.pulls.row_mut(place.index());
        // Most examples are so clearly in a theme or not that they do not pull at all.
        let all = before.iter().zip(pulls).enumerate();
        let pulling = all.filter(|(_, (before, pull))| (**before, **pull) != (0, 0));
        let pulling: Vec<_> =
            pulling.map(|(column, (before, pull))| (column, i64::from(*before), i64::from(*pull))).collect();
        let moved = |weights: &mut [i32], had: i64, has: i64| {
            for (column, before, pull) in &pulling {
                let (goes, comes) = ((before * had) >> 15, (pull * has) >> 15);
                weights[*column] = weights[*column].wrapping_add((comes - goes) as i32);
            }
        };
        moved(self.weights.grid.row_mut(BIAS.index()), BIAS_VALUE, BIAS_VALUE);
        for (feature, value) in example.features.iter_mut().zip(values) {
            moved(
                self.weights.grid.row_mut(feature.row.index()),
                i64::from(feature.value),
                i64::from(*value),
            );
            feature.value = *value;
        }
        if let Some(meaning) = &example.meaning {
            self.meant.replace(meaning, before, pulls);
        }
        before.copy_from_slice(pulls);
    }

    fn margins(&self, features: impl Iterator<Item = (Row, i16)>, meaning: Option<&Meaning>) -> Vec<i64> {
        let bias = std::iter::once((BIAS, BIAS_VALUE as u16));
        let lexical = features.map(|(row, value)| (row, value.unsigned_abs()));
        let mut margins = self.weights.margins(bias.chain(lexical));
        if let Some(meaning) = meaning {
            self.meant.speak(meaning, &mut margins);
        }
        margins.iter_mut().for_each(|margin| *margin >>= 15);
        margins
    }

    fn values_now(&self, example: &Example) -> Vec<i16> {
        let raw = example.features.iter().map(|had| (had.block, self.raw(had.row, had.count)));
        to_length_one(&raw.collect::<Vec<_>>())
    }

    /// By how often it stands there and how rare it is, Q16.
    fn raw(&self, row: Row, count: u8) -> i64 {
        let often = if count == 1 { ONE } else { ONE + ln(u64::from(count)) };
        (often * self.weights.rarity(row, self.examples.len())) >> 16
    }

    pub(crate) fn weigh(&self, bag: &Bag) -> Weighing {
        let known = bag.features.iter().filter_map(|feature| {
            let row = self.weights.row_of(feature.key)?;
            Some((feature.block, self.raw(row, feature.count)))
        });
        let mut values = to_length_one(&known.collect::<Vec<_>>()).into_iter();
        let rows = bag.features.iter().map(|feature| self.weights.row_of(feature.key));
        let features: Vec<_> = rows.map(|row| row.and_then(|row| Some((row, values.next()?)))).collect();
        let margins = self.margins(features.iter().flatten().copied(), bag.meaning.as_ref());
        Weighing { features, margins }
    }

    /// What the feature in this place of the bag says for a theme.
    pub(crate) fn said(&self, weighing: &Weighing, feature: usize, column: Column) -> i64 {
        weighing.features[feature].map_or(0, |(row, value)| {
            i64::from(self.weights.grid.row(row.index())[column.index()]) * i64::from(value)
        })
    }
}

fn is_in(example: &Example, column: usize) -> bool {
    example.truth.iter().any(|theme| theme.index() == column)
}

fn count(counts: &mut [Option<u32>], columns: &[Column], change: impl Fn(u32) -> u32) {
    for column in columns {
        if let Some(count) = &mut counts[column.index()] {
            *count = change(*count);
        }
    }
}

/// How hard to pull, Q16, when the `honest` margin is what the others say, turned so that more is righter. All Q16.
fn pull(honest: i64, length: i64, strength: i64) -> i32 {
    let missing = (ONE - honest).max(0);
    let pull = missing * strength / (ONE + ((strength * length) >> 16));
    pull.min(i64::from(i32::MAX)) as i32
}

/// Where an example comes in a pass of a refit.
fn turn(source: Source, pass: u64) -> u64 {
    let low = |theme: ThemeKey| (theme.0 ^ (theme.0 >> 64)) as u64;
    let (kind, number) = match source {
        Source::Name(theme) => (1, low(theme)),
        Source::Definition(theme) => (2, low(theme)),
        Source::Item(item) => (3, item.0),
    };
    shuffled(shuffled(number ^ (kind << 62)) ^ pass)
}
