//! Room health: who has not been heard, whose tablet is gone, what waits to be read. Drawn on the run of show, and again
//! every few seconds while somebody looks at it.

use askama::Template;
use axum::Extension;
use axum::http::StatusCode;
use axum::response::Response;
use domain::{Role, RoundNumber, TableNumber, Timestamp};
use projections::{Coverage, Query, Side, Unit, Views, coverage};

use crate::guard::Visit;
use crate::pages::{Shell, draw};
use crate::presence::{Tablet, now};
use crate::say::{Catalogue, Message, say};

/// A table from which nothing has come for so long needs somebody to walk over.
const SILENT_MS: u64 = 6 * 60_000;
/// A console reports every ten seconds; after two and a half times that it is gone.
const GONE_MS: u64 = 25_000;
/// A clock that is wrong by less than this does no harm.
const SKEW_MS: u64 = 60_000;

pub(crate) struct Health {
    pub(crate) alerts: Vec<Message>,
    pub(crate) tables: Vec<TableRow>,
    pub(crate) coverage: Coverage,
    pub(crate) remote_voices: u64,
    /// People who follow from home just now.
    pub(crate) connected: u64,
    /// Commands that the writer has not worked off.
    pub(crate) queue: usize,
    /// For how long the oldest contribution has waited to be read, in minutes.
    pub(crate) oldest_min: Option<u64>,
}

pub(crate) struct TableRow {
    pub(crate) table: TableNumber,
    pub(crate) place: Option<String>,
    pub(crate) contributions: usize,
    pub(crate) last: Option<String>,
    pub(crate) silent: bool,
    pub(crate) tablets: Vec<TabletRow>,
}

pub(crate) struct TabletRow {
    pub(crate) state: Message,
    pub(crate) bad: bool,
}

#[derive(Template)]
#[template(path = "_health.html")]
struct Fragment {
    shell: Shell,
    t: Catalogue,
    health: Health,
}

pub(crate) async fn fragment(Extension(visit): Extension<Visit>) -> Response {
    visit.hall.projection.read(|views| {
        let shell = Shell::new(&visit, views, "run", say("run-title"));
        let health = Health::now(&visit, views, &shell);
        draw(StatusCode::OK, &Fragment { shell, t: Catalogue, health })
    })
}

impl Health {
    pub(crate) fn now(visit: &Visit, views: &Views, shell: &Shell) -> Self {
        let (at, round) = (now(), views.open_round().map(|(number, _)| number));
        let tablets = visit.hall.presence.tablets();
        let mut alerts = Vec::new();
        let row = |table| table_row(views, shell, table, (at, round), &tablets, &mut alerts);
        let tables = views.seated().map(row).collect();
        let unread = Query::state(projections::figure::State::Unread).select(views);
        let oldest = unread.first().map(|(_, entry)| minutes(at, entry.at));
        Self {
            alerts,
            tables,
            coverage: coverage(views, None),
            remote_voices: Query::default().on(Side::Remote).count(views, Unit::Voices),
            connected: visit.hall.hub.connected().roles.get(&Role::Participant).copied().unwrap_or_default(),
            queue: visit.hall.sequencer.waiting(),
            oldest_min: oldest,
        }
    }
}

fn minutes(now: Timestamp, then: Timestamp) -> u64 {
    now.millis().saturating_sub(then.millis()) / 60_000
}

fn table_row(
    views: &Views,
    shell: &Shell,
    table: TableNumber,
    (at, round): (Timestamp, Option<RoundNumber>),
    tablets: &[Tablet],
    alerts: &mut Vec<Message>,
) -> TableRow {
    let query = Query { table: Some(table), ..Query::default() }.in_round(round);
    let said = query.select(views);
    let last = said.iter().map(|(_, entry)| entry.at).max();
    let opened = round.and_then(|round| views.frame.rounds.get(&round)).and_then(|round| round.opened_at);
    // Between rounds nobody has to speak, and the clock starts anew with each round.
    let quiet_since = opened.map(|opened| last.map_or(opened, |last| last.max(opened)));
    let silent = quiet_since.filter(|since| at.millis().saturating_sub(since.millis()) >= SILENT_MS);
    if let Some(since) = silent {
        alerts.push(say("alert-silent").num("table", table).num("minutes", minutes(at, since)));
    }
    let own = tablets.iter().filter(|tablet| tablet.table == table);
    let tablets: Vec<_> = own.map(|tablet| tablet_row(tablet, at, shell, alerts)).collect();
    TableRow {
        table,
        place: views.frame.places.get(&table).map(ToString::to_string),
        contributions: said.len(),
        last: last.map(|at| shell.clock.time(at)),
        silent: silent.is_some(),
        tablets,
    }
}

fn tablet_row(tablet: &Tablet, at: Timestamp, shell: &Shell, alerts: &mut Vec<Message>) -> TabletRow {
    let gone = at.millis().saturating_sub(tablet.seen_at.millis()) > GONE_MS;
    let skew = tablet.skew_ms.map(i64::unsigned_abs).filter(|skew| *skew >= SKEW_MS);
    let (table, waiting) = (tablet.table, tablet.waiting);
    let seen = shell.clock.time(tablet.seen_at);
    if gone {
        alerts.push(say("alert-offline").num("table", table).text("time", &seen).num("n", waiting));
        let state = say("tablet-offline").text("time", seen).num("n", waiting);
        return TabletRow { state, bad: true };
    }
    if let Some(skew) = skew {
        let minutes = (skew + 30_000) / 60_000;
        alerts.push(say("alert-skew").num("table", table).num("minutes", minutes));
        return TabletRow { state: say("tablet-skew").num("minutes", minutes).num("n", waiting), bad: true };
    }
    TabletRow { state: say("tablet-online").num("n", waiting), bad: false }
}
