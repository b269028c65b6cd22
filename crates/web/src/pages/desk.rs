//! The theme team's desk: the next unread contribution, one form to code it, the code frame beside it.

use std::collections::BTreeSet;

use askama::Template;
use axum::Extension;
use axum::body::Bytes;
use axum::extract::Query as Asked;
use axum::response::{IntoResponse, Redirect, Response};
use domain::{Command, ContributionId, Reason, Rejection, Role, ThemeId, ThemeName};
use ingest::{Frame, Refusal};
use projections::views::{Change, What};
use projections::{Attention, Coverage, Position, Query, Unit, Views, coverage};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::guard::Visit;
use crate::link::Form;
use crate::pages::entries::{EntryView, Eyes};
use crate::pages::{Notice, Shell, address, draw_with, form_id};
use crate::say::{Catalogue, Message, say};
use crate::when::Clock;

/// How many of those that wait stand under the one to read next.
const WAITING: usize = 8;
/// How many of the latest changes of the code frame are shown.
const CHANGES: usize = 8;

#[derive(Deserialize)]
pub(crate) struct Choice {
    /// One contribution to read again; otherwise the oldest unread one.
    contribution: Option<ContributionId>,
    done: Option<u64>,
}

#[derive(Template)]
#[template(path = "desk.html")]
struct Desk {
    shell: Shell,
    t: Catalogue,
    notice: Notice,
    next: Option<EntryView>,
    waiting: Vec<EntryView>,
    themes: Vec<ThemeChoice>,
    changes: Vec<ChangeRow>,
    coverage: Coverage,
    form_id: String,
}

struct ThemeChoice {
    id: String,
    name: String,
    definition: String,
    contributions: u64,
    chosen: bool,
    form_id: String,
}

struct ChangeRow {
    time: String,
    what: Message,
    reason: String,
}

pub(crate) async fn page(Extension(visit): Extension<Visit>, Asked(choice): Asked<Choice>) -> Response {
    let done = choice.done.map(|position| say("recorded-at").num("position", position));
    draw_desk(&visit, choice.contribution, Notice::done(done))
}

pub(crate) fn draw_desk(visit: &Visit, wanted: Option<ContributionId>, notice: Notice) -> Response {
    let wanted = wanted.or_else(|| notice.typed("contribution").parse().ok());
    visit.hall.projection.read(|views| {
        let unread = unread(views);
        let next = wanted.and_then(|id| views.entry(id)).map(|(position, _)| position);
        let next = next.or(unread.first().copied());
        let view = |at: Position| {
            views.entries.get(&at).map(|entry| EntryView::new(visit, views, at, entry, Eyes::Staff))
        };
        let page = Desk {
            shell: Shell::new(visit, views, "desk", say("desk-title")),
            t: Catalogue,
            waiting: unread
                .into_iter()
                .filter(|at| Some(*at) != next)
                .take(WAITING)
                .filter_map(view)
                .collect(),
            themes: themes(views, next),
            changes: changes(views),
            coverage: coverage(views, None),
            next: next.and_then(view),
            form_id: form_id(),
            notice,
        };
        draw_with(&page.notice, &page)
    })
}

/// Those that nobody has read yet and that may be read, oldest first.
fn unread(views: &Views) -> Vec<Position> {
    let unread = views.entries.iter().filter(|(_, entry)| {
        entry.attention == Attention::Unread && entry.coded.themes.is_empty() && entry.may_be_read()
    });
    unread.map(|(position, _)| *position).collect()
}

fn themes(views: &Views, next: Option<Position>) -> Vec<ThemeChoice> {
    let chosen: BTreeSet<ThemeId> = next
        .and_then(|at| views.entries.get(&at))
        .map(|entry| entry.coded.themes.clone())
        .unwrap_or_default();
    let choice = |(id, theme): (ThemeId, &projections::views::Theme)| ThemeChoice {
        id: id.to_string(),
        name: theme.name.to_string(),
        definition: theme.definition.as_ref().map(ToString::to_string).unwrap_or_default(),
        contributions: Query::theme(id).count(views, Unit::Contributions),
        chosen: chosen.contains(&id),
        form_id: form_id(),
    };
    views.live_themes().into_iter().map(choice).collect()
}

fn changes(views: &Views) -> Vec<ChangeRow> {
    let clock = crate::pages::clock(views);
    views.frame.changes.iter().rev().take(CHANGES).map(|change| row(&clock, change)).collect()
}

