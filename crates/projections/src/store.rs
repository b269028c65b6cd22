//! `views.db`: the views as they were at a position of the record, so that a start need not fold everything again.
//!
//! Rows and checkpoint commit in one transaction. The file may be deleted at any time. It is not evidence, so it is
//! written with `synchronous=NORMAL`: a lost tail is folded again. Every row has a sum of its own, so that a disk which
//! changes one is found out before anybody reads a wrong figure, and the views are built anew.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use event_log::{Position, Reader};
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, params};
use sha2::{Digest, Sha256};

use crate::Error;
use crate::marks::Marks;
use crate::views::{FOLD_VERSION, Touched, Views};

/// The version of the tables, as `PRAGMA user_version`. Tables of another one are thrown away.
const TABLES: i64 = 3;
const SCHEMA: &str = "
    BEGIN IMMEDIATE;
    DROP TABLE IF EXISTS entry;
    DROP TABLE IF EXISTS frame;
    DROP TABLE IF EXISTS mark;
    CREATE TABLE entry(position INTEGER PRIMARY KEY, body TEXT NOT NULL, sum BLOB NOT NULL) STRICT;
    CREATE TABLE mark(key TEXT PRIMARY KEY, body TEXT NOT NULL, sum BLOB NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE frame(
        one INTEGER PRIMARY KEY CHECK (one = 1),
        fold_version INTEGER NOT NULL,
        position INTEGER NOT NULL,
        leaf BLOB NOT NULL,
        entries INTEGER NOT NULL,
        marks INTEGER NOT NULL,
        body TEXT NOT NULL,
        sum BLOB NOT NULL) STRICT;
    PRAGMA user_version = 3;
    COMMIT;";

pub struct Store {
    db: Connection,
    path: PathBuf,
}

/// The file in an assembly's folder.
pub fn path(folder: &Path) -> PathBuf {
    folder.join("views.db")
}

impl Store {
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let path = path(folder);
        let open = || {
            let db = Connection::open(&path)?;
            db.pragma_update(None, "journal_mode", "WAL")?;
            db.pragma_update(None, "synchronous", "NORMAL")?;
            db.pragma_update(None, "secure_delete", "ON")?;
            if version(&db)? != TABLES {
                db.execute_batch(SCHEMA)?;
            }
            Ok(db)
        };
        match open() {
            Ok(db) => Ok(Self { db, path }),
            Err(source) => Err(Error::Store { path: path.display().to_string(), source }),
        }
    }

    /// Opens the file, which must be there, and writes nothing: also where nothing can be written.
    pub(crate) fn open_to_read(folder: &Path) -> Result<Self, Error> {
        let path = path(folder);
        match Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY) {
            Ok(db) => Ok(Self { db, path }),
            Err(source) => Err(Error::Store { path: path.display().to_string(), source }),
        }
    }

    /// Opens the file, or begins it anew where it cannot be read: nothing in it is needed.
    pub fn open_or_begin(folder: &Path) -> Result<Self, Error> {
        Self::open(folder).or_else(|error| {
            tracing::warn!(%error, "the views cannot be read and are rebuilt from the record");
            remove(folder);
            Self::open(folder)
        })
    }

    /// The stored views, if they are of this fold and of this very record: the leaf at their position must be the
    /// record's. Otherwise the record was restored or swapped, and the views begin again at position 1, as they do where
    /// a disk has changed them.
    pub fn load(&self, record: &Reader) -> Result<Option<Views>, Error> {
        Ok(match self.read(record)? {
            Stored::Views(views) => Some(*views),
            Stored::Damaged { .. } => {
                tracing::warn!(path = %self.path.display(), "the stored views were damaged");
                None
            }
            Stored::Absent => None,
        })
    }

    pub(crate) fn read(&self, record: &Reader) -> Result<Stored, Error> {
        // Checkpoint and rows are read in one transaction, because somebody may be writing both.
        let _one_state = self.db.unchecked_transaction().map_err(|source| self.error(source))?;
        let Some(frame) = self.frame()? else { return Ok(Stored::Absent) };
        let position = frame.position;
        if !frame.is_right() {
            return Ok(Stored::Damaged { position });
        }
        let recorded = Position::new(position).map(|position| record.at(position)).transpose()?.flatten();
        if recorded.is_none_or(|recorded| recorded.leaf[..] != frame.leaf[..]) {
            return Ok(Stored::Absent);
        }
        let views = self.views(&frame).map_err(|source| self.error(source))?;
        Ok(views.map_or(Stored::Damaged { position }, |views| Stored::Views(Box::new(views))))
    }

    /// The position that stored views of this fold say they stand at, whether or not they are of this record.
    pub(crate) fn position(&self) -> Result<Option<u64>, Error> {
        Ok(self.frame()?.map(|frame| frame.position))
    }

    /// The same, where it is as it was written.
    pub(crate) fn sure_position(&self) -> Result<Option<u64>, Error> {
        Ok(self.frame()?.filter(StoredFrame::is_right).map(|frame| frame.position))
    }

    fn frame(&self) -> Result<Option<StoredFrame>, Error> {
        let query =
            "SELECT position, leaf, entries, marks, body, sum FROM frame WHERE one = 1 AND fold_version = ?1";
        let of_row = |row: &Row<'_>| {
            Ok(StoredFrame {
                position: row.get(0)?,
                leaf: row.get(1)?,
                entries: row.get(2)?,
                marks: row.get(3)?,
                body: row.get(4)?,
                sum: row.get(5)?,
            })
        };
        let read = || match version(&self.db)? {
            TABLES => self.db.query_row(query, [FOLD_VERSION], of_row).optional(),
            _ => Ok(None),
        };
        read().map_err(|source| self.error(source))
    }

    /// Nothing where a row is not as it was written, or one is missing.
    fn views(&self, frame: &StoredFrame) -> rusqlite::Result<Option<Views>> {
        let mut rows = self.db.prepare("SELECT position, body, sum FROM entry ORDER BY position")?;
        let mut rows = rows.query([])?;
        let mut entries = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let (position, body, sum): (u64, String, [u8; 8]) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let entry = Position::new(position).zip(serde_json::from_str(&body).ok());
            match entry.filter(|_| sum == sum_of(&[&position.to_be_bytes(), body.as_bytes()])) {
                Some((position, entry)) => drop(entries.insert(position, entry)),
                None => return Ok(None),
            }
        }
        let Some(marks) = self.marks()? else { return Ok(None) };
        let stored = serde_json::from_str(&frame.body).ok();
        let whole = entries.len() as u64 == frame.entries && marks.len() == frame.marks;
        Ok(stored.filter(|_| whole).map(|stored| Views::restored(frame.position, stored, entries, marks)))
    }

    fn marks(&self) -> rusqlite::Result<Option<Marks>> {
        let mut rows = self.db.prepare("SELECT key, body, sum FROM mark")?;
        let mut rows = rows.query([])?;
        let mut marks = Marks::default();
        while let Some(row) = rows.next()? {
            let (key, body, sum): (String, String, [u8; 8]) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let mark = serde_json::from_str(&key).ok().zip(serde_json::from_str(&body).ok());
            match mark.filter(|_| sum == sum_of(&[key.as_bytes(), body.as_bytes()])) {
                Some((key, mark)) => marks.put(key, mark),
                None => return Ok(None),
            }
        }
        Ok(Some(marks))
    }

    /// Writes what changed and the checkpoint that goes with it, in one transaction.
    pub fn save(&mut self, views: &Views, touched: &Touched, leaf: &[u8; 32]) -> Result<(), Error> {
        self.write(views, touched, leaf).map_err(|source| self.error(source))
    }

    fn write(&mut self, views: &Views, touched: &Touched, leaf: &[u8; 32]) -> rusqlite::Result<()> {
        let batch = self.db.transaction()?;
        {
            let mut put = batch
                .prepare_cached("INSERT OR REPLACE INTO entry(position, body, sum) VALUES (?1, ?2, ?3)")?;
            for position in &touched.entries {
                if let Some(entry) = views.entries.get(position) {
                    let body = json(entry);
                    let sum = sum_of(&[&position.get().to_be_bytes(), body.as_bytes()]);
                    put.execute(params![position.get(), body, sum])?;
                }
            }
        }
        {
            let mut put =
                batch.prepare_cached("INSERT OR REPLACE INTO mark(key, body, sum) VALUES (?1, ?2, ?3)")?;
            for key in &touched.marks {
                if let Some(mark) = views.marks.get(*key) {
                    let (key, body) = (json(key), json(&mark));
                    let sum = sum_of(&[key.as_bytes(), body.as_bytes()]);
                    put.execute(params![key, body, sum])?;
                }
            }
        }
        let mut frame = StoredFrame {
            position: views.position,
            leaf: *leaf,
            entries: views.entries.len() as u64,
            marks: views.marks.len(),
            body: json(&views.frame),
            sum: [0; 8],
        };
        frame.sum = frame.right_sum();
        batch.execute(
            "INSERT OR REPLACE INTO frame(one, fold_version, position, leaf, entries, marks, body, sum)
             VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                FOLD_VERSION,
                frame.position,
                frame.leaf,
                frame.entries,
                frame.marks,
                frame.body,
                frame.sum
            ],
        )?;
        batch.commit()
    }

    /// Forgets everything, for a rebuild.
    pub fn clear(&mut self) -> Result<(), Error> {
        let cleared =
            self.db.execute_batch("BEGIN; DELETE FROM entry; DELETE FROM mark; DELETE FROM frame; COMMIT;");
        cleared.map_err(|source| self.error(source))
    }

    fn error(&self, source: rusqlite::Error) -> Error {
        Error::Store { path: self.path.display().to_string(), source }
    }
}

