//! One listener and what is on its way to them.
//!
//! Whoever has something to say writes it at once where the line takes it, and leaves the rest here. The listener's own
//! task writes that when there is room again, so that nobody ever waits for a slow line.

use std::collections::VecDeque;
use std::io::ErrorKind;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::{Buf, Bytes};
use domain::Role;
use tokio::net::TcpStream;
use tokio::sync::Notify;

use super::wire::{self, Batch};

/// Most bytes of the feed that wait for one listener. When more comes these are thrown away, and the listener gets a
/// snapshot as soon as the line takes something again.
pub(crate) const OUTBOUND_BYTES_MAX: usize = 256 * 1024;
/// Most commands of one connection that wait for their answers, and answers that wait for the line; then nothing more
/// is read from it.
pub(crate) const PENDING_COMMANDS_MAX: usize = 64;
/// A line that takes nothing for so many seconds is stuck.
pub(crate) const STUCK_S: u16 = 20;
/// A ping goes out every so many seconds.
pub(crate) const PING_EVERY_S: u64 = 20;
/// Who has left this many pings in a row unanswered is gone when the next one is due: after 60 seconds. Pings are
/// counted instead of seconds, so that a server that was itself held up does not blame its listeners.
pub(crate) const UNANSWERED_PINGS_MAX: u8 = 2;
/// A listener hears something at least this often, so that a page can tell silence from a dead line.
pub(crate) const HEARTBEAT_S: u16 = 10;
/// Heartbeats of those who began to be silent together are spread over this many seconds.
const HEARTBEAT_SPREAD_S: u64 = 4;

/// Why we close (RFC 6455, section 7.4, and numbers of our own from 4000).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// The server ends, or the other side is not heard any more.
    Away = 1001,
    Protocol = 1002,
    NotUtf8 = 1007,
    TooLarge = 1009,
    Stuck = 4008,
}

/// By what a listener is reached.
pub(crate) enum Line {
    Socket(TcpStream),
    /// Server-sent events: hyper asks for the next bytes when it has room for them.
    Events,
}

pub(crate) struct Client {
    pub(crate) line: Line,
    /// The role that they listen in, if they have one.
    pub(crate) role: Option<Role>,
    /// The number of the place; what is done in turns is done in this order.
    seat: u64,
    out: Mutex<Out>,
    /// Rings for the listener's own task when there is something for it to do.
    pub(crate) wake: Notify,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    #[default]
    Open,
    /// Commands are answered and no new ones are read.
    Deaf,
    /// The last words are on their way.
    Ending,
    /// Nothing more can be said.
    Gone,
}

#[derive(Default)]
struct Out {
    /// The number of the last batch that is in here or was written.
    seen: u64,
    /// What the line took a part of, or takes next. It is always finished, or the frames behind it could not be read.
    current: Bytes,
    /// Answers and control frames; they are never thrown away.
    answers: VecDeque<Bytes>,
    feed: VecDeque<Bytes>,
    feed_bytes: usize,
    /// Something was thrown away: the next thing of the feed is a snapshot.
    behind: bool,
    stage: Stage,
    /// Commands that were read and have no answer in `answers` yet.
    owed: usize,
    quiet_s: u16,
    stuck_s: u16,
    unanswered: u8,
}

/// What the listener's own task can do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wants {
    pub(crate) read: bool,
    pub(crate) write: bool,
    pub(crate) over: bool,
}

/// How far writing came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    All,
    /// The line takes no more just now.
    Some,
    /// There is room, and what was thrown away has to be made good by a snapshot.
    Behind,
}

impl Client {
    pub(crate) fn new(line: Line, role: Option<Role>, seat: u64) -> Self {
        Self { line, role, seat, out: Mutex::default(), wake: Notify::new() }
    }

