//! How far the figures can be trusted, for whoever works with them or reads the paper: what is confirmed, what is only
//! suggested, what a random sample says of the rest, and how far two readers agree.

use askama::Template;
use axum::extract::Query as Asked;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use domain::{Role, RoundNumber};
use projections::quality::{Estimate, copies};
use projections::{Figure, Quality, Views, quality};
use serde::Deserialize;

use crate::guard::Visit;
use crate::pages::desk;
use crate::pages::entries::{EntryView, Eyes};
use crate::pages::{Notice, Shell, draw_with, form_id};
use crate::say::{Catalogue, Message, say};

/// How many groups of near copies are shown.
const GROUPS: usize = 20;
/// How many contributions a sample takes where nobody says otherwise: enough for an interval of about ±5 in 100.
const SAMPLE: u16 = 200;

#[derive(Deserialize)]
pub(crate) struct Choice {
    round: Option<RoundNumber>,
    done: Option<u64>,
}

#[derive(Template)]
#[template(path = "quality.html")]
struct Page {
    shell: Shell,
    t: Catalogue,
    notice: Notice,
    quality: Quality,
    bar: [u64; 3],
    rounds: Vec<(u16, String, bool)>,
    rows: Vec<Row>,
    audit: Option<Message>,
    groups: Vec<(EntryView, usize, String)>,
    staff: bool,
    sample: u16,
    form_id: String,
    other_form_id: String,
}

/// One theme as the table shows it.
struct Row {
    name: String,
    voices: (u64, String),
    tables: (u64, String),
    contributions: (u64, String),
    originals: (u64, String),
    suggested: (u64, String),
    estimate: Message,
    kappa: String,
    single_coder: bool,
}

pub(crate) async fn page(Extension(visit): Extension<Visit>, Asked(choice): Asked<Choice>) -> Response {
    let done = choice.done.map(|position| say("recorded-at").num("position", position));
    draw_quality(&visit, choice.round, Notice::done(done))
}

pub(crate) async fn json(Extension(visit): Extension<Visit>, Asked(choice): Asked<Choice>) -> Response {
    Json(visit.hall.projection.read(|views| quality(views, choice.round))).into_response()
}

pub(crate) fn draw_quality(visit: &Visit, round: Option<RoundNumber>, notice: Notice) -> Response {
    visit.hall.projection.read(|views| {
        let quality = quality(views, round);
        let audit = quality.audit.as_ref().map(|audit| {
            let waits = audit.read + audit.gone < audit.drawn;
            let said = if waits { say("audit-waits") } else { say("audit-done") };
            said.num("drawn", audit.drawn)
                .num("of", audit.of)
                .num("left", audit.drawn - audit.read - audit.gone)
                .num("position", audit.position)
        });
        let page = Page {
            shell: Shell::new(visit, views, "quality", say("quality-title")),
            t: Catalogue,
            bar: desk::bar(&quality.coverage),
            rounds: rounds(views, round),
            rows: rows(&quality),
            audit,
            groups: groups(visit, views),
            staff: visit.holds_one_of(&[Role::ThemeTeam, Role::Organiser]),
            sample: SAMPLE,
            form_id: form_id(),
            other_form_id: form_id(),
            quality,
            notice,
        };
        draw_with(&page.notice, &page)
    })
}

fn rounds(views: &Views, chosen: Option<RoundNumber>) -> Vec<(u16, String, bool)> {
    let rounds = views.frame.rounds.iter();
    rounds.map(|(number, round)| (number.get(), round.title.to_string(), chosen == Some(*number))).collect()
}

fn rows(quality: &Quality) -> Vec<Row> {
    let linked = |figure: &Figure| (figure.value, format!("contributions?{}", figure.query));
    let row = |theme: &projections::quality::ThemeQuality| Row {
        name: theme.name.clone(),
        voices: linked(&theme.voices),
        tables: linked(&theme.tables),
        contributions: linked(&theme.contributions),
        originals: linked(&theme.originals),
        suggested: linked(&theme.suggested),
        estimate: estimate(theme.estimate),
        kappa: theme.kappa.map(hundredths).unwrap_or_default(),
        single_coder: theme.single_coder,
    };
    quality.themes.iter().map(row).collect()
}

fn estimate(estimate: Option<Estimate>) -> Message {
    match estimate {
        Some(Estimate { low, high }) => say("estimate-range").num("low", low).num("high", high),
        None => say("estimate-none"),
    }
}

/// Thousandths as people write kappa: two places.
fn hundredths(thousandths: i32) -> String {
    let (sign, size) = (if thousandths < 0 { "−" } else { "" }, (thousandths.unsigned_abs() + 5) / 10);
    format!("{sign}{}.{:02}", size / 100, size % 100)
}

/// The first of each group of near copies, with how many others there are and the way to them all.
fn groups(visit: &Visit, views: &Views) -> Vec<(EntryView, usize, String)> {
    let eyes =
        if visit.holds_one_of(&[Role::ThemeTeam, Role::Organiser]) { Eyes::Staff } else { Eyes::Reader };
    let shown = copies(views).into_iter().take(GROUPS).filter_map(|group| {
        let entry = views.entries.get(&group.first)?;
        let view = EntryView::new(visit, views, group.first, entry, eyes);
        Some((view, group.others.len(), format!("contributions?copies={}", group.first)))
    });
    shown.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kappa_is_written_with_two_places() {
        let written: Vec<_> = [1000, 996, 805, 54, 0, -54].map(hundredths).into();
        assert_eq!(written, ["1.00", "1.00", "0.81", "0.05", "0.00", "−0.05"]);
    }
}
