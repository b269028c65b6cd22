//! What anyone may see: the assemblies, one assembly's home, its tallies as open data.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Query as Asked, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use domain::RoundNumber;
use projections::views::Stage;
use projections::{Views, tallies};
use serde::Deserialize;

use crate::guard::Visit;
use crate::house::House;
use crate::pages::as_of::{self, Moment};
use crate::pages::carried::{Carried, carried};
use crate::pages::hearing::Hearing;
use crate::pages::{Shell, address, draw};
use crate::say::{Catalogue, Message, say};

#[derive(Deserialize)]
pub(crate) struct Choice {
    round: Option<RoundNumber>,
    /// An earlier moment: a position, or a time of day.
    at: Option<String>,
    time: Option<String>,
}

#[derive(Template)]
#[template(path = "index.html")]
struct Index {
    t: Catalogue,
    assemblies: Vec<(String, String)>,
}

pub(crate) async fn index(State(house): State<Arc<House>>) -> Response {
    let halls = house.slugs().into_iter().filter_map(|slug| house.hall(&slug));
    let named = halls.map(|hall| {
        let title =
            hall.projection.read(|views| views.frame.about.as_ref().map(|about| about.title.to_string()));
        (address(hall.slug.as_str(), ""), title.unwrap_or_else(|| hall.slug.to_string()))
    });
    draw(StatusCode::OK, &Index { t: Catalogue, assemblies: named.collect() })
}

pub(crate) async fn health(State(house): State<Arc<House>>) -> Response {
    let why = |slug: domain::Slug| {
        let sequencer = house.sequencer(&slug)?;
        let failed = sequencer.failed().borrow().clone();
        failed.or_else(|| sequencer.halted().map(str::to_owned)).map(|why| (slug, why))
    };
    let why: BTreeMap<_, _> = house.slugs().into_iter().filter_map(why).collect();
    let broken: Vec<_> = why.keys().collect();
    let status = if broken.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let health = serde_json::json!({ "assemblies": house.slugs().len(), "broken": broken, "why": why });
    (status, Json(health)).into_response()
}

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    shell: Shell,
    t: Catalogue,
    purpose: String,
    board: String,
    rounds: Vec<RoundRow>,
    hearing: Hearing,
    tabs: Vec<Tab>,
    fragment: String,
    carried: Vec<Carried>,
    /// Whether the board has recorded a decision.
    decided: bool,
}

pub(crate) struct RoundRow {
    pub(crate) number: RoundNumber,
    pub(crate) title: String,
    pub(crate) question: String,
    pub(crate) stage: Message,
    pub(crate) open: bool,
}

struct Tab {
    href: String,
    label: Message,
    current: bool,
}

pub(crate) async fn page(Extension(visit): Extension<Visit>, Asked(choice): Asked<Choice>) -> Response {
    let carried = carried(&visit.house, &visit.hall);
    visit.hall.projection.read(|views| {
        let about = views.frame.about.as_ref();
        let text = |part: Option<String>| part.unwrap_or_default();
        let title = text(about.map(|about| about.title.to_string()));
        let page = Home {
            shell: Shell::new(&visit, views, "", title),
            t: Catalogue,
            purpose: text(about.map(|about| about.purpose.to_string())),
            board: text(about.map(|about| about.board.to_string())),
            rounds: rounds(views),
            hearing: Hearing::look(&visit.hall, views, choice.round),
            tabs: tabs(visit.hall.slug.as_str(), views, choice.round),
            fragment: with_round(&address(visit.hall.slug.as_str(), "hearing"), choice.round),
            carried,
            decided: !views.frame.ledger.decisions.is_empty(),
        };
        draw(StatusCode::OK, &page)
    })
}

pub(crate) fn rounds(views: &Views) -> Vec<RoundRow> {
    let row = |(number, round): (&RoundNumber, &projections::views::Round)| RoundRow {
        number: *number,
        title: round.title.to_string(),
        question: round.question.to_string(),
        stage: stage(round.stage),
        open: round.stage == Stage::Open,
    };
    views.frame.rounds.iter().map(row).collect()
}

pub(crate) fn stage(stage: Stage) -> Message {
    match stage {
        Stage::Planned => say("stage-planned"),
        Stage::Open => say("stage-open"),
        Stage::Closed => say("stage-closed"),
    }
}

fn tabs(slug: &str, views: &Views, chosen: Option<RoundNumber>) -> Vec<Tab> {
    let all = std::iter::once(None);
    let each = views.frame.rounds.keys().copied().map(Some);
    let tab = |round: Option<RoundNumber>| Tab {
        href: with_round(&address(slug, ""), round),
        label: round.map_or_else(|| say("all-rounds"), |round| say("round-n").num("n", round)),
        current: round == chosen,
    };
    all.chain(each).map(tab).collect()
}

pub(crate) fn with_round(address: &str, round: Option<RoundNumber>) -> String {
    round.map_or_else(|| address.to_owned(), |round| format!("{address}?round={round}"))
}

#[derive(Template)]
#[template(path = "_hearing.html")]
struct Fragment {
    t: Catalogue,
    hearing: Hearing,
}

/// The themes alone, drawn by the same template, for pages that are open already; or a page with how they stood earlier.
pub(crate) async fn hearing(Extension(visit): Extension<Visit>, Asked(choice): Asked<Choice>) -> Response {
    if choice.at.is_some() || choice.time.is_some() {
        return as_of::page(&visit, Moment { at: choice.at, time: choice.time, round: choice.round }).await;
    }
    let hearing = visit.hall.projection.read(|views| Hearing::look(&visit.hall, views, choice.round));
    draw(StatusCode::OK, &Fragment { t: Catalogue, hearing })
}

pub(crate) async fn tallies_json(
    Extension(visit): Extension<Visit>,
    Asked(choice): Asked<Choice>,
) -> Response {
    Json(visit.hall.projection.read(|views| tallies(views, choice.round))).into_response()
}
