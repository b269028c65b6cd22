//! What the record keeps when the disk or the power fails: the workload runs on a disk that is watched and that can
//! fail, and the record is opened from what is left.
//!
//! `PLENARY_CRASH_STATES` says how many disks a power cut leaves (10,000 by default, a million take an hour), and
//! `PLENARY_SEED` which ones.

mod damage;
mod error;
mod kill;
mod power;
mod served;
mod shim;
mod trace;
mod verdict;

/// Random numbers that follow from a seed (Steele, Lea and Flood 2014, SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }
}

fn seed() -> u64 {
    number("PLENARY_SEED").unwrap_or_else(|| u64::from(std::process::id()))
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}
