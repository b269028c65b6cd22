//! The organiser's run of show: open and close rounds, see that every table is heard, give out links.

use askama::Template;
use axum::Extension;
use axum::body::Bytes;
use axum::extract::Query as Asked;
use axum::response::{IntoResponse, Redirect, Response};
use domain::{Label, LinkId, Role, TableNumber};
use ingest::Refusal;
use projections::{TableChange, TableWhat, Views};

use crate::guard::Visit;
use crate::link::Form;
use crate::pages::carried::{Carried, carried};
use crate::pages::countdown::Countdown;
use crate::pages::cue::Stage;
use crate::pages::health::Health;
use crate::pages::home::{RoundRow, rounds};
use crate::pages::poll_view::PollView;
use crate::pages::screen::qr;
use crate::pages::take_part::Done;
use crate::pages::{Notice, Shell, address, draw_with, form_id};
use crate::say::{Catalogue, Message, say};

#[derive(Template)]
#[template(path = "run.html")]
struct Run {
    shell: Shell,
    t: Catalogue,
    notice: Notice,
    rounds: Vec<(RoundRow, String)>,
    open: Option<RoundRow>,
    /// The round that comes after the open one, or the first.
    next: Option<RoundRow>,
    ends: Option<Countdown>,
    stage: Stage,
    health: Health,
    polls: Vec<PollView>,
    moves: Vec<(String, Message)>,
    links: Vec<LinkView>,
    roles: Vec<(&'static str, Message)>,
    issued: Option<Issued>,
    closed: bool,
    /// What is still open of earlier assemblies of the same board.
    carried: Vec<Carried>,
    board: String,
}

struct LinkView {
    id: String,
    role: Message,
    table: Option<TableNumber>,
    label: String,
    issued: String,
    revoked: Option<String>,
}

/// A link just issued: shown once, because nobody can read its secret again.
pub(crate) struct Issued {
    role: Message,
    url: String,
    code: String,
}

pub(crate) async fn page(Extension(visit): Extension<Visit>, Asked(done): Asked<Done>) -> Response {
    draw_run(&visit, done.notice(), None)
}

pub(crate) fn draw_run(visit: &Visit, notice: Notice, issued: Option<Issued>) -> Response {
    let carried = carried(&visit.house, &visit.hall);
    visit.hall.projection.read(|views| {
        let shell = Shell::new(visit, views, "run", say("run-title"));
        let (open, next) = (find(views, |round| round.open), next(views));
        let page = Run {
            rounds: rounds(views).into_iter().map(|round| (round, form_id())).collect(),
            open,
            next,
            ends: Countdown::of(views),
            stage: Stage::now(visit, views, &shell),
            health: Health::now(visit, views, &shell),
            polls: PollView::all(views),
            moves: moves(views, &shell),
            links: links(views, &shell),
            roles: Role::ALL.map(|role| (role.as_str(), named(role))).into(),
            closed: views.frame.closed_at.is_some(),
            carried,
            board: views.frame.about.as_ref().map(|about| about.board.to_string()).unwrap_or_default(),
            t: Catalogue,
            shell,
            notice,
            issued,
        };
        draw_with(&page.notice, &page)
    })
}

fn find(views: &Views, wanted: impl Fn(&RoundRow) -> bool) -> Option<RoundRow> {
    rounds(views).into_iter().find(wanted)
}

/// The one after the last that was opened; rounds are held in the order of the agenda.
fn next(views: &Views) -> Option<RoundRow> {
    let held = views.frame.rounds.iter().filter(|(_, round)| round.opened_at.is_some());
    let last = held.map(|(number, _)| *number).max();
    find(views, |round| last.is_none_or(|last| round.number > last))
}

/// Who spoke for whom and since when, the latest first.
fn moves(views: &Views, shell: &Shell) -> Vec<(String, Message)> {
    let told = |change: &TableChange| {
        let message = match &change.what {
            TableWhat::MergedInto(into) => say("move-merged").num("into", into),
            TableWhat::SplitInto(into) => say("move-split").num("into", into),
            TableWhat::MovedTo(place) => say("move-moved").text("place", place),
            TableWhat::SeatedAgain => say("move-seated"),
        };
        (shell.clock.time(change.at), message.num("table", change.table))
    };
    views.frame.moves.iter().rev().map(told).collect()
}

fn named(role: Role) -> Message {
    say(format!("role-{}", role.as_str()))
}

fn links(views: &Views, shell: &Shell) -> Vec<LinkView> {
    let view = |(id, link): (&LinkId, &projections::views::Link)| LinkView {
        id: id.to_string(),
        role: named(link.role),
        table: link.table,
        label: link.label.as_ref().map(ToString::to_string).unwrap_or_default(),
        issued: shell.clock.time(link.issued_at),
        revoked: link.revoked_at.map(|at| shell.clock.time(at)),
    };
    let mut links: Vec<_> = views.frame.links.iter().collect();
    links.sort_by_key(|(_, link)| (link.revoked_at.is_some(), link.role, link.table));
    links.into_iter().map(view).collect()
}

pub(crate) async fn issue(Extension(visit): Extension<Visit>, body: Bytes) -> Response {
    let form = Form::parse(&body);
    match issued(&visit, &form).await {
        Ok(issued) => draw_run(&visit, Notice::default(), Some(issued)),
        Err(refusal) => draw_run(&visit, Notice::refused(&refusal, form), None),
    }
}

async fn issued(visit: &Visit, form: &Form) -> Result<Issued, Refusal> {
    let role: Role =
        form.get("role").unwrap_or_default().parse().map_err(|_| Refusal::MissingField("role"))?;
    let table = form.get("table").map(str::parse).transpose();
    let table =
        table.map_err(|_| Refusal::BadField { field: "table", why: say("table-number-why").to_string() })?;
    let label = form.get("label").map(Label::parse).transpose()?;
    let url = visit.house.issue_link(&visit.hall.slug, role, table, label).await?;
    Ok(Issued { role: named(role), code: qr(&url), url })
}

pub(crate) async fn revoke(Extension(visit): Extension<Visit>, body: Bytes) -> Response {
    let form = Form::parse(&body);
    let revoked = match form.get("link").unwrap_or_default().parse::<LinkId>() {
        Ok(link) => visit.house.revoke_link(&visit.hall.slug, link).await,
        Err(_) => Err(Refusal::MissingField("link")),
    };
    match revoked {
        Ok(()) => Redirect::to(&address(visit.hall.slug.as_str(), "run")).into_response(),
        Err(refusal) => draw_run(&visit, Notice::refused(&refusal, form), None),
    }
}
