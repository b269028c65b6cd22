//! Reading the record, from any thread or process, while somebody writes it.

use std::cell::RefCell;
use std::ops::ControlFlow;
use std::path::Path;

use uuid::Uuid;

use crate::rows::Rows;
use crate::seal::{Opened, Opening};
use crate::stored::{self, Peaks, Stored};
use crate::tree::{Hash, Nodes};
use crate::{Checkpoint, Error, Position, Proof, Public, Recorded, Width, Words, checkpoint, receipt, store};

/// A connection to the record that cannot write. It may be sent to another thread, and any number may be open.
///
/// Each call reads in a transaction of its own and sees every event that was committed before it.
pub struct Reader {
    rows: Rows,
    /// Of the tree that was asked for last: proofs come in numbers under one checkpoint.
    peaks: RefCell<Peaks>,
}

impl Reader {
    /// Opens `folder/record.db`, whether or not somebody is writing it.
    pub fn open(folder: &Path) -> Result<Reader, Error> {
        Ok(Reader { rows: store::open_for_reading(&store::path(folder))?, peaks: RefCell::default() })
    }

    /// The assembly that this is the record of.
    pub fn assembly(&self) -> Uuid {
        self.rows.assembly
    }

    /// The position of the last event, or nothing when there is none yet.
    pub fn head(&self) -> Result<Option<Position>, Error> {
        self.rows.head()
    }

    /// Up to `limit` events that follow `after`, or the first ones, in order. Keep pages to a few thousand: a
    /// long read keeps the write-ahead log from being emptied.
    pub fn page(&self, after: Option<Position>, limit: usize) -> Result<Vec<Recorded>, Error> {
        self.rows.page(after, limit)
    }

    /// Shows up to `limit` events that follow `after`, or the first ones, in order: what a fold over a long record uses,
    /// because nothing of them is copied. `see` may stop early. Keep `limit` to a few thousand, as for [`Reader::page`].
    pub fn each<E: From<Error>>(
        &self,
        after: Option<Position>,
        limit: usize,
        see: impl FnMut(Public<'_>) -> Result<ControlFlow<()>, E>,
    ) -> Result<(), E> {
        self.rows.each(after, limit, see)
    }

    /// The event at this position, or nothing when the record is not that long.
    pub fn at(&self, position: Position) -> Result<Option<Recorded>, Error> {
        self.rows.at(position)
    }

    /// The event with this id.
    pub fn find(&self, id: Uuid) -> Result<Option<Recorded>, Error> {
        self.rows.find(id)
    }

    /// The private words of the event at this position, checked against its commitment.
    pub fn words(&self, position: Position) -> Result<Words, Error> {
        self.rows.words(position)
    }

    /// What opens the commitment of the event at this position, checked against it; nothing where the event has no
    /// private words, or their key is gone. Keys are never handed out.
    pub fn opening(&self, position: Position) -> Result<Option<Opening>, Error> {
        match self.rows.open(position)? {
            Opened::Open(opening) => Ok(Some(opening)),
            Opened::None | Opened::Gone => Ok(None),
        }
    }

    /// The hashes of a tile, 32 bytes each, or nothing where the tree has fewer of this level. What is given for one
    /// width never changes.
    pub fn tile(&self, level: u8, index: u64, width: Width) -> Result<Option<Vec<u8>>, Error> {
        stored::tile(&self.rows, level, index, width)
    }

    /// The public parts of the events under a tile of level 0, each behind its length in two bytes, the high one
    /// first; or nothing where the record has fewer. What is given for one width never changes.
    pub fn entries(&self, index: u64, width: Width) -> Result<Option<Vec<u8>>, Error> {
        stored::entries(&self.rows, index, width)
    }

    /// The last checkpoint that was signed, or nothing before the first.
    pub fn checkpoint(&self) -> Result<Option<Checkpoint>, Error> {
        checkpoint::last(&self.rows)
    }

    /// Every checkpoint that was signed, in the order of signing.
    pub fn checkpoints(&self) -> Result<Vec<Checkpoint>, Error> {
        checkpoint::all(&self.rows)
    }

    /// The proof that the event at this position is under the last checkpoint, or nothing where none is over it
    /// yet. Takes the hashes of a few tiles, however long the record is.
    pub fn proof(&self, position: Position) -> Result<Option<Proof>, Error> {
        let Some(checkpoint) = self.checkpoint()?.filter(|last| last.size() >= position.get()) else {
            return Ok(None);
        };
        let path = self.inclusion(position, checkpoint.size())?;
        Ok(Some(Proof { extra: None, position, path, checkpoint }))
    }

    /// The same proof with all that is needed to check it without the record: the public part of the event, and what
    /// opens its private words where they can still be opened. See [`Proof::told`].
    pub fn receipt(&self, position: Position) -> Result<Option<Proof>, Error> {
        let Some(proof) = self.proof(position)? else { return Ok(None) };
        let event = self.at(position)?.ok_or(Error::NoSuchEvent { position })?;
        let extra = receipt::encode(&event.bytes, self.opening(position)?.as_ref())?;
        Ok(Some(Proof { extra: Some(extra), ..proof }))
    }

    /// The hashes that lead from the leaf of an event to the root of the tree over the first `size` events
    /// (RFC 6962, section 2.1.1). The record must have as many.
    pub fn inclusion(&self, position: Position, size: u64) -> Result<Vec<Hash>, Error> {
        self.tree(size.max(position.get()))?.inclusion(position.index(), size)
    }

    /// The hashes that show that the tree over the first `new` events goes on from the one over the first `old`
    /// (RFC 6962, section 2.1.2). The record must have as many.
    pub fn consistency(&self, old: u64, new: u64) -> Result<Vec<Hash>, Error> {
        self.tree(old.max(new))?.consistency(old, new)
    }

    /// The root of the tree over the first `size` events. The record must have as many.
    pub fn root(&self, size: u64) -> Result<Hash, Error> {
        self.tree(size)?.root(size)
    }

    fn tree(&self, size: u64) -> Result<Stored<'_>, Error> {
        match Position::new(size) {
            Some(position) if size > self.rows.size()? => Err(Error::NoSuchEvent { position }),
            _ => Stored::with_peaks(&self.rows, size, &mut self.peaks.borrow_mut()),
        }
    }
}
