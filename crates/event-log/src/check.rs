//! Recomputing everything in a record that can be recomputed from itself.

use std::path::Path;

use crate::erase::{self, Erasures};
use crate::rows::{Format, Rows, WithWords};
use crate::seal::Opened;
use crate::tile::{self, Growing};
use crate::{Checkpoint, Error, Position, Recorded, checkpoint, store, stored, tree};

/// Events per page, so that no read keeps the write-ahead log from being emptied for long.
const PAGE: usize = 1_000;

/// What a check found in a record in which nothing is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The last event that was looked at, or nothing for an empty record.
    pub head: Option<Position>,
    /// How many events have private words that opened to what they commit to.
    pub opened: u64,
    /// The events whose key is no longer there, each of them named by a later event that erases.
    pub gone: Vec<Position>,
    /// Those that such an event names and whose key is still there, because a crash came between or because it is
    /// just being done.
    pub unfinished: Vec<Position>,
    /// How many signed checkpoints have the root that the events give. Their signatures are for whoever has the key.
    pub checkpoints: usize,
}

/// Recomputes the record of `folder` up to the event that is the last when it begins; others may write and read
/// meanwhile. The first thing that is wrong ends it, as an error that names the position where there is one.
pub fn check(folder: &Path) -> Result<Report, Error> {
    let rows = store::open_for_reading(&store::path(folder))?;
    // Read before the head is, so that the record cannot have been shorter when they were signed.
    let beside = checkpoint::of_folder(folder)?;
    of(&rows, beside.into_iter().collect())
}

/// Recomputes a record, wherever it lies. It must also lead to the checkpoints `beside` it.
pub(crate) fn of(rows: &Rows, beside: Vec<Checkpoint>) -> Result<Report, Error> {
    let checkpoints = signed(beside, rows)?;
    let head = rows.head()?;
    let mut walk = Walk::over(checkpoints, Erasures::of(rows)?);
    while walk.report.head < head {
        let page = rows.page_with_words(walk.report.head, PAGE)?;
        if page.is_empty() {
            return Err(Error::damaged(walk.next()?, "it is missing"));
        }
        for found in &page {
            walk.step(rows, found)?;
        }
    }
    no_stray_tiles(rows)?;
    no_stray_keys(rows)?;
    quick_check(rows)?;
    walk.report.unfinished = erase::unfinished(rows)?;
    Ok(walk.report)
}

/// Every checkpoint over the record, those over fewer events first. The record must have all their events.
fn signed(mut beside: Vec<Checkpoint>, rows: &Rows) -> Result<Vec<Checkpoint>, Error> {
    let mut all = checkpoint::all(rows)?;
    beside.dedup();
    beside.retain(|beside| !all.contains(beside));
    all.append(&mut beside);
    all.sort_by_key(Checkpoint::size);
    let found = rows.size()?;
    match all.last() {
        Some(last) if last.size() > found => Err(Error::RolledBack { signed: last.size(), found }),
        _ => Ok(all),
    }
}

/// How far a check has come.
struct Walk {
    report: Report,
    last_recorded_at_ms: u64,
    tree: Growing,
    erasures: Erasures,
    /// Those that the walk has not reached, the next one last.
    ahead: Vec<Checkpoint>,
}

impl Walk {
    fn over(mut checkpoints: Vec<Checkpoint>, erasures: Erasures) -> Self {
        checkpoints.reverse();
        let (report, tree) = (Report::default(), Growing::default());
        Self { report, last_recorded_at_ms: 0, tree, erasures, ahead: checkpoints }
    }

    fn next(&self) -> Result<Position, Error> {
        Position::after(self.report.head).ok_or(Error::NoPositionLeft)
    }

