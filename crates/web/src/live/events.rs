//! The same feed as server-sent events, for networks that let no WebSocket through.

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream::unfold;

use super::client::Written;
use super::crowd::Seat;

/// Answers with the feed until one side ends it.
pub(crate) fn respond(seat: Seat) -> Response {
    let pieces =
        unfold(seat, async |seat| next(&seat).await.map(|bytes| (Ok::<_, std::io::Error>(bytes), seat)));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store, no-transform")),
        // Asks nginx not to wait until there is more to pass on.
        (header::HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    (headers, Body::from_stream(pieces)).into_response()
}

async fn next(seat: &Seat) -> Option<Bytes> {
    loop {
        match seat.client.next() {
            Ok(bytes) => return Some(bytes),
            Err(Written::Behind) => seat.catch_up(),
            Err(_) if seat.client.wants().over => return None,
            Err(_) => seat.client.wake.notified().await,
        }
    }
}
