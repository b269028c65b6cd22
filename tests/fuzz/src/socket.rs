//! Bytes on a WebSocket: the same messages however the network cuts them, and none that a client may not send.

use crate::Taken;
use crate::incoming::{Fault, Incoming, MESSAGE_BYTES_MAX, Message};

/// The bytes as all that a connection ever says.
pub fn check(bytes: &[u8]) -> Taken {
    let (messages, ended) = read(bytes, bytes.len().max(1));
    for size in [1, 5] {
        assert_eq!(read(bytes, size), (messages.clone(), ended), "in pieces of {size}");
    }
    let mut again = Vec::new();
    for message in &messages {
        if let Message::Text(words) = message {
            assert!(str::from_utf8(words).is_ok());
        }
        again.extend(written(message));
    }
    assert_eq!(read(&again, again.len().max(1)), (messages.clone(), Ok(())), "as it is written by the book");
    if messages.is_empty() { Taken::No } else { Taken::Yes }
}

fn read(bytes: &[u8], size: usize) -> (Vec<Message>, Result<(), Fault>) {
    let (mut incoming, mut messages) = (Incoming::default(), Vec::new());
    for piece in bytes.chunks(size) {
        if let Err(fault) = incoming.read(piece, |message| messages.push(message)) {
            return (messages, Err(fault));
        }
    }
    (messages, Ok(()))
}

/// One masked frame, by section 5.2 of RFC 6455.
fn written(message: &Message) -> Vec<u8> {
    let code;
    let (opcode, payload) = match message {
        Message::Text(words) => (1, words.as_slice()),
        Message::Binary(bytes) => (2, bytes.as_slice()),
        Message::Close(None) | Message::Pong => (if *message == Message::Pong { 10 } else { 8 }, &[][..]),
        Message::Close(Some(given)) => {
            code = given.to_be_bytes();
            (8, &code[..])
        }
        Message::Ping(payload) => (9, payload.as_slice()),
    };
    assert!(payload.len() <= MESSAGE_BYTES_MAX);
    let length = payload.len() as u64;
    let mut frame = vec![0x80 | opcode];
    match length {
        0..=125 => frame.push(0x80 | payload.len() as u8),
        126..=0xffff => {
            frame.push(0xfe);
            frame.extend_from_slice(&length.to_be_bytes()[6..]);
        }
        _ => {
            frame.push(0xff);
            frame.extend_from_slice(&length.to_be_bytes());
        }
    }
    let mask = [0xa5, 0x00, 0xff, 0x5a];
    frame.extend_from_slice(&mask);
    frame.extend(payload.iter().enumerate().map(|(place, byte)| byte ^ mask[place % 4]));
    frame
}
