//! The tests of the whole: they start the real binary, a real NATS server and a real browser.

use anyhow::Result;
use event_log::{NewEvent, Sealed};
use serde_json::value::RawValue;
use uuid::Uuid;

/// What the crash tests record: an event that says in its payload how far its batch goes.
pub fn in_batch(id: Uuid, last: u64, words: Option<Sealed>) -> Result<NewEvent> {
    Ok(NewEvent {
        kind: "contributed".to_owned(),
        schema: 1,
        stream: "round/1".to_owned(),
        channel: None,
        device: None,
        voice: None,
        id: Some(id),
        reference: None,
        payload: RawValue::from_string(last.to_string())?,
        words,
    })
}
