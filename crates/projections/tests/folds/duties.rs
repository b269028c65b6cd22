//! Time travel: the same record on different days, and steps that come late.

use domain::{
    CommitmentNumber, Committed, Date, DutyClock, DutyKind, DutyNumber, Edition, Event, HoldingReply, Name,
    Owed, PaperHash, Pledge, Progress, Prose, ProseWritten, Published, Reassigned, Rejoined, Replied,
    ReplyText, Reported, Section, Verdict,
};
use projections::duties::{DutyCounts, PromiseCounts};
use projections::{DutyState, Ledger, Timing};

use crate::given::{Day, reason, theme};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn duty(number: u16) -> DutyNumber {
    DutyNumber::new(number).unwrap()
}

fn promise(number: u16) -> CommitmentNumber {
    CommitmentNumber::new(number).unwrap()
}

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

fn pledge() -> Pledge {
    Pledge::parse("A bus every half hour").unwrap()
}

fn published(version: u16, on: &str) -> Event {
    let hash = PaperHash([7; 32]);
    Event::SummaryPublished(Published {
        version,
        counted_at: 9,
        hash,
        edition: Edition::Interim,
        on: day(on),
    })
}

fn owed(number: u16, due: &str) -> Event {
    let (kind, of) = (DutyKind::Reply, Some(theme(u128::from(number))));
    let (owner, on) = (name("Director of buses"), day("2028-01-17"));
    Event::DutyOwed(Owed { duty: duty(number), kind, theme: of, owner, due: day(due), version: 1, on })
}

fn replied(number: u16, version: u16, on: &str) -> Event {
    let text = ReplyText::parse(&format!("Reply {version}")).unwrap();
    Event::Replied(Replied { duty: duty(number), version, text, on: day(on) })
}

fn rejoined(number: u16, version: u16, verdict: Verdict) -> Event {
    let (reason, on) = (reason(), day("2028-02-10"));
    Event::Rejoined(Rejoined { duty: duty(number), version, verdict, reason, on })
}

fn committed(number: u16, commitment: u16, due: &str) -> Event {
    let (text, owner, on) = (pledge(), name("Head of buses"), day("2028-02-29"));
    let (duty, commitment) = (duty(number), promise(commitment));
    Event::Committed(Committed { duty, commitment, text, owner, due: day(due), on })
}

fn reported(commitment: u16, on: &str) -> Reported {
    Reported { commitment: promise(commitment), text: pledge(), on: day(on) }
}

/// Two duties are due on a leap day.
fn two() -> Day {
    let mut day = Day::with_themes();
    day.then(published(1, "2028-01-17")).then(owed(1, "2028-02-29")).then(owed(2, "2028-02-29"));
    day
}

fn ledger(of: &Day) -> Ledger {
    of.views().frame.ledger
}

#[test]
fn a_day_on_which_something_is_due_is_in_time_until_its_end() {
    let ledger = ledger(&two());
    let first = &ledger.duties[&duty(1)];
    for (today, timing) in [
        ("2028-02-27", Timing::Due(2)),
        ("2028-02-29", Timing::Due(0)),
        ("2028-03-01", Timing::Overdue(1)),
        ("2029-02-28", Timing::Overdue(365)),
    ] {
        assert_eq!(first.timing(day(today)), timing, "on {today}");
    }
    let counts = ledger.duty_counts(day("2028-03-04"));
    let overdue = DutyCounts { owed: 2, overdue: 2, most_overdue_days: 4, ..DutyCounts::default() };
    assert_eq!(counts, overdue);
}

#[test]
fn a_late_reply_stays_late_whatever_is_said_after_it() {
    let mut day_of = two();
    let holding =
        HoldingReply { duty: duty(1), text: ReplyText::parse("Soon").unwrap(), on: day("2028-02-01") };
    day_of.then(Event::HoldingReplyGiven(holding));
    assert_eq!(ledger(&day_of).state(&ledger(&day_of).duties[&duty(1)]), DutyState::Holding);
    day_of.then(replied(1, 1, "2028-03-09")).then(replied(1, 2, "2028-03-20")).then(replied(
        2,
        1,
        "2028-02-29",
    ));

    let ledger = ledger(&day_of);
    let today = day("2030-01-01");
    assert_eq!(ledger.duties[&duty(1)].timing(today), Timing::DoneLate(9));
    assert_eq!(ledger.duties[&duty(2)].timing(today), Timing::DoneInTime);
    let counts = ledger.duty_counts(today);
    assert_eq!(
        (counts.owed, counts.answered, counts.answered_late, counts.due, counts.overdue),
        (2, 2, 1, 0, 0)
    );
    assert_eq!(ledger.duties[&duty(1)].replies.len(), 2);
}

