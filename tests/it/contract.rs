//! What is promised to programs: every frame that goes out is as `asyncapi.json` says, every answer as `openapi.json`
//! does, and a small client in another language gets along with both.

mod schema;

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Assembly, Folder, Server, Socket, open_round, root, submit};
pub(crate) use schema::check_frame;
use schema::{Schema, feed, http};

/// The names of the frames that the server sends.
fn promised() -> BTreeSet<String> {
    let messages = feed()["operations"]["tell"]["messages"].as_array().unwrap();
    let last = |message: &Value| message["$ref"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    messages.iter().map(last).collect()
}

#[test]
fn every_command_is_described_with_all_its_fields() {
    let schemas = feed()["components"]["schemas"].as_object().unwrap();
    let described: BTreeSet<_> = schemas
        .iter()
        .filter_map(|(name, schema)| Some((name.strip_prefix("command-")?, schema)))
        .collect::<Vec<_>>()
        .into_iter()
        .map(|(name, schema)| {
            let fields: BTreeSet<_> = schema["properties"].as_object().unwrap().keys().cloned().collect();
            (name.to_owned(), fields)
        })
        .collect();
    let known: BTreeSet<_> = ingest::frame::SHAPES
        .iter()
        .map(|shape| {
            let fields: BTreeSet<_> =
                shape.fields.iter().chain(&["type", "id"]).map(|field| (*field).to_owned()).collect();
            (shape.name.to_owned(), fields)
        })
        .collect();
    assert_eq!(described, known);
}

/// Somebody who asks for things, and whose every frame is as it was promised.
struct Asker {
    socket: Socket,
    commands: Schema,
}

impl Asker {
    fn new(server: &Server, assembly: &Assembly, role: &str) -> Self {
        Self { socket: server.socket(assembly, role), commands: Schema::of_feed("command") }
    }

    #[track_caller]
    fn ask(&mut self, mut frame: Value) -> Value {
        frame["id"] = json!(Uuid::now_v7());
        self.commands.check(&frame);
        let answer = self.socket.ask(&frame);
        assert_eq!(answer["type"], "ack", "{frame}: {answer}");
        frame["id"].clone()
    }
}

/// Lives through a day in which everything happens that a feed tells of.
fn a_day(server: &Server, assembly: &Assembly) {
    let mut organiser = Asker::new(server, assembly, "organiser");
    let mut team = Asker::new(server, assembly, "theme-team");
    let mut moderator = Asker::new(server, assembly, "moderator");
    let mut person = Asker::new(server, assembly, "participant");
    organiser.ask(json!({"type": "advance", "round": 1, "minutes": 20}));
    let said: Vec<_> =
        (0..4).map(|n| person.ask(json!({"type": "submit", "text": format!("Said {n}")}))).collect();
    let theme = team.ask(json!({"type": "name-theme", "name": "Night buses"}));
    let other = team.ask(json!({"type": "name-theme", "name": "Late buses"}));
    for id in &said {
        team.ask(json!({"type": "assign", "contribution": id, "theme": theme}));
    }
    team.ask(json!({"type": "assign", "contribution": said[0], "theme": other}));
    team.ask(json!({"type": "merge-theme", "theme": other, "into": theme, "reason": "The same"}));
    team.ask(json!({"type": "undo-change", "change": 3, "reason": "Two things after all"}));
    team.ask(json!({"type": "name-frame", "name": "After lunch"}));
    person.ask(json!({"type": "react", "contribution": said[1], "vote": "agree"}));
    moderator.ask(json!({"type": "hold", "contribution": said[1], "reason": "abuse"}));
    person.ask(json!({"type": "erase", "contribution": said[2]}));
    let poll = organiser.ask(json!({"type": "open-poll", "question": "How is it?", "method": "temperature"}));
    person.ask(json!({"type": "cast-ballot", "poll": poll, "choice": 2}));
    for (scene, of) in [("quote", &said[3]), ("poll", &poll)] {
        organiser.ask(json!({"type": "set-screen", "scene": scene, "of": of}));
    }
    for scene in ["question", "join", "blank", "hearing"] {
        organiser.ask(json!({"type": "set-screen", "scene": scene}));
    }
    organiser.ask(json!({"type": "set-countdown"}));
    organiser.ask(json!({"type": "close-poll", "poll": poll}));
    organiser.ask(json!({"type": "merge-tables", "table": 3, "into": 1}));
    organiser.ask(json!({"type": "close"}));
}

#[test]
fn every_frame_that_is_promised_is_sent_and_is_as_promised() {
    let folder = Folder::new();
    let assembly = folder.convene();
    let server = folder.serve();
    let mut listener = server.socket(&assembly, "observer");
    let refused = listener.ask(&json!({"type": "close", "id": Uuid::now_v7()}));
    let mut heard: BTreeSet<String> = ["ack".to_owned()].into();
    heard.insert(refused["type"].as_str().unwrap().to_owned());
    heard.extend(["hello".to_owned(), "snapshot".to_owned()]);
    a_day(&server, &assembly);
    // The harness holds each frame to its schema.
    let of_the_day: BTreeSet<_> = promised().into_iter().filter(|name| name != "bye").collect();
    // A heartbeat comes when there is nothing else to tell, so after it nothing of the day is left.
    while !heard.contains("hb") {
        let frame = listener.frame().unwrap();
        heard.insert(frame["type"].as_str().unwrap().to_owned());
    }
    assert_eq!(heard, of_the_day);
    std::thread::scope(|scope| {
        let stopping = scope.spawn(move || server.stop());
        let last = std::iter::from_fn(|| listener.frame().ok()).last().unwrap();
        assert_eq!(last["type"], "bye");
        assert!(stopping.join().unwrap().0.success());
    });
}

#[test]
fn every_answer_is_as_the_description_of_http_says() {
    let folder = Folder::new();
    let assembly = folder.convene();
    let server = folder.serve();
    a_day(&server, &assembly);
    let organiser = server.join(&assembly, "organiser");
    let mut checked = 0;
    for (path, operations) in http()["paths"].as_object().unwrap() {
        let schema = &operations["get"]["responses"]["200"]["content"]["application/json"]["schema"];
        let Some(page) = path.strip_prefix("/a/{slug}/").filter(|_| schema.is_object()) else { continue };
        let answer = organiser.get(page);
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")), "{path}");
        Schema::of_http(schema).check(&answer.json());
        checked += 1;
    }
    assert!(checked >= 4, "{checked} answers were looked at");
    let person = server.join(&assembly, "participant");
    let late = person.post_json("submit", &submit(1, "Too late"));
    let refused = json!({"$ref": "#/components/schemas/refused"});
    Schema::of_http(&refused).check(&late.json());
    assert!((400..500).contains(&late.status));
}

fn follows(program: &mut Command, url: &str) -> String {
    let done = program.args([url, "Said by a small program"]).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

#[test]
fn small_clients_in_other_languages_get_along() {
    let folder = Folder::new();
    let assembly = folder.convene();
    let server = folder.serve();
    open_round(&server, &assembly);
    let link =
        format!("http://{}/a/{}/join#{}", server.address, assembly.slug(), assembly.secret("participant"));
    let client = |name: &str| root().join("tests/clients").join(name);
    let python = std::env::var_os("PLENARY_PYTHON").unwrap_or_else(|| "python3".into());
    let said = follows(Command::new(python).arg(client("follow.py")), &link);
    assert!(said.starts_with("receipt ") && said.ends_with("counted among 1\n"), "{said}");
    let said = follows(Command::new("node").arg("--experimental-websocket").arg(client("follow.mjs")), &link);
    assert!(said.starts_with("receipt ") && said.ends_with("counted among 2\n"), "{said}");
    for name in ["follow.py", "follow.mjs"] {
        let lines = std::fs::read_to_string(client(name)).unwrap().lines().count();
        assert!(lines <= 35, "{name} has {lines} lines; it should stay a small example");
    }
}
