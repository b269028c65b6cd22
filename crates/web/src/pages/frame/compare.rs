//! Two states of the code frame side by side: what came, went and changed, and the counts then and now.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::Query as Asked;
use axum::response::Response;
use projections::{Compared, Fate, Snapshot, ThemeTally};
use serde::Deserialize;

use super::Sides;
use crate::guard::Visit;
use crate::pages::as_of::not_seen;
use crate::pages::{Notice, Shell, draw_with};
use crate::say::{Catalogue, Message, say};
use crate::when::Clock;

#[derive(Deserialize)]
pub(crate) struct Choice {
    /// Positions; without one, the record as it is now.
    from: Option<String>,
    to: Option<String>,
}

#[derive(Template)]
#[template(path = "frame_compare.html")]
struct ComparePage {
    shell: Shell,
    t: Catalogue,
    notice: Notice,
    before: State,
    after: State,
    sides: Sides,
    rows: Vec<Row>,
    /// How many of them are as they were.
    same: usize,
}

/// One of the two states, as the head of its column.
struct State {
    position: u64,
    named: String,
}

struct Row {
    /// Before and after, where it was in use.
    cells: [Option<(String, Counts)>; 2],
    fate: Message,
    /// The definitions before and after, where they differ.
    definitions: Option<(String, String)>,
    same: bool,
}

struct Counts {
    tables: u64,
    voices: u64,
    contributions: u64,
}

pub(crate) async fn compare(Extension(visit): Extension<Visit>, Asked(choice): Asked<Choice>) -> Response {
    let head = visit.hall.projection.read(|views| views.position);
    let asked = |text: Option<String>| text.and_then(|text| text.parse().ok()).unwrap_or(head);
    let (one, other) = (asked(choice.from), asked(choice.to));
    let (from, to) = (one.min(other), one.max(other));
    let (mut notice, mut seen) = (Notice::default(), Vec::new());
    for position in [from, to] {
        match visit.hall.past.at(&visit.hall.projection, position, None).await {
            Ok(snapshot) => seen.push(snapshot),
            Err(why) => {
                notice = Notice { refused: Some(not_seen(why).to_string()), ..Notice::default() };
                break;
            }
        }
    }
    let now = || Arc::new(visit.hall.projection.read(|views| Snapshot::of(views, None)));
    let [before, after] = <[_; 2]>::try_from(seen).unwrap_or_else(|_| [now(), now()]);
    let (shell, names) = visit.hall.projection.read(|views| {
        let shell = Shell::new(&visit, views, "frame-compare", say("compare-title"));
        let versions = views.frame.versions.iter();
        (shell, versions.map(|it| (it.position.get(), it.name.to_string())).collect::<Vec<_>>())
    });
    let state = |snapshot: &Snapshot| {
        let position = snapshot.position();
        let name = names.iter().find(|(at, _)| *at == position).map(|(_, name)| name.clone());
        State { position, named: name.unwrap_or_else(|| when(snapshot, &shell.clock)) }
    };
    let rows: Vec<_> =
        projections::compare(&before, &after).iter().map(|it| row(it, &before, &after)).collect();
    let page = ComparePage {
        t: Catalogue,
        before: state(&before),
        after: state(&after),
        sides: Sides::of(&after.tallies.of),
        same: rows.iter().filter(|row| row.same).count(),
        rows,
        shell,
        notice,
    };
    draw_with(&page.notice, &page)
}

fn when(snapshot: &Snapshot, clock: &Clock) -> String {
    snapshot.as_of.map(|at| clock.full(at)).unwrap_or_default()
}

fn row(compared: &Compared<'_>, before: &Snapshot, after: &Snapshot) -> Row {
    let cell = |theme: Option<&projections::views::Theme>, snapshot: &Snapshot| {
        theme.map(|theme| (theme.name.to_string(), counts(snapshot.tally(compared.theme))))
    };
    let definition = |theme: Option<&projections::views::Theme>| {
        theme.and_then(|theme| theme.definition.as_ref()).map(ToString::to_string).unwrap_or_default()
    };
    let (was, is) = (compared.before, compared.after);
    let redefined = matches!(compared.fate, Fate::Changed { redefined: true, .. });
    Row {
        cells: [cell(was, before), cell(is, after)],
        fate: fate(&compared.fate),
        definitions: redefined.then(|| (definition(was), definition(is))),
        same: compared.fate == Fate::Same,
    }
}

fn fate(fate: &Fate) -> Message {
    match fate {
        Fate::Added => say("compare-added"),
        Fate::MergedInto(into) => say("frame-merged").text("into", into),
        Fate::Retired => say("frame-retired"),
        Fate::Changed { renamed: true, redefined: true } => say("compare-both"),
        Fate::Changed { renamed: true, .. } => say("compare-renamed"),
        Fate::Changed { .. } => say("compare-redefined"),
        Fate::Same => say("compare-same"),
    }
}

fn counts(tally: Option<&ThemeTally>) -> Counts {
    let of = |count: fn(&ThemeTally) -> u64| tally.map_or(0, count);
    Counts {
        tables: of(|tally| tally.tables),
        voices: of(|tally| tally.remote_voices),
        contributions: of(|tally| tally.contributions),
    }
}
