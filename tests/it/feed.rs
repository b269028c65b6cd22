//! The live feed from outside: who comes back hears exactly what they missed, whatever happened meanwhile.

use std::io::{Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};

use crate::harness::{Assembly, Client, Folder, Server, Socket, id, open_round, submit};

/// News, whole and in order; everything else on the feed may be conflated.
const NEWS: [&str; 6] = ["item", "hidden", "erased", "themed", "recoded", "phase"];
const THEME: u128 = 900;

struct Day {
    folder: Folder,
    assembly: Assembly,
    server: Server,
    /// Where the day began.
    begun: u64,
}

impl Day {
    /// Round 1 is open, and there is a theme.
    fn begun() -> Self {
        let folder = Folder::new();
        folder.configure("[feed]\ntick_ms = 20");
        let assembly = folder.convene();
        let server = folder.serve();
        open_round(&server, &assembly);
        let day = Day { folder, assembly, server, begun: 0 };
        let named = json!({ "type": "name-theme", "id": id(THEME), "name": "Night buses" });
        Day { begun: day.ask("theme-team", &named), ..day }
    }

    /// A power cut, and the next morning.
    fn cut_off(self) -> Self {
        let Day { folder, assembly, server, begun } = self;
        server.kill();
        let server = folder.serve();
        Day { folder, assembly, server, begun }
    }

    fn nobody(&self) -> Client {
        self.server.nobody(&self.assembly)
    }

    #[track_caller]
    fn ask(&self, role: &str, frame: &Value) -> u64 {
        ask(&self.server.join(&self.assembly, role), frame)
    }

    /// Something is said and read, so that everybody may see it. Gives the position at which that became so.
    fn say(&self, n: u128) -> u64 {
        let [phone, desk] = self.phone_and_desk();
        say(&phone, &desk, n)
    }

    fn phone_and_desk(&self) -> [Client; 2] {
        ["participant", "theme-team"].map(|role| self.server.join(&self.assembly, role))
    }

    fn listen(&self, after: Option<&str>) -> Listener {
        let nobody = self.nobody();
        let mut socket = match after {
            Some(after) => Socket::open_after(&nobody, after).unwrap(),
            None => Socket::open(&nobody).unwrap(),
        };
        let hello = socket.frame().unwrap();
        assert_eq!(hello["type"], "hello", "it comes before all else: {hello}");
        let epoch = hello["epoch"].as_str().unwrap().to_owned();
        Listener { socket, epoch, hello, news: Vec::new(), at: 0 }
    }

    /// Somebody who has heard how the day began.
    fn listener(&self) -> Listener {
        let mut listener = self.listen(None);
        listener.until(self.begun).news.clear();
        listener
    }
}

#[track_caller]
fn ask(who: &Client, frame: &Value) -> u64 {
    let answer = who.post_json("submit", frame).json();
    assert_eq!(answer["type"], "ack", "{frame}: {answer}");
    answer["position"].as_u64().unwrap()
}

fn say(phone: &Client, desk: &Client, n: u128) -> u64 {
    ask(phone, &submit(n, &format!("Word {n} of what I think about it.")));
    ask(desk, &json!({ "type": "mark-read", "id": id(10_000 + n), "contribution": id(n) }))
}

/// Somebody who writes down every piece of news.
struct Listener {
    socket: Socket,
    epoch: String,
    hello: Value,
    news: Vec<Value>,
    at: u64,
}

impl Listener {
    /// Listens until the numbers are of this position or a later one.
    fn until(&mut self, position: u64) -> &mut Self {
        while self.at < position {
            let frame = self.socket.frame().unwrap();
            let kind = frame["type"].as_str().unwrap();
            if NEWS.contains(&kind) {
                self.news.push(frame);
            } else if let Some(at) = frame["state"]["position"].as_u64() {
                self.at = at;
            }
        }
        self
    }

    /// What it would show to come back.
    fn after(&self) -> String {
        format!("{}:{}", self.epoch, self.at)
    }

    fn positions(&self) -> Vec<u64> {
        self.news.iter().map(|news| news["position"].as_u64().unwrap()).collect()
    }

    fn types(&self) -> Vec<&str> {
        self.news.iter().map(|news| news["type"].as_str().unwrap()).collect()
    }
}

