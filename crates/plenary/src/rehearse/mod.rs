//! `rehearse`: what a record holds, said once more as a drill against a scratch copy, by devices that connect like
//! everybody else's, while somebody pulls plugs.
//!
//! [`plan`] reads the record and never writes it, [`frames`] says who sends what for each event, [`clock`] keeps the
//! drill's time, [`device`] is one tablet or phone with its outbox, [`tablet`] tells the run of show that it is there, [`by_hand`] hears what is typed meanwhile, [`drill`]
//! runs it all and [`report`] compares what arrived with what was said, and the tallies with the record's.

pub(crate) mod by_hand;
mod clock;
mod device;
pub(crate) mod drill;
mod frames;
pub(crate) mod plan;
pub(crate) mod report;
mod tablet;
pub(crate) mod unplug;
