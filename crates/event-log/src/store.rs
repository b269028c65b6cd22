//! The file of a record: its tables, and the settings that every connection to it must have.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::{FromSql, ToSql};
use rusqlite::{Connection, OpenFlags};
use uuid::Uuid;

use crate::Error;
use crate::rows::{Format, Rows};
use crate::tile::{self, Growing, Tile};

const FILE: &str = "record.db";
const LOG_FILE: &str = "record.db-wal";
/// "PLNR", so that a record is told apart from any other SQLite file.
const APPLICATION: i64 = 0x504c_4e52;
/// The versions of the tables below: without the tree, and with it.
const EVENTS_FORMAT: i64 = 1;
const TREE_FORMAT: i64 = 2;

/// The level of `synchronous` at which a commit is on the disk before it returns.
const FULL: i64 = 2;
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);
/// In KiB, as SQLite wants negative numbers to be read. Four times as much made appending no faster at a million events.
const WRITER_CACHE: i64 = -16_384;
/// Small, so that a page which is read once lies in a near cache of the processor and the next one takes its place.
const READER_CACHE: i64 = -1_024;
/// Pages of 4 KiB that the write-ahead log takes before the writer copies them into the file. Callers wait for the
/// copying, and larger numbers made their slowest hundredth slower without making the rest faster. Copying on a
/// connection of its own made nothing faster either, and never caught up: the log grew by 50 MB a second.
const CHECKPOINT_PAGES: i64 = 1_000;
const LOG_LIMIT_BYTES: i64 = 64 * 1024 * 1024;

/// A row is written once; the sealed bytes come last, so that who reads only the public part never touches them.
/// Keys are apart because they are the one thing that may be destroyed.
const EVENT_TABLES: &str = "
    CREATE TABLE record (
        only INTEGER PRIMARY KEY CHECK (only = 1),
        assembly BLOB NOT NULL CHECK (length(assembly) = 16)
    ) STRICT;
    CREATE TABLE events (
        position INTEGER PRIMARY KEY CHECK (position > 0),
        id BLOB UNIQUE CHECK (length(id) = 16),
        leaf BLOB NOT NULL CHECK (length(leaf) = 32),
        public BLOB NOT NULL,
        sealed BLOB
    ) STRICT;
    CREATE TABLE keys (
        position INTEGER PRIMARY KEY CHECK (position > 0),
        key BLOB NOT NULL CHECK (length(key) = 32)
    ) STRICT;
    CREATE TRIGGER record_stays BEFORE UPDATE ON record
        BEGIN SELECT RAISE(ABORT, 'a record never changes its assembly'); END;
    CREATE TRIGGER record_remains BEFORE DELETE ON record
        BEGIN SELECT RAISE(ABORT, 'a record never changes its assembly'); END;
    CREATE TRIGGER events_remain BEFORE DELETE ON events
        BEGIN SELECT RAISE(ABORT, 'a recorded event is never deleted'); END;
    CREATE TRIGGER keys_stay BEFORE UPDATE ON keys
        BEGIN SELECT RAISE(ABORT, 'a key never changes'); END;
";

/// Of a recorded event nothing changes, but that its seal is emptied once its key is gone. A record that was made
/// before there was erasure has a stricter trigger in its place.
const EVENTS_STAY: &str = "
    DROP TRIGGER IF EXISTS events_stay;
    CREATE TRIGGER events_stay BEFORE UPDATE ON events
        WHEN NEW.position <> OLD.position OR NEW.id IS NOT OLD.id OR NEW.leaf <> OLD.leaf
            OR NEW.public <> OLD.public OR NEW.sealed IS NOT NULL
            OR EXISTS (SELECT 1 FROM keys WHERE keys.position = OLD.position)
        BEGIN SELECT RAISE(ABORT, 'a recorded event never changes'); END;
";
const CAN_EMPTY_SEALS: &str =
    "SELECT count(*) FROM sqlite_schema WHERE name = 'events_stay' AND instr(sql, 'NEW.sealed')";

