use super::*;
use crate::live::wire::Frame;

fn batch(words: &str) -> Batch {
    Batch::of(vec![Frame::text(words.as_bytes())])
}

/// A line that takes things only when it is asked to.
fn client() -> Client {
    Client::new(Line::Events, None, 0)
}

fn taken(client: &Client) -> Vec<String> {
    let pieces = std::iter::from_fn(|| client.next().ok());
    pieces.map(|bytes| String::from_utf8(bytes.to_vec()).unwrap().trim().to_owned()).collect()
}

#[test]
fn a_batch_is_taken_once_whoever_hands_it_over() {
    let client = client();
    client.begin(3, &batch("opening"), "e");
    client.give(3, &batch("three"), "e");
    client.give(4, &batch("four"), "e");
    client.give(4, &batch("four"), "e");
    assert_eq!(taken(&client), ["data: opening", "data: four"]);
}

#[test]
fn one_byte_more_than_may_wait_throws_away_what_waits() {
    let (head, number) = ("data: \n\n".len(), 4);
    let part = "x".repeat(OUTBOUND_BYTES_MAX / number - head);
    let client = client();
    for batch_number in 0..number as u64 {
        client.give(batch_number + 1, &batch(&part), "e");
    }
    assert_eq!(client.out().feed_bytes, OUTBOUND_BYTES_MAX);
    client.give(9, &batch(""), "e");
    assert_eq!(client.next(), Err(Written::Behind));
    client.give(10, &batch("ten"), "e");
    assert_eq!(client.next(), Err(Written::Behind), "nothing goes out before the snapshot");
    client.begin(10, &batch("afresh"), "e");
    client.give(11, &batch("eleven"), "e");
    assert_eq!(taken(&client), ["data: afresh", "data: eleven"]);
}

#[test]
fn what_is_larger_than_what_may_wait_goes_to_who_waits_for_nothing() {
    let client = client();
    client.give(1, &batch(&"x".repeat(2 * OUTBOUND_BYTES_MAX)), "e");
    assert_eq!(taken(&client).len(), 1);
}

#[test]
fn a_heartbeat_goes_to_who_has_heard_nothing_for_long() {
    let client = client();
    let mut seconds = 0..;
    let mut quiet = || {
        let beats = |second| {
            client.second(second, &batch("hb"), "e");
            !taken(&client).is_empty()
        };
        seconds.by_ref().take_while(|second| !beats(*second)).count() as u16 + 1
    };
    assert_eq!((quiet(), quiet()), (HEARTBEAT_S, HEARTBEAT_S));
    client.give(1, &batch("news"), "e");
    assert_eq!(taken(&client), ["data: news"]);
    assert_eq!(quiet(), HEARTBEAT_S, "news put it off");
}

#[test]
fn a_line_that_takes_nothing_is_cut() {
    let client = client();
    client.give(1, &batch("news"), "e");
    for second in 1..u64::from(STUCK_S) {
        client.second(second, &batch("hb"), "e");
        assert!(!client.wants().over, "after {second} s");
    }
    client.second(u64::from(STUCK_S), &batch("hb"), "e");
    assert!(client.wants().over);
    assert_eq!(taken(&client), Vec::<String>::new());
}

/// Two ends of a connection.
async fn socket() -> (Client, TcpStream) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let peer = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (stream, _) = listener.accept().await.unwrap();
    stream.writable().await.unwrap();
    (Client::new(Line::Socket(stream), None, 0), peer)
}

/// Everything that comes until the other side hangs up.
async fn heard(peer: &TcpStream) -> Vec<u8> {
    let mut heard = Vec::new();
    loop {
        peer.readable().await.unwrap();
        match peer.try_read_buf(&mut heard) {
            Ok(0) => return heard,
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => panic!("{error}"),
        }
    }
}

#[tokio::test]
async fn who_answers_no_pings_is_let_go() {
    let (client, peer) = socket().await;
    let last = PING_EVERY_S * u64::from(UNANSWERED_PINGS_MAX + 1);
    for second in 1..last {
        client.second(second, &Batch::default(), "e");
        client.write();
        assert!(!client.wants().over, "after {second} s");
    }
    client.second(last, &Batch::default(), "e");
    assert!(client.wants().over);
    assert_eq!(heard(&peer).await, [&wire::ping()[..], &wire::ping(), &wire::close(1001)].concat());
}

#[tokio::test]
async fn who_answers_pings_stays() {
    let (client, _peer) = socket().await;
    for second in 1..PING_EVERY_S * 10 {
        client.second(second, &Batch::default(), "e");
        client.write();
        client.was_heard();
    }
    assert!(!client.wants().over);
}

#[tokio::test]
async fn a_stuck_connection_is_really_shut_down() {
    let (client, peer) = socket().await;
    let large = batch(&"x".repeat(1 << 20));
    for number in 1..20 {
        client.give(number, &large, "e");
    }
    assert!(client.wants().write, "the kernel has had enough");
    for second in 1..=u64::from(STUCK_S) {
        client.second(second, &Batch::default(), "e");
    }
    assert!(client.wants().over);
    // Nobody has dropped our end, and still the other one comes to an end.
    let heard = heard(&peer).await;
    assert!(heard.len() > 1 << 16 && heard.len() < 19 << 20, "{} bytes", heard.len());
}
