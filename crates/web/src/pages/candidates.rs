//! Themes that may be missing, found among what no theme explains: for the theme team to take, to put elsewhere, or to
//! leave.

use askama::Template;
use axum::Extension;
use axum::body::Bytes;
use axum::extract::Query as Asked;
use axum::response::Response;
use domain::{CandidateId, Command, ContributionId, Role, Span, ThemeId, ThemeName, Wording};
use ingest::Refusal;
use projections::Views;
use projections::views::Proposed;

use crate::guard::Visit;
use crate::link::Form;
use crate::pages::entries::{EntryView, Eyes};
use crate::pages::submit::send;
use crate::pages::take_part::Done;
use crate::pages::{Notice, Shell, draw_with, form_id};
use crate::say::{Catalogue, say};

#[derive(Template)]
#[template(path = "candidates.html")]
struct Page {
    shell: Shell,
    t: Catalogue,
    notice: Notice,
    candidates: Vec<Candidate>,
    themes: Vec<(String, String)>,
}

struct Candidate {
    id: String,
    form_id: String,
    /// The words that name it, as somebody said them.
    name: String,
    members: usize,
    exemplars: Vec<EntryView>,
    /// As a language model would call it.
    wording: Option<Wording>,
}

pub(crate) async fn page(Extension(visit): Extension<Visit>, Asked(done): Asked<Done>) -> Response {
    draw_candidates(&visit, done.notice())
}

pub(crate) fn draw_candidates(visit: &Visit, notice: Notice) -> Response {
    visit.hall.projection.read(|views| {
        let mut open: Vec<_> = views.frame.candidates.values().collect();
        open.sort_by_key(|proposed| proposed.position);
        let themes = views.live_themes().into_iter();
        let page = Page {
            shell: Shell::new(visit, views, "candidates", say("candidates-title")),
            t: Catalogue,
            candidates: open.into_iter().map(|proposed| candidate(visit, views, proposed)).collect(),
            themes: themes.map(|(id, theme)| (id.to_string(), theme.name.to_string())).collect(),
            notice,
        };
        draw_with(&page.notice, &page)
    })
}

fn candidate(visit: &Visit, views: &Views, proposed: &Proposed) -> Candidate {
    let found = &proposed.candidate;
    let shown = found.exemplars.iter().filter_map(|id| views.entry(*id));
    Candidate {
        id: found.candidate.to_string(),
        form_id: form_id(),
        name: phrase(visit, views, found.phrase_of, found.phrase),
        members: found.members.len(),
        wording: proposed.wording.clone(),
        exemplars: shown.map(|(at, entry)| EntryView::new(visit, views, at, entry, Eyes::Staff)).collect(),
    }
}

/// A piece of what somebody said, with a capital as a name has one. Nothing where the words are gone or were corrected.
fn phrase(visit: &Visit, views: &Views, of: ContributionId, span: Span) -> String {
    let entry = views.entry(of).map(|(_, entry)| entry).filter(|entry| entry.may_be_read());
    let words =
        entry.and_then(|entry| entry.words_at).and_then(|at| visit.hall.words(at)).unwrap_or_default();
    let piece = words.get(span.from as usize..span.to as usize).unwrap_or_default();
    let mut letters = piece.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// One press: a new theme, a part of one that there is, or nothing at all.
pub(crate) async fn decide(Extension(visit): Extension<Visit>, body: Bytes) -> Response {
    let form = Form::parse(&body);
    let command = command(&form);
    send(&visit, Some(Role::ThemeTeam), form, command).await
}

fn command(form: &Form) -> Result<Command, Refusal> {
    let parsed = |name: &'static str| form.get(name).ok_or(Refusal::MissingField(name));
    let candidate: CandidateId =
        parsed("candidate")?.parse().map_err(|_| Refusal::MissingField("candidate"))?;
    let contributions = form.all("contribution").filter_map(|id| id.parse().ok()).collect();
    match form.get("action") {
        Some("dismiss") => Ok(Command::DismissCandidate { candidate }),
        Some("take") => Ok(Command::TakeWording { candidate, theme: ThemeId(candidate.0), contributions }),
        Some("merge") => {
            let theme = parsed("theme")?.parse().map_err(|_| Refusal::MissingField("theme"))?;
            Ok(Command::AcceptCandidate { candidate, theme, name: None, contributions })
        }
        _ => {
            let name = Some(ThemeName::parse(form.get("name").unwrap_or_default())?);
            // The candidate becomes the theme, so that a press that is sent twice names it once.
            let theme = ThemeId(candidate.0);
            Ok(Command::AcceptCandidate { candidate, theme, name, contributions })
        }
    }
}
