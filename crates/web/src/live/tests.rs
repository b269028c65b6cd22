//! Real connections on the loopback interface, with the WebSocket library of others at their other end.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use futures_util::{SinkExt, StreamExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message as Raw;
use tokio_tungstenite::tungstenite::protocol::frame::{Frame as RawFrame, coding};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::client::{OUTBOUND_BYTES_MAX, PENDING_COMMANDS_MAX};
use super::incoming::MESSAGE_BYTES_MAX;
use super::*;

const PATIENCE: Duration = Duration::from_secs(30);

type Peer = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Newcomers are told how many batches they have missed.
struct Counted(u64);

impl Opening for Counted {
    fn opening(&self, after: Option<u64>) -> Batch {
        Batch::of(vec![text(&format!("opening {} after {after:?}", self.0))])
    }

    fn afresh(&self) -> Batch {
        Batch::of(vec![text(&format!("afresh {}", self.0))])
    }

    fn heartbeat(&self) -> Batch {
        Batch::default()
    }

    fn at(&self) -> (u64, Frame) {
        (self.0, text(""))
    }
}

fn text(words: &str) -> Frame {
    Frame::text(words.as_bytes())
}

/// What the tests answer commands with: a question that waits until it is answered.
type Asked = mpsc::UnboundedSender<(String, oneshot::Sender<String>)>;

struct Given {
    crowd: Crowd,
    url: String,
    asked: mpsc::UnboundedReceiver<(String, oneshot::Sender<String>)>,
    said: AtomicU64,
}

