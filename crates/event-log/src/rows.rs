//! Reading rows of the record, the same for its writer, its readers and its check.

use std::ops::ControlFlow;

use rusqlite::{Connection, OptionalExtension, Params, Row};
use uuid::Uuid;

use crate::public::{self, Public};
use crate::seal::{Opened, Parts};
use crate::{Error, Position, Recorded, Words};

/// A connection to the record of one assembly.
pub(crate) struct Rows {
    pub(crate) connection: Connection,
    pub(crate) assembly: Uuid,
    pub(crate) format: Format,
}

/// The version of the tables of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// Events and keys. Opening it for writing makes it the next one.
    Events,
    /// With the tiles of its tree, and checkpoints.
    Tree,
}

/// An event with what the record holds of its private words.
pub(crate) struct WithWords {
    pub(crate) event: Recorded,
    pub(crate) filed_under: Option<Uuid>,
    pub(crate) sealed: Option<Vec<u8>>,
    pub(crate) key: Option<Vec<u8>>,
}

impl WithWords {
    pub(crate) fn open(&self) -> Result<Opened, Error> {
        let parts = Parts {
            commitment: self.event.commitment,
            sealed: self.sealed.as_deref(),
            key: self.key.as_deref(),
        };
        parts.open(self.event.position)
    }
}

const PAGE: &str = "SELECT position, leaf, public FROM events WHERE position > ?1 ORDER BY position LIMIT ?2";
const AT: &str = "SELECT position, leaf, public FROM events WHERE position = ?1";
const FIND: &str = "SELECT position, leaf, public FROM events WHERE id = ?1";
const WORDS: &str = "SELECT events.position, leaf, public, sealed, key, id
    FROM events LEFT JOIN keys USING (position) WHERE position > ?1 ORDER BY position LIMIT ?2";

impl Rows {
    pub(crate) fn head(&self) -> Result<Option<Position>, Error> {
        let mut statement = self.connection.prepare_cached("SELECT max(position) FROM events")?;
        let key: Option<i64> = statement.query_row([], |row| row.get(0))?;
        Ok(key.and_then(Position::from_key))
    }

    /// How many events there are, where none is missing.
    pub(crate) fn size(&self) -> Result<u64, Error> {
        Ok(self.head()?.map_or(0, Position::get))
    }

    pub(crate) fn page(&self, after: Option<Position>, limit: usize) -> Result<Vec<Recorded>, Error> {
        let mut statement = self.connection.prepare_cached(PAGE)?;
        let mut rows = statement.query((key_of(after), limit_of(limit)))?;
        let mut page = Vec::new();
        while let Some(row) = rows.next()? {
            page.push(self.recorded(row)?);
        }
        Ok(page)
    }

    /// Shows up to `limit` events that follow `after`, in order and read where they lie, until `see` fails or asks for
    /// no more.
    pub(crate) fn each<E: From<Error>>(
        &self,
        after: Option<Position>,
        limit: usize,
        mut see: impl FnMut(Public<'_>) -> Result<ControlFlow<()>, E>,
    ) -> Result<(), E> {
        let mut statement = self.connection.prepare_cached(PAGE).map_err(Error::from)?;
        let mut rows = statement.query((key_of(after), limit_of(limit))).map_err(Error::from)?;
        while let Some(row) = rows.next().map_err(Error::from)? {
            if see(self.public(row)?)?.is_break() {
                break;
            }
        }
        Ok(())
    }

    pub(crate) fn at(&self, position: Position) -> Result<Option<Recorded>, Error> {
        self.one(AT, [position.key()])
    }

    pub(crate) fn find(&self, id: Uuid) -> Result<Option<Recorded>, Error> {
        let found = self.one(FIND, [id.as_bytes()])?;
        match found {
            Some(event) if event.id != Some(id) => {
                Err(Error::damaged(event.position, "its id differs from the one that it is filed under"))
            }
            found => Ok(found),
        }
    }

    pub(crate) fn words(&self, position: Position) -> Result<Words, Error> {
        self.open(position).map(Words::from)
    }

    pub(crate) fn open(&self, position: Position) -> Result<Opened, Error> {
        let before = Position::new(position.get() - 1);
        match self.page_with_words(before, 1)?.first() {
            Some(found) if found.event.position == position => found.open(),
            _ => Err(Error::NoSuchEvent { position }),
        }
    }

    pub(crate) fn page_with_words(
        &self,
        after: Option<Position>,
        limit: usize,
    ) -> Result<Vec<WithWords>, Error> {
        let mut statement = self.connection.prepare_cached(WORDS)?;
        let mut rows = statement.query((key_of(after), limit_of(limit)))?;
        let mut page = Vec::new();
        while let Some(row) = rows.next()? {
            let event = self.recorded(row)?;
            let filed_under = row.get::<_, Option<_>>(5)?.map(Uuid::from_bytes);
            page.push(WithWords { event, filed_under, sealed: row.get(3)?, key: row.get(4)? });
        }
        Ok(page)
    }

    /// Where the index of ids says that the event with this id is.
    pub(crate) fn filed_at(&self, id: Uuid) -> Result<Option<Position>, Error> {
        let mut statement = self.connection.prepare_cached("SELECT position FROM events WHERE id = ?1")?;
        let key = statement.query_row([id.as_bytes()], |row| row.get(0)).optional()?;
        Ok(key.and_then(Position::from_key))
    }

    fn one<P: Params>(&self, query: &str, params: P) -> Result<Option<Recorded>, Error> {
        let mut statement = self.connection.prepare_cached(query)?;
        let mut rows = statement.query(params)?;
        rows.next()?.map(|row| self.recorded(row)).transpose()
    }

    pub(crate) fn recorded(&self, row: &Row<'_>) -> Result<Recorded, Error> {
        self.public(row)?.try_into()
    }

    /// The row must begin with position, leaf and public part.
    fn public<'a>(&self, row: &'a Row<'_>) -> Result<Public<'a>, Error> {
        let key: i64 = row.get(0)?;
        let position = Position::from_key(key)
            .ok_or_else(|| Error::FileDamaged { why: format!("an event has the position {key}") })?;
        let leaf = row.get(1).map_err(|_| Error::damaged(position, "its leaf is not 32 bytes"))?;
        let bytes = row.get_ref(2)?.as_blob();
        let bytes = bytes.map_err(|_| Error::damaged(position, "its public part is not bytes"))?;
        public::decode(self.assembly, position, leaf, bytes)
    }
}

fn key_of(after: Option<Position>) -> i64 {
    after.map_or(0, Position::key)
}

/// More than SQLite can count is as good as no limit.
fn limit_of(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
