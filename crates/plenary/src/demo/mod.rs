//! The assembly day that `demo` holds: what is said in `day.toml`, in an order that comes from the seed, by clients
//! that connect like everybody else's.
//!
//! [`script`] reads the day, [`schedule`] puts it in order, [`frames`] writes what each one sends, [`client`] sends
//! it over a socket of its own and waits for the answer, [`day`] runs it all, [`progress`] shows how far it is.

pub(crate) mod client;
pub(crate) mod day;
mod frames;
pub(crate) mod progress;
mod random;
mod schedule;
pub(crate) mod script;