async fn given_a_crowd() -> Given {
    let crowd = Crowd::new("e".to_owned(), Arc::new(Counted(0)));
    let (ask, asked) = mpsc::unbounded_channel();
    let joins = crowd.clone();
    let listen = async move |upgrade: Upgrade| connect(upgrade, joins.clone(), None, None, hear(ask.clone()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/", get(listen))).await });
    Given { crowd, url, asked, said: AtomicU64::new(0) }
}

fn hear(ask: Asked) -> impl Hear<std::pin::Pin<Box<dyn Future<Output = String> + Send>>> + 'static {
    move |command: &[u8]| {
        let (answer, answered) = oneshot::channel();
        ask.send((String::from_utf8_lossy(command).into_owned(), answer)).unwrap();
        Some(Box::pin(async { answered.await.unwrap() }) as _)
    }
}

impl Given {
    /// Somebody who has heard the opening.
    async fn peer(&self) -> Peer {
        let (mut peer, _) = connect_async(&self.url).await.unwrap();
        let opening = format!("opening {} after None", self.said.load(Ordering::Relaxed));
        assert_eq!(hears(&mut peer).await, opening);
        peer
    }

    async fn tell(&self, words: &str) {
        let said = self.said.fetch_add(1, Ordering::Relaxed) + 1;
        self.crowd.say(&Batch::of(vec![text(words)]), Arc::new(Counted(said))).await;
    }

    /// The next command, which is answered by itself.
    async fn answer(&mut self) -> String {
        let (command, answer) = timeout(PATIENCE, self.asked.recv()).await.unwrap().unwrap();
        answer.send(format!("answer to {command}")).unwrap();
        command
    }
}

async fn next(peer: &mut Peer) -> Raw {
    timeout(PATIENCE, peer.next()).await.expect("nothing came").expect("it was closed").unwrap()
}

async fn hears(peer: &mut Peer) -> String {
    loop {
        match next(peer).await {
            Raw::Text(words) => return words.to_string(),
            Raw::Ping(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

async fn close_code(peer: &mut Peer) -> u16 {
    loop {
        match next(peer).await {
            Raw::Close(Some(frame)) => return frame.code.into(),
            Raw::Text(_) | Raw::Ping(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn everybody_hears_everything_in_order_from_when_they_come() {
    let given = given_a_crowd().await;
    let mut early = given.peer().await;
    given.tell("one").await;
    let mut late = given.peer().await;
    let large = "x".repeat(70_000);
    given.tell(&large).await;
    given.tell("three").await;
    for (peer, words) in [(&mut early, vec!["one", &large, "three"]), (&mut late, vec![&large, "three"])] {
        for word in words {
            assert_eq!(hears(peer).await, word);
        }
    }
}

#[tokio::test]
async fn commands_are_heard_in_order_and_answered_whenever_there_is_an_answer() {
    let mut given = given_a_crowd().await;
    let mut peer = given.peer().await;
    peer.send(Raw::text("a")).await.unwrap();
    peer.send(Raw::binary("b")).await.unwrap();
    let mut open = Vec::new();
    for command in ["a", "b"] {
        let (heard, answer) = given.asked.recv().await.unwrap();
        assert_eq!(heard, command);
        open.push(answer);
    }
    for (answer, said) in open.into_iter().rev().zip(["second", "first"]) {
        answer.send(said.to_owned()).unwrap();
        assert_eq!(hears(&mut peer).await, said);
    }
}

#[tokio::test]
async fn nothing_more_is_read_while_too_many_answers_are_owed() {
    let mut given = given_a_crowd().await;
    let mut peer = given.peer().await;
    for number in 0..PENDING_COMMANDS_MAX + 3 {
        // One write each, so that they are read one by one and not with what is in the same segment.
        peer.send(Raw::text(format!("{number:05000}"))).await.unwrap();
    }
    let mut open = Vec::new();
    for _ in 0..PENDING_COMMANDS_MAX {
        open.push(timeout(PATIENCE, given.asked.recv()).await.unwrap().unwrap());
    }
    // What was read in one go is heard, at most two more of this length; then the line is left alone.
    let more = async {
        while let Some(command) = given.asked.recv().await {
            open.push(command)
        }
    };
    assert!(timeout(Duration::from_millis(200), more).await.is_err());
    assert!(open.len() < PENDING_COMMANDS_MAX + 3, "{} were read", open.len());
    for (command, answer) in open.drain(..) {
        answer.send(command).unwrap();
    }
    let answered = async {
        loop {
            given.answer().await;
        }
    };
    let heard = async {
        for _ in 0..PENDING_COMMANDS_MAX + 3 {
            hears(&mut peer).await;
        }
    };
    tokio::select! { () = heard => {}, () = answered => {} }
}

#[tokio::test]
async fn a_ping_is_answered_with_its_own_words() {
    let given = given_a_crowd().await;
    let mut peer = given.peer().await;
    peer.send(Raw::Ping("there?".into())).await.unwrap();
    let mut heard = next(&mut peer).await;
    while let Raw::Ping(_) = heard {
        heard = next(&mut peer).await;
    }
    assert_eq!(heard, Raw::Pong("there?".into()));
}

#[tokio::test]
async fn what_cannot_be_read_is_answered_before_the_close() {
    let raw =
        |bytes: Vec<u8>| Raw::Frame(RawFrame::message(bytes, coding::OpCode::Data(coding::Data::Text), true));
    for (frame, said, code) in [
        (raw(b"\"\xff\"".to_vec()), "not-utf8", 1007),
        (raw(vec![b' '; MESSAGE_BYTES_MAX + 1]), "too-large", 1009),
    ] {
        let given = given_a_crowd().await;
        let mut peer = given.peer().await;
        peer.send(frame).await.unwrap();
        let refused = hears(&mut peer).await;
        assert!(refused.contains(said), "{refused}");
        assert_eq!(close_code(&mut peer).await, code);
    }
}

#[tokio::test]
async fn a_message_at_the_limit_is_heard() {
    let mut given = given_a_crowd().await;
    let mut peer = given.peer().await;
    peer.send(Raw::text(" ".repeat(MESSAGE_BYTES_MAX))).await.unwrap();
    assert_eq!(given.answer().await.len(), MESSAGE_BYTES_MAX);
}

#[tokio::test]
async fn who_leaves_is_counted_no_more() {
    let given = given_a_crowd().await;
    let (mut polite, rude) = (given.peer().await, given.peer().await);
    assert_eq!(given.crowd.counts()[&None], 2);
    drop(rude);
    polite.close(None).await.unwrap();
    assert_eq!(close_code(&mut polite).await, 1001);
    let left = async {
        while !given.crowd.counts().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, left).await.unwrap();
}

#[tokio::test]
async fn who_falls_behind_gets_a_snapshot_instead_of_what_waited() {
    let given = given_a_crowd().await;
    let (mut slow, mut quick) = (given.peer().await, given.peer().await);
    let large = "x".repeat(OUTBOUND_BYTES_MAX / 4);
    // More than the kernel keeps at both ends of a connection, and what may wait besides.
    let rounds = 200;
    for number in 0..rounds {
        given.tell(&format!("{number} {large}")).await;
        assert!(hears(&mut quick).await.starts_with(&format!("{number} ")), "others notice nothing");
    }
    let mut next = 0;
    loop {
        let words = hears(&mut slow).await;
        let word = words.split(' ').next().unwrap();
        if word == "afresh" {
            assert_eq!(words, format!("afresh {rounds}"));
            break;
        }
        assert_eq!(word, next.to_string(), "what comes before the gap comes in order");
        next += 1;
    }
    assert!(next < rounds, "something was thrown away");
    given.tell("again").await;
    assert_eq!(hears(&mut slow).await, "again", "and it goes on from there");
}

#[tokio::test]
async fn who_is_sent_away_hears_the_answers_and_the_last_words_first() {
    let mut given = given_a_crowd().await;
    let mut peer = given.peer().await;
    peer.send(Raw::text("last")).await.unwrap();
    let (_, answer) = given.asked.recv().await.unwrap();
    let away = given.crowd.send_away(|| Batch::of(vec![text("bye")]));
    let heard = async {
        answer.send("done".to_owned()).unwrap();
        assert_eq!(hears(&mut peer).await, "done");
        assert_eq!(hears(&mut peer).await, "bye");
        assert_eq!(close_code(&mut peer).await, 1001);
        // Reading on answers the close.
        assert!(timeout(PATIENCE, peer.next()).await.unwrap().is_none());
    };
    tokio::join!(away, heard);
    assert!(given.crowd.counts().is_empty());
    let (mut late, _) = connect_async(&given.url).await.unwrap();
    assert!(
        timeout(PATIENCE, late.next()).await.unwrap().is_none_or(|ended| ended.is_err()),
        "nobody is let in"
    );
}

#[tokio::test]
async fn server_sent_events_are_the_same_frames() {
    let given = given_a_crowd().await;
    let seat = given.crowd.join(Line::Events, None, Some(7)).unwrap();
    let answer = respond(seat);
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    let mut pieces = answer.into_body().into_data_stream();
    assert_eq!(pieces.next().await.unwrap().unwrap(), "data: opening 0 after Some(7)\n\n");
    given.crowd.say(&Batch::of(vec![text("one").up_to(8)]), Arc::new(Counted(1))).await;
    assert_eq!(pieces.next().await.unwrap().unwrap(), "id: e:8\ndata: one\n\n");
    let bye = || Batch::of(vec![text("bye")]);
    let (_, last) = tokio::join!(given.crowd.send_away(bye), async {
        let last = pieces.next().await.unwrap().unwrap();
        assert!(pieces.next().await.is_none());
        drop(pieces);
        last
    });
    assert_eq!(last, "data: bye\n\n");
}
