//! What others have said, as it becomes public, and what this voice thinks of it.
//!
//! Latest first, never by how many agree, and the counts appear only once somebody has said what they think
//! themselves: people who see what most others chose choose it too, and an early lead then feeds itself.

use std::collections::BTreeSet;

use askama::Template;
use axum::Extension;
use axum::extract::Query as Asked;
use axum::http::StatusCode;
use axum::response::Response;
use domain::{ContributionId, RoundNumber, VoiceTag, Vote};
use projections::{Entry, Position, Reactions, Views};
use serde::Deserialize;

use crate::guard::Visit;
use crate::pages::entries::{EntryView, Eyes};
use crate::pages::error::not_found_page;
use crate::pages::mine::{is_own, tags};
use crate::pages::{draw, form_id};
use crate::say::{Catalogue, Message, say};

/// So many stand on the page; all of them are one link away.
const LATEST: usize = 10;

pub(crate) struct Said {
    pub(crate) entry: EntryView,
    /// `None` for what the visitor has said.
    pub(crate) react: Option<React>,
}

pub(crate) struct React {
    pub(crate) form_id: String,
    /// The word on the wire, its label, and whether it is this voice's choice.
    pub(crate) votes: [(&'static str, Message, bool); 3],
    pub(crate) counts: Message,
}

#[derive(Template)]
#[template(path = "_latest.html")]
struct Fragment {
    t: Catalogue,
    slug: String,
    latest: Vec<Said>,
}

#[derive(Deserialize)]
pub(crate) struct One {
    of: ContributionId,
}

/// One of them as it stands now, for a page that is open.
pub(crate) async fn one(Extension(visit): Extension<Visit>, Asked(one): Asked<One>) -> Response {
    let slug = visit.hall.slug.to_string();
    visit.hall.projection.read(|views| match views.entry(one.of).filter(|(_, entry)| entry.is_public()) {
        Some((position, entry)) => {
            let said = Said::new(&visit, views, &tags(&visit, views), position, entry);
            draw(StatusCode::OK, &Fragment { t: Catalogue, slug, latest: vec![said] })
        }
        None => not_found_page(),
    })
}

/// Those of the round that is open first, and of each the one that became public last.
pub(crate) fn latest(visit: &Visit, views: &Views) -> Vec<Said> {
    let open = views.open_round().map(|(number, _)| number);
    let public = views.entries.iter().filter(|(_, entry)| entry.is_public());
    let mut public: Vec<_> = public.collect();
    let order = |(at, entry): &(&Position, &Entry)| {
        std::cmp::Reverse((Some(entry.round) == open, entry.read_at, **at))
    };
    if public.len() > LATEST {
        public.select_nth_unstable_by_key(LATEST, order);
        public.truncate(LATEST);
    }
    public.sort_unstable_by_key(order);
    let tags = tags(visit, views);
    public.into_iter().map(|(position, entry)| Said::new(visit, views, &tags, *position, entry)).collect()
}

impl Said {
    fn new(
        visit: &Visit,
        views: &Views,
        tags: &BTreeSet<(RoundNumber, VoiceTag)>,
        position: Position,
        entry: &Entry,
    ) -> Self {
        let voice = tags.iter().find(|(round, _)| *round == entry.round).map(|(_, tag)| *tag);
        let react = voice.filter(|_| !is_own(tags, entry)).map(|voice| {
            let chosen = views.marks.vote_of(position, voice);
            React::new(chosen, views.marks.reactions(position))
        });
        Self { entry: EntryView::new(visit, views, position, entry, Eyes::Public), react }
    }
}

impl React {
    fn new(chosen: Option<Vote>, reactions: Reactions) -> Self {
        let counts = match chosen {
            None => say("react-first"),
            Some(_) => say("react-counts")
                .num("agree", reactions.agree)
                .num("disagree", reactions.disagree)
                .num("pass", reactions.pass)
                .num("voices", reactions.voices()),
        };
        let vote = |vote: Vote| {
            let label = match vote {
                Vote::Agree => say("react-agree"),
                Vote::Disagree => say("react-disagree"),
                Vote::Pass => say("react-pass"),
            };
            (vote.as_str(), label, chosen == Some(vote))
        };
        Self { form_id: form_id(), votes: Vote::ALL.map(vote), counts }
    }
}
