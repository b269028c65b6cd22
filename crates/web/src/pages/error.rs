//! A page for what cannot be shown: what happened and what helps.

use askama::Template;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use ingest::Refusal;

use crate::pages::draw;
use crate::say::{Catalogue, say};

#[derive(Template)]
#[template(path = "error.html")]
struct Problem {
    t: Catalogue,
    heading: String,
    sentence: String,
}

/// `what` names the heading and the sentence in the catalogue.
pub(crate) fn problem(refusal: &Refusal, what: &str) -> Response {
    let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let heading = match what {
        "no-link" => say("problem-no-link"),
        "other-role" => say("problem-other-role"),
        "cross-site" => say("problem-cross-site"),
        "unavailable" => say("problem-unavailable"),
        "no-such-code" => say("problem-no-such-code"),
        _ => say("problem-unknown-assembly"),
    };
    let sentence = match what {
        "no-link" => say("problem-no-link-help"),
        "other-role" => say("problem-other-role-help"),
        "cross-site" => say("problem-cross-site-help"),
        "unavailable" => say("problem-unavailable-help"),
        "no-such-code" => say("problem-no-such-code-help"),
        _ => say("problem-unknown-assembly-help"),
    };
    let page = Problem { t: Catalogue, heading: heading.to_string(), sentence: sentence.to_string() };
    draw(status, &page)
}

/// This program cannot draw a PDF.
pub(crate) fn no_pdf() -> Response {
    let page = Problem {
        t: Catalogue,
        heading: say("problem-no-pdf").to_string(),
        sentence: say("problem-no-pdf-help").to_string(),
    };
    draw(StatusCode::NOT_IMPLEMENTED, &page)
}

/// Nobody is told by e-mail from this server.
pub(crate) fn no_mail() -> Response {
    let (heading, sentence) = (say("problem-no-mail").to_string(), say("problem-no-mail-help").to_string());
    draw(StatusCode::NOT_FOUND, &Problem { t: Catalogue, heading, sentence })
}

/// A published paper whose file is not there as the record names it.
pub(crate) fn unreadable(sentence: &'static str) -> Response {
    let heading = say("problem-published").to_string();
    let page = Problem { t: Catalogue, heading, sentence: say(sentence).to_string() };
    draw(StatusCode::INTERNAL_SERVER_ERROR, &page)
}

pub(crate) async fn not_found(asked: Uri) -> Response {
    // People end an address with a slash as often as not. Only ours: `//` and `/\` would lead to another host.
    if let Some(without) = asked.path().strip_suffix('/').filter(|path| path.starts_with("/a/")) {
        return Redirect::permanent(without).into_response();
    }
    not_found_page()
}

pub(crate) fn not_found_page() -> Response {
    let page = Problem {
        t: Catalogue,
        heading: say("problem-not-found").to_string(),
        sentence: say("problem-not-found-help").to_string(),
    };
    draw(StatusCode::NOT_FOUND, &page)
}
