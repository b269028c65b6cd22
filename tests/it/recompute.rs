//! Every figure of a summary is counted again by the command that anybody can run: from the record, and from an archive.

use serde_json::Value;

use crate::harness::Folder;
use crate::represented;

const SLUG: &str = "gp-appointments";

/// A day, its summary, and the folder that it lies in.
fn day() -> (Folder, Value, String) {
    let folder = Folder::new();
    let done = folder.run(&["demo", "--headless", "--speed", "0"]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    represented::record(&folder, SLUG);
    let file = folder.path("paper.json").to_str().unwrap().to_owned();
    folder.json(&["summary", SLUG, "--format", "json", "--out", &file]);
    let paper = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    (folder, paper, file)
}

fn figures(value: &Value) -> Vec<&Value> {
    match value {
        Value::Object(fields) if fields.contains_key("of_query") => vec![value],
        Value::Object(fields) => fields.values().flat_map(figures).collect(),
        Value::Array(items) => items.iter().flat_map(figures).collect(),
        _ => vec![],
    }
}

#[test]
fn a_summary_is_as_its_published_schema_says() {
    let (_, mut paper, _) = day();
    let schema = include_str!("../../crates/web/assets/summary.schema.json");
    let schema: Value = serde_json::from_str(schema).unwrap();
    let described = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    let wrong = |paper: &Value| -> Vec<_> {
        described.iter_errors(paper).map(|error| format!("{} {error}", error.instance_path())).collect()
    };
    assert_eq!(wrong(&paper), Vec::<String>::new());
    let unknown = paper["findings"][0]["indicators"].as_object_mut().unwrap();
    unknown.insert("verdict".to_owned(), "fraud".into());
    assert_eq!(wrong(&paper).len(), 1);
}

#[test]
fn every_figure_of_a_day_comes_out_the_same_from_the_record_and_from_an_archive() {
    let (folder, paper, file) = day();
    let archive = folder.path("day.tar").to_str().unwrap().to_owned();
    folder.json(&["export", SLUG, "--out", &archive]);
    for of in [&[SLUG][..], &["--from", &archive]] {
        let counted = folder.json(&[&["recompute"], of, &["--summary", &file]].concat());
        assert_eq!(counted["figures"], figures(&paper).len());
        assert_eq!(counted["wrong"], Value::Array(vec![]));
    }
    for figure in figures(&paper).into_iter().step_by(9) {
        let [query, unit] = ["query", "unit"].map(|field| figure[field].as_str().unwrap());
        let counted = folder.json(&["recompute", SLUG, "--figure", query, "--unit", unit]);
        assert_eq!((&counted["value"], &counted["query"]), (&figure["value"], &figure["query"]));
        let of_same = [&figure["of"], &Value::Null].contains(&&counted["of"]) || figure["of"].is_null();
        assert!(of_same && !counted["figures"].as_array().unwrap().is_empty(), "{counted}\n{figure}");
        let counts = counted["contributions"].as_array().unwrap().len();
        assert!(unit != "contributions" || counted["value"] == counts, "{counted}");
    }
}

#[test]
fn a_changed_figure_is_named_and_an_earlier_position_gives_the_count_of_then() {
    let (folder, mut paper, _) = day();
    let all = |extra: &[&str]| folder.json(&[&["recompute", SLUG, "--figure", ""], extra].concat());
    assert_eq!(all(&[])["value"], 250);
    let place = all(&[])["contributions"][99].as_u64().unwrap().to_string();
    assert_eq!(all(&["--position", &place])["value"], 100);

    paper["took_part"]["contributions"]["value"] = 251.into();
    let file = folder.file("paper.json", &paper.to_string());
    let refused = folder.run(&["recompute", SLUG, "--summary", &file]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.out.contains("took_part/contributions: says 251"), "{}", refused.out);
    for (wrong, why) in [("colour=red", "no query"), ("state=bored", "no query")] {
        let refused = folder.run(&["recompute", SLUG, "--figure", wrong]);
        assert!(refused.code == Some(1) && refused.err.contains(why), "{}", refused.err);
    }
}
