//! How fast, and how evenly.

use std::time::Duration;

/// What one measurement found: how many in a second, and how long each took.
pub(crate) struct Spread {
    pub(crate) per_second: f64,
    pub(crate) p50_us: u64,
    pub(crate) p99_us: u64,
}

impl Spread {
    /// From the microseconds that each took, over the time that all of them took.
    pub(crate) fn of(mut micros: Vec<u64>, elapsed: Duration) -> Self {
        micros.sort_unstable();
        Spread {
            per_second: micros.len() as f64 / elapsed.as_secs_f64(),
            p50_us: at(&micros, 50),
            p99_us: at(&micros, 99),
        }
    }
}

fn at(sorted: &[u64], percent: usize) -> u64 {
    let index = sorted.len() * percent / 100;
    sorted.get(index.min(sorted.len().saturating_sub(1))).copied().unwrap_or_default()
}

/// The middle one of the rates, so that one disturbed measurement does not move it.
pub(crate) fn median(rates: &[f64]) -> f64 {
    let mut sorted = rates.to_vec();
    sorted.sort_by(f64::total_cmp);
    let half = sorted.len() / 2;
    match sorted.len() {
        0 => 0.0,
        even if even % 2 == 0 => f64::midpoint(sorted[half - 1], sorted[half]),
        _ => sorted[half],
    }
}