/// What a file of views holds.
pub(crate) enum Stored {
    Views(Box<Views>),
    /// Not what was written at this position, if that is as it was written.
    Damaged {
        position: u64,
    },
    /// Nothing, or nothing of this fold and this record.
    Absent,
}

/// Everything but the entries, as it is stored.
struct StoredFrame {
    position: u64,
    leaf: [u8; 32],
    /// How many entries there are.
    entries: u64,
    marks: u64,
    body: String,
    sum: [u8; 8],
}

impl StoredFrame {
    fn is_right(&self) -> bool {
        self.sum == self.right_sum()
    }

    fn right_sum(&self) -> [u8; 8] {
        let numbers = [FOLD_VERSION.into(), self.position, self.entries, self.marks].map(u64::to_be_bytes);
        sum_of(&[numbers.as_flattened(), &self.leaf, self.body.as_bytes()])
    }
}

fn version(db: &Connection) -> rusqlite::Result<i64> {
    db.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// The first eight bytes of the SHA-256 of the parts: against a disk that changes a bit, not against a person.
fn sum_of(parts: &[&[u8]]) -> [u8; 8] {
    let mut hash = Sha256::new();
    parts.iter().for_each(|part| hash.update(part));
    let hash: [u8; 32] = hash.finalize().into();
    std::array::from_fn(|index| hash[index])
}

fn json(value: &impl serde::Serialize) -> String {
    // Our own types with string keys always serialise; an empty text would be caught by the next load.
    serde_json::to_string(value).unwrap_or_default()
}

/// Removes the file and its companions, where they are.
pub fn remove(folder: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        let mut name = path(folder).into_os_string();
        name.push(suffix);
        drop(std::fs::remove_file(PathBuf::from(name)));
    }
}

/// SHA-256 over the views as they are stored, row by row: equal digests mean byte-identical views.
pub fn digest(views: &Views) -> String {
    let mut hash = Sha256::new();
    hash.update(format!("{FOLD_VERSION}\n{}\n{}\n", views.position, json(&views.frame)));
    for (position, entry) in &views.entries {
        hash.update(format!("{position} {}\n", json(entry)));
    }
    for key in views.marks.keys() {
        hash.update(format!("{} {}\n", json(&key), json(&views.marks.get(key))));
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
