//! The examples that the learner keeps, and which of them it lets go when there are too many.

use std::collections::BTreeMap;

use crate::features::Block;
use crate::meaning::Meaning;
use crate::weights::Row;
use crate::{Item, ThemeKey};

/// Most contributions that are kept at a time, and most features of them together: about 64 MB.
pub(crate) const ITEMS_MAX: usize = 1 << 15;
pub(crate) const FEATURES_MAX: usize = 8 << 20;

/// The newest examples of a theme that are kept however old they are.
const FEW: u32 = 64;
/// How many examples of rare themes are passed over in the search for one to let go.
const SEARCH_MAX: usize = 64;

/// The column of a theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Column(pub(crate) u32);

impl Column {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// Whose words an example is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    Name(ThemeKey),
    Definition(ThemeKey),
    Item(Item),
}

/// A feature of an example, with the value that it had when the example pulled last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Weighed {
    pub(crate) row: Row,
    /// Q15.
    pub(crate) value: i16,
    pub(crate) block: Block,
    pub(crate) count: u8,
}

#[derive(Clone, Debug)]
pub(crate) struct Example {
    pub(crate) source: Source,
    pub(crate) features: Vec<Weighed>,
    pub(crate) meaning: Option<Meaning>,
    /// In order, each once.
    pub(crate) truth: Vec<Column>,
    age: u64,
}

/// Where an example lies. The place of one that is let go is the next one's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place(u32);

impl Place {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Examples {
    slots: Vec<Option<Example>>,
    free: Vec<Place>,
    places: BTreeMap<Source, Place>,
    /// Contributions only: wording stays.
    by_age: BTreeMap<u64, Place>,
    ages: u64,
    features: usize,
    /// How often one was asked for.
    turns: u64,
}

impl Examples {
    pub(crate) fn len(&self) -> u32 {
        self.places.len() as u32
    }

    /// Places that are or were taken; as many rows hold what examples pull.
    pub(crate) fn places(&self) -> usize {
        self.slots.len()
    }

    pub(crate) fn turns(&self) -> u64 {
        self.turns
    }

    pub(crate) fn of(&self, source: Source) -> Option<Place> {
        self.places.get(&source).copied()
    }

    pub(crate) fn get(&self, place: Place) -> Option<&Example> {
        self.slots[place.index()].as_ref()
    }

    pub(crate) fn get_mut(&mut self, place: Place) -> Option<&mut Example> {
        self.slots[place.index()].as_mut()
    }

    /// All, by place.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Place, &Example)> {
        (0..).map(Place).zip(&self.slots).filter_map(|(place, slot)| Some((place, slot.as_ref()?)))
    }

    /// One of them, now this and now that. (Round and round would give those at the end of the round the last word.)
    pub(crate) fn any(&mut self) -> Option<Place> {
        while !self.places.is_empty() {
            self.turns += 1;
            let index = (shuffled(self.turns) % self.slots.len() as u64) as usize;
            if self.slots[index].is_some() {
                return Some(Place(index as u32));
            }
        }
        None
    }

    pub(crate) fn add(&mut self, source: Source, features: Vec<Weighed>, truth: Vec<Column>) -> Place {
        let place = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            Place(self.slots.len() as u32 - 1)
        });
        self.places.insert(source, place);
        self.features += features.len();
        self.slots[place.index()] = Some(Example { source, features, meaning: None, truth, age: 0 });
        self.renew(place);
        place
    }

    /// The youngest from now on.
    fn renew(&mut self, place: Place) {
        if let Some(Example { source: Source::Item(_), age, .. }) = &mut self.slots[place.index()] {
            self.ages += 1;
            self.by_age.remove(age);
            *age = self.ages;
            self.by_age.insert(self.ages, place);
        }
    }

    pub(crate) fn remove(&mut self, place: Place) -> Option<Example> {
        let example = self.slots[place.index()].take()?;
        self.places.remove(&example.source);
        self.by_age.remove(&example.age);
        self.features -= example.features.len();
        self.free.push(place);
        Some(example)
    }

    /// While there are too many: the oldest, but for those of themes that have few. `few` says how many a theme has.
    pub(crate) fn one_too_many(&mut self, counted: impl Fn(Column) -> u32) -> Option<Place> {
        if self.by_age.len() <= ITEMS_MAX && self.features <= FEATURES_MAX {
            return None;
        }
        for _ in 0..SEARCH_MAX {
            let place = *self.by_age.first_entry()?.get();
            let is_rare = |example: &Example| example.truth.iter().any(|theme| counted(*theme) <= FEW);
            if !self.get(place).is_some_and(is_rare) {
                return Some(place);
            }
            self.renew(place);
        }
        self.by_age.first_entry().map(|entry| *entry.get())
    }
}

/// Numbers in no order that anybody could have chosen (the finaliser of splitmix64).
pub(crate) fn shuffled(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn item(number: u64) -> Source {
        Source::Item(Item(number))
    }

    #[test]
    fn the_oldest_goes_unless_its_theme_has_few() {
        let mut examples = Examples::default();
        let rare = examples.add(item(0), Vec::new(), vec![Column(1)]);
        let wording = examples.add(Source::Name(ThemeKey(1)), Vec::new(), vec![Column(1)]);
        let counted = |theme: Column| if theme == Column(1) { FEW } else { FEW + 1 };
        for number in 1..ITEMS_MAX as u64 {
            examples.add(item(number), Vec::new(), vec![Column(0)]);
        }
        assert_eq!(examples.one_too_many(counted), None);
        examples.add(item(1 << 40), Vec::new(), vec![Column(0)]);
        let oldest = examples.one_too_many(counted).unwrap();
        assert_eq!(Some(oldest), examples.of(item(1)));
        assert!(examples.remove(oldest).is_some() && examples.one_too_many(counted).is_none());
        assert!(examples.get(rare).is_some() && examples.get(wording).is_some());
        assert_eq!(examples.add(item(1 << 41), Vec::new(), Vec::new()), oldest);
    }

    #[test]
    fn each_has_its_turn_and_none_that_is_gone() {
        let mut examples = Examples::default();
        assert_eq!(examples.any(), None);
        let places: Vec<_> =
            (0..3).map(|number| examples.add(item(number), Vec::new(), Vec::new())).collect();
        examples.remove(places[2]);
        let turns: BTreeSet<_> = (0..20).filter_map(|_| examples.any()).collect();
        assert_eq!(turns, BTreeSet::from([places[0], places[1]]));
    }
}
