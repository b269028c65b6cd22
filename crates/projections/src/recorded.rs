//! From the record's form back to the domain's.

use domain::{Channel, Event, Meta, Timestamp, VoiceTag};
use event_log::{Position, Public};
use serde::de::value::BorrowedStrDeserializer;
use serde::de::{DeserializeSeed, EnumAccess, VariantAccess, Visitor};
use serde::{Deserialize, Deserializer, forward_to_deserialize_any};

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
        };
        let (position, leaf) = (public.position, public.leaf);
        Ok(Recorded { position, event, meta, has_words: public.commitment.is_some(), leaf })
    }
}

/// The kind stands beside the payload in the record and in front of it in the domain, as the name of a variant.
fn event(kind: &str, payload: &str) -> serde_json::Result<Event> {
    let mut json = serde_json::Deserializer::from_str(payload);
    let event = Event::deserialize(Tagged { kind, payload: &mut json })?;
    json.end()?;
    Ok(event)
}

/// An enum whose variant is named `kind` and holds `payload`.
struct Tagged<'de, D> {
    kind: &'de str,
    payload: D,
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Tagged<'de, D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        visitor.visit_enum(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de, D: Deserializer<'de>> EnumAccess<'de> for Tagged<'de, D> {
    type Error = D::Error;
    type Variant = Payload<D>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Payload<D>), D::Error> {
        let variant = seed.deserialize(BorrowedStrDeserializer::new(self.kind))?;
        Ok((variant, Payload(self.payload)))
    }
}

struct Payload<D>(D);

impl<'de, D: Deserializer<'de>> VariantAccess<'de> for Payload<D> {
    type Error = D::Error;

    fn unit_variant(self) -> Result<(), D::Error> {
        Deserialize::deserialize(self.0)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, D::Error> {
        seed.deserialize(self.0)
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_tuple(len, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_struct("", fields, visitor)
    }
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
