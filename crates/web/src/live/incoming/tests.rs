use super::*;

const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];
const LAST: u8 = 0x80;
const TEXT: u8 = 1;
const BINARY: u8 = 2;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;

/// A frame as a client sends it, written from section 5.2.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    match payload.len() {
        short @ ..126 => bytes.push(0x80 | short as u8),
        middle @ 126..65_536 => {
            bytes.push(0x80 | 126);
            bytes.extend((middle as u16).to_be_bytes());
        }
        long => {
            bytes.push(0x80 | 127);
            bytes.extend((long as u64).to_be_bytes());
        }
    }
    bytes.extend(MASK);
    bytes.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    bytes
}

/// What comes of the bytes when they arrive in pieces of this size.
fn in_pieces(bytes: &[u8], size: usize) -> (Vec<Message>, Result<(), Fault>) {
    let (mut incoming, mut messages) = (Incoming::default(), Vec::new());
    for piece in bytes.chunks(size) {
        if let Err(fault) = incoming.read(piece, |message| messages.push(message)) {
            return (messages, Err(fault));
        }
    }
    (messages, Ok(()))
}

/// The same however the network cuts it.
#[track_caller]
fn read(bytes: &[u8]) -> (Vec<Message>, Result<(), Fault>) {
    let at_once = in_pieces(bytes, bytes.len().max(1));
    for size in [1, 2, 3, 7, 1_000] {
        assert_eq!(in_pieces(bytes, size), at_once, "in pieces of {size}");
    }
    at_once
}

#[track_caller]
fn messages(bytes: &[u8]) -> Vec<Message> {
    let (messages, ended) = read(bytes);
    assert_eq!(ended, Ok(()));
    messages
}

#[track_caller]
fn fault(bytes: &[u8]) -> Fault {
    read(bytes).1.unwrap_err()
}

fn text(words: &str) -> Message {
    Message::Text(words.as_bytes().to_vec())
}

#[test]
fn the_examples_of_the_rfc_are_read() {
    // Section 5.7: a masked "Hello".
    let hello = [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];
    assert_eq!(messages(&hello), [text("Hello")]);
    assert_eq!(frame(LAST | TEXT, b"Hello"), hello, "these tests write frames as the RFC does");
}

#[test]
fn messages_of_every_length_are_read() {
    for length in [0, 1, 125, 126, 127, 65_535, MESSAGE_BYTES_MAX] {
        let payload = vec![b'x'; length];
        assert_eq!(messages(&frame(LAST | TEXT, &payload)), [Message::Text(payload.clone())], "{length}");
        assert_eq!(messages(&frame(LAST | BINARY, &payload)), [Message::Binary(payload)], "{length}");
    }
}

#[test]
fn fragments_are_put_together_and_control_frames_may_stand_between_them() {
    let bytes = [
        frame(TEXT, b"We "),
        frame(LAST | PING, b"there?"),
        frame(0, b""),
        frame(0, b"waited"),
        frame(LAST | PONG, b""),
        frame(LAST, b"."),
        frame(LAST | TEXT, b"Next."),
    ];
    let said = [Message::Ping(b"there?".to_vec()), Message::Pong, text("We waited."), text("Next.")];
    assert_eq!(messages(&bytes.concat()), said);
}

#[test]
fn a_letter_may_be_cut_by_fragments() {
    let bytes = "é".as_bytes();
    let cut = [frame(TEXT, &bytes[..1]), frame(LAST, &bytes[1..])].concat();
    assert_eq!(messages(&cut), [text("é")]);
}

#[test]
fn text_that_is_no_utf8_is_refused_and_binary_is_not_asked() {
    for bytes in [&b"\xff"[..], b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc3"] {
        assert_eq!(fault(&frame(LAST | TEXT, bytes)), Fault::NotUtf8);
        assert_eq!(messages(&frame(LAST | BINARY, bytes)), [Message::Binary(bytes.to_vec())]);
    }
    let across = [frame(TEXT, b"a\xc3"), frame(LAST, b"(")].concat();
    assert_eq!(fault(&across), Fault::NotUtf8);
}

