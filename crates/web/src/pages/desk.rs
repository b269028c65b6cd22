//! The theme team's desk: to each the oldest contribution that nobody else reads, one form to code it, the code frame
//! beside it.

mod beside;
pub(crate) use beside::bar;
mod code;
mod item;
pub(crate) mod keys;
mod lease;
mod marked;
mod steps;
mod stream;

use std::collections::BTreeSet;

use askama::Template;
use axum::Extension;
use axum::extract::RawQuery;
use axum::response::Response;
use domain::{ContributionId, Role};
use ingest::Refusal;
use projections::figure::{State, reason_of};
use projections::views::{Change, What};
use projections::{Query, Views};

pub(crate) use self::beside::fragment as beside;
use self::beside::{Beside, name};
pub(crate) use self::code::code;
use self::item::Item;
pub(crate) use self::lease::{Member, Team, Who};
use self::stream::{Asked, stream};
use crate::guard::Visit;
use crate::link::Form;
use crate::pages::entries::{EntryView, Eyes};
use crate::pages::error::problem;
use crate::pages::{Notice, Shell, draw_with, form_id};
use crate::presence::now;
use crate::say::{Catalogue, Message, say};

/// How many of those that wait stand under the one to read next.
const WAITING: usize = 5;
/// How many of the latest reasons for setting aside are offered again.
const REASONS: usize = 8;

/// What is asked for: the whole page, or what changes on it with every step.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Drawn {
    Page,
    Part,
}

impl Drawn {
    /// A script that stays on its page asks for the part.
    fn of(form: &Form) -> Self {
        if form.get("part").is_some() { Drawn::Part } else { Drawn::Page }
    }
}