/// Only full tiles are kept, because the others still change. A `place` is the level of a tile times 2^48 and its
/// index. Roots are apart from the hashes under them, because the partial tile of the level above is read from them.
const TREE_TABLES: &str = "
    CREATE TABLE tiles (
        place INTEGER PRIMARY KEY CHECK (place >= 0),
        hashes BLOB NOT NULL CHECK (length(hashes) = 8192)
    ) STRICT;
    CREATE TABLE roots (
        place INTEGER PRIMARY KEY CHECK (place >= 0),
        root BLOB NOT NULL CHECK (length(root) = 32)
    ) STRICT;
    CREATE TABLE checkpoints (
        number INTEGER PRIMARY KEY CHECK (number > 0),
        size INTEGER NOT NULL CHECK (size >= 0),
        note TEXT NOT NULL
    ) STRICT;
    CREATE TRIGGER tiles_stay BEFORE UPDATE ON tiles
        BEGIN SELECT RAISE(ABORT, 'a full tile never changes'); END;
    CREATE TRIGGER tiles_remain BEFORE DELETE ON tiles
        BEGIN SELECT RAISE(ABORT, 'a full tile is never deleted'); END;
    CREATE TRIGGER roots_stay BEFORE UPDATE ON roots
        BEGIN SELECT RAISE(ABORT, 'the root of a full tile never changes'); END;
    CREATE TRIGGER roots_remain BEFORE DELETE ON roots
        BEGIN SELECT RAISE(ABORT, 'the root of a full tile is never deleted'); END;
    CREATE TRIGGER checkpoints_stay BEFORE UPDATE ON checkpoints
        BEGIN SELECT RAISE(ABORT, 'a signed checkpoint never changes'); END;
    CREATE TRIGGER checkpoints_remain BEFORE DELETE ON checkpoints
        BEGIN SELECT RAISE(ABORT, 'a signed checkpoint is never deleted'); END;
";

const INSERT_TILE: &str = "INSERT INTO tiles (place, hashes) VALUES (?1, ?2)";
const INSERT_ROOT: &str = "INSERT INTO roots (place, root) VALUES (?1, ?2)";

/// Where the record of this folder lies.
pub(crate) fn path(folder: &Path) -> PathBuf {
    folder.join(FILE)
}

/// Its write-ahead log, as SQLite names it.
pub(crate) fn log_path(folder: &Path) -> PathBuf {
    folder.join(LOG_FILE)
}

/// Fails where there is a record, or something in the log of one: SQLite would read it into whatever is put beside it.
pub(crate) fn is_vacant(folder: &Path) -> Result<(), Error> {
    let (path, log) = (path(folder), log_path(folder));
    if path.exists() {
        return Err(Error::Exists { path });
    }
    if log.metadata().is_ok_and(|log| log.len() > 0) {
        return Err(Error::Exists { path: log });
    }
    Ok(())
}

/// Makes an empty record at `path`, all of which is on the disk when this returns.
///
/// It is not in write-ahead mode yet, so that it is one file that can be renamed; opening it for writing sets that.
pub(crate) fn build(path: &Path, assembly: Uuid) -> Result<(), Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let mut connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    set(&connection, "synchronous", FULL)?;
    write_tables(&mut connection, assembly).map_err(Error::unwritten)?;
    connection.close().map_err(|(_, error)| Error::unwritten(error))
}

fn write_tables(connection: &mut Connection, assembly: Uuid) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    transaction.execute_batch(EVENT_TABLES)?;
    transaction.execute_batch(EVENTS_STAY)?;
    transaction.execute_batch(TREE_TABLES)?;
    transaction.execute("INSERT INTO record (only, assembly) VALUES (1, ?1)", [assembly.as_bytes()])?;
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", TREE_FORMAT)?;
    transaction.commit()
}

/// A connection that may append; a record of an older format is brought up to this one.
pub(crate) fn open_for_writing(path: &Path) -> Result<Rows, Error> {
    let (mut connection, format) = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    set_for_writing(&connection)?;
    if format == Format::Events {
        grow_tree(&mut connection)?;
    }
    allow_erasure(&connection)?;
    let assembly = assembly(&connection)?;
    Ok(Rows { connection, assembly, format: Format::Tree })
}

