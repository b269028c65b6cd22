//! Who took part: a table that adds up becomes what may stand in the record, and no other does.

use domain::composition::{ATTRIBUTES_MAX, Counts, GROUPS_MAX, GroupCount, POPULATION_MAX};
use domain::{Cell, Command, Event, Headcount, Label, PaperCommand, PaperRejection};

use crate::given::*;
use crate::refused::{Row, row};

/// A group, how many there are of it in the population, how many were invited and how many came.
type Given<'a> = (&'a str, Option<u64>, Option<u32>, u32);

const AGE: [Given<'_>; 3] =
    [("16–24", Some(1_400), Some(500), 5), ("25–64", Some(5_600), Some(2_000), 30), ("", None, Some(0), 5)];

fn label(text: &str) -> Label {
    Label::parse(text).unwrap()
}

fn counts(name: &str, groups: &[Given<'_>]) -> Counts {
    let group = |(name, population, invited, members): &Given<'_>| GroupCount {
        name: (!name.is_empty()).then(|| label(name)),
        population: *population,
        invited: *invited,
        members: *members,
    };
    Counts { name: label(name), groups: groups.iter().map(group).collect() }
}

fn table(attributes: Vec<Counts>) -> Command {
    let reference = title("Census of the town");
    PaperCommand::RecordComposition(Box::new(Headcount { reference, attributes })).into()
}

pub(crate) fn record() -> Command {
    table(vec![counts("Age", &AGE)])
}

#[test]
fn a_table_is_recorded_with_its_totals_and_without_small_counts() {
    let facts = given(&coded()).decide(&record(), &organiser()).unwrap();

    let [Event::CompositionRecorded(composition)] =
        &facts.into_iter().map(|fact| fact.event).collect::<Vec<_>>()[..]
    else {
        panic!()
    };
    assert_eq!((composition.members, composition.invited), (40, Some(2_500)));
    let groups = &composition.attributes[0].groups;
    let members: Vec<_> = groups.iter().map(|group| group.members).collect();
    assert_eq!(members, [Cell::Hidden, Cell::Shown(30), Cell::Hidden]);
    let invited: Vec<_> = groups.iter().map(|group| group.invited).collect();
    assert_eq!(invited, [500, 2_000, 0].map(|count| Some(Cell::Shown(count))));
}

pub(crate) fn rows() -> Vec<Row> {
    let size = PaperRejection::TableSize { attributes: ATTRIBUTES_MAX, groups: GROUPS_MAX };
    let row = |then: PaperRejection, attributes| row(then.into(), coded(), organiser(), table(attributes));
    let one = |groups: &[Given<'_>]| vec![counts("Age", groups)];
    let names: Vec<String> = (0..=GROUPS_MAX).map(|number| format!("Group {number}")).collect();
    let many: Vec<Given<'_>> = names.iter().map(|name| (&**name, None, None, 9)).collect();
    let attribute = || label("Age");
    let twice = |group: &str| PaperRejection::GroupTwice { attribute: attribute(), group: group.to_owned() };
    let in_part = |column| PaperRejection::ColumnInPart { attribute: attribute(), column };
    let other = PaperRejection::OtherPeople { attribute: label("Place"), counted: 39, of: 40 };
    let none = || PaperRejection::NoPopulation { attribute: attribute() };
    vec![
        row(size.clone(), vec![]),
        row(size.clone(), one(&[])),
        row(size.clone(), one(&many)),
        row(size, vec![counts("Age", &AGE); ATTRIBUTES_MAX + 1]),
        row(twice("Age"), vec![counts("Age", &AGE), counts("Age", &AGE)]),
        row(twice("16–24"), one(&[AGE[0], AGE[0]])),
        row(twice(""), one(&[AGE[2], AGE[2]])),
        row(other, vec![counts("Age", &AGE), counts("Place", &[("Town", None, None, 39)])]),
        row(in_part("population"), one(&[("a", Some(9), None, 9), ("b", None, None, 9)])),
        row(in_part("invited"), one(&[("a", None, Some(9), 9), ("b", None, None, 9)])),
        row(none(), one(&[("a", Some(0), None, 9)])),
        row(none(), one(&[("a", Some(POPULATION_MAX + 1), None, 9)])),
        row(none(), one(&[("a", Some(u64::MAX), None, 9), ("b", Some(u64::MAX), None, 9)])),
        row(none(), one(&[("a", None, None, u32::MAX), ("b", None, None, u32::MAX)])),
        row(PaperRejection::TooFewPeople { members: 7, least: 8 }, one(&[("a", None, None, 7)])),
        row(PaperRejection::TooFewPeople { members: 0, least: 8 }, one(&[("a", None, Some(0), 9)])),
    ]
}
