//! A rehearsal says what the record says, and a table whose plug is pulled loses nothing.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::process::Stdio;

use event_log::{Position, Reader};
use serde_json::{Value, json};

use crate::harness::{Assembly, Client, Folder, Server, Socket, id, open_round, submit};

/// One event of a record, as far as it is looked at here.
struct Happened {
    kind: String,
    payload: Value,
    channel: Option<String>,
}

fn record(folder: &Path) -> Vec<Happened> {
    let (record, mut happened, mut after) = (Reader::open(folder).unwrap(), Vec::new(), None::<Position>);
    loop {
        let from = after;
        let read = record.each(after, 1_000, |public| {
            after = Some(public.position);
            happened.push(Happened {
                kind: public.kind.to_string(),
                payload: serde_json::from_str(public.payload).unwrap(),
                channel: public.channel.as_deref().map(str::to_owned),
            });
            Ok::<_, event_log::Error>(ControlFlow::Continue(()))
        });
        read.unwrap();
        if after == from {
            return happened;
        }
    }
}

/// What was said, in order, without the time that only a late entry has.
fn said(record: &[Happened]) -> Vec<Value> {
    let said = record.iter().filter(|happened| happened.kind == "contributed");
    said.map(|happened| {
        let mut payload = happened.payload.clone();
        payload["said_at"] = Value::Null;
        payload["channel"] = json!(happened.channel);
        payload
    })
    .collect()
}

/// The same in an order that does not hang on when it arrived.
fn sorted(mut said: Vec<Value>) -> Vec<String> {
    said.sort_by_key(|payload| payload["contribution"].to_string());
    said.iter().map(Value::to_string).collect()
}

fn of_table(said: &[Value], table: u64) -> Vec<&Value> {
    said.iter().filter(|payload| payload["table"] == table).collect()
}

#[test]
fn a_table_without_a_network_sends_everything_once_in_order_and_in_its_round() {
    let folder = Folder::new();
    let demo = folder.run(&["demo", "--headless", "--speed", "20", "--json"]).json();
    let (slug, scratch) = (demo["slug"].as_str().unwrap(), folder.path("scratch"));
    let original = folder.data().join(slug);
    let bytes = std::fs::read(original.join("record.db")).unwrap();
    // Round 1 closes after two and a half seconds.
    let unplug = ["--unplug", "12@0:00.5-0:04", "--unplug", "3@0:01-0:03.5"];
    let line = ["rehearse", slug, "--speed", "4", "--headless", "--scratch", scratch.to_str().unwrap()];
    let report = folder.json(&[&line[..], &unplug].concat());
    assert_eq!(
        (&report["said"], &report["received"], &report["lost"], &report["doubled"], &report["same"]),
        (&250.into(), &250.into(), &0.into(), &0.into(), &true.into()),
        "{report}"
    );
    assert_eq!(report["refused"], json!([]));
    assert!(std::fs::read(original.join("record.db")).unwrap() == bytes, "the record was written");

    let copy = record(&scratch.join(report["rehearsal"].as_str().unwrap()));
    let (then, now) = (said(&record(&original)), said(&copy));
    assert_eq!(sorted(now.clone()), sorted(then.clone()), "all of it, each in its round and at its table");
    for table in 1..=12 {
        assert_eq!(of_table(&now, table), of_table(&then, table), "table {table} in order");
    }
    let closed = copy.iter().position(|happened| happened.kind == "round-closed").unwrap();
    let late = copy.iter().enumerate().filter(|(_, happened)| !happened.payload["said_at"].is_null());
    let late: Vec<_> = late.filter(|(_, happened)| happened.kind == "contributed").collect();
    assert_eq!(report["late"], late.len());
    assert!(late.iter().all(|(_, entry)| [3, 12].contains(&entry.payload["table"].as_u64().unwrap())));
    let after_the_round = late.iter().filter(|(place, entry)| *place > closed && entry.payload["round"] == 1);
    assert!(after_the_round.count() > 1, "something of round 1 came when it was over");
}

