//! The one writer of a record.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use rusqlite::{Transaction, TransactionBehavior};
use uuid::Uuid;

use crate::durable::{self, sync_folder};
use crate::rows::Rows;
use crate::start::{self, Signed, Start};
use crate::stored::Stored;
use crate::tile::Growing;
use crate::tree::{self, Hash, Nodes};
use crate::{
    Appended, Checkpoint, Error, Hold, NewEvent, Position, Recorded, Signer, Swept, Words, checkpoint, erase,
    log_file, open_mark, public, store,
};

pub(crate) const LOCK: &str = "record";

/// The only one who appends to a record, for as long as it lives: it holds `record.lock`.
pub struct Writer {
    folder: PathBuf,
    rows: Rows,
    last_recorded_at_ms: u64,
    /// The tree over every event that is on the disk; the last of them is the head.
    tree: Growing,
    signed: Signed,
    state: State,
    /// The public part that is being written; kept so that its memory serves every event.
    scratch: Vec<u8>,
    // Fields are dropped in this order, so the lock outlives the connection.
    _hold: Hold,
}

enum State {
    Taking,
    Stopped,
}

impl Writer {
    /// Makes `folder` where it is missing, readable by its owner only, and an empty record in it.
    pub fn create(folder: &Path, assembly: Uuid) -> Result<Writer, Error> {
        make_folder(folder)?;
        let hold = Hold::take(folder, LOCK)?;
        let path = store::path(folder);
        store::is_vacant(folder)?;
        open_mark::remove(folder)?;
        // The record gets its name last, so that a crash leaves either none or a whole one.
        let unfinished = path.with_extension("new");
        remove_leftovers(&unfinished)?;
        store::build(&unfinished, assembly)?;
        fs::rename(&unfinished, &path).map_err(Error::io(&path))?;
        sync_folder(folder)?;
        Self::open_held(folder, hold)
    }

    /// Opens the record of `folder` to go on with it. What a crash left half-done is undone by SQLite here, and
    /// what was recorded since the last checkpoint is hashed again before anything is put after it. A record that
    /// does not lead to that checkpoint is refused as [`Error::RolledBack`].
    pub fn open(folder: &Path) -> Result<Writer, Error> {
        let path = store::path(folder);
        if !path.exists() {
            return Err(Error::Missing { path });
        }
        let hold = Hold::take(folder, LOCK)?;
        Self::open_held(folder, hold)
    }

    fn open_held(folder: &Path, hold: Hold) -> Result<Writer, Error> {
        let log = store::log_path(folder);
        open_mark::verify(folder, &log)?;
        log_file::verify(&log)?;
        // What the last writer could not sync must not be acknowledged, or built on, because it can still be read.
        durable::write_again(&log)?;
        let rows = store::open_for_writing(&store::path(folder))?;
        let Start { last_recorded_at_ms, tree, signed } = start::verify(folder, &rows)?;
        // A crash may have left keys in the write-ahead log that were destroyed already. Where a reader is in the
        // way, whoever redoes erasures sweeps again.
        erase::sweep(&rows.connection, store::PATIENCE)?;
        // SQLite syncs the name of the write-ahead log as well, and passes over it when that fails.
        sync_folder(folder)?;
        open_mark::put(folder)?;
        let folder = folder.to_owned();
        let (state, scratch) = (State::Taking, Vec::new());
        Ok(Writer { folder, rows, last_recorded_at_ms, tree, signed, state, scratch, _hold: hold })
    }

    /// Appends all of `events` or none, in one transaction that is on the disk when this returns.
    ///
    /// `now_ms` is the time in milliseconds since 1970-01-01 UTC; where it is before that of the last event, the
    /// last event's time is recorded again. After an error that [is fatal](Error::is_fatal) the writer refuses
    /// everything: open the record anew.
    pub fn append(&mut self, events: &[NewEvent], now_ms: u64) -> Result<Vec<Appended>, Error> {
        if matches!(self.state, State::Stopped) {
            return Err(Error::Stopped);
        }
        let recorded_at_ms = now_ms.max(self.last_recorded_at_ms);
        let appended = self.commit(events, recorded_at_ms).inspect_err(|error| self.stop_after(error))?;
        if !appended.is_empty() {
            self.last_recorded_at_ms = recorded_at_ms;
        }
        Ok(appended)
    }

