//! The record as a transparency log: the files that standard clients read (C2SP tlog-tiles).

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use event_log::{Position, Reader, Resource};

use crate::Error;

/// One read-only connection, for whoever serves the log's files.
pub struct LogFiles(Mutex<Reader>);

impl LogFiles {
    pub fn open(folder: &Path) -> Result<Self, Error> {
        Ok(Self(Mutex::new(Reader::open(folder)?)))
    }

    /// The bytes at a path such as `checkpoint`, `tile/0/x001/234` or `tile/entries/000.p/17`; `None` where the log
    /// has nothing there.
    pub fn file(&self, path: &str) -> Result<Option<Vec<u8>>, Error> {
        let Ok(resource) = path.parse::<Resource>() else { return Ok(None) };
        let reader = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(match resource {
            Resource::Checkpoint => reader.checkpoint()?.map(|last| last.to_string().into_bytes()),
            Resource::Tile { level, index, width } => reader.tile(level, index, width)?,
            Resource::Entries { index, width } => reader.entries(index, width)?,
        })
    }

    /// How many events the last checkpoint is over; 0 before the first.
    pub fn signed(&self) -> Result<u64, Error> {
        let reader = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(reader.checkpoint()?.map_or(0, |last| last.size()))
    }

    /// The bytes of the event at `position` that its leaf is the hash of.
    pub fn event(&self, position: Position) -> Result<Option<Vec<u8>>, Error> {
        let reader = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(reader.at(position)?.map(|recorded| recorded.bytes))
    }

    /// The proof that the event at `position` is under the last checkpoint, as C2SP tlog-proof with the event's exact
    /// public bytes as its extra data; `None` before a checkpoint is over it.
    pub fn proof(&self, position: Position) -> Result<Option<String>, Error> {
        let reader = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(recorded) = reader.at(position)? else { return Ok(None) };
        Ok(reader.proof(position)?.map(|mut proof| {
            proof.extra = Some(recorded.bytes);
            proof.to_string()
        }))
    }
}