/// An assembly in which everything happens that devices can make happen.
fn full(folder: &Folder) -> Assembly {
    let assembly = folder.convene();
    let server = folder.serve();
    open_round(&server, &assembly);
    let mut sockets = Sockets { server: &server, assembly: &assembly, open: BTreeMap::new() };
    sockets.ack("facilitator", json!({ "id": id(10), "text": "The last bus.", "heard_from": 4 }));
    sockets.ack("facilitator", json!({ "id": id(11), "text": "It is dark.", "kind": "concern" }));
    sockets.ack("facilitator", json!({ "id": id(12), "text": "A card.", "card": "A-7" }));
    sockets.ack("participant", submit(13, "From home."));
    sockets.ack("participant", submit(14, "Again from home."));
    sockets.ack("organiser", json!({ "id": id(15), "text": "A letter.", "round": 1 }));
    let about = |n: u128, kind: &str, contribution: u128, more: Value| {
        let mut frame = json!({ "type": kind, "id": id(n), "contribution": id(contribution) });
        frame.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        frame
    };
    sockets.ack("theme-team", json!({ "type": "name-theme", "id": id(20), "name": "Nights" }));
    sockets.ack("theme-team", json!({ "type": "name-theme", "id": id(21), "name": "Dark" }));
    for (n, said, theme) in [(22, 10, 20), (23, 11, 21), (24, 12, 20), (25, 13, 20)] {
        sockets.ack("theme-team", about(n, "assign", said, json!({ "theme": id(theme) })));
    }
    let merge =
        json!({ "type": "merge-theme", "id": id(26), "theme": id(21), "into": id(20), "reason": "One" });
    sockets.ack("theme-team", merge);
    sockets.ack("theme-team", about(27, "set-aside", 15, json!({ "reason": "A letter" })));
    sockets.ack("facilitator", about(30, "correct", 10, json!({ "text": "The last bus leaves at six." })));
    sockets.ack("facilitator", about(31, "read-back", 11, json!({})));
    sockets.ack("participant", about(32, "withdraw", 14, json!({})));
    sockets.ack("moderator", about(33, "hold", 13, json!({ "reason": "off-topic" })));
    sockets.ack("moderator", about(34, "release", 13, json!({})));
    sockets.ack("participant", about(35, "react", 10, json!({ "vote": "agree" })));
    sockets.ack("facilitator", about(36, "erase", 11, json!({})));
    let poll = json!({
        "type": "open-poll", "id": id(40), "question": "More?", "method": "choose", "options": "Yes\nNo",
    });
    sockets.ack("organiser", poll);
    let vote = json!({ "type": "cast-ballot", "id": id(41), "poll": id(40), "choice": "1" });
    sockets.ack("participant", vote);
    let seat = json!({ "type": "cast-ballot", "id": id(42), "poll": id(40), "choice": "2", "seat": 3 });
    sockets.ack("facilitator", seat);
    let hands = json!({ "id": id(43), "type": "enter-hand-count", "poll": id(40), "counts": "3,4" });
    sockets.ack("facilitator", hands.clone());
    let again =
        json!({ "id": id(44), "type": "confirm-hand-count", "poll": id(40), "table": 1, "counts": "3,4" });
    sockets.ack("moderator", again);
    sockets.ack("organiser", json!({ "type": "close-poll", "id": id(45), "poll": id(40) }));
    sockets.ack("organiser", json!({ "type": "advance", "id": id(46), "round": 2, "minutes": 10 }));
    sockets.ack("organiser", json!({ "type": "set-screen", "id": id(47), "scene": "quote", "of": id(10) }));
    sockets.ack("organiser", json!({ "type": "merge-tables", "id": id(48), "table": 3, "into": 2 }));
    sockets.ack("facilitator", json!({ "id": id(49), "text": "A fair fare.", "round": 2 }));
    drop(sockets);
    assert!(server.stop().0.success());
    assembly
}

/// One device for each role.
struct Sockets<'a> {
    server: &'a Server,
    assembly: &'a Assembly,
    open: BTreeMap<String, Socket>,
}

impl Sockets<'_> {
    #[track_caller]
    fn ack(&mut self, role: &str, frame: Value) {
        let join = || self.server.socket(self.assembly, role);
        let answer = self.open.entry(role.to_owned()).or_insert_with(join).ask(&frame);
        assert_eq!(answer["type"], "ack", "{frame}: {answer}");
    }
}

