//! A board member's page: what is owed, the words behind it, the way to the answer, and the parts of the published paper
//! with a button each, for whoever wants the record to show that it was read; and the form for a decision. Nothing is noted
//! that nobody pressed.

use askama::Template;
use axum::Extension;
use axum::extract::Query as Asked;
use axum::response::Response;
use domain::{Section, ThemeId};
use projections::duties::Ledger;
use projections::{EvidenceSummary, Snapshot, Views};

use crate::guard::Visit;
use crate::pages::duties::rows::{DutyRow, Line, duty_row};
use crate::pages::duties::today;
use crate::pages::duty::chain::{Figured, Words};
use crate::pages::take_part::{Done, repeated_id};
use crate::pages::{Notice, Shell, draw_with, form_id};
use crate::say::{Catalogue, Message, say};

/// Quotes beside one duty.
const QUOTES: usize = 3;

#[derive(Template)]
#[template(path = "board.html")]
struct Page {
    shell: Shell,
    t: Catalogue,
    notice: Notice,
    line: Line,
    /// Those that nobody has answered yet, the longest overdue first.
    mine: Vec<Mine>,
    answered: Vec<DutyRow>,
    version: Option<u16>,
    sections: Vec<Part>,
    decide: Decide,
}

/// The form for a decision.
struct Decide {
    form_id: String,
    /// Those of the paper that may have lain before the board, the newest first.
    versions: Vec<u16>,
    /// Whether a decision is recorded already.
    any: bool,
}

struct Mine {
    row: DutyRow,
    words: Words,
    figured: Option<Figured>,
}

/// A part of the paper, and when this link said that it was read.
struct Part {
    name: &'static str,
    title: Message,
    read: Option<String>,
    form_id: String,
}

impl Page {
    /// What was typed into the form for a decision, if that is the one which was refused.
    fn decided(&self, field: &str) -> &str {
        if is_decision(&self.notice) { self.notice.typed(field) } else { "" }
    }
}

fn is_decision(notice: &Notice) -> bool {
    notice.refused.is_some() && notice.is_typed("type", "decide")
}

pub(crate) async fn page(Extension(visit): Extension<Visit>, Asked(done): Asked<Done>) -> Response {
    draw_board(&visit, done.notice())
}

pub(crate) fn draw_board(visit: &Visit, notice: Notice) -> Response {
    let counted = visit.hall.counted();
    visit.hall.projection.read(|views| {
        let (today, slug) = (today(views), visit.hall.slug.as_str());
        let ledger = &views.frame.ledger;
        let (open, answered): (Vec<_>, Vec<_>) =
            ledger.listed().into_iter().partition(|(_, duty)| duty.replies.is_empty());
        let now = Snapshot::of(views, None);
        let row = |number, duty| duty_row(views, slug, number, duty, today);
        let mine = open
            .into_iter()
            .map(|(number, duty)| Mine::of(row(number, duty), duty.theme(), views, &now, &counted.summary));
        let shell = Shell::new(visit, views, "board", say("board-title"));
        let page = Page {
            t: Catalogue,
            line: Line::of_duties(&ledger.duty_counts(today)),
            mine: mine.collect(),
            answered: answered.into_iter().map(|(number, duty)| row(number, duty)).collect(),
            version: ledger.versions.last().map(|step| step.what.version),
            sections: sections(visit, ledger, &shell),
            decide: Decide {
                // A form that was refused keeps its id: sent again, it is still the same decision.
                form_id: if is_decision(&notice) { repeated_id(&notice) } else { form_id() },
                versions: ledger.versions.iter().rev().map(|step| step.what.version).collect(),
                any: !ledger.decisions.is_empty(),
            },
            shell,
            notice,
        };
        draw_with(&page.notice, &page)
    })
}

impl Mine {
    fn of(
        row: DutyRow,
        theme: Option<ThemeId>,
        views: &Views,
        now: &Snapshot,
        summary: &EvidenceSummary,
    ) -> Self {
        let mut words = Words::of(views, summary, theme);
        words.quotes.truncate(QUOTES);
        Self { row, words, figured: theme.and_then(|theme| Figured::of(now, theme)) }
    }
}

/// Of the newest version, with what this link has said of it.
fn sections(visit: &Visit, ledger: &Ledger, shell: &Shell) -> Vec<Part> {
    let Some(version) = ledger.versions.last().map(|step| step.what.version) else { return Vec::new() };
    let link = visit.actor.and_then(|actor| actor.link);
    let read = |section: Section| {
        let mut mine = ledger.opened.iter().filter(|step| step.by.is_some() && step.by == link);
        mine.find(|step| step.what == (version, section)).map(|step| shell.clock.full(step.at))
    };
    let part = |section: Section| Part {
        name: section.as_str(),
        title: say(format!("section-{}", section.as_str())),
        read: read(section),
        form_id: form_id(),
    };
    Section::ALL.map(part).into()
}
