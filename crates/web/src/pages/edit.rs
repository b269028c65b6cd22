//! The paper's desk: an editor writes around the figures, and the organiser publishes what stands there.
//!
//! An editor types no number: a figure is placed by its name, and is counted wherever it is shown.

mod drafted;

use askama::Template;
use axum::Extension;
use axum::body::Bytes;
use axum::extract::Query as Asked;
use axum::response::Response;
use domain::{Command, DraftCommand, DraftId, PaperCommand, Prose, ProseWritten, Role, ThemeId};
use ingest::{Frame, Refusal};
use projections::prose::{Piece, placed};
use projections::{Figure, Unit, Views};

use self::drafted::Asking;
use crate::guard::Visit;
use crate::link::Form;
use crate::pages::submit::{end, send};
use crate::pages::take_part::Done;
use crate::pages::{Notice, Shell, draw_with, form_id};
use crate::say::{Catalogue, say};

/// Who writes the paper.
pub(crate) const EDITORS: &[Role] = &[Role::ThemeTeam, Role::Organiser];

const NO_FIGURE: &str =
    "There is no such figure: “[[{}]]”. The list beside the box has those that there are.";

#[derive(Template)]
#[template(path = "edit.html")]
struct Page {
    shell: Shell,
    t: Catalogue,
    notice: Notice,
    parts: Vec<Part>,
}

/// A part of the paper that an editor may write something for.
struct Part {
    /// `opening`, or the theme's id.
    id: String,
    form_id: String,
    heading: String,
    prose: String,
    /// The prose as it is read.
    preview: Vec<Shown>,
    figures: Vec<(String, String)>,
    /// What a language model has to do with it; nothing where there is none to ask and none has written.
    model: Option<Asking>,
}

enum Shown {
    Text(String),
    Figure { text: String, href: String },
}

pub(crate) async fn page(Extension(visit): Extension<Visit>, Asked(done): Asked<Done>) -> Response {
    draw_edit(&visit, done.notice())
}

pub(crate) fn draw_edit(visit: &Visit, notice: Notice) -> Response {
    let counted = visit.hall.counted();
    let views = &counted.views;
    let themes = counted.summary.findings.iter().map(|finding| (finding.theme, finding.name.clone()));
    let parts = std::iter::once((None, say("edit-opening").to_string()))
        .chain(themes.map(|(theme, name)| (Some(theme), name)))
        .map(|(theme, heading)| part(visit, views, (theme, heading), &notice));
    let page = Page {
        shell: Shell::new(visit, views, "edit", say("edit-title")),
        t: Catalogue,
        parts: parts.collect(),
        notice,
    };
    draw_with(&page.notice, &page)
}

fn part(visit: &Visit, views: &Views, (theme, heading): (Option<ThemeId>, String), notice: &Notice) -> Part {
    let ledger = &views.frame.ledger;
    let written = match theme {
        None => ledger.opening.as_ref(),
        Some(theme) => ledger.prose.get(&theme),
    };
    let written = written.map(|written| written.what.to_string()).unwrap_or_default();
    let id = theme.map_or_else(|| "opening".to_owned(), |theme| theme.to_string());
    // What was refused stands where it was typed.
    let typed = notice.is_typed("part", &id).then(|| notice.typed("prose").to_owned());
    let names = [Unit::Tables, Unit::Voices, Unit::Contributions, Unit::HeardFrom].map(Unit::as_str);
    let figures = names.iter().filter_map(|name| match placed(views, theme, &format!("[[{name}]]")).pop() {
        Some(Piece::Figure(figure)) if figure.value > 0 => Some((format!("[[{name}]]"), read_out(&figure))),
        _ => None,
    });
    Part {
        form_id: form_id(),
        heading,
        preview: placed(views, theme, &written).into_iter().map(shown).collect(),
        prose: typed.unwrap_or(written),
        figures: figures.collect(),
        model: theme.and_then(|theme| Asking::about(visit, views, theme)),
        id,
    }
}

fn shown(piece: Piece) -> Shown {
    match piece {
        Piece::Text(text) => Shown::Text(text),
        Piece::Unknown(inner) => Shown::Text(format!("[[{inner}]]")),
        Piece::Figure(figure) => {
            Shown::Figure { text: read_out(&figure), href: format!("contributions?{}", figure.query) }
        }
    }
}

/// `3 of 12 tables`
fn read_out(figure: &Figure) -> String {
    crate::paper::words_of(figure).to_string()
}

/// Writes the prose of one part, or takes it back where the box is empty.
pub(crate) async fn write(Extension(visit): Extension<Visit>, body: Bytes) -> Response {
    let form = Form::parse(&body);
    let command = command(&visit, &form);
    send(&visit, None, form, command).await
}

/// Asks for a draft, or signs one off.
pub(crate) async fn draft(Extension(visit): Extension<Visit>, body: Bytes) -> Response {
    let form = Form::parse(&body);
    let id = form.get("id").and_then(|id| id.parse().ok());
    let need = |name: &'static str| form.get(name).ok_or(Refusal::MissingField(name));
    let command = |id| match form.get("draft") {
        None => {
            let theme = need("part")?.parse().map_err(|_| Refusal::MissingField("part"))?;
            Ok(DraftCommand::Ask { draft: DraftId(id), theme })
        }
        Some(draft) => {
            let draft = draft.parse().map_err(|_| Refusal::MissingField("draft"))?;
            Ok(DraftCommand::SignOff { draft })
        }
    };
    let frame = id.ok_or(Refusal::MissingField("id")).and_then(|id| command(id).map(|command| (id, command)));
    let outcome = match frame {
        Ok((id, command)) => visit.door(None).submit(Frame { id, command: command.into() }).await,
        Err(refusal) => Err(refusal),
    };
    end(&visit, form, id, outcome).await
}

fn command(visit: &Visit, form: &Form) -> Result<Command, Refusal> {
    let theme = match form.get("part").ok_or(Refusal::MissingField("part"))? {
        "opening" => None,
        theme => Some(theme.parse().map_err(|_| Refusal::MissingField("part"))?),
    };
    let prose = match form.get("prose") {
        None => None,
        Some(text) => Some(Prose::parse(text)?),
    };
    if let Some(prose) = &prose {
        let pieces = visit.hall.projection.read(|views| placed(views, theme, prose.as_str()));
        let unknown = pieces.into_iter().find_map(|piece| match piece {
            Piece::Unknown(inner) => Some(inner),
            _ => None,
        });
        if let Some(inner) = unknown {
            return Err(Refusal::BadField { field: "prose", why: NO_FIGURE.replace("{}", &inner) });
        }
    }
    Ok(PaperCommand::WriteProse(ProseWritten { theme, prose }).into())
}
