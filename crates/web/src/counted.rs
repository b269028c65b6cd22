//! The evidence summary at the position of the views, counted once for everybody who asks at that position.

use std::sync::{Arc, Mutex, PoisonError};

use projections::{EvidenceSummary, Projection, Views, WordsReader};

/// A summary, and the views that it was counted from.
pub(crate) struct Counted {
    pub(crate) views: Views,
    pub(crate) summary: EvidenceSummary,
}

/// The last one, for as long as it holds.
#[derive(Default)]
pub(crate) struct Latest(Mutex<Option<Arc<Counted>>>);

impl Latest {
    /// Counts in a copy of the views, so that nobody waits for it but those who ask for the same.
    pub(crate) fn at_head(&self, projection: &Projection, words: &WordsReader) -> Arc<Counted> {
        let mut latest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let position = projection.read(|views| views.position);
        if let Some(counted) = latest.as_ref().filter(|counted| counted.views.position == position) {
            return counted.clone();
        }
        let views = projection.read(Clone::clone);
        let summary = projections::summary(&views, &|position| words.words(position));
        latest.insert(Arc::new(Counted { views, summary })).clone()
    }

    /// Lets go of it when the views have moved on: it may hold words that were erased.
    pub(crate) fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
