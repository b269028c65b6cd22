//! A poll as a page shows it: what is asked, who may still vote, and what came of it, room and remote side by side.

use domain::Method;
use projections::{PollState, PollTally, Views, poll_tally};

use crate::pages::clock;
use crate::pages::hearing::percent;
use crate::pages::polls::{Window, latest_first};
use crate::presence::now;
use crate::say::{Message, say};

pub(crate) struct PollView {
    pub(crate) id: String,
    pub(crate) number: u16,
    pub(crate) question: String,
    /// How a ballot is marked, as a sentence.
    pub(crate) how: Message,
    pub(crate) open: bool,
    /// It has closed in the room, and people at home may still vote: nobody is shown a result yet.
    pub(crate) lags: bool,
    /// Until when people at home may still vote, once it has closed: the time as they read it, and in milliseconds.
    pub(crate) remote_until: Option<(String, u64)>,
    pub(crate) options: Vec<OptionView>,
    pub(crate) room_voted: Message,
    pub(crate) remote_voted: Message,
    /// Counts of hands that wait for a second person.
    pub(crate) unconfirmed: u64,
}

pub(crate) struct OptionView {
    pub(crate) number: u8,
    pub(crate) name: String,
    /// What a style sheet may give it a shape by: `option`, or the word of a temperature.
    pub(crate) mark: &'static str,
    pub(crate) room: Share,
    pub(crate) remote: Share,
}

/// What one side gave to one option, with its denominator in words.
pub(crate) struct Share {
    pub(crate) text: Message,
    /// 0 to 100.
    pub(crate) percent: u64,
}

const TEMPERATURES: [&str; 3] = ["red", "amber", "green"];

impl PollView {
    pub(crate) fn new(views: &Views, state: &PollState) -> Option<Self> {
        let tally = poll_tally(views, state.asked.poll)?;
        let until = state.remote_until.map(|until| (clock(views).time(until), until.millis()));
        Some(Self {
            id: tally.poll.to_string(),
            number: tally.number,
            how: how(tally.method),
            open: tally.open,
            lags: Window::of(state, now()) == Window::OpenAtHome,
            remote_until: until,
            room_voted: room_voted(&tally),
            remote_voted: say("poll-remote-voted").num("n", tally.remote_voted),
            unconfirmed: tally.unconfirmed,
            options: options(&tally),
            question: tally.question,
        })
    }

    /// The polls of the assembly, the latest first.
    pub(crate) fn all(views: &Views) -> Vec<Self> {
        latest_first(views).into_iter().filter_map(|(_, state)| Self::new(views, state)).collect()
    }
}

pub(crate) fn how(method: Method) -> Message {
    match method {
        Method::Temperature => say("poll-how-temperature"),
        Method::Choose { most } => say("poll-how-choose").num("most", most),
        Method::Rank => say("poll-how-rank"),
    }
}

fn room_voted(tally: &PollTally) -> Message {
    match tally.room_seats {
        Some(seats) => say("poll-room-voted-of").num("n", tally.room_voted).num("of", seats),
        None => say("poll-room-voted").num("n", tally.room_voted),
    }
}

fn options(tally: &PollTally) -> Vec<OptionView> {
    let most = tally.options.len().saturating_sub(1) as u64;
    let share = |value: u64, first: u64, voted: u64| match tally.method {
        Method::Rank => Share {
            text: say("poll-points").num("n", value).num("first", first).num("of", voted),
            percent: percent(value, voted * most),
        },
        _ => {
            Share { text: say("poll-n-of").num("n", value).num("of", voted), percent: percent(value, voted) }
        }
    };
    let option = |option: &projections::OptionTally| {
        let temperature = TEMPERATURES.get(usize::from(option.number) - 1).copied();
        let mark = temperature.filter(|_| tally.method == Method::Temperature).unwrap_or("option");
        OptionView {
            number: option.number,
            name: option.text.clone().unwrap_or_else(|| say(format!("temperature-{mark}")).to_string()),
            mark,
            room: share(option.room, option.room_first, tally.room_voted),
            remote: share(option.remote, option.remote_first, tally.remote_voted),
        }
    };
    tally.options.iter().map(option).collect()
}
