//! One theme: what belongs to it, how often it was raised, everything that was done with it, and the forms for whoever
//! codes.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query as Asked};
use axum::response::Response;
use domain::ThemeId;
use domain::coding::SPLIT_MAX;
use projections::tally::Whole;
use projections::views::ThemeState;
use projections::{Query, Snapshot, ThemeTally};
use serde::Deserialize;

use super::history::History;
use super::{Sides, coder, fate};
use crate::guard::Visit;
use crate::pages::entries::{EntryView, Eyes};
use crate::pages::error::not_found_page;
use crate::pages::take_part::Done;
use crate::pages::{Notice, Shell, draw_with, jump};
use crate::say::{Catalogue, Message};

#[derive(Template)]
#[template(path = "frame_theme.html")]
struct ThemePage {
    shell: Shell,
    t: Catalogue,
    notice: Notice,
    coder: Option<&'static str>,
    id: ThemeId,
    name: String,
    definition: String,
    /// What became of it, where it is not in use any more.
    fate: Option<Message>,
    tally: Option<ThemeTally>,
    whole: Whole,
    sides: Sides,
    jumps: Vec<String>,
    history: History,
    /// The other themes in use.
    others: Vec<(ThemeId, String)>,
    /// What could be split off.
    entries: Vec<EntryView>,
    first: usize,
    total: usize,
    earlier: Option<usize>,
    later: Option<usize>,
}

impl ThemePage {
    /// Whether the form of this kind was refused.
    fn refused(&self, kind: &str) -> bool {
        self.notice.is_typed("type", kind)
    }

    /// What was typed in a form that was refused; else what stands there.
    fn typed<'a>(&'a self, kind: &str, field: &str, stands: &'a str) -> &'a str {
        if self.refused(kind) { self.notice.typed(field) } else { stands }
    }

    /// Whether this is the theme that was chosen in a form that was refused.
    fn is_chosen(&self, other: &ThemeId) -> bool {
        self.notice.is_typed("into", &other.to_string())
    }

    fn is_ticked(&self, entry: &EntryView) -> bool {
        self.notice.all_typed("contribution").any(|id| id == entry.id)
    }

    /// Where a form of this page leads back to.
    fn back(&self) -> String {
        format!("frame/{}", self.id)
    }

    fn last(&self) -> usize {
        self.first + self.entries.len()
    }
}

#[derive(Deserialize)]
pub(crate) struct Choice {
    done: Option<u64>,
    /// The place of the first contribution that is offered for a split.
    from: Option<usize>,
}

pub(crate) async fn page(
    Extension(visit): Extension<Visit>,
    Path((_, theme)): Path<(String, String)>,
    Asked(choice): Asked<Choice>,
) -> Response {
    match theme.parse() {
        Ok(id) => draw_theme(&visit, id, choice.from.unwrap_or(0), Done { done: choice.done }.notice()),
        Err(_) => not_found_page(),
    }
}

pub(super) fn draw_theme(visit: &Visit, id: ThemeId, from: usize, notice: Notice) -> Response {
    visit.hall.projection.read(|views| {
        let Some(theme) = views.frame.themes.get(&id) else { return not_found_page() };
        let shell = Shell::new(visit, views, "frame-theme", &theme.name);
        let (counted, coder) = (Snapshot::of(views, None), coder(visit));
        let live = theme.state == ThemeState::Live;
        let selected = if coder.is_some() && live { Query::theme(id).select(views) } else { Vec::new() };
        let from = from.min(selected.len());
        let offered = selected.iter().skip(from).take(SPLIT_MAX);
        let page = ThemePage {
            t: Catalogue,
            coder: coder.filter(|_| live),
            id,
            name: theme.name.to_string(),
            definition: theme.definition.as_ref().map(ToString::to_string).unwrap_or_default(),
            fate: (!live).then(|| fate(views, theme)),
            tally: counted.tally(id).cloned(),
            whole: counted.tallies.of,
            sides: Sides::of(&counted.tallies.of),
            jumps: jump::lines(&views.frame.changes, id, &shell.clock),
            history: History::of_theme(views, &shell, coder, id),
            others: views
                .live_themes()
                .into_iter()
                .filter(|(other, _)| *other != id)
                .map(|(other, theme)| (other, theme.name.to_string()))
                .collect(),
            entries: offered
                .map(|(at, entry)| EntryView::new(visit, views, *at, entry, Eyes::Staff))
                .collect(),
            first: from,
            total: selected.len(),
            earlier: (from > 0).then(|| from.saturating_sub(SPLIT_MAX)),
            later: (from + SPLIT_MAX < selected.len()).then_some(from + SPLIT_MAX),
            shell,
            notice,
        };
        draw_with(&page.notice, &page)
    })
}
