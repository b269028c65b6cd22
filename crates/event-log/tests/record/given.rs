//! What the tests of the record start from.

use event_log::{NewEvent, Position, Sealed, Writer};
use rusqlite::Connection;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use uuid::Uuid;

pub(crate) const ASSEMBLY: Uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_00aa);

/// An empty record in a folder that goes away with the test.
pub(crate) fn record() -> (TempDir, Writer) {
    let folder = tempfile::tempdir().unwrap();
    let writer = Writer::create(folder.path(), ASSEMBLY).unwrap();
    (folder, writer)
}

/// An event without private words; its id is made from `n`.
pub(crate) fn event(n: u64) -> NewEvent {
    NewEvent {
        kind: "contributed".into(),
        schema: 1,
        stream: "round/1".into(),
        channel: Some("room".into()),
        device: Some("d-7".into()),
        voice: Some(format!("v-{n}")),
        id: Some(id(n)),
        reference: None,
        payload: json(&format!(r#"{{"n":{n}}}"#)),
        words: None,
    }
}

/// The event with id 1, and private words.
pub(crate) fn said(words: &str) -> NewEvent {
    NewEvent { words: Some(Sealed::new(words).unwrap()), ..event(1) }
}

pub(crate) fn json(text: &str) -> Box<RawValue> {
    RawValue::from_string(text.into()).unwrap()
}

pub(crate) fn id(n: u64) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + u128::from(n))
}

pub(crate) fn at(number: u64) -> Position {
    Position::new(number).unwrap()
}

pub(crate) fn leaf_of(bytes: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update([0]).chain_update(bytes).finalize().into()
}

/// The file of a record as anybody with a copy of SQLite sees it, who knows nothing of our settings.
pub(crate) fn stranger(folder: &TempDir) -> Connection {
    Connection::open(folder.path().join("record.db")).unwrap()
}
