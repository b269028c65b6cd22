//! The connection to NATS and how it is. Everything here gives up rather than wait for NATS: people on sockets and
//! pages share the process with it.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_nats::connection::State;
use async_nats::{Client, ConnectOptions, Event, ServerAddr, ToSubject};
use tokio::time::{interval, sleep, timeout};

use crate::Error;

/// Requests that wait in the subscription; what comes on top is dropped and has to be sent again.
pub const SUBSCRIBED_REQUESTS_MAX: usize = 512;
/// Messages that wait to be sent while the line is slow or gone; what comes on top is given up.
pub const UNSENT_MESSAGES_MAX: usize = 1_024;

/// A line that swallows everything is found out after two of these, and a new one is tried.
const PING_EVERY: Duration = Duration::from_secs(5);
/// A message that found no room in the queue in this time is given up.
const ROOM_WAIT: Duration = Duration::from_secs(2);
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Looks without another loss after which requests count as answered again.
const QUIET_LOOKS: u32 = 10;

/// A connection that comes back by itself, for as long as the process lives.
#[derive(Clone)]
pub struct Line {
    pub(super) client: Client,
    /// Where it leads, without name and password.
    server: String,
    noted: Arc<Noted>,
}

/// What the client told of itself since the last look.
#[derive(Default)]
struct Noted {
    /// Requests that were dropped, and answers that were given up.
    lost: AtomicU64,
    why: Mutex<Option<String>>,
}

impl Noted {
    fn hear(&self, event: &Event) {
        match event {
            Event::SlowConsumer(_) => drop(self.lost.fetch_add(1, Relaxed)),
            Event::ServerError(_) | Event::ClientError(_) => {
                *self.why.lock().unwrap_or_else(PoisonError::into_inner) = Some(event.to_string());
            }
            _ => {}
        }
    }

    fn take_why(&self) -> String {
        let why = self.why.lock().unwrap_or_else(PoisonError::into_inner).take();
        why.unwrap_or_else(|| "no answer".to_owned())
    }
}

impl Line {
    /// Begins to connect to the server at `url` and never waits for it. Only an address that is none is an error.
    pub(super) async fn open(url: &str) -> Result<Self, Error> {
        let address: ServerAddr = url.parse().map_err(Error::NoAddress)?;
        let noted = Arc::new(Noted::default());
        let heard = Arc::clone(&noted);
        let options = ConnectOptions::new()
            .name("plenary")
            .retry_on_initial_connect()
            .ping_interval(PING_EVERY)
            .subscription_capacity(SUBSCRIBED_REQUESTS_MAX)
            .client_capacity(UNSENT_MESSAGES_MAX)
            .event_callback(move |event| {
                heard.hear(&event);
                std::future::ready(())
            });
        let server = format!("{}:{}", address.host(), address.port());
        Ok(Self { client: options.connect(address).await?, server, noted })
    }

    pub(super) fn is_up(&self) -> bool {
        self.client.connection_state() == State::Connected
    }

    /// How often it was connected until now: a message of an earlier connection may have been lost with it.
    pub(super) fn connects(&self) -> u64 {
        self.client.statistics().connects.load(Relaxed)
    }

    /// Hands a message over to be sent, and says whether there was room for it.
    pub(super) async fn send(&self, subject: impl ToSubject, payload: Vec<u8>) -> bool {
        let sent = timeout(ROOM_WAIT, self.client.publish(subject, payload.into())).await;
        matches!(sent, Ok(Ok(())))
    }

    /// Waits until there is a connection.
    pub(super) async fn up(&self) {
        while !self.is_up() {
            sleep(LOOK_EVERY).await;
        }
    }

    pub(super) async fn a_while() {
        sleep(LOOK_EVERY).await;
    }

    /// One more request got no answer.
    pub(super) fn lost_one(&self) {
        self.noted.lost.fetch_add(1, Relaxed);
    }

    /// Says once when the line is gone and once when it is back, and the same of requests without an answer. It goes
    /// on until it is aborted.
    pub async fn watch(self) {
        // Whoever starts both at once wants no warning about the one that took longer.
        let _ = timeout(ROOM_WAIT, self.up()).await;
        let mut seen = Seen { up: true, connects: self.connects(), lost: 0, unsaid: 0, quiet: QUIET_LOOKS };
        let mut looks = interval(LOOK_EVERY);
        loop {
            looks.tick().await;
            self.look(&mut seen);
        }
    }

    fn look(&self, seen: &mut Seen) {
        let (server, up, connects) = (&self.server, self.is_up(), self.connects());
        match (seen.up, up) {
            (true, false) => {
                let why = self.noted.take_why();
                tracing::warn!(%server, %why, "NATS is not there; sockets and pages go on, bridges have to send again");
            }
            (false, true) => tracing::warn!(%server, "NATS is there again"),
            (true, true) if connects > seen.connects => {
                tracing::warn!(%server, "NATS was lost for a moment and is there again");
            }
            _ => {}
        }
        (seen.up, seen.connects) = (up, connects);
        let lost = self.noted.lost.load(Relaxed);
        let more = lost - std::mem::replace(&mut seen.lost, lost);
        seen.count(more, server);
    }
}

/// What was said last.
struct Seen {
    up: bool,
    connects: u64,
    lost: u64,
    unsaid: u64,
    /// Looks since the last loss, up to [`QUIET_LOOKS`].
    quiet: u32,
}

impl Seen {
    fn count(&mut self, more: u64, server: &str) {
        if more > 0 {
            if self.quiet == QUIET_LOOKS {
                tracing::warn!(%server, "NATS requests go unanswered; who sends the same id again is answered");
            }
            (self.quiet, self.unsaid) = (0, self.unsaid + more);
        } else if self.quiet < QUIET_LOOKS {
            self.quiet += 1;
            if self.quiet == QUIET_LOOKS {
                let requests = std::mem::take(&mut self.unsaid);
                tracing::warn!(%server, requests, "NATS requests are answered again");
            }
        }
    }
}
