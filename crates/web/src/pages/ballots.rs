//! Voting in the room: a table votes seat by seat on its tablet, and hands are counted by two people.

use std::collections::HashMap;

use askama::Template;
use axum::Extension;
use axum::body::Bytes;
use axum::extract::Query as Asked;
use axum::http::StatusCode;
use axum::response::Response;
use domain::poll::OPTIONS_MAX;
use domain::{Actor, Method, PollId, Role, SeatNumber, TableNumber};
use ingest::Refusal;
use projections::{Elector, PollState, Views};

use crate::guard::Visit;
use crate::link::Form;
use crate::pages::ballot::{Marks, Paper, option_name};
use crate::pages::error::problem;
use crate::pages::polls::{Voted, Window, latest_first};
use crate::pages::{Notice, Shell, draw, draw_with, submit};
use crate::presence::now;
use crate::say::{Catalogue, Message, say};

/// Whoever votes for a table or counts hands.
pub(crate) const COUNTERS: &[Role] = &[Role::Facilitator, Role::Organiser, Role::ThemeTeam, Role::Moderator];
/// Polls that are over but whose hands may still be counted.
const CLOSED_SHOWN: usize = 2;

#[derive(Template)]
#[template(path = "ballots.html")]
struct Ballots {
    shell: Shell,
    t: Catalogue,
    notice: Notice,
    role: &'static str,
    table: Option<TableNumber>,
    tables: Vec<TableNumber>,
    polls: Vec<Voting>,
    parts: String,
}

/// One poll as somebody in the room can work on it.
struct Voting {
    voted: Voted,
    /// The seat whose turn it is; only at a table, and while the poll is open.
    paper: Option<Paper>,
    /// Empty where nobody has counted the seats.
    seats: Vec<SeatView>,
    /// Where the form goes when it is recorded: the next seat.
    next: String,
    /// The names of the options, for counts of hands; none where hands cannot be counted.
    hands: Vec<String>,
    /// Counts that wait for a second person: at which table, if at one, and in words.
    waiting: Vec<(Option<TableNumber>, Message)>,
    counted: Vec<Message>,
    key: String,
}

struct SeatView {
    seat: SeatNumber,
    voted: bool,
    current: bool,
}

pub(crate) async fn page(
    Extension(visit): Extension<Visit>,
    Asked(asked): Asked<HashMap<String, String>>,
) -> Response {
    let voted = asked.get("voted").filter(|_| asked.contains_key("done"));
    let done = match voted {
        Some(seat) => Some(say("ballots-voted").text("seat", seat)),
        None => asked.get("done").map(|position| say("recorded-at").num("position", position)),
    };
    draw_ballots(&visit, &asked, Notice::done(done))
}

/// The page after a form was refused; `back` is where the form would have gone.
pub(crate) fn draw_again(visit: &Visit, notice: Notice) -> Response {
    let typed = ["poll", "seat"].map(|name| (name.to_owned(), notice.typed(name).to_owned()));
    draw_ballots(visit, &HashMap::from(typed), notice)
}

fn draw_ballots(visit: &Visit, asked: &HashMap<String, String>, notice: Notice) -> Response {
    let actor = visit.holder.as_ref().and_then(|holder| holder.as_one_of(COUNTERS));
    let Some(actor) = actor else { return problem(&Refusal::NoRole, "other-role") };
    visit.hall.projection.read(|views| {
        let shell = Shell::new(visit, views, "ballots", say("ballots-title"));
        let table = table_of(views, actor);
        let room = Room { views, shell: &shell, table, asked };
        let page = Ballots {
            role: actor.role.as_str(),
            tables: views.seated().collect(),
            polls: room.polls(&notice),
            parts: format!("{}{}", shell.address("ballots"), whose_turn(asked)),
            t: Catalogue,
            table,
            shell,
            notice,
        };
        draw_with(&page.notice, &page)
    })
}

/// An open page goes on showing the seat that was asked for.
fn whose_turn(asked: &HashMap<String, String>) -> String {
    let parsed = |name: &str| asked.get(name).map(String::as_str).unwrap_or_default();
    match (parsed("poll").parse::<PollId>(), parsed("seat").parse::<SeatNumber>()) {
        (Ok(poll), Ok(seat)) => format!("?poll={poll}&seat={seat}"),
        _ => String::new(),
    }
}

