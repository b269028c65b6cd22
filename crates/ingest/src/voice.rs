//! The key of a voice, and the tags that it leaves in the record.

use std::fmt;

use domain::{Asked, AssemblyId, PollId, RoundNumber, VoiceTag};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::Error;

/// What makes one participant's contributions countable per question; it lies in `instance.db` and never in a record.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct VoiceKey(pub(crate) [u8; 32]);

impl VoiceKey {
    pub(crate) fn random() -> Result<Self, Error> {
        random_bytes().map(Self)
    }

    /// The first 16 bytes of `HMAC-SHA256(key, assembly ‖ round)`, the round in two bytes, the greater first. Who
    /// does not have the key cannot tell that two tags of different questions come from one voice.
    pub fn tag(&self, assembly: AssemblyId, round: RoundNumber) -> VoiceTag {
        self.tagged(&[assembly.0.as_bytes(), &round.get().to_be_bytes()])
    }

    /// The same for a poll, by the 16 bytes of its id. A ballot cannot be told to come from whoever said something.
    pub fn tag_in_poll(&self, assembly: AssemblyId, poll: PollId) -> VoiceTag {
        self.tagged(&[assembly.0.as_bytes(), poll.0.as_bytes()])
    }

    pub(crate) fn tag_for(&self, assembly: AssemblyId, asked: Asked) -> VoiceTag {
        match asked {
            Asked::Round(round) => self.tag(assembly, round),
            Asked::Poll(poll) => self.tag_in_poll(assembly, poll),
        }
    }

    fn tagged(&self, parts: &[&[u8]]) -> VoiceTag {
        let mac = hmac(&self.0, parts);
        VoiceTag(std::array::from_fn(|index| mac[index]))
    }
}

/// Says nothing of the key, because it may end up in a log.
impl fmt::Debug for VoiceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VoiceKey(..)")
    }
}

pub(crate) fn hmac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC pads a key with zeros to the block of its hash; doing it here leaves no length that could be wrong.
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}

pub(crate) fn random_bytes() -> Result<[u8; 32], Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_tag_is_the_start_of_the_hmac_that_the_design_describes() {
        // RFC 4231, test case 2, cannot be reached through a 32-byte key, so the plain function is held to case 1
        // with its key of 20 bytes written out to 32: HMAC pads keys with zeros.
        let mut key = [0; 32];
        key[..20].fill(0x0b);
        let mac = hmac(&key, &[b"Hi ", b"There"]);
        let hex: String = mac.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    }

    #[test]
    fn a_tag_is_one_per_voice_assembly_and_question() {
        let (a, b) = (AssemblyId(Uuid::from_u128(1)), AssemblyId(Uuid::from_u128(2)));
        let (one, two) = (RoundNumber::new(1).unwrap(), RoundNumber::new(2).unwrap());
        let (key, other) = (VoiceKey([1; 32]), VoiceKey([2; 32]));

        assert_eq!(key.tag(a, one), key.tag(a, one));
        let poll = PollId(Uuid::from_u128(1));
        let in_poll = key.tag_in_poll(a, poll);
        let tags = [key.tag(a, one), key.tag(a, two), key.tag(b, one), other.tag(a, one), in_poll];
        for (index, tag) in tags.iter().enumerate() {
            assert!(!tags[..index].contains(tag), "tag {index} is another's");
        }
    }

    #[test]
    fn a_key_does_not_show_itself() {
        assert_eq!(format!("{:?}", VoiceKey([7; 32])), "VoiceKey(..)");
    }
}
