//! The remote participant's page: say something, see that it counted, see what everybody is saying.

use askama::Template;
use axum::Extension;
use axum::extract::Query as Asked;
use axum::http::StatusCode;
use axum::response::Response;
use domain::{ContributionId, Kind, RoundNumber};
use projections::{Position, Views};
use serde::Deserialize;

use crate::guard::Visit;
use crate::pages::ballot::{Marks, Panel};
use crate::pages::hearing::Hearing;
use crate::pages::home::with_round;
use crate::pages::latest::{Said, latest};
use crate::pages::mine::{Own, mine};
use crate::pages::{Notice, Shell, address, clock, draw, draw_with, form_id};
use crate::say::{Catalogue, Message, say};

/// What a page is told after a form of its own was recorded.
#[derive(Deserialize)]
pub(crate) struct Done {
    pub(crate) done: Option<u64>,
}

impl Done {
    pub(crate) fn notice(&self) -> Notice {
        Notice::done(self.done.map(|position| say("recorded-at").num("position", position)))
    }
}

/// The question that is open, if one is.
pub(crate) struct OpenQuestion {
    pub(crate) number: u16,
    pub(crate) title: String,
    pub(crate) question: String,
}

impl OpenQuestion {
    pub(crate) fn now(views: &Views) -> Option<Self> {
        views.open_round().map(|(number, round)| Self {
            number: number.get(),
            title: round.title.to_string(),
            question: round.question.to_string(),
        })
    }
}

/// The kinds of contribution as choices: the word on the wire, its label, and whether it is chosen.
pub(crate) fn kinds(notice: &Notice) -> Vec<(&'static str, Message, bool)> {
    let chosen = |kind: Kind| match notice.typed("kind") {
        "" => kind == Kind::default(),
        typed => typed == kind.as_str(),
    };
    Kind::ALL.map(|kind| (kind.as_str(), say(format!("kind-{}", kind.as_str())), chosen(kind))).into()
}

#[derive(Template)]
#[template(path = "take_part.html")]
struct TakePart {
    shell: Shell,
    t: Catalogue,
    notice: Notice,
    open: Option<OpenQuestion>,
    form_id: String,
    kinds: Vec<(&'static str, Message, bool)>,
    parts: Parts,
    /// The contribution that was just recorded: its id, its receipt, where it stands.
    sent: Option<(String, String, String)>,
    hearing: Hearing,
    fragment: String,
    /// Where the parts of an open page are fetched anew.
    now: String,
}

/// What changes while the page is open. It is drawn by one template, here and for pages that are open already; the
/// form in which somebody is typing is no part of it.
struct Parts {
    slug: String,
    mine: Vec<Own>,
    /// Whether anything of it still has words.
    erasable: bool,
    latest: Vec<Said>,
    panel: Panel,
    /// The round that is open now, where the page was drawn in another.
    moved_on: Option<Option<OpenQuestion>>,
}

impl Parts {
    fn of(visit: &Visit, views: &Views, notice: &Notice) -> Self {
        let mine = mine(visit, views);
        Self {
            slug: visit.hall.slug.to_string(),
            erasable: mine.iter().any(|own| !own.entry.erased),
            mine,
            latest: latest(visit, views),
            panel: Panel::of(visit, views, &clock(views), notice),
            moved_on: None,
        }
    }
}

pub(crate) async fn page(Extension(visit): Extension<Visit>, Asked(done): Asked<Done>) -> Response {
    draw_take_part_after(&visit, done.notice(), done.done)
}

pub(crate) fn draw_take_part(visit: &Visit, notice: Notice) -> Response {
    draw_take_part_after(visit, notice, None)
}

fn draw_take_part_after(visit: &Visit, mut notice: Notice, done: Option<u64>) -> Response {
    visit.hall.projection.read(|views| {
        let slug = visit.hall.slug.as_str();
        let round = views.open_round().map(|(number, _)| number);
        let parts = Parts::of(visit, views, &notice);
        let sent = done.and_then(|at| parts.mine.iter().find(|own| own.entry.position == at)).map(sent);
        if sent.is_some() {
            notice = Notice::default();
        }
        let page = TakePart {
            shell: Shell::new(visit, views, "take-part", say("take-part-title")),
            t: Catalogue,
            open: OpenQuestion::now(views),
            form_id: repeated_id(&notice),
            kinds: kinds(&notice),
            parts,
            sent,
            hearing: Hearing::look(&visit.hall, views, round),
            fragment: with_round(&address(slug, "hearing"), round),
            now: with_round(&address(slug, "now"), round),
            notice,
        };
        draw_with(&page.notice, &page)
    })
}

/// A refused form keeps its id: sent again, it is still the same contribution.
pub(crate) fn repeated_id(notice: &Notice) -> String {
    match notice.typed("id").parse::<ContributionId>() {
        Ok(id) => id.to_string(),
        Err(_) => form_id(),
    }
}

/// At once: its receipt and where it stands. The page lets it follow what becomes of it.
fn sent(own: &Own) -> (String, String, String) {
    (own.entry.id.clone(), own.entry.receipt.clone(), own.stands.to_string())
}

#[derive(Template)]
#[template(path = "_now.html")]
struct NowFragment {
    t: Catalogue,
    parts: Parts,
}

#[derive(Deserialize)]
pub(crate) struct Drawn {
    /// The round in which the page was drawn.
    round: Option<RoundNumber>,
    /// What the page knows to be recorded, so that it is shown at once.
    after: Option<u64>,
}

/// What changes, for pages that are open.
pub(crate) async fn now(Extension(visit): Extension<Visit>, Asked(drawn): Asked<Drawn>) -> Response {
    if let Some(after) = drawn.after.and_then(Position::new) {
        visit.hall.projection.wait_for(after.get()).await;
    }
    visit.hall.projection.read(|views| {
        let mut parts = Parts::of(&visit, views, &Notice::default());
        let round = views.open_round().map(|(number, _)| number);
        parts.moved_on = (round != drawn.round).then(|| OpenQuestion::now(views));
        draw(StatusCode::OK, &NowFragment { t: Catalogue, parts })
    })
}
