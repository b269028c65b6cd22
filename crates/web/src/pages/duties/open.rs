//! Duties and promises as open data.

use domain::{
    CommitmentNumber, Date, DutyClock, DutyKind, DutyNumber, DutyRule, Published, ThemeId, Verdict,
};
use projections::duties::{Commitment, Duty, DutyCounts, DutyState, PromiseCounts};
use projections::{Timing, Views};
use serde::Serialize;

use super::rows::name_of;

#[derive(Serialize)]
pub(super) struct Document<'a> {
    format: &'static str,
    assembly: &'a str,
    board: String,
    position: u64,
    /// The day on which it was asked for; what is overdue follows from it.
    on: Date,
    rule: Option<&'a DutyRule>,
    clock: Option<&'a DutyClock>,
    versions: Vec<&'a Published>,
    counts: DutyCounts,
    promise_counts: PromiseCounts,
    duties: Vec<Owed>,
    promises: Vec<Promised>,
}

#[derive(Serialize)]
struct Owed {
    duty: DutyNumber,
    kind: DutyKind,
    theme: Option<ThemeId>,
    name: String,
    owner: String,
    owed_on: Date,
    due: Date,
    state: &'static str,
    timing: &'static str,
    /// Days that are left, or by which it is or was late.
    days: u32,
    replied_on: Option<Date>,
    reply_versions: usize,
    verdict: Option<Verdict>,
    promises: Vec<CommitmentNumber>,
}

#[derive(Serialize)]
struct Promised {
    promise: CommitmentNumber,
    duty: DutyNumber,
    text: String,
    owner: String,
    made_on: Date,
    due: Date,
    timing: &'static str,
    days: u32,
    delivered_on: Option<Date>,
    next_report: Option<Date>,
}

impl<'a> Document<'a> {
    pub(super) fn of(views: &'a Views, slug: &'a str, today: Date) -> Self {
        let ledger = &views.frame.ledger;
        let board = views.frame.about.as_ref().map(|about| about.board.to_string());
        Self {
            format: "plenary-duties/1",
            assembly: slug,
            board: board.unwrap_or_default(),
            position: views.position,
            on: today,
            rule: views.frame.duty_rule.as_ref(),
            clock: ledger.clock.as_ref(),
            versions: ledger.versions.iter().map(|step| &step.what).collect(),
            counts: ledger.duty_counts(today),
            promise_counts: ledger.promise_counts(today),
            duties: ledger.listed().into_iter().map(|(at, duty)| owed(views, at, duty, today)).collect(),
            promises: ledger.commitments.values().map(|promise| promised(views, promise, today)).collect(),
        }
    }
}

fn owed(views: &Views, number: DutyNumber, duty: &Duty, today: Date) -> Owed {
    let (timing, days) = named(duty.timing(today));
    Owed {
        duty: number,
        kind: duty.owed.what.kind,
        theme: duty.theme(),
        name: name_of(views, duty),
        owner: duty.owner().to_string(),
        owed_on: duty.owed.what.on,
        due: duty.due(),
        state: state(views.frame.ledger.state(duty)),
        timing,
        days,
        replied_on: duty.replies.first().map(|reply| reply.what.on),
        reply_versions: duty.replies.len(),
        verdict: duty.verdict().map(|said| said.what.verdict),
        promises: duty.commitments.clone(),
    }
}

fn promised(views: &Views, promise: &Commitment, today: Date) -> Promised {
    let made = &promise.made.what;
    let (timing, days) = named(promise.timing(today));
    Promised {
        promise: made.commitment,
        duty: made.duty,
        text: made.text.to_string(),
        owner: made.owner.to_string(),
        made_on: made.on,
        due: made.due,
        timing,
        days,
        delivered_on: promise.delivered.as_ref().map(|kept| kept.what.on),
        next_report: promise.next_report(views.frame.ledger.clock.as_ref()),
    }
}

fn state(state: DutyState) -> &'static str {
    match state {
        DutyState::Owed => "owed",
        DutyState::Holding => "holding",
        DutyState::Replied => "replied",
        DutyState::Rejoined(_) => "rejoined",
        DutyState::Committed => "committed",
        DutyState::Delivered => "delivered",
    }
}

fn named(timing: Timing) -> (&'static str, u32) {
    match timing {
        Timing::Due(days) => ("due", days),
        Timing::Overdue(days) => ("overdue", days),
        Timing::DoneInTime => ("done-in-time", 0),
        Timing::DoneLate(days) => ("done-late", days),
    }
}
