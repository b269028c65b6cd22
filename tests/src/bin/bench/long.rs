//! A long record: filled first, then appended to, proven from, opened anew and replayed.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use event_log::{Position, Reader};

use crate::spread::Spread;
use crate::{appends, replay};

const FILL_BATCH: u64 = 1_000;
const PROOFS: u64 = 2_000;
/// Far from each other, so that no proof finds the tiles of the one before it at hand.
const STRIDE: u64 = 7_919_317;

pub(crate) struct Found {
    pub(crate) size: u64,
    pub(crate) one: Spread,
    pub(crate) many: Spread,
    pub(crate) checkpoint: Spread,
    pub(crate) proof: Spread,
    pub(crate) start: Duration,
    pub(crate) replay: replay::Found,
    /// What the process has in memory after the record was opened, appended to and read, in MB (10^6 bytes). The
    /// figures of the bench itself are in it.
    pub(crate) resident_mb: f64,
}

pub(crate) fn measure(folder: &Path, size: u64, callers: usize, each: Duration) -> Result<Found> {
    fill(folder, size)?;
    let start = start(folder)?;
    let one = appends::measure(folder, 1, each)?;
    let many = appends::measure(folder, callers, each)?;
    let checkpoint = checkpoints(folder)?;
    let proof = proofs(folder)?;
    let resident_mb = resident_mb()?;
    let replay = replay::measure(folder)?;
    Ok(Found { size, one, many, checkpoint, proof, start, replay, resident_mb })
}

fn fill(folder: &Path, size: u64) -> Result<()> {
    let (mut writer, signer) = appends::open(folder)?;
    for batch in 0..size.div_ceil(FILL_BATCH) {
        let numbers = batch * FILL_BATCH..size.min((batch + 1) * FILL_BATCH);
        let events = numbers.map(appends::said).collect::<Result<Vec<_>>>()?;
        writer.append(&events, appends::now_ms())?;
    }
    writer.checkpoint(&signer)?;
    Ok(())
}

/// From nothing to the first event on the disk.
fn start(folder: &Path) -> Result<Duration> {
    let begin = Instant::now();
    let (mut writer, _) = appends::open(folder)?;
    writer.append(&[appends::said(u64::MAX)?], appends::now_ms())?;
    Ok(begin.elapsed())
}

/// Each over a tree that has grown by one event.
fn checkpoints(folder: &Path) -> Result<Spread> {
    let (mut writer, signer) = appends::open(folder)?;
    let begin = Instant::now();
    let mut micros = Vec::new();
    for number in 0..50 {
        writer.append(&[appends::said(u64::MAX - 1 - number)?], appends::now_ms())?;
        let before = Instant::now();
        writer.checkpoint(&signer)?;
        micros.push(before.elapsed().as_micros() as u64);
    }
    Ok(Spread::of(micros, begin.elapsed()))
}

fn proofs(folder: &Path) -> Result<Spread> {
    let reader = Reader::open(folder)?;
    let size = reader.checkpoint()?.context("nothing was signed")?.size();
    let begin = Instant::now();
    let mut micros = Vec::new();
    for number in 0..PROOFS {
        let position = Position::new(1 + number * STRIDE % size).context("a position")?;
        let before = Instant::now();
        reader.proof(position)?.context("no proof")?;
        micros.push(before.elapsed().as_micros() as u64);
    }
    Ok(Spread::of(micros, begin.elapsed()))
}

/// What the system says that this process has in memory now.
fn resident_mb() -> Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("VmRSS")?;
    let kib: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kib * 1_024.0 / 1e6)
}