#[test]
fn who_comes_back_hears_exactly_what_they_missed() {
    let day = Day::begun();
    let mut early = day.listener();
    assert_eq!(early.hello["mode"], "snapshot");
    assert!(early.hello["server_time_ms"].as_u64().unwrap() > 1_600_000_000_000);
    assert_eq!((&early.hello["tick_ms"], &early.hello["heartbeat_s"]), (&20.into(), &10.into()));
    let first = day.say(2);
    let after = early.until(first).after();
    let missed = [day.say(3), day.say(4)];
    let assigned = json!({ "type": "assign", "id": id(20), "contribution": id(3), "theme": id(THEME) });
    let assigned = day.ask("theme-team", &assigned);

    let mut late = day.listen(Some(&after));
    assert_eq!(late.hello["mode"], "resume");
    late.until(assigned);
    assert_eq!(late.positions(), [missed[0], missed[1], assigned]);
    assert_eq!(late.types(), ["item", "item", "themed"]);
    let item = &late.news[0];
    assert_eq!(item["words"], "Word 3 of what I think about it.");
    let parts =
        [("id", json!(id(3))), ("round", 1.into()), ("side", "remote".into()), ("kind", "point".into())];
    for (part, value) in parts {
        assert_eq!(item[part], value, "{item}");
    }
    assert_eq!(late.news[2]["themes"], json!([id(THEME)]));
    assert_eq!(early.until(assigned).positions(), [&[first][..], &missed, &[assigned]].concat());
}

#[test]
fn a_restart_and_coming_back_gives_every_piece_of_news_exactly_once() {
    let day = Day::begun();
    let mut listener = day.listener();
    let mut expected: Vec<_> = (2..12).map(|n| day.say(n)).collect();
    let halfway = expected[4];
    listener.until(halfway);
    let after = listener.after();

    let day = day.cut_off();
    let mut back = day.listen(Some(&after));
    assert_eq!(back.hello["mode"], "resume", "a restart costs no snapshot");
    expected.extend((12..15).map(|n| day.say(n)));
    back.until(*expected.last().unwrap());
    assert_eq!([listener.positions(), back.positions()].concat(), expected);

    let mut whole = day.listen(Some(&format!("{}:1", back.epoch)));
    whole.until(*expected.last().unwrap());
    assert_eq!(whole.types()[0], "phase", "the round opened: {:?}", whole.news[0]);
    assert_eq!(whole.positions()[1..], expected);
}

#[test]
fn nothing_is_missed_or_doubled_between_what_is_replayed_and_what_is_live() {
    let day = Day::begun();
    let mut first = day.listener();
    let after = first.after();
    let talking = AtomicBool::new(true);
    let [phone, desk] = day.phone_and_desk();
    std::thread::scope(|scope| {
        let talks = scope.spawn(|| {
            let mut n = 1;
            while talking.load(Ordering::Relaxed) {
                n += 1;
                say(&phone, &desk, n);
            }
            (n, say(&phone, &desk, n + 1))
        });
        let mut come: Vec<_> = (0..25).map(|_| day.listen(Some(&after))).collect();
        talking.store(false, Ordering::Relaxed);
        let (said, last) = talks.join().unwrap();
        let heard = first.until(last).positions();
        assert_eq!(heard.len() as u128, said, "every one: {heard:?}");
        for listener in &mut come {
            assert_eq!(listener.until(last).positions(), heard);
        }
    });
}

#[test]
fn who_knows_something_else_begins_anew() {
    let day = Day::begun();
    let position = day.say(2);
    let mut listener = day.listen(None);
    let epoch = listener.until(position).epoch.clone();
    for strange in [format!("{epoch}:{}", position + 1), "other:1".to_owned(), "1".to_owned(), epoch] {
        let mut anew = day.listen(Some(&strange));
        assert_eq!(anew.hello["mode"], "snapshot", "after {strange}");
        assert_eq!(anew.socket.frame().unwrap()["type"], "snapshot");
    }
}