/// The table that a facilitator speaks for now: theirs, or the one that it was merged into.
fn table_of(views: &Views, actor: Actor) -> Option<TableNumber> {
    actor.table.filter(|_| actor.role == Role::Facilitator).map(|table| views.speaks_for(table))
}

struct Room<'a> {
    views: &'a Views,
    shell: &'a Shell,
    table: Option<TableNumber>,
    asked: &'a HashMap<String, String>,
}

impl Room<'_> {
    fn polls(&self, notice: &Notice) -> Vec<Voting> {
        let at = now();
        let is_open = |state: &PollState| Window::of(state, at) == Window::Open;
        let all = latest_first(self.views);
        let (open, over): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, state)| is_open(state));
        let shown = open.into_iter().chain(over.into_iter().take(CLOSED_SHOWN));
        shown.filter_map(|(id, state)| self.voting(id, state, notice)).collect()
    }

    fn voting(&self, id: PollId, state: &PollState, notice: &Notice) -> Option<Voting> {
        let voted = Voted::new(self.views, state, now())?;
        let seats = self.seats(id);
        let current = seats.iter().find(|seat| seat.current).map(|seat| seat.seat);
        let next = current.map(|current| next_seat(&seats, current));
        let (waiting, counted) = self.hands(state);
        Some(Voting {
            paper: self.table.filter(|_| state.is_open()).map(|_| {
                // What a seat has chosen is not shown to whoever holds the tablet next.
                let paper = Paper::new(id, state, None, &self.shell.clock, now()).typed(notice);
                Paper { seat: current, ..paper }
            }),
            next: match (current, next) {
                (Some(current), Some(next)) => format!("ballots?poll={id}&seat={next}&voted={current}"),
                _ => format!("ballots?poll={id}"),
            },
            hands: hand_options(state),
            key: format!(
                "{}{}{waiting:?}{counted:?}",
                voted.window.as_str(),
                seats.iter().filter(|it| it.voted).count()
            ),
            waiting: waiting.into_iter().map(|table| (table, place(table))).collect(),
            counted: counted.into_iter().map(place).collect(),
            voted,
            seats,
        })
    }

    /// The seats of the table, and whose turn it is: the one that was asked for, or the first that has not voted.
    fn seats(&self, poll: PollId) -> Vec<SeatView> {
        let Some(table) = self.table else { return Vec::new() };
        let count = self.views.frame.tables.get(&table).copied().unwrap_or_default();
        let voted = |seat| self.views.marks.ballot_of(poll, Elector::Seat(table, seat)).is_some();
        let view = |seat| SeatView { seat, voted: voted(seat), current: false };
        let mut seats: Vec<_> = (1..=count).filter_map(SeatNumber::new).map(view).collect();
        let here = self.asked.get("poll").is_some_and(|asked| *asked == poll.to_string());
        let asked = self.asked.get("seat").filter(|_| here).and_then(|seat| seat.parse::<SeatNumber>().ok());
        let at = asked.and_then(|asked| seats.iter().position(|seat| seat.seat == asked));
        let at = at.or_else(|| seats.iter().position(|seat| !seat.voted)).unwrap_or(0);
        if let Some(seat) = seats.get_mut(at) {
            seat.current = true;
        }
        seats
    }

    /// Where hands wait for a second count, and where two people have found the same; at a table only its own.
    fn hands(&self, state: &PollState) -> (Vec<Option<TableNumber>>, Vec<Option<TableNumber>>) {
        let mine = |table: Option<TableNumber>| self.table.is_none_or(|own| table == Some(own));
        let seen = state.hands.iter().filter(|hands| mine(hands.table));
        let (counted, waiting): (Vec<_>, Vec<_>) = seen.partition(|hands| hands.confirmed);
        let tables = |hands: Vec<&projections::Hands>| hands.into_iter().map(|it| it.table).collect();
        (tables(waiting), tables(counted))
    }
}

