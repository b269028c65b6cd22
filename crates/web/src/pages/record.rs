//! The record as anyone can check it: its checkpoint, its tiles, and how to read them.

use askama::Template;
use axum::Extension;
use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use projections::Position;

use crate::guard::Visit;
use crate::pages::error::not_found_page;
use crate::pages::{Shell, draw};
use crate::say::{Catalogue, say};

/// Tiles and entries of a given width never change (C2SP tlog-tiles).
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

#[derive(Template)]
#[template(path = "record.html")]
struct Record {
    shell: Shell,
    t: Catalogue,
    signed: u64,
    checkpoint: String,
    verifier: String,
}

pub(crate) async fn page(Extension(visit): Extension<Visit>) -> Response {
    let log = &visit.hall.log;
    let checkpoint = log.file("checkpoint").ok().flatten().unwrap_or_default();
    let page = Record {
        shell: visit.hall.projection.read(|views| Shell::new(&visit, views, "log", say("record-title"))),
        t: Catalogue,
        signed: log.signed().unwrap_or_default(),
        checkpoint: String::from_utf8_lossy(&checkpoint).into_owned(),
        verifier: visit.hall.verifier.clone(),
    };
    draw(StatusCode::OK, &page)
}

/// `log/checkpoint`, `log/tile/…` and `log/tile/entries/…`, as standard clients ask for them; `log/vkey` and, for
/// whoever follows a reference, `log/event/…` beside them.
pub(crate) async fn file(
    Extension(visit): Extension<Visit>,
    Path((_, path)): Path<(String, String)>,
) -> Response {
    if path == "vkey" {
        return text(visit.hall.verifier.clone().into_bytes());
    }
    if let Some(position) = path.strip_prefix("event/") {
        return event(&visit, position);
    }
    match visit.hall.log.file(&path) {
        Ok(Some(bytes)) if path == "checkpoint" => text(bytes),
        Ok(Some(bytes)) => {
            let kind = HeaderValue::from_static("application/octet-stream");
            ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, FOR_EVER)], bytes).into_response()
        }
        Ok(None) => not_found_page(),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "a file of the log cannot be read");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// The exact bytes of one event that the tree is over. No participant's words are in them.
fn event(visit: &Visit, position: &str) -> Response {
    let Some(position) = position.parse().ok().and_then(Position::new) else { return not_found_page() };
    match visit.hall.log.event(position) {
        Ok(Some(bytes)) => {
            let kind = HeaderValue::from_static("application/json");
            ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, FOR_EVER)], bytes).into_response()
        }
        Ok(None) => not_found_page(),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "an event cannot be read");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

pub(crate) fn text(bytes: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"))], bytes).into_response()
}
