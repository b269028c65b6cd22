//! The remote participant's page: say something, see that it counted, see what everybody is saying.

use askama::Template;
use axum::Extension;
use axum::extract::Query as Asked;
use axum::response::Response;
use domain::{ContributionId, Kind};
use projections::Views;
use serde::Deserialize;

use crate::guard::Visit;
use crate::pages::entries::{EntryView, Eyes};
use crate::pages::hearing::Hearing;
use crate::pages::home::with_round;
use crate::pages::{Notice, Shell, address, draw_with, form_id};
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
    mine: Vec<EntryView>,
    /// Whether anything of it still has words.
    erasable: bool,
    hearing: Hearing,
    fragment: String,
}

pub(crate) async fn page(Extension(visit): Extension<Visit>, Asked(done): Asked<Done>) -> Response {
    draw_take_part(&visit, done.notice())
}

pub(crate) fn draw_take_part(visit: &Visit, notice: Notice) -> Response {
    visit.hall.projection.read(|views| {
        let slug = visit.hall.slug.as_str();
        let round = views.open_round().map(|(number, _)| number);
        let mine = mine(visit, views);
        let page = TakePart {
            shell: Shell::new(visit, views, "take-part", say("take-part-title")),
            t: Catalogue,
            open: OpenQuestion::now(views),
            form_id: repeated_id(&notice),
            kinds: kinds(&notice),
            erasable: mine.iter().any(|entry| !entry.erased),
            mine,
            hearing: Hearing::look(&visit.hall, views, round),
            fragment: with_round(&address(slug, "hearing"), round),
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

/// What this voice has said, latest first. Each question has a tag of its own.
fn mine(visit: &Visit, views: &Views) -> Vec<EntryView> {
    let Some(holder) = &visit.holder else { return Vec::new() };
    let tags = views.frame.rounds.keys().map(|round| visit.hall.tag(&holder.voice, *round));
    let tags: std::collections::BTreeSet<_> = tags.collect();
    let own =
        views.entries.iter().rev().filter(|(_, entry)| entry.voice.is_some_and(|tag| tags.contains(&tag)));
    own.map(|(position, entry)| EntryView::new(visit, views, *position, entry, Eyes::Own)).collect()
}
