//! One id is one event, over every way and after a restart, with the identical answer.

use serde_json::{Value, json};

use super::{Open, WAYS, Way};
use crate::harness::{Bridge, Socket, id, submit};

const WORDS: &str = "The last bus leaves at six – and \"nobody\" walks home at night.";

#[test]
fn the_same_id_over_every_way_and_after_a_restart_is_one_event_with_one_answer() {
    let mut open = Open::new();
    let first: Vec<Value> = (2..).zip(WAYS).map(|(n, way)| way.submit(&open, n, WORDS)).collect();
    for answer in &first {
        assert_eq!(answer["type"], "ack", "{answer}");
        assert!(answer["receipt"].as_str().is_some_and(|receipt| receipt.len() == 19), "{answer}");
    }
    for _ in 0..2 {
        for (n, answer) in (2..).zip(&first) {
            for way in WAYS {
                assert_eq!(&way.submit(&open, n, WORDS), answer, "{way:?} says {n} again");
            }
        }
        assert_eq!(open.contributions(), WAYS.len() as u64);
        open = open.restarted();
    }
}

#[test]
fn the_same_id_with_other_words_is_a_conflict_over_every_way() {
    let open = Open::new();
    let first = Way::Socket.submit(&open, 2, WORDS);
    for way in WAYS {
        let answer = way.submit(&open, 2, "Something else.");
        assert_eq!((&answer["type"], &answer["code"]), (&"refused".into(), &"id-conflict".into()), "{way:?}");
        assert_eq!(answer["id"], id(2).to_string());
    }
    let phone = open.server.join(&open.assembly, "participant");
    assert_eq!(phone.post_json("submit", &submit(2, "Something else.")).status, 409);
    assert_eq!(Way::Nats.submit(&open, 2, WORDS), first, "the first one stands");
    assert_eq!(open.contributions(), 1);
}

#[test]
fn each_way_is_a_channel_of_its_own() {
    let open = Open::new();
    for (n, way) in (2..).zip(WAYS) {
        assert_eq!(way.submit(&open, n, WORDS)["type"], "ack", "{way:?}");
    }
    let facilitator = open.server.join(&open.assembly, "facilitator");
    let heard = json!({ "id": id(9), "text": WORDS, "heard_from": 4, "read_back": true });
    assert_eq!(facilitator.post_json("submit", &heard).json()["type"], "ack");
    let out = open.folder.path("paper.json");
    let line = ["summary", "buses", "--format", "json", "--out", out.to_str().unwrap()];
    assert_eq!(open.folder.run(&line).code, Some(0));
    let paper: Value = serde_json::from_slice(&std::fs::read(out).unwrap()).unwrap();
    let channels: Vec<_> =
        paper["evidence"].as_array().unwrap().iter().map(|entry| &entry["channel"]).collect();
    assert_eq!(channels, ["remote", "remote", "remote", "nats", "room"]);
    assert_eq!((&paper["evidence"][4]["table"], &paper["evidence"][4]["heard_from"]), (&1.into(), &4.into()));
}

#[test]
fn nobody_without_a_role_may_write() {
    let open = Open::new();
    let frame = submit(2, WORDS);
    let nobody = open.server.nobody(&open.assembly);
    assert_eq!(nobody.post_json("submit", &frame).status, 403);
    assert_eq!(nobody.post_form("submit", &[("id", &id(2).to_string()), ("text", WORDS)]).status, 403);
    let answer = Socket::open(&nobody).unwrap().ask(&frame);
    assert_eq!((&answer["code"], &answer["id"]), (&"no-role".into(), &id(2).to_string().into()));
    let bridge = Bridge::to(&open.nats);
    for secret in [None, Some("guess"), Some(open.assembly.secret("observer"))] {
        let answer = bridge.ask("buses", secret, frame.to_string().as_bytes());
        assert_eq!(answer["type"], "refused", "{secret:?}: {answer}");
    }
    let joined = nobody.post_form("join", &[("secret", "guess")]);
    assert_eq!((joined.status, joined.header("set-cookie")), (403, None));
    assert_eq!((nobody.get("summary").status, nobody.get("hearing").status), (403, 200));
    assert_eq!(open.contributions(), 0);
}

