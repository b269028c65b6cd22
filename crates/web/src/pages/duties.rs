//! What the board owes, for anyone: the rule, every duty with the longest overdue first, the promises, and the same as
//! open data, as news and as days in a calendar.

mod calendar;
mod feed;
mod open;
mod overdue;
pub(crate) mod rows;
mod rule;
pub(crate) mod told;

use askama::Template;
use axum::Extension;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::{Date, Edition};
use projections::Views;

use crate::guard::Visit;
use crate::pages::{Shell, by_mail, clock, draw};
use crate::presence::now;
use crate::say::{Catalogue, Message, say};
use crate::when::in_words;
use rows::{DutyRow, Line, PromiseRow};

#[derive(Template)]
#[template(path = "duties.html")]
struct Page {
    shell: Shell,
    t: Catalogue,
    part: Part,
    /// Whether one can be told by e-mail.
    by_mail: bool,
}

/// Everything on the page that follows from the record and the day.
#[derive(Template)]
#[template(path = "_duties.html")]
struct Part {
    t: Catalogue,
    slug: String,
    board: String,
    on: String,
    line: Line,
    rule: Vec<Message>,
    versions: Vec<Message>,
    duties: Vec<DutyRow>,
    /// The themes that would be owed an answer, while nothing is published.
    would: Option<Vec<String>>,
    promise_line: Line,
    promises: Vec<PromiseRow>,
    decided: bool,
}

impl Part {
    fn of(views: &Views, slug: &str, today: Date) -> Self {
        let ledger = &views.frame.ledger;
        let would = (ledger.versions.is_empty() && views.frame.duty_rule.is_some()).then(|| would(views));
        Self {
            t: Catalogue,
            slug: slug.to_owned(),
            board: views.frame.about.as_ref().map(|about| about.board.to_string()).unwrap_or_default(),
            on: in_words(today),
            line: Line::of_duties(&ledger.duty_counts(today)),
            rule: rule::sentences(views.frame.duty_rule.as_ref(), ledger.clock.as_ref()),
            versions: versions(views),
            duties: rows::duties(views, slug, today),
            would,
            promise_line: Line::of_promises(&ledger.promise_counts(today)),
            promises: rows::promises(views, slug, today),
            decided: !ledger.decisions.is_empty(),
        }
    }
}

fn would(views: &Views) -> Vec<String> {
    let met = projections::summary::duties(views).map(|duties| duties.themes).unwrap_or_default();
    met.into_iter().map(|theme| theme.name).collect()
}

fn versions(views: &Views) -> Vec<Message> {
    let told = |version: &domain::Published| {
        let message = match version.edition {
            Edition::Final => say("duties-version"),
            Edition::Interim => say("duties-version-interim"),
        };
        message.num("version", version.version).text("day", in_words(version.on))
    };
    views.frame.ledger.versions.iter().rev().map(|step| told(&step.what)).collect()
}

/// The day that it is now where the assembly is.
pub(crate) fn today(views: &Views) -> Date {
    clock(views).day(now())
}

pub(crate) async fn page(Extension(visit): Extension<Visit>) -> Response {
    visit.hall.projection.read(|views| {
        let shell = Shell::new(&visit, views, "duties", say("duties-title"));
        let part = Part::of(views, visit.hall.slug.as_str(), today(views));
        draw(StatusCode::OK, &Page { shell, t: Catalogue, part, by_mail: by_mail::is_on(&visit) })
    })
}

pub(crate) async fn json(Extension(visit): Extension<Visit>) -> Response {
    let slug = visit.hall.slug.as_str();
    visit
        .hall
        .projection
        .read(|views| axum::Json(open::Document::of(views, slug, today(views))).into_response())
}

pub(crate) async fn atom(Extension(visit): Extension<Visit>) -> Response {
    let place = place(&visit);
    let text = visit.hall.projection.read(|views| feed::atom(views, &place, today(views)));
    typed("application/atom+xml; charset=utf-8", text)
}

pub(crate) async fn ics(Extension(visit): Extension<Visit>) -> Response {
    let place = place(&visit);
    let text = visit.hall.projection.read(|views| calendar::write(views, &place));
    typed("text/calendar; charset=utf-8", text)
}

/// Where the pages of an assembly stand, and its name in the record, which no move to another address changes.
pub(crate) struct Place {
    /// `https://…/a/<slug>`
    pub(crate) address: String,
    pub(crate) assembly: uuid::Uuid,
}

fn place(visit: &Visit) -> Place {
    let address = format!("{}/a/{}", visit.house.settings.public_url, visit.hall.slug);
    Place { address, assembly: visit.hall.sequencer.assembly().0 }
}

fn typed(kind: &'static str, text: String) -> Response {
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}
#[cfg(test)]
pub(crate) mod diary;
#[cfg(test)]
mod tests;