    fn step(&mut self, rows: &Rows, found: &WithWords) -> Result<(), Error> {
        let (next, event) = (self.next()?, &found.event);
        if event.position != next {
            return Err(Error::damaged(next, "it is missing"));
        }
        if event.recorded_at_ms < self.last_recorded_at_ms {
            return Err(Error::damaged(next, "it was recorded before the event in front of it"));
        }
        vouch(rows, found)?;
        self.grow(rows, event.leaf)?;
        match found.open()? {
            Opened::None => {}
            Opened::Open(_) => self.report.opened += 1,
            Opened::Gone => self.erased(rows, event)?,
        }
        self.last_recorded_at_ms = event.recorded_at_ms;
        self.report.head = Some(next);
        Ok(())
    }

    /// A key may be missing only where a later event says so. It may have been recorded since this walk began, and
    /// as it comes before the key goes, it is there by now.
    fn erased(&mut self, rows: &Rows, event: &Recorded) -> Result<(), Error> {
        if !self.erasures.name(event) {
            self.erasures.catch_up(rows)?;
        }
        if !self.erasures.name(event) {
            return Err(Error::damaged(event.position, "its key is missing, and no later event erases it"));
        }
        self.report.gone.push(event.position);
        Ok(())
    }

    /// Adds a leaf that fits its event, and looks at the tiles and checkpoints that it completes.
    fn grow(&mut self, rows: &Rows, leaf: tree::Hash) -> Result<(), Error> {
        let stored = |tile| if rows.format == Format::Tree { stored::same_tile(rows, &tile) } else { Ok(()) };
        self.tree.push(leaf, stored)?;
        while let Some(reached) = self.ahead.pop_if(|next| next.size() <= self.tree.size()) {
            if reached.size() > 0 && *reached.root() != self.tree.root() {
                let found = rows.size()?;
                return Err(Error::RolledBack { signed: reached.size(), found });
            }
            self.report.checkpoints += 1;
        }
        Ok(())
    }
}

/// Holds one event against its leaf and against the index of ids.
fn vouch(rows: &Rows, found: &WithWords) -> Result<(), Error> {
    let event = &found.event;
    let damaged = |why: &str| Err(Error::damaged(event.position, why));
    if tree::leaf(&event.bytes) != event.leaf {
        return damaged("its leaf is not the hash of its public part");
    }
    if found.filed_under != event.id {
        return damaged("its id differs from the one that it is filed under");
    }
    match event.id {
        // Asking the index also finds two rows with one id, since it can only name one of them.
        Some(id) if rows.filed_at(id)? != Some(event.position) => damaged("its id leads to another event"),
        _ => Ok(()),
    }
}

/// A tile that no events fill is what is left when somebody cuts off the end of a record.
fn no_stray_tiles(rows: &Rows) -> Result<(), Error> {
    const HIGHEST: &str = "SELECT max(place) FROM (SELECT place FROM tiles UNION ALL SELECT place FROM roots)
        GROUP BY place >> 48";
    if rows.format == Format::Events {
        return Ok(());
    }
    let size = rows.size()?;
    let mut statement = rows.connection.prepare(HIGHEST)?;
    let mut found = statement.query([])?;
    while let Some(row) = found.next()? {
        let (level, index) = tile::at_place(row.get(0)?);
        stored::is_filled(level, index, size)?;
    }
    Ok(())
}

/// A key without an event is what is left when somebody cuts off the end of a record.
fn no_stray_keys(rows: &Rows) -> Result<(), Error> {
    const STRAY: &str = "SELECT min(position) FROM keys WHERE position NOT IN (SELECT position FROM events)";
    let key: Option<i64> = rows.connection.query_row(STRAY, [], |row| row.get(0))?;
    match key.and_then(Position::from_key) {
        Some(position) => Err(Error::damaged(position, "it is missing, and its key is there")),
        None => Ok(()),
    }
}

fn quick_check(rows: &Rows) -> Result<(), Error> {
    let why: String = rows.connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if why == "ok" { Ok(()) } else { Err(Error::FileDamaged { why }) }
}
