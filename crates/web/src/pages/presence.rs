//! The consoles tell how they are doing, and the organiser reads it.

use axum::body::Bytes;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde_json::json;

use crate::guard::Visit;
use crate::presence::{Report, now};

/// Answered with the server's clock, by which a console finds out how far its own is off.
pub(crate) async fn hear(Extension(visit): Extension<Visit>, body: Bytes) -> Response {
    let Some((link, table)) = visit.actor.and_then(|actor| Some((actor.link, actor.table?))) else {
        return StatusCode::UNPROCESSABLE_ENTITY.into_response();
    };
    let Ok(report) = serde_json::from_slice::<Report>(&body) else {
        return StatusCode::UNPROCESSABLE_ENTITY.into_response();
    };
    let now = now();
    visit.hall.presence.hear(table, link, report, now);
    Json(json!({ "server_time_ms": now.millis(), "table": table })).into_response()
}

pub(crate) async fn board(Extension(visit): Extension<Visit>) -> Response {
    Json(json!({ "now_ms": now().millis(), "tablets": visit.hall.presence.tablets() })).into_response()
}
