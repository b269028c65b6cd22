//! The code frame as open data. No words of participants are in it.

use axum::Json;
use axum::extract::Extension;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use projections::{FrameDocument, Topics};

use crate::guard::Visit;

pub(crate) async fn json(Extension(visit): Extension<Visit>) -> Response {
    Json(visit.hall.projection.read(FrameDocument::of)).into_response()
}

pub(crate) async fn csv(Extension(visit): Extension<Visit>) -> Response {
    let mut table = Vec::new();
    if let Err(error) = visit.hall.projection.read(FrameDocument::of).write_csv(&mut table) {
        tracing::error!(error = &error as &dyn std::error::Error, "the code frame cannot be written");
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    ([(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"))], table).into_response()
}

pub(crate) async fn themefinder(Extension(visit): Extension<Visit>) -> Response {
    Json(visit.hall.projection.read(Topics::of)).into_response()
}