fn row(clock: &Clock, change: &Change) -> ChangeRow {
    ChangeRow {
        time: clock.time(change.at),
        what: told(change),
        reason: change.reason.as_ref().map(ToString::to_string).unwrap_or_default(),
    }
}

/// Codes one contribution: into every chosen theme, out of those no longer chosen, into a new one if it was named;
/// or sets it aside, or marks it as read.
pub(crate) async fn code(Extension(visit): Extension<Visit>, body: Bytes) -> Response {
    let form = Form::parse(&body);
    match coded(&visit, &form).await {
        Ok(position) => {
            visit.hall.projection.wait_for(position).await;
            let desk = address(visit.hall.slug.as_str(), "desk");
            Redirect::to(&format!("{desk}?done={position}")).into_response()
        }
        Err(refusal) => draw_desk(&visit, None, Notice::refused(&refusal, form)),
    }
}

async fn coded(visit: &Visit, form: &Form) -> Result<u64, Refusal> {
    let id = form.get("id").and_then(|id| id.parse().ok()).ok_or(Refusal::MissingField("id"))?;
    let contribution = form.get("contribution").and_then(|id| id.parse().ok());
    let contribution = contribution.ok_or(Refusal::MissingField("contribution"))?;
    let mut last = 0;
    for (index, command) in commands(visit, form, id, contribution)?.into_iter().enumerate() {
        let frame = Frame { id: part_of(id, index), command };
        match visit.door(Some(Role::ThemeTeam)).submit(frame).await {
            Ok(ack) => last = ack.position.get(),
            // Somebody else on the team was quicker; what was wanted is so.
            Err(Refusal::Rejected(Rejection::AlreadyAssigned | Rejection::NotAssigned)) => {}
            Err(refusal) => return Err(refusal),
        }
    }
    Ok(last)
}

fn commands(
    visit: &Visit,
    form: &Form,
    id: Uuid,
    contribution: ContributionId,
) -> Result<Vec<Command>, Refusal> {
    match form.get("action") {
        Some("set-aside") => {
            let reason = Reason::parse(form.get("reason").unwrap_or_default())?;
            return Ok(vec![Command::SetAside { contribution, reason }]);
        }
        Some("read") => return Ok(vec![Command::MarkRead { contribution }]),
        _ => {}
    }
    let chosen: BTreeSet<ThemeId> = form.all("theme").filter_map(|theme| theme.parse().ok()).collect();
    let known = visit.hall.projection.read(|views| {
        views.entry(contribution).map(|(_, entry)| entry.coded.themes.clone()).unwrap_or_default()
    });
    let mut commands = Vec::new();
    if let Some(name) = form.get("new_theme") {
        let (theme, name) = (ThemeId(part_of(id, usize::MAX)), ThemeName::parse(name)?);
        commands.push(Command::NameTheme { theme, name, definition: None });
        commands.push(Command::Assign { contribution, theme });
    }
    commands.extend(chosen.difference(&known).map(|theme| Command::Assign { contribution, theme: *theme }));
    commands.extend(known.difference(&chosen).map(|theme| Command::Unassign { contribution, theme: *theme }));
    if commands.is_empty() { Err(Refusal::MissingField("theme")) } else { Ok(commands) }
}

/// One form makes several commands; each gets an id that follows from the form's, so that pressing the button twice
/// records each once.
fn part_of(id: Uuid, index: usize) -> Uuid {
    let hash = Sha256::new().chain_update(id.as_bytes()).chain_update(index.to_be_bytes()).finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// A change of the code frame as a sentence, with what it moved.
pub(crate) fn told(change: &Change) -> Message {
    match &change.what {
        What::Named(name) => say("change-named").text("name", name),
        What::Renamed { from, to } => say("change-renamed").text("from", from).text("to", to),
        What::Defined { name, .. } => say("change-defined").text("name", name),
        What::Split { from, into } => {
            say("change-split").text("from", from).text("into", into).num("moved", change.moved)
        }
        What::Undone { change: undone, name } => {
            say("change-undone").num("change", undone.get()).text("name", name).num("moved", change.moved)
        }
        What::Merged { from, into } => {
            say("change-merged").text("from", from).text("into", into).num("moved", change.moved)
        }
        What::Retired(name) => say("change-retired").text("name", name).num("moved", change.moved),
    }
}
