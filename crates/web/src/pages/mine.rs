//! What somebody has said, and where each of it stands: waiting, public, in a theme, held back or set aside.

use std::collections::BTreeSet;

use domain::{RoundNumber, VoiceTag};
use projections::{Attention, Entry, Pace, Position, Standing, Views, Wait};

use crate::guard::Visit;
use crate::pages::became::{Became, became};
use crate::pages::duties::today;
use crate::pages::entries::{EntryView, Eyes};
use crate::presence::now;
use crate::say::{Message, say};

/// Longer than this is said as such: an estimate of hours helps nobody.
const WAIT_MIN_MAX: u64 = 60;

/// One of the visitor's own contributions.
pub(crate) struct Own {
    pub(crate) entry: EntryView,
    pub(crate) stands: Message,
    pub(crate) became: Vec<Became>,
    /// Changes whenever the entry has to be drawn anew, so that open pages leave the rest as it is.
    pub(crate) key: String,
}

/// The tags by which this visitor's contributions and reactions are counted, one for each question.
pub(crate) fn tags(visit: &Visit, views: &Views) -> BTreeSet<(RoundNumber, VoiceTag)> {
    let voice = visit.holder.as_ref().map(|holder| holder.voice);
    let rounds = views.frame.rounds.keys().copied();
    rounds.filter_map(|round| Some((round, visit.hall.tag(&voice?, round)))).collect()
}

pub(crate) fn is_own(tags: &BTreeSet<(RoundNumber, VoiceTag)>, entry: &Entry) -> bool {
    entry.voice.is_some_and(|voice| tags.contains(&(entry.round, voice)))
}

/// What this voice has said, latest first.
pub(crate) fn mine(visit: &Visit, views: &Views) -> Vec<Own> {
    let tags = tags(visit, views);
    let pace = Pace::at(views, now());
    let own = views.entries.iter().rev().filter(|(_, entry)| is_own(&tags, entry));
    own.map(|(position, entry)| Own::new(visit, views, pace, *position, entry)).collect()
}

impl Own {
    fn new(visit: &Visit, views: &Views, pace: Pace, position: Position, entry: &Entry) -> Self {
        let entry_view = EntryView::new(visit, views, position, entry, Eyes::Own);
        let themes: Vec<_> = entry_view.themes.iter().map(|(name, _)| name.as_str()).collect();
        let standing = format!("{:?}{:?}", entry.standing, entry.attention != Attention::Unread);
        let became = became(views, visit.hall.slug.as_str(), (position, entry), today(views));
        let told: String =
            became.iter().map(|told| format!("{}{}", told.stand.says, told.standing)).collect();
        Self {
            key: format!("{standing}{}{}{told}", entry.corrections, themes.join("|")),
            stands: stands(views, pace, position, entry),
            became,
            entry: entry_view,
        }
    }
}

/// In the one sentence that matters most to whoever said it. Words are public once a person of the theme team has
/// read them, unless a moderator holds them back; that is what it says.
pub(crate) fn stands(views: &Views, pace: Pace, position: Position, entry: &Entry) -> Message {
    match (entry.standing, &entry.attention, entry.coded.themes.is_empty()) {
        (Standing::Withdrawn, ..) => say("state-withdrawn"),
        (Standing::Erased, ..) => say("state-erased"),
        (Standing::Held(reason), ..) => {
            say("state-held").text("reason", say(format!("held-{}", reason.as_str())))
        }
        (_, Attention::SetAside(reason), true) => say("state-set-aside").text("reason", reason),
        (_, _, false) => say("stands-themed").num("n", entry.coded.themes.len()),
        (_, Attention::Read, true) => say("stands-public"),
        (_, Attention::Unread, true) => {
            pace.wait(views, position).map_or_else(|| say("state-unread"), |wait| waiting(&wait))
        }
    }
}

fn waiting(wait: &Wait) -> Message {
    let minutes = wait.for_ms.map(|ms| ms.div_ceil(60_000));
    let message = match minutes {
        None => say("stands-waiting"),
        Some(minutes) if minutes > WAIT_MIN_MAX => say("stands-waiting-long"),
        Some(minutes) => say("stands-waiting-about").num("minutes", minutes),
    };
    message.num("before", wait.before)
}

/// The same for somebody who holds the receipt.
pub(crate) fn stands_now(views: &Views, position: Position, entry: &Entry) -> Message {
    stands(views, Pace::at(views, now()), position, entry)
}
