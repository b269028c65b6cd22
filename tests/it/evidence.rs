//! A decision over a plain form, and the evidence of how it was taken: on a page, as files, and by the command.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{AGENDA, Answer, Assembly, Folder, Server, id, open_round, submit};
use crate::paper::{accessible, holds_digit, runs, without_typed};

/// Every theme that one person speaks of is owed an answer, on the day of publication.
const RULE: &str = r#"
[duty_rule]
tables_at_least = 1
voices_at_least = 1
working_days = 0
owner = "Director of buses"

[duty_clock]
statutory = "2030-10-01"
progress = { first_months = 3, then_months = 6 }

[[rounds]]
"#;

const TITLE: &str = "The timetable of 2031";
const CHANGED: &str = "Buses run until midnight now.\nThey ran until nine.";

struct Day {
    folder: Folder,
    assembly: Assembly,
    server: Server,
}

impl Day {
    /// Shown a leaflet, asked, heard, published, and the first part read by a board member.
    fn published() -> Self {
        let folder = Folder::new();
        let assembly = folder.convene_from(&AGENDA.replacen("\n[[rounds]]\n", RULE, 1));
        let server = folder.serve();
        let day = Day { folder, assembly, server };
        let leaflet = [
            ("title", "Leaflet of the 7 lines"),
            ("address", "https://example.org/7"),
            ("hash", &*"0a".repeat(32)),
        ];
        day.form("organiser", "material", &leaflet);
        open_round(&day.server, &day.assembly);
        day.sends("participant", submit(100, "No bus after nine."));
        day.sends("theme-team", json!({"type": "name-theme", "id": id(201), "name": "Night buses"}));
        day.sends("theme-team", json!({"type": "assign", "contribution": id(100), "theme": id(201)}));
        day.sends("organiser", json!({"type": "close-round", "round": 1}));
        day.form("organiser", "publish", &[("edition", "interim")]);
        day.sends("board-member", json!({"type": "open-section", "version": 1, "section": "findings"}));
        day.sends("board-member", json!({"type": "reply", "duty": 2, "text": "They will run."}));
        day
    }

    /// What was sent is on the pages when this is over.
    fn sends(&self, role: &str, mut command: Value) {
        if command["id"].is_null() {
            command["id"] = json!(Uuid::now_v7());
        }
        let answer = self.server.join(&self.assembly, role).post_json("submit", &command).json();
        assert_eq!(answer["type"], "ack", "{command}: {answer}");
        let position = answer["position"].as_u64().unwrap();
        self.server.nobody(&self.assembly).waits_for(position);
    }

    fn posts(&self, role: &str, page: &str, fields: &[(&str, &str)]) -> Answer {
        let own = Uuid::now_v7().to_string();
        let fields: Vec<_> =
            [("id", &*own), ("back", "publish")].into_iter().chain(fields.iter().copied()).collect();
        self.server.join(&self.assembly, role).post_form(page, &fields)
    }

    fn form(&self, role: &str, page: &str, fields: &[(&str, &str)]) {
        let answer = self.posts(role, page, fields);
        assert_eq!(answer.status, 303, "{}", answer.body);
    }

    /// The board's form, sent as a browser without script does.
    fn decides(&self, changed: &str) -> Answer {
        let own = Uuid::now_v7().to_string();
        let fields = [
            ("type", "decide"),
            ("id", &*own),
            ("back", "board#decide"),
            ("as", "board-member"),
            ("title", TITLE),
            ("text", "Line 7 runs later & longer."),
            ("changed", changed),
            ("version", "1"),
        ];
        self.server.join(&self.assembly, "board-member").post_form("submit", &fields)
    }

    fn anybody(&self, page: &str) -> Answer {
        self.server.nobody(&self.assembly).get(page)
    }

    fn home(&self) -> Answer {
        let mut anybody = self.server.nobody(&self.assembly);
        anybody.base.pop();
        anybody.get("")
    }

    fn writes(&self, more: &[&str]) -> crate::harness::Done {
        self.folder.run(&[&["evidence", self.assembly.slug()], more].concat())
    }

