//! From the record's form back to the domain's.

use domain::{Channel, Event, Meta, Timestamp, VoiceTag};
use event_log::{Position, Public};

use crate::Error;

/// One event of the record, ready to be folded.
#[derive(Clone, Debug)]
pub struct Recorded {
    pub position: Position,
    pub event: Event,
    pub meta: Meta,
    /// Whether private words are kept with it. A blank answer of an import has none.
    pub has_words: bool,
    pub leaf: [u8; 32],
}

impl Recorded {
    /// What the public part says, typed.
    pub fn read(public: &Public<'_>) -> Result<Self, Error> {
        let event = event(&public.kind, public.payload).map_err(|source| Error::UnknownEvent {
            position: public.position,
            kind: public.kind.as_ref().to_owned(),
            source,
        })?;
        let meta = Meta {
            at: Timestamp(public.recorded_at_ms),
            channel: public.channel.as_deref().and_then(Channel::named),
            voice: public.voice.as_deref().and_then(|tag| VoiceTag::try_from(tag.to_owned()).ok()),
            device: public.device.as_deref().and_then(|link| link.parse().ok()),
        };
        let (position, leaf) = (public.position, public.leaf);
        Ok(Recorded { position, event, meta, has_words: public.commitment.is_some(), leaf })
    }
}

fn event(kind: &str, payload: &str) -> serde_json::Result<Event> {
    let mut json = serde_json::Deserializer::from_str(payload);
    let event = Event::read(kind, &mut json)?;
    json.end()?;
    Ok(event)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_and_a_payload_make_the_event_that_they_were_written_from() {
        let id = "01908e2c-5b00-7000-8000-000000000002";
        let read = format!(r#"{{"contribution":"{id}"}}"#);
        assert_eq!(event("read", &read).unwrap().kind(), "read");
        assert_eq!(event("closed", "{}").unwrap(), Event::Closed {});
        let said = format!(
            r#"{{"contribution":"{id}","round":1,"version":1,"table":7,"kind":"point","form":"verbatim",
                "read_back":false,"heard_from":null,"said_at":null}}"#
        );
        assert_eq!(event("contributed", &said).unwrap().contribution().unwrap().to_string(), id);
    }

    #[test]
    fn what_is_no_event_is_refused() {
        for (kind, payload) in [("closed", "{} {}"), ("closed", "null"), ("shut", "{}"), ("read", "{}")] {
            assert!(event(kind, payload).is_err(), "{kind} {payload}");
        }
    }
}
