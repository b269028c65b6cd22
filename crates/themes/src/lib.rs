//! Text in, themes out: what a contribution may be about, what is new, what says the same, what stands for many.
//!
//! Main path: [`text`] cuts what was said into folded words that know where they stand in the original, and hashes
//! them and the pieces of them; everything else works on those. What a whole text means to a
//! sentence model is an [`Embedding`], which the record keeps.
//!
//! Invariants. This crate never touches a clock, a file, chance or a thread, and knows nothing of ours. What it says
//! follows from what it is given, in the order in which it is given, by integers: the same on every machine. It never
//! alters anybody's words: it points into them by byte ranges that cut no character.

mod embedding;
pub mod text;

pub use embedding::{BadEmbedding, Embedding, WIDTH};

/// A contribution, by the position at which it stands in the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Item(pub u64);

/// A theme, by the id that the record gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ThemeKey(pub u128);
