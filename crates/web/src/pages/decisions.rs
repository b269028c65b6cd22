//! What the board decided: the list, and for each decision the evidence of how it was taken, as a page and as files that
//! are the same, byte for byte, as those which `plenary evidence` writes.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use domain::{Decided, DecisionNumber};
use projections::duties::Step;

use crate::guard::Visit;
use crate::house::House;
use crate::pages::error::{no_pdf, not_found_page};
use crate::pages::{Shell, draw, print};
use crate::paper::{self, Document};
use crate::say::{Catalogue, Message, say};
use crate::when::in_words;

#[derive(Template)]
#[template(path = "decisions.html")]
struct Page {
    shell: Shell,
    t: Catalogue,
    /// The newest first.
    decisions: Vec<Row>,
}

struct Row {
    number: u16,
    title: String,
    text: String,
    changed: String,
    on: String,
    position: u64,
    version: u16,
    before: Message,
}

impl Row {
    fn of(step: &Step<Decided>) -> Self {
        let Decided { decision, title, text, changed, version, on } = &step.what;
        Self {
            number: decision.get(),
            title: title.to_string(),
            text: text.to_string(),
            changed: changed.to_string(),
            on: in_words(*on),
            position: step.position.get(),
            version: *version,
            before: say("decisions-before").text("version", say("versions-n").num("n", *version)),
        }
    }
}

pub(crate) async fn page(Extension(visit): Extension<Visit>) -> Response {
    visit.hall.projection.read(|views| {
        let shell = Shell::new(&visit, views, "decisions", say("decisions-title"));
        let decisions = views.frame.ledger.decisions.iter().rev().map(Row::of).collect();
        draw(StatusCode::OK, &Page { shell, t: Catalogue, decisions })
    })
}

type Asked = Path<(String, String)>;

pub(crate) async fn evidence(Extension(visit): Extension<Visit>, Path((_, number)): Asked) -> Response {
    let Ok(number) = number.parse::<DecisionNumber>() else { return not_found_page() };
    visit.hall.projection.read(|views| {
        let drawn = Document::evidence(views, number).and_then(|document| {
            document.map(|document| paper::evidence(&visit, views, &document, number.get())).transpose()
        });
        match drawn {
            Ok(Some(html)) => Html(html).into_response(),
            Ok(None) => not_found_page(),
            Err(error) => broken(&error),
        }
    })
}

/// As one file that stands alone. Its style is its own, which our pages forbid, so it is saved and not shown.
pub(crate) async fn html(Extension(visit): Extension<Visit>, Path((_, number)): Asked) -> Response {
    let document = match document(&visit, &number) {
        Ok(document) => document,
        Err(response) => return *response,
    };
    match paper::evidence_html(&document) {
        Ok(html) => (saved(&document, "html"), Html(html)).into_response(),
        Err(error) => broken(&error),
    }
}

pub(crate) async fn json(Extension(visit): Extension<Visit>, Path((_, number)): Asked) -> Response {
    match document(&visit, &number) {
        Ok(document) => axum::Json(document).into_response(),
        Err(response) => *response,
    }
}

pub(crate) async fn pdf(
    State(house): State<Arc<House>>,
    Extension(visit): Extension<Visit>,
    Path((_, number)): Asked,
) -> Response {
    let Some(printer) = house.settings.printer else { return no_pdf() };
    match document(&visit, &number) {
        Ok(document) => print::pdf(printer, document).await,
        Err(response) => *response,
    }
}

fn document(visit: &Visit, number: &str) -> Result<Document, Box<Response>> {
    let number = number.parse::<DecisionNumber>().map_err(|_| Box::new(not_found_page()))?;
    match visit.hall.projection.read(|views| Document::evidence(views, number)) {
        Ok(Some(document)) => Ok(document),
        Ok(None) => Err(Box::new(not_found_page())),
        Err(error) => Err(Box::new(broken(&error))),
    }
}

fn saved(document: &Document, end: &str) -> HeaderMap {
    let name = format!("attachment; filename=\"evidence-{}.{end}\"", document.position);
    let named = HeaderValue::from_str(&name).map(|name| (header::CONTENT_DISPOSITION, name));
    named.into_iter().collect()
}

fn broken(error: &(dyn std::error::Error + 'static)) -> Response {
    tracing::error!(error, "the evidence of a decision cannot be drawn");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}
