//! The evidence summary at the position of the views, counted once for everybody who asks at that position.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use bytes::Bytes;
use projections::{EvidenceSummary, Projection, Views, WordsReader};

/// A summary, and the views that it was counted from.
pub(crate) struct Counted {
    pub(crate) views: Views,
    pub(crate) summary: EvidenceSummary,
    /// The PDF, once somebody has asked for it; nothing where it cannot be drawn.
    pub(crate) printed: OnceLock<Option<Bytes>>,
}

/// The last one, for as long as it holds.
#[derive(Default)]
pub(crate) struct Latest(Mutex<Option<Arc<Counted>>>);

impl Latest {
    /// Counts in a copy of the views and with nothing held, so that neither the views nor the feed wait for it. It is kept
    /// only where the views have not moved on meanwhile.
    pub(crate) fn at_head(&self, projection: &Projection, words: &WordsReader) -> Arc<Counted> {
        let position = || projection.read(|views| views.position);
        let latest = self.lock().clone();
        if let Some(counted) = latest.filter(|counted| counted.views.position == position()) {
            return counted;
        }
        let views = projection.read(Clone::clone);
        let summary = projections::summary(&views, &|position| words.words(position));
        let counted = Arc::new(Counted { views, summary, printed: OnceLock::new() });
        let mut latest = self.lock();
        if counted.views.position == position() {
            *latest = Some(counted.clone());
        }
        counted
    }

    /// Lets go of it when the views have moved on: it may hold words that were erased.
    pub(crate) fn forget(&self) {
        *self.lock() = None;
    }

    fn lock(&self) -> MutexGuard<'_, Option<Arc<Counted>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
