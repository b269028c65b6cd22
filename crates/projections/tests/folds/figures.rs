//! Any number in the paper can be counted again: from the views by its query, and from the paper's own evidence.

use std::collections::{BTreeMap, BTreeSet};

use projections::figure::ReasonTag;
use projections::summary::may_be_final;
use projections::{Figure, Query, Unit, Views, summary};
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
        Value::Object(map) if map.contains_key("of_query") => return vec![value],
        Value::Object(map) => map.values().collect(),
        Value::Array(items) => items.iter().collect(),
        _ => vec![],
    };
    inner.into_iter().flat_map(figures).collect()
}

fn unit(name: &Value) -> Unit {
    Unit::named(name.as_str().unwrap()).unwrap()
}

/// Counts again with nothing but the paper's evidence, where what is counted was said by somebody: tables and themes
/// stand in no contribution.
fn recount(paper: &Value, query: &str, counted: Unit) -> Option<u64> {
    let parts: Vec<_> = query.split('&').filter_map(|p| p.split_once('=')).collect();
    let evidence = paper["evidence"].as_array().unwrap();
    let holds = |entry: &&Value| parts.iter().all(|(name, value)| part_holds(evidence, entry, name, value));
    let selected: Vec<_> = evidence.iter().filter(holds).collect();
    let by = |key: &str| {
        let values = selected.iter().map(|entry| entry[key].to_string()).filter(|text| text != "null");
        values.fold(BTreeMap::<_, u64>::new(), |mut counts, value| {
            *counts.entry(value).or_default() += 1;
            counts
        })
    };
    let most = |key: &str, most: usize| {
        let mut counts: Vec<_> = by(key).into_values().collect();
        counts.sort_unstable_by(|a, b| b.cmp(a));
        counts.iter().take(most).sum::<u64>()
    };
    let reacted = |how: &[&str]| {
        let of =
            |entry: &&Value| how.iter().map(|how| entry["reactions"][how].as_u64().unwrap()).sum::<u64>();
        selected.iter().map(of).sum::<u64>()
    };
    Some(match counted {
        Unit::Contributions => selected.len() as u64,
        Unit::Tables => by("table").len() as u64,
        Unit::Voices => by("voice").len() as u64,
        Unit::Links => by("link").len() as u64,
        Unit::HeardFrom => heard_from(&selected),
        Unit::LargestVoice => most("voice", 1),
        Unit::LargestVoices => most("voice", 5),
        Unit::LargestLink => most("link", 1),
        Unit::LargestFamily => {
            let family = |entry: &&&Value| entry["copy_of"].as_u64().or(entry["position"].as_u64());
            let families: BTreeSet<_> = selected.iter().filter_map(|entry| family(&entry)).collect();
            let size = |first| selected.iter().filter(|entry| family(entry) == Some(first)).count() as u64;
            families.into_iter().map(size).max().unwrap_or_default()
        }
        Unit::BusiestMinute => minutes(&selected).last().copied().unwrap_or_default(),
        Unit::MedianMinute => {
            let minutes = minutes(&selected);
            minutes.get(minutes.len().saturating_sub(1) / 2).copied().unwrap_or_default()
        }
        Unit::WithinASecond => {
            let mut times = times(&selected);
            times.sort_unstable();
            times.windows(2).filter(|pair| pair[1] - pair[0] < 1_000).count() as u64
        }
        Unit::Reactions => reacted(&["agree", "disagree", "pass"]),
        Unit::Agree | Unit::Disagree | Unit::Pass => reacted(&[counted.as_str()]),
        _ => return None,
    })
}

fn heard_from(selected: &[&Value]) -> u64 {
    let mut most = BTreeMap::new();
    for entry in selected.iter().filter(|entry| !entry["table"].is_null()) {
        let largest = most.entry(entry["table"].to_string()).or_insert(0);
        *largest = entry["heard_from"].as_u64().unwrap_or(0).max(*largest);
    }
    most.values().sum()
}

fn times(selected: &[&Value]) -> Vec<u64> {
    let timed = selected.iter().filter(|entry| entry["channel"] != "import");
    timed.map(|entry| entry["when"].as_u64().unwrap()).collect()
}

/// How many in each minute that has any, the fewest first.
fn minutes(selected: &[&Value]) -> Vec<u64> {
    let mut by_minute = BTreeMap::<_, u64>::new();
    times(selected).into_iter().for_each(|time| *by_minute.entry(time / MINUTE).or_default() += 1);
    let mut counts: Vec<_> = by_minute.into_values().collect();
    counts.sort_unstable();
    counts
}

