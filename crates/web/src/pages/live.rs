//! The WebSocket: the live feed out, commands in.

use axum::Extension;
use axum::extract::Query as Asked;
use axum::extract::ws::WebSocketUpgrade;
use axum::http::HeaderMap;
use axum::response::Response;
use domain::Role;
use ingest::Refusal;
use ingest::socket::{self, TRANSPORT_BYTES_MAX};
use serde::Deserialize;

use crate::guard::{Visit, is_same_origin};
use crate::pages::error::problem;

/// A slow reader holds at most this much of what is written to it.
const WRITE_BYTES_MAX: usize = 256 * 1024;
/// The library clears this buffer at every read, so it is kept small.
const READ_BUFFER_BYTES: usize = 4 * 1024;

#[derive(Deserialize)]
pub(crate) struct Choice {
    /// The role to speak in, for a browser that holds several.
    #[serde(rename = "as")]
    role: Option<String>,
}

pub(crate) async fn connect(
    Extension(visit): Extension<Visit>,
    Asked(choice): Asked<Choice>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    // Cross-origin rules do not cover WebSockets: another site's page could open one with our cookie.
    if !is_same_origin(&headers) {
        return problem(&Refusal::NoRole, "cross-site");
    }
    let role: Option<Role> = choice.role.and_then(|role| role.parse().ok());
    let door = visit.door(role);
    let feed = visit.hall.hub.listen();
    let upgrade = upgrade
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(0)
        .max_write_buffer_size(WRITE_BYTES_MAX)
        .max_message_size(TRANSPORT_BYTES_MAX)
        .max_frame_size(TRANSPORT_BYTES_MAX);
    upgrade.on_upgrade(move |socket| socket::serve(socket, door, feed))
}
