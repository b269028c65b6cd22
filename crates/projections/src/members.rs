//! Who took part, by group, as figures: counts of people beside their share of a population.
//!
//! A count that is hidden in the record is no figure at all; see [`domain::composition`].

use domain::composition::{Attribute, Group};
use domain::{AttributeNumber, Cell, Composition, GroupNumber};
use serde::Serialize;

use crate::figure::{Figure, Of, Query, Suppression, Unit};
use crate::views::Views;

/// What a query counts in one of the units that are about members; nothing where the record does not say, or hides it.
pub fn count(views: &Views, query: &Query, unit: Unit) -> Option<u64> {
    let composition = &views.frame.ledger.composition.as_ref()?.what;
    let attribute = query.attribute.map(|number| composition.attribute(number));
    match (attribute, query.group) {
        (None, None) => whole(composition, unit),
        (Some(Some(attribute)), None) => of_attribute(composition, attribute, unit),
        (Some(Some(attribute)), Some(number)) => {
            of_group(composition, attribute, attribute.group(number)?, unit)
        }
        (Some(None), _) | (None, Some(_)) => None,
    }
}

fn whole(composition: &Composition, unit: Unit) -> Option<u64> {
    match unit {
        Unit::Members => Some(composition.members.into()),
        Unit::Invited => composition.invited.map(u64::from),
        _ => None,
    }
}

fn of_attribute(composition: &Composition, attribute: &Attribute, unit: Unit) -> Option<u64> {
    let named = || attribute.groups.iter().filter(|group| group.name.is_some());
    match unit {
        Unit::Population if attribute.has_reference() => {
            Some(named().filter_map(|group| group.population).sum())
        }
        Unit::Declared => declared(composition, attribute),
        Unit::HiddenMembers => {
            let shown = attribute.groups.iter().filter_map(|group| group.members.shown());
            Some(u64::from(composition.members).saturating_sub(shown.map(u64::from).sum()))
        }
        unit => whole(composition, unit),
    }
}

/// Those who said which group they are of; nothing where it is hidden how many did not.
fn declared(composition: &Composition, attribute: &Attribute) -> Option<u64> {
    let silent = attribute.groups.iter().find(|group| group.name.is_none());
    let silent = silent.map_or(Some(0), |group| group.members.shown())?;
    Some(u64::from(composition.members).saturating_sub(silent.into()))
}

fn of_group(composition: &Composition, attribute: &Attribute, group: &Group, unit: Unit) -> Option<u64> {
    let here = || share_here(composition, attribute, group);
    let there = || share_there(composition, attribute, group);
    match unit {
        Unit::Population => group.population,
        Unit::Invited => group.invited.and_then(Cell::shown).map(u64::from),
        Unit::Members => group.members.shown().map(u64::from),
        Unit::Share => here(),
        Unit::PopulationShare => there(),
        Unit::PointsUnder => Some(there()?.saturating_sub(here()?)),
        Unit::PointsOver => Some(here()?.saturating_sub(there()?)),
        _ => None,
    }
}

/// The group's share of those who said which group they are of. Where it is hidden how many did not say, its share of
/// all. Those who did not say have none.
fn share_here(composition: &Composition, attribute: &Attribute, group: &Group) -> Option<u64> {
    group.name.as_ref()?;
    share(group.members.shown()?.into(), base(composition, attribute).1)
}

fn share_there(composition: &Composition, attribute: &Attribute, group: &Group) -> Option<u64> {
    share(group.population?, of_attribute(composition, attribute, Unit::Population)?)
}

/// What the members of a group are of: see [`share_here`].
fn base(composition: &Composition, attribute: &Attribute) -> (Unit, u64) {
    match declared(composition, attribute) {
        Some(declared) => (Unit::Declared, declared),
        None => (Unit::Members, composition.members.into()),
    }
}

/// In hundredths, rounded half up; of nobody there is no share.
fn share(value: u64, of: u64) -> Option<u64> {
    let hundredths = (200 * u128::from(value) + u128::from(of)).checked_div(2 * u128::from(of))?;
    u64::try_from(hundredths).ok()
}

/// Who took part, beside who might have.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Represented {
    /// Where the numbers of the population are from.
    pub reference: String,
    /// Where it stands in the record.
    pub recorded: u64,
    pub invited: Option<Figure>,
    pub members: Figure,
    pub attributes: Vec<AttributePart>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AttributePart {
    pub attribute: AttributeNumber,
    pub name: String,
    /// How many said which group they are of; nothing where that is hidden.
    pub declared: Option<Figure>,
    /// The members of all groups whose own count is hidden: with the others they add up to all members.
    pub hidden_members: Figure,
    pub groups: Vec<GroupPart>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GroupPart {
    pub group: GroupNumber,
    /// Without one: those who did not say.
    pub name: Option<String>,
    pub population: Option<Figure>,
    pub population_share: Option<Figure>,
    pub invited: Option<Figure>,
    /// Nothing where it is hidden.
    pub members: Option<Figure>,
    pub share: Option<Figure>,
    /// By how many points its share is over or under that in the population; nothing where either is not told.
    pub gap: Option<Figure>,
}

pub(crate) fn represented(views: &Views) -> Option<Represented> {
    let recorded = views.frame.ledger.composition.as_ref()?;
    let all = Query::default();
    Some(Represented {
        reference: recorded.what.reference.to_string(),
        recorded: recorded.position.get(),
        invited: figure(views, all, Unit::Invited, None),
        members: figure(views, all, Unit::Members, None)?,
        attributes: recorded
            .what
            .numbered()
            .filter_map(|one| attribute(views, &recorded.what, one))
            .collect(),
    })
}

fn attribute(
    views: &Views,
    composition: &Composition,
    (number, attribute): (AttributeNumber, &Attribute),
) -> Option<AttributePart> {
    let query = Query { attribute: Some(number), ..Query::default() };
    let of = |unit| count(views, &query, unit).map(|value| Of { value, query, unit });
    let members = of(Unit::Members);
    Some(AttributePart {
        attribute: number,
        name: attribute.name.to_string(),
        declared: figure(views, query, Unit::Declared, members.as_ref()),
        hidden_members: figure(views, query, Unit::HiddenMembers, members.as_ref())?,
        groups: attribute
            .numbered()
            .map(|(number, known)| {
                let query = Query { group: Some(number), ..query };
                let over = count(views, &query, Unit::PointsOver).is_some_and(|points| points > 0);
                // Those who did not say are no part of those who did.
                let told = known.name.as_ref().map_or(Unit::Members, |_| base(composition, attribute).0);
                let gap = if over { Unit::PointsOver } else { Unit::PointsUnder };
                GroupPart {
                    group: number,
                    name: known.name.as_ref().map(ToString::to_string),
                    population: figure(views, query, Unit::Population, of(Unit::Population).as_ref()),
                    population_share: figure(views, query, Unit::PopulationShare, None),
                    share: figure(views, query, Unit::Share, None),
                    invited: figure(views, query, Unit::Invited, of(Unit::Invited).as_ref()),
                    members: figure(views, query, Unit::Members, of(told).as_ref()),
                    gap: figure(views, query, gap, None),
                }
            })
            .collect(),
    })
}

fn figure(views: &Views, query: Query, unit: Unit, of: Option<&Of>) -> Option<Figure> {
    let value = count(views, &query, unit)?;
    Some(Figure { suppression: Suppression::SmallCells, ..Figure::counted(views, query, unit, value, of) })
}
