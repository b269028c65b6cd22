//! The evidence summary as a page, as JSON and as CSV: the same data.

use std::sync::Arc;

use axum::Extension;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use bytes::Bytes;

use crate::counted::Counted;
use crate::guard::Visit;
use crate::house::{House, Printer};
use crate::pages::error;
use crate::paper::{self, Document, Reach};

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

/// The PDF is drawn once for everybody who asks at the same position, by a thread of its own.
pub(crate) async fn pdf(State(house): State<Arc<House>>, Extension(visit): Extension<Visit>) -> Response {
    let Some(printer) = house.settings.printer else {
        return error::no_pdf();
    };
    let counted = visit.hall.counted();
    let draw = move || counted.printed.get_or_init(|| print(&counted, printer)).clone();
    match tokio::task::spawn_blocking(draw).await {
        Ok(Some(pdf)) => {
            ([(header::CONTENT_TYPE, HeaderValue::from_static("application/pdf"))], pdf).into_response()
        }
        Ok(None) | Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn print(counted: &Counted, printer: Printer) -> Option<Bytes> {
    let drawn = Document::of(&counted.views, &counted.summary, Reach::Print)
        .map_err(Into::into)
        .and_then(|document| printer(&serde_json::to_vec(&document)?));
    drawn
        .inspect_err(|error| {
            tracing::error!(error = error.as_ref() as &dyn std::error::Error, "the PDF cannot be drawn")
        })
        .ok()
        .map(Bytes::from)
}

/// The blocks and runs of which every form is drawn; `/paper.schema.json` describes them.
pub(crate) async fn document(Extension(visit): Extension<Visit>) -> Response {
    let counted = visit.hall.counted();
    match Document::of(&counted.views, &counted.summary, Reach::File) {
        Ok(document) => Json(document).into_response(),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "the paper cannot be written");
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
