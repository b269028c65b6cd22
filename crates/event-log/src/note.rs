//! Signed notes (C2SP signed-note): a text, and lines of signatures under it. Only Ed25519 signatures are made and
//! verified here; others are carried along.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest, Sha256};

use crate::Error;

/// The most bytes that a note may have; sixteen signatures of any kind that is in use fit in.
pub const NOTE_LIMIT: usize = 256 * 1024;

/// The kind of signature that stands in a key's id.
const ED25519: u8 = 1;
const DASH: &str = "— ";

/// The name of a log, which is the first line of its checkpoints and the name of its key, such as
/// `assembly.example/a/0190…`: an address without `https://`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    /// Refuses what cannot be the name of a key: nothing, and text with spaces, plus signs or control characters.
    pub fn new(name: &str) -> Result<Self, Error> {
        let odd = |ch: char| ch.is_whitespace() || ch.is_control() || ch == '+';
        if name.is_empty() || name.contains(odd) {
            return Err(Error::BadNote { why: "a key's name is empty, or has a space or a plus sign" });
        }
        Ok(Self(name.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a signature is verified with. As text, `name+id+key`, it is what Go's sumdb tools call a verifier key: the
/// id in eight hexadecimal digits, and the byte 1 with the 32 bytes of the public key in base 64.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: Origin,
    key: VerifyingKey,
}

impl VerifierKey {
    pub(crate) fn new(name: Origin, key: VerifyingKey) -> Self {
        Self { name, key }
    }

    /// The name that it signs under.
    pub fn name(&self) -> &Origin {
        &self.name
    }

    /// The number that stands in front of its signatures: the beginning of a hash over its name and its bytes.
    pub fn id(&self) -> u32 {
        let hash = Sha256::new()
            .chain_update(self.name.as_str())
            .chain_update([b'\n', ED25519])
            .chain_update(self.key.as_bytes())
            .finalize();
        u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]])
    }

    fn encoded(&self) -> String {
        let mut bytes = vec![ED25519];
        bytes.extend_from_slice(self.key.as_bytes());
        BASE64.encode(bytes)
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+{:08x}+{}", self.name, self.id(), self.encoded())
    }
}

impl FromStr for VerifierKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        const NO_KEY: Error = Error::BadNote { why: "it is not the text of an Ed25519 verifier key" };
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(NO_KEY);
        };
        let bytes = BASE64.decode(key).map_err(|_| NO_KEY)?;
        let Some((&ED25519, key)) = bytes.split_first() else { return Err(NO_KEY) };
        let key = key.try_into().map_err(|_| NO_KEY)?;
        let key = VerifyingKey::from_bytes(&key).map_err(|_| NO_KEY)?;
        let found = Self { name: Origin::new(name)?, key };
        if format!("{:08x}", found.id()) == id { Ok(found) } else { Err(NO_KEY) }
    }
}

/// One line under a note.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    name: String,
    id: u32,
    signature: Vec<u8>,
}

/// A text and its signatures, well formed and not verified: until [`Note::verify`] has been asked, it may come from
/// anybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    lines: Vec<Line>,
}

impl Note {
    /// The text, with the line feed at its end: what is signed.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn signed(text: String, key: &VerifierKey, signature: Signature) -> Self {
        let line =
            Line { name: key.name.to_string(), id: key.id(), signature: signature.to_bytes().to_vec() };
        Self { text, lines: vec![line] }
    }

    /// Whether a line names this key; it may still not be its signature.
    pub(crate) fn names(&self, key: &VerifierKey) -> bool {
        self.of(key).next().is_some()
    }

    fn of<'a>(&'a self, key: &'a VerifierKey) -> impl Iterator<Item = &'a Line> {
        self.lines.iter().filter(|line| line.id == key.id() && line.name == key.name.as_str())
    }

    /// Holds the note against the keys that are trusted: at least one of them must have signed it, and a signature
    /// under the name and id of any of them must be right. Signatures of others are passed over.
    pub fn verify(&self, trusted: &[VerifierKey]) -> Result<(), Error> {
        let mut signed = false;
        for key in trusted {
            for line in self.of(key) {
                let signature = Signature::from_slice(&line.signature);
                let right = signature
                    .is_ok_and(|signature| key.key.verify_strict(self.text.as_bytes(), &signature).is_ok());
                if !right {
                    return Err(Error::BadNote { why: "a signature is not that of the key it names" });
                }
                signed = true;
            }
        }
        if signed { Ok(()) } else { Err(Error::BadNote { why: "no trusted key has signed it" }) }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        for line in &self.lines {
            let mut bytes = line.id.to_be_bytes().to_vec();
            bytes.extend_from_slice(&line.signature);
            writeln!(f, "{DASH}{} {}", line.name, BASE64.encode(bytes))?;
        }
        Ok(())
    }
}

impl FromStr for Note {
    type Err = Error;

    fn from_str(note: &str) -> Result<Self, Error> {
        let bad = |why| Err(Error::BadNote { why });
        if note.len() > NOTE_LIMIT {
            return bad("it is longer than a note may be");
        }
        if note.bytes().any(|byte| byte < b' ' && byte != b'\n') {
            return bad("it has a control character");
        }
        // The last empty line parts text and signatures, and the text keeps the line feed in front of it.
        let Some((text, lines)) = note.rsplit_once("\n\n") else { return bad("it has no signatures") };
        let Some(lines) = lines.strip_suffix('\n') else { return bad("its last line does not end") };
        let lines = lines.split('\n').map(line).collect::<Result<_, _>>()?;
        Ok(Self { text: format!("{text}\n"), lines })
    }
}

fn line(text: &str) -> Result<Line, Error> {
    const NO_LINE: Error = Error::BadNote { why: "a line under it is not a signature" };
    let (name, signature) = text.strip_prefix(DASH).and_then(|rest| rest.split_once(' ')).ok_or(NO_LINE)?;
    let bytes = BASE64.decode(signature).map_err(|_| NO_LINE)?;
    let (id, signature) = bytes.split_first_chunk().ok_or(NO_LINE)?;
    if signature.is_empty() {
        return Err(NO_LINE);
    }
    let name = Origin::new(name)?.0;
    Ok(Line { name, id: u32::from_be_bytes(*id), signature: signature.to_vec() })
}
