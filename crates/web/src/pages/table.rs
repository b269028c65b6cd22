//! The facilitator's console: an entry in ten seconds, and the table's last entries with what became of them.

use askama::Template;
use axum::Extension;
use axum::extract::Query as Asked;
use axum::response::Response;
use domain::{Actor, TableNumber};
use projections::Views;

use crate::guard::Visit;
use crate::pages::entries::{EntryView, Eyes};
use crate::pages::take_part::{Done, OpenQuestion, kinds, repeated_id};
use crate::pages::{Notice, Shell, draw_with, form_id};
use crate::say::{Catalogue, Message, say};

/// How many of the table's entries stand on the page; the rest are one link away.
const LATEST: usize = 12;

#[derive(Template)]
#[template(path = "table.html")]
struct Table {
    shell: Shell,
    t: Catalogue,
    notice: Notice,
    open: Option<OpenQuestion>,
    table: u16,
    seats: u16,
    form_id: String,
    kinds: Vec<(&'static str, Message, bool)>,
    entries: Vec<(EntryView, String)>,
    said: usize,
    all: String,
}

pub(crate) async fn page(Extension(visit): Extension<Visit>, Asked(done): Asked<Done>) -> Response {
    match visit.actor {
        Some(actor) => draw_table(&visit, actor, done.notice()),
        None => crate::pages::error::problem(&ingest::Refusal::NoRole, "no-link"),
    }
}

pub(crate) fn draw_table(visit: &Visit, actor: Actor, notice: Notice) -> Response {
    let Some(table) = actor.table else {
        return crate::pages::error::problem(&ingest::Refusal::NoRole, "other-role");
    };
    visit.hall.projection.read(|views| {
        let page = Table {
            shell: Shell::new(visit, views, "table", say("table-title").num("table", table)),
            t: Catalogue,
            open: OpenQuestion::now(views),
            table: table.get(),
            seats: views.frame.tables.get(&table).copied().unwrap_or_default(),
            form_id: repeated_id(&notice),
            kinds: kinds(&notice),
            entries: latest(visit, views, table),
            said: views.entries.values().filter(|entry| entry.table == Some(table)).count(),
            all: format!("contributions?table={table}"),
            notice,
        };
        draw_with(&page.notice, &page)
    })
}

/// Each with a fresh id for the forms that stand beside it.
fn latest(visit: &Visit, views: &Views, table: TableNumber) -> Vec<(EntryView, String)> {
    let own = views.entries.iter().rev().filter(|(_, entry)| entry.table == Some(table));
    let shown = own.take(LATEST);
    shown.map(|(at, entry)| (EntryView::new(visit, views, *at, entry, Eyes::Own), form_id())).collect()
}