/// A connection that cannot write.
pub(crate) fn open_for_reading(path: &Path) -> Result<Rows, Error> {
    let (connection, format) = open(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    set(&connection, "query_only", 1)?;
    set(&connection, "cache_size", READER_CACHE)?;
    let assembly = assembly(&connection)?;
    Ok(Rows { connection, assembly, format })
}

fn allow_erasure(connection: &Connection) -> Result<(), Error> {
    let there: bool = connection.query_row(CAN_EMPTY_SEALS, [], |row| row.get(0))?;
    if there {
        return Ok(());
    }
    let replaced = connection.execute_batch(&format!("BEGIN IMMEDIATE; {EVENTS_STAY} COMMIT;"));
    replaced.map_err(Error::unwritten)
}

/// Gives a record of the first format its tree, from the leaves that it has always had.
fn grow_tree(connection: &mut Connection) -> Result<(), Error> {
    let transaction = connection.transaction()?;
    transaction.execute_batch(TREE_TABLES).map_err(Error::unwritten)?;
    fill_tiles(&transaction)?;
    transaction.pragma_update(None, "user_version", TREE_FORMAT).map_err(Error::unwritten)?;
    transaction.commit().map_err(Error::unwritten)
}

/// Computes the tiles and roots of a record that has none, from its leaves.
pub(crate) fn fill_tiles(connection: &Connection) -> Result<(), Error> {
    let mut tree = Growing::default();
    let mut leaves = connection.prepare("SELECT leaf FROM events ORDER BY position")?;
    let mut rows = leaves.query([])?;
    while let Some(row) = rows.next()? {
        tree.push(row.get(0)?, |tile| insert_tile(connection, &tile))?;
    }
    Ok(())
}

pub(crate) fn insert_tile(connection: &Connection, tile: &Tile) -> Result<(), Error> {
    let place = tile::place(tile.level, tile.index);
    let mut hashes = connection.prepare_cached(INSERT_TILE).map_err(Error::unwritten)?;
    hashes.execute((place, tile.hashes.as_flattened())).map_err(Error::unwritten)?;
    let mut root = connection.prepare_cached(INSERT_ROOT).map_err(Error::unwritten)?;
    root.execute((place, tile.root)).map_err(Error::unwritten)?;
    Ok(())
}

fn open(path: &Path, mode: OpenFlags) -> Result<(Connection, Format), Error> {
    if !path.exists() {
        return Err(Error::Missing { path: path.to_owned() });
    }
    let connection = Connection::open_with_flags(path, mode | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(PATIENCE)?;
    keep_log_on_close(&connection)?;
    let format = recognise(&connection, path)?;
    distrust(&connection)?;
    Ok((connection, format))
}

/// By itself SQLite empties and deletes the write-ahead log with the last connection, also one that merely failed to open
/// the record.
fn keep_log_on_close(connection: &Connection) -> Result<(), Error> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    Ok(())
}

/// For a writer that has closed the record in order.
pub(crate) fn delete_log_on_close(connection: &Connection) -> Result<(), Error> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    Ok(())
}

/// Looks at the two numbers in the file's header before anything is read from its tables.
fn recognise(connection: &Connection, path: &Path) -> Result<Format, Error> {
    let stranger = |why: String| Error::NotARecord { path: path.to_owned(), why };
    match get::<i64>(connection, "application_id") {
        Ok(APPLICATION) => {}
        Ok(other) => return Err(stranger(format!("it was made by application {other}"))),
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase) => {
            return Err(stranger(error.to_string()));
        }
        Err(error) => return Err(error.into()),
    }
    match get::<i64>(connection, "user_version")? {
        EVENTS_FORMAT => Ok(Format::Events),
        TREE_FORMAT => Ok(Format::Tree),
        found if found > TREE_FORMAT => Err(Error::Newer { found, known: TREE_FORMAT }),
        found => Err(stranger(format!("its format is {found}"))),
    }
}

/// A file may come from elsewhere: nothing in its schema may run code, and nobody edits the schema through us.
fn distrust(connection: &Connection) -> Result<(), Error> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    set(connection, "trusted_schema", 0)
}

/// The settings that durability, erasure and the triggers rest on.
fn set_for_writing(connection: &Connection) -> Result<(), Error> {
    let mode: String = connection.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))?;
    if mode != "wal" {
        return Err(Error::Setting { name: "journal_mode", got: mode });
    }
    set(connection, "synchronous", FULL)?;
    set(connection, "secure_delete", 1)?;
    // Without this, INSERT OR REPLACE would delete a row and not fire the trigger that forbids it.
    set(connection, "recursive_triggers", 1)?;
    set(connection, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    set(connection, "journal_size_limit", LOG_LIMIT_BYTES)?;
    set(connection, "cache_size", WRITER_CACHE)
}

/// Some settings answer and some do not, and SQLite ignores what it does not know, so each is read back.
fn set(connection: &Connection, name: &'static str, value: i64) -> Result<(), Error> {
    connection.pragma(None, name, value.to_sql()?, |_| Ok(()))?;
    let got: i64 = get(connection, name)?;
    if got == value { Ok(()) } else { Err(Error::Setting { name, got: got.to_string() }) }
}

fn get<T: FromSql>(connection: &Connection, name: &str) -> rusqlite::Result<T> {
    connection.pragma_query_value(None, name, |row| row.get(0))
}

fn assembly(connection: &Connection) -> Result<Uuid, Error> {
    let bytes = connection.query_row("SELECT assembly FROM record", [], |row| row.get(0))?;
    Ok(Uuid::from_bytes(bytes))
}
