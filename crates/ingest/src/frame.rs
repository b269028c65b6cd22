//! The wire: what is sent in becomes a command once, and what became of it is one frame back.

mod coding;
mod day;
mod duties;
mod fields;
mod shapes;

use domain::Command;
use event_log::Position;
use serde::Serialize;
use uuid::Uuid;

use crate::{Ack, Receipt, Refusal};
use fields::{Fields, echo, need};
pub use shapes::{SHAPES, Shape};

/// Most bytes of one JSON frame; the longest contribution fits in any script.
pub const FRAME_BYTES_MAX: usize = 16 * 1024;
/// Most bytes of one form: browsers write three bytes for every byte of a letter outside ASCII.
pub const FORM_BYTES_MAX: usize = 3 * FRAME_BYTES_MAX;
/// Most levels of nesting in a frame. No command needs more than one; the limit keeps the parser's stack small
/// whatever is sent.
pub const JSON_LEVELS_MAX: usize = 32;
/// What a frame is that names no type: nearly all of them are.
const DEFAULT_TYPE: &str = "submit";

/// One command as its sender meant it. Who the sender is stands elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Made by the client; the same id again is the same command again.
    pub id: Uuid,
    pub command: Command,
}

/// A frame or the reason against it, and the id as far as it could be read.
pub(crate) type Parsed = (Option<Uuid>, Result<Frame, Refusal>);

/// Reads a JSON object. Size, UTF-8 and depth are checked before the parser sees it.
pub fn parse_json(bytes: &[u8]) -> Result<Frame, Refusal> {
    read_json(bytes).1
}

/// Reads `application/x-www-form-urlencoded` with the same names and the same rules.
pub fn parse_form(bytes: &[u8]) -> Result<Frame, Refusal> {
    read_form(bytes).1
}

pub(crate) fn read_json(bytes: &[u8]) -> Parsed {
    read(checked_json(bytes).and_then(Fields::from_json))
}

pub(crate) fn read_form(bytes: &[u8]) -> Parsed {
    read(fits(bytes, FORM_BYTES_MAX).and_then(|()| Fields::from_form(bytes)))
}

fn read(fields: Result<Fields, Refusal>) -> Parsed {
    match fields {
        Ok(fields) => (fields.readable_id(), frame(&fields)),
        Err(refusal) => (None, Err(refusal)),
    }
}

fn frame(fields: &Fields) -> Result<Frame, Refusal> {
    let name = fields.word("type")?.unwrap_or(DEFAULT_TYPE);
    let shape = SHAPES.iter().find(|shape| shape.name == name);
    let shape = shape.ok_or_else(|| Refusal::UnknownType(echo(name)))?;
    fields.only(&[&["type", "id"], shape.fields].concat())?;
    let id = need("id", fields.maybe_id("id"))?;
    Ok(Frame { id, command: (shape.read)(id, fields)? })
}

fn fits(bytes: &[u8], max: usize) -> Result<(), Refusal> {
    if bytes.len() > max { Err(Refusal::TooLarge { bytes: bytes.len(), max }) } else { Ok(()) }
}

fn checked_json(bytes: &[u8]) -> Result<&str, Refusal> {
    fits(bytes, FRAME_BYTES_MAX)?;
    let text = std::str::from_utf8(bytes).map_err(|_| Refusal::NotUtf8)?;
    if levels(bytes) > JSON_LEVELS_MAX {
        return Err(Refusal::TooDeep { max: JSON_LEVELS_MAX });
    }
    Ok(text)
}

/// The deepest nesting of lists and objects, brackets inside strings left out. For what is not JSON the number means
/// nothing, and the parser will say so.
fn levels(json: &[u8]) -> usize {
    let (mut level, mut deepest) = (0_usize, 0);
    let mut bytes = json.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => skip_string(&mut bytes),
            b'{' | b'[' => level += 1,
            b'}' | b']' => level = level.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(level);
    }
    deepest
}

fn skip_string(bytes: &mut std::slice::Iter<'_, u8>) {
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => return,
            b'\\' => drop(bytes.next()),
            _ => {}
        }
    }
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Reply<'a> {
    Ack { id: Uuid, position: Position, receipt: Receipt },
    Refused { id: Option<Uuid>, code: &'a str, reason: String, retry_after_s: Option<u32> },
}

/// The frame that answers a command; a refusal names the command's `id` where that could be read.
pub fn reply(id: Option<Uuid>, outcome: &Result<Ack, Refusal>) -> String {
    let reply = match outcome {
        Ok(ack) => Reply::Ack { id: ack.id, position: ack.position, receipt: ack.receipt },
        Err(refusal) => Reply::Refused {
            id,
            code: refusal.code(),
            reason: refusal.to_string(),
            retry_after_s: refusal.retry_after_s(),
        },
    };
    // Strings, numbers and nothing else: there is no way for this to fail.
    serde_json::to_string(&reply).unwrap_or_default()
}

#[cfg(test)]
mod tests;
