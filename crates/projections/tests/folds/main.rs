//! The fold and what is read from it: given these events, then these figures.
#![cfg(test)]

mod agreement;
mod counting;
mod coverage;
mod decisions;
mod duties;
mod evidence;
mod figures;
mod frame;
mod given;
mod glance;
mod jumps;
mod learner;
mod members;
mod on_the_day;
mod prose;
mod quality;
mod reading;
mod recount;
mod sheet;
mod shown;
mod snapshot;
mod stored;
