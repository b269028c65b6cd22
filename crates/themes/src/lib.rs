//! Text in, themes out: what a contribution may be about, what is new, what says the same, what stands for many.
//!
//! Main path: [`text`] cuts what was said into folded words that know where they stand in the original, and hashes
//! them and the pieces of them. An [`Engine`] learns from what people confirm which of these speak for which theme, and
//! suggests themes for what nobody has read yet. [`duplicates`] groups what says the same, [`discover`] proposes new
//! themes, [`quotes`] chooses what to quote, and [`honest`] says how far a tally can be trusted. With the feature
//! `semantic`, `Model` says what a whole text means as an [`Embedding`], which the record keeps and the engine learns from
//! as it does from words.
//!
//! Invariants. This crate never touches a clock, a file, chance or a thread, and knows nothing of ours. What it says
//! follows from what it is given, in the order in which it is given, by integers: the same on every machine. (A
//! `Model` counts in floats, in one order, and what it says is rounded before anything else sees it; where texts are
//! chosen, not counted, floats are added in one order and rounded alike everywhere.) It never alters anybody's words:
//! it points into them by byte ranges that cut no character.

mod calibration;
pub mod discover;
pub mod duplicates;
mod embedding;
mod engine;
mod examples;
mod features;
mod fixed;
pub mod honest;
mod learner;
mod meaning;
pub mod quotes;
#[cfg(feature = "semantic")]
mod semantic;
mod space;
mod state;
pub mod text;
mod weights;

pub use embedding::{BadEmbedding, Embedding, WIDTH};
pub use engine::{Engine, Score, Suggestion};
#[cfg(feature = "semantic")]
pub use semantic::{BadModel, Model, TOKENS_MAX};

/// A contribution, by the position at which it stands in the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Item(pub u64);

/// A theme, by the id that the record gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ThemeKey(pub u128);
