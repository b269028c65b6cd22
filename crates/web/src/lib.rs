//! Pages and the live feed: server-rendered, complete without script, right while they are being read.
//!
//! Main path: [`routes`] lists every address with the roles that it admits; [`guard`] lets a request through;
//! `pages/` draw from a [`projections::Views`]; a form ends in [`ingest::Sequencer::submit`] and is drawn again, with
//! what was typed, if it is refused; [`live`] tells open pages what changed.
//!
//! Invariants. This crate never writes but through the sequencer. Every word that a person reads comes from the
//! message catalogue in `locales/`. Words of participants stand on public pages only when a person has read them and
//! no moderator holds them back. No page needs script, and none loads anything from another host.

mod assets;
mod counted;
mod diff;
mod error;
mod guard;
mod house;
mod letter;
mod link;
pub mod live;
mod pages;
pub mod paper;
mod past;
mod presence;
mod routes;
mod say;
mod when;

pub use error::Error;
pub use house::{Drafts, House, Mail, Printer, Settings};
pub use letter::{Letter, News};
pub use routes::router;
