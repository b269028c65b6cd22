//! A table of who took part becomes what may stand in the record.

use std::collections::BTreeSet;

use crate::composition::{
    ATTRIBUTES_MAX, Attribute, Cell, Composition, Counts, GROUPS_MAX, Group, GroupCount, Headcount,
    POPULATION_MAX, SMALL_MAX, protected,
};
use crate::rejection::PaperRejection;

impl Composition {
    /// What may stand in the record of a table: every attribute counts the same people, and small counts are hidden.
    pub fn of(counted: &Headcount) -> Result<Self, PaperRejection> {
        composition(counted)
    }
}

fn composition(counted: &Headcount) -> Result<Composition, PaperRejection> {
    let is_table = (1..=ATTRIBUTES_MAX).contains(&counted.attributes.len())
        && counted.attributes.iter().all(|one| (1..=GROUPS_MAX).contains(&one.groups.len()));
    if !is_table {
        return Err(PaperRejection::TableSize { attributes: ATTRIBUTES_MAX, groups: GROUPS_MAX });
    }
    let mut names = BTreeSet::new();
    for attribute in &counted.attributes {
        if !names.insert(&attribute.name) {
            let group = attribute.name.to_string();
            return Err(PaperRejection::GroupTwice { attribute: attribute.name.clone(), group });
        }
        may_stand(attribute)?;
    }
    let members = total(counted, |group| Some(group.members))?.unwrap_or_default();
    Ok(Composition {
        reference: counted.reference.clone(),
        invited: total(counted, |group| group.invited)?,
        members,
        attributes: counted.attributes.iter().map(attribute).collect(),
    })
}

fn may_stand(counts: &Counts) -> Result<(), PaperRejection> {
    let attribute = || counts.name.clone();
    let mut names = BTreeSet::new();
    if let Some(twice) = counts.groups.iter().find(|group| !names.insert(&group.name)) {
        let group = twice.name.as_ref().map(ToString::to_string).unwrap_or_default();
        return Err(PaperRejection::GroupTwice { attribute: attribute(), group });
    }
    // Those who did not say are no part of any population.
    let groups = || counts.groups.iter().filter(|group| group.name.is_some());
    let known = groups().filter(|group| group.population.is_some()).count();
    if known > 0 && known < groups().count() {
        return Err(PaperRejection::ColumnInPart { attribute: attribute(), column: "population" });
    }
    let population = groups().filter_map(|group| group.population).try_fold(0, u64::checked_add);
    let is_people = |sum: u64| (1..=POPULATION_MAX).contains(&sum);
    if known > 0 && !population.is_some_and(is_people) {
        return Err(PaperRejection::NoPopulation { attribute: attribute() });
    }
    let invited = counts.groups.iter().filter(|group| group.invited.is_some()).count();
    match invited {
        0 => Ok(()),
        all if all == counts.groups.len() => Ok(()),
        _ => Err(PaperRejection::ColumnInPart { attribute: attribute(), column: "invited" }),
    }
}

/// How many people a column counts in each attribute that has it.
fn total(counted: &Headcount, of: fn(&GroupCount) -> Option<u32>) -> Result<Option<u32>, PaperRejection> {
    let has_it = |one: &&Counts| one.groups.iter().any(|group| of(group).is_some());
    let sum = |one: &Counts| one.groups.iter().filter_map(of).map(u64::from).sum::<u64>();
    let mut columns = counted.attributes.iter().filter(has_it);
    let Some(first) = columns.next() else { return Ok(None) };
    let of = sum(first);
    if let Some(other) = columns.find(|other| sum(other) != of) {
        let (attribute, counted) = (other.name.clone(), sum(other));
        return Err(PaperRejection::OtherPeople { attribute, counted, of });
    }
    if of <= u64::from(SMALL_MAX) {
        return Err(PaperRejection::TooFewPeople { members: of, least: SMALL_MAX + 1 });
    }
    let too_many = |_| PaperRejection::NoPopulation { attribute: first.name.clone() };
    u32::try_from(of).map(Some).map_err(too_many)
}

fn attribute(counts: &Counts) -> Attribute {
    let members: Vec<_> = counts.groups.iter().map(|group| group.members).collect();
    let invited: Option<Vec<_>> = counts.groups.iter().map(|group| group.invited).collect();
    let invited: Vec<Option<Cell>> = match invited {
        Some(invited) => protected(&invited).into_iter().map(Some).collect(),
        None => vec![None; counts.groups.len()],
    };
    let cells = protected(&members).into_iter().zip(invited);
    let groups = counts.groups.iter().zip(cells).map(|(group, (members, invited))| Group {
        name: group.name.clone(),
        population: group.population.filter(|_| group.name.is_some()),
        invited,
        members,
    });
    Attribute { name: counts.name.clone(), groups: groups.collect() }
}
