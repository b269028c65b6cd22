//! Erasing private words: an event says so first, and then their keys go.
//!
//! The one kind of event that this crate knows by name is [`ERASED`]. Its `ref` is the id of what was erased: the
//! event with that id, and every earlier event that has the same `ref`. `FORMAT.md` says the same to other readers.

use std::collections::HashMap;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, TransactionBehavior};
use uuid::Uuid;

use crate::rows::Rows;
use crate::{Error, Position, Recorded};

/// The kind of an event that erases.
pub const ERASED: &str = "erased";

/// The public part of format 1 has its kind at a fixed place, so that these rows are found without parsing the rest.
const MARKERS: &str = "SELECT position, leaf, public FROM events
    WHERE position > ?1 AND substr(public, 57, 17) = CAST(',\"kind\":\"erased\",' AS BLOB) ORDER BY position";
const KEYED: &str = "SELECT position, leaf, public FROM events JOIN keys USING (position) ORDER BY position";
const DELETE_KEY: &str = "DELETE FROM keys WHERE position = ?1";
const EMPTY_SEAL: &str = "UPDATE events SET sealed = NULL WHERE position = ?1 AND sealed IS NOT NULL";

/// How long the emptying of the write-ahead log waits for readers that still look at it, before it is put off.
const READERS: Duration = Duration::from_millis(250);

/// Whether destroyed keys are gone from the write-ahead log too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Swept {
    Clean,
    /// A reader still looks at pages from before, or there is no room: sweep again soon.
    Waiting,
}

/// What the events of a record say was erased: the last such event of every id.
#[derive(Default)]
pub(crate) struct Erasures {
    last: HashMap<Uuid, Position>,
    upto: Option<Position>,
}

impl Erasures {
    pub(crate) fn of(rows: &Rows) -> Result<Self, Error> {
        let mut erasures = Self::default();
        erasures.catch_up(rows)?;
        Ok(erasures)
    }

    /// Reads those that were recorded since.
    pub(crate) fn catch_up(&mut self, rows: &Rows) -> Result<(), Error> {
        let head = rows.head()?;
        let mut statement = rows.connection.prepare_cached(MARKERS)?;
        let mut found = statement.query([self.upto.map_or(0, Position::key)])?;
        while let Some(row) = found.next()? {
            let marker = rows.recorded(row)?;
            if let (ERASED, Some(id)) = (marker.kind.as_str(), marker.reference) {
                self.last.insert(id, marker.position);
            }
        }
        self.upto = head;
        Ok(())
    }

    /// Whether a later event says that the words of this one were erased.
    pub(crate) fn name(&self, event: &Recorded) -> bool {
        let later = |id: &Uuid| self.last.get(id).is_some_and(|marker| *marker > event.position);
        [event.id, event.reference].iter().flatten().any(later)
    }
}

/// The events whose keys are still there although a later event says that they were erased.
pub(crate) fn unfinished(rows: &Rows) -> Result<Vec<Position>, Error> {
    let erasures = Erasures::of(rows)?;
    let mut left = Vec::new();
    if erasures.last.is_empty() {
        return Ok(left);
    }
    let mut statement = rows.connection.prepare(KEYED)?;
    let mut found = statement.query([])?;
    while let Some(row) = found.next()? {
        let event = rows.recorded(row)?;
        if erasures.name(&event) {
            left.push(event.position);
        }
    }
    Ok(left)
}

/// Deletes keys and empties seals, in one transaction; SQLite overwrites what it frees with zeros.
pub(crate) fn destroy(connection: &mut Connection, positions: &[Position]) -> Result<(), Error> {
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(Error::unwritten)?;
    for position in positions {
        for statement in [DELETE_KEY, EMPTY_SEAL] {
            let mut statement = transaction.prepare_cached(statement).map_err(Error::unwritten)?;
            statement.execute([position.key()]).map_err(Error::unwritten)?;
        }
    }
    transaction.commit().map_err(Error::unwritten)
}

/// Copies the write-ahead log into the file and cuts it to nothing, so that no older page with a key is left.
pub(crate) fn sweep(connection: &Connection, patience: Duration) -> Result<Swept, Error> {
    connection.busy_timeout(READERS)?;
    let busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0));
    connection.busy_timeout(patience)?;
    match busy {
        Ok(false) => Ok(Swept::Clean),
        Ok(true) => Ok(Swept::Waiting),
        Err(error) => match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::DiskFull) => {
                Ok(Swept::Waiting)
            }
            _ => Err(Error::Broken(error)),
        },
    }
}
