//! The bridge of the examples: what a gateway hands to JetStream is in the record exactly once, whatever ends without
//! warning in between.

use std::ops::ControlFlow;
use std::process::{Child, Command};
use std::time::Instant;

use async_nats::HeaderMap;
use async_nats::jetstream::{self, Context};
use event_log::{Reader, Words};
use serde_json::{Value, json};

use super::Open;
use crate::harness::{Bridge as Connection, PATIENCE, Socket, example, id, number};

const MESSAGES: u64 = 300;
const PEOPLE: u64 = 20;
/// As the bridge makes it.
const STREAM: &str = "GATEWAY";

/// The example while it runs.
struct SmsBridge(Child);

impl SmsBridge {
    fn start(open: &Open) -> Self {
        let mut command = Command::new(example("sms_bridge"));
        command.args([&open.nats.url, "buses"]).env("PLENARY_LINK", open.assembly.secret("participant"));
        SmsBridge(command.spawn().unwrap())
    }

    /// Ends it without any warning and starts another.
    fn kill_and_start(&mut self, open: &Open) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
        *self = Self::start(open);
    }
}

impl Drop for SmsBridge {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn text(n: u64) -> String {
    format!("Message {n:03}: the last bus had gone.")
}

/// What the gateway does: it hands a message over again and again until JetStream says that it has it.
async fn hand_over(jetstream: &Context, n: u64, text: &str) {
    let from = format!("+44 7700 9{:05}", n % PEOPLE);
    let message = json!({ "from": from, "text": text, "gateway_id": format!("sms-{n}"), "received_at": n });
    let mut headers = HeaderMap::new();
    headers.insert("Nats-Msg-Id", format!("sms-{n}"));
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        let payload = message.to_string().into();
        if let Ok(kept) = jetstream.publish_with_headers("gateway.in.sms", headers.clone(), payload).await
            && kept.await.is_ok()
        {
            return;
        }
    }
    panic!("JetStream did not take message {n}");
}

/// Waits until so many contributions are counted, and looks whenever the feed has something new.
#[track_caller]
fn counted(open: &Open, contributions: u64) {
    let page = open.server.nobody(&open.assembly);
    let mut feed = Socket::open(&page).unwrap();
    while page.get("tallies.json").json()["coverage"]["contributions"].as_u64().unwrap() < contributions {
        feed.frame().unwrap_or_else(|_| panic!("{contributions} contributions were never counted"));
    }
}

/// Waits until nothing is left that the bridge would have to bring.
#[track_caller]
fn all_is_done(connection: &Connection) {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        let waiting = connection.run(|client| async move {
            let stream = jetstream::new(client).get_stream(STREAM).await.unwrap();
            // The bridge makes its consumer a moment after the stream.
            let consumer = stream.consumer_info("plenary-buses").await.ok();
            consumer.map_or(1, |consumer| consumer.num_pending + consumer.num_ack_pending as u64)
        });
        if waiting == 0 {
            return;
        }
    }
    panic!("the queue was never empty");
}

#[test]
fn each_message_of_the_gateway_is_there_once_though_everything_is_killed_in_between() {
    let messages = number("PLENARY_MESSAGES").unwrap_or(MESSAGES);
    let mut open = Open::new();
    let mut bridge = SmsBridge::start(&open);
    let gateway = Connection::to(&open.nats);
    let stream_is_there =
        || gateway.run(|client| async move { jetstream::new(client).get_stream(STREAM).await.is_ok() });
    let begun = Instant::now();
    while !stream_is_there() {
        assert!(begun.elapsed() < PATIENCE, "the bridge never made its stream");
    }
    std::thread::scope(|scope| {
        scope.spawn(|| {
            gateway.run(|client| async move {
                let jetstream = jetstream::new(client);
                for n in 1..=messages {
                    hand_over(&jetstream, n, &text(n)).await;
                }
            });
        });
        counted(&open, messages / 8);
        bridge.kill_and_start(&open);
        counted(&open, messages / 4);
        open.kill_and_serve();
        counted(&open, messages / 2);
        open.nats.kill();
        open.nats.start_again();
        counted(&open, messages * 3 / 4);
        open.kill_and_serve();
        bridge.kill_and_start(&open);
        counted(&open, messages);
    });
    all_is_done(&gateway);
    let expected: Vec<_> = (1..=messages).map(text).collect();
    assert_eq!(words(&open), expected);
}

