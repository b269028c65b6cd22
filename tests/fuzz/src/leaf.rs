//! The public part of an event: what is decoded says what the bytes say, and what is written is read again.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};
use std::ops::ControlFlow;

use event_log::{
    Error, NewEvent, PUBLIC_LIMIT, Position, Proof, Public, Reader, Recorded, Sealed, Told, Writer,
};
use serde::Serialize;
use serde_json::value::RawValue;
use tempfile::TempDir;
use uuid::Uuid;

use crate::{Taken, example};

/// Any bytes are a public part or are refused. One that is taken is kept byte by byte, is read as any JSON parser reads
/// it, comes out the same when it is spelled as FORMAT.md spells it, and goes through a real record unchanged.
pub fn check(bytes: &[u8]) -> Taken {
    let Some(event) = decode(bytes) else { return Taken::No };
    assert_eq!(event.bytes, bytes);
    assert_eq!(event.leaf, example::leaf(bytes));
    says_what_the_bytes_say(&event);
    let assembly = assembly(bytes);
    let spelled = spelled(&event, assembly);
    let again = decode(&spelled).expect("an event in the one spelling is read");
    assert_same(&again, &event);
    assert_eq!(self::spelled(&again, assembly), spelled);
    assert_eq!(again.leaf, example::leaf(&spelled));
    meaning_is_stable(&event);
    RECORD.with_borrow_mut(|record| record.take(&event));
    Taken::Yes
}

/// Through the only door at which public parts come in from outside: a receipt says its event beside the proof.
fn decode(bytes: &[u8]) -> Option<Recorded> {
    told(bytes).filter(|told| told.opening.is_none()).map(|told| told.event)
}

/// What a receipt with these bytes beside its proof tells, at the position that they name themselves.
pub(crate) fn told(bytes: &[u8]) -> Option<Told> {
    let mut parts = serde_json::Deserializer::from_slice(bytes).into_iter::<&RawValue>();
    let public = parts.next()?.ok()?.get();
    let position = field(public.as_bytes(), "position").and_then(|number| number.get().parse().ok());
    let position = position.and_then(Position::new).unwrap_or(Position::FIRST);
    let extra = Some(bytes.to_vec());
    Proof { extra, position, path: Vec::new(), checkpoint: example::checkpoint() }.told().ok()
}

fn fields(bytes: &[u8]) -> Option<BTreeMap<String, Box<RawValue>>> {
    serde_json::from_slice(bytes).ok()
}

fn field(bytes: &[u8], name: &str) -> Option<Box<RawValue>> {
    fields(bytes)?.remove(name)
}

fn assembly(bytes: &[u8]) -> Uuid {
    let text = field(bytes, "assembly").expect("an event names its assembly");
    serde_json::from_str(text.get()).expect("an assembly is a UUID")
}

/// Held against a JSON parser that knows nothing of events.
fn says_what_the_bytes_say(event: &Recorded) {
    let mut fields = fields(&event.bytes).expect("a public part is a JSON object");
    let mut same = |name: &str, decoded: serde_json::Value| {
        let raw = fields.remove(name);
        let said: serde_json::Value = match &raw {
            None => serde_json::Value::Null,
            Some(raw) => serde_json::from_str(raw.get()).expect("a field is a JSON value"),
        };
        assert_eq!(said, decoded, "{name}");
    };
    same("v", 1.into());
    same("kind", event.kind.as_str().into());
    same("schema", event.schema.into());
    same("position", event.position.get().into());
    same("recorded_at", event.recorded_at_ms.into());
    same("stream", event.stream.as_str().into());
    same("channel", event.channel.as_deref().into());
    same("device", event.device.as_deref().into());
    same("voice", event.voice.as_deref().into());
    same("commitment", event.commitment.map(|hash| hex(&hash)).into());
    let mut uuid = |name: &str| {
        let raw = fields.remove(name);
        raw.and_then(|raw| serde_json::from_str::<Option<Uuid>>(raw.get()).expect("a UUID or null"))
    };
    assert_eq!((uuid("id"), uuid("ref")), (event.id, event.reference));
    assert!(uuid("assembly").is_some());
    let payload = fields.remove("payload").expect("a public part has a payload");
    assert_eq!(payload.get(), event.payload.get());
    assert!(fields.is_empty(), "fields that nobody knows: {fields:?}");
}

fn assert_same(one: &Recorded, other: &Recorded) {
    let whole = |event: &Recorded| Recorded { bytes: Vec::new(), leaf: [0; 32], ..event.clone() };
    assert_eq!(format!("{:?}", whole(one)), format!("{:?}", whole(other)));
}

/// What an event means to an assembly, where it means anything, is the same when it is written again.
fn meaning_is_stable(event: &Recorded) {
    let Ok((meant, _)) = ingest::decode(&event.public()) else { return };
    let text = serde_json::to_string(&meant).expect("an event can be written");
    assert_eq!(serde_json::from_str::<domain::Event>(&text).expect("what is written is read"), meant);
}

