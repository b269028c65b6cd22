use std::pin::Pin;
use std::task::{Context, Poll};

use super::*;
use crate::fixture::{Hall, id, link, slug};
use domain::Role;
use futures_util::stream;
use serde_json::{Value, json};
use tokio::sync::mpsc;

/// The server's end of a connection that is made of channels.
struct Pipe {
    from_peer: mpsc::Receiver<Result<Message, axum::Error>>,
    to_peer: mpsc::UnboundedSender<Message>,
    taking: Taking,
}

#[derive(Clone, Copy, PartialEq)]
enum Taking {
    Everything,
    Nothing,
}

impl Stream for Pipe {
    type Item = Result<Message, axum::Error>;
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.from_peer.poll_recv(cx)
    }
}

impl Sink<Message> for Pipe {
    type Error = mpsc::error::SendError<Message>;
    fn poll_ready(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        if self.taking == Taking::Everything { Poll::Ready(Ok(())) } else { Poll::Pending }
    }
    fn start_send(self: Pin<&mut Self>, message: Message) -> Result<(), Self::Error> {
        self.to_peer.send(message)
    }
    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }
    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }
}

struct Peer {
    send: mpsc::Sender<Result<Message, axum::Error>>,
    receive: mpsc::UnboundedReceiver<Message>,
}

fn pipe() -> (Pipe, Peer) {
    let (send, from_peer) = mpsc::channel(200);
    let (to_peer, receive) = mpsc::unbounded_channel();
    (Pipe { from_peer, to_peer, taking: Taking::Everything }, Peer { send, receive })
}

/// A connection that is being served, with a feed that never says anything.
fn connect(door: Door) -> Peer {
    let (pipe, peer) = pipe();
    tokio::spawn(serve(pipe, door, stream::pending()));
    peer
}

impl Peer {
    async fn text(&self, frame: &Value) {
        self.send.send(Ok(Message::Text(frame.to_string().into()))).await.unwrap();
    }

    async fn fault(&self, error: tungstenite::Error) {
        self.send.send(Err(axum::Error::new(error))).await.unwrap();
    }

    async fn next(&mut self) -> Option<Message> {
        self.receive.recv().await
    }

    async fn reply(&mut self) -> Value {
        let Some(Message::Text(frame)) = self.next().await else { panic!("no text frame") };
        serde_json::from_str(&frame).unwrap()
    }

    async fn close_code(&mut self) -> CloseCode {
        let Some(Message::Close(Some(frame))) = self.next().await else { panic!("no close frame") };
        frame.code
    }
}

fn words(number: u128) -> Value {
    json!({ "id": id(number), "text": "We waited." })
}

async fn participant() -> (Hall, Door) {
    let hall = Hall::open().await;
    let door = hall.door(hall.link(1, Role::Participant));
    (hall, door)
}

const QUICK: Duration = Duration::from_millis(1);

#[tokio::test]
async fn a_command_is_answered_on_its_own_socket() {
    let (_hall, door) = participant().await;
    let mut peer = connect(door);
    peer.text(&words(7)).await;
    let ack = peer.reply().await;
    assert_eq!((&ack["type"], &ack["id"]), (&json!("ack"), &json!(id(7))));
    peer.send.send(Ok(Message::Binary(words(7).to_string().into_bytes().into()))).await.unwrap();
    assert_eq!(peer.reply().await, ack, "a repetition in a binary frame");
}

#[tokio::test]
async fn a_bad_frame_is_refused_and_the_connection_stays() {
    let (_hall, door) = participant().await;
    let mut peer = connect(door);
    let large = "x".repeat(crate::frame::FRAME_BYTES_MAX);
    for (frame, code, id) in [
        (json!({ "id": id(7), "text": large }), "too-large", Value::Null),
        (json!({ "id": id(7), "text": "x", "colour": 1 }), "unknown-field", json!(id(7))),
        (json!({ "id": id(7), "type": "open-round", "round": 2 }), "not-for-this-role", json!(id(7))),
        (json!([]), "not-json", Value::Null),
    ] {
        peer.text(&frame).await;
        let refused = peer.reply().await;
        assert_eq!(
            (&refused["type"], &refused["code"], &refused["id"]),
            (&json!("refused"), &json!(code), &id)
        );
    }
    peer.text(&words(8)).await;
    assert_eq!(peer.reply().await["type"], "ack");
}