fn part_holds(evidence: &[Value], entry: &Value, name: &str, value: &str) -> bool {
    let among = |key: &str| entry[key].as_array().unwrap().iter().any(|one| one == value);
    let is = |key: &str, text: &str| entry[key].as_str() == Some(text);
    match (name, value) {
        ("theme", _) => among("themes"),
        ("helped", _) => among("suggested"),
        ("link", _) => is("link", value),
        ("but-link", _) => !is("link", value),
        ("sole", theme) => {
            let elsewhere =
                |other: &&Value| !other["themes"].as_array().unwrap().iter().any(|one| one == theme);
            let mut elsewhere = evidence.iter().filter(elsewhere);
            !entry["voice"].is_null() && elsewhere.all(|other| other["voice"] != entry["voice"])
        }
        ("engine", tag) => entry["engine"].as_str().is_some_and(|name| is_tag(name, tag)),
        ("state", "copy") => !entry["copy_of"].is_null(),
        ("state", "original") => entry["copy_of"].is_null(),
        ("state", "helped") => {
            let suggested = entry["suggested"].as_array().unwrap();
            entry["themes"].as_array().unwrap().iter().any(|theme| suggested.contains(theme))
        }
        ("round" | "table" | "position", number) => entry[name].as_u64() == number.parse().ok(),
        ("side" | "channel" | "kind", word) => is(name, word),
        ("state", "read") => !is("state", "unread"),
        ("state", "held" | "withdrawn" | "erased") => is("shown", value),
        ("state", "corrected") => entry["corrections"].as_u64().unwrap() > 0,
        ("state", "read-back") => entry["read_back"] == true,
        ("state", "verbatim") => is("form", "verbatim"),
        ("state", part) => is("state", part),
        ("reason", tag) => {
            let mut reasons = entry["reasons"].as_array().unwrap().iter().filter_map(Value::as_str);
            reasons.any(|reason| is_tag(reason, tag))
        }
        other => panic!("nobody knows what {other:?} asks for"),
    }
}

fn is_tag(text: &str, tag: &str) -> bool {
    Some(ReasonTag::of(text)) == Query::parse(&format!("reason={tag}")).reason
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn every_figure_and_what_it_is_of_are_the_counts_of_their_queries(day in any_day()) {
        let views = day.views();
        let paper = paper(&views);
        let figures = figures(&paper);
        prop_assert!(figures.len() >= 28, "a paper has figures");
        for figure in figures {
            let count = |query: &str, counted: &str| {
                let query = Query::parse_all(figure[query].as_str().unwrap()).unwrap();
                Some(query.count(&views, unit(&figure[counted])))
            };
            prop_assert_eq!(figure["value"].as_u64(), count("query", "unit"), "{}", figure);
            prop_assert_eq!(figure["position"].as_u64(), Some(views.position), "{}", figure);
            if let Some(of) = figure["of"].as_u64() {
                prop_assert_eq!(Some(of), count("of_query", "of_unit"), "{}", figure);
                prop_assert!(Some(of) >= figure["value"].as_u64(), "{}", figure);
            }
        }
    }

    #[test]
    fn every_figure_can_be_counted_again_from_the_paper_alone(day in any_day()) {
        let paper = paper(&day.views());
        for figure in figures(&paper) {
            let counted = recount(&paper, figure["query"].as_str().unwrap(), unit(&figure["unit"]));
            prop_assert!(counted.is_none_or(|counted| figure["value"] == counted), "{} {:?}", figure, counted);
        }
    }

    #[test]
    fn the_parts_of_a_paper_add_up_to_their_wholes(day in any_day()) {
        let paper = summary(&day.views(), &words);
        let sum = |parts: &[&Figure]| parts.iter().map(|part| part.value).sum::<u64>();
        let (part, method) = (&paper.took_part, &paper.method);
        let all = part.contributions.value;
        let sides = [&part.room_contributions, &part.remote_contributions, &part.other_contributions];
        prop_assert_eq!(sum(&sides), all);
        prop_assert_eq!(sum(&[&method.themed, &method.set_aside, &method.residue, &method.unread]), all);
        prop_assert_eq!(method.read.value + method.unread.value, all);
        let asked = paper.questions.iter().map(|question| question.contributions.value);
        prop_assert_eq!(asked.sum::<u64>(), all);
        prop_assert_eq!(sum(&method.held_by_reason.values().collect::<Vec<_>>()), method.held.value);
        prop_assert_eq!(sum(&method.set_aside_by_reason.values().collect::<Vec<_>>()), method.set_aside.value);
        prop_assert_eq!(may_be_final(&paper).is_ok(), method.unread.value == 0);
        for found in &paper.findings {
            prop_assert_eq!(sum(&[&found.room, &found.remote, &found.other]), found.contributions.value);
            let by_round: Vec<_> = found.by_round.iter().map(|(_, figure)| figure).collect();
            prop_assert_eq!(sum(&by_round), found.contributions.value);
        }
    }
}

#[test]
fn what_more_tables_have_heard_stands_first_however_often_others_are_sent() {
    let mut day = Day::with_themes();
    day.names(3, "Shelters").names(4, "Stops").names(5, "Empty");
    day.says(1, By::Table(1)).says(2, By::Table(2)).assigns([1, 2], 3);
    for n in 3..=9 {
        day.says(n, By::Phone(n as u8));
    }
    // One table and five voices; one table, one voice and many messages; no table, and seven voices.
    day.says(10, By::Phone(1)).says(11, By::Phone(1)).says(12, By::Phone(1));
    day.assigns([1, 3, 4, 5, 6, 7], 1).assigns([1, 3, 10, 11, 12], 4).assigns(3..=9, 2);
    let found = summary(&day.views(), &words).findings;
    let ranked: Vec<_> = found.iter().map(|finding| (finding.rank, finding.name.as_str())).collect();
    assert_eq!(ranked, [(1, "Shelters"), (2, "Night buses"), (3, "Stops"), (4, "Fares")]);
    let of: Vec<_> = found.iter().map(|finding| (finding.tables.value, finding.tables.of)).collect();
    assert_eq!(of, [(2, Some(3)), (1, Some(3)), (1, Some(3)), (0, Some(3))]);
}

#[test]
fn silent_tables_are_named() {
    let mut day = Day::with_themes();
    day.says(1, By::Table(2));
    let part = summary(&day.views(), &words).took_part;
    assert_eq!((part.silent_tables, part.seats.value), (vec![table(1), table(3)], 24));
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