#[derive(Template)]
#[template(path = "desk.html")]
struct Page {
    shell: Shell,
    slug: String,
    t: Catalogue,
    notice: Notice,
    desk: Desk,
    rounds: Vec<(u16, bool)>,
    tables: Vec<(u16, bool)>,
    help: [(&'static str, Message); 10],
}

#[derive(Template)]
#[template(path = "_desk.html")]
struct Part {
    slug: String,
    t: Catalogue,
    notice: Notice,
    desk: Desk,
}

struct Desk {
    asked: Asked,
    item: Option<Item>,
    waiting: Vec<WaitingRow>,
    beside: Beside,
    /// The last step: its id, and what undoing it would undo.
    undo: Option<(String, Message)>,
    undo_id: String,
    reasons: Vec<String>,
}

struct WaitingRow {
    entry: EntryView,
    held: Option<Message>,
    href: String,
}

/// Who sits at the desk by this visit.
fn who(visit: &Visit) -> Option<Who> {
    let holder = visit.holder.as_ref()?;
    let actor = holder.as_one_of(&[Role::ThemeTeam]).or_else(|| holder.as_one_of(&[Role::Organiser]))?;
    Some(Who { member: visit.hall.member(&holder.voice), link: actor.link })
}

pub(crate) async fn page(Extension(visit): Extension<Visit>, RawQuery(text): RawQuery) -> Response {
    let Some(who) = who(&visit) else { return problem(&Refusal::NoRole, "no-link") };
    let form = Form::parse(text.unwrap_or_default().as_bytes());
    let done = form.get("done").and_then(|done| done.parse().ok());
    let notice = done.map(|position| saved(&visit, who, position)).unwrap_or_default();
    draw_part(&visit, who, &Asked::of(&form), notice, Drawn::of(&form))
}

/// The page after a form that stands on it and was refused.
pub(crate) fn draw_desk(visit: &Visit, notice: Notice) -> Response {
    match who(visit) {
        Some(who) => draw_part(visit, who, &Asked::default(), notice, Drawn::Page),
        None => problem(&Refusal::NoRole, "no-link"),
    }
}

/// That something was recorded: what, where it was one's last step.
fn saved(visit: &Visit, who: Who, position: u64) -> Notice {
    let step = visit.hall.team().steps(who, now()).last().filter(|step| step.position == position).cloned();
    let message = match step {
        Some(step) => visit.hall.projection.read(|views| {
            let what = code::phrase(views, &step);
            say("desk-saved").text("what", what)
        }),
        None if position == 0 => say("desk-skipped"),
        None => say("recorded-at").num("position", position),
    };
    Notice::done(Some(message))
}

fn draw_part(visit: &Visit, who: Who, asked: &Asked, notice: Notice, drawn: Drawn) -> Response {
    visit.hall.projection.read(|views| {
        let mut notice = notice;
        let desk = Desk::new(visit, views, who, asked, &mut notice);
        let (t, slug) = (Catalogue, visit.hall.slug.to_string());
        if drawn == Drawn::Part {
            let part = Part { slug, t, notice, desk };
            return draw_with(&part.notice, &part);
        }
        let seated: BTreeSet<_> = views.seated().collect();
        let page = Page {
            shell: Shell::new(visit, views, "desk", say("desk-title")),
            rounds: views
                .frame
                .rounds
                .keys()
                .map(|round| (round.get(), asked.round == Some(*round)))
                .collect(),
            tables: seated.iter().map(|table| (table.get(), asked.table == Some(*table))).collect(),
            help: help(),
            slug,
            t,
            notice,
            desk,
        };
        draw_with(&page.notice, &page)
    })
}

impl Desk {
    /// Gives `who` something to read. The views are held while this is decided, so that what somebody has just coded is
    /// either still theirs or read by now.
    fn new(visit: &Visit, views: &Views, who: Who, asked: &Asked, notice: &mut Notice) -> Self {
        let at = now();
        let stream = stream(views, asked, who.link);
        let mut team = visit.hall.team();
        let wanted = asked.contribution.filter(|id| views.entry(*id).is_some());
        let wanted = wanted.filter(|id| match team.claim(who, *id, at) {
            None => true,
            Some(held) => {
                let taken = say("desk-taken").text("who", name(views, &held));
                notice.done.get_or_insert(taken.to_string());
                false
            }
        });
        let ids: Vec<_> = stream.iter().map(|(_, id)| *id).collect();
        let next = wanted.or_else(|| team.take(who, &ids, at));
        let busy: BTreeSet<ContributionId> =
            team.held(at).filter(|held| held.who != who).map(|held| held.item).collect();
        let entry = next.and_then(|id| views.entry(id));
        let item = entry.map(|entry| Item::new(visit, views, entry, (asked, notice), &busy));
        let rest = stream.iter().filter(|(_, id)| Some(*id) != next).take(WAITING);
        let waiting = rest.filter_map(|(position, id)| {
            let held = team.holder_of(*id, at).map(|held| say("desk-has").text("who", name(views, &held)));
            let href = asked.address(visit.hall.slug.as_str(), &[("contribution", id.to_string())]);
            let mut entry =
                EntryView::new(visit, views, *position, views.entries.get(position)?, Eyes::Staff);
            if asked.double {
                entry.themes.clear();
            }
            Some(WaitingRow { entry, held, href })
        });
        let waiting = waiting.collect();
        let last = team.steps(who, at).last().cloned();
        let undo = last.map(|step| (step.id.to_string(), code::phrase(views, &step)));
        let beside = Beside::new(visit, views, &team, (who, &Asked { contribution: None, ..*asked }));
        Self { asked: *asked, item, waiting, beside, undo, undo_id: form_id(), reasons: reasons(views) }
    }

    /// Where a form that stands on it leads back to.
    fn here(&self) -> String {
        self.asked.page(&[])
    }
}

/// The latest reasons for which something was set aside, each once.
fn reasons(views: &Views) -> Vec<String> {
    let aside = Query::state(State::SetAside).select(views);
    let mut reasons: Vec<String> = Vec::new();
    for reason in aside.iter().rev().filter_map(|(_, entry)| reason_of(entry, State::SetAside)) {
        if reasons.len() < REASONS && !reasons.iter().any(|known| known == reason) {
            reasons.push(reason.to_owned());
        }
    }
    reasons
}

/// What each key does. Those of the themes stand on their buttons.
fn help() -> [(&'static str, Message); 10] {
    [
        ("1–9, q–m", say("desk-help-theme")),
        ("Shift + 1–5", say("desk-help-at-once")),
        ("Enter", say("desk-help-enter")),
        ("0", say("desk-read")),
        (keys::NEW, say("desk-new-theme")),
        (keys::ASIDE, say("desk-set-aside")),
        (keys::SKIP, say("desk-skip")),
        (keys::UNDO, say("desk-help-undo")),
        ("/", say("desk-find")),
        ("?", say("desk-help-keys")),
    ]
}

/// A change of the code frame as a sentence, with what it moved.
pub(crate) fn told(change: &Change) -> Message {
    match &change.what {
        What::Named(name) => say("change-named").text("name", name),
        What::Renamed { from, to } => say("change-renamed").text("from", from).text("to", to),
        What::Defined { name, .. } => say("change-defined").text("name", name),
        What::Split { from, into } => {
            say("change-split").text("from", from).text("into", into).num("moved", change.moved)
        }
        What::Undone { change: undone, name } => {
            say("change-undone").num("change", undone.get()).text("name", name).num("moved", change.moved)
        }
        What::Merged { from, into } => {
            say("change-merged").text("from", from).text("into", into).num("moved", change.moved)
        }
        What::Retired(name) => say("change-retired").text("name", name).num("moved", change.moved),
    }
}
