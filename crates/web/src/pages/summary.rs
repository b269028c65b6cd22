//! The evidence summary as a page, as JSON and as CSV: the same data.

use axum::Extension;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use crate::guard::Visit;
use crate::paper;

pub(crate) async fn page(Extension(visit): Extension<Visit>) -> Response {
    let (views, summary) = counted(&visit);
    match paper::page(&visit, &views, &summary) {
        Ok(html) => Html(html).into_response(),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "the summary cannot be drawn");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

pub(crate) async fn json(Extension(visit): Extension<Visit>) -> Response {
    Json(counted(&visit).1).into_response()
}

pub(crate) async fn csv(Extension(visit): Extension<Visit>) -> Response {
    let (views, summary) = counted(&visit);
    let mut table = Vec::new();
    if let Err(error) = projections::summary_csv::write(&views, &summary, &mut table) {
        tracing::error!(error = &error as &dyn std::error::Error, "the figures cannot be written");
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    ([(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"))], table).into_response()
}

/// The summary and the views that it was counted from, both of one position.
fn counted(visit: &Visit) -> (projections::Views, projections::EvidenceSummary) {
    let views = visit.hall.projection.read(Clone::clone);
    let summary = projections::summary(&views, &|position| visit.hall.words(position));
    (views, summary)
}
