//! Signed notes, checkpoints and keys: written as they were read, and verified only where the very text was signed.

use std::fmt::Display;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::{Signer, SigningKey};
use event_log::{Checkpoint, Note, VerifierKey};
use sha2::{Digest, Sha256};

use crate::bytes::Bytes;
use crate::{Taken, example};

const NAME: &str = "log.example/a/1";

/// The bytes as a note, a checkpoint and a key, and as a text to be signed and then changed.
pub fn check(bytes: &[u8]) -> Taken {
    changed(&mut Bytes(bytes));
    let Ok(text) = str::from_utf8(bytes) else { return Taken::No };
    let key: Option<VerifierKey> = parsed(text);
    let checkpoint: Option<Checkpoint> = parsed(text);
    let note: Option<Note> = parsed(text);
    if let Some(checkpoint) = &checkpoint {
        assert_eq!(Some(checkpoint.note()), note.as_ref());
        let [origin, size, root] = [0, 1, 2].map(|line| text.split('\n').nth(line).unwrap_or_default());
        assert_eq!(origin, checkpoint.origin());
        assert_eq!(size, checkpoint.size().to_string());
        assert_eq!(root, BASE64.encode(checkpoint.root()));
    }
    if note.as_ref().is_some_and(|note| note.verify(&[example::key()]).is_ok()) {
        assert_eq!(note.as_ref().map(Note::text), Some(example::checkpoint().note().text()));
    }
    if key.is_some() || note.is_some() { Taken::Yes } else { Taken::No }
}

/// What is read is written byte by byte as it was.
fn parsed<T: FromStr + Display>(text: &str) -> Option<T> {
    let value = text.parse::<T>().ok()?;
    assert_eq!(value.to_string(), text);
    Some(value)
}

/// A note that is signed here, by FORMAT.md and not by the record, verifies; with one bit changed anywhere it does not.
fn changed(choices: &mut Bytes<'_>) {
    let key = SigningKey::from_bytes(&[choices.byte(); 32]);
    let (place, bit) = (choices.below(usize::MAX), choices.below(8));
    let text = signed_text(choices.rest());
    let public = key.verifying_key();
    let id = Sha256::new().chain_update(NAME).chain_update([b'\n', 1]).chain_update(public).finalize();
    let signature = [&id[..4], &key.sign(text.as_bytes()).to_bytes()].concat();
    let note = format!("{text}\n— {NAME} {}\n", BASE64.encode(signature));
    let trusted = [verifier(&id[..4], public.as_bytes())];

    let read: Note = note.parse().expect("a note that is made by the book is read");
    assert_eq!(read.text(), text);
    read.verify(&trusted).expect("its signature is right");
    assert!(read.verify(&[example::key()]).is_err(), "another key has not signed it");

    let mut other = note.into_bytes();
    let place = place % other.len();
    other[place] ^= 1 << bit;
    let other = String::from_utf8(other).ok().and_then(|other| other.parse::<Note>().ok());
    assert!(other.is_none_or(|other| other.verify(&trusted).is_err()), "a changed note verifies");
}

/// Lines, at least one, without the control characters that no note may have.
fn signed_text(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut text: String = text.chars().filter(|ch| *ch == '\n' || *ch >= ' ').collect();
    text.push('\n');
    text
}

fn verifier(id: &[u8], public: &[u8; 32]) -> VerifierKey {
    let id: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
    let key = BASE64.encode([&[1], public.as_slice()].concat());
    format!("{NAME}+{id}+{key}").parse().expect("a key that is made by the book is read")
}
