//! One WebSocket, from the upgrade to its end: commands come in, and every command is answered on the same socket.

use std::io::ErrorKind;
use std::net::Shutdown;
use std::time::Duration;

use bytes::Bytes;
use ingest::frame::FRAME_BYTES_MAX;
use ingest::{Refusal, reply};
use socket2::SockRef;
use tokio::io::Interest;
use tokio::net::TcpStream;
use tokio::select;
use tokio::time::timeout;

use super::client::{Line, Why};
use super::crowd::Seat;
use super::incoming::{Fault, Incoming, Message};
use super::wire::{self, Batch, Frame};

/// Read in one go. It lies on the stack only while it is filled, so that idle connections have no buffer.
const READ_BYTES: usize = 8 * 1024;
/// What the kernel keeps for a listener who does not read; it would take up to 4 MiB by itself.
const SEND_BUFFER_BYTES: usize = 128 * 1024;
/// When nothing that was sent has arrived for this long, the connection is dead.
const UNACKNOWLEDGED_MAX: Duration = Duration::from_secs(20);
/// How long the other side has to close too.
const CLOSE_WITHIN: Duration = Duration::from_secs(2);

/// What becomes of one message: nothing, or an answer some time later. It is called in the order in which messages
/// come, and must put a command in its place in the queue before it returns.
pub trait Hear<A: Future<Output = String> + Send + 'static>: FnMut(&[u8]) -> Option<A> + Send {}
impl<A, F> Hear<A> for F
where
    A: Future<Output = String> + Send + 'static,
    F: FnMut(&[u8]) -> Option<A> + Send,
{
}

/// Makes a connection fit to be one of many. Where the system refuses one of these, the rest still holds.
pub(crate) fn prepare(stream: &TcpStream) {
    let socket = SockRef::from(stream);
    let done = stream
        .set_nodelay(true)
        .and_then(|()| socket.set_send_buffer_size(SEND_BUFFER_BYTES))
        .and_then(|()| socket.set_tcp_user_timeout(Some(UNACKNOWLEDGED_MAX)));
    if let Err(error) = done {
        tracing::debug!(%error, "a connection keeps the system's own limits");
    }
}

/// Serves a listener until one side ends it. `early` is what came in together with the upgrade.
pub(crate) async fn serve<A>(seat: Seat, early: Bytes, mut hear: impl Hear<A>)
where
    A: Future<Output = String> + Send + 'static,
{
    let mut incoming = Incoming::default();
    if let Some(end) = take(&seat, &mut incoming, &early, &mut hear) {
        return part(&seat, incoming, end).await;
    }
    drop(early);
    let Line::Socket(stream) = &seat.client.line else { return };
    loop {
        let wants = seat.client.wants();
        if wants.over {
            return part(&seat, incoming, End::Ours).await;
        }
        let interest = match (wants.read, wants.write) {
            (true, true) => Some(Interest::READABLE | Interest::WRITABLE),
            (true, false) => Some(Interest::READABLE),
            (false, true) => Some(Interest::WRITABLE),
            (false, false) => None,
        };
        select! {
            ready = stream.ready(interest.unwrap_or(Interest::READABLE)), if interest.is_some() => {
                let Ok(ready) = ready else { return };
                if wants.write && ready.is_writable() {
                    seat.write();
                }
                if wants.read && ready.is_readable()
                    && let Some(end) = read(&seat, stream, &mut incoming, &mut hear)
                {
                    return part(&seat, incoming, end).await;
                }
            }
            () = seat.client.wake.notified() => {}
        }
    }
}

/// Who ended a connection.
#[derive(Clone, Copy, PartialEq)]
enum End {
    Ours,
    Theirs,
    /// They sent what cannot be read, and nothing that follows can be.
    Fault,
}

/// Reads once. More is read after everybody else has had a turn.
fn read<A>(seat: &Seat, stream: &TcpStream, incoming: &mut Incoming, hear: &mut impl Hear<A>) -> Option<End>
where
    A: Future<Output = String> + Send + 'static,
{
    let mut bytes = [0; READ_BYTES];
    match stream.try_read(&mut bytes) {
        Ok(some @ 1..) => take(seat, incoming, &bytes[..some], hear),
        Err(error) if error.kind() == ErrorKind::WouldBlock => None,
        Ok(0) | Err(_) => {
            seat.client.is_gone();
            Some(End::Theirs)
        }
    }
}

fn take<A>(seat: &Seat, incoming: &mut Incoming, bytes: &[u8], hear: &mut impl Hear<A>) -> Option<End>
where
    A: Future<Output = String> + Send + 'static,
{
    let client = &seat.client;
    client.was_heard();
    let mut end = None;
    let read = incoming.read(bytes, |message| match message {
        Message::Text(json) | Message::Binary(json) => {
            if let Some(answer) = hear(&json) {
                client.owes_an_answer();
                let client = client.clone();
                tokio::spawn(async move { client.pay(Frame::text(answer.await.as_bytes()).wire()) });
            }
        }
        Message::Ping(payload) => client.answer(wire::pong(&payload)),
        Message::Pong => {}
        Message::Close(_) => {
            client.end(None, Some(Why::Away), "");
            end = Some(End::Theirs);
        }
    });
    let Err(fault) = read else { return end };
    let (said, why) = of_fault(fault);
    client.end(said.as_ref(), Some(why), "");
    Some(End::Fault)
}

/// The faults of a sender that are worth a sentence, and how the connection is closed.
fn of_fault(fault: Fault) -> (Option<Batch>, Why) {
    let said = |refusal| Some(Batch::of(vec![Frame::text(reply(None, &Err(refusal)).as_bytes())]));
    match fault {
        Fault::Protocol => (None, Why::Protocol),
        Fault::NotUtf8 => (said(Refusal::NotUtf8), Why::NotUtf8),
        Fault::TooLarge { bytes } => (said(Refusal::TooLarge { bytes, max: FRAME_BYTES_MAX }), Why::TooLarge),
    }
}

/// Writes the last words and waits a little for the other side to close too: hanging up on bytes that were not read
/// resets the connection, and the reset could overtake them.
async fn part(seat: &Seat, mut incoming: Incoming, end: End) {
    let Line::Socket(stream) = &seat.client.line else { return };
    let parted = async {
        while !seat.client.wants().over {
            if stream.writable().await.is_err() {
                return;
            }
            seat.write();
        }
        if SockRef::from(stream).shutdown(Shutdown::Write).is_err() || end == End::Theirs {
            return;
        }
        while stream.readable().await.is_ok() {
            let mut bytes = [0; READ_BYTES];
            match stream.try_read(&mut bytes) {
                Ok(some @ 1..) if end == End::Ours => {
                    let mut closed = false;
                    let closes = |message| closed |= matches!(message, Message::Close(_));
                    if incoming.read(&bytes[..some], closes).is_err() || closed {
                        return;
                    }
                }
                Ok(1..) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Ok(0) | Err(_) => return,
            }
        }
    };
    let _ = timeout(CLOSE_WITHIN, parted).await;
}
