//! One WebSocket: the live feed goes out, commands come in, and every command is answered on the same socket.

use std::pin::pin;
use std::time::Duration;

use axum::extract::ws::{CloseCode, CloseFrame, Message, Utf8Bytes, close_code};
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, Sink, SinkExt, Stream, StreamExt};
use tokio::select;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep, timeout};
use tokio_tungstenite::tungstenite;

use crate::frame::{read_json, reply};
use crate::{Door, Refusal};

/// What the upgrade should take as the greatest message and frame. It is above [`crate::frame::FRAME_BYTES_MAX`], so
/// that a frame which is somewhat too large is answered and the connection stays.
pub const TRANSPORT_BYTES_MAX: usize = 64 * 1024;
/// Most commands of one connection that wait for their answers; then nothing more is read from it.
pub const PENDING_COMMANDS_MAX: usize = 64;
/// Most frames of the feed that go into one write.
const BURST_FRAMES_MAX: usize = 256;

/// A peer that has left this many pings in a row unanswered is gone when the next one is due: after 60 seconds. Pings
/// are counted instead of seconds, so that a server that was itself held up does not blame its peers.
const UNANSWERED_PINGS_MAX: u32 = 2;

/// How long things may take.
#[derive(Clone, Copy)]
struct Pace {
    ping_every: Duration,
    /// A peer that does not take what is sent within this time is stuck.
    send_within: Duration,
    /// How long a peer has to answer a close frame.
    close_within: Duration,
}

const PACE: Pace = Pace {
    ping_every: Duration::from_secs(20),
    send_within: Duration::from_secs(20),
    close_within: Duration::from_secs(2),
};

/// The peer has gone or cannot be reached; there is nobody to tell.
struct Gone;

/// Serves one connection until the peer goes, the feed ends or the transport breaks. A feed that ends closes the
/// connection, after every command that was read has been answered; who has no feed passes one that never yields.
pub async fn serve<S, F>(socket: S, door: Door, feed: F)
where
    S: Stream<Item = Result<Message, axum::Error>> + Sink<Message> + Unpin,
    F: Stream<Item = Utf8Bytes>,
{
    let _ = serve_at(PACE, socket, &door, feed).await;
}

async fn serve_at<S, F>(pace: Pace, socket: S, door: &Door, feed: F) -> Result<(), Gone>
where
    S: Stream<Item = Result<Message, axum::Error>> + Sink<Message> + Unpin,
    F: Stream<Item = Utf8Bytes>,
{
    let mut peer = Peer { socket, pace };
    let mut feed = pin!(feed.fuse());
    let mut answers = FuturesUnordered::new();
    let mut pings = interval_at(Instant::now() + pace.ping_every, pace.ping_every);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut unanswered = 0;
    loop {
        select! {
            frame = feed.next() => match frame {
                Some(frame) => peer.send(burst(frame, feed.as_mut())).await?,
                None => break,
            },
            Some(answer) = answers.next() => peer.send([text(answer)]).await?,
            message = peer.socket.next(), if answers.len() < PENDING_COMMANDS_MAX => {
                unanswered = 0;
                match message {
                    Some(Ok(Message::Text(json))) => answers.push(answer(door, json.as_bytes())),
                    Some(Ok(Message::Binary(json))) => answers.push(answer(door, &json)),
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                    Some(Ok(Message::Close(_))) | None => return Err(Gone),
                    Some(Err(error)) => return peer.give_up(error).await,
                }
            }
            _ = pings.tick() => {
                // A peer whom we have stopped reading because of unanswered commands cannot be heard.
                if unanswered == UNANSWERED_PINGS_MAX && answers.len() < PENDING_COMMANDS_MAX {
                    return peer.close(close_code::AWAY).await;
                }
                unanswered = UNANSWERED_PINGS_MAX.min(unanswered + 1);
                peer.send([Message::Ping(Default::default())]).await?;
            }
        }
    }
    while let Some(answer) = answers.next().await {
        peer.send([text(answer)]).await?;
    }
    peer.close(close_code::AWAY).await
}

/// Puts the command in its place in the queue now and answers it later, so that commands keep their order.
fn answer(door: &Door, json: &[u8]) -> impl Future<Output = String> + use<> {
    let (id, frame) = read_json(json);
    let pending = frame.and_then(|frame| door.enqueue(frame));
    async move {
        let outcome = match pending {
            Ok(pending) => pending.outcome().await,
            Err(refusal) => Err(refusal),
        };
        reply(id, &outcome)
    }
}

/// The frame and those that are ready behind it, for one write.
fn burst<F>(first: Utf8Bytes, mut feed: std::pin::Pin<&mut F>) -> Vec<Message>
where
    F: Stream<Item = Utf8Bytes>,
{
    let mut frames = vec![Message::Text(first)];
    while frames.len() < BURST_FRAMES_MAX
        && let Some(Some(frame)) = feed.next().now_or_never()
    {
        frames.push(Message::Text(frame));
    }
    frames
}

struct Peer<S> {
    socket: S,
    pace: Pace,
}

impl<S> Peer<S>
where
    S: Stream<Item = Result<Message, axum::Error>> + Sink<Message> + Unpin,
{
    async fn send(&mut self, messages: impl IntoIterator<Item = Message>) -> Result<(), Gone> {
        let socket = &mut self.socket;
        let sent = async {
            for message in messages {
                socket.feed(message).await?;
            }
            socket.flush().await
        };
        match timeout(self.pace.send_within, sent).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Gone),
        }
    }

    /// What the transport could not read is answered with words before the connection is closed.
    async fn give_up(&mut self, error: axum::Error) -> Result<(), Gone> {
        let (refusal, code) = of_transport(error).ok_or(Gone)?;
        self.send([text(reply(None, &Err(refusal))), close_frame(code)]).await?;
        // After a fault the library reads nothing more, and hanging up on unread bytes resets the connection: without
        // this pause the reset could overtake our last words.
        sleep(self.pace.close_within).await;
        Ok(())
    }

    /// Waits a little for the peer to close too.
    async fn close(&mut self, code: CloseCode) -> Result<(), Gone> {
        self.send([close_frame(code)]).await?;
        let socket = &mut self.socket;
        let closed = async { while let Some(Ok(_)) = socket.next().await {} };
        let _ = timeout(self.pace.close_within, closed).await;
        Ok(())
    }
}

fn close_frame(code: CloseCode) -> Message {
    Message::Close(Some(CloseFrame { code, reason: Utf8Bytes::from_static("") }))
}

/// The two faults of a sender that the WebSocket library finds before a frame reaches us; after anything else there
/// is no connection to answer on.
fn of_transport(error: axum::Error) -> Option<(Refusal, CloseCode)> {
    use tungstenite::error::CapacityError::MessageTooLong;
    match error.into_inner().downcast_ref::<tungstenite::Error>()? {
        tungstenite::Error::Utf8(_) => Some((Refusal::NotUtf8, close_code::INVALID)),
        tungstenite::Error::Capacity(MessageTooLong { size, .. }) => {
            let max = crate::frame::FRAME_BYTES_MAX;
            Some((Refusal::TooLarge { bytes: *size, max }, close_code::SIZE))
        }
        _ => None,
    }
}

fn text(frame: String) -> Message {
    Message::Text(frame.into())
}

#[cfg(test)]
mod tests;
