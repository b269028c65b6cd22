//! A proof that an event is in the record, as one text that is verified offline (C2SP tlog-proof).

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::checkpoint::Checkpoint;
use crate::note::{NOTE_LIMIT, VerifierKey};
use crate::tree::{self, Hash};
use crate::{Error, Position};

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";
/// No tree is so high that a way through it has more hashes.
const PATH_MAX: usize = 63;

/// The most bytes of data beside a proof; a public part and private words of any length fit in.
pub const EXTRA_LIMIT: usize = 192 * 1024;
/// The most bytes that the text of a proof may have.
pub const PROOF_LIMIT: usize = NOTE_LIMIT + 2 * EXTRA_LIMIT;

/// That the leaf at a place is in the tree of a checkpoint. Until [`Proof::verify`] has been asked, it may say
/// anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Data of whoever made the proof, which nothing in it vouches for: a reader must hold it against the leaf.
    pub extra: Option<Vec<u8>>,
    pub position: Position,
    /// The hashes beside the way from the leaf up to the root.
    pub path: Vec<Hash>,
    pub checkpoint: Checkpoint,
}

impl Proof {
    /// Whether this leaf is at this position of the log that goes by one of these keys.
    pub fn verify(&self, leaf: &Hash, trusted: &[VerifierKey]) -> Result<(), Error> {
        self.checkpoint.verify(trusted)?;
        self.includes(leaf)
    }

    /// Whether this leaf is at this position of the tree of the checkpoint, whoever signed that.
    pub fn includes(&self, leaf: &Hash) -> Result<(), Error> {
        let root = tree::root_of_inclusion(leaf, self.position.index(), self.checkpoint.size(), &self.path);
        match root {
            Some(root) if root == *self.checkpoint.root() => Ok(()),
            _ => Err(Error::BadProof { why: "the leaf is not at this position of the tree" }),
        }
    }
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{FIRST_LINE}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", BASE64.encode(extra))?;
        }
        writeln!(f, "index {}", self.position.index())?;
        for hash in &self.path {
            writeln!(f, "{}", BASE64.encode(hash))?;
        }
        write!(f, "\n{}", self.checkpoint)
    }
}

impl FromStr for Proof {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let bad = |why| Error::BadProof { why };
        if text.len() > PROOF_LIMIT {
            return Err(bad("it is longer than a proof may be"));
        }
        let (head, checkpoint) = text.split_once("\n\n").ok_or_else(|| bad("it has no checkpoint"))?;
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(FIRST_LINE) {
            return Err(bad("it is not a tlog-proof of version 1"));
        }
        let extra = lines.next_if(|line| line.starts_with("extra "));
        let extra = extra.map(|line| decode(&line["extra ".len()..])).transpose()?;
        let position = lines.next().and_then(position).ok_or_else(|| bad("it has no index"))?;
        let path = lines.map(hash).collect::<Result<Vec<_>, _>>()?;
        if path.len() > PATH_MAX || extra.as_ref().is_some_and(|extra| extra.len() > EXTRA_LIMIT) {
            return Err(bad("a part of it is longer than it may be"));
        }
        Ok(Self { extra, position, path, checkpoint: checkpoint.parse()? })
    }
}

/// The number has one spelling only.
fn position(line: &str) -> Option<Position> {
    let digits = line.strip_prefix("index ")?;
    let index: u64 = digits.parse().ok()?;
    (index.to_string() == digits).then(|| Position::new(index.checked_add(1)?)).flatten()
}

fn hash(line: &str) -> Result<Hash, Error> {
    decode(line)?.try_into().map_err(|_| Error::BadProof { why: "a hash of it is not 32 bytes" })
}

fn decode(text: &str) -> Result<Vec<u8>, Error> {
    BASE64.decode(text).map_err(|_| Error::BadProof { why: "a line of it is not base 64" })
}
