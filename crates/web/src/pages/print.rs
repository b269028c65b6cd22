//! A document as PDF, for whoever asks for it.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::house::Printer;
use crate::paper::Document;

/// Set by a thread of its own, because it takes its time.
pub(crate) async fn pdf(printer: Printer, document: Document) -> Response {
    let print = move || serde_json::to_vec(&document).map_err(Into::into).and_then(|json| printer(&json));
    match tokio::task::spawn_blocking(print).await {
        Ok(Ok(pdf)) => {
            ([(header::CONTENT_TYPE, HeaderValue::from_static("application/pdf"))], pdf).into_response()
        }
        Ok(Err(error)) => broken(error.as_ref()),
        Err(error) => broken(&error),
    }
}

fn broken(error: &(dyn std::error::Error + 'static)) -> Response {
    tracing::error!(error, "a PDF cannot be drawn");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}
