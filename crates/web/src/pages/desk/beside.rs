//! What stands beside the contribution: how far the team is, how fast one is oneself, what the others hold, and the code
//! frame with its counts.

use askama::Template;
use axum::Extension;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::Response;
use domain::{LinkId, Role, Timestamp};
use projections::figure::count;
use projections::{Coverage, Query, Side, Unit, Views, coverage};

use super::lease::{Holding, Team, Who};
use super::stream::{Asked, stream};
use crate::guard::Visit;
use crate::link::Form;
use crate::pages::error::problem;
use crate::pages::{address, draw};
use crate::presence::now;
use crate::say::{Catalogue, Message, say};

const HOUR_MS: u64 = 3_600_000;
/// Over which time one's pace is taken; the first reading of it is at least a minute ago.
const PACE_MS: u64 = 5 * 60_000;
const MINUTE_MS: u64 = 60_000;

pub(super) struct Beside {
    pub(super) coverage: Coverage,
    /// In per cent: in themes, in none, set aside.
    pub(super) bar: [u64; 3],
    pub(super) own: Message,
    pub(super) held: Vec<HeldRow>,
    pub(super) themes: Vec<FrameRow>,
    /// How many wait for a second coding by whoever looks.
    pub(super) double: usize,
    /// Somebody else has got what stands on the page by now.
    pub(super) lost: Option<Message>,
}

pub(super) struct HeldRow {
    pub(super) who: Message,
    pub(super) what: Message,
    pub(super) own: bool,
}

pub(super) struct FrameRow {
    pub(super) name: String,
    pub(super) href: String,
    pub(super) definition: String,
    pub(super) tables: u64,
    pub(super) voices: u64,
    pub(super) contributions: u64,
}

#[derive(Template)]
#[template(path = "_desk_beside.html")]
struct Fragment {
    t: Catalogue,
    slug: String,
    beside: Beside,
}

/// Drawn again every few seconds for a page that is open; whoever asks keeps what they hold.
pub(crate) async fn fragment(Extension(visit): Extension<Visit>, RawQuery(text): RawQuery) -> Response {
    let Some(who) = super::who(&visit) else { return problem(&ingest::Refusal::NoRole, "no-link") };
    let asked = Asked::of(&Form::parse(text.unwrap_or_default().as_bytes()));
    let slug = visit.hall.slug.to_string();
    visit.hall.projection.read(|views| {
        let mut team = visit.hall.team();
        team.renew(who, now());
        let beside = Beside::new(&visit, views, &team, (who, &asked));
        draw(StatusCode::OK, &Fragment { t: Catalogue, slug, beside })
    })
}

impl Beside {
    pub(super) fn new(visit: &Visit, views: &Views, team: &Team, (who, asked): (Who, &Asked)) -> Self {
        let at = now();
        let coverage = coverage(views, None);
        let lost = asked.contribution.and_then(|id| team.holder_of(id, at)).filter(|held| held.who != who);
        let double = Asked { double: true, ..Asked::default() };
        Self {
            bar: bar(&coverage),
            coverage,
            own: own(views, who.link, at),
            held: team.held(at).map(|held| held_row(views, &held, who, at)).collect(),
            themes: frame(visit, views),
            double: stream(views, &double, who.link).len(),
            lost: lost.map(|held| say("desk-lost").text("who", name(views, &held))),
        }
    }
}

/// How much of what was said is themed, in no theme and set aside, in whole per cents.
pub(crate) fn bar(coverage: &Coverage) -> [u64; 3] {
    let per_cent = |n: u64| (n * 100).checked_div(coverage.contributions).unwrap_or(0);
    [coverage.themed, coverage.residue, coverage.set_aside].map(per_cent)
}

/// Somebody at the desk as the others know them: by what the organiser wrote on their link.
pub(super) fn name(views: &Views, held: &Holding) -> Message {
    let link = held.who.link.and_then(|link| views.frame.links.get(&link));
    let label = link.and_then(|link| link.label.as_ref()).map(ToString::to_string);
    let role = link.map_or(Role::ThemeTeam, |link| link.role);
    let label = label.unwrap_or_else(|| say(format!("role-{role}")).to_string());
    say("desk-who").text("label", label).num("number", held.number)
}

fn held_row(views: &Views, held: &Holding, who: Who, at: Timestamp) -> HeldRow {
    let own = held.who == who;
    let minutes = at.millis().saturating_sub(held.since.millis()) / MINUTE_MS;
    let position = views.entry(held.item).map(|(position, _)| position.get()).unwrap_or_default();
    HeldRow {
        who: if own { say("desk-you") } else { name(views, held) },
        what: say("desk-holds").num("minutes", minutes).num("position", position),
        own,
    }
}

/// How many somebody has coded in the last hour, and how many a minute just now.
fn own(views: &Views, link: Option<LinkId>, at: Timestamp) -> Message {
    let own = views.entries.values().filter(|entry| link.is_some() && entry.coder == link);
    let ages = own.filter_map(|entry| entry.read_at).map(|read| at.millis().saturating_sub(read.millis()));
    let (mut hour, mut lately, mut over) = (0_u64, 0_u64, MINUTE_MS);
    for age in ages {
        hour += u64::from(age < HOUR_MS);
        if age < PACE_MS {
            (lately, over) = (lately + 1, over.max(age));
        }
    }
    let pace = (lately * MINUTE_MS + over / 2) / over;
    say("desk-own").num("hour", hour).num("pace", pace)
}

fn frame(visit: &Visit, views: &Views) -> Vec<FrameRow> {
    let page = address(visit.hall.slug.as_str(), "contributions");
    let row = |(id, theme): (domain::ThemeId, &projections::views::Theme)| {
        let all = Query::theme(id).select(views);
        let home: Vec<_> =
            all.iter().copied().filter(|(_, entry)| Side::of(entry.channel) == Side::Remote).collect();
        FrameRow {
            name: theme.name.to_string(),
            href: format!("{page}?theme={id}"),
            definition: theme.definition.as_ref().map(ToString::to_string).unwrap_or_default(),
            tables: count(&all, Unit::Tables),
            voices: count(&home, Unit::Voices),
            contributions: count(&all, Unit::Contributions),
        }
    };
    views.live_themes().into_iter().map(row).collect()
}
