//! What goes out over NATS unasked: always how things are now, never how they came to be, so that a message that is
//! lost is made good by the next one.

use std::pin::pin;
use std::time::Duration;

use domain::Slug;
use event_log::Position;
use tokio::select;
use tokio::sync::watch;
use tokio::time::sleep;

use super::Line;

/// The tallies are published no more often than this.
const TALLIES_EVERY: Duration = Duration::from_secs(1);
/// Where nothing is new, the same is published again after this, for those who came late.
const AGAIN_EVERY: Duration = Duration::from_secs(10);

/// Rings `plenary.<assembly>.head` for every new head, the present one first, until the sequencer has gone. Heads
/// that follow each other faster than they can be sent become one.
pub async fn publish_head(line: Line, slug: Slug, head: watch::Receiver<Option<Position>>) {
    let subject = format!("plenary.{slug}.head");
    let latest = head.clone();
    let payload = || {
        let position = (*latest.borrow())?;
        Some(format!(r#"{{"position":{position}}}"#).into_bytes())
    };
    publish(line, subject, Duration::ZERO, head, payload).await;
}

/// Puts `plenary.<assembly>.tallies` out when `changed` rings, at most once a second, until it closes. `tallies`
/// gives all of them as they are now.
pub async fn publish_tallies(
    line: Line,
    slug: Slug,
    changed: watch::Receiver<u64>,
    tallies: impl Fn() -> Option<Vec<u8>>,
) {
    publish(line, format!("plenary.{slug}.tallies"), TALLIES_EVERY, changed, tallies).await;
}

async fn publish<T>(
    line: Line,
    subject: String,
    every: Duration,
    mut changed: watch::Receiver<T>,
    state: impl Fn() -> Option<Vec<u8>>,
) {
    let (mut payload, mut is_new) = (None, true);
    loop {
        line.up().await;
        if is_new {
            // What is read after this is at least as new as what was rung for.
            changed.mark_unchanged();
            payload = state();
        }
        let connects = line.connects();
        let sent = match &payload {
            Some(payload) => line.send(subject.clone(), payload.clone()).await,
            None => true,
        };
        sleep(every).await;
        let sent_over = sent.then_some(connects);
        match due(&line, &mut changed, sent_over).await {
            Ok(due) => is_new = due == Due::New,
            Err(_) => return,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Due {
    New,
    /// What an earlier connection may have lost, or what was said long ago.
    Again,
}

/// Waits until there is something to send. An error when there never will be.
async fn due<T>(
    line: &Line,
    changed: &mut watch::Receiver<T>,
    sent_over: Option<u64>,
) -> Result<Due, watch::error::RecvError> {
    let mut ring = pin!(changed.changed());
    let mut again = pin!(sleep(AGAIN_EVERY));
    loop {
        select! {
            rung = &mut ring => return rung.map(|()| Due::New),
            () = &mut again => return Ok(Due::Again),
            () = Line::a_while() => if line.is_up() && sent_over != Some(line.connects()) { return Ok(Due::Again) },
        }
    }
}
