//! A copy of a record while it is written: the record without its keys, the keys, and the last checkpoint, as files
//! that can be kept for different times.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::copy::{Copy, KEYS_FILE, build_keys, remove, unfinished};
use crate::durable::{self, sync_folder};
use crate::{Error, Position, checkpoint, store, writer};

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// The last event.
    pub head: Option<Position>,
    /// How many events have a key beside them.
    pub keys: u64,
    /// Over how many events the checkpoint is that lies beside it; nothing where none was signed yet.
    pub signed: Option<u64>,
}

/// Copies the record of `folder` into `out`, which may not hold one yet: `record.db` without keys, `keys.db`, and
/// `record.checkpoint` where there is one. Others may write and read meanwhile; both files are of one moment. All is on the disk
/// when this returns, and a file has its name only when it is whole.
///
/// What was erased is in neither file, even where an erasure is not finished yet.
pub fn backup(folder: &Path, out: &Path) -> Result<Saved, Error> {
    // Read first, so that the events under it are in the copy.
    let signed = checkpoint::of_folder(folder)?;
    let (record, keys) = (store::path(out), out.join(KEYS_FILE));
    for path in [&record, &keys] {
        if path.exists() {
            return Err(Error::Exists { path: path.clone() });
        }
    }
    writer::make_folder(out)?;
    let (new_record, new_keys) = (unfinished(&record), unfinished(&keys));
    remove(&new_keys)?;
    let mut copy = Copy::begin(&store::path(folder), &new_record)?;
    build_keys(&new_keys, copy.rows.assembly)?;
    copy.attach(&new_keys, "saved")?;
    let saved = fill(&mut copy)?;
    copy.end()?;
    for (new, path) in [(&new_keys, &keys), (&new_record, &record)] {
        finish(new, path)?;
    }
    if let Some(signed) = &signed {
        durable::replace(&checkpoint::path(out), signed.to_string().as_bytes())?;
    }
    sync_folder(out)?;
    Ok(Saved { signed: signed.map(|signed| signed.size()), ..saved })
}

fn fill(copy: &mut Copy) -> Result<Saved, Error> {
    copy.run("BEGIN")?;
    copy.events()?;
    copy.run("INSERT INTO saved.keys SELECT position, key FROM source.keys ORDER BY position")?;
    let erased = copy.empty_erased()?;
    let mut forget = copy.rows.connection.prepare("DELETE FROM saved.keys WHERE position = ?1")?;
    for position in erased {
        forget.execute([position.key()]).map_err(Error::unwritten)?;
    }
    drop(forget);
    copy.run("COMMIT")?;
    let keys = copy.rows.connection.query_row("SELECT count(*) FROM saved.keys", [], |row| row.get(0))?;
    Ok(Saved { head: copy.rows.head()?, keys, signed: None })
}

/// Gives a whole file its name.
pub(crate) fn finish(new: &Path, path: &Path) -> Result<(), Error> {
    let private = Permissions::from_mode(0o600);
    let synced = fs::set_permissions(new, private).and_then(|()| fs::File::open(new)?.sync_all());
    synced.and_then(|()| fs::rename(new, path)).map_err(Error::io(path))
}
