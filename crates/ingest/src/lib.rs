//! The way in: frames from sockets, forms and NATS become commands, and one sequencer per assembly records them.
//!
//! The main path: bytes are checked and parsed once ([`frame`]), a [`Door`] finds out whose they are ([`access`])
//! and hands a [`Submission`] to the assembly's [`Sequencer`], which decides, appends and answers with an [`Ack`]
//! or a [`Refusal`]. [`nats`] carries frames to a door and answers back; sockets and
//! pages, which live in `web`, do the same.
//!
//! What holds:
//! - an ack leaves only after the event that it speaks of is on the disk;
//! - one id is one event for the life of the assembly, whichever way and however often it comes in;
//! - this crate never reads a projection: what may happen follows from the record alone;
//! - nothing that a person typed, no secret and no address is ever logged here.

pub mod access;
mod checkpoints;
mod clock;
mod code;
mod door;
mod drafts;
mod error;
#[cfg(test)]
mod fixture;
pub mod frame;
mod headcount;
pub mod nats;
pub mod queue;
mod receipt;
mod refusal;
mod sequencer;
mod voice;

pub use access::{
    Access, Address, Asked, BadAddress, CONFIRM_WITHIN_HOURS, Due, Holder, JoinCode, LinkRow, Refused,
    Secret, SessionToken, Standing, SubscriptionId, UpTo, Wanted,
};
pub use checkpoints::{CHECKPOINT_EVERY, origin};
pub use clock::today;
pub use code::decode;
pub use door::{Credential, Door};
pub use drafts::DRAFT;
pub use error::Error;
pub use frame::{Frame, parse_form, parse_json, reply};
pub use headcount::headcount;
pub use receipt::{BadReceipt, Receipt};
pub use refusal::Refusal;
pub use sequencer::{Ack, Asking, QUEUE_COMMANDS_MAX, Sequencer, Submission};
pub use voice::VoiceKey;
