//! What is verified when a record is opened to go on with it.
//!
//! The tree of the newest checkpoint is put together again from the tiles and must have the root that was signed;
//! every event behind it is hashed again. What lies before was hashed when it was written, and is for
//! [`check`](crate::check) to look at.

use std::path::Path;

use crate::rows::Rows;
use crate::stored::{self, Stored};
use crate::tile::Growing;
use crate::tree::{self, Nodes};
use crate::{Checkpoint, Error, Position, checkpoint};

/// How many of the last events are hashed again in any case: a crash can only have hurt the end.
const LOOK_BACK: u64 = 256;
const TAIL: &str = "SELECT position, leaf, public FROM events WHERE position > ?1 ORDER BY position";

/// Where a writer goes on from.
pub(crate) struct Start {
    pub(crate) last_recorded_at_ms: u64,
    pub(crate) tree: Growing,
    pub(crate) signed: Signed,
}

/// The last checkpoints over a record.
#[derive(Default)]
pub(crate) struct Signed {
    /// The one that the next must go on from.
    pub(crate) last: Option<Checkpoint>,
    /// The one that the record holds, which a crash may have left behind the other.
    pub(crate) published: Option<Checkpoint>,
}

/// Vouches for the record of `folder` as far as a writer needs it.
pub(crate) fn verify(folder: &Path, rows: &Rows) -> Result<Start, Error> {
    let signed = last_signed(folder, rows)?;
    let head = rows.head()?;
    let size = head.map_or(0, Position::get);
    let vouched = signed.last.as_ref().map_or(0, Checkpoint::size);
    let tree = rehash(rows, vouched.min(size.saturating_sub(LOOK_BACK)))?;
    let last = head.map(|head| rows.at(head)).transpose()?.flatten();
    let last_recorded_at_ms = last.map_or(0, |event| event.recorded_at_ms);
    Ok(Start { last_recorded_at_ms, tree, signed })
}

/// The newest checkpoint, beside the record or in it; the record must lead to both.
fn last_signed(folder: &Path, rows: &Rows) -> Result<Signed, Error> {
    // The file is read first: what it was signed over was in the record by then.
    let beside = checkpoint::of_folder(folder)?;
    let published = checkpoint::last(rows)?;
    for checkpoint in [&beside, &published].into_iter().flatten() {
        leads_to(rows, checkpoint)?;
    }
    let newer = [&beside, &published].into_iter().flatten().max_by_key(|checkpoint| checkpoint.size());
    Ok(Signed { last: newer.cloned(), published })
}

/// Fails unless the record has the events that this checkpoint was signed over.
pub(crate) fn leads_to(rows: &Rows, checkpoint: &Checkpoint) -> Result<(), Error> {
    let (signed, found) = (checkpoint.size(), rows.size()?);
    let same = signed <= found && Stored::new(rows, signed).root(signed)? == *checkpoint.root();
    if same { Ok(()) } else { Err(Error::RolledBack { signed, found }) }
}

/// Hashes the events behind `from` again, holds the tiles that they fill against the stored ones, and gives the
/// whole tree.
fn rehash(rows: &Rows, from: u64) -> Result<Growing, Error> {
    let mut tree = Stored::new(rows, from).growing()?;
    let mut statement = rows.connection.prepare(TAIL)?;
    let mut found = statement.query([from.cast_signed()])?;
    while let Some(row) = found.next()? {
        let next = Position::new(tree.size() + 1).ok_or(Error::NoPositionLeft)?;
        let leaf = tree::leaf(row.get_ref(2)?.as_blob().unwrap_or_default());
        if row.get::<_, i64>(0)? != next.key() {
            return Err(Error::damaged(next, "it is missing"));
        }
        if row.get_ref(1)?.as_blob().ok() != Some(&leaf) {
            return Err(Error::damaged(next, "its leaf is not the hash of its public part"));
        }
        tree.push(leaf, |tile| stored::same_tile(rows, &tile))?;
    }
    Ok(tree)
}
