//! The contributions behind a figure: the address is the query, the list is exactly what was counted.

use std::collections::BTreeSet;

use askama::Template;
use axum::Extension;
use axum::extract::RawQuery;
use axum::response::Response;
use domain::{LinkId, Role, ThemeId};
use projections::figure::{count, reason_of};
use projections::{Entry, Position, Query, Unit, Views};

use crate::guard::Visit;
use crate::pages::entries::{EntryView, Eyes};
use crate::pages::take_part::Done;
use crate::pages::{Notice, READERS, Shell, clock, draw_with, jump};
use crate::say::{Catalogue, Message, knows, say};

/// Contributions on one page.
const PAGE: usize = 100;

#[derive(Template)]
#[template(path = "contributions.html")]
struct Contributions {
    shell: Shell,
    t: Catalogue,
    about: Vec<String>,
    entries: Vec<EntryView>,
    total: u64,
    tables: u64,
    voices: u64,
    first: usize,
    last: usize,
    earlier: Option<String>,
    later: Option<String>,
    staff: bool,
    /// Those that are pinned as quotes of the theme that is asked for.
    pinned: BTreeSet<u64>,
    organiser: bool,
    /// The theme that is asked for, and why its count jumped.
    theme: Option<ThemeId>,
    jumps: Vec<String>,
    notice: Notice,
}

pub(crate) async fn page(Extension(visit): Extension<Visit>, RawQuery(text): RawQuery) -> Response {
    let text = text.unwrap_or_default();
    let done = text.split('&').find_map(|pair| pair.strip_prefix("done=")).and_then(|at| at.parse().ok());
    draw_contributions(&visit, &text, Done { done }.notice())
}

/// The list that the text form of a query asks for.
pub(crate) fn draw_contributions(visit: &Visit, text: &str, notice: Notice) -> Response {
    let query = Query::parse(text);
    let number =
        |name| text.split('&').find_map(|pair| pair.strip_prefix(name)).and_then(|n| n.parse::<u64>().ok());
    let from = number("from=").and_then(|from| usize::try_from(from).ok()).unwrap_or(0);
    visit.hall.projection.read(|views| {
        let selected = query.select(views);
        let page = Contributions { notice, ..list(visit, views, query, &selected, from) };
        draw_with(&page.notice, &page)
    })
}

fn list(
    visit: &Visit,
    views: &Views,
    query: Query,
    selected: &[(Position, &Entry)],
    from: usize,
) -> Contributions {
    let staff = visit.holds_one_of(&[Role::ThemeTeam, Role::Organiser]);
    let eyes = match staff {
        true => Eyes::Staff,
        false if visit.holds_one_of(READERS) => Eyes::Reader,
        false => Eyes::Public,
    };
    let from = from.min(selected.len());
    let shown = selected.iter().skip(from).take(PAGE);
    let entries: Vec<_> =
        shown.map(|(position, entry)| EntryView::new(visit, views, *position, entry, eyes)).collect();
    let at = |from: usize| format!("contributions?{query}&from={from}");
    let is_pinned = |entry: &Entry| query.theme.is_some_and(|theme| entry.pinned.contains_key(&theme));
    Contributions {
        pinned: selected.iter().filter(|(_, entry)| is_pinned(entry)).map(|(at, _)| at.get()).collect(),
        shell: Shell::new(visit, views, "contributions", say("contributions-title")),
        t: Catalogue,
        about: about(views, query),
        total: count(selected, Unit::Contributions),
        tables: count(selected, Unit::Tables),
        voices: count(selected, Unit::Voices),
        first: if entries.is_empty() { 0 } else { from + 1 },
        last: from + entries.len(),
        earlier: (from > 0).then(|| at(from.saturating_sub(PAGE))),
        later: (from + PAGE < selected.len()).then(|| at(from + PAGE)),
        entries,
        staff,
        organiser: visit.holds_one_of(&[Role::Organiser]),
        theme: query.theme.filter(|theme| views.frame.themes.contains_key(theme)),
        jumps: query
            .theme
            .map(|theme| jump::lines(&views.frame.changes, theme, &clock(views)))
            .unwrap_or_default(),
        notice: Notice::default(),
    }
}

/// The reason that a query asks for, if anything was held back or set aside for it.
fn reason(views: &Views, query: Query) -> Option<String> {
    query.reason?;
    let selected = query.select(views);
    let (_, entry) = selected.first()?;
    let reason = query.state.and_then(|state| reason_of(entry, state))?.to_owned();
    let held = format!("held-{reason}");
    Some(if knows(&held) { say(held).to_string() } else { reason })
}

/// Enough of a link's number to tell it from the others; the secret is another one.
fn short(link: LinkId) -> String {
    link.to_string().rsplit('-').next().unwrap_or_default().to_owned()
}

/// What the query asks for, in words.
fn about(views: &Views, query: Query) -> Vec<String> {
    asked_for(views, query).iter().map(ToString::to_string).collect()
}

/// What the query asks for, part by part.
pub(crate) fn asked_for(views: &Views, query: Query) -> Vec<Message> {
    let theme = query.theme.and_then(|id| views.frame.themes.get(&id)).map(|theme| theme.name.to_string());
    [
        theme.map(|name| say("about-theme").text("theme", name)),
        query.round.map(|round| say("round-n").num("n", round)),
        query.side.map(|side| match side {
            projections::Side::Room => say("side-room"),
            projections::Side::Remote => say("side-remote"),
            projections::Side::Other => say("side-other"),
        }),
        query.channel.map(|channel| say(format!("channel-{}", channel.as_str()))),
        query.table.map(|table| say("source-table").num("table", table)),
        query.kind.map(|kind| say(format!("kind-{}", kind.as_str()))),
        query.state.map(|state| say(format!("about-state-{}", state.as_str()))),
        query.copies.map(|_| say("about-copies")),
        query
            .suggested
            .and_then(|id| views.frame.themes.get(&id))
            .map(|theme| say("about-suggested").text("name", &theme.name)),
        query
            .helped
            .and_then(|id| views.frame.themes.get(&id))
            .map(|theme| say("about-helped").text("name", &theme.name)),
        query
            .sole
            .and_then(|id| views.frame.themes.get(&id))
            .map(|theme| say("about-sole").text("name", &theme.name)),
        query.engine.map(|_| say("about-engine")),
        query.link.map(|link| say("about-link").text("link", short(link))),
        query.but_link.map(|link| say("about-but-link").text("link", short(link))),
        query.sample.map(|_| say("about-sample")),
        query.position.map(|position| say("position-n").num("position", position.get())),
        query.poll.map(|_| say("about-poll")),
        reason(views, query).map(|reason| say("about-reason").text("reason", reason)),
    ]
    .into_iter()
    .flatten()
    .collect()
}
