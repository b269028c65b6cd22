//! Who took part, compared with everybody whom it is about: counts by attribute, such as age or where people live.
//!
//! The counts come from whoever invited people and stand in the record without anybody's name. A count of 1 to 7 could
//! point at somebody, so it never gets there, and neither does what would give it away: see [`protected`].

use serde::{Deserialize, Serialize};

use crate::ids::{AttributeNumber, GroupNumber};
use crate::text::{Label, Title};

/// The largest count of people that is hidden (NHS Digital's rule for hospital statistics).
pub const SMALL_MAX: u32 = 7;
pub const ATTRIBUTES_MAX: usize = 20;
pub const GROUPS_MAX: usize = 60;
/// Nobody is counted in larger populations.
pub const POPULATION_MAX: u64 = 100_000_000_000;

/// As it was counted. It never stands in the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headcount {
    /// Where the numbers of the population are from.
    pub reference: Title,
    pub attributes: Vec<Counts>,
}

/// The groups of one attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts {
    pub name: Label,
    pub groups: Vec<GroupCount>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupCount {
    /// Without one: those who did not say.
    pub name: Option<Label>,
    /// How many there are of it in the population.
    pub population: Option<u64>,
    pub invited: Option<u32>,
    /// How many of it took part.
    pub members: u32,
}

/// As it stands in the record. Every attribute counts the same people, so the totals hold for all of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Composition {
    pub reference: Title,
    pub invited: Option<u32>,
    pub members: u32,
    pub attributes: Vec<Attribute>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    pub name: Label,
    pub groups: Vec<Group>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Without one: those who did not say.
    pub name: Option<Label>,
    pub population: Option<u64>,
    pub invited: Option<Cell>,
    pub members: Cell,
}

/// A count of people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cell {
    Shown(u32),
    /// Because it, or another one by it, could point at somebody.
    Hidden,
}

impl Cell {
    pub fn shown(self) -> Option<u32> {
        match self {
            Cell::Shown(count) => Some(count),
            Cell::Hidden => None,
        }
    }
}

impl Composition {
    /// Its attributes with their numbers.
    pub fn numbered(&self) -> impl Iterator<Item = (AttributeNumber, &Attribute)> {
        (1..).map_while(AttributeNumber::new).zip(&self.attributes)
    }

    pub fn attribute(&self, number: AttributeNumber) -> Option<&Attribute> {
        self.attributes.get(usize::from(number.get()) - 1)
    }
}

impl Attribute {
    /// Its groups with their numbers.
    pub fn numbered(&self) -> impl Iterator<Item = (GroupNumber, &Group)> {
        (1..).map_while(GroupNumber::new).zip(&self.groups)
    }

    pub fn group(&self, number: GroupNumber) -> Option<&Group> {
        self.groups.get(usize::from(number.get()) - 1)
    }

    /// Whether it is compared with a population.
    pub fn has_reference(&self) -> bool {
        self.groups.iter().any(|group| group.population.is_some())
    }
}

/// Hides the counts of 1 to 7 in a column whose total is known, and as many more as it takes.
///
/// What is hidden adds up to what is left of the total. So at least two counts are hidden, their sum is no small
/// number itself, and it leaves each of them open: of hidden counts between 1 and 7 alone, every one can be at least
/// three numbers. Further ones are hidden from the smallest upwards, those that are equal together, so that nobody can
/// tell from the order which of two it is. A 0 is shown, unless nothing else is left to hide.
pub fn protected(counts: &[u32]) -> Vec<Cell> {
    let small = |count: u32| (1..=SMALL_MAX).contains(&count);
    let mut bar = if counts.iter().any(|count| small(*count)) { SMALL_MAX } else { 0 };
    while bar > 0 && !is_safe(counts, bar) {
        match counts.iter().filter(|count| **count > bar).min() {
            Some(next) => bar = *next,
            None => return vec![Cell::Hidden; counts.len()],
        }
    }
    let cell = |count: &u32| if (1..=bar).contains(count) { Cell::Hidden } else { Cell::Shown(*count) };
    counts.iter().map(cell).collect()
}

/// Whether nobody can work out one of the counts from 1 to `bar` from their number and their sum.
fn is_safe(counts: &[u32], bar: u32) -> bool {
    let hidden = || counts.iter().filter(|count| (1..=bar).contains(*count));
    let number = u64::try_from(hidden().count()).unwrap_or(u64::MAX);
    let sum: u64 = hidden().map(|count| u64::from(*count)).sum();
    let most = if bar > SMALL_MAX { u64::MAX } else { (u64::from(SMALL_MAX) * number).saturating_sub(2) };
    number >= 2 && sum > u64::from(SMALL_MAX) && (number + 2..=most).contains(&sum)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    fn shown(counts: &[u32]) -> Vec<Option<u32>> {
        protected(counts).into_iter().map(Cell::shown).collect()
    }

    #[test]
    fn small_counts_are_hidden_and_what_would_give_them_away_with_them() {
        for (counts, right) in [
            (vec![40, 60, 0], vec![Some(40), Some(60), Some(0)]),
            (vec![8, 92], vec![Some(8), Some(92)]),
            // The other one follows from the total.
            (vec![7, 93], vec![None, None]),
            (vec![7, 23, 70], vec![None, None, Some(70)]),
            // Two that are equal are hidden together.
            (vec![23, 23, 7], vec![None, None, None]),
            (vec![4, 5, 91], vec![None, None, Some(91)]),
            // Their sum would tell that both are 7, or both 1.
            (vec![7, 7, 86, 300], vec![None, None, None, Some(300)]),
            (vec![1, 1, 20, 300], vec![None, None, None, Some(300)]),
            (vec![3, 8, 0], vec![None, None, Some(0)]),
            // Nothing else is left to hide.
            (vec![7, 1, 0], vec![None, None, Some(0)]),
            (vec![1, 1, 1, 1, 1, 1, 1, 1, 0], vec![None; 9]),
            (vec![100], vec![Some(100)]),
            (vec![], vec![]),
        ] {
            assert_eq!(shown(&counts), right, "{counts:?}");
        }
    }

    /// Every way to put `total` people into `groups` groups.
    fn ways(total: u32, groups: usize) -> Vec<Vec<u32>> {
        if groups == 1 {
            return vec![vec![total]];
        }
        let first = (0..=total).flat_map(|first| {
            ways(total - first, groups - 1).into_iter().map(move |rest| [vec![first], rest].concat())
        });
        first.collect()
    }

    #[test]
    fn whoever_knows_the_rule_and_the_total_can_work_out_no_hidden_count() {
        let enough = (2..=4).flat_map(|groups| (8..=30).map(move |total| (groups, total)));
        for (groups, total) in enough.chain([(3, 60), (3, 90)]) {
            let mut of = BTreeMap::<Vec<Option<u32>>, Vec<Vec<u32>>>::new();
            for counts in ways(total, groups) {
                of.entry(shown(&counts)).or_default().push(counts);
            }
            for (seen, possible) in of {
                assert!(!seen.iter().flatten().any(|count| (1..=SMALL_MAX).contains(count)), "{seen:?}");
                for (place, _) in seen.iter().enumerate().filter(|(_, cell)| cell.is_none()) {
                    let could_be: BTreeSet<_> = possible.iter().map(|counts| counts[place]).collect();
                    assert!(could_be.len() > 1, "{seen:?} of {total}: {possible:?}");
                }
            }
        }
    }
}
