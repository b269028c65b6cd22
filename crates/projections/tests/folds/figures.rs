//! Any number in the paper can be counted again: from the views by its query, and from the paper's own evidence.

use std::collections::{BTreeMap, BTreeSet};

use projections::{Query, Unit, Views, summary};
use proptest::prelude::*;
use serde_json::Value;

use crate::coverage::any_day;
use crate::given::*;

fn paper(views: &Views) -> Value {
    serde_json::to_value(summary(views, &words)).unwrap()
}

/// Every figure of a paper, wherever it stands in it.
pub(crate) fn figures(value: &Value) -> Vec<&Value> {
    let inner: Vec<&Value> = match value {
        Value::Object(map) if map.contains_key("query") => return vec![value],
        Value::Object(map) => map.values().collect(),
        Value::Array(items) => items.iter().collect(),
        _ => vec![],
    };
    inner.into_iter().flat_map(figures).collect()
}

fn unit(name: &str) -> Unit {
    let units = [Unit::Contributions, Unit::Tables, Unit::Voices, Unit::HeardFrom];
    units.into_iter().find(|unit| unit.as_str() == name).unwrap()
}

/// Counts a figure again with nothing but the paper's evidence.
fn recount(paper: &Value, figure: &Value) -> u64 {
    let parts: Vec<_> =
        figure["query"].as_str().unwrap().split('&').filter_map(|p| p.split_once('=')).collect();
    let holds = |entry: &&Value| parts.iter().all(|(name, value)| part_holds(entry, name, value));
    let selected: Vec<_> = paper["evidence"].as_array().unwrap().iter().filter(holds).collect();
    let distinct = |key: &str| {
        let values = selected.iter().map(|entry| entry[key].to_string()).filter(|text| text != "null");
        values.collect::<BTreeSet<_>>().len() as u64
    };
    match unit(figure["unit"].as_str().unwrap()) {
        Unit::Contributions => selected.len() as u64,
        Unit::Tables => distinct("table"),
        Unit::Voices => distinct("voice"),
        Unit::HeardFrom => {
            let mut most = BTreeMap::new();
            for entry in selected.iter().filter(|entry| !entry["table"].is_null()) {
                let largest = most.entry(entry["table"].to_string()).or_insert(0);
                *largest = entry["heard_from"].as_u64().unwrap_or(0).max(*largest);
            }
            most.values().sum()
        }
    }
}

fn part_holds(entry: &Value, name: &str, value: &str) -> bool {
    let is = |key: &str, text: &str| entry[key].as_str() == Some(text);
    match (name, value) {
        ("theme", id) => entry["themes"].as_array().unwrap().iter().any(|theme| theme == id),
        ("round" | "table", number) => entry[name].as_u64() == number.parse().ok(),
        ("side" | "channel" | "kind", word) => is(name, word),
        ("state", "read") => !is("state", "unread"),
        ("state", "held" | "withdrawn" | "erased") => is("shown", value),
        ("state", "corrected") => entry["corrections"].as_u64().unwrap() > 0,
        ("state", "read-back") => entry["read_back"] == true,
        ("state", "verbatim") => is("form", "verbatim"),
        ("state", part) => is("state", part),
        ("reason", tag) => {
            let wanted = projections::Query::parse(&format!("reason={tag}")).reason;
            let mut reasons = entry["reasons"].as_array().unwrap().iter().filter_map(Value::as_str);
            reasons.any(|reason| Some(projections::figure::ReasonTag::of(reason)) == wanted)
        }
        other => panic!("nobody knows what {other:?} asks for"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn every_figure_is_the_count_of_its_query(day in any_day()) {
        let views = day.views();
        let paper = paper(&views);
        let figures = figures(&paper);
        prop_assert!(figures.len() >= 21, "a paper has figures");
        for figure in figures {
            let query = Query::parse(figure["query"].as_str().unwrap());
            let counted = query.count(&views, unit(figure["unit"].as_str().unwrap()));
            prop_assert_eq!(figure["value"].as_u64(), Some(counted), "{}", figure);
            prop_assert_eq!(figure["position"].as_u64(), Some(views.position), "{}", figure);
            prop_assert!(figure["of"].as_u64().is_none_or(|of| of >= counted), "{}", figure);
        }
    }

    #[test]
    fn every_figure_can_be_counted_again_from_the_paper_alone(day in any_day()) {
        let paper = paper(&day.views());
        for figure in figures(&paper) {
            prop_assert_eq!(figure["value"].as_u64(), Some(recount(&paper, figure)), "{}", figure);
        }
    }
}

#[test]
fn findings_stand_by_size_and_empty_themes_are_none() {
    let mut day = Day::with_themes();
    day.names(3, "Shelters").says(1, By::Phone(1)).says(2, By::Table(1)).assigns([1], 1).assigns([1, 2], 3);
    let found = summary(&day.views(), &words).findings;
    let ranked: Vec<_> = found.iter().map(|finding| (finding.rank, finding.name.as_str())).collect();
    assert_eq!(ranked, [(1, "Shelters"), (2, "Night buses")]);
    let of: Vec<_> = found.iter().map(|finding| (finding.tables.value, finding.tables.of)).collect();
    assert_eq!(of, [(1, Some(3)), (0, Some(3))]);
}

#[test]
fn silent_tables_are_named() {
    let mut day = Day::with_themes();
    day.says(1, By::Table(2));
    let part = summary(&day.views(), &words).took_part;
    assert_eq!((part.silent_tables, part.seats), (vec![table(1), table(3)], 24));
}

#[test]
fn a_theme_that_meets_the_rule_is_owed_a_reply() {
    let mut day = Day::with_themes();
    day.rules(2, 3).says(1, By::Table(1)).says(2, By::Table(2)).assigns([1, 2], 1);
    day.says(3, By::Phone(1)).says(4, By::Phone(2)).says(5, By::Phone(2)).assigns([3, 4, 5], 2);
    let owed = |day: &Day| summary(&day.views(), &words).duties.unwrap().themes;
    let names = |day: &Day| owed(day).into_iter().map(|due| due.theme).collect::<Vec<_>>();
    assert_eq!(names(&day), [theme(1)]);
    assert_eq!((owed(&day)[0].tables.value, owed(&day)[0].remote_voices.value), (2, 0));
    day.says(6, By::Phone(3)).assigns([6], 2);
    assert_eq!(names(&day).len(), 2);
}

#[test]
fn a_reason_is_a_figure_with_its_contributions() {
    let mut day = Day::with_themes();
    day.says(1, By::Phone(1)).says(2, By::Phone(2)).says(3, By::Phone(2)).holds(1);
    let reason = domain::Reason::parse("about parking").unwrap();
    day.then(domain::Event::SetAside { contribution: said(2), reason });
    let (views, method) = (day.views(), summary(&day.views(), &words).method);
    let counted: Vec<_> = method.held_by_reason.values().chain(method.set_aside_by_reason.values()).collect();
    assert_eq!(counted.iter().map(|figure| figure.value).collect::<Vec<_>>(), [1, 1]);
    day.holds(2);
    let again = summary(&day.views(), &words).method;
    assert_eq!(again.set_aside_by_reason.keys().collect::<Vec<_>>(), ["about parking"]);
    for figure in counted {
        assert_eq!(figure.query.select(&views).len() as u64, figure.value);
        assert_eq!(projections::Query::parse(&figure.query.to_string()), figure.query);
    }
}
