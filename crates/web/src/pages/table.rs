//! The facilitator's console: an entry in ten seconds, and the table's last entries with what became of them.
//!
//! Without script it is a page of forms. With script nothing waits for the network: `assets/table.js` keeps what is
//! typed on the tablet and sends it when it can.

use askama::Template;
use axum::Extension;
use axum::extract::Query as Asked;
use axum::response::Response;
use domain::{Actor, PollId, RoundNumber, TableNumber};
use projections::Views;
use projections::views::{Round, Stage};
use serde::Deserialize;

use crate::guard::Visit;
use crate::pages::ballots::open_polls;
use crate::pages::entries::{EntryView, Eyes};
use crate::pages::home::stage;
use crate::pages::take_part::{Done, kinds, repeated_id};
use crate::pages::{Notice, Shell, draw_with, form_id};
use crate::say::{Catalogue, Message, say};

/// How many of the table's entries stand on the page; the rest are one link away.
const LATEST: usize = 12;

#[derive(Deserialize)]
pub(crate) struct Wanted {
    done: Option<u64>,
    /// The console without anybody's words, for a tablet to keep and open when there is no network.
    shell: Option<u8>,
}

#[derive(Template)]
#[template(path = "table.html")]
struct Table {
    shell: Shell,
    t: Catalogue,
    notice: Notice,
    agenda: Vec<AskedRow>,
    /// Whether a round is open just now.
    open: bool,
    table: u16,
    seats: u16,
    zone: String,
    form_id: String,
    kinds: Vec<(&'static str, Message, bool)>,
    entries: Vec<(EntryView, String)>,
    wordless: bool,
    /// Polls that wait for the table.
    voting: Vec<(PollId, String)>,
    said: usize,
    all: String,
}

/// A round of the agenda. The console has all of them, so that it can move on while it is alone.
struct AskedRow {
    number: u16,
    title: String,
    question: String,
    stage: &'static str,
    stage_said: Message,
    /// Whether an entry goes to it unless somebody chooses otherwise.
    chosen: bool,
}

impl Table {
    /// The question that stands on the page, if one was ever opened.
    fn asked(&self) -> Option<&AskedRow> {
        self.agenda.iter().find(|round| round.chosen)
    }
}

pub(crate) async fn page(Extension(visit): Extension<Visit>, Asked(wanted): Asked<Wanted>) -> Response {
    match visit.actor {
        Some(actor) => draw(&visit, actor, Done { done: wanted.done }.notice(), wanted.shell.is_some()),
        None => crate::pages::error::problem(&ingest::Refusal::NoRole, "no-link"),
    }
}

pub(crate) fn draw_table(visit: &Visit, actor: Actor, notice: Notice) -> Response {
    draw(visit, actor, notice, false)
}

fn draw(visit: &Visit, actor: Actor, notice: Notice, wordless: bool) -> Response {
    let Some(table) = actor.table else {
        return crate::pages::error::problem(&ingest::Refusal::NoRole, "other-role");
    };
    visit.hall.projection.read(|views| {
        let about = views.frame.about.as_ref();
        let page = Table {
            shell: Shell::new(visit, views, "table", say("table-title").num("table", table)),
            t: Catalogue,
            agenda: agenda(views, &notice),
            open: views.open_round().is_some(),
            table: table.get(),
            seats: views.frame.tables.get(&table).copied().unwrap_or_default(),
            zone: about.map(|about| about.time_zone.to_string()).unwrap_or_default(),
            form_id: repeated_id(&notice),
            kinds: kinds(&notice),
            entries: if wordless { Vec::new() } else { latest(visit, views, table) },
            voting: if wordless { Vec::new() } else { open_polls(views) },
            wordless,
            said: views.entries.values().filter(|entry| entry.table == Some(table)).count(),
            all: format!("contributions?table={table}"),
            notice,
        };
        draw_with(&page.notice, &page)
    })
}

fn agenda(views: &Views, notice: &Notice) -> Vec<AskedRow> {
    let typed = notice.typed("round").parse().ok();
    let typed = typed.filter(|number| views.frame.rounds.contains_key(number));
    let chosen =
        typed.or_else(|| views.open_round().map(|(number, _)| number)).or_else(|| last_closed(views));
    let row = |(number, round): (&RoundNumber, &Round)| AskedRow {
        number: number.get(),
        title: round.title.to_string(),
        question: round.question.to_string(),
        stage: word(round.stage),
        stage_said: stage(round.stage),
        chosen: chosen == Some(*number),
    };
    views.frame.rounds.iter().map(row).collect()
}

/// Between rounds what was said just before can still be keyed in.
fn last_closed(views: &Views) -> Option<RoundNumber> {
    let closed = views.frame.rounds.iter().filter(|(_, round)| round.stage == Stage::Closed);
    closed.max_by_key(|(_, round)| round.closed_at).map(|(number, _)| *number)
}

fn word(stage: Stage) -> &'static str {
    match stage {
        Stage::Planned => "planned",
        Stage::Open => "open",
        Stage::Closed => "closed",
    }
}

/// Each with a fresh id for the forms that stand beside it.
fn latest(visit: &Visit, views: &Views, table: TableNumber) -> Vec<(EntryView, String)> {
    let own = views.entries.iter().rev().filter(|(_, entry)| entry.table == Some(table));
    let shown = own.take(LATEST);
    shown.map(|(at, entry)| (EntryView::new(visit, views, *at, entry, Eyes::Own), form_id())).collect()
}