    fn stop_after(&mut self, error: &Error) {
        if error.is_fatal() || !self.rows.connection.is_autocommit() {
            self.state = State::Stopped;
        }
    }

    /// The transaction rolls back when it is dropped, so every early return leaves the record as it was; the tree
    /// of the batch takes the place of the old one when the batch is on the disk.
    fn commit(&mut self, events: &[NewEvent], recorded_at_ms: u64) -> Result<Vec<Appended>, Error> {
        if events.is_empty() {
            return Ok(Vec::new());
        }
        let mut tree = self.tree.clone();
        let mut appended = Vec::with_capacity(events.len());
        let assembly = self.rows.assembly;
        let connection = &mut self.rows.connection;
        let transaction =
            connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(Error::unwritten)?;
        let mut inserts = Inserts::prepare(&transaction)?;
        for event in events {
            let position = Position::new(tree.size() + 1).ok_or(Error::NoPositionLeft)?;
            public::encode(&mut self.scratch, assembly, position, recorded_at_ms, event)?;
            let leaf = tree::leaf(&self.scratch);
            inserts.insert(position, &leaf, &self.scratch, event)?;
            tree.push(leaf, |tile| store::insert_tile(&transaction, &tile))?;
            appended.push(Appended { position, recorded_at_ms, leaf });
        }
        drop(inserts);
        transaction.commit().map_err(Error::unwritten)?;
        self.tree = tree;
        Ok(appended)
    }

    /// Signs the tree over everything that is recorded, and keeps the checkpoint beside the record and in it. Where
    /// nothing was recorded since the last one, that one is given again.
    ///
    /// Nothing is signed before the tree in memory has been held against the one on the disk, and the new tree has
    /// been proven to go on from the one that was signed last. After an error that [is fatal](Error::is_fatal) the
    /// writer refuses everything.
    pub fn checkpoint(&mut self, signer: &Signer) -> Result<Checkpoint, Error> {
        if matches!(self.state, State::Stopped) {
            return Err(Error::Stopped);
        }
        self.sign(signer).inspect_err(|error| self.stop_after(error))
    }

    fn sign(&mut self, signer: &Signer) -> Result<Checkpoint, Error> {
        let size = self.tree.size();
        if let Some(last) = &self.signed.last
            && last.note().names(signer.verifier())
        {
            last.verify(std::slice::from_ref(signer.verifier()))?;
        }
        if let Some(published) = &self.signed.published
            && published.size() == size
            && published.note().names(signer.verifier())
        {
            return Ok(published.clone());
        }
        let root = self.vouched_root()?;
        let made = signer.sign(size, &root)?;
        // The file comes first: what the record publishes must never be newer than what guards it.
        durable::replace(&checkpoint::path(&self.folder), made.to_string().as_bytes())?;
        self.signed.last = Some(made.clone());
        checkpoint::insert(&self.rows, &made)?;
        self.signed.published = Some(made.clone());
        Ok(made)
    }

    /// The root of the tree in memory, which is that of the tree on the disk and goes on from the last that was
    /// signed.
    fn vouched_root(&self) -> Result<Hash, Error> {
        let (size, root) = (self.tree.size(), self.tree.root());
        let mut stored = Stored::new(&self.rows, size);
        if stored.root(size)? != root {
            return Err(Error::TreeDiffers { size });
        }
        let Some(last) = &self.signed.last else { return Ok(root) };
        let proof = stored.consistency(last.size(), size)?;
        if tree::is_consistent((last.size(), last.root()), (size, &root), &proof) {
            Ok(root)
        } else {
            Err(Error::RolledBack { signed: last.size(), found: size })
        }
    }

