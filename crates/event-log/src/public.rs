//! The public part of an event: one JSON object with its fields in a fixed order.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::hex::Hex;
use crate::{Error, NewEvent, Position, Recorded};

/// The most bytes that the public part of one event can have.
pub const PUBLIC_LIMIT: usize = 64 * 1024;

const VERSION: u64 = 1;
const START: &[u8] = br#"{"v":1"#;

/// Writes the public part of `event` into `out`, over whatever was there.
pub(crate) fn encode(
    out: &mut Vec<u8>,
    assembly: Uuid,
    position: Position,
    recorded_at_ms: u64,
    event: &NewEvent,
) -> Result<(), Error> {
    out.clear();
    out.extend_from_slice(START);
    let mut fields = Fields { out };
    fields.put("assembly", &assembly)?;
    fields.put("kind", &event.kind)?;
    fields.put("schema", &event.schema)?;
    fields.put("position", &position)?;
    fields.put("recorded_at", &recorded_at_ms)?;
    fields.put("stream", &event.stream)?;
    fields.put("channel", &event.channel)?;
    fields.put("device", &event.device)?;
    fields.put("voice", &event.voice)?;
    fields.put("id", &event.id)?;
    fields.put("ref", &event.reference)?;
    fields.put("commitment", &event.words.as_ref().map(|words| Hex(words.commitment())))?;
    fields.put("payload", &event.payload)?;
    out.push(b'}');
    if out.len() > PUBLIC_LIMIT {
        return Err(Error::TooLong { what: "the public part", bytes: out.len(), limit: PUBLIC_LIMIT });
    }
    Ok(())
}

struct Fields<'a> {
    out: &'a mut Vec<u8>,
}

impl Fields<'_> {
    /// The names are ours and need no escaping; what is absent is written as `null`.
    fn put<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), Error> {
        self.out.extend_from_slice(b",\"");
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":");
        serde_json::to_writer(&mut *self.out, value).map_err(Error::Unwritable)
    }
}

/// The leaf hash of RFC 6962, section 2.1.
pub(crate) fn leaf(bytes: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update([0]).chain_update(bytes).finalize().into()
}

/// The fields of format 1, owned from the start because a [`Recorded`] keeps every one of them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Version1 {
    v: u64,
    assembly: Uuid,
    kind: String,
    schema: u16,
    position: Position,
    recorded_at: u64,
    stream: String,
    channel: Option<String>,
    device: Option<String>,
    voice: Option<String>,
    id: Option<Uuid>,
    #[serde(rename = "ref")]
    reference: Option<Uuid>,
    commitment: Option<Hex>,
    payload: Box<RawValue>,
}

#[derive(Deserialize)]
struct AnyVersion {
    v: u64,
}

/// Reads the public part that the row `position` of the record of `assembly` holds; the leaf is taken as it is.
pub(crate) fn decode(
    assembly: Uuid,
    position: Position,
    leaf: [u8; 32],
    bytes: Vec<u8>,
) -> Result<Recorded, Error> {
    known_version(position, &bytes)?;
    let event: Version1 = parse(position, &bytes)?;
    if (event.v, event.position, event.assembly) != (VERSION, position, assembly) {
        return Err(Error::damaged(position, "its public part is of another event"));
    }
    Ok(Recorded {
        position,
        recorded_at_ms: event.recorded_at,
        kind: event.kind,
        schema: event.schema,
        stream: event.stream,
        channel: event.channel,
        device: event.device,
        voice: event.voice,
        id: event.id,
        reference: event.reference,
        commitment: event.commitment.map(|Hex(hash)| hash),
        payload: event.payload,
        leaf,
        bytes,
    })
}

/// A later format may have other fields, so its version is looked at before anything else.
fn known_version(position: Position, bytes: &[u8]) -> Result<(), Error> {
    if bytes.strip_prefix(START).is_some_and(|rest| rest.starts_with(b",")) {
        return Ok(());
    }
    let AnyVersion { v: version } = parse(position, bytes)?;
    Err(if version == VERSION {
        Error::damaged(position, "its public part does not begin with the version")
    } else {
        Error::UnknownFormat { position, version }
    })
}

/// What the parser has to say is left out, because it may quote from the event.
fn parse<'a, T: Deserialize<'a>>(position: Position, bytes: &'a [u8]) -> Result<T, Error> {
    serde_json::from_slice(bytes).map_err(|error| {
        Error::damaged(position, format!("its public part is not as written, at column {}", error.column()))
    })
}
