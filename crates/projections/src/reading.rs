//! How soon somebody's words will be read: by the pace of the theme team over the last minutes.

use domain::Timestamp;
use event_log::Position;

use crate::views::Views;

/// Over which time the pace is taken.
const PACE_OVER_MS: u64 = 10 * 60_000;
/// One reading a moment ago is no pace yet: it is spread over at least so long.
const SPREAD_MS_MIN: u64 = 60_000;

/// How fast contributions are being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    read: u64,
    /// Since the first of them.
    over_ms: u64,
}

/// An unread contribution's place in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// How many come before it: the theme desk offers the oldest first.
    pub before: u64,
    /// Until it is read, if the pace holds; `None` where nobody has read anything lately.
    pub for_ms: Option<u64>,
}

impl Pace {
    pub fn at(views: &Views, now: Timestamp) -> Self {
        let since = now.millis().saturating_sub(PACE_OVER_MS);
        let read = views.entries.values().filter_map(|entry| entry.read_at).map(Timestamp::millis);
        let (read, first) = read
            .filter(|at| (since..=now.millis()).contains(at))
            .fold((0, now.millis()), |(read, first), at| (read + 1, first.min(at)));
        Self { read, over_ms: (now.millis() - first).max(SPREAD_MS_MIN) }
    }

    /// Where that contribution stands; `None` once it has been read, or where there is nothing to read any more.
    pub fn wait(&self, views: &Views, position: Position) -> Option<Wait> {
        views.entries.get(&position).filter(|entry| entry.waits_to_be_read())?;
        let before =
            views.entries.range(..position).filter(|(_, entry)| entry.waits_to_be_read()).count() as u64;
        let for_ms = (before + 1).saturating_mul(self.over_ms).checked_div(self.read);
        Some(Wait { before, for_ms })
    }
}
