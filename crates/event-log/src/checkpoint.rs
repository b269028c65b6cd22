//! Checkpoints (C2SP tlog-checkpoint): the size and the root of the tree in a signed note.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::note::{Note, VerifierKey};
use crate::rows::{Format, Rows};
use crate::tree::Hash;
use crate::{Error, durable};

const FILE: &str = "record.checkpoint";
const ALL: &str = "SELECT note FROM checkpoints ORDER BY number";
const LAST: &str = "SELECT note FROM checkpoints ORDER BY number DESC LIMIT 1";

/// What a log says of itself at one moment. As text it is the note, byte by byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    origin: String,
    size: u64,
    root: Hash,
    note: Note,
}

impl Checkpoint {
    /// The text that is signed for a tree of this size and root.
    pub(crate) fn text(origin: &str, size: u64, root: &Hash) -> String {
        format!("{origin}\n{size}\n{}\n", BASE64.encode(root))
    }

    pub(crate) fn of_note(note: Note) -> Result<Self, Error> {
        const NO_CHECKPOINT: Error = Error::BadNote { why: "its text is not a checkpoint" };
        let lines: Vec<_> = note.text().split_terminator('\n').collect();
        let (Some((&origin, rest)), false) = (lines.split_first(), lines.contains(&"")) else {
            return Err(NO_CHECKPOINT);
        };
        let [size, root, ..] = rest else { return Err(NO_CHECKPOINT) };
        let number = size.parse::<u64>().map_err(|_| NO_CHECKPOINT)?;
        let root = BASE64.decode(root).ok().and_then(|root| root.try_into().ok()).ok_or(NO_CHECKPOINT)?;
        if number.to_string() != *size {
            return Err(NO_CHECKPOINT);
        }
        Ok(Self { origin: origin.to_owned(), size: number, root, note })
    }

    /// The name of the log.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// How many leaves the tree has, which is the position of the last event in it.
    pub fn size(&self) -> u64 {
        self.size
    }

    pub fn root(&self) -> &Hash {
        &self.root
    }

    /// The note that it stands in.
    pub fn note(&self) -> &Note {
        &self.note
    }

    /// Whether it says that one of these keys has signed it, which [`verify`](Self::verify) then holds it to.
    pub fn names(&self, keys: &[VerifierKey]) -> bool {
        keys.iter().any(|key| self.note.names(key))
    }

    /// Whether one of the trusted keys has signed it for the log that goes by the name of this key.
    pub fn verify(&self, trusted: &[VerifierKey]) -> Result<(), Error> {
        self.note.verify(trusted)
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.note.fmt(f)
    }
}

impl FromStr for Checkpoint {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::of_note(text.parse()?)
    }
}

/// Where the last checkpoint lies beside the record, so that an old copy of the record is noticed.
pub(crate) fn path(folder: &Path) -> PathBuf {
    folder.join(FILE)
}

/// The last checkpoint that was signed over the record of this folder, if any was.
pub(crate) fn of_folder(folder: &Path) -> Result<Option<Checkpoint>, Error> {
    let path = path(folder);
    let damaged = |_| Error::CheckpointFile { path: path.clone() };
    durable::read(&path)?.map(|text| text.parse().map_err(damaged)).transpose()
}

/// The last checkpoint in the table.
pub(crate) fn last(rows: &Rows) -> Result<Option<Checkpoint>, Error> {
    if rows.format == Format::Events {
        return Ok(None);
    }
    let mut statement = rows.connection.prepare_cached(LAST)?;
    let mut found = statement.query([])?;
    found.next()?.map(|row| parse(&row.get::<_, String>(0)?)).transpose()
}

/// Every checkpoint in the table, in the order in which they were signed.
pub(crate) fn all(rows: &Rows) -> Result<Vec<Checkpoint>, Error> {
    if rows.format == Format::Events {
        return Ok(Vec::new());
    }
    let mut statement = rows.connection.prepare(ALL)?;
    let mut found = statement.query([])?;
    let mut checkpoints = Vec::new();
    while let Some(row) = found.next()? {
        checkpoints.push(parse(&row.get::<_, String>(0)?)?);
    }
    Ok(checkpoints)
}

/// Puts a checkpoint into the table, on the disk when this returns.
pub(crate) fn insert(rows: &Rows, checkpoint: &Checkpoint) -> Result<(), Error> {
    const INSERT: &str = "INSERT INTO checkpoints (size, note) VALUES (?1, ?2)";
    let mut statement = rows.connection.prepare_cached(INSERT).map_err(Error::unwritten)?;
    let row = (checkpoint.size().cast_signed(), checkpoint.to_string());
    statement.execute(row).map_err(Error::unwritten)?;
    Ok(())
}

fn parse(text: &str) -> Result<Checkpoint, Error> {
    text.parse().map_err(|error| Error::FileDamaged { why: format!("a stored checkpoint: {error}") })
}
