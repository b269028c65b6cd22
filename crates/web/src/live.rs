//! The live feed: one assembly's news to everyone who listens, and what they send on the same line.
//!
//! A [`Frame`] is encoded once and shared. The frames of one tick are a [`Batch`], and a [`Crowd`] gives it to each of
//! its listeners in one write, on connections that are ours from the upgrade on. Who falls behind loses what waits and
//! gets a snapshot; nothing is dropped silently.

mod client;
mod crowd;
mod events;
mod hub;
mod incoming;
mod log;
mod socket;
mod state;
mod upgrade;
mod wire;

use axum::response::Response;
use domain::Role;

pub(crate) use client::Line;
pub use crowd::{Crowd, Opening};
pub(crate) use events::respond;
pub(crate) use hub::Hub;
pub use socket::Hear;
pub use upgrade::Upgrade;
pub use wire::{Batch, Frame};

/// Lets a listener in by a WebSocket; what it sends goes to `hear`.
pub fn connect<A>(
    upgrade: Upgrade,
    crowd: Crowd,
    role: Option<Role>,
    after: Option<u64>,
    hear: impl Hear<A> + 'static,
) -> Response
where
    A: Future<Output = String> + Send + 'static,
{
    upgrade.then(async move |stream, early| {
        socket::prepare(&stream);
        if let Some(seat) = crowd.join(Line::Socket(stream), role, after) {
            socket::serve(seat, early, hear).await;
        }
    })
}

#[cfg(test)]
mod tests;
