//! The rule and its clock in plain words.

use domain::{DutyClock, DutyRule};

use crate::say::{Message, say};
use crate::when::in_words;

/// One sentence for each thing that was fixed; none where no rule was.
pub(super) fn sentences(rule: Option<&DutyRule>, clock: Option<&DutyClock>) -> Vec<Message> {
    let Some(rule) = rule else { return Vec::new() };
    let within = say("rule-within").text("owner", &rule.owner).num("days", rule.working_days);
    let statutory = clock.and_then(|clock| clock.statutory);
    let statutory = statutory.map(|day| say("rule-statutory").text("day", in_words(day)));
    let all = [met(rule), Some(within), Some(calendar(clock)), statutory, progress(clock)];
    all.into_iter().flatten().chain([say("rule-stays")]).collect()
}

fn met(rule: &DutyRule) -> Option<Message> {
    match (rule.tables_at_least, rule.voices_at_least) {
        (Some(tables), Some(voices)) => Some(say("rule-either").num("tables", tables).num("voices", voices)),
        (Some(tables), None) => Some(say("rule-tables").num("n", tables)),
        (None, Some(voices)) => Some(say("rule-voices").num("n", voices)),
        (None, None) => None,
    }
}

fn calendar(clock: Option<&DutyClock>) -> Message {
    match clock.and_then(|clock| Some((&clock.calendar, *clock.holidays.last()?))) {
        Some((calendar, until)) => {
            say("rule-calendar").text("calendar", calendar).text("until", in_words(until))
        }
        None => say("rule-calendar-none"),
    }
}

fn progress(clock: Option<&DutyClock>) -> Option<Message> {
    let progress = clock?.progress?;
    Some(match progress.then_months {
        0 => say("rule-progress-once").num("first", progress.first_months),
        then => say("rule-progress").num("first", progress.first_months).num("then", then),
    })
}