#[test]
fn words_that_may_not_be_shown_any_more_are_told_to_nobody_again() {
    let day = Day::begun();
    let mut listener = day.listener();
    let after = listener.after();
    let [phone, desk] = day.phone_and_desk();
    for n in 2..6 {
        say(&phone, &desk, n);
    }
    let moderator = day.server.join(&day.assembly, "moderator");
    let change = |n, role: &Client, frame: Value| {
        let mut whole = json!({ "id": id(n), "contribution": id(n - 50) });
        whole.as_object_mut().unwrap().extend(frame.as_object().unwrap().clone());
        ask(role, &whole)
    };
    change(52, &moderator, json!({ "type": "hold", "reason": "personal-data" }));
    change(53, &phone, json!({ "type": "withdraw" }));
    change(54, &phone, json!({ "type": "erase" }));
    let last = change(55, &phone, json!({ "type": "correct", "text": "What I meant to say." }));
    listener.until(last);
    let check = |day: &Day| {
        let mut back = day.listen(Some(&after));
        back.until(last);
        assert_eq!(back.types(), ["item", "item", "item", "item", "hidden", "hidden", "erased", "item"]);
        for item in &back.news[..4] {
            assert_eq!(item["words"], Value::Null, "{item}");
        }
        assert_eq!(back.news[7]["words"], "What I meant to say.");
    };
    check(&day);
    check(&day.cut_off());
}

#[test]
fn a_server_that_stops_says_when_to_come_back() {
    let day = Day::begun();
    let mut listener = day.listen(None);
    let (status, said) = day.server.stop();
    assert!(status.success(), "{said:?}");
    let bye = loop {
        let frame = listener.socket.frame().expect("it says so before it hangs up");
        if frame["type"] == "bye" {
            break frame;
        }
    };
    assert!(bye["after_ms"].as_u64().unwrap() < 5_000, "{bye}");
    assert!(listener.socket.frame().is_err(), "and that is all");
}

/// Server-sent events as they come over the wire.
struct Events {
    stream: std::net::TcpStream,
    text: String,
}

impl Events {
    fn open(of: &Client, headers: &str) -> Self {
        let mut stream = crate::harness::connect(of.address).unwrap();
        let head = format!("GET {}live/sse HTTP/1.1\r\nHost: x\r\n{headers}\r\n", of.base);
        stream.write_all(head.as_bytes()).unwrap();
        Events { stream, text: String::new() }
    }

    /// Reads until this has come.
    fn until(&mut self, words: &str) -> &str {
        let mut bytes = [0; 4_096];
        while !self.text.contains(words) {
            let some = self.stream.read(&mut bytes).unwrap();
            assert!(some > 0, "it ended without {words}: {}", self.text);
            self.text.push_str(std::str::from_utf8(&bytes[..some]).unwrap());
        }
        &self.text
    }
}

#[test]
fn the_feed_comes_as_events_and_as_a_document_too() {
    let day = Day::begun();
    let nobody = day.nobody();
    let mut events = Events::open(&nobody, "");
    let head = events.until("presence").to_lowercase();
    for line in ["content-type: text/event-stream", "x-accel-buffering: no", "no-transform"] {
        assert!(head.contains(line), "{line}: {head}");
    }
    let epoch = day.listen(None).epoch;
    let position = day.say(2);
    let text = events.until(&format!("id: {epoch}:{position}\n")).to_owned();
    let order: Vec<_> = ["\"type\":\"hello\"", "\"type\":\"snapshot\"", "\"type\":\"item\""]
        .map(|kind| text.find(kind))
        .into();
    assert!(order.is_sorted() && order[0].is_some(), "{text}");

    let known = format!("Last-Event-ID: {epoch}:{}\r\n", position - 1);
    let mut back = Events::open(&nobody, &known);
    let text = back.until("\"type\":\"state\"");
    assert!(text.contains("\"mode\":\"resume\"") && text.contains("Word 2 of what I think"), "{text}");

    let document = nobody.get("snapshot.json");
    assert_eq!(document.json()["type"], "snapshot");
    let tag = document.header("etag").unwrap();
    assert_eq!(tag, format!("\"{epoch}:{}\"", document.json()["state"]["position"]));
    let again = nobody.ask("GET", "snapshot.json", &[("If-None-Match", tag)], b"");
    assert_eq!((again.status, again.body.as_str()), (304, ""));
    day.say(3);
    let changed = || nobody.ask("GET", "snapshot.json", &[("If-None-Match", tag)], b"").status == 200;
    day.listen(None).until(position + 2);
    assert!(changed());
}
