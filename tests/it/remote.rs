//! People at home in a real Chromium, with the room beside them. What is checked there stands in
//! `tests/browser/remote.mjs`.

use std::time::Instant;

use serde_json::{Value, json};

use crate::harness::{AGENDA, Bridge, Client, Folder, PATIENCE, browse, id};
use crate::ingest::Open;

#[test]
fn people_at_home_speak_react_and_vote_beside_the_room() {
    let folder = Folder::new();
    let agenda = folder.file("agenda.toml", AGENDA);
    let mut day = folder.json(&["new", &agenda]);
    let server = folder.serve();
    day["url"] = json!(format!("http://{}", server.address));

    browse("remote.mjs", &day.to_string(), 100);
}

/// Posts a form that every way in has in common, and wants it recorded.
#[track_caller]
fn casts(who: &Client, n: u128, page: &str, fields: &[(&str, &str)]) {
    let (form, poll) = (id(n).to_string(), id(70).to_string());
    let answer = who.post_form(page, &[&[("id", form.as_str()), ("poll", &poll)], fields].concat());
    assert_eq!(answer.json()["type"], "ack", "{}", answer.body);
}

/// The poll as everybody may read it, once it says that.
fn poll_when(open: &Open, says: &Value) -> Value {
    let says = says.as_object().unwrap();
    let (anyone, begun) = (open.server.nobody(&open.assembly), Instant::now());
    loop {
        let poll = anyone.get("polls.json").json()["polls"][0].clone();
        if says.iter().all(|(name, value)| poll[name] == *value) {
            return poll;
        }
        assert!(begun.elapsed() < PATIENCE, "{poll}");
    }
}

#[test]
fn a_vote_is_taken_by_tablet_phone_keypad_and_hands_and_says_of_how_many() {
    let folder = Folder::new();
    let assembly = folder.convene();
    let open = Open::over(folder, assembly);
    let join = |role| open.server.join(&open.assembly, role);
    let (organiser, tablet, checker) = (join("organiser"), join("facilitator"), join("theme-team"));
    let asked = json!({
        "type": "open-poll", "id": id(70), "question": "More buses after six?", "method": "choose",
        "options": "Yes\nNo", "lag_s": 0,
    });
    assert_eq!(organiser.post_json("submit", &asked).json()["type"], "ack");

    let (phone, other) = (join("participant"), join("participant"));
    casts(&phone, 71, "ballot", &[("choice", "1")]);
    casts(&other, 72, "ballot", &[("choice", "2")]);
    casts(&other, 73, "ballot", &[("choice", "1")]);
    for (n, seat, choice) in [(74, "1", "1"), (75, "2", "1"), (76, "3", "2")] {
        casts(&tablet, n, "ballot", &[("seat", seat), ("choice", choice)]);
    }
    let pressed =
        json!({ "type": "cast-ballot", "id": id(77), "poll": id(70), "choice": "2", "seat": 1 }).to_string();
    let keypad = Bridge::to(&open.nats);
    let secret = open.assembly.secret("participant");
    assert_eq!(keypad.ask("buses", Some(secret), pressed.as_bytes())["type"], "ack");
    casts(&organiser, 78, "hand-count", &[("table", "2"), ("count-1", "4"), ("count-2", "1")]);

    let counted = json!({ "room_voted": 4, "remote_voted": 2, "unconfirmed": 1, "window": "open" });
    assert_eq!(poll_when(&open, &counted)["options"], Value::Null, "nobody sees a lead");
    let second = [("second", "yes"), ("table", "2"), ("count-1", "4"), ("count-2", "1")];
    casts(&checker, 79, "hand-count", &second);
    let counted = json!({ "room_voted": 9, "room_seats": 24, "unconfirmed": 0, "window": "open" });
    poll_when(&open, &counted);

    let close = json!({ "type": "close-poll", "id": id(80), "poll": id(70) });
    assert_eq!(organiser.post_json("submit", &close).json()["type"], "ack");
    let after = poll_when(&open, &json!({ "room_voted": 9, "remote_voted": 2, "window": "closed" }));
    let counts = |side: &str| [0, 1].map(|option| after["options"][option][side].as_u64().unwrap());
    assert_eq!((counts("room"), counts("remote")), ([6, 3], [2, 0]), "{after}");
    let page = open.server.nobody(&open.assembly).get("polls").body;
    assert!(page.contains("9 of 24 seats") && page.contains("6 of 9") && page.contains("2 of 2"), "{page}");
}
