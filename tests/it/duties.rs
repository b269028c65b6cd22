//! A paper is published and turns into duties; the board answers, the representatives answer back, and anybody can follow
//! it: on pages in a real Chromium (`tests/browser/duties.mjs`), as a feed and as a calendar.

use std::io::Write;
use std::process::{Command, Stdio};

use domain::{Actor, Channel, Edition, PaperCommand, PaperHash, Publish, ThemeId};
use ingest::{Sequencer, Submission};
use serde_json::{Value, json};

use crate::harness::{AGENDA, Assembly, Folder, Server, browse, id, open_round, submit};

/// Theme answers are due on the day of publication; a law's day is over already.
const RULE: &str = r#"
[duty_rule]
tables_at_least = 2
voices_at_least = 2
working_days = 0
owner = "Director of buses"

[duty_clock]
statutory = "2026-10-01"
progress = { first_months = 3, then_months = 6 }

[[rounds]]
"#;

const THEME: u128 = 50;

/// Two people have spoken of night buses, and the paper was published since.
pub(crate) fn published(folder: &Folder) -> Assembly {
    let agenda = AGENDA.replacen("\n[[rounds]]\n", RULE, 1);
    let assembly = folder.convene_from(&agenda);
    let server = folder.serve();
    open_round(&server, &assembly);
    let team = server.join(&assembly, "theme-team");
    let mut counted_at = 0;
    let mut done = |answer: Value| {
        assert_eq!(answer["type"], "ack", "{answer}");
        counted_at = answer["position"].as_u64().unwrap();
    };
    done(
        team.post_json("submit", &json!({"type": "name-theme", "id": id(THEME), "name": "Night buses"}))
            .json(),
    );
    for (n, words) in
        [(60, "The last bus leaves before my shift ends, so I walk home."), (61, "No bus after nine.")]
    {
        let person = server.join(&assembly, "participant");
        done(person.post_json("submit", &submit(n, words)).json());
        let assign = json!({"type": "assign", "id": id(n + 10), "contribution": id(n), "theme": id(THEME)});
        done(team.post_json("submit", &assign).json());
    }
    assert!(server.stop().0.success());
    publish(folder, &assembly, counted_at);
    assembly
}

/// By the rules of the program itself, from beside it.
fn publish(folder: &Folder, assembly: &Assembly, counted_at: u64) {
    let paper = Publish {
        counted_at,
        hash: PaperHash([7; 32]),
        edition: Edition::Interim,
        owed: [ThemeId(id(THEME))].into(),
    };
    let command = PaperCommand::Publish(Box::new(paper)).into();
    let published =
        Submission { id: id(80), command, actor: Actor::CONSOLE, channel: Channel::Room, voice: None };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let sequencer = Sequencer::open(&folder.data().join(assembly.slug())).unwrap();
        sequencer.submit(published).await.unwrap();
        sequencer.stop().await;
    });
}

#[test]
fn from_the_words_to_a_promise_that_was_kept() {
    let folder = Folder::new();
    let assembly = published(&folder);
    let server = folder.serve();
    let mut day = assembly.convened().clone();
    day["url"] = json!(format!("http://{}", server.address));

    browse("duties.mjs", &day.to_string(), 90);
}

fn sends(server: &Server, assembly: &Assembly, role: &str, command: &Value) -> Value {
    server.join(assembly, role).post_json("submit", command).json()
}

#[test]
fn programs_read_the_duties_as_data_as_news_and_as_days() {
    let folder = Folder::new();
    let assembly = published(&folder);
    let server = folder.serve();
    let anyone = server.nobody(&assembly);

    let open = anyone.get("duties.json").json();
    assert_eq!((&open["counts"]["owed"], &open["counts"]["overdue"]), (&json!(2), &json!(1)), "{open}");
    let calendar = anyone.get("duties.ics");
    assert_eq!(calendar.header("content-type"), Some("text/calendar; charset=utf-8"));
    assert_eq!(calendar.body.matches("BEGIN:VEVENT").count(), 2);

    let reply =
        json!({"type": "reply", "id": id(90), "duty": 2, "text": "There will be <night> buses & trams."});
    assert_eq!(sends(&server, &assembly, "participant", &reply)["code"], "not-for-this-role");
    let first = sends(&server, &assembly, "board-member", &reply);
    assert_eq!(first["type"], "ack", "{first}");
    assert_eq!(sends(&server, &assembly, "board-member", &reply), first, "sent twice is recorded once");
    let calendar = anyone.get("duties.ics").body;
    assert_eq!(calendar.matches("BEGIN:VEVENT").count(), 1);
    assert!(calendar.contains("UID:duty-1@"), "the law's day is still open: {calendar}");

    let feed = anyone.get("duties.atom");
    assert_eq!(feed.header("content-type"), Some("application/atom+xml; charset=utf-8"));
    let read = read_by_python(&feed.body);
    assert_eq!(read["titles"].as_array().unwrap().len(), 5, "{read}");
    assert_eq!(read["titles"][0], "Duty 2: “Night buses” was answered");
    assert!(
        read["titles"][1].as_str().unwrap().starts_with("Duty 1: overdue."),
        "the law's day is over: {read}"
    );
    assert_eq!(read["contents"][0], "There will be <night> buses & trams.");
    assert_eq!((&read["ids"], &read["dated"]), (&json!(6), &json!(true)), "{read}");
}

/// What an XML parser that knows nothing of us makes of a feed.
fn read_by_python(feed: &str) -> Value {
    const READ: &str = r#"
import datetime, json, sys, xml.etree.ElementTree as tree
atom = "{http://www.w3.org/2005/Atom}"
feed = tree.fromstring(sys.stdin.buffer.read())
entries = feed.findall(atom + "entry")
dates = [date.text.replace("Z", "+00:00") for date in feed.iter(atom + "updated")]
ids = {name.text for name in feed.iter(atom + "id")}
print(json.dumps({
    "titles": [entry.find(atom + "title").text for entry in entries],
    "contents": [entry.find(atom + "content").text for entry in entries],
    "ids": len(ids),
    "dated": all(datetime.datetime.fromisoformat(date).tzinfo for date in dates),
}))
"#;
    let python = std::env::var_os("PLENARY_PYTHON").unwrap_or_else(|| "python3".into());
    let mut python = Command::new(python);
    python.args(["-c", READ]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut python = python.spawn().expect("Python reads the feed; scripts/test says what it needs");
    python.stdin.take().unwrap().write_all(feed.as_bytes()).unwrap();
    let read = python.wait_with_output().unwrap();
    assert!(read.status.success(), "the feed is no XML: {feed}");
    serde_json::from_slice(&read.stdout).unwrap()
}
