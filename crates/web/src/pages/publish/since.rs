//! What a version of the paper says otherwise than the one before it.

use askama::Template;
use axum::Extension;
use axum::extract::Path;
use axum::response::Response;

use super::opened;
use crate::diff::Piece;
use crate::guard::Visit;
use crate::pages::{Notice, Shell, draw_with, error};
use crate::paper::changes_between::{PartFate, changes};
use crate::say::{Catalogue, say};

#[derive(Template)]
#[template(path = "published_since.html")]
struct Page {
    shell: Shell,
    t: Catalogue,
    before: u16,
    after: u16,
    /// The address of what happened to the themes in between.
    themes: String,
    parts: Vec<Part>,
}

struct Part {
    title: String,
    /// Said of a part that only one of the versions has.
    note: Option<String>,
    lines: Vec<Vec<Piece>>,
}

pub(crate) async fn page(
    Extension(visit): Extension<Visit>,
    Path((_, number)): Path<(String, String)>,
) -> Response {
    let Some((before, after)) =
        number.parse::<u16>().ok().and_then(|after| Some((after.checked_sub(1)?, after)))
    else {
        return error::not_found_page();
    };
    let (old, new) =
        match (opened(&visit, &before.to_string()).await, opened(&visit, &after.to_string()).await) {
            (Ok(old), Ok(new)) => (old, new),
            (Err(response), _) | (_, Err(response)) => return *response,
        };
    let themes = format!("frame/compare?from={}&to={}", old.position, new.position);
    let compare = move || changes(&old, &new);
    let Ok(changed) = tokio::task::spawn_blocking(compare).await else { return error::not_found_page() };
    let parts = changed.into_iter().map(|part| Part {
        title: part.title,
        note: match part.fate {
            PartFate::Stays => None,
            PartFate::Went => Some(say("since-went").to_string()),
            PartFate::Came => Some(say("since-came").to_string()),
        },
        lines: part.lines,
    });
    let parts = parts.collect();
    visit.hall.projection.read(|views| {
        let title = say("since-title").num("before", before).num("after", after);
        let shell = Shell::new(&visit, views, "published", title);
        draw_with(&Notice::default(), &Page { t: Catalogue, shell, before, after, themes, parts })
    })
}
