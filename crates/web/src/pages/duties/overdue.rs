//! What became overdue. No event of the record says so: it follows from the day that was fixed and from the day on which
//! it was done, or from today where it was not. Once it is so it stays so, because a late answer stays late.

use domain::{Date, DutyNumber, Timestamp};
use projections::{Position, Views};

use super::rows::name_of;
use crate::pages::clock;
use crate::say::say;
use crate::when::in_words;

pub(super) struct Overdue {
    /// Where in the record the duty arose or the promise was made.
    pub(super) of: Position,
    /// The first moment of the day after the one on which it was due, or when it arose if that was later still.
    pub(super) since: Timestamp,
    pub(super) duty: DutyNumber,
    pub(super) title: String,
}

/// Everything that was not done by the end of its day, by what is known on `today`.
pub(super) fn overdue(views: &Views, today: Date) -> Vec<Overdue> {
    let (ledger, clock) = (&views.frame.ledger, clock(views));
    let became = |due: Date, done: Option<Date>, arose: Timestamp| {
        (done.unwrap_or(today) > due).then(|| clock.begins(due.plus_days(1)).max(arose))
    };
    let duties = ledger.duties.iter().filter_map(|(number, duty)| {
        let first = duty.replies.first().map(|reply| reply.what.on);
        let title = say("told-overdue").num("duty", number).text("name", name_of(views, duty));
        let title = title.text("owner", duty.owner()).text("due", in_words(duty.due()));
        let since = became(duty.due(), first, duty.owed.at)?;
        Some(Overdue { of: duty.owed.position, since, duty: *number, title: title.to_string() })
    });
    let promises = ledger.commitments.iter().filter_map(|(number, promise)| {
        let made = &promise.made.what;
        let kept = promise.delivered.as_ref().map(|kept| kept.what.on);
        let title = say("told-promise-overdue").num("promise", number);
        let title = title.text("owner", &made.owner).text("due", in_words(made.due));
        let since = became(made.due, kept, promise.made.at)?;
        Some(Overdue { of: promise.made.position, since, duty: made.duty, title: title.to_string() })
    });
    duties.chain(promises).collect()
}
