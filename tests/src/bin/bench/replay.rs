//! A typed replay: every public part of a record is read into the domain's event and tallied, on one core and on two.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use domain::{Event, RoundNumber, TableNumber};
use event_log::{Position, Reader};
use projections::Recorded;

/// Events read in one go.
const PAGE: usize = 1_000;

pub(crate) struct Found {
    pub(crate) one_core: f64,
    pub(crate) two_cores: f64,
}

/// Contributions by question and table. Tallies of parts of a record add up to that of the whole.
type Tally = BTreeMap<(RoundNumber, Option<TableNumber>), u64>;

pub(crate) fn measure(folder: &Path) -> Result<Found> {
    let size = Reader::open(folder)?.head()?.context("an empty record")?.get();
    let begin = Instant::now();
    let whole = tally(folder, 0, size)?;
    let one_core = size as f64 / begin.elapsed().as_secs_f64();

    let half = size / 2;
    let begin = Instant::now();
    let (first, second) = thread::scope(|scope| {
        let second = scope.spawn(|| tally(folder, half, size));
        (tally(folder, 0, half), second.join())
    });
    let mut both = first?;
    for (place, count) in second.ok().context("a reader panicked")?? {
        *both.entry(place).or_default() += count;
    }
    let two_cores = size as f64 / begin.elapsed().as_secs_f64();
    ensure!(both == whole, "two halves give another tally than the whole");
    ensure!(whole.values().sum::<u64>() == size, "not every event was tallied");
    Ok(Found { one_core, two_cores })
}

/// Of the events after `from` and up to `to`.
fn tally(folder: &Path, from: u64, to: u64) -> Result<Tally> {
    let reader = Reader::open(folder)?;
    let (mut tally, mut after) = (Tally::new(), from);
    while after < to {
        let limit = PAGE.min((to - after) as usize);
        reader.each(Position::new(after), limit, |public| -> Result<_> {
            if let Event::Contributed(said) = Recorded::read(&public)?.event {
                *tally.entry((said.round, said.table)).or_default() += 1;
            }
            after = public.position.get();
            Ok(ControlFlow::Continue(()))
        })?;
    }
    Ok(tally)
}
