//! Which consoles are there just now: when each was last heard of, how much it still holds, how far its clock is off.
//!
//! It is kept in memory and never recorded: it says how the room is doing, not what was said in it.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use domain::{LinkId, TableNumber, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Most tablets that are remembered; one more, and the one that was heard of longest ago is forgotten.
const TABLETS_MAX: usize = 2_000;

/// One browser, by a name that it gave itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct DeviceId(pub(crate) Uuid);

/// What a console says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Report {
    device: DeviceId,
    /// Entries, corrections and the like that the server has not acknowledged.
    waiting: u32,
    /// How long the oldest of them has been waiting.
    oldest_waiting_ms: Option<u64>,
    /// The server's clock minus its own, as it reckons.
    offset_ms: Option<i64>,
    /// When it last had an answer, by the server's clock.
    last_sync_ms: Option<u64>,
}

/// A console as the organiser sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Tablet {
    pub(crate) table: TableNumber,
    pub(crate) device: DeviceId,
    pub(crate) link: Option<LinkId>,
    pub(crate) seen_at: Timestamp,
    pub(crate) waiting: u32,
    pub(crate) oldest_waiting_ms: Option<u64>,
    pub(crate) last_sync_ms: Option<u64>,
    /// Its clock minus ours.
    pub(crate) skew_ms: Option<i64>,
}

/// The consoles of one assembly.
#[derive(Default)]
pub(crate) struct Board {
    tablets: Mutex<BTreeMap<(TableNumber, DeviceId), Tablet>>,
}

impl Board {
    pub(crate) fn hear(&self, table: TableNumber, link: Option<LinkId>, report: Report, now: Timestamp) {
        let tablet = Tablet {
            table,
            device: report.device,
            link,
            seen_at: now,
            waiting: report.waiting,
            oldest_waiting_ms: report.oldest_waiting_ms,
            last_sync_ms: report.last_sync_ms,
            skew_ms: report.offset_ms.map(i64::saturating_neg),
        };
        let mut tablets = self.lock();
        tablets.insert((table, report.device), tablet);
        if tablets.len() > TABLETS_MAX {
            let oldest = tablets.iter().min_by_key(|(_, tablet)| tablet.seen_at).map(|(key, _)| *key);
            oldest.and_then(|key| tablets.remove(&key));
        }
    }

    /// By table, and within a table the one that was heard of last first.
    pub(crate) fn tablets(&self) -> Vec<Tablet> {
        let mut tablets: Vec<_> = self.lock().values().cloned().collect();
        tablets.sort_by_key(|tablet| (tablet.table, std::cmp::Reverse(tablet.seen_at)));
        tablets
    }

    /// A panic of another holder leaves whole tablets: each is put in at one stroke.
    fn lock(&self) -> MutexGuard<'_, BTreeMap<(TableNumber, DeviceId), Tablet>> {
        self.tablets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The server's clock. One that stands before 1970 reads as 0.
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(device: u128, waiting: u32) -> Report {
        let device = DeviceId(Uuid::from_u128(device));
        Report { device, waiting, oldest_waiting_ms: None, offset_ms: Some(-300_000), last_sync_ms: None }
    }

    fn table(number: u16) -> TableNumber {
        TableNumber::new(number).unwrap()
    }

    #[test]
    fn each_tablet_stands_there_once_as_it_was_last_heard_of() {
        let board = Board::default();
        board.hear(table(2), None, report(1, 5), Timestamp(10));
        board.hear(table(1), None, report(2, 0), Timestamp(20));
        board.hear(table(2), None, report(1, 3), Timestamp(30));
        board.hear(table(2), None, report(3, 0), Timestamp(25));
        let seen: Vec<_> =
            board.tablets().iter().map(|it| (it.table.get(), it.waiting, it.seen_at)).collect();
        assert_eq!(seen, [(1, 0, Timestamp(20)), (2, 3, Timestamp(30)), (2, 0, Timestamp(25))]);
        assert_eq!(board.tablets()[1].skew_ms, Some(300_000), "a clock that is fast has a positive skew");
    }

    #[test]
    fn no_more_are_kept_than_the_limit_and_the_oldest_goes_first() {
        let board = Board::default();
        for device in 0..TABLETS_MAX {
            board.hear(table(1), None, report(device as u128, 0), Timestamp(device as u64));
        }
        assert_eq!(board.tablets().len(), TABLETS_MAX);
        board.hear(table(1), None, report(TABLETS_MAX as u128, 0), Timestamp(TABLETS_MAX as u64));
        let tablets = board.tablets();
        assert_eq!(tablets.len(), TABLETS_MAX);
        assert!(tablets.iter().all(|tablet| tablet.seen_at > Timestamp(0)), "the oldest was kept");
    }
}
