//! Polls and what came of them, for everybody: room and remote side by side, each of how many.
//!
//! While people can still vote, only how many have voted is told, so that nobody follows a crowd.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use domain::{Method, PollId, Timestamp};
use projections::{OptionTally, PollState, Views, poll_tally};
use serde::Serialize;

use crate::guard::Visit;
use crate::pages::poll_view::PollView;
use crate::pages::{Shell, clock, draw};
use crate::presence::now;
use crate::say::{Catalogue, Message, say};
use crate::when::Clock;

/// Who may vote in a poll just now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Window {
    Open,
    /// Closed in the room; people at home may vote until then, because they see the room later.
    OpenAtHome,
    Closed,
}

impl Window {
    pub(crate) fn of(poll: &PollState, at: Timestamp) -> Self {
        match (poll.is_open(), poll.is_open_at_home(at)) {
            (true, _) => Window::Open,
            (false, true) => Window::OpenAtHome,
            (false, false) => Window::Closed,
        }
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Window::Open => "open",
            Window::OpenAtHome => "open-at-home",
            Window::Closed => "closed",
        }
    }
}

/// A poll with who may vote in it, and what came of it once nobody can vote any more.
pub(crate) struct Voted {
    pub(crate) poll: PollView,
    pub(crate) window: Window,
    /// Until when who may vote, or when it was closed.
    pub(crate) stage: Message,
}

impl Voted {
    pub(crate) fn new(views: &Views, state: &PollState, at: Timestamp) -> Option<Self> {
        let window = Window::of(state, at);
        let stage = stage(state, window, &clock(views));
        Some(Self { poll: PollView::new(views, state)?, window, stage })
    }

    pub(crate) fn is_over(&self) -> bool {
        self.window == Window::Closed
    }
}

fn stage(state: &PollState, window: Window, clock: &Clock) -> Message {
    let time = |at: Option<Timestamp>| at.map(|at| clock.time_to_the_second(at)).unwrap_or_default();
    match window {
        Window::Open => say("poll-open-since").text("time", clock.time(state.opened_at)),
        Window::OpenAtHome => say("poll-open-at-home").text("time", time(state.remote_until)),
        Window::Closed => say("poll-closed-at").text("time", time(state.closed_at)),
    }
}

/// Every poll, the latest first.
pub(crate) fn latest_first(views: &Views) -> Vec<(PollId, &PollState)> {
    let mut polls: Vec<_> = views.frame.polls.iter().map(|(id, state)| (*id, state)).collect();
    polls.sort_by_key(|(_, state)| std::cmp::Reverse(state.number));
    polls
}

#[derive(Template)]
#[template(path = "polls.html")]
struct Polls {
    shell: Shell,
    t: Catalogue,
    polls: Vec<Voted>,
}

pub(crate) async fn page(Extension(visit): Extension<Visit>) -> Response {
    visit.hall.projection.read(|views| {
        let shell = Shell::new(&visit, views, "polls", say("polls-title"));
        let view = |(_, state): (PollId, &PollState)| Voted::new(views, state, now());
        let polls = latest_first(views).into_iter().filter_map(view).collect();
        draw(StatusCode::OK, &Polls { shell, t: Catalogue, polls })
    })
}

/// A poll as open data.
#[derive(Serialize)]
struct Public {
    poll: PollId,
    number: u16,
    question: String,
    method: Method,
    window: Window,
    opened_at: Timestamp,
    closed_at: Option<Timestamp>,
    remote_until: Option<Timestamp>,
    /// Seats that have voted, or hands where hands were counted, of `room_seats`.
    room_voted: u64,
    room_seats: Option<u64>,
    remote_voted: u64,
    unconfirmed: u64,
    /// Absent while people can still vote.
    #[serde(skip_serializing_if = "Option::is_none")]
    options: Option<Vec<OptionTally>>,
}

impl Public {
    fn new(views: &Views, id: PollId, state: &PollState, at: Timestamp) -> Option<Self> {
        let (tally, window) = (poll_tally(views, id)?, Window::of(state, at));
        Some(Self {
            poll: id,
            number: tally.number,
            method: tally.method,
            window,
            opened_at: state.opened_at,
            closed_at: state.closed_at,
            remote_until: state.remote_until,
            room_voted: tally.room_voted,
            room_seats: tally.room_seats,
            remote_voted: tally.remote_voted,
            unconfirmed: tally.unconfirmed,
            options: (window == Window::Closed).then_some(tally.options),
            question: tally.question,
        })
    }
}

pub(crate) async fn json(Extension(visit): Extension<Visit>) -> Response {
    let polls: Vec<_> = visit.hall.projection.read(|views| {
        let public = |(id, state): (PollId, &PollState)| Public::new(views, id, state, now());
        latest_first(views).into_iter().rev().filter_map(public).collect()
    });
    Json(serde_json::json!({ "polls": polls })).into_response()
}

#[cfg(test)]
mod tests {
    use domain::{Poll, QuestionText};
    use uuid::Uuid;

    use super::*;

    #[test]
    fn people_at_home_have_until_the_stream_has_shown_the_close() {
        let asked = Poll {
            poll: PollId(Uuid::from_u128(1)),
            round: None,
            question: QuestionText::parse("More buses?").unwrap(),
            method: Method::Temperature,
            options: Vec::new(),
            lag_s: 30,
        };
        let (closed_at, remote_until) = (None, None);
        let open =
            PollState { asked, opened_at: Timestamp(0), closed_at, remote_until, number: 1, hands: vec![] };
        assert_eq!(Window::of(&open, Timestamp(u64::MAX)), Window::Open);
        let (closed_at, remote_until) = (Some(Timestamp(1_000)), Some(Timestamp(31_000)));
        let closed = PollState { closed_at, remote_until, ..open };
        assert_eq!(Window::of(&closed, Timestamp(31_000)), Window::OpenAtHome, "at the limit");
        assert_eq!(Window::of(&closed, Timestamp(31_001)), Window::Closed, "one past it");
    }
}