#[test]
fn everything_that_devices_do_is_rehearsed_with_the_network_and_without() {
    let folder = Folder::new();
    let assembly = full(&folder);
    let line = ["rehearse", assembly.slug(), "--speed", "0", "--headless"];
    let report = folder.json(&line);
    let sound = |report: &Value| {
        assert_eq!(
            (&report["said"], &report["lost"], &report["doubled"], &report["same"]),
            (&7.into(), &0.into(), &0.into(), &true.into()),
            "{report}"
        );
    };
    sound(&report);
    assert_eq!((&report["refused"], &report["late"]), (&json!([]), &0.into()), "{report}");
    assert_eq!(report["left_out"], json!({ "countdown-set": 1, "link-issued": 11 }));
    // The first table comes back when everything is over: its ballot is too late, and all that it wrote is there.
    let report = folder.json(&[&line[..], &["--unplug", "1@0:00-9:00"]].concat());
    sound(&report);
    assert_eq!(report["late"], 4, "{report}");
    let refused = report["refused"].as_array().unwrap();
    assert!(
        refused.iter().any(|why| why.as_str().unwrap().starts_with("table 1, cast-ballot: ")),
        "{report}"
    );
}

#[test]
fn plugs_are_pulled_by_hand_while_it_runs() {
    let folder = Folder::new();
    let demo = folder.run(&["demo", "--headless", "--speed", "20", "--json"]).json();
    let mut command = folder.command(&["rehearse", demo["slug"].as_str().unwrap(), "--headless", "--json"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut rehearsal = command.spawn().unwrap();
    let mut hand = rehearsal.stdin.take().unwrap();
    let mut said = BufReader::new(rehearsal.stderr.take().unwrap()).lines().map_while(Result::ok);
    let organiser = said.find(|line| line.contains("the organiser")).unwrap();
    let mut wait = |is: &dyn Fn(&str) -> bool| assert!(said.any(|line| is(&line)), "it never said it");
    wait(&|line| line.contains("While it runs, type"));
    hand.write_all(b"pull 3\n").unwrap();
    wait(&|line| line.contains("type `unplug 12`"));
    hand.write_all(b"unplug 3\n").unwrap();
    wait(&|line| line.contains("Table 3 has no network."));
    let run_of_show = by_link(organiser.split_whitespace().last().unwrap());
    let tablets = run_of_show.get("presence").json()["tablets"].as_array().unwrap().len();
    assert_eq!(tablets, 12, "the run of show sees the tablet of every table");
    wait(&|line| line.contains(" of them without") && !line.contains(" 0 of them"));
    hand.write_all(b"plug 3\nspeed 0\n").unwrap();
    wait(&|line| line.contains("Table 3 is back and has sent the "));
    std::thread::spawn(move || said.for_each(drop));
    let output = rehearsal.wait_with_output().unwrap();
    assert!(output.status.success());
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&report["received"], &report["lost"], &report["doubled"], &report["same"]),
        (&250.into(), &0.into(), &0.into(), &true.into()),
        "{report}"
    );
    assert!(report["late"].as_u64().is_some_and(|late| (1..250).contains(&late)), "{report}");
}

/// Somebody with the role of this link.
fn by_link(url: &str) -> Client {
    let (address, path) = url.trim_start_matches("http://").split_once('/').unwrap();
    let (path, secret) = path.split_once("join#").unwrap();
    let nobody = Client { address: address.parse().unwrap(), base: format!("/{path}"), cookie: None };
    let joined = nobody.post_form("join", &[("secret", secret)]);
    let cookie = joined.header("set-cookie").and_then(|cookie| cookie.split(';').next()).unwrap();
    Client { cookie: Some(cookie.to_owned()), ..nobody }
}

#[test]
fn what_cannot_be_rehearsed_is_said() {
    let folder = Folder::new();
    let assembly = folder.convene();
    let full = folder.path("full");
    std::fs::create_dir(&full).unwrap();
    std::fs::write(full.join("file"), "").unwrap();
    for (line, said) in [
        (&["rehearse", "trams"][..], "there is no assembly `trams`"),
        (&["rehearse", assembly.slug(), "--unplug", "12"], "such as 12@10:00-20:00"),
        (&["rehearse", assembly.slug(), "--scratch", full.to_str().unwrap()], "is not empty"),
    ] {
        let done = folder.run(line);
        assert_eq!(done.code, Some(1));
        assert!(done.err.contains(said), "{line:?}: {}", done.err);
    }
}
