//! Everyone who listens to the same thing at the same pace.
//!
//! A batch is numbered and goes to everyone who has come before it; who comes later begins with an opening that holds
//! it already. Both are settled under one lock, so that no listener ever misses a batch or gets one twice.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use domain::Role;
use tokio::sync::Notify;
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::client::{Client, Line, Why, Written};
use super::wire::{Batch, Frame};

/// After so many writes in a row others get their turn on this thread.
const WRITES_IN_A_ROW: usize = 512;
/// How long those who listen have to take the last words.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// What is said to a listener who does not come at the very beginning. It changes with every batch.
pub trait Opening: Send + Sync {
    /// To who comes, and has heard everything up to `after` at an earlier time, if anything.
    fn opening(&self, after: Option<u64>) -> Batch;
    /// To whose queue was thrown away.
    fn afresh(&self) -> Batch;
    /// To who has heard nothing for long.
    fn heartbeat(&self) -> Batch;
    /// Where the crowd stands, and everything up to there in one frame.
    fn at(&self) -> (u64, Frame);
}

/// A handle; clones speak of the same crowd.
#[derive(Clone)]
pub struct Crowd(Arc<Inner>);

struct Inner {
    /// Positions mean something only together with this.
    epoch: String,
    board: Mutex<Board>,
    /// Rings when the last one has left.
    emptied: Notify,
}

struct Board {
    /// Of the last batch.
    number: u64,
    opening: Arc<dyn Opening>,
    next_seat: u64,
    seats: BTreeMap<u64, Arc<Client>>,
    /// The same, for whoever speaks to all of them; made again after somebody has come or gone.
    roll: Option<Arc<[Arc<Client>]>>,
    doors: Doors,
}

#[derive(Clone, Copy, PartialEq)]
enum Doors {
    Open,
    Shut,
}

impl Crowd {
    /// A crowd of nobody. Must be called within a tokio runtime.
    pub fn new(epoch: String, opening: Arc<dyn Opening>) -> Self {
        let seats = BTreeMap::new();
        let board = Board { number: 0, opening, next_seat: 0, seats, roll: None, doors: Doors::Open };
        let inner = Arc::new(Inner { epoch, board: Mutex::new(board), emptied: Notify::new() });
        tokio::spawn(every_second(Arc::downgrade(&inner)));
        Self(inner)
    }

    pub(crate) fn epoch(&self) -> &str {
        &self.0.epoch
    }

    /// Says this to everyone, and from now on begins with `opening`.
    pub async fn say(&self, batch: &Batch, opening: Arc<dyn Opening>) {
        let (number, roll) = {
            let mut board = self.board();
            board.number += 1;
            board.opening = opening;
            (board.number, board.roll())
        };
        for some in roll.chunks(WRITES_IN_A_ROW) {
            for client in some {
                client.give(number, batch, &self.0.epoch);
            }
            tokio::task::yield_now().await;
        }
    }

    /// Takes in a listener who has heard everything up to `after`; nothing where the doors are shut.
    pub(crate) fn join(&self, line: Line, role: Option<Role>, after: Option<u64>) -> Option<Seat> {
        let mut board = self.board();
        if board.doors == Doors::Shut {
            return None;
        }
        let number = board.next_seat;
        let client = Arc::new(Client::new(line, role, number));
        board.next_seat += 1;
        board.roll = None;
        board.seats.insert(number, client.clone());
        client.begin(board.number, &board.opening.opening(after), &self.0.epoch);
        drop(board);
        Some(Seat { crowd: self.clone(), number, client })
    }

    /// How many listen in each role; `None` is without one.
    pub(crate) fn counts(&self) -> BTreeMap<Option<Role>, u64> {
        let roll = self.board().roll();
        roll.iter().fold(BTreeMap::new(), |mut counts, client| {
            *counts.entry(client.role).or_default() += 1;
            counts
        })
    }

    /// What a listener without a line of their own would begin with.
    pub(crate) fn opening(&self) -> Arc<dyn Opening> {
        self.board().opening.clone()
    }

    /// Lets nobody in any more, and reads no more commands. What was read is still answered.
    pub(crate) fn shut_doors(&self) {
        let roll = {
            let mut board = self.board();
            board.doors = Doors::Shut;
            board.roll()
        };
        roll.iter().for_each(|client| client.go_deaf());
    }

    /// Sends everyone away with last words of their own, and waits a little until they have gone.
    pub(crate) async fn send_away(&self, last_words: impl Fn() -> Batch) {
        self.shut_doors();
        let roll = self.board().roll();
        let answered = async {
            while !roll.iter().all(|client| client.owes_nothing() || client.wants().over) {
                // Answers are on their way from the writer; nobody rings when the last one has come.
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        // Who takes no answers within this time does not hear the last words either.
        let _ = timeout(LAST_WORDS, answered).await;
        for client in roll.iter() {
            client.end(Some(&last_words()), Some(Why::Away), &self.0.epoch);
        }
        drop(roll);
        let gone = async {
            while !self.board().seats.is_empty() {
                self.0.emptied.notified().await;
            }
        };
        let _ = timeout(LAST_WORDS, gone).await;
    }

    fn board(&self) -> MutexGuard<'_, Board> {
        self.0.board.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Board {
    fn roll(&mut self) -> Arc<[Arc<Client>]> {
        self.roll.get_or_insert_with(|| self.seats.values().cloned().collect()).clone()
    }
}

/// A listener's place, which is free again when this is dropped.
pub(crate) struct Seat {
    crowd: Crowd,
    number: u64,
    pub(crate) client: Arc<Client>,
}

impl Seat {
    /// Writes what the line takes, and begins afresh where something was thrown away.
    pub(crate) fn write(&self) {
        while self.client.write() == Written::Behind {
            self.catch_up();
        }
    }

    /// The snapshot and the number of the batch that it holds are of one moment.
    pub(crate) fn catch_up(&self) {
        let board = self.crowd.board();
        self.client.begin(board.number, &board.opening.afresh(), &self.crowd.0.epoch);
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut board = self.crowd.board();
        board.seats.remove(&self.number);
        board.roll = None;
        if board.seats.is_empty() {
            self.crowd.0.emptied.notify_waiters();
            self.crowd.0.emptied.notify_one();
        }
    }
}

/// Heartbeats, pings and the end of those who are gone, until the crowd itself is.
async fn every_second(crowd: Weak<Inner>) {
    let mut seconds = interval(Duration::from_secs(1));
    // After being held up there is nothing to catch up with.
    seconds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for second in 0_u64.. {
        seconds.tick().await;
        let Some(inner) = crowd.upgrade() else { return };
        let crowd = Crowd(inner);
        let (heartbeat, roll) = {
            let mut board = crowd.board();
            (board.opening.heartbeat(), board.roll())
        };
        for some in roll.chunks(WRITES_IN_A_ROW) {
            some.iter().for_each(|client| client.second(second, &heartbeat, crowd.epoch()));
            tokio::task::yield_now().await;
        }
    }
}
