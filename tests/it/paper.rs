//! The board's paper, in each of its forms: no number in it is typed, each counts again, and every form says the same.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Instant;

use projections::{Projection, Query, Unit, Views};
use serde_json::Value;

use crate::harness::{Folder, PATIENCE, open_round, root, submit};
use crate::nhs;
use crate::represented;
use crate::verify::python_with;

/// A record and the paper of it.
struct Case {
    folder: Folder,
    slug: String,
}

impl Case {
    fn demo() -> Self {
        let folder = Folder::new();
        let done = folder.run(&["demo", "--headless", "--speed", "0", "--seed", "7"]);
        assert_eq!(done.code, Some(0), "{}", done.err);
        represented::record(&folder, "gp-appointments");
        Self { folder, slug: "gp-appointments".to_owned() }
    }

    /// The NHS comments, or nothing where they are not there.
    fn nhs() -> Option<Self> {
        let (folder, _) = nhs::imported(&nhs::comments()?);
        Some(Self { folder, slug: "patients".to_owned() })
    }

    fn file(&self, format: &str) -> PathBuf {
        let out = self.folder.path(&format!("paper.{format}"));
        let line = ["summary", &self.slug, "--format", format, "--out", out.to_str().unwrap()];
        let done = self.folder.run(&line);
        assert_eq!(done.code, Some(0), "{format}: {}", done.err);
        out
    }

    fn bytes(&self, format: &str) -> Vec<u8> {
        std::fs::read(self.file(format)).unwrap()
    }

    fn json(&self, format: &str) -> Value {
        serde_json::from_slice(&self.bytes(format)).unwrap()
    }

    fn views(&self) -> Views {
        Projection::load(&self.folder.data().join(&self.slug), None).unwrap()
    }
}

pub(crate) fn holds_digit(text: &str) -> bool {
    text.chars().any(char::is_numeric)
}

/// Every run of a document.
pub(crate) fn runs<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
    match value {
        Value::Object(fields) if fields.contains_key("run") => found.push(value),
        Value::Object(fields) => fields.values().for_each(|value| runs(value, found)),
        Value::Array(values) => values.iter().for_each(|value| runs(value, found)),
        _ => {}
    }
}

/// Every text of a document.
fn texts<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
    match value {
        Value::String(text) => drop(found.insert(text)),
        Value::Object(fields) => fields.values().for_each(|value| texts(value, found)),
        Value::Array(values) => values.iter().for_each(|value| texts(value, found)),
        _ => {}
    }
}

/// Counts a query again in a unit, both by the names that they have in the paper.
fn count(views: &Views, query: &Value, unit: &Value) -> u64 {
    let (text, unit) = (query.as_str().unwrap(), unit.as_str().unwrap());
    let query = Query::parse(text);
    assert_eq!(query.to_string(), text, "the query reads back as it is written");
    query.count(views, Unit::named(unit).unwrap_or_else(|| panic!("no unit {unit}")))
}

/// Counts a figure's query again.
fn counts_again(views: &Views, figure: &Value) {
    let counted = count(views, &figure["query"], &figure["unit"]);
    assert_eq!(figure["value"], counted, "{figure}");
    assert_eq!(figure["position"], views.position, "{figure}");
    let text = figure["text"].as_str().unwrap();
    assert!(text.contains(&counted.to_string()), "{figure}");
    if let Some(of) = figure["of"].as_u64() {
        assert_eq!(of, count(views, &figure["of_query"], &figure["of_unit"]), "{figure}");
    }
}

/// How many figures a paper has, none of whose numbers is typed.
fn no_number_is_typed(case: &Case) -> usize {
    let (paper, summary, views) = (case.json("document"), case.json("json"), case.views());
    let (mut found, mut known) = (Vec::new(), BTreeSet::new());
    runs(&paper, &mut found);
    texts(&summary, &mut known);
    let mut figures = 0;
    for run in found {
        let text = run["text"].as_str().unwrap();
        match run["run"].as_str().unwrap() {
            "figure" => {
                counts_again(&views, run);
                figures += 1;
            }
            "quote" | "cited" => assert!(!holds_digit(text) || known.contains(text), "is nobody's: {run}"),
            "reference" => assert!(!run["to"].is_null(), "{run}"),
            "date" => {
                assert!(run["iso"].as_str().is_some_and(|iso| iso.len() == 10 || iso.contains('T')), "{run}")
            }
            _ => assert!(!holds_digit(text), "a number is typed: {run}"),
        }
    }
    let html = String::from_utf8(case.bytes("html")).unwrap();
    let left = without_typed(&html);
    assert!(!holds_digit(&left), "a number is typed in the HTML: {left}");
    figures
}

/// The text of a page's main part, without the elements that may hold digits.
pub(crate) fn without_typed(html: &str) -> String {
    let mut rest = html.split("<main").nth(1).unwrap();
    let mut text = String::new();
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before.split_once('>').map_or(before, |(_, after)| after));
        let typed = ["figure", "ref", "cited", "said", "date"].iter().any(|class| {
            let class = format!("class=\"{class}\"");
            tag.split('>').next().is_some_and(|tag| tag.contains(&class) && !tag.starts_with('/'))
        });
        rest = match typed {
            true => tag.split_once('<').map_or("", |(_, end)| end),
            false => tag,
        };
        // What is left of the tag itself is no text.
        rest = rest.split_once('>').map_or("", |(_, after)| after);
        rest = match rest.starts_with('<') {
            true => rest,
            false => {
                let end = rest.find('<').unwrap_or(rest.len());
                text.push_str(&rest[..end]);
                &rest[end..]
            }
        };
    }
    text
}

