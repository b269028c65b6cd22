//! An event before it is recorded, and the same event in the record.

use serde_json::value::RawValue;
use uuid::Uuid;

use crate::{Position, Sealed};

/// An event that is not in the record yet: it has no position and no time.
///
/// Everything but `words` becomes part of the public part, so no name, address or private word may stand in it.
#[derive(Debug)]
pub struct NewEvent {
    /// What happened, in the words of whoever appends.
    pub kind: String,
    /// The version of the payload's shape for this kind.
    pub schema: u16,
    /// What the event is about.
    pub stream: String,
    /// How it came in.
    pub channel: Option<String>,
    /// The device that it was entered on.
    pub device: Option<String>,
    /// The unlinkable tag of the voice that it comes from.
    pub voice: Option<String>,
    /// The id that makes it appear once only; no two events of a record have the same.
    pub id: Option<Uuid>,
    /// The id of the event that it refers to.
    pub reference: Option<Uuid>,
    /// Any JSON; it is kept byte by byte.
    pub payload: Box<RawValue>,
    /// Private words, sealed.
    pub words: Option<Sealed>,
}

/// An event as it stands in the record.
#[derive(Clone, Debug)]
pub struct Recorded {
    pub position: Position,
    /// Milliseconds since 1970-01-01 UTC; never less than that of the event before.
    pub recorded_at_ms: u64,
    pub kind: String,
    pub schema: u16,
    pub stream: String,
    pub channel: Option<String>,
    pub device: Option<String>,
    pub voice: Option<String>,
    pub id: Option<Uuid>,
    pub reference: Option<Uuid>,
    /// The salted hash of the private words, where the event has some.
    pub commitment: Option<[u8; 32]>,
    pub payload: Box<RawValue>,
    /// SHA-256 of a zero byte and `bytes`: the leaf hash of RFC 6962.
    pub leaf: [u8; 32],
    /// The public part, exactly as it was written and hashed.
    pub bytes: Vec<u8>,
}

/// What an event was given when it was appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    pub position: Position,
    pub recorded_at_ms: u64,
    pub leaf: [u8; 32],
}
