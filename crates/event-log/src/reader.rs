//! Reading the record, from any thread or process, while somebody writes it.

use std::path::Path;

use uuid::Uuid;

use crate::rows::Rows;
use crate::{Error, Position, Recorded, Words, store};

/// A connection to the record that cannot write. It may be sent to another thread, and any number may be open.
///
/// Each call reads in a transaction of its own and sees every event that was committed before it.
pub struct Reader {
    rows: Rows,
}

impl Reader {
    /// Opens `folder/record.db`, whether or not somebody is writing it.
    pub fn open(folder: &Path) -> Result<Reader, Error> {
        let (connection, assembly) = store::open_for_reading(&store::path(folder))?;
        Ok(Reader { rows: Rows { connection, assembly } })
    }

    /// The assembly that this is the record of.
    pub fn assembly(&self) -> Uuid {
        self.rows.assembly
    }

    /// The position of the last event, or nothing when there is none yet.
    pub fn head(&self) -> Result<Option<Position>, Error> {
        self.rows.head()
    }

    /// Up to `limit` events that follow `after`, or the first ones, in order. Keep pages to a few thousand: a
    /// long read keeps the write-ahead log from being emptied.
    pub fn page(&self, after: Option<Position>, limit: usize) -> Result<Vec<Recorded>, Error> {
        self.rows.page(after, limit)
    }

    /// The event at this position, or nothing when the record is not that long.
    pub fn at(&self, position: Position) -> Result<Option<Recorded>, Error> {
        self.rows.at(position)
    }

    /// The event with this id.
    pub fn find(&self, id: Uuid) -> Result<Option<Recorded>, Error> {
        self.rows.find(id)
    }

    /// The private words of the event at this position, checked against its commitment.
    pub fn words(&self, position: Position) -> Result<Words, Error> {
        self.rows.words(position)
    }
}
