//! What became of one contribution, for whoever has its receipt.

use std::collections::HashMap;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query as Asked};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::ThemeId;
use ingest::Receipt;
use projections::{Entry, Position, Query, Side, Unit, Views};

use crate::guard::Visit;
use crate::pages::entries::{EntryView, Eyes};
use crate::pages::screen::qr;
use crate::pages::{Notice, Shell, address, draw, record};
use crate::say::{Catalogue, say};

#[derive(Template)]
#[template(path = "receipt.html")]
struct Found {
    shell: Shell,
    t: Catalogue,
    code: String,
    entry: EntryView,
    received: String,
    question: String,
    quoted: bool,
    due: Vec<String>,
    /// Events under the last checkpoint.
    signed: u64,
    qr: String,
}

#[derive(Template)]
#[template(path = "receipt_find.html")]
struct Find {
    shell: Shell,
    t: Catalogue,
    notice: Notice,
}

pub(crate) async fn find(
    Extension(visit): Extension<Visit>,
    Asked(asked): Asked<HashMap<String, String>>,
) -> Response {
    let typed = asked.get("code").map(|code| code.trim()).filter(|code| !code.is_empty());
    match typed.map(str::parse::<Receipt>) {
        Some(Ok(receipt)) => {
            let page = address(visit.hall.slug.as_str(), "receipt");
            Redirect::to(&format!("{page}/{receipt}")).into_response()
        }
        Some(Err(_)) => {
            draw_find(&visit, StatusCode::UNPROCESSABLE_ENTITY, say("receipt-unreadable").to_string())
        }
        None => draw_find(&visit, StatusCode::OK, String::new()),
    }
}

pub(crate) fn draw_find(visit: &Visit, status: StatusCode, refused: String) -> Response {
    let shell = visit.hall.projection.read(|views| Shell::new(visit, views, "receipt", say("receipt-title")));
    let notice = Notice { refused: (!refused.is_empty()).then_some(refused), ..Notice::default() };
    draw(status, &Find { shell, t: Catalogue, notice })
}

pub(crate) async fn page(
    Extension(visit): Extension<Visit>,
    Path((_, code)): Path<(String, String)>,
) -> Response {
    let unknown = || draw_find(&visit, StatusCode::NOT_FOUND, say("receipt-unknown").to_string());
    let Ok(receipt) = code.parse::<Receipt>() else { return unknown() };
    let Some(position) = position_of(&visit, &receipt) else { return unknown() };
    let signed = visit.hall.log.signed().unwrap_or_default();
    visit.hall.projection.read(|views| match views.entries.get(&position) {
        Some(entry) => {
            let page = found(&visit, views, (receipt, position, entry), signed);
            draw(StatusCode::OK, &page)
        }
        None => unknown(),
    })
}

fn position_of(visit: &Visit, receipt: &Receipt) -> Option<Position> {
    let found = |views: &Views| views.by_receipt(receipt.leaf_prefix()).map(|(position, _)| position);
    visit.hall.projection.read(found)
}

fn found(visit: &Visit, views: &Views, found: (Receipt, Position, &Entry), signed: u64) -> Found {
    let (receipt, position, entry) = found;
    let shell = Shell::new(visit, views, "receipt", say("receipt-title"));
    let round = views.frame.rounds.get(&entry.round);
    let here = format!("{}{}/{receipt}", visit.house.settings.public_url, shell.address("receipt"));
    Found {
        code: receipt.to_string(),
        // A receipt can be found or seen by others: it shows no words that are not public anyway.
        entry: EntryView::new(visit, views, position, entry, Eyes::Public),
        received: shell.clock.full(entry.at),
        question: round.map(|round| round.question.to_string()).unwrap_or_default(),
        quoted: is_quoted(visit, views, position, entry),
        due: due(views, entry),
        signed,
        qr: qr(&here),
        t: Catalogue,
        shell,
    }
}

/// Whether its words stand in the paper as it would be drawn now.
fn is_quoted(visit: &Visit, views: &Views, position: Position, entry: &Entry) -> bool {
    if !entry.is_public() {
        return false;
    }
    let paper = projections::summary(views, &|at| visit.hall.words(at));
    let findings = paper.findings.iter().flat_map(|finding| finding.quotes.iter().chain(&finding.concern));
    findings.chain(&paper.asks).any(|quote| quote.position == position.get())
}

/// The themes of this contribution that the board owes a reply to, by the rule that was fixed beforehand.
fn due(views: &Views, entry: &Entry) -> Vec<String> {
    let Some(rule) = &views.frame.duty_rule else { return Vec::new() };
    let owed = |theme: &&ThemeId| {
        let tables = Query::theme(**theme).count(views, Unit::Tables);
        let rounds = views
            .frame
            .rounds
            .keys()
            .map(|round| Query::theme(**theme).on(Side::Remote).in_round(Some(*round)));
        let voices = rounds.map(|query| query.count(views, Unit::Voices)).max().unwrap_or(0);
        rule.is_met(u16::try_from(tables).unwrap_or(u16::MAX), u32::try_from(voices).unwrap_or(u32::MAX))
    };
    let named = entry.themes.iter().filter(owed).filter_map(|theme| views.frame.themes.get(theme));
    named.map(|theme| theme.name.to_string()).collect()
}

/// The proof that it is in the record, to keep or to check elsewhere.
pub(crate) async fn proof(
    Extension(visit): Extension<Visit>,
    Path((_, code)): Path<(String, String)>,
) -> Response {
    let receipt = code.parse::<Receipt>().ok();
    let position = receipt.and_then(|receipt| position_of(&visit, &receipt));
    let proof = position.and_then(|position| visit.hall.log.proof(position).ok().flatten());
    match proof {
        Some(proof) => record::text(proof.into_bytes()),
        None => draw_find(&visit, StatusCode::NOT_FOUND, say("receipt-unknown").to_string()),
    }
}