    /// The next batch of the feed, unless it is in here already.
    pub(crate) fn give(&self, number: u64, batch: &Batch, epoch: &str) {
        let mut out = self.out();
        if out.seen < number {
            out.seen = number;
            self.put(&mut out, batch, epoch);
        }
    }

    /// What a listener gets who has just come, or whose queue was thrown away.
    pub(crate) fn begin(&self, number: u64, opening: &Batch, epoch: &str) {
        let mut out = self.out();
        out.seen = number;
        out.behind = false;
        self.put(&mut out, opening, epoch);
    }

    fn put(&self, out: &mut Out, batch: &Batch, epoch: &str) {
        if out.behind || out.stage >= Stage::Ending {
            return;
        }
        out.quiet_s = 0;
        let bytes = match &self.line {
            Line::Socket(stream) => {
                let bytes = batch.wire();
                if out.is_idle() {
                    // The usual case: one write, and nothing is kept.
                    match stream.try_write(bytes) {
                        Ok(all) if all == bytes.len() => return,
                        Ok(some) => out.current = bytes.slice(some..),
                        Err(error) if error.kind() == ErrorKind::WouldBlock => out.current = bytes.clone(),
                        Err(_) => out.stage = Stage::Gone,
                    }
                    self.wake.notify_one();
                    return;
                }
                bytes
            }
            Line::Events => batch.events(epoch),
        };
        out.queue(bytes.clone());
        self.wake.notify_one();
    }

    /// Answers a command that was read, or the other side's control frame.
    pub(crate) fn answer(&self, bytes: Bytes) {
        let mut out = self.out();
        if out.stage < Stage::Ending {
            out.answers.push_back(bytes);
        }
        self.wake.notify_one();
    }

    pub(crate) fn owes_an_answer(&self) {
        self.out().owed += 1;
    }

    /// The answer to a command, when there is one.
    pub(crate) fn pay(&self, bytes: Bytes) {
        {
            let mut out = self.out();
            out.owed = out.owed.saturating_sub(1);
        }
        self.answer(bytes);
    }

    /// Whether every command that was read has been answered.
    pub(crate) fn owes_nothing(&self) -> bool {
        let out = self.out();
        out.owed == 0 && out.answers.is_empty()
    }

    /// Reads no more commands.
    pub(crate) fn go_deaf(&self) {
        let mut out = self.out();
        out.stage = out.stage.max(Stage::Deaf);
        self.wake.notify_one();
    }

    /// Says this and no more. What waits in the feed is let go of.
    pub(crate) fn end(&self, last: Option<&Batch>, why: Option<Why>, epoch: &str) {
        let mut out = self.out();
        if out.stage >= Stage::Ending {
            return;
        }
        out.feed.clear();
        out.stage = Stage::Ending;
        match &self.line {
            Line::Socket(_) => {
                out.answers.extend(last.map(|batch| batch.wire().clone()));
                out.answers.extend(why.map(|why| wire::close(why as u16)));
            }
            Line::Events => out.feed.extend(last.map(|batch| batch.events(epoch).clone())),
        }
        self.wake.notify_one();
    }

    pub(crate) fn is_gone(&self) {
        self.out().stage = Stage::Gone;
        self.wake.notify_one();
    }

    pub(crate) fn was_heard(&self) {
        self.out().unanswered = 0;
    }

    pub(crate) fn wants(&self) -> Wants {
        let out = self.out();
        let may_read = out.stage == Stage::Open && out.owed + out.answers.len() < PENDING_COMMANDS_MAX;
        let write = !out.is_idle() || out.behind;
        let over = out.stage == Stage::Gone || (out.stage == Stage::Ending && out.is_idle());
        Wants { read: may_read, write, over }
    }