#[test]
fn another_owner_never_moves_the_day() {
    let mut day_of = two();
    let owner = name("Head of buses");
    day_of.then(Event::DutyReassigned(Reassigned {
        duty: duty(1),
        owner,
        reason: reason(),
        on: day("2028-02-28"),
    }));
    let ledger = ledger(&day_of);
    let first = &ledger.duties[&duty(1)];
    assert_eq!((first.owner().as_str(), first.due()), ("Head of buses", day("2028-02-29")));
    assert_eq!(first.timing(day("2028-03-02")), Timing::Overdue(2));
}

#[test]
fn a_verdict_is_about_the_reply_that_stands() {
    let mut day_of = two();
    day_of.then(replied(1, 1, "2028-02-01")).then(rejoined(1, 1, Verdict::DoesNot));
    let state = |of: &Day| ledger(of).state(&ledger(of).duties[&duty(1)]);
    assert_eq!(state(&day_of), DutyState::Rejoined(Verdict::DoesNot));
    day_of.then(replied(1, 2, "2028-02-11"));
    assert_eq!(state(&day_of), DutyState::Replied);
    day_of.then(rejoined(1, 2, Verdict::AnswersIt));
    assert_eq!(state(&day_of), DutyState::Rejoined(Verdict::AnswersIt));
    day_of.then(committed(1, 1, "2028-06-01")).then(committed(1, 2, "2028-06-01"));
    day_of.then(Event::Delivered(reported(1, "2028-05-01")));
    assert_eq!(state(&day_of), DutyState::Committed);
    day_of.then(Event::Delivered(reported(2, "2028-06-02")));
    assert_eq!(state(&day_of), DutyState::Delivered);
}

#[test]
fn progress_is_reported_again_and_again_until_it_is_done() {
    let mut day_of = Day::with_themes();
    let progress = Some(Progress { first_months: 3, then_months: 6 });
    let clock = DutyClock { calendar: name("England"), holidays: [].into(), statutory: None, progress };
    day_of.then(Event::DutyClockFixed(clock)).then(owed(1, "2028-02-29")).then(replied(1, 1, "2028-02-29"));
    day_of.then(committed(1, 1, "2030-01-01"));
    let next = |of: &Day| ledger(of).commitments[&promise(1)].next_report(ledger(of).clock.as_ref());
    assert_eq!(next(&day_of), Some(day("2028-05-29")));
    assert_eq!(ledger(&day_of).promise_counts(day("2028-05-29")).reports_overdue, 0);
    assert_eq!(ledger(&day_of).promise_counts(day("2028-05-30")).reports_overdue, 1);
    day_of.then(Event::ProgressReported(reported(1, "2028-06-10")));
    assert_eq!(next(&day_of), Some(day("2028-11-29")));
    day_of.then(Event::Delivered(reported(1, "2030-01-02")));
    assert_eq!(next(&day_of), None);
    let counts = ledger(&day_of).promise_counts(day("2031-01-01"));
    assert_eq!(counts, PromiseCounts { made: 1, kept: 1, kept_late: 1, ..PromiseCounts::default() });
}

#[test]
fn prose_is_the_latest_until_it_is_taken_back() {
    let mut day_of = two();
    let prose = |of, text: Option<&str>| {
        let prose = text.map(|text| Prose::parse(text).unwrap());
        Event::ProseWritten(ProseWritten { theme: of, prose })
    };
    day_of.then(prose(None, Some("Opening."))).then(prose(Some(theme(1)), Some("First.")));
    day_of.then(prose(Some(theme(1)), Some("Second."))).then(prose(None, None));
    let ledger = ledger(&day_of);
    assert_eq!(ledger.opening, None);
    assert_eq!(ledger.prose[&theme(1)].what.as_str(), "Second.");
}

#[test]
fn the_longest_overdue_stands_first_and_what_was_answered_last() {
    let mut day_of = two();
    day_of.then(owed(3, "2028-02-01")).then(replied(1, 1, "2028-02-02"));
    day_of.then(Event::SectionOpened { version: 1, section: Section::Findings });
    let ledger = ledger(&day_of);
    let order: Vec<_> = ledger.listed().into_iter().map(|(number, _)| number.get()).collect();
    assert_eq!(order, [3, 2, 1]);
    assert_eq!(ledger.opened[0].what, (1, Section::Findings));
    assert_eq!(ledger.duty_of(theme(2)).map(|(number, _)| number), Some(duty(2)));
}
