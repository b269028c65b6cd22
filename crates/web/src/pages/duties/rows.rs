//! Duties and promises as lists show them.

use domain::{CommitmentNumber, Date, DutyNumber, Verdict};
use projections::duties::{Commitment, Duty, DutyCounts, DutyState, PromiseCounts};
use projections::{Timing, Views};

use crate::pages::address;
use crate::say::{Message, say};
use crate::when::in_words;

/// `11 owed · 7 answered · 3 due · 1 overdue by 4 days`; what is late stands apart, because it is printed in bold.
#[derive(Default)]
pub(crate) struct Line {
    pub(crate) counts: Vec<Message>,
    pub(crate) late: Vec<Message>,
}

impl Line {
    pub(crate) fn of_duties(counts: &DutyCounts) -> Self {
        let answered = say("duties-n-answered").num("n", counts.answered);
        let late = (counts.answered_late > 0).then(|| say("duties-n-late").num("n", counts.answered_late));
        let days = counts.most_overdue_days;
        let overdue = match counts.overdue {
            0 => None,
            1 => Some(say("duties-1-overdue").num("days", days)),
            several => Some(say("duties-n-overdue").num("n", several).num("days", days)),
        };
        let head = [say("duties-n-owed").num("n", counts.owed), answered].into_iter().chain(late);
        Self {
            counts: head.chain([say("duties-n-due").num("n", counts.due)]).collect(),
            late: overdue.into_iter().collect(),
        }
    }

    pub(crate) fn of_promises(counts: &PromiseCounts) -> Self {
        let kept = say("promises-n-kept").num("n", counts.kept);
        let late = (counts.kept_late > 0).then(|| say("promises-n-late").num("n", counts.kept_late));
        let overdue = (counts.overdue > 0).then(|| say("promises-n-overdue").num("n", counts.overdue));
        let reports = counts.reports_overdue;
        let reports = (reports > 0).then(|| say("promises-n-reports").num("n", reports));
        let head = [say("promises-n-made").num("n", counts.made), kept].into_iter().chain(late);
        Self {
            counts: head.chain([say("promises-n-open").num("n", counts.open)]).collect(),
            late: overdue.into_iter().chain(reports).collect(),
        }
    }
}

/// How something stands to its day: the sentence, and the class by which it is drawn.
pub(crate) struct Stand {
    pub(crate) says: Message,
    pub(crate) class: &'static str,
    /// Not done, and its day is over.
    pub(crate) overdue: bool,
}

impl Stand {
    pub(crate) fn of_duty(duty: &Duty, today: Date) -> Self {
        let done = duty.replies.first().map(|reply| reply.what.on);
        Self::of(duty.timing(today), done, ("timing-answered", "timing-answered-late"))
    }

    pub(crate) fn of_promise(promise: &Commitment, today: Date) -> Self {
        let done = promise.delivered.as_ref().map(|kept| kept.what.on);
        Self::of(promise.timing(today), done, ("timing-kept", "timing-kept-late"))
    }

    fn of(timing: Timing, done: Option<Date>, (in_time, late): (&str, &str)) -> Self {
        let on = done.map(in_words).unwrap_or_default();
        let (says, class) = match timing {
            Timing::Due(0) => (say("timing-today"), "due"),
            Timing::Due(days) => (say("timing-due").num("days", days), "due"),
            Timing::Overdue(days) => (say("timing-overdue").num("days", days), "overdue"),
            Timing::DoneInTime => (say(in_time).text("day", on), "in-time"),
            Timing::DoneLate(days) => (say(late).text("day", on).num("days", days), "late"),
        };
        Self { says, class, overdue: matches!(timing, Timing::Overdue(_)) }
    }
}

pub(crate) struct DutyRow {
    pub(crate) href: String,
    pub(crate) name: String,
    pub(crate) owner: String,
    pub(crate) due: String,
    pub(crate) standing: Message,
    pub(crate) stand: Stand,
    /// Nobody has replied yet.
    pub(crate) open: bool,
}

/// The longest overdue first, then what is due next, then what was answered.
pub(crate) fn duties(views: &Views, slug: &str, today: Date) -> Vec<DutyRow> {
    let listed = views.frame.ledger.listed().into_iter();
    listed.map(|(number, duty)| duty_row(views, slug, number, duty, today)).collect()
}

pub(crate) fn duty_row(views: &Views, slug: &str, number: DutyNumber, duty: &Duty, today: Date) -> DutyRow {
    DutyRow {
        href: duty_address(slug, number),
        name: name_of(views, duty),
        owner: duty.owner().to_string(),
        due: in_words(duty.due()),
        standing: standing(views.frame.ledger.state(duty)),
        stand: Stand::of_duty(duty, today),
        open: duty.replies.is_empty(),
    }
}

pub(crate) fn duty_address(slug: &str, number: DutyNumber) -> String {
    address(slug, &format!("duty/{number}"))
}

/// The theme as it is called now, or the paper as a whole.
pub(crate) fn name_of(views: &Views, duty: &Duty) -> String {
    let theme = duty.theme().and_then(|theme| views.frame.themes.get(&theme));
    theme.map_or_else(|| say("duties-whole-paper").to_string(), |theme| theme.name.to_string())
}

pub(crate) fn standing(state: DutyState) -> Message {
    match state {
        DutyState::Owed => say("standing-owed"),
        DutyState::Holding => say("standing-holding"),
        DutyState::Replied => say("standing-replied"),
        DutyState::Rejoined(Verdict::AnswersIt) => say("standing-rejoined-answers-it"),
        DutyState::Rejoined(Verdict::Partly) => say("standing-rejoined-partly"),
        DutyState::Rejoined(Verdict::DoesNot) => say("standing-rejoined-does-not"),
        DutyState::Committed => say("standing-committed"),
        DutyState::Delivered => say("standing-delivered"),
    }
}

pub(crate) struct PromiseRow {
    pub(crate) number: CommitmentNumber,
    pub(crate) href: String,
    pub(crate) text: String,
    pub(crate) by: Message,
    pub(crate) stand: Stand,
    /// When its next progress report is due, and whether that day is over.
    pub(crate) report: Option<(Message, bool)>,
    pub(crate) open: bool,
}

/// Those that are open first, the one that is due next on top.
pub(crate) fn promises(views: &Views, slug: &str, today: Date) -> Vec<PromiseRow> {
    let ledger = &views.frame.ledger;
    let mut promises: Vec<_> = ledger.commitments.iter().collect();
    promises.sort_by_key(|(number, promise)| (promise.delivered.is_some(), promise.made.what.due, **number));
    promises.into_iter().map(|(number, promise)| promise_row(views, slug, *number, promise, today)).collect()
}

pub(crate) fn promise_row(
    views: &Views,
    slug: &str,
    number: CommitmentNumber,
    promise: &Commitment,
    today: Date,
) -> PromiseRow {
    let made = &promise.made.what;
    let report = promise.next_report(views.frame.ledger.clock.as_ref()).map(|due| {
        let key = if due < today { "timing-report-overdue" } else { "timing-report" };
        (say(key).text("day", in_words(due)), due < today)
    });
    PromiseRow {
        number,
        href: format!("{}#promise-{number}", duty_address(slug, made.duty)),
        text: made.text.to_string(),
        by: say("duties-promised-by").text("owner", &made.owner).text("day", in_words(made.due)),
        stand: Stand::of_promise(promise, today),
        report,
        open: promise.delivered.is_none(),
    }
}
