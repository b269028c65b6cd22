//! What a browser sends over its WebSocket (RFC 6455, section 5): bytes in as they come, whole messages out.
//!
//! It knows no socket and never holds more than one message and one frame, each at most [`MESSAGE_BYTES_MAX`] long.

/// Most bytes of one message, over all its fragments. It is above what a command may have, so that a command which is
/// somewhat too large is answered and the connection stays.
pub(crate) const MESSAGE_BYTES_MAX: usize = 64 * 1024;
/// Most bytes of a ping, a pong or a close (section 5.5).
const CONTROL_BYTES_MAX: usize = 125;

/// One thing that the other side has said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Message {
    /// UTF-8, checked.
    Text(Vec<u8>),
    Binary(Vec<u8>),
    Ping(Vec<u8>),
    Pong,
    /// With the code that it gave, if it gave one.
    Close(Option<u16>),
}

/// Why nothing more can be read from a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The bytes are no frames that a client may send.
    Protocol,
    NotUtf8,
    /// So many bytes were announced.
    TooLarge {
        bytes: usize,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Opcode {
    Continuation,
    Text,
    Binary,
    Close,
    Ping,
    Pong,
}

impl Opcode {
    fn of(bits: u8) -> Option<Self> {
        match bits {
            0 => Some(Opcode::Continuation),
            1 => Some(Opcode::Text),
            2 => Some(Opcode::Binary),
            8 => Some(Opcode::Close),
            9 => Some(Opcode::Ping),
            10 => Some(Opcode::Pong),
            _ => None,
        }
    }

    fn is_control(self) -> bool {
        matches!(self, Opcode::Close | Opcode::Ping | Opcode::Pong)
    }
}

/// What stands before the payload of a frame.
struct Head {
    last: bool,
    opcode: Opcode,
    mask: [u8; 4],
    /// Where the payload begins.
    begins: usize,
    length: usize,
}

/// A message that is not whole yet.
struct Begun {
    opcode: Opcode,
    bytes: Vec<u8>,
}

/// The reading end of one connection.
#[derive(Default)]
pub(crate) struct Incoming {
    /// The beginning of a frame that is not whole yet.
    part: Vec<u8>,
    begun: Option<Begun>,
}

impl Incoming {
    /// Takes the next bytes and hands every message that is whole with them to `take`. After a fault nothing more of
    /// this connection can be read.
    pub(crate) fn read(&mut self, bytes: &[u8], mut take: impl FnMut(Message)) -> Result<(), Fault> {
        if self.part.is_empty() {
            let used = frames(bytes, &mut self.begun, &mut take)?;
            self.part.extend_from_slice(&bytes[used..]);
            return Ok(());
        }
        self.part.extend_from_slice(bytes);
        let used = frames(&self.part, &mut self.begun, &mut take)?;
        self.part.drain(..used);
        if self.part.is_empty() {
            // Most connections say nothing most of the time and keep no memory meanwhile.
            self.part = Vec::new();
        }
        Ok(())
    }
}

/// Reads every whole frame, and says how many bytes these were.
fn frames(bytes: &[u8], begun: &mut Option<Begun>, take: &mut impl FnMut(Message)) -> Result<usize, Fault> {
    let mut used = 0;
    while let Some(head) = head(&bytes[used..])? {
        let so_far =
            begun.as_ref().filter(|_| !head.opcode.is_control()).map_or(0, |begun| begun.bytes.len());
        let length = so_far.saturating_add(head.length);
        if length > MESSAGE_BYTES_MAX {
            return Err(Fault::TooLarge { bytes: length });
        }
        let begins = used + head.begins;
        let Some(masked) = bytes.get(begins..begins + head.length) else { break };
        let payload = masked.iter().zip(head.mask.iter().cycle()).map(|(byte, mask)| byte ^ mask);
        if let Some(message) = message(&head, payload, begun)? {
            take(message);
        }
        used = begins + head.length;
    }
    Ok(used)
}

/// The head of a frame; nothing where it is not whole yet (section 5.2).
fn head(bytes: &[u8]) -> Result<Option<Head>, Fault> {
    let [first, second, rest @ ..] = bytes else { return Ok(None) };
    // No extension was agreed on that would give the reserved bits a meaning, and clients have to mask.
    if first & 0x70 != 0 || second & 0x80 == 0 {
        return Err(Fault::Protocol);
    }
    let last = first & 0x80 != 0;
    let opcode = Opcode::of(first & 0x0f).ok_or(Fault::Protocol)?;
    let (length, wide, least) = match (second & 0x7f, rest) {
        (126, [a, b, ..]) => (u64::from(u16::from_be_bytes([*a, *b])), 2, 126),
        (127, [a, b, c, d, e, f, g, h, ..]) => {
            (u64::from_be_bytes([*a, *b, *c, *d, *e, *f, *g, *h]), 8, 65_536)
        }
        (126 | 127, _) => return Ok(None),
        (short, _) => (u64::from(short), 0, 0),
    };
    // The shortest form has to be used, and the highest bit is never set.
    if length < least || length >> 63 == 1 {
        return Err(Fault::Protocol);
    }
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    if opcode.is_control() && (!last || length > CONTROL_BYTES_MAX) {
        return Err(Fault::Protocol);
    }
    let Some([a, b, c, d, ..]) = rest.get(wide..) else { return Ok(None) };
    Ok(Some(Head { last, opcode, mask: [*a, *b, *c, *d], begins: 2 + wide + 4, length }))
}

/// What a frame completes, if it completes anything. Control frames may stand between fragments (section 5.4).
fn message(
    head: &Head,
    payload: impl Iterator<Item = u8>,
    begun: &mut Option<Begun>,
) -> Result<Option<Message>, Fault> {
    match (head.opcode, begun.take()) {
        (Opcode::Continuation, Some(mut earlier)) => {
            earlier.bytes.extend(payload);
            if head.last {
                return whole(earlier).map(Some);
            }
            *begun = Some(earlier);
            Ok(None)
        }
        (Opcode::Text | Opcode::Binary, None) => {
            let first = Begun { opcode: head.opcode, bytes: payload.collect() };
            if head.last {
                return whole(first).map(Some);
            }
            *begun = Some(first);
            Ok(None)
        }
        (Opcode::Continuation | Opcode::Text | Opcode::Binary, _) => Err(Fault::Protocol),
        (control, kept) => {
            *begun = kept;
            let payload: Vec<_> = payload.collect();
            Ok(Some(match control {
                Opcode::Ping => Message::Ping(payload),
                Opcode::Close => Message::Close(close_code(&payload)?),
                _ => Message::Pong,
            }))
        }
    }
}

fn whole(message: Begun) -> Result<Message, Fault> {
    match message.opcode {
        Opcode::Binary => Ok(Message::Binary(message.bytes)),
        _ if std::str::from_utf8(&message.bytes).is_ok() => Ok(Message::Text(message.bytes)),
        _ => Err(Fault::NotUtf8),
    }
}

/// The code in a close frame, if there is one (sections 5.5.1 and 7.4).
fn close_code(payload: &[u8]) -> Result<Option<u16>, Fault> {
    let (code, reason) = match payload {
        [] => return Ok(None),
        [high, low, reason @ ..] => (u16::from_be_bytes([*high, *low]), reason),
        [_] => return Err(Fault::Protocol),
    };
    if std::str::from_utf8(reason).is_err() {
        return Err(Fault::NotUtf8);
    }
    // Those that may be sent: the ones that the RFC and the registry name, and those left to libraries and programs.
    let known = matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999);
    if known { Ok(Some(code)) } else { Err(Fault::Protocol) }
}

#[cfg(test)]
mod tests;
