//! An event of the domain in the form in which the record keeps it, and back.

use std::collections::BTreeMap;

use domain::{Channel, Context, Event, Meta, Timestamp, VoiceTag};
use event_log::{NewEvent, Public, Sealed};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::Error;

/// The version of the payload of every kind so far.
const SCHEMA: u16 = 1;

/// The stored form of `event`. The words come sealed already, because sealing is slow and the writer is one thread.
pub(crate) fn encode(
    event: &Event,
    context: &Context,
    id: Option<Uuid>,
    words: Option<Sealed>,
) -> Result<NewEvent, Error> {
    Ok(NewEvent {
        kind: event.kind().to_owned(),
        schema: SCHEMA,
        stream: event.stream(),
        channel: Some(context.channel.as_str().to_owned()),
        device: context.actor.link.map(|link| link.to_string()),
        voice: context.voice.map(String::from),
        id,
        reference: event.reference(),
        payload: payload(event)?,
        words,
    })
}

/// Serde writes `{kind: payload}`; the record keeps the two apart.
fn payload(event: &Event) -> Result<Box<RawValue>, Error> {
    let tagged = serde_json::to_string(event).map_err(Error::Unwritable)?;
    let mut parts: BTreeMap<String, Box<RawValue>> =
        serde_json::from_str(&tagged).map_err(Error::Unwritable)?;
    Ok(parts.remove(event.kind()).unwrap_or_default())
}

/// The event that a row of the record says happened, and what stands beside it.
pub fn decode(public: &Public<'_>) -> Result<(Event, Meta), Error> {
    let unknown = || Error::UnknownEvent { position: public.position };
    if public.schema != SCHEMA {
        return Err(unknown());
    }
    let mut json = serde_json::Deserializer::from_str(public.payload);
    let event = Event::read(&public.kind, &mut json).map_err(|_| unknown())?;
    json.end().map_err(|_| unknown())?;
    let channel = match &public.channel {
        Some(name) => Some(Channel::named(name).ok_or_else(unknown)?),
        None => None,
    };
    let voice = public.voice.as_deref().map(|tag| VoiceTag::try_from(tag.to_owned()));
    let voice = voice.transpose().map_err(|_| unknown())?;
    let device = public.device.as_deref().map(str::parse).transpose().map_err(|_| unknown())?;
    Ok((event, Meta { at: Timestamp(public.recorded_at_ms), channel, voice, device }))
}

#[cfg(test)]
mod tests;
