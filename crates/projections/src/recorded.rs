//! From the record's form back to the domain's.

use domain::{Channel, Event, Meta, Timestamp, VoiceTag};
use event_log::Position;

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

pub(crate) fn decode(recorded: &event_log::Recorded) -> Result<Recorded, Error> {
    let tagged = format!("{{\"{}\":{}}}", recorded.kind, recorded.payload.get());
    let event = serde_json::from_str(&tagged).map_err(|source| Error::UnknownEvent {
        position: recorded.position,
        kind: recorded.kind.clone(),
        source,
    })?;
    let meta = Meta {
        at: Timestamp(recorded.recorded_at_ms),
        channel: recorded.channel.as_deref().and_then(Channel::named),
        voice: recorded.voice.clone().and_then(|tag| VoiceTag::try_from(tag).ok()),
    };
    let (position, leaf) = (recorded.position, recorded.leaf);
    Ok(Recorded { position, event, meta, has_words: recorded.commitment.is_some(), leaf })
}
