//! `views.db`: the views as they were at a position of the record, so that a start need not fold everything again.
//!
//! Rows and checkpoint commit in one transaction. The file may be deleted at any time. It is not evidence, so it is
//! written with `synchronous=NORMAL`: a lost tail is folded again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use event_log::{Position, Reader};
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use sha2::{Digest, Sha256};

use crate::Error;
use crate::views::{FOLD_VERSION, Touched, Views};

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS entry(position INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS frame(
        one INTEGER PRIMARY KEY CHECK (one = 1),
        fold_version INTEGER NOT NULL,
        position INTEGER NOT NULL,
        leaf BLOB NOT NULL,
        body TEXT NOT NULL) STRICT;";

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
            db.execute_batch(SCHEMA)?;
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
    /// record's. Otherwise the record was restored or swapped, and the views begin again at position 1.
    pub fn load(&self, record: &Reader) -> Result<Option<Views>, Error> {
        // Checkpoint and rows are read in one transaction, because somebody may be writing both.
        let _one_state = self.db.unchecked_transaction().map_err(|source| self.error(source))?;
        let Some((position, leaf, body)) = self.checkpoint()? else { return Ok(None) };
        let recorded = Position::new(position).map(|position| record.at(position)).transpose()?.flatten();
        if recorded.is_none_or(|recorded| recorded.leaf[..] != leaf[..]) {
            return Ok(None);
        }
        let Ok(frame) = serde_json::from_str(&body) else { return Ok(None) };
        let entries = self.entries().map_err(|source| self.error(source))?;
        Ok(entries.map(|entries| Views::restored(position, frame, entries)))
    }

    /// The position that stored views of this fold stand at, whether or not they are of this record.
    pub(crate) fn position(&self) -> Result<Option<u64>, Error> {
        Ok(self.checkpoint()?.map(|(position, ..)| position))
    }

    fn checkpoint(&self) -> Result<Option<(u64, Vec<u8>, String)>, Error> {
        let query = "SELECT position, leaf, body FROM frame WHERE one = 1 AND fold_version = ?1";
        let row = self.db.query_row(query, [FOLD_VERSION], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
        row.optional().map_err(|source| self.error(source))
    }

    fn entries(&self) -> rusqlite::Result<Option<BTreeMap<Position, crate::Entry>>> {
        let mut rows = self.db.prepare("SELECT position, body FROM entry ORDER BY position")?;
        let mut rows = rows.query([])?;
        let mut entries = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let (position, body): (u64, String) = (row.get(0)?, row.get(1)?);
            match (Position::new(position), serde_json::from_str(&body)) {
                (Some(position), Ok(entry)) => drop(entries.insert(position, entry)),
                _ => return Ok(None),
            }
        }
        Ok(Some(entries))
    }

    /// Writes what changed and the checkpoint that goes with it, in one transaction.
    pub fn save(&mut self, views: &Views, touched: &Touched, leaf: &[u8; 32]) -> Result<(), Error> {
        self.write(views, touched, leaf).map_err(|source| self.error(source))
    }

    fn write(&mut self, views: &Views, touched: &Touched, leaf: &[u8; 32]) -> rusqlite::Result<()> {
        let batch = self.db.transaction()?;
        {
            let mut put =
                batch.prepare_cached("INSERT OR REPLACE INTO entry(position, body) VALUES (?1, ?2)")?;
            for position in touched {
                if let Some(entry) = views.entries.get(position) {
                    put.execute(params![position.get(), json(entry)])?;
                }
            }
        }
        let frame = "INSERT OR REPLACE INTO frame(one, fold_version, position, leaf, body) VALUES (1, ?1, ?2, ?3, ?4)";
        batch.execute(frame, params![FOLD_VERSION, views.position, &leaf[..], json(&views.frame)])?;
        batch.commit()
    }

    /// Forgets everything, for a rebuild.
    pub fn clear(&mut self) -> Result<(), Error> {
        let cleared = self.db.execute_batch("BEGIN; DELETE FROM entry; DELETE FROM frame; COMMIT;");
        cleared.map_err(|source| self.error(source))
    }

    fn error(&self, source: rusqlite::Error) -> Error {
        Error::Store { path: self.path.display().to_string(), source }
    }
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
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
