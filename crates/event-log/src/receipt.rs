//! What a receipt file holds beside the proof: the public part of one event and what opens its private words, so that
//! both are checked without the record.
//!
//! The bytes are the public part behind its length in two bytes, the high one first, and, where the words can be
//! opened, the salt of 32 bytes and the words in UTF-8, to the end.

use serde::Deserialize;
use uuid::Uuid;

use crate::seal::{Opening, SALT};
use crate::tree;
use crate::{Error, Proof, Recorded, public};

/// What a receipt says of its event. The words fit the event; that the event is in the record is for
/// [`Proof::verify`] to find out.
#[derive(Clone, Debug)]
pub struct Told {
    pub event: Recorded,
    /// Absent where the event has none, or where they could not be opened any more when the receipt was made.
    pub opening: Option<Opening>,
}

/// A receipt may be of any record.
#[derive(Deserialize)]
struct Of {
    assembly: Uuid,
}

/// The bytes for [`Proof::extra`].
pub(crate) fn encode(event: &Recorded, opening: Option<&Opening>) -> Result<Vec<u8>, Error> {
    let length = u16::try_from(event.bytes.len()).map_err(|_| Error::TooLong {
        what: "a public part",
        bytes: event.bytes.len(),
        limit: public::PUBLIC_LIMIT,
    })?;
    let mut bytes = length.to_be_bytes().to_vec();
    bytes.extend_from_slice(&event.bytes);
    if let Some(Opening { salt, words }) = opening {
        bytes.extend_from_slice(salt);
        bytes.extend_from_slice(words.as_bytes());
    }
    Ok(bytes)
}

impl Proof {
    /// Reads what stands beside the proof, and holds the words against the event and the event's own position against
    /// the proof's.
    pub fn told(&self) -> Result<Told, Error> {
        let bad = |why| Error::BadProof { why };
        let extra = self.extra.as_deref().ok_or_else(|| bad("nothing is said of the event"))?;
        let cut = || bad("what is said of the event is cut short");
        let (length, rest) = extra.split_first_chunk().ok_or_else(cut)?;
        let (bytes, rest) = rest.split_at_checked(u16::from_be_bytes(*length).into()).ok_or_else(cut)?;
        let Of { assembly } = serde_json::from_slice(bytes).map_err(|_| bad("it is of no assembly"))?;
        let event = public::decode(assembly, self.position, tree::leaf(bytes), bytes.to_vec())?;
        let opening = match rest.split_first_chunk::<SALT>() {
            None if rest.is_empty() => None,
            None => return Err(cut()),
            Some((salt, words)) => {
                let words = String::from_utf8(words.to_vec()).map_err(|_| bad("the words are not UTF-8"))?;
                Some(Opening { salt: *salt, words })
            }
        };
        match &opening {
            Some(opening) if event.commitment != Some(opening.commitment()) => {
                Err(bad("the words are not the ones that the event commits to"))
            }
            _ => Ok(Told { event, opening }),
        }
    }
}