    /// Writes what the line takes.
    pub(crate) fn write(&self) -> Written {
        let Line::Socket(stream) = &self.line else { return Written::All };
        let mut out = self.out();
        while out.has_next() {
            match stream.try_write(&out.current) {
                Ok(0) => out.stage = Stage::Gone,
                Ok(some) => {
                    out.current.advance(some);
                    out.stuck_s = 0;
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Written::Some,
                Err(_) => out.stage = Stage::Gone,
            }
            if out.stage == Stage::Gone {
                return Written::Some;
            }
        }
        if out.behind { Written::Behind } else { Written::All }
    }

    /// The next bytes, for a line that asks for them.
    pub(crate) fn next(&self) -> Result<Bytes, Written> {
        let mut out = self.out();
        if out.stage != Stage::Gone && out.has_next() {
            out.stuck_s = 0;
            return Ok(std::mem::take(&mut out.current));
        }
        Err(if out.behind { Written::Behind } else { Written::All })
    }

    /// Called once a second: `heartbeat` where nothing else went out for long, and the end of who is stuck or gone.
    pub(crate) fn second(&self, second: u64, heartbeat: &Batch, epoch: &str) {
        let turn = second.wrapping_add(self.seat);
        let mut out = self.out();
        out.quiet_s = out.quiet_s.saturating_add(1);
        out.stuck_s = if out.is_idle() && !out.behind { 0 } else { out.stuck_s.saturating_add(1) };
        if out.stuck_s >= STUCK_S {
            drop(out);
            return self.cut(Why::Stuck);
        }
        let spread = u16::try_from(self.seat % HEARTBEAT_SPREAD_S).unwrap_or_default();
        if out.quiet_s + spread >= HEARTBEAT_S {
            self.put(&mut out, heartbeat, epoch);
        }
        // Whom we have stopped reading because of unanswered commands cannot be heard.
        let may_be_heard = out.owed + out.answers.len() < PENDING_COMMANDS_MAX;
        let pings = matches!(self.line, Line::Socket(_)) && out.stage < Stage::Ending;
        if pings && turn.is_multiple_of(PING_EVERY_S) {
            if out.unanswered >= UNANSWERED_PINGS_MAX && may_be_heard {
                drop(out);
                return self.cut(Why::Away);
            }
            out.unanswered = UNANSWERED_PINGS_MAX.min(out.unanswered + 1);
            out.answers.push_back(wire::ping());
            self.wake.notify_one();
        }
    }

    /// Ends it now. Marking it alone would not do: what is written to a socket that nobody reads stays with the kernel.
    fn cut(&self, why: Why) {
        let mut out = self.out();
        if let Line::Socket(stream) = &self.line {
            if out.current.is_empty() {
                // Where the line takes nothing, there is nobody to tell.
                let _ = stream.try_write(&wire::close(why as u16));
            }
            let _ = socket2::SockRef::from(stream).shutdown(std::net::Shutdown::Both);
        }
        out.stage = Stage::Gone;
        self.wake.notify_one();
    }

    fn out(&self) -> MutexGuard<'_, Out> {
        self.out.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Out {
    fn is_idle(&self) -> bool {
        self.current.is_empty() && self.answers.is_empty() && self.feed.is_empty()
    }

    /// Puts the next thing in place, if there is one.
    fn has_next(&mut self) -> bool {
        if self.current.is_empty() {
            let Some(next) = self.answers.pop_front().or_else(|| self.feed.pop_front()) else {
                // A line that was slow once keeps no memory for it.
                (self.answers, self.feed, self.feed_bytes) = (VecDeque::new(), VecDeque::new(), 0);
                return false;
            };
            self.current = next;
            self.feed_bytes = self.feed.iter().map(Bytes::len).sum();
        }
        true
    }

    fn queue(&mut self, bytes: Bytes) {
        let with_this = self.feed_bytes + bytes.len();
        if self.feed.is_empty() || with_this <= OUTBOUND_BYTES_MAX {
            self.feed_bytes = with_this;
            self.feed.push_back(bytes);
        } else {
            self.feed.clear();
            (self.feed_bytes, self.behind) = (0, true);
        }
    }
}

#[cfg(test)]
mod tests;
