//! What is wrong is answered with a sentence that helps, and nobody else notices.

use serde_json::{Value, json};

use super::{Open, WAYS, Way};
use crate::harness::{Bridge, Server, Socket, id, submit};

const FRAME_BYTES_MAX: usize = 16 * 1024;
const CHARS_MAX: usize = 4_000;
/// More than any frame may ever be.
const FLOOD_BYTES: usize = 60 * 1024;
const GROWTH_KIB_MAX: u64 = 64 * 1024;

/// What is wrong, and the code that says so.
fn bad_frames() -> Vec<(Vec<u8>, &'static str)> {
    let field = |name: &str, value: Value| {
        let mut frame = submit(2, "Words.");
        frame[name] = value;
        frame.to_string().into_bytes()
    };
    let deep = format!("{}{}", "[".repeat(33), "]".repeat(33));
    let twice = format!(r#"{{"id":"{0}","id":"{0}","text":"Words."}}"#, id(2));
    vec![
        (b"".to_vec(), "not-json"),
        (b"hello".to_vec(), "not-json"),
        (b"{\"id\":".to_vec(), "not-json"),
        (b"[1,2]".to_vec(), "not-json"),
        (b"{\"text\":\"\xff\xfe\"}".to_vec(), "not-utf8"),
        (deep.into_bytes(), "too-deep"),
        (vec![b' '; FRAME_BYTES_MAX + 1], "too-large"),
        (twice.into_bytes(), "duplicate-field"),
        (field("colour", json!("red")), "unknown-field"),
        (field("type", json!("shout")), "unknown-type"),
        (field("id", json!("seven")), "bad-field"),
        (field("id", Value::Null), "missing-field"),
        (field("kind", json!("gossip")), "bad-field"),
        (field("round", json!(0)), "bad-field"),
        (field("text", json!({ "a": 1 })), "bad-field"),
        (field("text", json!("   ")), "text-empty"),
        (field("text", json!("a\u{0}b")), "text-unprintable"),
        (field("text", json!("x".repeat(CHARS_MAX + 1))), "text-too-long"),
        (field("table", json!(1)), "only-for-tables"),
    ]
}

#[track_caller]
fn is_refused(answer: &Value, code: &str, how: &str) {
    assert_eq!((&answer["type"], &answer["code"]), (&"refused".into(), &code.into()), "{how}: {answer}");
    let reason = answer["reason"].as_str().unwrap();
    assert!(reason.len() > 20 && reason.ends_with('.'), "{how}: {reason}");
}

#[test]
fn a_bad_frame_is_refused_on_a_socket_that_stays_open() {
    let open = Open::new();
    let mut phone = open.server.socket(&open.assembly, "participant");
    let mut other = open.server.socket(&open.assembly, "participant");
    for (frame, code) in bad_frames() {
        phone.send_bytes(&frame).unwrap();
        is_refused(&phone.answer().unwrap(), code, "binary");
        if let Ok(text) = std::str::from_utf8(&frame) {
            phone.send_text(text).unwrap();
            is_refused(&phone.answer().unwrap(), code, "text");
        }
    }
    assert_eq!(phone.ask(&submit(2, "Words."))["type"], "ack");
    assert_eq!(other.ask(&submit(3, "Words."))["type"], "ack");
    assert_eq!(open.contributions(), 2);
}

#[test]
fn a_bad_body_is_refused_with_a_status_that_says_so() {
    let open = Open::new();
    let phone = open.server.join(&open.assembly, "participant");
    for (body, code) in bad_frames() {
        let answer = phone.post("submit", "application/json", &body);
        is_refused(&answer.json(), code, "POST");
        let status = match code {
            "not-json" | "not-utf8" | "too-deep" => 400,
            "too-large" => 413,
            _ => 422,
        };
        assert_eq!(answer.status, status, "{code}");
    }
    let form = |body: &[u8]| phone.post("submit", "application/x-www-form-urlencoded", body).json();
    let named = |rest: &str| format!("id={}&text=Words.{rest}", id(2)).into_bytes();
    is_refused(&form(&named("&colour=red")), "unknown-field", "form");
    is_refused(&form(&named("&text=More.")), "duplicate-field", "form");
    is_refused(&form(&named("&kind=gossip")), "bad-field", "form");
    is_refused(&form(b"text=%ff%fe"), "not-utf8", "form");
    is_refused(&form(b""), "missing-field", "form");
    assert_eq!(open.contributions(), 0);
}

#[test]
fn a_bad_request_over_nats_is_refused_and_the_bridge_goes_on() {
    let open = Open::new();
    let (bridge, secret) = (Bridge::to(&open.nats), open.assembly.secret("participant"));
    for (frame, code) in bad_frames() {
        is_refused(&bridge.ask("buses", Some(secret), &frame), code, "NATS");
    }
    let frame = submit(2, "Words.").to_string();
    is_refused(&bridge.ask("trams", Some(secret), frame.as_bytes()), "unknown-assembly", "NATS");
    assert_eq!(bridge.ask("buses", Some(secret), frame.as_bytes())["type"], "ack");
}

#[test]
fn text_that_is_not_utf8_ends_its_own_socket_with_a_sentence_and_no_other() {
    let open = Open::new();
    let mut phone = open.server.socket(&open.assembly, "participant");
    let mut other = open.server.socket(&open.assembly, "participant");
    phone.send_raw_text(b"\xff\xfe").unwrap();
    is_refused(&phone.answer().unwrap(), "not-utf8", "text");
    assert!(phone.answer().is_err(), "what follows cannot be read any more");
    assert_eq!(other.ask(&submit(2, "Words."))["type"], "ack");
}

#[test]
fn a_frame_far_too_large_ends_its_own_socket_with_a_sentence_and_no_other() {
    let open = Open::new();
    let mut phone = open.server.socket(&open.assembly, "participant");
    let mut other = open.server.socket(&open.assembly, "participant");
    // The server may hang up before it was sent whole.
    drop(phone.send_bytes(&vec![b' '; 1024 * 1024]));
    is_refused(&phone.answer().unwrap(), "too-large", "1 MiB");
    assert_eq!(other.ask(&submit(2, "Words."))["type"], "ack");
}

#[test]
fn what_is_just_within_the_limits_is_taken_over_every_way() {
    let open = Open::new();
    let longest = ["x".repeat(CHARS_MAX), "ŵ".repeat(CHARS_MAX), "\u{1F68C}".repeat(CHARS_MAX)];
    let mut n = 1;
    for text in &longest {
        for way in WAYS {
            n += 1;
            let answer = way.submit(&open, n, text);
            assert_eq!(answer["type"], "ack", "{way:?} with {} bytes: {answer}", text.len());
        }
    }
    let mut largest = submit(100, "Words.").to_string();
    largest.push_str(&" ".repeat(FRAME_BYTES_MAX - largest.len()));
    let mut phone = open.server.socket(&open.assembly, "participant");
    phone.send_text(&largest).unwrap();
    assert_eq!(phone.answer().unwrap()["type"], "ack");
    let deep = format!(r#"{{"id":"{}","text":{}{}}}"#, id(101), "[".repeat(31), "]".repeat(31));
    phone.send_text(&deep).unwrap();
    is_refused(&phone.answer().unwrap(), "bad-field", "32 levels are read, and are no text");
}

#[test]
fn one_past_the_limit_is_refused_over_every_way() {
    let open = Open::new();
    for text in ["x", "\u{1F68C}"] {
        let text = text.repeat(CHARS_MAX + 1);
        for way in WAYS {
            is_refused(&way.submit(&open, 2, &text), "text-too-long", &format!("{way:?}"));
        }
    }
}

#[test]
fn a_flood_of_bad_frames_does_not_grow_memory() {
    let open = Open::new();
    let mut other = open.server.socket(&open.assembly, "participant");
    flood(&open, &open.server, 200);
    let before = open.server.resident_kib();
    flood(&open, &open.server, 2_000);
    let grown = open.server.resident_kib().saturating_sub(before);
    assert!(grown < GROWTH_KIB_MAX, "{grown} KiB more after 2,000 frames of {FLOOD_BYTES} bytes");
    assert_eq!(other.ask(&submit(2, "Words."))["type"], "ack");
}

/// Sends frames that are too large over a few sockets, and reads every refusal.
fn flood(open: &Open, server: &Server, frames: usize) {
    let mut sockets: Vec<Socket> = (0..4).map(|_| server.socket(&open.assembly, "participant")).collect();
    let frame = vec![b'x'; FLOOD_BYTES];
    for _ in 0..frames / sockets.len() {
        for socket in &mut sockets {
            socket.send_bytes(&frame).unwrap();
        }
        for socket in &mut sockets {
            is_refused(&socket.answer().unwrap(), "too-large", "flood");
        }
    }
}

#[test]
fn a_connection_that_never_finishes_asking_disturbs_nobody() {
    use std::io::Write;
    let open = Open::new();
    let mut halves: Vec<_> =
        (0..50).map(|_| std::net::TcpStream::connect(open.server.address).unwrap()).collect();
    for half in &mut halves {
        half.write_all(b"POST /a/buses/submit HTTP/1.1\r\nHost: x\r\nContent-Le").unwrap();
    }
    assert_eq!(Way::PostJson.submit(&open, 2, "Words.")["type"], "ack");
    assert_eq!(Way::Socket.submit(&open, 3, "Words.")["type"], "ack");
}