/// The next seat after it that has not voted, or simply the next.
fn next_seat(seats: &[SeatView], current: SeatNumber) -> SeatNumber {
    let (before, after): (Vec<_>, Vec<_>) = seats.iter().partition(|seat| seat.seat <= current);
    let mut others = after.iter().chain(before.iter()).filter(|seat| seat.seat != current);
    others.find(|seat| !seat.voted).map_or(current, |seat| seat.seat)
}

fn place(table: Option<TableNumber>) -> Message {
    table.map_or_else(|| say("hands-room"), |table| say("source-table").num("table", table))
}

fn hand_options(state: &PollState) -> Vec<String> {
    if state.asked.method == Method::Rank {
        return Vec::new();
    }
    let text = |number: u8| state.asked.options.get(usize::from(number) - 1).map(|text| text.as_str());
    (1..=state.asked.size()).map(|number| option_name(number, text(number))).collect()
}

/// The polls that a table may vote in now, as its console tells.
pub(crate) fn open_polls(views: &Views) -> Vec<(PollId, String)> {
    let open = latest_first(views).into_iter().filter(|(_, state)| state.is_open());
    open.map(|(id, state)| (id, state.asked.question.to_string())).collect()
}

#[derive(Template)]
#[template(path = "_voting.html")]
struct VotingNow {
    t: Catalogue,
    slug: String,
    voting: Vec<(PollId, String)>,
}

/// The same for a console that is open.
pub(crate) async fn voting(Extension(visit): Extension<Visit>) -> Response {
    let voting = visit.hall.projection.read(open_polls);
    draw(StatusCode::OK, &VotingNow { t: Catalogue, slug: visit.hall.slug.to_string(), voting })
}

/// Takes a count of hands, the first or the second.
pub(crate) async fn count(Extension(visit): Extension<Visit>, body: Bytes) -> Response {
    let form = Form::parse(&body);
    let role = form.get("as").and_then(|role| role.parse().ok());
    let (id, outcome) = visit.door(role).submit_bytes(command(&form).to_string().as_bytes()).await;
    submit::end(&visit, form, id, outcome).await
}

fn command(form: &Form) -> serde_json::Value {
    let named = (1..=OPTIONS_MAX).map_while(|number| form.all(&format!("count-{number}")).next());
    let counts: Vec<_> = named.map(str::trim).collect();
    let second = form.get("second").is_some();
    let mut command = serde_json::json!({
        "type": if second { "confirm-hand-count" } else { "enter-hand-count" },
        "id": form.get("id"), "poll": form.get("poll"), "counts": counts.join(","),
    });
    if let Some(table) = form.get("table") {
        command["table"] = table.into();
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seats(voted: &[bool]) -> Vec<SeatView> {
        let seat = |(at, voted): (usize, &bool)| SeatView {
            seat: SeatNumber::new(at as u16 + 1).unwrap(),
            voted: *voted,
            current: false,
        };
        voted.iter().enumerate().map(seat).collect()
    }

    #[test]
    fn the_tablet_goes_on_to_whoever_has_not_voted() {
        for (voted, current, next) in [
            (&[false, false, false][..], 1, 2),
            (&[true, true, false], 1, 3),
            (&[false, true, true], 3, 1),
            (&[true, true, true], 2, 2),
            (&[true, true, false], 3, 3),
        ] {
            let current = SeatNumber::new(current).unwrap();
            assert_eq!(next_seat(&seats(voted), current).get(), next, "{voted:?} after {current}");
        }
    }

    #[test]
    fn a_form_of_hands_becomes_one_list() {
        let first = command(&Form::parse(b"poll=p&count-1=3&count-2=+2&count-3=0&table=4"));
        assert_eq!((&first["type"], &first["counts"]), (&"enter-hand-count".into(), &"3,2,0".into()));
        assert_eq!(first["table"], "4");
        let second = command(&Form::parse(b"second=yes&count-1=3&count-2=&table="));
        assert_eq!((&second["type"], &second["counts"]), (&"confirm-hand-count".into(), &"3,".into()));
        assert!(second.get("table").is_none());
    }
}
