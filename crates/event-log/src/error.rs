//! What can go wrong with a record, in words for an operator.

use std::io;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use crate::Position;

/// Why a record could not be opened, read, written or vouched for. [`Error::is_fatal`] says which of these
/// end the work of a [`Writer`](crate::Writer).
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing of the batch was written; it may be tried again when there is room.
    #[error("no room on the disk for the record")]
    Full,
    /// Nothing of the batch was written; it may be tried again.
    #[error("another program kept the record busy")]
    Busy,
    /// Nothing of the batch was written, because an event with this id is in the record or twice in the batch.
    #[error("an event with the id {id} is already in the record")]
    Duplicate { id: Uuid },
    /// Nothing was written or sealed, because one part of one event is over its limit (both in bytes).
    #[error("{what} of {bytes} bytes is over the limit of {limit}")]
    TooLong { what: &'static str, bytes: usize, limit: usize },
    /// What is on the disk is unknown until the record is opened anew, so nothing may be acknowledged.
    #[error("the record could not be written: {0}")]
    Broken(#[source] rusqlite::Error),
    /// An earlier write was [`Error::Broken`], and a failed fsync must not be retried over the same pages.
    #[error("the record takes no more events because an earlier write failed")]
    Stopped,
    /// The record has used up every number that a position can have.
    #[error("the record has no position left")]
    NoPositionLeft,
    #[error("the record could not be read: {0}")]
    Unreadable(#[from] rusqlite::Error),
    #[error("an event could not be written as JSON: {0}")]
    Unwritable(#[source] serde_json::Error),
    #[error("the system gives no random numbers: {0}")]
    NoRandomness(#[source] getrandom::Error),
    #[error("{path}: {source}", path = path.display())]
    Io { path: PathBuf, source: io::Error },
    /// `by` is the process that has the lock, where it had time to write its number down.
    #[error("{what}.lock is held by {}", process(*by))]
    Held { by: Option<u32>, what: String },
    #[error("there is no record at {}", path.display())]
    Missing { path: PathBuf },
    #[error("there is a record at {} already", path.display())]
    Exists { path: PathBuf },
    #[error("{} is not the record of an assembly: {why}", path.display())]
    NotARecord { path: PathBuf, why: String },
    #[error("the record has format {found}, and this program knows formats up to {known}")]
    Newer { found: i64, known: i64 },
    /// SQLite did not take a setting that the promises of the record rest on.
    #[error("SQLite kept the setting {name} at {got}")]
    Setting { name: &'static str, got: String },
    #[error("event {position} has format {version}, which this program does not know")]
    UnknownFormat { position: Position, version: u64 },
    #[error("there is no event {position}")]
    NoSuchEvent { position: Position },
    /// The record says something that it cannot have been written with.
    #[error("event {position} is damaged: {why}")]
    Damaged { position: Position, why: String },
    /// A backup's keys do not go with its record: it would be restored with words that nobody can read.
    #[error("{} lacks the key of event {position}, whose words were not erased", path.display())]
    KeyMissing { position: Position, path: PathBuf },
    #[error("{} holds the keys of another assembly", path.display())]
    OtherKeys { path: PathBuf },
    /// SQLite finds the file itself at fault, so that no one event can be named.
    #[error("the record's file is damaged: {why}")]
    FileDamaged { why: String },
    /// The last writer did not come to closing the record, and the log that it was writing is not there.
    #[error(
        "the write-ahead log {} is missing, and events may have been in it; whoever knows that there were none deletes {}",
        log.display(), mark.display()
    )]
    LogMissing { log: PathBuf, mark: PathBuf },
    /// The write-ahead log would be read as if it ended earlier than it was written.
    #[error("the write-ahead log {} is damaged: {why}", path.display())]
    LogDamaged { path: PathBuf, why: String },
    /// The record is not the one that a checkpoint was signed over, or not all of it. `signed` and `found` are
    /// numbers of events: those under the checkpoint, and those in the file.
    #[error(
        "a checkpoint over {signed} events was signed, and the {found} events in the record do not lead to it: an old copy or another one lies in its place"
    )]
    RolledBack { signed: u64, found: u64 },
    /// The tree in memory and the one on the disk have come apart, so one of the two is damaged.
    #[error("the tree in memory over {size} events is not the one in the record; nothing was signed")]
    TreeDiffers { size: u64 },
    #[error("{} holds no checkpoint", path.display())]
    CheckpointFile { path: PathBuf },
    #[error("the key file {} is refused: {why}", path.display())]
    KeyFile { path: PathBuf, why: &'static str },
    #[error("the signed note is not right: {why}")]
    BadNote { why: &'static str },
    #[error("the proof is not right: {why}")]
    BadProof { why: &'static str },
}

impl Error {
    /// Whether a writer that met this error must stop: all that is left is to open the record anew.
    pub fn is_fatal(&self) -> bool {
        !matches!(
            self,
            Self::Full
                | Self::Busy
                | Self::Duplicate { .. }
                | Self::TooLong { .. }
                | Self::Unwritable(_)
                | Self::NoRandomness(_)
                | Self::NoSuchEvent { .. }
        )
    }

    /// Whether the record could not be looked at just now, which says nothing about the record.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Busy => true,
            Self::Unreadable(error) => matches!(
                error.sqlite_error_code(),
                Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked)
            ),
            _ => false,
        }
    }

    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        |source| Self::Io { path, source }
    }

    pub(crate) fn damaged(position: Position, why: impl Into<String>) -> Self {
        Self::Damaged { position, why: why.into() }
    }

    /// The error of a write that SQLite rolled back or will roll back.
    pub(crate) fn unwritten(source: rusqlite::Error) -> Self {
        match source.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::Full,
            Some(rusqlite::ErrorCode::DatabaseBusy) => Self::Busy,
            _ => Self::Broken(source),
        }
    }
}

fn process(by: Option<u32>) -> String {
    by.map_or_else(|| "another process".to_owned(), |pid| format!("process {pid}"))
}