    /// Destroys the keys of these events, and what was sealed under them, for good. The event that says so must be on
    /// the disk already: without it [`check`](crate::check) takes a missing key for damage. What is gone already is
    /// passed over, so that an erasure which a crash interrupted is simply done again.
    ///
    /// Where this gives [`Swept::Waiting`] the keys are deleted and older pages with them may still lie in the
    /// write-ahead log: [sweep](Writer::sweep) again. After an error that [is fatal](Error::is_fatal) the writer
    /// refuses everything.
    pub fn erase(&mut self, positions: &[Position]) -> Result<Swept, Error> {
        if matches!(self.state, State::Stopped) {
            return Err(Error::Stopped);
        }
        let destroyed = erase::destroy(&mut self.rows.connection, positions);
        destroyed.inspect_err(|error| self.stop_after(error))?;
        self.sweep()
    }

    /// Empties the write-ahead log, as far as readers let it.
    pub fn sweep(&mut self) -> Result<Swept, Error> {
        erase::sweep(&self.rows.connection, store::PATIENCE).inspect_err(|error| self.stop_after(error))
    }

    /// The folder that the record lies in.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The event with this id, so that a command that comes twice can be answered as the first time.
    pub fn find(&self, id: Uuid) -> Result<Option<Recorded>, Error> {
        self.rows.find(id)
    }

    /// The private words of the event at this position, checked against its commitment.
    pub fn words(&self, position: Position) -> Result<Words, Error> {
        self.rows.words(position)
    }

    /// The position of the last event, or nothing when there is none yet.
    pub fn head(&self) -> Option<Position> {
        Position::new(self.tree.size())
    }

    /// The assembly that this is the record of.
    pub fn assembly(&self) -> Uuid {
        self.rows.assembly
    }
}

const INSERT_EVENT: &str =
    "INSERT INTO events (position, id, leaf, public, sealed) VALUES (?1, ?2, ?3, ?4, ?5)";
const INSERT_KEY: &str = "INSERT INTO keys (position, key) VALUES (?1, ?2)";

/// The two statements of an append, prepared once and kept by the connection.
struct Inserts<'a> {
    event: rusqlite::CachedStatement<'a>,
    key: rusqlite::CachedStatement<'a>,
}

impl<'a> Inserts<'a> {
    fn prepare(transaction: &'a Transaction<'_>) -> Result<Self, Error> {
        let event = transaction.prepare_cached(INSERT_EVENT).map_err(Error::unwritten)?;
        let key = transaction.prepare_cached(INSERT_KEY).map_err(Error::unwritten)?;
        Ok(Self { event, key })
    }

    fn insert(
        &mut self,
        position: Position,
        leaf: &[u8; 32],
        public: &[u8],
        event: &NewEvent,
    ) -> Result<(), Error> {
        let id = event.id.as_ref().map(Uuid::as_bytes);
        let sealed = event.words.as_ref().map(|words| words.bytes());
        self.event
            .execute((position.key(), id, leaf, public, sealed))
            .map_err(|error| uninserted(error, event.id))?;
        if let Some(words) = &event.words {
            self.key.execute((position.key(), words.key())).map_err(Error::unwritten)?;
        }
        Ok(())
    }
}

/// The index of ids refuses a second event with the same id; any other conflict means that somebody else wrote.
fn uninserted(error: rusqlite::Error, id: Option<Uuid>) -> Error {
    let code = error.sqlite_error().map(|cause| cause.extended_code);
    match id {
        Some(id) if code == Some(rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE) => Error::Duplicate { id },
        _ => Error::unwritten(error),
    }
}

/// A record that nobody is writing is one file: what is still in the write-ahead log is copied into it at the end.
/// Where that cannot be done now, nothing is lost; whoever opens the record next reads the log as well.
impl Drop for Writer {
    fn drop(&mut self) {
        let emptied = erase::sweep(&self.rows.connection, store::PATIENCE);
        if matches!(emptied, Ok(Swept::Clean)) && open_mark::remove(&self.folder).is_ok() {
            // Where it stays it is empty.
            drop(store::delete_log_on_close(&self.rows.connection));
        }
    }
}

