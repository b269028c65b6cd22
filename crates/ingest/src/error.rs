//! What can go wrong here, in words for an operator. What a person may read is a [`crate::Refusal`].

use std::io;
use std::path::PathBuf;

use event_log::Position;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Record(#[from] event_log::Error),
    /// The record was written by a newer program, or is damaged; its words are not quoted.
    #[error("event {position} is of a kind or shape that this program does not know")]
    UnknownEvent { position: Position },
    #[error("an event could not be written as JSON: {0}")]
    Unwritable(#[source] serde_json::Error),
    #[error("the writer and the reader that were handed in are not of the same record")]
    TwoRecords,
    #[error("the thread of the writer could not be started: {0}")]
    NoThread(#[source] io::Error),
    #[error("{path}: {source}", path = path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("instance.db could not be used: {0}")]
    Instance(#[from] rusqlite::Error),
    #[error("the system gives no random numbers: {0}")]
    NoRandomness(#[from] getrandom::Error),
    #[error("this is no address of a NATS server: {0}")]
    NoAddress(#[source] std::io::Error),
    #[error("NATS could not be reached: {0}")]
    NoConnection(#[from] async_nats::ConnectError),
    #[error("NATS could not be subscribed to: {0}")]
    NoSubscription(#[from] async_nats::SubscribeError),
}
