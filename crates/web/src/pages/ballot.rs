//! A ballot paper on a page: red, amber, green; some of several; an order of preference. It works without script.

use axum::Extension;
use axum::body::Bytes;
use axum::response::Response;
use domain::{Method, PollId, SeatNumber, Timestamp};
use projections::{Ballot, Elector, PollState, Views};

use crate::guard::Visit;
use crate::link::Form;
use crate::pages::poll_view::how;
use crate::pages::polls::{Voted, Window, latest_first};
use crate::pages::{Notice, form_id, submit};
use crate::presence::now;
use crate::say::{Message, say};
use crate::when::Clock;

/// A result stays at the top of the participant's page for so long.
const RESULT_SHOWN_MS: u64 = 10 * 60_000;

/// One poll as one elector may vote in it.
pub(crate) struct Paper {
    pub(crate) poll: PollId,
    pub(crate) question: String,
    pub(crate) method: Message,
    /// How the template draws it.
    pub(crate) marks: Marks,
    pub(crate) options: Vec<Choice>,
    pub(crate) form_id: String,
    /// The seat that votes at a table's tablet.
    pub(crate) seat: Option<SeatNumber>,
    pub(crate) window: Window,
    /// Until when.
    pub(crate) stage: Message,
    /// Milliseconds until people at home can vote no more.
    pub(crate) left_ms: Option<u64>,
    /// The choice that counts, in words.
    pub(crate) counts: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Marks {
    Lights,
    One,
    Some,
    Places,
}

pub(crate) struct Choice {
    pub(crate) number: u8,
    pub(crate) name: String,
    /// Its place on the ballot, from 1.
    pub(crate) place: Option<usize>,
}

impl Paper {
    pub(crate) fn new(
        id: PollId,
        state: &PollState,
        cast: Option<&Ballot>,
        clock: &Clock,
        at: Timestamp,
    ) -> Self {
        let name = |number: u8| {
            let text = state.asked.options.get(usize::from(number) - 1).map(|text| text.as_str());
            option_name(number, text)
        };
        let window = Window::of(state, at);
        let until = state.remote_until.map(|until| clock.time_to_the_second(until)).unwrap_or_default();
        let mut paper = Self {
            poll: id,
            question: state.asked.question.to_string(),
            method: how(state.asked.method),
            marks: match state.asked.method {
                Method::Temperature => Marks::Lights,
                Method::Choose { most: 1 } => Marks::One,
                Method::Choose { .. } => Marks::Some,
                Method::Rank => Marks::Places,
            },
            options: Vec::new(),
            form_id: form_id(),
            seat: None,
            window,
            stage: match window {
                Window::Open => say("ballot-open"),
                Window::OpenAtHome | Window::Closed => say("ballot-open-until").text("time", until),
            },
            left_ms: state.remote_until.map(|until| until.millis().saturating_sub(at.millis())),
            counts: cast.map(|cast| cast.choice.iter().map(|n| name(*n)).collect::<Vec<_>>().join(", ")),
        };
        let option = |number| Choice { number, name: name(number), place: None };
        paper.options = (1..=state.asked.size()).map(option).collect();
        paper.mark(cast.map(|cast| cast.choice.clone()).unwrap_or_default());
        paper
    }

    /// A form that was refused keeps what was marked on it.
    pub(crate) fn typed(mut self, notice: &Notice) -> Self {
        if notice.is_typed("poll", &self.poll.to_string()) {
            self.mark(notice.all_typed("choice").filter_map(|choice| choice.trim().parse().ok()).collect());
        }
        self
    }

    fn mark(&mut self, choice: Vec<u8>) {
        for option in &mut self.options {
            let at = choice.iter().position(|chosen| *chosen == option.number);
            option.place = at.map(|at| at + 1);
        }
    }

    /// The places of an order of preference, with the option that has each; 0 is none.
    pub(crate) fn places(&self) -> Vec<(Message, u8)> {
        let at = |place: usize| self.options.iter().find(|option| option.place == Some(place));
        let place = |place: usize| (say("ballot-place").num("n", place), at(place).map_or(0, |it| it.number));
        (1..=self.options.len()).map(place).collect()
    }
}

/// What an option is called on a ballot; red, amber and green have no words of their own in the record.
pub(crate) fn option_name(number: u8, text: Option<&str>) -> String {
    match (text, number) {
        (Some(text), _) => text.to_owned(),
        (None, 1) => say("temperature-red").to_string(),
        (None, 2) => say("temperature-amber").to_string(),
        (None, _) => say("temperature-green").to_string(),
    }
}

/// The papers that lie before a participant, and the last result.
pub(crate) struct Panel {
    pub(crate) papers: Vec<Paper>,
    pub(crate) results: Vec<Voted>,
}

impl Panel {
    pub(crate) fn of(visit: &Visit, views: &Views, clock: &Clock, notice: &Notice) -> Self {
        let at = now();
        let mut panel = Self { papers: Vec::new(), results: Vec::new() };
        for (id, state) in latest_first(views) {
            if Window::of(state, at) != Window::Closed {
                let cast = own_ballot(visit, views, id);
                panel.papers.push(Paper::new(id, state, cast, clock, at).typed(notice));
            } else if panel.results.is_empty() && is_fresh(state, at) {
                panel.results.extend(Voted::new(views, state, at));
            }
        }
        panel
    }
}

fn is_fresh(state: &PollState, at: Timestamp) -> bool {
    let until = state.remote_until.map_or(0, Timestamp::millis);
    at.millis().saturating_sub(until) <= RESULT_SHOWN_MS
}

fn own_ballot<'a>(visit: &Visit, views: &'a Views, poll: PollId) -> Option<&'a Ballot> {
    let holder = visit.holder.as_ref()?;
    let tag = holder.voice.tag_in_poll(visit.hall.sequencer.assembly(), poll);
    views.marks.ballot_of(poll, Elector::Voice(tag))
}

/// Takes a ballot as a form marks it: boxes, or one option for each place.
pub(crate) async fn cast(Extension(visit): Extension<Visit>, body: Bytes) -> Response {
    let form = Form::parse(&body);
    let role = form.get("as").and_then(|role| role.parse().ok());
    let (id, outcome) = visit.door(role).submit_bytes(command(&form).to_string().as_bytes()).await;
    submit::end(&visit, form, id, outcome).await
}

fn command(form: &Form) -> serde_json::Value {
    let marked: Vec<_> = form.all("choice").map(str::trim).filter(|mark| !mark.is_empty()).collect();
    // Options count from 1, so the rules refuse a ballot without a mark with their own sentence.
    let choice = if marked.is_empty() { "0".to_owned() } else { marked.join(",") };
    let mut command = serde_json::json!({
        "type": "cast-ballot", "id": form.get("id"), "poll": form.get("poll"), "choice": choice,
    });
    if let Some(seat) = form.get("seat") {
        command["seat"] = seat.into();
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_and_places_become_one_list() {
        for (body, choice) in [
            (&b"poll=p&choice=2"[..], "2"),
            (b"choice=1&choice=3", "1,3"),
            (b"choice=3&choice=&choice=1", "3,1"),
            (b"poll=p", "0"),
        ] {
            assert_eq!(command(&Form::parse(body))["choice"], choice);
        }
        assert_eq!(command(&Form::parse(b"seat=4&choice=1"))["seat"], "4");
        assert!(command(&Form::parse(b"choice=1")).get("seat").is_none());
    }
}
