//! What must hold whatever bytes come from outside, one file for each sort of bytes.
//!
//! A property takes any bytes, panics where the product breaks its word, and says whether the product took the bytes.
//! The same functions are run twice: by libFuzzer (`scripts/fuzz`), which looks for bytes that nobody has thought of, and
//! by `tests/it/fuzz.rs`, over the seeds and thousands of changed ones. Bytes that broke something once become a seed.
//!
//! The oracles in here are written from FORMAT.md and from the RFCs, and not with the code that they are held against.

mod bytes;
mod example;
pub mod frame;
pub mod import;
pub mod leaf;
pub mod note;
pub mod proof;
pub mod receipt;
pub mod socket;
// The mapping of an import, the tree of a record and what reads a socket have no door of their own for foreign code, and
// need none: they are taken in from where they lie.
#[path = "../../../crates/web/src/live/incoming.rs"]
#[rustfmt::skip]
mod incoming;
#[path = "../../../crates/plenary/src/toml_file.rs"]
#[rustfmt::skip]
mod toml_file;
#[path = "../../../crates/event-log/src/tree.rs"]
#[expect(dead_code, unreachable_pub, reason = "the record uses more of the tree, and shows its hashes to others")]
#[rustfmt::skip]
mod tree;

/// A property, and whether the product took the bytes.
pub type Property = fn(&[u8]) -> Taken;

/// Whether bytes were understood and accepted, so that a test can tell whether its seeds get anywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    Yes,
    No,
}

/// All of them, by the names of their targets and of the folders with their seeds.
pub const TARGETS: [(&str, Property); 7] = [
    ("frame", frame::check),
    ("import", import::check),
    ("leaf", leaf::check),
    ("note", note::check),
    ("proof", proof::check),
    ("receipt", receipt::check),
    ("socket", socket::check),
];
