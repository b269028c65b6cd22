//! The moderator's page: hold words back from public pages with a reason, and release them.

use askama::Template;
use axum::Extension;
use axum::extract::Query as Asked;
use axum::response::Response;
use domain::HoldReason;
use projections::{Standing, Views};

use crate::guard::Visit;
use crate::pages::entries::{EntryView, Eyes};
use crate::pages::take_part::Done;
use crate::pages::{Notice, Shell, draw_with, form_id};
use crate::say::{Catalogue, Message, say};

/// How many of the latest contributions stand on the page.
const LATEST: usize = 50;

#[derive(Template)]
#[template(path = "queue.html")]
struct Queue {
    shell: Shell,
    t: Catalogue,
    notice: Notice,
    held: Vec<(EntryView, String)>,
    latest: Vec<(EntryView, String)>,
    reasons: Vec<(&'static str, Message)>,
}

pub(crate) async fn page(Extension(visit): Extension<Visit>, Asked(done): Asked<Done>) -> Response {
    draw_queue(&visit, done.notice())
}

pub(crate) fn draw_queue(visit: &Visit, notice: Notice) -> Response {
    visit.hall.projection.read(|views| {
        let page = Queue {
            shell: Shell::new(visit, views, "queue", say("queue-title")),
            t: Catalogue,
            held: pick(visit, views, |standing| matches!(standing, Standing::Held(_)), usize::MAX),
            latest: pick(visit, views, |standing| standing == Standing::Stands, LATEST),
            reasons: HoldReason::ALL
                .map(|reason| (reason.as_str(), say(format!("held-{}", reason.as_str()))))
                .into(),
            notice,
        };
        draw_with(&page.notice, &page)
    })
}

/// Latest first, each with a fresh id for its form.
fn pick(
    visit: &Visit,
    views: &Views,
    wanted: impl Fn(Standing) -> bool,
    most: usize,
) -> Vec<(EntryView, String)> {
    let picked = views.entries.iter().rev().filter(|(_, entry)| wanted(entry.standing)).take(most);
    picked.map(|(at, entry)| (EntryView::new(visit, views, *at, entry, Eyes::Moderator), form_id())).collect()
}
