//! Carries out what the record says was erased: keys first, then the drafts that may quote the words.
//!
//! The event is on the disk before anything is destroyed, so that a crash in between is found when the record is
//! folded again, and the rest is done then, before anybody is served.

use std::collections::HashMap;

use domain::{ContributionId, Event, Timestamp};
use event_log::{Position, Swept};

use super::log::Log;
use crate::drafts;

/// Where words lie that may have to go, and what is still to be done.
#[derive(Default)]
pub(super) struct Erasing {
    /// A contribution has the id of its event; its corrections, and what its words mean to a model, have ids of their own.
    beside: HashMap<ContributionId, Vec<Position>>,
    /// Erased by events that are on the disk, and not looked up yet.
    erased: Vec<ContributionId>,
    /// The events whose keys are to be destroyed.
    due: Vec<Position>,
    /// Keys that were destroyed may still lie in the write-ahead log.
    unswept: bool,
    last_at: Option<Timestamp>,
}

impl Erasing {
    /// Whether it has to know of such an event once that is on the disk.
    pub(super) fn wants(event: &Event) -> bool {
        matches!(event, Event::Corrected { .. } | Event::Understood { .. } | Event::Erased { .. })
    }

    /// Takes note of an event that is on the disk.
    pub(super) fn note(&mut self, event: &Event, position: Position, at: Timestamp) {
        match event {
            Event::Corrected { contribution } | Event::Understood { contribution, .. } => {
                self.beside.entry(*contribution).or_default().push(position);
            }
            Event::Erased { contribution, .. } => {
                self.erased.push(*contribution);
                self.last_at = Some(at);
            }
            _ => {}
        }
    }

    pub(super) fn is_done(&self) -> bool {
        self.erased.is_empty() && self.due.is_empty() && !self.unswept
    }

    /// Does what is to be done. What cannot be done just now stays to be done; an error is the end of the writer.
    pub(super) fn go_on<L: Log>(&mut self, log: &mut L) -> Result<(), event_log::Error> {
        while let Some(contribution) = self.erased.last().copied() {
            self.due.extend(log.find(contribution.0)?.map(|said| said.position));
            self.due.extend(self.beside.remove(&contribution).unwrap_or_default());
            self.erased.pop();
        }
        let swept = if !self.due.is_empty() {
            log.erase(&self.due)
        } else if self.unswept {
            log.sweep()
        } else {
            return Ok(());
        };
        match swept {
            Ok(swept) => {
                self.due.clear();
                self.unswept = swept == Swept::Waiting;
                Ok(())
            }
            Err(error) if error.is_fatal() => Err(error),
            Err(error) => {
                tracing::warn!(%error, keys = self.due.len(), "erased words could not be destroyed yet");
                Ok(())
            }
        }
    }

    /// At the start: drafts that were written before the last erasure may quote what was erased.
    pub(super) fn remove_old_drafts<L: Log>(&self, log: &L) {
        if let Some(at) = self.last_at {
            drafts::remove(log.folder(), at);
        }
    }

    /// While serving: any draft there is was written before this erasure.
    pub(super) fn remove_drafts<L: Log>(&self, log: &L) {
        if !self.erased.is_empty() {
            drafts::remove(log.folder(), Timestamp(u64::MAX));
        }
    }
}

#[cfg(test)]
mod tests;
