//! What became of one contribution, for whoever has its receipt.

use std::collections::HashMap;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query as Asked};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use ingest::Receipt;
use projections::{Entry, Position, Views, summary};

use crate::guard::Visit;
use crate::pages::became::{Became, became};
use crate::pages::duties::today;
use crate::pages::entries::{EntryView, Eyes};
use crate::pages::mine::stands_now;
use crate::pages::screen::qr;
use crate::pages::{Notice, Shell, address, draw, record};
use crate::say::{Catalogue, Message, say};

#[derive(Template)]
#[template(path = "receipt.html")]
struct Page {
    shell: Shell,
    t: Catalogue,
    code: String,
    entry: EntryView,
    stands: Message,
    received: String,
    question: String,
    /// The event that this is the receipt of: the contribution's own, or a later one about it.
    event: u64,
    quoted: bool,
    due: Vec<String>,
    /// The duties of its themes, once the paper is published.
    became: Vec<Became>,
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
    let signed = visit.hall.log.signed().unwrap_or_default();
    let drawn = visit.hall.projection.read(|views| {
        let found = views.by_receipt(receipt.leaf_prefix())?;
        Some(draw(StatusCode::OK, &page_of(&visit, views, receipt, found, signed)))
    });
    drawn.unwrap_or_else(unknown)
}

fn page_of(
    visit: &Visit,
    views: &Views,
    receipt: Receipt,
    found: projections::Found<'_>,
    signed: u64,
) -> Page {
    let (position, entry) = (found.position, found.entry);
    let shell = Shell::new(visit, views, "receipt", say("receipt-title"));
    let round = views.frame.rounds.get(&entry.round);
    let is_quoted =
        |position: Position| summary::quoted(views, &|at| visit.hall.words(at)).contains(&position.get());
    let here = format!("{}{}/{receipt}", visit.house.settings.public_url, shell.address("receipt"));
    Page {
        code: receipt.to_string(),
        // A receipt can be found or seen by others: it shows no words that are not public anyway.
        entry: EntryView::new(visit, views, position, entry, Eyes::Public),
        stands: stands_now(views, position, entry),
        received: shell.clock.full(entry.at),
        question: round.map(|round| round.question.to_string()).unwrap_or_default(),
        event: found.event.get(),
        quoted: entry.is_public() && is_quoted(position),
        due: due(views, entry),
        became: became(views, visit.hall.slug.as_str(), (position, entry), today(views)),
        signed,
        qr: qr(&here),
        t: Catalogue,
        shell,
    }
}

/// The themes of this contribution that the board owes a reply to, by the rule that was fixed beforehand.
fn due(views: &Views, entry: &Entry) -> Vec<String> {
    let owed = summary::duties(views).map(|duties| duties.themes).unwrap_or_default();
    owed.into_iter().filter(|due| entry.coded.themes.contains(&due.theme)).map(|due| due.name).collect()
}

/// The proof that it is in the record, to keep or to check elsewhere.
pub(crate) async fn proof(
    Extension(visit): Extension<Visit>,
    Path((_, code)): Path<(String, String)>,
) -> Response {
    let receipt = code.parse::<Receipt>().ok();
    let event = receipt.and_then(|receipt| {
        visit.hall.projection.read(|views| views.by_receipt(receipt.leaf_prefix()).map(|found| found.event))
    });
    let proof = event.and_then(|position| visit.hall.log.proof(position).ok().flatten());
    match proof {
        Some(proof) => record::text(proof.into_bytes()),
        None => draw_find(&visit, StatusCode::NOT_FOUND, say("receipt-unknown").to_string()),
    }
}
