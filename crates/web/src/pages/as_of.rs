//! What the assembly was saying at an earlier moment: counted as it was counted then, and beside it counted anew with
//! the themes of today. Only counts and the theme team's own words are shown: what may be read of others has changed since.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use domain::{RoundNumber, ThemeId};
use projections::{Snapshot, ThemeTally};

use crate::guard::Visit;
use crate::pages::frame::Sides;
use crate::pages::hearing::coverage_line;
use crate::pages::home::with_round;
use crate::pages::{Notice, Shell, address, clock, draw_with};
use crate::past::{EVENTS_MAX, NotSeen};
use crate::say::{Catalogue, Message, say};

#[derive(Template)]
#[template(path = "as_of.html")]
struct AsOf {
    shell: Shell,
    t: Catalogue,
    notice: Notice,
    then: Option<Then>,
    time: String,
    round: Option<RoundNumber>,
}

struct Then {
    position: u64,
    when: String,
    coverage: Message,
    rows: Vec<Row>,
    sides: Sides,
    /// Changes of the code frame since then.
    changes: usize,
}

impl Then {
    /// How many counts each of the two sides has.
    fn columns(&self) -> usize {
        1 + usize::from(self.sides.room) + usize::from(self.sides.remote)
    }
}

struct Row {
    theme: ThemeId,
    /// What it was called then, if it was there.
    name: Option<String>,
    /// What it is called now, where that differs.
    now: Option<String>,
    /// Then, and anew.
    counted: [Option<ThemeTally>; 2],
}

/// What somebody wants to look back to.
pub(crate) struct Moment {
    pub(crate) at: Option<String>,
    pub(crate) time: Option<String>,
    pub(crate) round: Option<RoundNumber>,
}

pub(crate) async fn page(visit: &Visit, moment: Moment) -> Response {
    let round = moment.round;
    if let Some(time) = moment.time.as_deref().filter(|time| !time.trim().is_empty()) {
        return match position_at(visit, time).await {
            Ok(position) => Redirect::to(&there(visit, position, round)).into_response(),
            Err(why) => draw(visit, round, None, time, Some(why)),
        };
    }
    let at = moment.at.unwrap_or_default();
    let Ok(position) = at.trim().parse::<u64>() else {
        return draw(visit, round, None, "", Some(say("as-of-what")));
    };
    let (past, projection) = (&visit.hall.past, &visit.hall.projection);
    let seen = match past.at(projection, position, round).await {
        Ok(then) => past.anew(projection, position, round).await.map(|anew| (then, anew)),
        Err(why) => Err(why),
    };
    match seen {
        Ok((then, anew)) => draw(visit, round, Some((then, anew)), "", None),
        Err(why) => draw(visit, round, None, "", Some(not_seen(why))),
    }
}

fn there(visit: &Visit, position: u64, round: Option<RoundNumber>) -> String {
    let page = with_round(&address(visit.hall.slug.as_str(), "hearing"), round);
    let mark = if page.contains('?') { '&' } else { '?' };
    format!("{page}{mark}at={position}")
}

/// The last event of that minute, on the day of the assembly's latest event or on one that is named.
async fn position_at(visit: &Visit, time: &str) -> Result<u64, Message> {
    let at = visit.hall.projection.read(|views| clock(views).end_of_minute(time, views.frame.last_at));
    let at = at.ok_or_else(|| say("as-of-time-why"))?;
    visit.hall.past.position_at(at).await.map_err(not_seen)
}

pub(crate) fn not_seen(why: NotSeen) -> Message {
    match why {
        NotSeen::Later => say("as-of-later"),
        NotSeen::TooLong => say("as-of-too-long").num("max", EVENTS_MAX),
        NotSeen::Busy => say("as-of-busy"),
        NotSeen::Unreadable => say("as-of-unreadable"),
    }
}

type Seen = (Arc<Snapshot>, Arc<Snapshot>);

fn draw(
    visit: &Visit,
    round: Option<RoundNumber>,
    seen: Option<Seen>,
    time: &str,
    why: Option<Message>,
) -> Response {
    let notice = Notice { refused: why.map(|why| why.to_string()), ..Notice::default() };
    visit.hall.projection.read(|views| {
        let shell = Shell::new(visit, views, "hearing", say("as-of-title"));
        let since = |then: &Snapshot| {
            let later = |change: &&projections::views::Change| change.position.get() > then.position();
            views.frame.changes.iter().filter(later).count()
        };
        let then = seen.map(|(then, anew)| Then {
            position: then.position(),
            when: then.as_of.map(|at| shell.clock.full(at)).unwrap_or_default(),
            coverage: coverage_line(&then.tallies.coverage),
            rows: rows(&then, &anew),
            sides: Sides::of(&anew.tallies.of),
            changes: since(&then),
        });
        let time = time.to_owned();
        let page = AsOf { shell, t: Catalogue, notice, then, time, round };
        draw_with(&page.notice, &page)
    })
}

/// The themes of then in the order of then, and behind them those that came later.
fn rows(then: &Snapshot, anew: &Snapshot) -> Vec<Row> {
    let known: BTreeSet<ThemeId> = then.tallies.themes.iter().map(|tally| tally.theme).collect();
    let later = anew.tallies.themes.iter().filter(|tally| !known.contains(&tally.theme));
    let all = then.tallies.themes.iter().chain(later).map(|tally| tally.theme);
    let row = |theme: ThemeId| {
        let (was, is) = (then.tally(theme).cloned(), anew.tally(theme).cloned());
        let name = was.as_ref().map(|tally| tally.name.clone());
        let now = is.as_ref().map(|tally| tally.name.clone()).filter(|now| Some(now) != name.as_ref());
        Row { theme, name, now, counted: [was, is] }
    };
    all.map(row).collect()
}
