//! Real input: what 3,803 patients said, with the themes that people at the NHS gave it. The counts that must come
//! out are taken from the file itself.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::harness::{Folder, root};

const AGENDA: &str = r#"
title = "What patients say"
purpose = "Shows real input"
board = "The trust"
slug = "patients"
[[rounds]]
title = "Comments"
question = "What was good, and what could be better?"
"#;

/// Marks that are no themes: nobody could or did say what the comment is about.
const NO_THEMES: [&str; 2] = ["Labelling not possible", "Not assigned"];
const COLUMNS_BEFORE_LABELS: &str = "Comment sentiment";

/// The CSV, or nothing where the data folder is not there; then this says so.
pub(crate) fn comments() -> Option<PathBuf> {
    let data = std::env::var_os("PLENARY_DATA").map_or_else(|| root().join("../shared/data"), PathBuf::from);
    let file = data.join("themes/nhs-fft-v6/comments.csv");
    if !file.exists() {
        println!("NHS comments: {} is not there, so nothing was checked", file.display());
        return None;
    }
    Some(file)
}

/// What the file says of itself.
struct Counted {
    rows: u64,
    by_theme: BTreeMap<String, u64>,
    themed: u64,
    people: usize,
    blank: u64,
}

fn count(file: &Path) -> Counted {
    let mut csv = csv::Reader::from_path(file).unwrap();
    let header = csv.headers().unwrap().clone();
    let place = |name: &str| header.iter().position(|column| column == name).unwrap();
    let labels = place(COLUMNS_BEFORE_LABELS) + 1;
    let (voice, text) = (place("Respondent ID"), place("FFT answer"));
    let mut counted = Counted { rows: 0, by_theme: BTreeMap::new(), themed: 0, people: 0, blank: 0 };
    let mut people = std::collections::BTreeSet::new();
    for row in csv.records().map(Result::unwrap) {
        let marked = (labels..header.len()).filter(|column| row[*column].trim() == "1");
        let themes: Vec<_> =
            marked.map(|column| &header[column]).filter(|name| !NO_THEMES.contains(name)).collect();
        counted.rows += 1;
        counted.themed += u64::from(!themes.is_empty());
        counted.blank += u64::from(row[text].trim().is_empty());
        if !row[voice].trim().is_empty() {
            people.insert(row[voice].trim().to_owned());
        }
        for theme in themes {
            *counted.by_theme.entry(theme.to_owned()).or_default() += 1;
        }
    }
    counted.people = people.len();
    counted
}

pub(crate) fn imported(file: &Path) -> (Folder, Value) {
    let folder = Folder::new();
    let agenda = folder.file("agenda.toml", AGENDA);
    folder.json(&["new", &agenda]);
    let map = root().join("config/import/nhs-fft.toml");
    let line = ["import", "csv", "patients", file.to_str().unwrap(), "--map", map.to_str().unwrap()];
    let report = folder.json(&line);
    (folder, report)
}

#[test]
fn tallies_of_the_nhs_comments_equal_the_counts_in_the_file() {
    let Some(file) = comments() else { return };
    let counted = count(&file);
    let (folder, report) = imported(&file);

    assert_eq!(
        (&report["rows"], &report["recorded"]),
        (&counted.rows.into(), &counted.rows.into()),
        "{report}"
    );
    let tallies = folder.json(&["tallies", "patients"]);
    let themes = tallies["themes"].as_array().unwrap();
    let tallied: BTreeMap<String, u64> = themes.iter().map(name_and_count).collect();
    assert_eq!(tallied, counted.by_theme);
    let coverage = &tallies["coverage"];
    assert_eq!(
        (&coverage["contributions"], &coverage["themed"]),
        (&counted.rows.into(), &counted.themed.into())
    );
    let rest = ["themed", "set_aside", "residue", "unread"].map(|part| coverage[part].as_u64().unwrap());
    assert_eq!(rest.iter().sum::<u64>(), counted.rows);
    assert_eq!(tallies["of"]["other_contributions"], counted.rows);
    println!(
        "NHS comments: {} rows and {} themes came out as they stand in the file",
        counted.rows,
        tallied.len()
    );
}

fn name_and_count(theme: &Value) -> (String, u64) {
    let channels = theme["by_channel"].as_object().unwrap().values().filter_map(Value::as_u64).sum::<u64>();
    let contributions = theme["contributions"].as_u64().unwrap();
    assert_eq!(channels, contributions, "{theme}");
    assert!(theme["voices"].as_u64().is_some_and(|voices| voices <= contributions), "{theme}");
    (theme["name"].as_str().unwrap().to_owned(), contributions)
}

#[test]
fn every_figure_of_the_nhs_summary_links_to_its_contributions() {
    let Some(file) = comments() else { return };
    let counted = count(&file);
    let (folder, _) = imported(&file);
    let out = folder.path("paper.csv");
    folder.json(&["summary", "patients", "--format", "csv", "--out", out.to_str().unwrap()]);
    let document = folder.path("paper.json").to_str().unwrap().to_owned();
    folder.json(&["summary", "patients", "--format", "json", "--out", &document]);
    let again = folder.json(&["recompute", "patients", "--summary", &document]);
    assert!(again["figures"].as_u64() > Some(200) && again["wrong"] == Value::Array(vec![]), "{again}");

    let mut by_theme = BTreeMap::new();
    let mut figures = 0;
    for row in csv::Reader::from_path(&out).unwrap().records().map(Result::unwrap) {
        let (part, theme, unit, value, query, positions) =
            (&row[0], &row[2], &row[4], &row[6], &row[10], &row[13]);
        figures += 1;
        if unit == "contributions" {
            assert_eq!(value.parse(), Ok(positions.split_whitespace().count()), "{row:?}");
        } else {
            let bound = positions.split_whitespace().count();
            assert!(
                ["seats", "themes", "rank"].contains(&unit) || value.parse::<usize>().unwrap() <= bound,
                "{row:?}"
            );
        }
        if (part, &row[1]) == ("findings", "contributions")
            && unit == "contributions"
            && query.split('&').count() == 1
        {
            by_theme.insert(theme.to_owned(), value.parse::<u64>().unwrap());
        }
        if (part, unit, query) == ("took_part", "voices", "side=other") {
            assert_eq!(value.parse(), Ok(counted.people), "distinct people");
        }
    }
    assert_eq!(by_theme, counted.by_theme);
    assert!(figures > 5 * by_theme.len(), "{figures} figures");
    has_words(&folder, &counted);
}

/// The document for programs carries every contribution, with words where there are some that may be shown.
fn has_words(folder: &Folder, counted: &Counted) {
    let out = folder.path("paper.json");
    folder.json(&["summary", "patients", "--format", "json", "--out", out.to_str().unwrap()]);
    let paper: Value = serde_json::from_slice(&std::fs::read(out).unwrap()).unwrap();
    let evidence = paper["evidence"].as_array().unwrap();
    assert_eq!(evidence.len() as u64, counted.rows);
    let without = evidence.iter().filter(|entry| entry["shown"] == "no-words").count() as u64;
    assert_eq!(without, counted.blank);
}