#[tokio::test]
async fn commands_of_one_socket_keep_their_order() {
    let hall = Hall::open().await;
    let mut peer = connect(hall.door(hall.link(1, Role::ThemeTeam)));
    let names = |number, name: &str| json!({ "type": "name-theme", "id": id(number), "name": name });
    let merges =
        json!({ "type": "merge-theme", "id": id(9), "theme": id(8), "into": id(7), "reason": "The same." });
    for frame in [names(7, "Phones"), names(8, "Calls"), merges] {
        peer.text(&frame).await;
    }
    for _ in 0..3 {
        let reply = peer.reply().await;
        assert_eq!(reply["type"], "ack", "{reply}");
    }
}

#[tokio::test]
async fn the_feed_is_forwarded_whole_and_in_order_and_its_end_closes() {
    let (_hall, door) = participant().await;
    let (pipe, mut peer) = pipe();
    let frames = 2 * BURST_FRAMES_MAX + 1;
    peer.text(&words(7)).await;
    tokio::spawn(serve(pipe, door, stream::iter((0..frames).map(|number| number.to_string().into()))));

    let (mut fed, mut acks) = (Vec::new(), 0);
    let code = loop {
        match peer.next().await.unwrap() {
            Message::Text(text) if text.contains("ack") => acks += 1,
            Message::Text(text) => fed.push(text.parse::<usize>().unwrap()),
            Message::Close(frame) => break frame.unwrap().code,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(fed, (0..frames).collect::<Vec<_>>());
    // Whether the command was read before the feed ended is a matter of luck; its answer is not.
    assert!(acks <= 1);
    assert_eq!(code, close_code::AWAY);
}

#[tokio::test]
async fn the_end_of_the_feed_waits_for_the_answers() {
    let (_hall, door) = participant().await;
    let (pipe, mut peer) = pipe();
    let (feed, mut frames) = mpsc::channel::<Utf8Bytes>(1);
    tokio::spawn(serve(pipe, door, stream::poll_fn(move |cx| frames.poll_recv(cx))));
    for number in 10..20 {
        peer.text(&words(number)).await;
    }
    // The first answer shows that the socket is being read; the others may come before or after the feed ends.
    assert_eq!(peer.reply().await["type"], "ack");
    drop(feed);
    loop {
        match peer.next().await.unwrap() {
            Message::Text(reply) => assert!(reply.contains(r#""type":"ack""#)),
            Message::Close(_) => break,
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn what_the_transport_cannot_read_is_answered_before_the_close() {
    use tungstenite::error::CapacityError::MessageTooLong;
    let (_hall, door) = participant().await;
    let too_long = MessageTooLong { size: TRANSPORT_BYTES_MAX + 1, max_size: TRANSPORT_BYTES_MAX };
    for (error, code, close) in [
        (tungstenite::Error::Utf8(String::new()), "not-utf8", close_code::INVALID),
        (tungstenite::Error::Capacity(too_long), "too-large", close_code::SIZE),
    ] {
        let mut peer = connect(door.clone());
        peer.fault(error).await;
        let refused = peer.reply().await;
        assert_eq!((&refused["code"], &refused["id"]), (&json!(code), &Value::Null));
        assert_eq!(peer.close_code().await, close);
    }
}

#[tokio::test]
async fn a_broken_connection_ends_without_a_word() {
    let (_hall, door) = participant().await;
    for end in [
        Err(axum::Error::new(tungstenite::Error::AttackAttempt)),
        Err(axum::Error::new(std::io::Error::other("reset"))),
        Ok(Message::Close(None)),
    ] {
        let mut peer = connect(door.clone());
        peer.send.send(end).await.unwrap();
        assert_eq!(peer.next().await, None);
    }
    let Peer { send, mut receive } = connect(door);
    drop(send);
    assert_eq!(receive.recv().await, None);
}

#[tokio::test]
async fn a_revoked_link_is_shut_out_of_an_open_socket() {
    let (hall, door) = participant().await;
    let mut peer = connect(door);
    peer.text(&words(7)).await;
    assert_eq!(peer.reply().await["type"], "ack");
    hall.access.revoke(&slug(), link(1)).unwrap();
    peer.text(&words(8)).await;
    assert_eq!(peer.reply().await["code"], "no-role");
}

#[tokio::test]
async fn nothing_more_is_read_while_too_many_answers_are_owed() {
    let (hall, door) = participant().await;
    // Nobody takes the commands of this sequencer, so no answer comes.
    let (sequencer, _waiting) = crate::sequencer::tests::without_a_thread();
    let door = Door { sequencer, ..door };
    let (pipe, peer) = pipe();
    let room = peer.send.capacity();
    for number in 0..PENDING_COMMANDS_MAX as u128 + 3 {
        peer.text(&words(100 + number)).await;
    }
    let mut serving = pin!(tokio::task::unconstrained(serve(pipe, door, stream::pending())));
    // Each poll goes as far as it can without waiting; a second one finds nothing that the first one left.
    for _ in 0..2 {
        assert!(serving.as_mut().now_or_never().is_none());
    }
    assert_eq!(peer.send.capacity(), room - 3, "three are left unread");
    drop(hall);
}

#[tokio::test]
async fn a_silent_peer_is_asked_and_then_let_go() {
    let (_hall, door) = participant().await;
    let (pipe, mut peer) = pipe();
    let pace = Pace { ping_every: QUICK, close_within: QUICK, ..PACE };
    tokio::spawn(async move { serve_at(pace, pipe, &door, stream::pending()).await.is_ok() });
    for _ in 0..UNANSWERED_PINGS_MAX {
        assert_eq!(peer.next().await, Some(Message::Ping(Default::default())));
    }
    assert_eq!(peer.close_code().await, close_code::AWAY);
    assert_eq!(peer.next().await, None);
}

#[tokio::test]
async fn a_peer_that_answers_pings_stays() {
    let (_hall, door) = participant().await;
    let (pipe, mut peer) = pipe();
    let pace = Pace { ping_every: 20 * QUICK, ..PACE };
    tokio::spawn(async move { serve_at(pace, pipe, &door, stream::pending()).await.is_ok() });
    for _ in 0..2 * UNANSWERED_PINGS_MAX {
        peer.send.send(Ok(Message::Pong(Default::default()))).await.unwrap();
        assert_eq!(peer.next().await, Some(Message::Ping(Default::default())));
    }
}

#[tokio::test]
async fn a_stuck_peer_is_let_go() {
    let (_hall, door) = participant().await;
    let (pipe, _peer) = pipe();
    let pipe = Pipe { taking: Taking::Nothing, ..pipe };
    let pace = Pace { send_within: QUICK, ..PACE };
    let feed = stream::iter([Utf8Bytes::from_static("news")]).chain(stream::pending());
    assert!(serve_at(pace, pipe, &door, feed).await.is_err());
}

type Client = tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>;

/// A client of a real server on the loopback interface, to see that the WebSocket library does what is relied on here.
async fn over_tcp(door: Door) -> Client {
    let upgrade = move |upgrade: axum::extract::WebSocketUpgrade| async move {
        let upgrade = upgrade.max_message_size(TRANSPORT_BYTES_MAX).max_frame_size(TRANSPORT_BYTES_MAX);
        upgrade.on_upgrade(move |socket| serve(socket, door, stream::pending()))
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = axum::Router::new().route("/", axum::routing::get(upgrade));
    tokio::spawn(async move { axum::serve(listener, app).await });
    tokio_tungstenite::connect_async(format!("ws://{address}/")).await.unwrap().0
}

#[tokio::test]
async fn a_real_peer_hears_why_it_is_closed() {
    use tungstenite::Message as Raw;
    use tungstenite::protocol::frame::{Frame, coding};
    let (_hall, door) = participant().await;
    let raw_text =
        |bytes: Vec<u8>| Raw::Frame(Frame::message(bytes, coding::OpCode::Data(coding::Data::Text), true));
    let too_long = " ".repeat(TRANSPORT_BYTES_MAX + 1).into_bytes();
    for (frame, code, close) in [
        (raw_text(b"\"\xff\"".to_vec()), "not-utf8", close_code::INVALID),
        (raw_text(too_long), "too-large", close_code::SIZE),
    ] {
        let mut client = over_tcp(door.clone()).await;
        client.send(Raw::text(words(7).to_string())).await.unwrap();
        let ack = client.next().await.unwrap().unwrap();
        assert!(ack.to_text().unwrap().contains("receipt"), "{ack}");
        client.send(frame).await.unwrap();
        let refused = client.next().await.unwrap().unwrap();
        assert!(refused.to_text().unwrap().contains(code), "{refused}");
        let got = client.next().await;
        let Some(Ok(Raw::Close(Some(closed)))) = got else { panic!("no close frame: {got:?}") };
        assert_eq!(u16::from(closed.code), close);
    }
}

#[tokio::test]
async fn a_real_peer_at_the_transport_limit_keeps_its_connection() {
    let (_hall, door) = participant().await;
    let mut client = over_tcp(door).await;
    client.send(tungstenite::Message::text(" ".repeat(TRANSPORT_BYTES_MAX))).await.unwrap();
    assert!(client.next().await.unwrap().unwrap().to_text().unwrap().contains("too-large"));
    client.send(tungstenite::Message::text(words(7).to_string())).await.unwrap();
    assert!(client.next().await.unwrap().unwrap().to_text().unwrap().contains("receipt"));
}
