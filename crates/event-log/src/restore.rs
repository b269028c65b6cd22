//! A record put together again from a backup. Whatever its events say was erased stays erased, however old the keys
//! are that are brought to it.

use std::path::{Path, PathBuf};

use crate::backup::finish;
use crate::copy::{Copy, KEYS_FILE, recognise_keys, remove, unfinished};
use crate::durable::{self, sync_folder};
use crate::{Checkpoint, Error, Hold, Position, Report, check, checkpoint, open_mark, start, store, writer};

/// Where a backup lies.
#[derive(Clone, Debug)]
pub struct Backup {
    pub folder: PathBuf,
    /// `keys.db` of the same folder where nothing is said.
    pub keys: Option<PathBuf>,
}

const KEYLESS: &str = "SELECT min(position) FROM main.events
    WHERE sealed IS NOT NULL AND position NOT IN (SELECT position FROM main.keys)";

/// Makes the record of `folder` from a backup, and gives what a full check of it found. Where there is a record already, nothing
/// is touched. A key comes back only for words that were not erased.
///
/// The new record must lead to the checkpoint that lies in `folder`, if one was left there, and to the one in the
/// backup: a copy that ends before what was signed is refused as [`Error::RolledBack`].
pub fn restore(backup: &Backup, folder: &Path) -> Result<Report, Error> {
    let path = store::path(folder);
    store::is_vacant(folder)?;
    let from = store::path(&backup.folder);
    let keys = backup.keys.clone().unwrap_or_else(|| backup.folder.join(KEYS_FILE));
    recognise_keys(&keys, store::open_for_reading(&from)?.assembly)?;
    writer::make_folder(folder)?;
    let _hold = Hold::take(folder, writer::LOCK)?;
    let new = unfinished(&path);
    let made = make(&from, &keys, &new).and_then(|()| vouch(&new, folder, &backup.folder));
    let (report, newest) = made.or_else(|error| remove(&new).and(Err(error)))?;
    if let Some(newest) = newest {
        durable::replace(&checkpoint::path(folder), newest.to_string().as_bytes())?;
    }
    // Of the record that lay here before.
    open_mark::remove(folder)?;
    finish(&new, &path)?;
    sync_folder(folder)?;
    Ok(report)
}

fn make(from: &Path, keys: &Path, new: &Path) -> Result<(), Error> {
    let mut copy = Copy::begin(from, new)?;
    copy.attach(keys, "brought")?;
    copy.run("BEGIN")?;
    copy.events()?;
    // The keys come after this, and only to what is still sealed then.
    copy.empty_erased()?;
    copy.run(
        "INSERT INTO main.keys SELECT position, key FROM brought.keys
         WHERE position IN (SELECT position FROM main.events WHERE sealed IS NOT NULL) ORDER BY position",
    )?;
    let keyless: Option<i64> = copy.rows.connection.query_row(KEYLESS, [], |row| row.get(0))?;
    if let Some(position) = keyless.and_then(Position::from_key) {
        return Err(Error::KeyMissing { position, path: keys.to_owned() });
    }
    copy.run("COMMIT")?;
    copy.end()
}

/// Looks at everything, and gives the newest checkpoint that the record leads to.
fn vouch(new: &Path, folder: &Path, backup: &Path) -> Result<(Report, Option<Checkpoint>), Error> {
    let rows = store::open_for_reading(new)?;
    let mut signed = Vec::new();
    for folder in [folder, backup] {
        signed.extend(checkpoint::of_folder(folder)?);
    }
    for checkpoint in &signed {
        start::leads_to(&rows, checkpoint)?;
    }
    let report = check::of(&rows, signed.clone())?;
    Ok((report, signed.into_iter().max_by_key(Checkpoint::size)))
}
