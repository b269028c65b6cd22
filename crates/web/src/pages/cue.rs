//! What comes on the hall's screen next: chosen here, looked at, and only then shown.

use askama::Template;
use axum::Extension;
use axum::extract::Query as Asked;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::{Scene, Timestamp};
use projections::{Side, Views};
use serde::Deserialize;
use uuid::Uuid;

use crate::guard::Visit;
use crate::pages::entries::{EntryView, Eyes};
use crate::pages::join_view::JoinView;
use crate::pages::screen::{SceneView, Shown, hearing};
use crate::pages::{Shell, address, draw, form_id};
use crate::say::{Catalogue, Message, say};

/// Contributions that the organiser is offered to put on the screen, from either side.
const OFFERED: usize = 4;
/// Fewer contributions from home than this say nothing about how well home is represented.
const HOME_LEAST: u64 = 5;

/// The part of the run of show that is about the screen.
pub(crate) struct Stage {
    pub(crate) scene: Message,
    pub(crate) since: Option<String>,
    pub(crate) is_blank: bool,
    pub(crate) cues: Vec<Cue>,
    pub(crate) quotes: Vec<Offered>,
    /// That people at home are heard and not seen.
    pub(crate) prompt: Option<Message>,
    pub(crate) blank_id: String,
}

pub(crate) struct Cue {
    pub(crate) label: Message,
    pub(crate) href: String,
}

pub(crate) struct Offered {
    pub(crate) entry: EntryView,
    pub(crate) href: String,
}

impl Stage {
    pub(crate) fn now(visit: &Visit, views: &Views, shell: &Shell) -> Self {
        let scene = views.frame.scene;
        let shown = |at: Timestamp| shell.clock.time(at);
        Self {
            scene: say(format!("scene-{}", word(scene))),
            since: views.frame.scene_at.map(shown),
            is_blank: scene == Scene::Blank,
            cues: cues(shell, views),
            quotes: offered(visit, views, shell),
            prompt: prompt(visit, views),
            blank_id: form_id(),
        }
    }
}

fn word(scene: Scene) -> &'static str {
    match scene {
        Scene::Hearing => "hearing",
        Scene::Question => "question",
        Scene::Join => "join",
        Scene::Quote(_) => "quote",
        Scene::Poll(_) => "poll",
        Scene::Blank => "blank",
    }
}

fn cues(shell: &Shell, views: &Views) -> Vec<Cue> {
    let cue = |scene: &str| Cue {
        label: say(format!("scene-{scene}")),
        href: format!("{}?scene={scene}", shell.address("run/cue")),
    };
    let polls = views.frame.polls.values().map(|poll| Cue {
        label: say("scene-poll-n").num("n", poll.number),
        href: format!("{}?scene=poll&of={}", shell.address("run/cue"), poll.asked.poll),
    });
    ["hearing", "question", "join"].map(cue).into_iter().chain(polls).collect()
}

/// The latest public contributions, as many from home as from the room.
fn offered(visit: &Visit, views: &Views, shell: &Shell) -> Vec<Offered> {
    let of = |side: Side| {
        let public = views.entries.iter().rev().filter(|(_, entry)| entry.is_public());
        public.filter(move |(_, entry)| Side::of(entry.channel) == side).take(OFFERED)
    };
    let entries = of(Side::Remote).chain(of(Side::Room));
    entries
        .map(|(position, entry)| Offered {
            href: format!("{}?scene=quote&of={}", shell.address("run/cue"), entry.contribution),
            entry: EntryView::new(visit, views, *position, entry, Eyes::Public),
        })
        .collect()
}

/// Quotes beside the themes are what the hall reads; home should have about the share of them that it said.
fn prompt(visit: &Visit, views: &Views) -> Option<Message> {
    let SceneView::Hearing { hearing, .. } = hearing(visit, views) else { return None };
    let quotes: Vec<_> = hearing.themes.iter().filter_map(|row| row.quote.as_ref()).collect();
    let (shown, of) =
        (quotes.iter().filter(|quote| quote.side == Side::Remote.as_str()).count(), quotes.len());
    let said: u64 = hearing.themes.iter().map(|row| row.tally.remote_contributions).sum();
    let all: u64 = said + hearing.themes.iter().map(|row| row.tally.room_contributions).sum::<u64>();
    let under = said >= HOME_LEAST && of > 0 && (shown as u64) * all * 2 < said * (of as u64);
    under.then(|| say("screen-under").num("said", said).num("all", all).num("shown", shown).num("of", of))
}

#[derive(Deserialize)]
pub(crate) struct Choice {
    scene: String,
    of: Option<Uuid>,
}

impl Choice {
    fn scene(&self) -> Option<Scene> {
        match (self.scene.as_str(), self.of) {
            ("hearing", _) => Some(Scene::Hearing),
            ("question", _) => Some(Scene::Question),
            ("join", _) => Some(Scene::Join),
            ("quote", Some(of)) => Some(Scene::Quote(domain::ContributionId(of))),
            ("poll", Some(of)) => Some(Scene::Poll(domain::PollId(of))),
            _ => None,
        }
    }
}

#[derive(Template)]
#[template(path = "cue.html")]
struct Cued {
    shell: Shell,
    t: Catalogue,
    shown: Shown,
    scene: String,
    of: String,
    id: String,
}

pub(crate) async fn page(Extension(visit): Extension<Visit>, Asked(choice): Asked<Choice>) -> Response {
    let Some(scene) = choice.scene() else {
        return Redirect::to(&address(visit.hall.slug.as_str(), "run")).into_response();
    };
    let join = JoinView::of(&visit);
    visit.hall.projection.read(|views| {
        let page = Cued {
            shell: Shell::new(&visit, views, "run", say("cue-title")),
            t: Catalogue,
            shown: Shown::now(&visit, views, scene, join),
            of: choice.of.map(|of| of.to_string()).unwrap_or_default(),
            scene: choice.scene,
            id: form_id(),
        };
        draw(StatusCode::OK, &page)
    })
}
