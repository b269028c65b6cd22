//! Folds the record into what people read: live theme tallies, coverage, the evidence summary.
//!
//! Main path: [`follower`] reads what is new in the record, [`views`] folds it (a plain function, no I/O), [`store`]
//! keeps the result beside the record, [`tally`] and [`summary`] answer from it. Every number goes through
//! [`figure::Query`], so that a figure and the list of contributions behind it cannot disagree.
//!
//! Invariants. This crate never writes the record and knows no network. It keeps no participant's words: what it
//! stores may be deleted at any time and is rebuilt by replay, byte for byte. Room figures are tables and remote
//! figures are voices; they stand side by side and are never added into one number.

mod candidates;
mod chronicle;
mod code_frame;
pub mod decisions;
pub mod drafting;
pub mod duties;
mod engines;
mod entry;
pub mod figure;
pub mod follower;
mod frame;
mod glance;
pub mod interchange;
mod jumps;
mod learner;
mod log_files;
mod marks;
pub mod members;
pub mod news;
mod polls;
pub mod prose;
pub mod quality;
mod quotes;
pub mod ranking;
mod reading;
mod recorded;
mod room;
mod snapshot;
pub mod store;
pub mod summary;
pub mod summary_csv;
pub mod tally;
mod understanding;
pub mod views;
mod words;

pub use chronicle::{Happened, Happening};
pub use duties::{DutyState, Ledger, Timing};
pub use engines::Engines;
pub use event_log::Position;
pub use figure::{Figure, Query, Side, Unit};
pub use follower::Projection;
pub use glance::{Beside, Glance, ThemeGlance};
pub use interchange::{FrameDocument, Topics};
pub use jumps::{Jump, jumps, undone};
pub use learner::{Learner, Saying};
pub use log_files::LogFiles;
pub use marks::{Ballot, Elector, MarkKey, Marks, Reactions, Touched};
pub use news::{News, Told};
pub use polls::{Hands, OptionTally, PollState, PollTally, poll_tally};
pub use quality::{Quality, quality};
pub use reading::{Pace, Wait};
pub use recorded::Recorded;
pub use room::{TableChange, TableWhat};
pub use snapshot::{Compared, Fate, Snapshot, compare};
pub use summary::{EvidenceSummary, summary};
pub use tally::{Coverage, Tallies, ThemeTally, coverage, tallies};
pub use understanding::SentenceModel;
pub use views::{Attention, Entry, Found, Later, Standing, ThemeState, Views};
pub use words::WordsReader;

/// What an operator reads when a projection cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("read the record")]
    Record(#[from] event_log::Error),
    #[error("keep the views in `{path}`")]
    Store { path: String, source: rusqlite::Error },
    #[error("event {position} is of kind `{kind}`, which this version does not know; use a newer one")]
    UnknownEvent { position: Position, kind: String, source: serde_json::Error },
    #[error("write the summary as CSV")]
    Csv(#[from] csv::Error),
    #[error("the views at position {position} differ from a replay of the record; they have been rebuilt")]
    Differs { position: u64 },
    #[error(
        "they stand at position {position}, and the record ends at {head}, so it has lost its end; where that is known, \
         `plenary replay` builds them anew"
    )]
    Ahead { position: u64, head: u64 },
    #[error("at position {position} they are not what the record says; `plenary replay` builds them anew")]
    Unlike { position: u64 },
    #[error("start the thread that follows the record")]
    Thread(#[source] std::io::Error),
}
