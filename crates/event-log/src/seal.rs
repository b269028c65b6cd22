//! Private words under a key of their own.
//!
//! The sealed part is `nonce (24) ‖ XChaCha20-Poly1305(key, salt (32) ‖ words) ‖ tag (16)`. The salt lies inside
//! the seal, so that destroying the key destroys the salt too and nobody can guess at short words from the public
//! part. The commitment is a hash because an AEAD alone binds nobody to one plaintext.

use std::{array, fmt};

use chacha20poly1305::aead::Aead;
use chacha20poly1305::{AeadInOut, KeyInit, XChaCha20Poly1305, XNonce};
use sha2::{Digest, Sha256};

use crate::{Error, Position};

/// The most bytes of private words that one event can have.
pub const WORDS_LIMIT: usize = 64 * 1024;

const KEY: usize = 32;
const NONCE: usize = 24;
const SALT: usize = 32;
const TAG: usize = 16;
const COMMITMENT_LABEL: &[u8] = b"plenary-body/v1\0";

/// Private words, sealed and ready to be appended, with the key that opens them.
pub struct Sealed {
    key: [u8; KEY],
    bytes: Vec<u8>,
    commitment: [u8; 32],
}

impl Sealed {
    /// Seals `words` under a fresh random key. This is the slow part of an append, so callers do it in their own
    /// task before they hand the event to the writer.
    pub fn new(words: &str) -> Result<Self, Error> {
        let mut random = [0; KEY + NONCE + SALT];
        getrandom::fill(&mut random).map_err(Error::NoRandomness)?;
        Self::with(&random, words)
    }

    /// `random` is the key, the nonce and the salt, one after the other.
    pub(crate) fn with(random: &[u8; KEY + NONCE + SALT], words: &str) -> Result<Self, Error> {
        let too_long = || Error::TooLong { what: "words", bytes: words.len(), limit: WORDS_LIMIT };
        if words.len() > WORDS_LIMIT {
            return Err(too_long());
        }
        let key: [u8; KEY] = array::from_fn(|index| random[index]);
        let nonce: [u8; NONCE] = array::from_fn(|index| random[KEY + index]);
        let salt = &random[KEY + NONCE..];
        let mut bytes = Vec::with_capacity(NONCE + SALT + words.len() + TAG);
        bytes.extend_from_slice(&nonce);
        bytes.extend_from_slice(salt);
        bytes.extend_from_slice(words.as_bytes());
        // The only plaintexts that the cipher refuses are far longer than the limit.
        let tag = XChaCha20Poly1305::new(&key.into())
            .encrypt_inout_detached(&nonce.into(), b"", (&mut bytes[NONCE..]).into())
            .map_err(|_| too_long())?;
        bytes.extend_from_slice(&tag);
        Ok(Self { key, bytes, commitment: commit(salt, words.as_bytes()) })
    }

    /// The hash that the public part will hold.
    pub fn commitment(&self) -> [u8; 32] {
        self.commitment
    }

    pub(crate) fn key(&self) -> &[u8] {
        &self.key
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Says nothing about the key or the words, because it may end up in a log.
impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed(..)")
    }
}

/// The private words of an event, as far as they can still be read.
#[derive(Clone, PartialEq, Eq)]
pub enum Words {
    /// The event has none.
    None,
    Open(String),
    /// The event had some, and the key to them is no longer there. Whether somebody was meant to erase them is what
    /// [`check`](crate::check) says.
    Gone,
}

/// Says nothing about the words, because it may end up in a log.
impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::Open(_) => "Open(..)",
            Self::Gone => "Gone",
        })
    }
}

/// What opens the commitment of an event: whoever has it can show what was said, and so it goes only to those who may
/// read the words. It never leads to the key, which is random and of that one event.
#[derive(Clone, PartialEq, Eq)]
pub struct Opening {
    /// Drawn at random for this event, so that nobody can guess at short words from the commitment.
    pub salt: [u8; SALT],
    pub words: String,
}

impl Opening {
    /// What the public part of the event must hold: SHA-256 over a label, the salt and the words.
    pub fn commitment(&self) -> [u8; 32] {
        commit(&self.salt, self.words.as_bytes())
    }
}

/// Says nothing about the words, because it may end up in a log.
impl fmt::Debug for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Opening(..)")
    }
}

/// What can still be opened of the private words of an event.
#[derive(Debug)]
pub(crate) enum Opened {
    None,
    Open(Opening),
    Gone,
}

impl From<Opened> for Words {
    fn from(opened: Opened) -> Self {
        match opened {
            Opened::None => Self::None,
            Opened::Open(opening) => Self::Open(opening.words),
            Opened::Gone => Self::Gone,
        }
    }
}

/// What the record holds of the private words of one event.
pub(crate) struct Parts<'a> {
    pub(crate) commitment: Option<[u8; 32]>,
    pub(crate) sealed: Option<&'a [u8]>,
    pub(crate) key: Option<&'a [u8]>,
}

impl Parts<'_> {
    /// Opens the words and holds them against the commitment; what does not fit together is damage at `position`.
    pub(crate) fn open(&self, position: Position) -> Result<Opened, Error> {
        let damaged = |why: &str| Error::damaged(position, why);
        match (self.commitment, self.sealed, self.key) {
            (None, None, None) => Ok(Opened::None),
            // An erasure takes the key first and then the seal with it.
            (Some(_), _, None) => Ok(Opened::Gone),
            (Some(commitment), Some(sealed), Some(key)) => {
                unseal(commitment, sealed, key).map(Opened::Open).map_err(damaged)
            }
            (Some(_), None, Some(_)) => Err(damaged("its words are missing")),
            (None, _, _) => Err(damaged("it has words that it does not commit to")),
        }
    }
}

fn unseal(commitment: [u8; 32], sealed: &[u8], key: &[u8]) -> Result<Opening, &'static str> {
    let cipher = XChaCha20Poly1305::new_from_slice(key).map_err(|_| "its key has a wrong length")?;
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or("its seal is too short")?;
    let mut opened =
        cipher.decrypt(&XNonce::from(*nonce), sealed).map_err(|_| "its key does not open its seal")?;
    let (salt, words) = opened.split_first_chunk::<SALT>().ok_or("its seal is too short")?;
    let salt = *salt;
    if commit(&salt, words) != commitment {
        return Err("its words are not the ones that it commits to");
    }
    opened.drain(..SALT);
    let words = String::from_utf8(opened).map_err(|_| "its words are not UTF-8")?;
    Ok(Opening { salt, words })
}

fn commit(salt: &[u8], words: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update(COMMITMENT_LABEL).chain_update(salt).chain_update(words).finalize().into()
}