    fn out(&self, name: &str) -> PathBuf {
        self.folder.path(name)
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// What stands between the tags of a page's main part, with its tags.
fn main_part(html: &str) -> &str {
    html.split("<main").nth(1).unwrap().split("</main>").next().unwrap()
}

/// What the command writes of the one decision.
fn text_of(day: &Day, more: &[&str]) -> Vec<u8> {
    let out = day.out("again.html");
    let done = day.writes(&[&["--decision", "1", "--out", text(&out)], more].concat());
    assert_eq!(done.code, Some(0), "{}", done.err);
    std::fs::read(out).unwrap()
}

/// The same words in the same order, wherever they lead.
fn read(html: &str) -> String {
    let parts = main_part(html).split('<').map(|part| part.split_once('>').map_or("", |(_, seen)| seen));
    parts.collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn without_a_decision_there_is_no_evidence_and_the_command_says_so() {
    let day = Day::published();
    let done = day.writes(&["--format", "html", "--out", text(&day.out("evidence"))]);
    assert_ne!(done.code, Some(0));
    assert!(
        done.err.contains("has recorded no decision yet") && done.err.contains("/a/buses/board"),
        "{}",
        done.err
    );
    assert!(!day.out("evidence").exists());
    assert!(day.anybody("decisions").body.contains("has not recorded a decision yet"));
    for page in [day.home(), day.anybody("duties")] {
        assert!(page.status == 200 && !page.body.contains("/decisions"), "{}", page.body);
    }
    assert_eq!(day.anybody("decision/1").status, 404);
}

#[test]
fn a_form_that_is_refused_keeps_what_was_typed() {
    let day = Day::published();
    let refused = day.decides(" ");
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert!(
        refused.body.contains(TITLE) && refused.body.contains("Line 7 runs later &#38; longer."),
        "{}",
        refused.body
    );
    assert!(day.anybody("decisions").body.contains("has not recorded a decision yet"));
    let person = day.server.join(&day.assembly, "participant");
    let command = json!({"type": "decide", "id": Uuid::now_v7(), "title": "Mine", "text": "a", "changed": "b", "version": 1});
    assert_eq!(person.post_json("submit", &command).json()["code"], "not-for-this-role");
    assert_eq!(day.decides(CHANGED).status, 303);
}

#[test]
fn the_page_and_the_command_write_the_same_and_the_same_again() {
    let day = Day::published();
    assert_eq!(day.decides(CHANGED).status, 303);
    assert!(day.anybody("decisions").body.contains(TITLE));
    for page in [day.home(), day.anybody("duties")] {
        assert!(page.body.contains("/a/buses/decisions"), "{}", page.body);
    }
    for end in ["html", "json", "pdf"] {
        let (one, two) = (day.out("one"), day.out("two").join(format!("named.{end}")));
        std::fs::create_dir_all(day.out("two")).unwrap();
        let all = day.writes(&["--format", end, "--out", text(&one)]);
        assert_eq!(all.code, Some(0), "{}", all.err);
        let named = day.writes(&["--decision", "1", "--format", end, "--out", text(&two)]);
        assert_eq!(named.code, Some(0), "{}", named.err);
        let bytes = std::fs::read(one.join(format!("decision-1.{end}"))).unwrap();
        assert!(bytes == std::fs::read(two).unwrap(), "{end}: written twice, it is another one");
        let served = day.anybody(&format!("decision/1/evidence.{end}"));
        assert!(served.status == 200 && served.bytes == bytes, "{end}: the server's is another one");
    }
    // What is recorded later changes what is written then, and not what was written at a position.
    let page = day.anybody("decision/1").body;
    let first = std::fs::read(day.out("one").join("decision-1.html")).unwrap();
    let json = day.anybody("decision/1/evidence.json").json();
    let at = json["position"].to_string();
    day.sends("board-member", json!({"type": "reply", "duty": 1, "text": "Yes."}));
    let html = text_of(&day, &["--format", "html"]);
    assert!(html != first, "the answer is missing");
    assert!(text_of(&day, &["--format", "html", "--at", &at]) == first, "it cannot be written again");
    let beyond = day.writes(&["--format", "html", "--at", "9999", "--out", text(&day.out("x.html"))]);
    assert!(beyond.code != Some(0) && beyond.err.contains("ends at position"), "{}", beyond.err);

    let file = std::fs::read_to_string(day.out("one").join("decision-1.html")).unwrap();
    // The page offers the other forms, which the file cannot.
    let downloads =
        read(&page).replace("As one file (HTML) To print (PDF) As open data (JSON) All decisions ", "");
    assert!(downloads == read(&file), "{downloads}\n{}", read(&file));
    for part in ["No bus after nine", "<script", "<style"] {
        assert!(!page.contains(part), "{part}");
    }

    let unknown = day.writes(&["--decision", "2", "--format", "html", "--out", text(&day.out("x.html"))]);
    assert_ne!(unknown.code, Some(0));
    assert!(
        unknown.err.contains("there is no decision 2") && unknown.err.contains("decision 1"),
        "{}",
        unknown.err
    );
    assert!(!day.out("x.html").exists());
    for missing in
        ["decision/2", "decision/0", "decision/x", "decision/2/evidence.json", "decision/2/evidence.pdf"]
    {
        assert_eq!(day.anybody(missing).status, 404, "{missing}");
    }
    let said = accessible(&day.out("one").join("decision-1.pdf"));
    assert_eq!(said["wrong"], json!([]));
}

/// Every event that a document names, with what is said of it.
fn named(document: &Value) -> Vec<u64> {
    let mut found = Vec::new();
    runs(document, &mut found);
    let events = found.into_iter().filter(|run| run["to"]["kind"] == "event");
    events.map(|run| run["to"]["at"].as_u64().unwrap()).collect()
}

#[test]
fn every_line_leads_to_its_event_and_no_number_is_typed() {
    let day = Day::published();
    assert_eq!(day.decides(CHANGED).status, 303);
    day.form("organiser", "material", &[("title", "Minutes")]);
    let document = day.anybody("decision/1/evidence.json").json();
    let schema: Value =
        serde_json::from_str(include_str!("../../crates/web/assets/paper.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let wrong: Vec<_> = schema.iter_errors(&document).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{wrong:?}");

    let kinds: Vec<String> = named(&document)
        .into_iter()
        .map(|position| {
            let event = day.anybody(&format!("log/event/{position}")).json();
            assert_eq!(event["position"], position, "{event}");
            event["kind"].as_str().unwrap().to_owned()
        })
        .collect();
    for kind in [
        "convened",
        "question-asked",
        "duty-rule-fixed",
        "duty-clock-fixed",
        "round-opened",
        "round-closed",
        "link-issued",
        "material-shown",
        "contributed",
        "summary-published",
        "section-opened",
        "duty-owed",
        "replied",
        "decision-taken",
    ] {
        assert!(kinds.iter().any(|found| found == kind), "no line leads to {kind}: {kinds:?}");
    }

    let mut found = Vec::new();
    runs(&document, &mut found);
    for run in found {
        let text = run["text"].as_str().unwrap();
        match run["run"].as_str().unwrap() {
            "figure" => {
                assert_eq!((&run["value"], &run["query"]), (&json!(1), &json!("channel=remote")), "{run}")
            }
            "date" | "reference" | "cited" => {}
            _ => assert!(!holds_digit(text), "a number is typed: {run}"),
        }
    }
    let html = day.anybody("decision/1").body;
    let left = without_typed(&html);
    assert!(!holds_digit(&left), "a number is typed in the HTML: {left}");
    let read = read(&html);
    for part in [
        "before the first round",
        "after the decision",
        "They ran until nine.",
        "Not answered;",
        "a receipt that is missing says nothing",
        "What the record cannot tell",
    ] {
        assert!(read.contains(part), "{part}: {read}");
    }
}
