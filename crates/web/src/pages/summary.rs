//! The evidence summary as a page, as JSON and as CSV: the same data.

use axum::Extension;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use crate::guard::Visit;
use crate::paper;

pub(crate) async fn page(Extension(visit): Extension<Visit>) -> Response {
    let counted = visit.hall.counted();
    match paper::page(&visit, &counted.views, &counted.summary) {
        Ok(html) => Html(html).into_response(),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "the summary cannot be drawn");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

pub(crate) async fn json(Extension(visit): Extension<Visit>) -> Response {
    Json(&visit.hall.counted().summary).into_response()
}

pub(crate) async fn csv(Extension(visit): Extension<Visit>) -> Response {
    let counted = visit.hall.counted();
    let mut table = Vec::new();
    if let Err(error) = projections::summary_csv::write(&counted.views, &counted.summary, &mut table) {
        tracing::error!(error = &error as &dyn std::error::Error, "the figures cannot be written");
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    ([(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"))], table).into_response()
}
