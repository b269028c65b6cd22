//! Why a theme's count jumped, in one line, wherever the count stands.

use domain::{ThemeId, Timestamp};
use projections::views::{Change, What};
use projections::{Jump, Views, jumps};

use crate::say::{Message, say};
use crate::when::Clock;

/// A jump as pages show it.
pub(crate) struct JumpView {
    pub(crate) at: Timestamp,
    pub(crate) line: String,
    /// For where there is little room, below the name of the theme.
    pub(crate) short: String,
}

impl JumpView {
    fn new(jump: Jump<'_>, theme: ThemeId, clock: &Clock) -> Self {
        let (line, short) = (line(jump, clock), told(jump, short(jump, theme), clock));
        Self { at: jump.change.at, line, short }
    }

    /// The latest one.
    pub(crate) fn latest(views: &Views, theme: ThemeId) -> Option<Self> {
        let clock = crate::pages::clock(views);
        jumps(&views.frame.changes, theme).next_back().map(|jump| Self::new(jump, theme, &clock))
    }
}

/// All of them, in order.
pub(crate) fn lines(changes: &[Change], theme: ThemeId, clock: &Clock) -> Vec<String> {
    jumps(changes, theme).map(|jump| line(jump, clock)).collect()
}

pub(crate) fn line(jump: Jump<'_>, clock: &Clock) -> String {
    told(jump, what(jump), clock)
}

fn told(jump: Jump<'_>, what: Message, clock: &Clock) -> String {
    let time = clock.time(jump.change.at);
    let line = match jump.by {
        Some(by) => say("jump-by").text("by", signed(by)).text("time", time).text("what", what),
        None => say("jump").text("time", time).text("what", what),
    };
    match &jump.change.reason {
        Some(reason) => format!("{line} {}", say("change-reason").text("reason", reason)),
        None => line.to_string(),
    }
}

/// With a minus sign that is as wide as the plus.
pub(crate) fn signed(by: i64) -> String {
    if by < 0 { format!("−{}", by.unsigned_abs()) } else { format!("+{by}") }
}

/// What happened, without when and why.
pub(crate) fn what(jump: Jump<'_>) -> Message {
    match (jump.what(), jump.undone.is_some()) {
        (What::Merged { from, into }, false) => say("jump-merged").text("from", from).text("into", into),
        (What::Merged { from, into }, true) => say("jump-unmerged").text("from", from).text("into", into),
        (What::Split { from, into }, false) => say("jump-split").text("from", from).text("into", into),
        (What::Split { from, into }, true) => say("jump-unsplit").text("from", from).text("into", into),
        (What::Retired(name), true) => say("jump-unretired").text("name", name),
        (What::Retired(name), false) => say("jump-retired").text("name", name),
        // The others move no tally.
        _ => crate::pages::desk::told(jump.change),
    }
}

fn short(jump: Jump<'_>, theme: ThemeId) -> Message {
    let is_first = jump.change.theme == theme;
    match (jump.what(), jump.undone.is_some()) {
        (What::Merged { from, .. }, false) => say("jump-in").text("name", from),
        (What::Merged { from, .. }, true) if is_first => say("jump-out").text("name", from),
        (What::Split { into, .. }, false) if is_first => say("jump-off").text("name", into),
        (What::Split { from, .. }, false) => say("jump-from").text("name", from),
        (What::Split { into, .. }, true) => say("jump-in").text("name", into),
        (What::Merged { .. } | What::Retired(_), true) => say("jump-again"),
        _ => what(jump),
    }
}