#[test]
fn each_key_is_a_ballot_of_its_keypad() {
    let open = Open::new();
    let gateway = Connection::to(&open.nats);
    let _bridge = SmsBridge::start(&open);
    let poll = id(70);
    let opened = json!({
        "type": "open-poll", "id": poll, "question": "More buses after six?", "method": "choose",
        "options": "Yes\nNo",
    });
    assert_eq!(
        open.server.join(&open.assembly, "organiser").post_json("submit", &opened).json()["type"],
        "ack"
    );
    for (n, (keypad, key)) in (1_u64..).zip([(1, 1), (2, 1), (3, 2), (2, 2)]) {
        let pressed = json!({ "keypad": keypad, "key": key, "poll": poll, "gateway_id": format!("key-{n}") });
        gateway.run(|client| async move {
            let jetstream = jetstream::new(client);
            let begun = Instant::now();
            // The receiver hands each over twice, as after an answer that got lost.
            let mut kept = 0;
            while kept < 2 {
                assert!(begun.elapsed() < PATIENCE, "JetStream did not take key {n}");
                let payload = pressed.to_string().into();
                if let Ok(answer) = jetstream.publish("gateway.in.keypad", payload).await {
                    kept += u8::from(answer.await.is_ok());
                }
            }
        });
    }
    all_is_done(&gateway);
    let cast: Vec<_> = recorded(&open, "ballot-cast").iter().map(|it| it["choice"][0].clone()).collect();
    assert_eq!(cast, [1, 1, 2, 2], "each once and in order; the second keypad changed its mind");
}

/// The payloads of all events of a kind, in order.
fn recorded(open: &Open, kind: &str) -> Vec<Value> {
    let record = Reader::open(&open.folder.data().join("buses")).unwrap();
    let mut payloads = Vec::new();
    let read = record.each(None, usize::MAX, |public| {
        if public.kind == kind {
            payloads.push(serde_json::from_str(public.payload).unwrap());
        }
        Ok::<_, event_log::Error>(ControlFlow::Continue(()))
    });
    read.unwrap();
    payloads
}

/// What people said by the record, in order of the words.
fn words(open: &Open) -> Vec<String> {
    let record = Reader::open(&open.folder.data().join("buses")).unwrap();
    let head = record.head().unwrap().map_or(0, |head| head.get());
    let positions = (1..=head).filter_map(event_log::Position::new);
    let mut words: Vec<_> = positions
        .filter_map(|position| match record.words(position).unwrap() {
            Words::Open(words) => Some(words),
            Words::None | Words::Gone => None,
        })
        .collect();
    words.sort();
    words
}

#[test]
fn whoever_wrote_is_told_what_became_of_it() {
    let open = Open::new();
    let gateway = Connection::to(&open.nats);
    let mut told = gateway.listen("gateway.out.sms");
    let _bridge = SmsBridge::start(&open);
    let hand_over = |n, text: &str| {
        gateway.run(|client| async move { hand_over(&jetstream::new(client), n, text).await });
    };
    hand_over(1, &text(1));
    let thanks = told.next();
    assert_eq!((&thanks["to"], &thanks["about"]), (&"+44 7700 900001".into(), &"sms-1".into()));
    counted(&open, 1);
    let receipt = thanks["text"].as_str().unwrap().rsplit(' ').next().unwrap();
    let status = open.server.nobody(&open.assembly).get(&format!("receipt/{receipt}")).status;
    assert_eq!(status, 200, "{thanks}");
    // Refused for good: it is said to the sender, and never tried again.
    hand_over(2, "   ");
    let refused = told.next();
    assert_eq!(refused["about"], "sms-2");
    assert!(refused["text"].as_str().unwrap().ends_with('.'), "{refused}");
    all_is_done(&gateway);
    // What no one can read is let go of, and the next one is brought.
    gateway.run(|client| async move {
        let kept = jetstream::new(client).publish("gateway.in.sms", "not JSON".into()).await.unwrap();
        kept.await.unwrap();
    });
    hand_over(3, &text(3));
    assert_eq!(told.next()["about"], "sms-3");
    let tallies: Value = open.folder.json(&["tallies", "buses"]);
    assert_eq!(tallies["coverage"]["contributions"], 2);
    assert_eq!(tallies["of"]["remote_voices"], 2, "each number is a voice of its own");
}