#[test]
fn the_reader_of_pages_sees_what_is_typed() {
    let page =
        "<main id=\"m1\"><p class=\"x9\">one <a class=\"figure\" href=\"#4\">4</a> and <b>5</b></p></main>";
    assert_eq!(without_typed(page), "one  and 5");
}

#[test]
fn no_number_of_the_demos_paper_is_typed() {
    let figures = no_number_is_typed(&Case::demo());
    assert!(figures > 100, "{figures} figures");
}

#[test]
fn no_number_of_the_nhs_paper_is_typed() {
    let Some(case) = Case::nhs() else { return };
    let figures = no_number_is_typed(&case);
    assert!(figures > 200, "{figures} figures");
}

#[test]
fn the_document_is_as_its_schema_says() {
    let schema: Value =
        serde_json::from_str(include_str!("../../crates/web/assets/paper.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    for case in [Some(Case::demo()), Case::nhs()].into_iter().flatten() {
        let paper = case.json("document");
        let wrong: Vec<_> = schema.iter_errors(&paper).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }
    assert!(!schema.is_valid(&serde_json::json!({"format": "plenary-paper/v1"})));
}

#[test]
fn the_hash_of_a_paper_is_that_of_its_data() {
    let case = Case::demo();
    let sum = std::process::Command::new("sha256sum").arg(case.file("json")).output().unwrap();
    let sum = String::from_utf8(sum.stdout).unwrap();
    assert_eq!(Some(case.json("document")["hash"].as_str().unwrap()), sum.split_whitespace().next());
}

/// What tests/paper/accessible.py says of a PDF.
pub(crate) fn accessible(pdf: &Path) -> Value {
    let mut python = python_with("pypdf");
    let output = python.arg(root().join("tests/paper/accessible.py")).arg(pdf).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(&said)
        .unwrap_or_else(|_| panic!("{said}{}", String::from_utf8_lossy(&output.stderr)))
}

#[test]
fn the_pdf_is_for_people_who_listen_to_it_too() {
    for case in [Some(Case::demo()), Case::nhs()].into_iter().flatten() {
        let said = accessible(&case.file("pdf"));
        assert_eq!(said["wrong"], serde_json::json!([]), "{}", case.slug);
        for part in ["H1", "H2", "Table", "TH", "Figure", "BlockQuote", "Link", "L"] {
            assert!(said["found"][part].as_u64().is_some_and(|count| count > 0), "no {part}: {said}");
        }
    }
}

#[test]
fn a_pdf_that_is_not_for_everybody_is_told_from_one_that_is() {
    let case = Case::demo();
    let (pdf, worse) = (case.bytes("pdf"), case.folder.path("worse.pdf"));
    for (good, bad) in
        [("/Lang", "/Bang"), ("/Alt", "/Bad"), ("/Marked true", "/Marker true"), ("/Contents(", "/Kontents(")]
    {
        let (good, bad) = (good.as_bytes(), bad.as_bytes());
        let at: Vec<_> = pdf.windows(good.len()).enumerate().filter(|(_, found)| *found == good).collect();
        assert!(!at.is_empty(), "{}", String::from_utf8_lossy(good));
        let mut bytes = pdf.clone();
        for (at, _) in at {
            bytes[at..at + bad.len()].copy_from_slice(bad);
        }
        std::fs::write(&worse, bytes).unwrap();
        assert_ne!(accessible(&worse)["wrong"], serde_json::json!([]), "{}", String::from_utf8_lossy(good));
    }
}

#[test]
fn the_same_position_gives_the_same_pdf_in_every_process() {
    let folder = Folder::new();
    let assembly = folder.convene();
    let server = folder.serve();
    open_round(&server, &assembly);
    let said =
        server.join(&assembly, "participant").post_json("submit", &submit(2, "The last bus leaves at six."));
    assert_eq!(said.json()["type"], "ack", "{}", said.body);
    let board = server.join(&assembly, "board-member");
    let begun = Instant::now();
    while board.get("summary.json").json()["took_part"]["contributions"]["value"] != 1 {
        assert!(begun.elapsed() < PATIENCE, "what was said is not in the summary");
        std::thread::yield_now();
    }
    let page = board.get("summary.pdf");
    assert_eq!((page.status, page.header("content-type")), (200, Some("application/pdf")));
    assert!(page.bytes == board.get("summary.pdf").bytes, "asked twice, it is another one");
    assert!(server.stop().0.success());

    let case = Case { folder, slug: assembly.slug().to_owned() };
    let (first, second) = (case.bytes("pdf"), case.bytes("pdf"));
    assert!(first.starts_with(b"%PDF-1.7") && first == second);
    assert!(first == page.bytes, "the server's PDF is another one");
}