pub(crate) fn make_folder(folder: &Path) -> Result<(), Error> {
    if folder.is_dir() {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(Error::io(folder))?;
    folder.parent().map_or(Ok(()), sync_folder)
}

/// What an interrupted creation left; nobody else is at it, because the lock is held.
fn remove_leftovers(unfinished: &Path) -> Result<(), Error> {
    for path in [unfinished.to_owned(), unfinished.with_extension("new-journal")] {
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::io(&path)(error));
            }
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::Connection;
    use serde_json::value::RawValue;

    fn event(payload: &str) -> NewEvent {
        NewEvent {
            kind: "contributed".into(),
            schema: 1,
            stream: "round/1".into(),
            channel: None,
            device: None,
            voice: None,
            id: None,
            reference: None,
            payload: RawValue::from_string(format!("\"{payload}\"")).unwrap(),
            words: None,
        }
    }

    fn record() -> (tempfile::TempDir, Writer) {
        let folder = tempfile::tempdir().unwrap();
        let writer = Writer::create(folder.path(), Uuid::from_u128(7)).unwrap();
        (folder, writer)
    }

    fn limit_pages(writer: &Writer, pages: i64) {
        writer.rows.connection.pragma(None, "max_page_count", pages, |_| Ok(())).unwrap();
    }

    #[test]
    fn a_full_disk_refuses_the_batch_and_room_takes_it() {
        let (folder, mut writer) = record();
        writer.append(&[event("first")], 5).unwrap();
        limit_pages(&writer, 1);
        let batch = [event("small"), event(&"x".repeat(20_000))];

        let refused = writer.append(&batch, 9).unwrap_err();

        assert!(matches!(refused, Error::Full), "{refused}");
        assert_eq!((writer.head(), writer.last_recorded_at_ms), (Some(Position::FIRST), 5));
        assert_eq!(crate::check(folder.path()).unwrap().head, Some(Position::FIRST));
        limit_pages(&writer, 1_000_000);
        assert_eq!(writer.append(&batch, 9).unwrap().len(), 2);
    }

    #[test]
    fn a_writer_stops_for_good_when_somebody_else_has_written() {
        let (folder, mut writer) = record();
        let stranger = Connection::open(store::path(folder.path())).unwrap();
        stranger
            .execute(INSERT_EVENT, (1, None::<[u8; 16]>, [0; 32], "{}".as_bytes(), None::<[u8; 1]>))
            .unwrap();

        let broken = writer.append(&[event("first")], 5).unwrap_err();

        assert!(matches!(broken, Error::Broken(_)) && broken.is_fatal(), "{broken}");
        assert!(matches!(writer.append(&[event("first")], 5), Err(Error::Stopped)));
    }

    #[test]
    fn a_record_that_is_kept_busy_is_tried_again() {
        let (folder, mut writer) = record();
        writer.rows.connection.busy_timeout(std::time::Duration::ZERO).unwrap();
        let stranger = Connection::open(store::path(folder.path())).unwrap();
        stranger.execute_batch("BEGIN IMMEDIATE").unwrap();

        let refused = writer.append(&[event("first")], 5).unwrap_err();

        assert!(matches!(refused, Error::Busy), "{refused}");
        stranger.execute_batch("ROLLBACK").unwrap();
        assert_eq!(writer.append(&[event("first")], 5).unwrap().len(), 1);
    }

    #[test]
    fn the_settings_that_promises_rest_on_are_in_force() {
        let (_folder, writer) = record();
        let get = |name| {
            let connection = &writer.rows.connection;
            connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).unwrap()
        };
        assert_eq!(get("synchronous"), 2);
        assert_eq!(get("secure_delete"), 1);
        assert_eq!(get("recursive_triggers"), 1);
        assert_eq!(get("trusted_schema"), 0);
        let connection = &writer.rows.connection;
        let refused = connection.execute("INSERT OR REPLACE INTO record VALUES (1, zeroblob(16))", []);
        assert!(refused.unwrap_err().to_string().contains("never"));
    }
}
