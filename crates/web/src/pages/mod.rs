//! One file per page, and what they share.

pub(crate) mod all_duties;
pub(crate) mod as_of;
pub(crate) mod ballot;
pub(crate) mod ballots;
pub(crate) mod became;
pub(crate) mod board;
pub(crate) mod by_mail;
pub(crate) mod candidates;
pub(crate) mod carried;
pub(crate) mod contributions;
pub(crate) mod countdown;
pub(crate) mod cue;
pub(crate) mod decisions;
pub(crate) mod desk;
pub(crate) mod duties;
pub(crate) mod duty;
pub(crate) mod edit;
mod entries;
pub(crate) mod erase;
pub(crate) mod error;
pub(crate) mod frame;
pub(crate) mod health;
pub(crate) mod hearing;
pub(crate) mod home;
pub(crate) mod join;
pub(crate) mod join_view;
pub(crate) mod jump;
pub(crate) mod latest;
pub(crate) mod live;
mod mine;
pub(crate) mod pin;
pub(crate) mod poll_view;
pub(crate) mod polls;
pub(crate) mod presence;
pub(crate) mod print;
pub(crate) mod publish;
pub(crate) mod quality;
pub(crate) mod queue;
pub(crate) mod receipt;
pub(crate) mod record;
pub(crate) mod run;
pub(crate) mod screen;
pub(crate) mod spare;
pub(crate) mod submit;
pub(crate) mod summary;
pub(crate) mod table;
pub(crate) mod take_part;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use domain::Role;
use ingest::Refusal;
use projections::Views;

use crate::guard::Visit;
use crate::link::Form;
use crate::say::{Message, knows, say};
use crate::when::Clock;

/// What every page of an assembly begins with.
pub(crate) struct Shell {
    pub(crate) slug: String,
    pub(crate) assembly: String,
    pub(crate) title: String,
    pub(crate) nav: Vec<Nav>,
    pub(crate) position: u64,
    pub(crate) clock: Clock,
}

pub(crate) struct Nav {
    pub(crate) href: String,
    pub(crate) label: Message,
    pub(crate) current: bool,
}

/// Whoever may read the evidence summary.
pub(crate) const READERS: &[Role] = &[
    Role::BoardMember,
    Role::Organiser,
    Role::ThemeTeam,
    Role::Moderator,
    Role::Observer,
    Role::Representative,
];

/// The pages that have a place in the navigation, and who sees the way to each.
const PAGES: [(&str, &str, &[Role]); 17] = [
    ("", "nav-home", &[]),
    ("take-part", "nav-take-part", &[Role::Participant]),
    ("table", "nav-table", &[Role::Facilitator]),
    ("ballots", "nav-ballots", ballots::COUNTERS),
    ("desk", "nav-desk", &[Role::ThemeTeam, Role::Organiser]),
    ("candidates", "nav-candidates", &[Role::ThemeTeam, Role::Organiser]),
    ("quality", "nav-quality", &[Role::ThemeTeam, Role::Organiser]),
    ("frame", "nav-frame", frame::CODERS),
    ("queue", "nav-queue", &[Role::Moderator]),
    ("run", "nav-run", &[Role::Organiser]),
    ("screen", "nav-screen", &[Role::Screen, Role::Organiser]),
    ("edit", "nav-edit", edit::EDITORS),
    ("board", "nav-board", &[Role::BoardMember]),
    ("publish", "nav-publish", &[Role::Organiser]),
    ("summary", "nav-summary", READERS),
    ("published", "nav-published", &[]),
    ("duties", "nav-duties", &[]),
];

impl Shell {
    pub(crate) fn new(visit: &Visit, views: &Views, page: &str, title: impl ToString) -> Self {
        let slug = visit.hall.slug.to_string();
        let about = views.frame.about.as_ref();
        let open = PAGES.iter().filter(|(_, _, roles)| roles.is_empty() || visit.holds_one_of(roles));
        let nav = open.map(|(path, label, _)| Nav {
            href: address(&slug, path),
            label: say(*label),
            current: *path == page,
        });
        Self {
            nav: nav.collect(),
            assembly: about.map(|about| about.title.to_string()).unwrap_or_default(),
            title: title.to_string(),
            position: views.position,
            clock: clock(views),
            slug,
        }
    }

    pub(crate) fn address(&self, page: &str) -> String {
        address(&self.slug, page)
    }
}

pub(crate) fn address(slug: &str, page: &str) -> String {
    if page.is_empty() { format!("/a/{slug}") } else { format!("/a/{slug}/{page}") }
}

pub(crate) fn clock(views: &Views) -> Clock {
    Clock::of(views.frame.about.as_ref().map(|about| about.time_zone.as_str()).unwrap_or_default())
}

/// What became of a form, told at the top of the page that it was on.
#[derive(Default)]
pub(crate) struct Notice {
    /// Why it was refused.
    pub(crate) refused: Option<String>,
    /// That it was done.
    pub(crate) done: Option<String>,
    typed: Option<Form>,
}

impl Notice {
    pub(crate) fn refused(refusal: &Refusal, typed: Form) -> Self {
        Self { refused: Some(sentence(refusal)), done: None, typed: Some(typed) }
    }

    pub(crate) fn done(message: Option<Message>) -> Self {
        Self { done: message.map(|message| message.to_string()), ..Self::default() }
    }

    /// What was typed in a field of a form that was refused, so that nobody types it twice.
    pub(crate) fn typed(&self, name: &str) -> &str {
        self.typed.as_ref().and_then(|form| form.get(name)).unwrap_or_default()
    }

    /// Every value of a field that may stand there several times.
    pub(crate) fn all_typed(&self, name: &str) -> impl Iterator<Item = &str> {
        self.typed.iter().flat_map(move |form| form.all(name))
    }

    pub(crate) fn is_typed(&self, name: &str, value: &str) -> bool {
        self.typed(name) == value
    }

    fn status(&self) -> StatusCode {
        if self.refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }
    }
}

/// The sentence for a refusal: the catalogue's where it has one, else the refusal's own, which names the details.
pub(crate) fn sentence(refusal: &Refusal) -> String {
    let key = format!("refused-{}", refusal.code());
    if knows(&key) { say(key).to_string() } else { refusal.to_string() }
}

pub(crate) fn draw(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page cannot be drawn");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

pub(crate) fn draw_with(notice: &Notice, page: &impl Template) -> Response {
    draw(notice.status(), page)
}

/// A fresh id for a form, so that pressing its button twice records one thing.
pub(crate) fn form_id() -> String {
    uuid::Uuid::now_v7().to_string()
}
