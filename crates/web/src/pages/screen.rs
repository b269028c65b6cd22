//! The hall's screen: what the assembly is saying, readable from the back row, with the age of what it shows. The
//! organiser chooses what stands on it; the record says when.

use askama::Template;
use axum::Extension;
use axum::http::StatusCode;
use axum::response::Response;
use domain::Scene;
use projections::Views;

use crate::guard::Visit;
use crate::pages::countdown::Countdown;
use crate::pages::entries::{EntryView, Eyes};
use crate::pages::hearing::Hearing;
use crate::pages::join_view::JoinView;
use crate::pages::poll_view::PollView;
use crate::pages::take_part::OpenQuestion;
use crate::pages::{Shell, draw};
use crate::presence::now;
use crate::say::{Catalogue, say};

/// Themes on the screen, so that each can be read from the back row.
const THEMES: usize = 6;
/// How long the screen explains why a count jumped.
const JUMP_SHOWN_MS: u64 = 20 * 60_000;

#[derive(Template)]
#[template(path = "screen.html")]
struct Screen {
    shell: Shell,
    t: Catalogue,
    shown: Shown,
    /// When the last event was recorded, for pages that run no script.
    time: String,
}

/// What stands on the screen, or would.
pub(crate) struct Shown {
    pub(crate) scene: SceneView,
    pub(crate) open: Option<OpenQuestion>,
    pub(crate) ends: Option<Countdown>,
    pub(crate) join: JoinView,
}

pub(crate) enum SceneView {
    Hearing { hearing: Hearing, more: usize },
    Question,
    Join,
    Quote(Box<EntryView>),
    Poll(PollView),
    Blank,
}

impl SceneView {
    /// The word for it in the style sheet and the catalogue.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            SceneView::Hearing { .. } => "hearing",
            SceneView::Question => "question",
            SceneView::Join => "join",
            SceneView::Quote(_) => "quote",
            SceneView::Poll(_) => "poll",
            SceneView::Blank => "blank",
        }
    }
}

pub(crate) async fn page(Extension(visit): Extension<Visit>) -> Response {
    let join = JoinView::of(&visit);
    visit.hall.projection.read(|views| {
        let shell = Shell::new(&visit, views, "screen", say("screen-title"));
        let shown = Shown::now(&visit, views, views.frame.scene, join);
        let time = views.frame.last_at.map(|at| shell.clock.time(at)).unwrap_or_default();
        draw(StatusCode::OK, &Screen { shell, t: Catalogue, shown, time })
    })
}

impl Shown {
    /// `join` is looked up before the views are held, because it is read from the disk.
    pub(crate) fn now(visit: &Visit, views: &Views, scene: Scene, join: JoinView) -> Self {
        Self {
            scene: scene_view(visit, views, scene),
            open: OpenQuestion::now(views),
            ends: Countdown::of(views),
            join,
        }
    }
}

/// Words that may not be shown any more, and polls that are not there, give way to what the assembly is saying.
fn scene_view(visit: &Visit, views: &Views, scene: Scene) -> SceneView {
    let shown = match scene {
        Scene::Hearing => None,
        Scene::Question => Some(SceneView::Question),
        Scene::Join => Some(SceneView::Join),
        Scene::Blank => Some(SceneView::Blank),
        Scene::Quote(contribution) => views.entry(contribution).and_then(|(position, entry)| {
            let quote = EntryView::new(visit, views, position, entry, Eyes::Public);
            quote.words.is_some().then(|| SceneView::Quote(Box::new(quote)))
        }),
        Scene::Poll(poll) => {
            views.frame.polls.get(&poll).and_then(|state| PollView::new(views, state)).map(SceneView::Poll)
        }
    };
    shown.unwrap_or_else(|| hearing(visit, views))
}

pub(crate) fn hearing(visit: &Visit, views: &Views) -> SceneView {
    let round = views.open_round().map(|(number, _)| number);
    let mut hearing = Hearing::look(&visit.hall, views, round);
    let more = hearing.themes.len().saturating_sub(THEMES);
    hearing.themes.truncate(THEMES);
    let now = now().millis();
    for row in &mut hearing.themes {
        row.jump = row.jump.take().filter(|jump| now.saturating_sub(jump.at.millis()) <= JUMP_SHOWN_MS);
    }
    SceneView::Hearing { hearing, more }
}

/// A QR code as the inside of an SVG, dark on light whatever the page's colours, with the quiet zone that readers need.
pub(crate) fn qr(text: &str) -> String {
    let Ok(code) = qrcode::QrCode::new(text) else { return String::new() };
    let width = code.width();
    let dark = code.to_colors().into_iter().enumerate().filter(|(_, color)| *color == qrcode::Color::Dark);
    let path: String =
        dark.map(|(at, _)| format!("M{} {}h1v1h-1z", at % width + 4, at / width + 4)).collect();
    let side = width + 8;
    format!(
        "<svg class=\"qr\" viewBox=\"0 0 {side} {side}\" aria-hidden=\"true\" focusable=\"false\">\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\"{path}\"/></svg>"
    )
}
