//! Who took part: what is shown and what is hidden add up, whoever took part.

use domain::composition::{Counts, GroupCount};
use domain::{Composition, Event, Headcount, Label, Title};
use projections::members::Represented;
use projections::{Query, Unit, summary, summary_csv};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::given::*;

fn label(text: &str) -> Label {
    Label::parse(text).unwrap()
}

/// An attribute with these numbers of members; the last group is of those who did not say.
fn counts(name: &str, members: &[u32]) -> Counts {
    let last = members.len() - 1;
    let group = |(place, members): (usize, &u32)| GroupCount {
        name: (place < last).then(|| label(&format!("Group {place}"))),
        population: (place < last).then_some(100 * (place as u64 + 1)),
        invited: Some(10 * members),
        members: *members,
    };
    Counts { name: label(name), groups: members.iter().enumerate().map(group).collect() }
}

fn recorded(attributes: Vec<Counts>) -> Day {
    let reference = Title::parse("Census").unwrap();
    let composition = Composition::of(&Headcount { reference, attributes }).unwrap();
    let mut day = Day::with_themes();
    day.says(1, By::Table(1)).then(Event::CompositionRecorded(composition));
    day
}

fn found(day: &Day) -> Represented {
    summary(&day.views(), &words).took_part.represented.unwrap()
}

#[test]
fn a_group_is_compared_with_its_share_of_the_population() {
    // Of 300 people 100 and 200; of 48 members who said 24 and 24.
    let found = found(&recorded(vec![counts("Age", &[24, 24, 12])]));
    assert_eq!((found.members.value, found.invited.as_ref().map(|invited| invited.value)), (60, Some(600)));
    let age = &found.attributes[0];
    assert_eq!(age.declared.as_ref().map(|declared| (declared.value, declared.of)), Some((48, Some(60))));
    let told = |group: usize| {
        let group = &age.groups[group];
        let value =
            |figure: &Option<projections::Figure>| figure.as_ref().map(|figure| (figure.value, figure.unit));
        (
            group.members.as_ref().map(|members| members.of),
            value(&group.population_share),
            value(&group.share),
            value(&group.gap),
        )
    };
    let shares = |there, here, unit, by| {
        (Some(Some(48)), Some((there, Unit::PopulationShare)), Some((here, Unit::Share)), Some((by, unit)))
    };
    assert_eq!(told(0), shares(33, 50, Unit::PointsOver, 17));
    assert_eq!(told(1), shares(67, 50, Unit::PointsUnder, 17));
    assert_eq!(told(2), (Some(Some(60)), None, None, None));
}

#[test]
fn what_is_hidden_is_no_figure_and_the_newest_table_counts() {
    let mut day = recorded(vec![counts("Age", &[3, 40, 17])]);
    let before = found(&day);
    let [young, old, silent] = &before.attributes[0].groups[..] else { panic!() };
    assert!(young.members.is_none() && young.share.is_none() && young.gap.is_none());
    assert!(silent.members.is_none() && old.members.is_some());
    assert_eq!((before.attributes[0].hidden_members.value, &before.attributes[0].declared), (20, &None));
    // How many said is hidden, so that the share is one of all.
    assert_eq!(old.members.as_ref().unwrap().of, Some(60));

    let reference = Title::parse("Census").unwrap();
    let attributes = vec![counts("Age", &[20, 40, 10])];
    day.then(Event::CompositionRecorded(Composition::of(&Headcount { reference, attributes }).unwrap()));
    assert_eq!((found(&day).members.value, found(&day).recorded), (70, before.recorded + 1));
}

#[test]
fn people_are_no_contributions() {
    let views = recorded(vec![counts("Age", &[30, 30])]).views();
    for (query, unit) in
        [("", Unit::Members), ("attribute=1", Unit::Declared), ("attribute=1&group=1", Unit::Share)]
    {
        let query = Query::parse_all(query).unwrap();
        assert!(query.count(&views, unit) > 0 && query.behind(&views, unit).is_empty(), "{query} {unit:?}");
    }
    for nobody in ["attribute=2", "attribute=1&group=9", "group=1"] {
        assert_eq!(Query::parse_all(nobody).unwrap().count(&views, Unit::Members), 0, "{nobody}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_is_shown_and_what_is_hidden_are_all(members in vec(0_u32..40, 2..9)) {
        let total: u32 = members.iter().sum();
        prop_assume!(total > 7 && 10 * total > 7);
        let day = recorded(vec![counts("Age", &members), counts("Place", &[total, 0])]);
        let (views, found) = (day.views(), found(&day));
        prop_assert_eq!(found.members.value, u64::from(total));
        for attribute in &found.attributes {
            let shown: u64 = attribute.groups.iter().filter_map(|group| group.members.as_ref()).map(|one| one.value).sum();
            prop_assert_eq!(shown + attribute.hidden_members.value, u64::from(total));
            let silent = attribute.groups.last().unwrap().members.as_ref();
            if let (Some(declared), Some(silent)) = (&attribute.declared, silent) {
                prop_assert_eq!(declared.value + silent.value, u64::from(total));
            }
            prop_assert_eq!(attribute.declared.is_some(), silent.is_some());
        }
        let paper = serde_json::to_value(summary(&views, &words)).unwrap();
        for placed in summary_csv::figures(&paper) {
            let text = |field: &str| placed.figure[field].as_str().unwrap().to_owned();
            let (query, unit) = (text("query"), Unit::named(&text("unit")).unwrap());
            let read = Query::parse_all(&query).unwrap();
            prop_assert_eq!(read.to_string(), query);
            prop_assert_eq!(read.count(&views, unit), placed.figure["value"].as_u64().unwrap());
            let is_small = (1..8).contains(&read.count(&views, unit));
            let of_people = [Unit::Members, Unit::Invited, Unit::Declared, Unit::HiddenMembers].contains(&unit);
            prop_assert!(!(is_small && of_people), "{} shows {} {:?}", placed.name, read, unit);
        }
    }
}
