//! Every step of every duty as one line of news with its words, from the record alone.

use domain::{Date, DecisionNumber, DutyNumber, Timestamp, Verdict};
use projections::duties::{Commitment, Duty, Ledger, Step};
use projections::{Position, Views};

use super::rows::name_of;
use crate::say::{Message, say};
use crate::when::in_words;

/// One step. No participant's words are in it.
pub(crate) struct Told {
    pub(crate) position: Position,
    pub(crate) at: Timestamp,
    /// `None` for the paper itself and for what the board decided.
    pub(crate) duty: Option<DutyNumber>,
    pub(crate) decision: Option<DecisionNumber>,
    pub(crate) title: String,
    /// That it was done after its day.
    pub(crate) late: Option<String>,
    /// What whoever took the step wrote.
    pub(crate) text: String,
}

impl Told {
    pub(crate) fn in_full(&self) -> String {
        self.late.iter().chain([&self.text]).map(String::as_str).collect::<Vec<_>>().join("\n")
    }
}

/// In the order of the record.
pub(crate) fn told(views: &Views) -> Vec<Told> {
    let ledger = &views.frame.ledger;
    let published = ledger.versions.iter().map(|step| {
        let title = say("told-published").num("version", step.what.version);
        line(step, None, title, String::new())
    });
    let duties = ledger.duties.iter().flat_map(|(number, duty)| of_duty(views, *number, duty));
    let promises = ledger.commitments.values().flat_map(of_promise);
    let decided = ledger.decisions.iter().map(|step| {
        let title = say("told-decided").num("n", step.what.decision).text("title", &step.what.title);
        let text = format!("{}\n\n{}", step.what.text, step.what.changed);
        Told { decision: Some(step.what.decision), ..line(step, None, title, text) }
    });
    let mut all: Vec<_> = published.chain(duties).chain(promises).chain(decided).collect();
    all.sort_by_key(|step| step.position);
    all
}

fn line<T>(step: &Step<T>, duty: Option<DutyNumber>, title: Message, text: impl ToString) -> Told {
    let (title, text) = (title.to_string(), text.to_string());
    Told { position: step.position, at: step.at, duty, decision: None, title, late: None, text }
}

fn of_duty(views: &Views, number: DutyNumber, duty: &Duty) -> Vec<Told> {
    let name = name_of(views, duty);
    let about = |key: &'static str| say(key).num("duty", number).text("name", &name);
    let owed = &duty.owed;
    let first = about("told-owed").text("owner", &owed.what.owner).text("due", in_words(owed.what.due));
    let mut all = vec![line(owed, Some(number), first, "")];
    all.extend(duty.reassigned.iter().map(|step| {
        let title = about("told-reassigned").text("owner", &step.what.owner);
        line(step, Some(number), title, &step.what.reason)
    }));
    let holding =
        |step: &Step<domain::HoldingReply>| line(step, Some(number), about("told-holding"), &step.what.text);
    all.extend(duty.holding.iter().map(holding));
    all.extend(duty.replies.iter().map(|step| {
        let first = step.what.version == 1;
        let title = match first {
            true => about("told-replied"),
            false => about("told-replied-again").num("version", step.what.version),
        };
        let late = late(duty.due(), step.what.on).filter(|_| first);
        Told { late, ..line(step, Some(number), title, &step.what.text) }
    }));
    all.extend(duty.rejoinders.iter().map(|step| {
        let title = about("told-rejoined").text("verdict", verdict(step.what.verdict));
        line(step, Some(number), title, &step.what.reason)
    }));
    all
}

fn of_promise(promise: &Commitment) -> Vec<Told> {
    let made = &promise.made;
    let (number, duty) = (made.what.commitment, Some(made.what.duty));
    let about = |key: &'static str| say(key).num("promise", number);
    let first = about("told-committed").text("owner", &made.what.owner).text("due", in_words(made.what.due));
    let mut all = vec![line(made, duty, first, &made.what.text)];
    all.extend(promise.reports.iter().map(|step| line(step, duty, about("told-progress"), &step.what.text)));
    all.extend(promise.delivered.iter().map(|step| {
        let late = late(made.what.due, step.what.on);
        Told { late, ..line(step, duty, about("told-delivered"), &step.what.text) }
    }));
    all
}

pub(crate) fn verdict(verdict: Verdict) -> Message {
    say(format!("verdict-{}", verdict.as_str()))
}

fn late(due: Date, done: Date) -> Option<String> {
    (done > due).then(|| say("told-late").num("days", due.days_until(done)).to_string())
}

/// When the last step of anything was taken.
pub(crate) fn last_at(views: &Views) -> Timestamp {
    let last = told(views).last().map(|step| step.at);
    let convened = views.frame.about.as_ref().map(|about| about.convened_at);
    last.or(convened).unwrap_or(Timestamp(0))
}

/// When the last thing was recorded about a duty that has a bearing on its day.
pub(crate) fn stamp(duty: &Duty) -> Timestamp {
    let steps = duty.reassigned.iter().map(|step| step.at);
    steps.chain(duty.holding.iter().map(|step| step.at)).fold(duty.owed.at, Ord::max)
}

pub(crate) fn open_duties(ledger: &Ledger) -> impl Iterator<Item = (DutyNumber, &Duty)> {
    ledger.listed().into_iter().filter(|(_, duty)| duty.replies.is_empty())
}
