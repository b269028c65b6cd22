//! The public part of an event: one JSON object with its fields in a fixed order.

mod quick;

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::hex::Hex;
use crate::{Error, NewEvent, Position, Recorded};

/// The most bytes that the public part of one event can have: as many as two bytes can count, because that is how
/// the length of an entry is written where a log is served.
pub const PUBLIC_LIMIT: usize = 65_535;

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

/// The public part of an event, read where it lies: nothing is copied but what JSON escapes.
#[derive(Clone, Debug)]
pub struct Public<'a> {
    pub position: Position,
    /// Milliseconds since 1970-01-01 UTC; never less than that of the event before.
    pub recorded_at_ms: u64,
    pub kind: Cow<'a, str>,
    pub schema: u16,
    pub stream: Cow<'a, str>,
    pub channel: Option<Cow<'a, str>>,
    pub device: Option<Cow<'a, str>>,
    pub voice: Option<Cow<'a, str>>,
    pub id: Option<Uuid>,
    pub reference: Option<Uuid>,
    /// The salted hash of the private words, where the event has some.
    pub commitment: Option<[u8; 32]>,
    /// JSON, if the record is as it was written; whoever reads it finds out.
    pub payload: &'a str,
    /// As it stands in the record: a reader takes it from there, and `check` computes it again.
    pub leaf: [u8; 32],
    /// Exactly as it was written and hashed.
    pub bytes: &'a [u8],
}

impl<'a> Public<'a> {
    /// Reads one entry that was handed out, in an archive or in a bundle of a served log. Whether it is the one that was
    /// signed is for a proof to say.
    pub fn of_entry(assembly: Uuid, position: Position, entry: &'a [u8]) -> Result<Self, Error> {
        decode(assembly, position, crate::tree::leaf(entry), entry)
    }

    /// Of which assembly an entry is.
    pub fn assembly_of(position: Position, entry: &[u8]) -> Result<Uuid, Error> {
        known_version(position, entry)?;
        parse::<Version1<'_>>(position, entry).map(|event| event.assembly)
    }
}

impl Recorded {
    /// The same, to be read as if it still lay in the record.
    pub fn public(&self) -> Public<'_> {
        Public {
            position: self.position,
            recorded_at_ms: self.recorded_at_ms,
            kind: self.kind.as_str().into(),
            schema: self.schema,
            stream: self.stream.as_str().into(),
            channel: self.channel.as_deref().map(Cow::from),
            device: self.device.as_deref().map(Cow::from),
            voice: self.voice.as_deref().map(Cow::from),
            id: self.id,
            reference: self.reference,
            commitment: self.commitment,
            payload: self.payload.get(),
            leaf: self.leaf,
            bytes: &self.bytes,
        }
    }
}

impl TryFrom<Public<'_>> for Recorded {
    type Error = Error;

    /// Fails where the payload is not one JSON value.
    fn try_from(event: Public<'_>) -> Result<Self, Error> {
        let payload: &RawValue = parse(event.position, event.payload.as_bytes())?;
        Ok(Recorded {
            position: event.position,
            recorded_at_ms: event.recorded_at_ms,
            kind: event.kind.into_owned(),
            schema: event.schema,
            stream: event.stream.into_owned(),
            channel: event.channel.map(Cow::into_owned),
            device: event.device.map(Cow::into_owned),
            voice: event.voice.map(Cow::into_owned),
            id: event.id,
            reference: event.reference,
            commitment: event.commitment,
            payload: payload.to_owned(),
            leaf: event.leaf,
            bytes: event.bytes.to_owned(),
        })
    }
}

/// The fields of format 1.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Version1<'a> {
    v: u64,
    assembly: Uuid,
    #[serde(borrow)]
    kind: Cow<'a, str>,
    schema: u16,
    position: Position,
    recorded_at: u64,
    #[serde(borrow)]
    stream: Cow<'a, str>,
    #[serde(borrow)]
    channel: Option<Cow<'a, str>>,
    #[serde(borrow)]
    device: Option<Cow<'a, str>>,
    #[serde(borrow)]
    voice: Option<Cow<'a, str>>,
    id: Option<Uuid>,
    #[serde(rename = "ref")]
    reference: Option<Uuid>,
    commitment: Option<Hex>,
    #[serde(borrow, deserialize_with = "as_written")]
    payload: &'a str,
}

