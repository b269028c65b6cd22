//! Frames as they go out, encoded once and shared by everyone who gets them.

use std::sync::OnceLock;

use bytes::{BufMut, Bytes, BytesMut};
use serde::Serialize;

/// The first byte of a frame that is a whole text message (RFC 6455, section 5.2).
const TEXT: u8 = 0x81;
const CLOSE: u8 = 0x88;
const PING: u8 = 0x89;
const PONG: u8 = 0x8a;

/// One text message, encoded.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Head and payload, as a WebSocket carries them.
    wire: Bytes,
    /// How long the head is.
    head: usize,
    /// Who has heard this has heard everything up to here; `None` where it says nothing about that.
    position: Option<u64>,
}

impl Frame {
    pub fn text(payload: &[u8]) -> Self {
        let (wire, head) = encode(TEXT, payload);
        Self { wire, head, position: None }
    }

    /// One of our own shapes; these always serialise.
    pub(crate) fn json(shape: &impl Serialize) -> Self {
        Self::text(&serde_json::to_vec(shape).unwrap_or_default())
    }

    /// Who has this frame can go on from this position.
    pub(crate) fn up_to(self, position: u64) -> Self {
        Self { position: Some(position), ..self }
    }

    pub(crate) fn wire(&self) -> Bytes {
        self.wire.clone()
    }

    pub(crate) fn payload(&self) -> Bytes {
        self.wire.slice(self.head..)
    }
}

/// What goes out in one write.
#[derive(Debug, Default)]
pub struct Batch {
    frames: Vec<Frame>,
    wire: Bytes,
    /// The same as server-sent events, encoded when the first listener wants them so.
    events: OnceLock<Bytes>,
}

impl Batch {
    pub fn of(frames: Vec<Frame>) -> Self {
        let wire = match frames.as_slice() {
            [one] => one.wire(),
            more => {
                let mut wire = BytesMut::with_capacity(more.iter().map(|frame| frame.wire.len()).sum());
                more.iter().for_each(|frame| wire.put_slice(&frame.wire));
                wire.freeze()
            }
        };
        Self { frames, wire, events: OnceLock::new() }
    }

    pub(crate) fn wire(&self) -> &Bytes {
        &self.wire
    }

    /// As server-sent events (HTML, section 9.2.5). Their ids are what a browser shows when it comes back.
    pub(crate) fn events(&self, epoch: &str) -> &Bytes {
        self.events.get_or_init(|| {
            let mut text = BytesMut::with_capacity(self.wire.len() + 48 * self.frames.len());
            for frame in &self.frames {
                if let Some(position) = frame.position {
                    text.put_slice(format!("id: {epoch}:{position}\n").as_bytes());
                }
                // JSON as we write it has no line break in it.
                text.put_slice(b"data: ");
                text.put_slice(&frame.payload());
                text.put_slice(b"\n\n");
            }
            text.freeze()
        })
    }
}

/// Asks whether the other side is still there.
pub(crate) fn ping() -> Bytes {
    Bytes::from_static(&[PING, 0])
}

/// Answers a ping with its own payload, which is at most 125 bytes long.
pub(crate) fn pong(payload: &[u8]) -> Bytes {
    encode(PONG, payload).0
}

pub(crate) fn close(code: u16) -> Bytes {
    encode(CLOSE, &code.to_be_bytes()).0
}

/// A frame, and how long its head is. Servers do not mask.
fn encode(first: u8, payload: &[u8]) -> (Bytes, usize) {
    let mut wire = BytesMut::with_capacity(payload.len() + 10);
    wire.put_u8(first);
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(short @ ..126), _) => wire.put_u8(short),
        (_, Ok(middle)) => {
            wire.put_u8(126);
            wire.put_u16(middle);
        }
        _ => {
            wire.put_u8(127);
            wire.put_u64(payload.len() as u64);
        }
    }
    let head = wire.len();
    wire.put_slice(payload);
    (wire.freeze(), head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_as_short_as_the_rfc_wants_them() {
        for (length, head) in [(0, 2), (125, 2), (126, 4), (65_535, 4), (65_536, 10)] {
            let frame = Frame::text(&vec![b'x'; length]);
            assert_eq!((frame.head, frame.payload().len()), (head, length));
        }
        // Section 5.7: an unmasked "Hello".
        assert_eq!(Frame::text(b"Hello").wire(), &[0x81, 5, b'H', b'e', b'l', b'l', b'o'][..]);
        assert_eq!(close(4008), &[0x88, 2, 0x0f, 0xa8][..]);
    }

    #[test]
    fn a_batch_is_its_frames_one_after_the_other() {
        let frames = vec![Frame::text(b"{}").up_to(7), Frame::text(b"[]")];
        let batch = Batch::of(frames);
        assert_eq!(batch.wire(), &b"\x81\x02{}\x81\x02[]"[..]);
        assert_eq!(batch.events("e"), &b"id: e:7\ndata: {}\n\ndata: []\n\n"[..]);
    }
}