#[test]
fn what_a_client_must_not_send_is_refused() {
    let unmasked = [LAST | TEXT, 2, b'h', b'i'];
    assert_eq!(fault(&unmasked), Fault::Protocol);
    for reserved in [0x40, 0x20, 0x10] {
        assert_eq!(fault(&frame(LAST | reserved | TEXT, b"x")), Fault::Protocol, "{reserved:#x}");
    }
    for unknown in [3, 4, 5, 6, 7, 11, 12, 13, 14, 15] {
        assert_eq!(fault(&frame(LAST | unknown, b"x")), Fault::Protocol, "opcode {unknown}");
    }
    for control in [CLOSE, PING, PONG] {
        assert_eq!(fault(&frame(control, b"")), Fault::Protocol, "a fragment of {control}");
        assert_eq!(fault(&frame(LAST | control, &[b'x'; 126])), Fault::Protocol, "a long {control}");
    }
    assert_eq!(fault(&frame(LAST, b"x")), Fault::Protocol, "a continuation of nothing");
    let twice = [frame(TEXT, b"a"), frame(LAST | TEXT, b"b")].concat();
    assert_eq!(fault(&twice), Fault::Protocol, "a second beginning");
}

#[test]
fn a_length_in_a_longer_form_than_it_needs_is_refused() {
    let two = [LAST | TEXT, 0x80 | 126, 0, 125];
    let eight = [LAST | TEXT, 0x80 | 127, 0, 0, 0, 0, 0, 0, 0xff, 0xff];
    let negative = [LAST | TEXT, 0x80 | 127, 0x80, 0, 0, 0, 0, 0, 0, 0];
    for bytes in [&two[..], &eight, &negative] {
        assert_eq!(fault(bytes), Fault::Protocol, "{bytes:?}");
    }
}

#[test]
fn one_byte_more_than_fits_is_refused_before_it_is_kept() {
    let bytes = MESSAGE_BYTES_MAX + 1;
    let whole = frame(LAST | TEXT, &vec![b'x'; bytes]);
    assert_eq!(fault(&whole[..14]), Fault::TooLarge { bytes }, "the head is enough");
    let parts = [frame(TEXT, &vec![b'x'; MESSAGE_BYTES_MAX]), frame(LAST, b"x")].concat();
    assert_eq!(fault(&parts), Fault::TooLarge { bytes });
    let with_ping = [frame(TEXT, &vec![b'x'; MESSAGE_BYTES_MAX]), frame(LAST | PING, b"x"), frame(LAST, b"")];
    assert_eq!(messages(&with_ping.concat()).len(), 2, "a ping does not count");
    let huge = [LAST | TEXT, 0x80 | 127, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0];
    assert!(matches!(fault(&huge), Fault::TooLarge { .. }));
}

#[test]
fn a_close_may_carry_a_code_that_may_be_sent() {
    assert_eq!(messages(&frame(LAST | CLOSE, b"")), [Message::Close(None)]);
    for code in [1000_u16, 1001, 1003, 1007, 1011, 3000, 4008, 4999] {
        let payload = [&code.to_be_bytes()[..], b"bye"].concat();
        assert_eq!(messages(&frame(LAST | CLOSE, &payload)), [Message::Close(Some(code))]);
    }
    for code in [0_u16, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000] {
        assert_eq!(fault(&frame(LAST | CLOSE, &code.to_be_bytes())), Fault::Protocol, "{code}");
    }
    assert_eq!(fault(&frame(LAST | CLOSE, b"x")), Fault::Protocol, "half a code");
    assert_eq!(fault(&frame(LAST | CLOSE, b"\x03\xe8\xff")), Fault::NotUtf8);
}

#[test]
fn an_idle_connection_keeps_no_memory() {
    let mut incoming = Incoming::default();
    let bytes = frame(LAST | TEXT, &[b'x'; 5_000]);
    let (mut read, halves) = (0, bytes.split_at(2_000));
    for half in [halves.0, halves.1] {
        incoming.read(half, |_| read += 1).unwrap();
    }
    assert_eq!((read, incoming.part.capacity()), (1, 0));
}
