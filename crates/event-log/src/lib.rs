//! The record of one assembly: an append-only log of events in one SQLite file, `record.db`.
//!
//! The main path is [`Writer::append`]: a batch of events is given positions, written out as exact bytes, hashed
//! into leaves and committed in one transaction that is on the disk when the call returns. [`Reader`] reads pages
//! of them from any thread or process, and [`check`] recomputes everything that can be recomputed. The leaves are a
//! Merkle tree: [`Writer::checkpoint`] signs its root, [`Reader::tile`] and [`Reader::entries`] serve it, and a
//! [`Proof`] shows offline that an event is in it. FORMAT.md says what stands in the files, byte by byte.
//!
//! What holds:
//! - positions run 1, 2, 3 … without a gap, in the order of commit, because there is one writer and a lock says so;
//! - the public part of an event is kept and hashed as the bytes that were written, and is never serialised again;
//! - private words lie in the file only under a key of their own, and the public part commits to them by a hash;
//! - a tile is stored in the transaction of the event that fills it, and the tree in memory is the one on the disk;
//! - nothing is signed that does not go on from what was signed last, and a record that does not is not written;
//! - a key is destroyed only after an event that says so is on the disk, and the event that it opened stays;
//! - the time of recording never goes backwards, whatever the clock does.
//!
//! This crate never reads a clock, never looks into a payload, never logs, and knows nothing of assemblies beyond
//! the id of the one whose record it keeps. Of all kinds of events it knows one, [`ERASED`].

mod backup;
mod check;
mod checkpoint;
mod copy;
mod durable;
mod erase;
mod error;
mod event;
mod hex;
mod hold;
mod log_file;
mod note;
mod open_mark;
mod position;
mod proof;
mod public;
mod reader;
mod receipt;
mod restore;
mod rows;
mod seal;
mod signer;
mod start;
mod store;
mod stored;
mod tile;
mod tree;
mod writer;

#[cfg(test)]
mod worked_example;

pub use backup::{Saved, backup};
pub use check::{Report, check};
pub use checkpoint::Checkpoint;
pub use erase::{ERASED, Swept};
pub use error::Error;
pub use event::{Appended, NewEvent, Recorded};
pub use hold::Hold;
pub use note::{NOTE_LIMIT, Note, Origin, VerifierKey};
pub use position::Position;
pub use proof::{EXTRA_LIMIT, PROOF_LIMIT, Proof};
pub use public::{PUBLIC_LIMIT, Public};
pub use reader::Reader;
pub use receipt::Told;
pub use restore::{Backup, restore};
pub use seal::{Opening, Sealed, WORDS_LIMIT, Words};
pub use signer::Signer;
pub use tile::{NoSuchPath, Resource, Width};
pub use tree::Hash;
pub use writer::Writer;
