//! How things stood at earlier positions of one record. What is asked for is folded from the first event, so it costs what
//! that takes: off the threads that serve pages, one at a time, up to a length, and kept for whoever asks again.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::{RoundNumber, Timestamp};
use projections::{Position, Projection, Snapshot, Views, follower};
use tokio::sync::Semaphore;

/// Positions up to this one are shown; `plenary tallies --at` counts longer records.
pub(crate) const EVENTS_MAX: u64 = 200_000;
/// Snapshots that are kept. Each is as large as the tallies of an assembly.
const KEPT: usize = 32;
/// Whoever waits longer for others' counting is asked to come back.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why there is nothing to be seen. Each has a sentence in the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotSeen {
    Later,
    TooLong,
    Busy,
    Unreadable,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Asked {
    until: u64,
    round: Option<RoundNumber>,
    /// The position of the frame that it is counted with.
    frame: u64,
}

pub(crate) struct Past {
    folder: PathBuf,
    longest: u64,
    one: Semaphore,
    kept: Mutex<VecDeque<(Asked, Arc<Snapshot>)>>,
}

type Seen = Result<Arc<Snapshot>, NotSeen>;

impl Past {
    pub(crate) fn of(folder: PathBuf, longest: u64) -> Self {
        Self { folder, longest, one: Semaphore::new(1), kept: Mutex::default() }
    }

    /// As it was, with the code frame of that position.
    pub(crate) async fn at(&self, now: &Projection, until: u64, round: Option<RoundNumber>) -> Seen {
        let folder = self.folder.clone();
        let fold = move || match Position::new(until) {
            Some(until) => Projection::load(&folder, Some(until)),
            None => Ok(Views::default()),
        };
        self.seen(now, Asked { until, round, frame: until }, fold).await
    }

    /// What had been said by then, counted anew with the code frame of today.
    pub(crate) async fn anew(&self, now: &Projection, until: u64, round: Option<RoundNumber>) -> Seen {
        let (views, frame) = (now.clone(), now.read(|views| views.position));
        let fold = move || {
            Ok(match Position::new(until) {
                Some(until) => views.read(|views| views.said_until(until)),
                None => Views::default(),
            })
        };
        self.seen(now, Asked { until, round, frame }, fold).await
    }

    /// The last position that was recorded at that time or before.
    pub(crate) async fn position_at(&self, at: Timestamp) -> Result<u64, NotSeen> {
        let folder = self.folder.clone();
        let found = tokio::task::spawn_blocking(move || follower::position_at(&folder, at)).await;
        let found = found.map_err(|_| NotSeen::Unreadable)?.map_err(|error| unreadable(&error))?;
        Ok(found.map_or(0, Position::get))
    }

    async fn seen(
        &self,
        now: &Projection,
        asked: Asked,
        fold: impl FnOnce() -> Result<Views, projections::Error> + Send + 'static,
    ) -> Seen {
        if asked.until > now.read(|views| views.position) {
            return Err(NotSeen::Later);
        }
        if asked.until > self.longest {
            return Err(NotSeen::TooLong);
        }
        if let Some(seen) = self.known(asked) {
            return Ok(seen);
        }
        let turn = tokio::time::timeout(PATIENCE, self.one.acquire()).await;
        let _turn = turn.map_err(|_| NotSeen::Busy)?.map_err(|_| NotSeen::Unreadable)?;
        // Whoever had the turn before may have asked for the same.
        if let Some(seen) = self.known(asked) {
            return Ok(seen);
        }
        let count = move || fold().map(|views| Arc::new(Snapshot::of(&views, asked.round)));
        let counted = tokio::task::spawn_blocking(count).await.map_err(|_| NotSeen::Unreadable)?;
        let seen = counted.map_err(|error| unreadable(&error))?;
        let mut kept = self.lock();
        kept.truncate(KEPT - 1);
        kept.push_front((asked, seen.clone()));
        Ok(seen)
    }

    fn known(&self, asked: Asked) -> Option<Arc<Snapshot>> {
        self.lock().iter().find(|(known, _)| *known == asked).map(|(_, seen)| seen.clone())
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<(Asked, Arc<Snapshot>)>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unreadable(error: &projections::Error) -> NotSeen {
    tracing::error!(error = error as &dyn std::error::Error, "an earlier position cannot be counted");
    NotSeen::Unreadable
}

#[cfg(test)]
mod tests {
    use domain::{Actor, Agenda, AssemblyId, Channel, Command, Name, Purpose, Question, QuestionText, Title};
    use ingest::{Sequencer, Submission};
    use uuid::Uuid;

    use super::*;

    fn agenda() -> Agenda {
        let title = || Title::parse("Buses after six").unwrap();
        let question = QuestionText::parse("What keeps you from taking the bus?").unwrap();
        Agenda {
            title: title(),
            purpose: Purpose::parse("Feeds the timetable").unwrap(),
            board: Name::parse("County transport board").unwrap(),
            time_zone: Name::parse("Europe/London").unwrap(),
            tables: 3,
            seats: 8,
            rounds: vec![Question { title: title(), question }],
            duty_rule: None,
            duty_clock: None,
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_record_is_looked_back_on_up_to_a_length_and_counted_once() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("buses");
        let sequencer = Sequencer::create(&place, AssemblyId(Uuid::from_u128(1))).unwrap();
        let (id, actor, channel) = (Uuid::from_u128(2), Actor::CONSOLE, Channel::Room);
        let command = Command::Convene(Box::new(agenda()));
        sequencer.submit(Submission { id, command, actor, channel, voice: None }).await.unwrap();
        let now = Projection::follow(&place, sequencer.head()).unwrap();
        let head = now.read(|views| views.position);
        assert!(head > 3, "{head}");
        let past = Past::of(place.clone(), 3);
        for (position, why) in [(4, NotSeen::TooLong), (head + 1, NotSeen::Later), (u64::MAX, NotSeen::Later)]
        {
            assert_eq!(past.at(&now, position, None).await.unwrap_err(), why, "{position}");
            assert_eq!(past.anew(&now, position, None).await.unwrap_err(), why, "{position}");
        }
        assert_eq!(past.at(&now, 0, None).await.unwrap().position(), 0);
        let seen = past.at(&now, 3, None).await.unwrap();
        assert_eq!(seen.position(), 3);
        assert!(Arc::ptr_eq(&seen, &past.at(&now, 3, None).await.unwrap()), "it was counted twice");
        // The frame of then and that of now are two counts.
        assert!(!Arc::ptr_eq(&seen, &past.anew(&now, 3, None).await.unwrap()));
        sequencer.stop().await;
    }
}