fn as_written<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'de str, D::Error> {
    <&RawValue>::deserialize(deserializer).map(RawValue::get)
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
    bytes: &[u8],
) -> Result<Public<'_>, Error> {
    let event = match quick::read(bytes) {
        Some(event) => event,
        None => {
            known_version(position, bytes)?;
            parse(position, bytes)?
        }
    };
    if (event.v, event.position, event.assembly) != (VERSION, position, assembly) {
        return Err(Error::damaged(position, "its public part is of another event"));
    }
    Ok(Public {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Sealed;
    use crate::tree::leaf;

    /// Files of every format are read for ever; format 1 is written as it is here.
    const GOLDEN: &str = include_str!("../tests/golden/event-v1.json");
    const BARE: &str = include_str!("../tests/golden/event-v1-bare.json");
    const FULL: &str = include_str!("../tests/golden/event-v1-full.json");
    const ASSEMBLY: Uuid = Uuid::from_u128(0x0190_8e2c_5a00_7000_8000_0000_0000_0001);

    fn fixed_event() -> NewEvent {
        let random = std::array::from_fn(|index| index as u8);
        NewEvent {
            kind: "contributed".into(),
            schema: 3,
            stream: "round/2".into(),
            channel: Some("room".into()),
            device: Some("table-7".into()),
            voice: Some("v:\"é\"\n".into()),
            id: Some(Uuid::from_u128(0x0190_8e2c_5b00_7000_8000_0000_0000_0002)),
            reference: None,
            payload: RawValue::from_string(r#"{"kind":"point", "heard_from": 6}"#.into()).unwrap(),
            words: Some(Sealed::with(&random, "Der Bus fährt um sechs.").unwrap()),
        }
    }

    fn fixed_position() -> Position {
        Position::new(41).unwrap()
    }

    #[test]
    fn one_event_gives_the_golden_bytes() {
        let mut bytes = b"whatever was there".to_vec();
        encode(&mut bytes, ASSEMBLY, fixed_position(), 1_760_000_000_123, &fixed_event()).unwrap();
        assert_eq!(String::from_utf8(bytes).unwrap(), GOLDEN);
    }

    /// Nothing in it that can be left out, and the first position.
    fn bare_event() -> NewEvent {
        NewEvent {
            kind: "closed".into(),
            schema: 1,
            stream: "assembly".into(),
            channel: None,
            device: None,
            voice: None,
            id: None,
            reference: None,
            payload: RawValue::from_string("null".into()).unwrap(),
            words: None,
        }
    }

    /// Everything in it, with what JSON escapes and what it does not.
    fn full_event() -> NewEvent {
        NewEvent {
            schema: u16::MAX,
            stream: "\u{0}\u{8}\u{c}\u{1f}\t\r/\\\u{7f}".into(),
            channel: Some("nats".into()),
            reference: Some(Uuid::from_u128(0x0190_8e2c_5b00_7000_8000_0000_0000_00fe)),
            payload: RawValue::from_string(r#"[1.50, {"a":"\u00fc"}, "🚌" ]"#.into()).unwrap(),
            ..fixed_event()
        }
    }

    #[test]
    fn events_with_nothing_and_with_everything_give_the_golden_bytes_and_are_read() {
        let last = Position::new(i64::MAX.cast_unsigned()).unwrap();
        for (event, position, at, golden) in
            [(bare_event(), Position::FIRST, 0, BARE), (full_event(), last, u64::MAX, FULL)]
        {
            let mut bytes = Vec::new();
            encode(&mut bytes, ASSEMBLY, position, at, &event).unwrap();
            assert_eq!(str::from_utf8(&bytes).unwrap(), golden);

            let read = Recorded::try_from(decode(ASSEMBLY, position, leaf(&bytes), &bytes).unwrap()).unwrap();

            assert_eq!((read.kind, read.schema, read.stream), (event.kind, event.schema, event.stream));
            assert_eq!((read.channel, read.device, read.voice), (event.channel, event.device, event.voice));
            assert_eq!((read.id, read.reference, read.recorded_at_ms), (event.id, event.reference, at));
            assert_eq!(read.commitment, event.words.map(|words| words.commitment()));
            assert_eq!(read.payload.get(), event.payload.get());
        }
    }

    #[test]
    fn the_golden_bytes_are_read() {
        let bytes = GOLDEN.as_bytes().to_vec();
        let read =
            Recorded::try_from(decode(ASSEMBLY, fixed_position(), leaf(&bytes), &bytes).unwrap()).unwrap();
        let written = fixed_event();
        assert_eq!((read.kind, read.schema, read.stream), (written.kind, written.schema, written.stream));
        assert_eq!((read.channel, read.device, read.voice), (written.channel, written.device, written.voice));
        assert_eq!((read.id, read.reference), (written.id, written.reference));
        assert_eq!(read.commitment, written.words.map(|words| words.commitment()));
        assert_eq!(read.payload.get(), written.payload.get());
        assert_eq!(read.recorded_at_ms, 1_760_000_000_123);
    }

    /// Both hashes were computed by coreutils' sha256sum from the bytes that the design describes.
    #[test]
    fn hashes_are_those_of_another_program() {
        let hex = |hash| serde_json::to_string(&Hex(hash)).unwrap();
        assert_eq!(
            hex(leaf(GOLDEN.as_bytes())),
            "\"202268328b906ffb459d19746618c8a653fa486339ffa9ac7ec89dff9800d0cd\""
        );
        assert_eq!(
            hex(fixed_event().words.unwrap().commitment()),
            "\"6eb8c1f0a95e7bd4487e258f4bce3fe37bbe19c35e1dccf4d267e72de67203d0\""
        );
    }
}
