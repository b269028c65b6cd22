//! The code frame: what the theme team calls things, for everybody to read, with everything that was ever changed and
//! why. Whoever codes changes it here; `frame/theme.rs` is the page of one theme.

mod compare;
mod export;
mod history;
mod theme;

use askama::Template;
use axum::Extension;
use axum::body::Bytes;
use axum::extract::Query as Asked;
use axum::response::Response;
use domain::{Role, ThemeId};
use projections::views::{Theme, ThemeState};
use projections::{ThemeTally, Views, tallies};
use serde::Deserialize;

use crate::guard::Visit;
use crate::link::Form;
use crate::pages::jump::JumpView;
use crate::pages::take_part::Done;
use crate::pages::{Notice, Shell, draw_with, submit};
use crate::say::{Catalogue, Message, say};

pub(crate) use compare::compare;
pub(crate) use export::{csv, json, themefinder};
pub(crate) use history::History;
pub(crate) use theme::page as theme;

/// Whoever may change the code frame.
pub(crate) const CODERS: &[Role] = &[Role::ThemeTeam, Role::Organiser];

#[derive(Template)]
#[template(path = "frame.html")]
struct FramePage {
    shell: Shell,
    t: Catalogue,
    notice: Notice,
    coder: Option<&'static str>,
    themes: Vec<ThemeRow>,
    gone: Vec<GoneRow>,
    sides: Sides,
    history: History,
    versions: Vec<VersionRow>,
}

/// Which ways of taking part there are at all; what does not take part is not drawn.
#[derive(Clone, Copy)]
pub(crate) struct Sides {
    pub(crate) room: bool,
    pub(crate) remote: bool,
    pub(crate) other: bool,
}

impl Sides {
    pub(crate) fn of(whole: &projections::tally::Whole) -> Self {
        Self { room: whole.tables > 0, remote: whole.remote_voices > 0, other: whole.other_contributions > 0 }
    }
}

struct ThemeRow {
    tally: ThemeTally,
    jump: Option<JumpView>,
}

/// A theme that is not in use any more.
struct GoneRow {
    id: ThemeId,
    name: String,
    fate: Message,
}

struct VersionRow {
    name: String,
    when: String,
    position: u64,
}

#[derive(Deserialize)]
pub(crate) struct Choice {
    done: Option<u64>,
    /// The number of the change that the history begins with, going back.
    upto: Option<usize>,
}

pub(crate) async fn page(Extension(visit): Extension<Visit>, Asked(choice): Asked<Choice>) -> Response {
    draw_frame(&visit, choice.upto, Done { done: choice.done }.notice())
}

fn draw_frame(visit: &Visit, upto: Option<usize>, notice: Notice) -> Response {
    visit.hall.projection.read(|views| {
        let shell = Shell::new(visit, views, "frame", say("frame-title"));
        let counted = tallies(views, None);
        let (sides, coder) = (Sides::of(&counted.of), coder(visit));
        let row = |tally: ThemeTally| ThemeRow { jump: JumpView::latest(views, tally.theme), tally };
        let page = FramePage {
            t: Catalogue,
            coder,
            sides,
            gone: gone(views),
            history: History::of(views, &shell, coder, upto),
            versions: versions(views, &shell),
            themes: counted.themes.into_iter().map(row).collect(),
            shell,
            notice,
        };
        draw_with(&page.notice, &page)
    })
}

/// As what somebody changes the code frame, if they may.
pub(crate) fn coder(visit: &Visit) -> Option<&'static str> {
    let held = CODERS.iter().find(|role| visit.holds_one_of(&[**role]));
    held.map(|role| role.as_str())
}

fn gone(views: &Views) -> Vec<GoneRow> {
    let row = |(id, theme): (&ThemeId, &Theme)| GoneRow {
        id: *id,
        name: theme.name.to_string(),
        fate: fate(views, theme),
    };
    let gone = views.frame.themes.iter().filter(|(_, theme)| theme.state != ThemeState::Live);
    let mut rows: Vec<_> = gone.map(row).collect();
    rows.sort_by_key(|row| (row.name.to_lowercase(), row.id));
    rows
}

pub(crate) fn fate(views: &Views, theme: &Theme) -> Message {
    match theme.state {
        ThemeState::Live => say("frame-live"),
        ThemeState::Retired => say("frame-retired"),
        ThemeState::MergedInto(into) => {
            let into = views.frame.themes.get(&into).map(|into| into.name.to_string());
            say("frame-merged").text("into", into.unwrap_or_default())
        }
    }
}

fn versions(views: &Views, shell: &Shell) -> Vec<VersionRow> {
    let row = |version: &projections::views::Version| VersionRow {
        name: version.name.to_string(),
        when: shell.clock.full(version.at),
        position: version.position.get(),
    };
    views.frame.versions.iter().rev().map(row).collect()
}

/// A form of this page or of a theme's page that was refused: the page again, with what was typed.
pub(crate) fn draw_again(visit: &Visit, page: &str, notice: Notice) -> Response {
    match page.split_once('/').and_then(|(_, theme)| theme.parse().ok()) {
        Some(id) => theme::draw_theme(visit, id, 0, notice),
        None => draw_frame(visit, None, notice),
    }
}

/// A part of a theme becomes one of its own. The ticked boxes of the form become the one list that the command takes.
pub(crate) async fn split(Extension(visit): Extension<Visit>, body: Bytes) -> Response {
    let form = Form::parse(&body);
    let mut command = serde_json::json!({ "type": "split-theme" });
    for field in ["id", "theme", "name", "definition", "reason"] {
        if let Some(value) = form.get(field) {
            command[field] = value.into();
        }
    }
    let ticked: Vec<_> = form.all("contribution").collect();
    if !ticked.is_empty() {
        command["contributions"] = ticked.join(",").into();
    }
    let role = form.get("as").and_then(|role| role.parse().ok());
    let (id, outcome) = visit.door(role).submit_bytes(command.to_string().as_bytes()).await;
    submit::end(&visit, form, id, outcome).await
}
