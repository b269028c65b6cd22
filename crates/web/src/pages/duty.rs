//! One duty on one page: the words, the figure, what is owed, the answers with what changed between them, what the
//! representatives say of them, and the promises; and the forms of whoever may take the next step.

pub(crate) mod chain;

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query as Asked};
use axum::response::Response;
use domain::{DutyNumber, Role, Verdict};
use projections::Snapshot;

use crate::guard::Visit;
use crate::pages::as_of::not_seen;
use crate::pages::duties::{today, told};
use crate::pages::error::not_found_page;
use crate::pages::take_part::{Done, repeated_id};
use crate::pages::{Notice, Shell, by_mail, draw_with, form_id};
use crate::past::NotSeen;
use crate::say::{Catalogue, Message};
use chain::{Chain, Figured, Words};

#[derive(Template)]
#[template(path = "duty.html")]
struct Page {
    shell: Shell,
    t: Catalogue,
    notice: Notice,
    chain: Chain,
    words: Words,
    figured: Result<Option<Figured>, Message>,
    hands: Hands,
    verdicts: [(&'static str, Message); 3],
    tomorrow: String,
    /// Whether one can be told by e-mail.
    by_mail: bool,
}

/// Which of the forms are drawn.
struct Hands {
    board: bool,
    representative: bool,
    organiser: bool,
}

impl Page {
    /// Whether a form of this kind was refused; of a promise's forms, the one of that promise.
    fn refused(&self, kind: &str, of: &str) -> bool {
        let same = of.is_empty() || self.notice.is_typed("commitment", of);
        self.notice.refused.is_some() && self.notice.is_typed("type", kind) && same
    }

    fn typed(&self, kind: &str, of: &str, field: &str) -> &str {
        if self.refused(kind, of) { self.notice.typed(field) } else { "" }
    }

    fn is_typed(&self, kind: &str, field: &str, value: &str) -> bool {
        self.typed(kind, "", field) == value
    }

    /// A form that was refused keeps its id: sent again, it is still the same step.
    fn form_id(&self, kind: &str, of: &str) -> String {
        if self.refused(kind, of) { repeated_id(&self.notice) } else { form_id() }
    }

    /// A new version begins with the one that stands.
    fn reply_text(&self) -> &str {
        match self.refused("reply", "") {
            true => self.notice.typed("text"),
            false => self.chain.replies.first().map(|reply| reply.text.as_str()).unwrap_or_default(),
        }
    }
}

pub(crate) async fn page(
    Extension(visit): Extension<Visit>,
    Path((_, number)): Path<(String, String)>,
    Asked(done): Asked<Done>,
) -> Response {
    draw_duty(&visit, &number, done.notice()).await
}

pub(crate) async fn draw_duty(visit: &Visit, number: &str, notice: Notice) -> Response {
    let Ok(number) = number.parse::<DutyNumber>() else { return not_found_page() };
    let counted_at = visit.hall.projection.read(|views| {
        let version = views.frame.ledger.duties.get(&number)?.owed.what.version;
        let mut versions = views.frame.ledger.versions.iter().map(|step| &step.what);
        versions.find(|published| published.version == version).map(|published| published.counted_at)
    });
    let figured = match counted_at {
        Some(at) => visit.hall.past.at(&visit.hall.projection, at, None).await.map(Some),
        None => Ok(None),
    };
    let counted = visit.hall.counted();
    drawn(visit, number, notice, figured, &counted)
}

type Seen = Result<Option<Arc<Snapshot>>, NotSeen>;

fn drawn(
    visit: &Visit,
    number: DutyNumber,
    notice: Notice,
    figured: Seen,
    counted: &crate::counted::Counted,
) -> Response {
    visit.hall.projection.read(|views| {
        let slug = visit.hall.slug.as_str();
        let today = today(views);
        let Some(chain) = Chain::of(views, slug, number, today) else { return not_found_page() };
        let theme = views.frame.ledger.duties.get(&number).and_then(projections::duties::Duty::theme);
        let figured = figured.map(|seen| Figured::of(&*seen?, theme?)).map_err(not_seen);
        let page = Page {
            shell: Shell::new(visit, views, "duty", &chain.name),
            t: Catalogue,
            words: Words::of(views, &counted.summary, theme),
            figured,
            hands: Hands {
                board: visit.holds_one_of(&[Role::BoardMember]),
                representative: visit.holds_one_of(&[Role::Representative]),
                organiser: visit.holds_one_of(&[Role::Organiser]),
            },
            verdicts: Verdict::ALL.map(|verdict| (verdict.as_str(), told::verdict(verdict))),
            tomorrow: today.plus_days(1).to_string(),
            by_mail: by_mail::is_on(visit),
            chain,
            notice,
        };
        draw_with(&page.notice, &page)
    })
}

/// What a refused form is answered with, where it stands on the page of a duty.
pub(crate) async fn draw_again(visit: &Visit, page: &str, notice: Notice) -> Response {
    draw_duty(visit, page.trim_start_matches("duty/"), notice).await
}