#[test]
fn a_role_may_do_what_it_is_for_and_nothing_else() {
    let open = Open::new();
    for (n, role) in (2..).zip(["theme-team", "moderator", "board-member", "screen", "observer"]) {
        let answer = open.server.socket(&open.assembly, role).ask(&submit(n, WORDS));
        assert_eq!(answer["code"], "not-for-this-role", "{role}: {answer}");
    }
    for (n, role) in (20..).zip(["participant", "facilitator", "organiser"]) {
        let answer = open.server.socket(&open.assembly, role).ask(&submit(n, WORDS));
        assert_eq!(answer["type"], "ack", "{role}: {answer}");
    }
    let closing = json!({ "type": "close-round", "id": id(40), "round": 1 });
    for role in ["participant", "facilitator", "theme-team", "moderator"] {
        let answer = open.server.socket(&open.assembly, role).ask(&closing);
        assert_eq!(answer["code"], "not-for-this-role", "{role}: {answer}");
    }
    assert_eq!(open.contributions(), 3);
}

#[test]
fn a_page_of_another_site_cannot_speak_with_somebody_elses_cookie() {
    let open = Open::new();
    let phone = open.server.join(&open.assembly, "participant");
    let frame = submit(2, WORDS).to_string();
    for header in [("Sec-Fetch-Site", "cross-site"), ("Origin", "http://elsewhere.example")] {
        let headers = [header, ("Content-Type", "application/json")];
        assert_eq!(phone.ask("POST", "submit", &headers, frame.as_bytes()).status, 403, "{header:?}");
    }
    assert!(Socket::open_with(&phone, &[("origin", "http://elsewhere.example")]).is_err());
    assert_eq!(open.contributions(), 0);
}

#[test]
fn a_correction_a_withdrawal_and_a_merge_go_the_same_way() {
    let open = Open::new();
    let mut phone = open.server.socket(&open.assembly, "participant");
    let mut desk = open.server.socket(&open.assembly, "theme-team");
    let ask = |socket: &mut Socket, frame: Value| {
        let answer = socket.ask(&frame);
        assert_eq!(answer["type"], "ack", "{frame}: {answer}");
        assert_eq!(socket.ask(&frame), answer, "the same again is answered the same");
    };
    for n in [2, 3] {
        ask(&mut phone, submit(n, WORDS));
    }
    for (n, name) in [(10, "Night buses"), (11, "Fares")] {
        ask(&mut desk, json!({ "type": "name-theme", "id": id(n), "name": name }));
    }
    ask(&mut desk, json!({ "type": "assign", "id": id(12), "contribution": id(2), "theme": id(10) }));
    ask(
        &mut desk,
        json!({ "type": "merge-theme", "id": id(13), "theme": id(10), "into": id(11), "reason": "One thing" }),
    );
    ask(
        &mut phone,
        json!({ "type": "correct", "id": id(14), "contribution": id(2), "text": "It leaves at seven." }),
    );
    ask(&mut phone, json!({ "type": "withdraw", "id": id(15), "contribution": id(3) }));
    let tallies = open.folder.json(&["tallies", "buses"]);
    assert_eq!(tallies["themes"].as_array().unwrap().len(), 1);
    assert_eq!(tallies["themes"][0]["contributions"], 1);
    assert_eq!(
        (&tallies["coverage"]["contributions"], &tallies["coverage"]["withdrawn"]),
        (&2.into(), &1.into())
    );
}

#[test]
fn who_listens_hears_of_it() {
    let open = Open::new();
    let mut screen = open.server.socket(&open.assembly, "screen");
    assert_eq!(screen.frame().unwrap()["type"], "hello");
    assert_eq!(screen.frame().unwrap()["type"], "snapshot");
    let position = Way::Socket.submit(&open, 2, WORDS)["position"].as_u64().unwrap();
    let mut heard = 0;
    while heard < position {
        heard = screen.frame().unwrap()["state"]["position"].as_u64().unwrap_or(heard);
    }
}
