//! What a backup and a restored record share: a record is put together anew from the rows of another, in one
//! transaction that sees one state of it.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};
use uuid::Uuid;

use crate::erase::Erasures;
use crate::rows::{Format, Rows};
use crate::{Error, Position, store};

/// "PLNK": keys that were taken out of a record.
const APPLICATION: i64 = 0x504c_4e4b;
const KEYS_FORMAT: i64 = 1;
pub(crate) const KEYS_FILE: &str = "keys.db";

/// Like the table of a record, with the assembly beside it so that keys are not taken for another record's.
const KEYS_TABLES: &str = "
    CREATE TABLE record (
        only INTEGER PRIMARY KEY CHECK (only = 1),
        assembly BLOB NOT NULL CHECK (length(assembly) = 16)
    ) STRICT;
    CREATE TABLE keys (
        position INTEGER PRIMARY KEY CHECK (position > 0),
        key BLOB NOT NULL CHECK (length(key) = 32)
    ) STRICT;
";

const EVENTS: &str = "INSERT INTO main.events (position, id, leaf, public, sealed)
    SELECT position, id, leaf, public, sealed FROM source.events ORDER BY position;";
const TREE: &str = "
    INSERT INTO main.tiles (place, hashes) SELECT place, hashes FROM source.tiles ORDER BY place;
    INSERT INTO main.roots (place, root) SELECT place, root FROM source.roots ORDER BY place;
    INSERT INTO main.checkpoints (number, size, note)
        SELECT number, size, note FROM source.checkpoints ORDER BY number;";
const SEALED: &str =
    "SELECT position, leaf, public FROM main.events WHERE sealed IS NOT NULL ORDER BY position";

/// An empty file of keys; it gets its name when everything is in it.
pub(crate) fn build_keys(path: &Path, assembly: Uuid) -> Result<(), Error> {
    let connection = Connection::open(path)?;
    let built = connection.execute_batch(KEYS_TABLES).and_then(|()| {
        connection.execute("INSERT INTO record (only, assembly) VALUES (1, ?1)", [assembly.as_bytes()])?;
        connection.pragma_update(None, "application_id", APPLICATION)?;
        connection.pragma_update(None, "user_version", KEYS_FORMAT)
    });
    built.map_err(Error::unwritten)?;
    connection.close().map_err(|(_, error)| Error::unwritten(error))
}

/// Fails unless this is a file of keys of that assembly.
pub(crate) fn recognise_keys(path: &Path, assembly: Uuid) -> Result<(), Error> {
    if !path.exists() {
        return Err(Error::Missing { path: path.to_owned() });
    }
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let number = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let numbers = (number("application_id"), number("user_version"));
    let of = connection.query_row("SELECT assembly FROM record", [], |row| row.get::<_, [u8; 16]>(0));
    match (numbers, of) {
        ((Ok(APPLICATION), Ok(KEYS_FORMAT)), Ok(of)) if of == *assembly.as_bytes() => Ok(()),
        ((Ok(APPLICATION), Ok(KEYS_FORMAT)), Ok(_)) => Err(Error::OtherKeys { path: path.to_owned() }),
        _ => Err(Error::NotARecord { path: path.to_owned(), why: "it holds no keys".to_owned() }),
    }
}

/// A new record at `to`, and what else its rows come from.
pub(crate) struct Copy {
    pub(crate) rows: Rows,
}

impl Copy {
    /// Makes a new, empty record at `to` that can read the one at `from` as `source`.
    pub(crate) fn begin(from: &Path, to: &Path) -> Result<Self, Error> {
        let Rows { assembly, format, .. } = store::open_for_reading(from)?;
        remove(to)?;
        store::build(to, assembly)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_URI;
        let connection = Connection::open_with_flags(to, flags)?;
        connection.busy_timeout(store::PATIENCE)?;
        for (name, value) in
            [("synchronous", 2), ("secure_delete", 1), ("trusted_schema", 0), ("temp_store", 2)]
        {
            connection.pragma_update(None, name, value)?;
        }
        attach(&connection, from, "source")?;
        Ok(Self { rows: Rows { connection, assembly, format } })
    }

    pub(crate) fn attach(&self, path: &Path, name: &str) -> Result<(), Error> {
        attach(&self.rows.connection, path, name)
    }

    /// Everything but the keys. The first row that is read settles which state of the source is copied, so whatever
    /// else is taken from it has to be taken in the same transaction.
    pub(crate) fn events(&mut self) -> Result<(), Error> {
        let tree = if self.rows.format == Format::Tree { TREE } else { "" };
        self.run(&format!("{EVENTS}{tree}"))?;
        if self.rows.format == Format::Events {
            store::fill_tiles(&self.rows.connection)?;
            self.rows.format = Format::Tree;
        }
        Ok(())
    }

    pub(crate) fn run(&self, sql: &str) -> Result<(), Error> {
        self.rows.connection.execute_batch(sql).map_err(Error::unwritten)
    }

    /// Takes out what was sealed of the events that a later one erases, and says which they are.
    pub(crate) fn empty_erased(&self) -> Result<Vec<Position>, Error> {
        let erasures = Erasures::of(&self.rows)?;
        let mut erased = Vec::new();
        let mut statement = self.rows.connection.prepare(SEALED)?;
        let mut found = statement.query([])?;
        while let Some(row) = found.next()? {
            let event = self.rows.recorded(row)?;
            if erasures.name(&event) {
                erased.push(event.position);
            }
        }
        drop(found);
        let mut empty =
            self.rows.connection.prepare("UPDATE main.events SET sealed = NULL WHERE position = ?1")?;
        for position in &erased {
            empty.execute([position.key()]).map_err(Error::unwritten)?;
        }
        Ok(erased)
    }

    /// Closes the new record; it is on the disk then.
    pub(crate) fn end(self) -> Result<(), Error> {
        self.rows.connection.close().map_err(|(_, error)| Error::unwritten(error))
    }
}

/// As a file that is only read, whatever the connection may do otherwise, unless it is one that was just made.
fn attach(connection: &Connection, path: &Path, name: &str) -> Result<(), Error> {
    let mode = if name == "saved" { "rw" } else { "ro" };
    let uri = format!("file:{}?mode={mode}", escaped(path));
    connection.execute("ATTACH ?1 AS ?2", [uri.as_str(), name])?;
    Ok(())
}

/// A path as it stands in a URI (RFC 3986).
fn escaped(path: &Path) -> String {
    use std::os::unix::ffi::OsStrExt;
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-".contains(byte);
    let bytes = path.as_os_str().as_bytes().iter();
    bytes
        .map(|byte| if plain(byte) { char::from(*byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// The name under which a file is made.
pub(crate) fn unfinished(path: &Path) -> PathBuf {
    path.with_added_extension("new")
}

/// What an interrupted attempt left.
pub(crate) fn remove(path: &Path) -> Result<(), Error> {
    let mut journal = path.as_os_str().to_owned();
    journal.push("-journal");
    for path in [path.to_owned(), PathBuf::from(journal)] {
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::io(&path)(error));
            }
            _ => {}
        }
    }
    Ok(())
}