/// FORMAT.md, section 4: all fields in this order, without spaces, absent ones as null.
fn spelled(event: &Recorded, assembly: Uuid) -> Vec<u8> {
    fn json(value: &impl Serialize) -> String {
        serde_json::to_string(value).expect("text, numbers and null can be written")
    }
    let text = format!(
        "{{\"v\":1,\"assembly\":\"{}\",\"kind\":{},\"schema\":{},\"position\":{},\"recorded_at\":{},\"stream\":{},\
         \"channel\":{},\"device\":{},\"voice\":{},\"id\":{},\"ref\":{},\"commitment\":{},\"payload\":{}}}",
        assembly.hyphenated(),
        json(&event.kind),
        event.schema,
        event.position,
        event.recorded_at_ms,
        json(&event.stream),
        json(&event.channel),
        json(&event.device),
        json(&event.voice),
        json(&event.id),
        json(&event.reference),
        json(&event.commitment.map(|hash| hex(&hash))),
        event.payload.get(),
    );
    text.into_bytes()
}

pub(crate) fn hex(hash: &[u8; 32]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

thread_local! {
    static RECORD: RefCell<Record> = RefCell::new(Record::new());
}

/// A record that everything is written into which the fuzzer comes by.
struct Record {
    folder: TempDir,
    writer: Writer,
    reader: Reader,
    /// An id stands in a record once.
    ids: HashSet<Uuid>,
    events: u32,
}

impl Record {
    const ASSEMBLY: Uuid = Uuid::from_u128(0x0190_8e2c_5a00_7000_8000_0000_0000_0001);
    /// Then a fresh one, so that a long run does not fill the disk.
    const EVENTS_MAX: u32 = 20_000;

    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let writer = Writer::create(folder.path(), Self::ASSEMBLY).expect("a record can be made");
        let reader = Reader::open(folder.path()).expect("a record can be read");
        Self { folder, writer, reader, ids: HashSet::new(), events: 0 }
    }

    /// Writes the same event once more, and holds what stands there against the event.
    fn take(&mut self, event: &Recorded) {
        if self.events >= Self::EVENTS_MAX {
            *self = Self::new();
        }
        let words = event.commitment.map(|_| Sealed::new(example::WORDS).expect("words can be sealed"));
        let commitment = words.as_ref().map(Sealed::commitment);
        let id = event.id.filter(|id| self.ids.insert(*id));
        let event = Recorded { id, commitment, ..event.clone() };
        let written = self.writer.append(&[new_event(&event, words)], event.recorded_at_ms);
        let appended = match written {
            Ok(appended) => appended[0],
            Err(Error::TooLong { .. }) => {
                assert!(spelled(&event, Self::ASSEMBLY).len() + 20 > PUBLIC_LIMIT);
                return;
            }
            Err(error) => panic!("{error} in {}", self.folder.path().display()),
        };
        self.events += 1;
        let event =
            Recorded { position: appended.position, recorded_at_ms: appended.recorded_at_ms, ..event };
        let found = self.reader.at(appended.position).expect("it is read").expect("it is there");
        assert_same(&found, &event);
        self.is_shown_as(&found);
        assert_eq!(found.bytes, spelled(&event, Self::ASSEMBLY));
        assert_eq!((found.leaf, appended.leaf), (example::leaf(&found.bytes), found.leaf));
    }

    /// A fold over the record sees what a reader of one event gets.
    fn is_shown_as(&self, event: &Recorded) {
        let before = Position::new(event.position.index());
        let mut seen = Vec::new();
        let see = |public: Public<'_>| {
            is_understood_alike(&public, event);
            seen.push(Recorded::try_from(public)?);
            Ok::<_, Error>(ControlFlow::Continue(()))
        };
        self.reader.each(before, 2, see).expect("it is read");
        assert_eq!(format!("{seen:?}"), format!("{:?}", [event]));
    }
}

/// What decides and what counts read an event each in its own way, and must not come to different ones.
fn is_understood_alike(public: &Public<'_>, event: &Recorded) {
    let (decided, counted) = (ingest::decode(&event.public()), projections::Recorded::read(public));
    if let Ok((decided, meta)) = decided {
        let counted = counted.expect("an event that may be decided on can be counted");
        assert_eq!((counted.event, counted.meta), (decided, meta));
    } else if let Ok(counted) = counted {
        let strange = event.schema != 1
            || event.channel.is_some() != counted.meta.channel.is_some()
            || event.voice.is_some() != counted.meta.voice.is_some();
        assert!(strange, "an event is counted that may not be decided on");
    }
}

fn new_event(event: &Recorded, words: Option<Sealed>) -> NewEvent {
    NewEvent {
        kind: event.kind.clone(),
        schema: event.schema,
        stream: event.stream.clone(),
        channel: event.channel.clone(),
        device: event.device.clone(),
        voice: event.voice.clone(),
        id: event.id,
        reference: event.reference,
        payload: event.payload.clone(),
        words,
    }
}
