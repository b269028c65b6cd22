//! What a receipt file says beside the proof: the public part of one event, byte by byte, and behind it, where its
//! private words can be opened, the object `{"salt":…,"words":…}`; so both are checked without the record.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::hex::Hex;
use crate::seal::Opening;
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

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Behind {
    salt: Hex,
    words: String,
}

/// The bytes for [`Proof::extra`].
pub(crate) fn encode(public: &[u8], opening: Option<&Opening>) -> Result<Vec<u8>, Error> {
    let mut bytes = public.to_vec();
    if let Some(Opening { salt, words }) = opening {
        let behind = Behind { salt: Hex(*salt), words: words.clone() };
        serde_json::to_writer(&mut bytes, &behind).map_err(Error::Unwritable)?;
    }
    Ok(bytes)
}

impl Proof {
    /// Reads what stands beside the proof, and holds the words against the event and the event's own position against
    /// the proof's.
    pub fn told(&self) -> Result<Told, Error> {
        const BAD: Error = Error::BadProof { why: "what it says of the event is missing or not as written" };
        let extra = self.extra.as_deref().ok_or(BAD)?;
        let mut parts = serde_json::Deserializer::from_slice(extra).into_iter::<Box<RawValue>>();
        let public = parts.next().ok_or(BAD)?.map_err(|_| BAD)?.get().as_bytes().to_vec();
        let behind = parts.next().transpose().map_err(|_| BAD)?;
        let behind: Option<Behind> =
            behind.map(|part| serde_json::from_str(part.get())).transpose().map_err(|_| BAD)?;
        let opening = behind.map(|Behind { salt: Hex(salt), words }| Opening { salt, words });
        // There is one spelling, so that nothing can stand between or behind the parts.
        if encode(&public, opening.as_ref())? != extra {
            return Err(BAD);
        }
        let Of { assembly } = serde_json::from_slice(&public).map_err(|_| BAD)?;
        let event = public::decode(assembly, self.position, tree::leaf(&public), &public)?;
        match &opening {
            Some(opening) if event.commitment != Some(opening.commitment()) => {
                Err(Error::BadProof { why: "the words are not the ones that the event commits to" })
            }
            _ => Ok(Told { event: event.try_into()?, opening }),
        }
    }
}
