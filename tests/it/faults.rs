//! What the record keeps when the disk or the power fails: the workload runs on a disk that is watched and that can
//! fail, and the record is opened from what is left.
//!
//! `PLENARY_CRASH_STATES` says how many disks a power cut leaves (10,000 by default, a million take an hour), and
//! `PLENARY_SEED` which ones (1 by default).

mod damage;
mod error;
mod kill;
mod power;
mod served;
mod shim;
mod trace;
mod verdict;

use crate::harness::{Random, number};

/// The same in every run, so that a change is to blame when a test fails; others are for a longer search.
fn seed() -> u64 {
    number("PLENARY_SEED").unwrap_or(1)
}
