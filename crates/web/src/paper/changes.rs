//! Changes of the themes as lines of the paper: names and reasons as they stand in the record, numbers as it states them.

use projections::Jump;
use projections::views::Change;

use super::document::{Inline, Target};
use super::runs::{Runs, cited, line, runs, sentences, time};
use crate::pages::{desk, jump};
use crate::say::Message;
use crate::when::Clock;

/// Why a count jumped, in one line.
pub(super) fn jump(jump: Jump<'_>, clock: &Clock) -> Runs {
    let what = told(&jump::what(jump), jump.change);
    let when = [time(clock, jump.change.at)];
    let told = match jump.by {
        Some(by) => line("jump-by").with("by", [stated(&jump::signed(by), jump.change)]).with("time", when),
        None => line("jump").with("time", when),
    };
    sentences([told.with("what", what).runs(), reason(jump.change)])
}

/// What was changed, and when.
pub(super) fn change(change: &Change, clock: &Clock) -> Runs {
    let what = told(&desk::told(change), change);
    let told = line("paper-change").with("time", [time(clock, change.at)]).with("what", what).runs();
    sentences([told, reason(change)])
}

fn told(message: &Message, change: &Change) -> Runs {
    runs(message, |name, text| match name {
        "moved" | "change" => vec![stated(text, change)],
        _ => vec![cited(text)],
    })
}

fn reason(change: &Change) -> Runs {
    let reason = change.reason.as_ref();
    reason.map(|reason| line("change-reason").with("reason", [cited(reason)]).runs()).unwrap_or_default()
}

/// A number that the record states with the change.
fn stated(text: &str, change: &Change) -> Inline {
    Inline::Reference { text: text.to_owned(), to: Target::Change(change.number.get()) }
}
