//! Publishing the paper, and everything that the board owes, answers and promises after that.

use std::collections::BTreeSet;

use domain::Channel;
use domain::duty::DUTIES_MAX;
use domain::{
    Command, Commit, CommitmentNumber, Context, Date, Decision, DutyClock, DutyKind, DutyNumber, DutyRule,
    Edition, Event, Material, Name, PaperCommand, PaperHash, PaperRejection, Pledge, Progress, Prose,
    ProseWritten, Publish, Rejection, ReplyText, Role, Section, ThemeId, Verdict, WebAddress,
};

use crate::given::*;
use crate::refused::{Row, row};

pub(crate) fn board() -> Context {
    somebody(Role::BoardMember, Channel::Remote)
}

pub(crate) fn representative() -> Context {
    somebody(Role::Representative, Channel::Remote)
}

fn on(who: Context, day: &str) -> Context {
    Context { today: day.parse().unwrap(), ..who }
}

fn office(name: &str) -> Name {
    Name::parse(name).unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn duty(number: u16) -> DutyNumber {
    DutyNumber::new(number).unwrap()
}

fn promise(number: u16) -> CommitmentNumber {
    CommitmentNumber::new(number).unwrap()
}

pub(crate) fn publish(version: u8, owed: &[u128]) -> Command {
    edition(Edition::Interim, version, owed)
}

pub(crate) fn final_paper(version: u8) -> Command {
    edition(Edition::Final, version, &[])
}

fn edition(edition: Edition, version: u8, owed: &[u128]) -> Command {
    let owed: BTreeSet<ThemeId> = owed.iter().map(|n| theme(*n)).collect();
    PaperCommand::Publish(Box::new(Publish { counted_at: 20, hash: PaperHash([version; 32]), edition, owed }))
        .into()
}

pub(crate) fn write(prose: Option<&str>) -> Command {
    let prose = prose.map(|prose| Prose::parse(prose).unwrap());
    PaperCommand::WriteProse(ProseWritten { theme: Some(theme(1)), prose }).into()
}

pub(crate) fn read_section(version: u16) -> Command {
    PaperCommand::OpenSection { version, section: Section::Findings }.into()
}

fn text(words: &str) -> ReplyText {
    ReplyText::parse(words).unwrap()
}

pub(crate) fn hold_off(number: u16) -> Command {
    PaperCommand::GiveHoldingReply { duty: duty(number), text: text("We are asking the operators.") }.into()
}

pub(crate) fn reply(number: u16, words: &str) -> Command {
    PaperCommand::Reply { duty: duty(number), text: text(words) }.into()
}

pub(crate) fn rejoin(number: u16) -> Command {
    PaperCommand::Rejoin { duty: duty(number), verdict: Verdict::Partly, reason: reason() }.into()
}

pub(crate) fn promised(number: u16, due: &str) -> Command {
    let text = Pledge::parse("A bus every half hour until midnight").unwrap();
    PaperCommand::Commit(Box::new(Commit {
        duty: duty(number),
        text,
        owner: office("Head of buses"),
        due: day(due),
    }))
    .into()
}

pub(crate) fn report(number: u16) -> Command {
    PaperCommand::ReportProgress {
        commitment: promise(number),
        text: Pledge::parse("Drivers are hired").unwrap(),
    }
    .into()
}

pub(crate) fn deliver(number: u16) -> Command {
    PaperCommand::Deliver { commitment: promise(number), text: Pledge::parse("It runs").unwrap() }.into()
}

pub(crate) fn reassign(number: u16, owner: &str) -> Command {
    PaperCommand::Reassign { duty: duty(number), owner: office(owner), reason: reason() }.into()
}

fn address(text: &str) -> Material {
    let title = title("The timetable as it is");
    Material { title, address: Some(WebAddress::parse(text).unwrap()), hash: Some(PaperHash([1; 32])) }
}

pub(crate) fn show(text: &str) -> Command {
    PaperCommand::ShowMaterial(address(text)).into()
}

pub(crate) fn take(version: u16) -> Command {
    let text = |words| ReplyText::parse(words).unwrap();
    let (text, changed) = (text("Buses run until midnight."), text("They ran until nine."));
    PaperCommand::Decide(Box::new(Decision { title: title("The timetable"), text, changed, version })).into()
}

/// As [`coded`], but with a rule: ten working days, England's holidays, and a day that a law names.
fn ruled(statutory: Option<&str>) -> Vec<Step> {
    let mut agenda = agenda(2, 3);
    agenda.duty_rule = Some(DutyRule {
        tables_at_least: Some(1),
        voices_at_least: None,
        working_days: 10,
        owner: office("Director of buses"),
    });
    agenda.duty_clock = Some(DutyClock {
        calendar: office("England and Wales"),
        holidays: [day("2026-11-30")].into(),
        statutory: statutory.map(day),
        progress: Some(Progress { first_months: 3, then_months: 6 }),
    });
    let mut steps = coded();
    steps[0] = (organiser(), Command::Convene(Box::new(agenda)));
    steps
}

/// Version 1 is published, and theme 1 is owed a reply.
fn owed() -> Vec<Step> {
    after(ruled(None), [(organiser(), publish(1, &[1]))])
}

fn replied() -> Vec<Step> {
    after(owed(), [(board(), reply(1, "We agree."))])
}

fn committed() -> Vec<Step> {
    after(replied(), [(board(), promised(1, "2027-06-01"))])
}

fn when(given_steps: &[Step], step: Step) -> Vec<Event> {
    let facts = given(given_steps).decide(&step.1, &step.0).unwrap_or_else(|no| panic!("{:?}: {no}", step.1));
    facts.into_iter().map(|fact| fact.event).collect()
}

#[test]
fn publishing_turns_the_rule_into_duties_once() {
    let events = when(&ruled(Some("2027-05-28")), (organiser(), publish(1, &[1, 2])));

    let Event::SummaryPublished(published) = &events[0] else { panic!("{events:?}") };
    assert_eq!((published.version, published.counted_at, published.on), (1, 20, day("2026-11-23")));
    let owed: Vec<_> = events[1..]
        .iter()
        .map(|event| match event {
            Event::DutyOwed(owed) => (owed.duty.get(), owed.kind, owed.theme, owed.due.to_string()),
            other => panic!("{other:?}"),
        })
        .collect();
    // Ten working days from a Monday, with a bank holiday between.
    let reply_by = "2026-12-08".to_owned();
    assert_eq!(
        owed,
        [
            (1, DutyKind::Statutory, None, "2027-05-28".to_owned()),
            (2, DutyKind::Reply, Some(theme(1)), reply_by.clone()),
            (3, DutyKind::Reply, Some(theme(2)), reply_by),
        ]
    );

    let again = after(ruled(Some("2027-05-28")), [(organiser(), publish(1, &[1]))]);
    let second = when(&again, (on(organiser(), "2026-12-01"), publish(2, &[1, 2])));
    let [Event::SummaryPublished(published), Event::DutyOwed(owed)] = &second[..] else {
        panic!("{second:?}")
    };
    assert_eq!((published.version, owed.duty.get(), owed.theme, owed.version), (2, 3, Some(theme(2)), 2));
    assert_eq!(owed.due, day("2026-12-15"));
}

#[test]
fn without_a_rule_nothing_is_owed_and_without_a_calendar_every_weekday_counts() {
    let events = when(&coded(), (organiser(), publish(1, &[1])));
    assert_eq!(events.len(), 1);

    let mut plain = ruled(None);
    let Command::Convene(agenda) = &mut plain[0].1 else { panic!() };
    agenda.duty_clock = None;
    let events = when(&plain, (organiser(), publish(1, &[1])));
    let Event::DutyOwed(owed) = &events[1] else { panic!("{events:?}") };
    assert_eq!(owed.due, day("2026-12-07"));
}

#[test]
fn the_final_paper_waits_until_everything_is_read_and_the_assembly_closed() {
    let read =
        after(ruled(None), [(team(), mark_read(1)), (organiser(), close(1)), (organiser(), Command::Close)]);
    let events = when(&read, (organiser(), edition(Edition::Final, 1, &[1])));
    assert!(matches!(&events[0], Event::SummaryPublished(published) if published.edition == Edition::Final));
}

#[test]
fn every_step_of_a_duty_goes_on_after_the_close_and_has_its_day() {
    let closed = after(owed(), [(organiser(), close(1)), (organiser(), Command::Close)]);
    let steps = after(
        closed,
        [
            (board(), hold_off(1)),
            (on(board(), "2026-12-20"), reply(1, "We agree.")),
            (representative(), rejoin(1)),
            (board(), reply(1, "We agree, and this is why.")),
            (board(), promised(1, "2026-11-23")),
            (board(), report(1)),
            (organiser(), reassign(1, "Head of buses")),
        ],
    );
    let events = when(&steps, (on(board(), "2028-02-29"), deliver(1)));
    assert!(matches!(&events[..], [Event::Delivered(kept)] if kept.on == day("2028-02-29")));
    let events = when(&steps, (representative(), rejoin(1)));
    assert!(matches!(&events[..], [Event::Rejoined(said)] if said.version == 2));
    let edited = when(&steps, (board(), reply(1, "Another word.")));
    assert!(matches!(&edited[..], [Event::Replied(reply)] if reply.version == 3));
}

pub(crate) fn rows() -> Vec<Row> {
    let closed = || after(ruled(None), [(organiser(), close(1)), (organiser(), Command::Close)]);
    let read = after(ruled(None), [(team(), mark_read(1))]);
    let kept = after(committed(), [(board(), deliver(1))]);
    let full = after(replied(), vec![(board(), promised(1, "2027-06-01")); DUTIES_MAX]);
    let too_many = PaperRejection::TooManyDuties { max: DUTIES_MAX };
    let final_paper = || edition(Edition::Final, 1, &[1]);
    let row = |then: PaperRejection, day, who, asked: Command| row(then.into(), day, who, asked);
    let decided = after(owed(), vec![(board(), take(1)); DUTIES_MAX]);
    let no_more = PaperRejection::TooManyDecisions { max: DUTIES_MAX };
    let unknown_theme =
        |who, asked: Command| crate::refused::row(Rejection::UnknownTheme, ruled(None), who, asked);
    vec![
        row(PaperRejection::StillUnread { unread: 1 }, closed(), organiser(), final_paper()),
        row(PaperRejection::StillOpen, read, organiser(), final_paper()),
        row(PaperRejection::SamePaper(1), owed(), organiser(), publish(1, &[])),
        unknown_theme(organiser(), publish(1, &[9])),
        unknown_theme(
            team(),
            PaperCommand::WriteProse(ProseWritten { theme: Some(theme(9)), prose: None }).into(),
        ),
        row(PaperRejection::NumberTyped('7'), ruled(None), team(), write(Some("Heard at 7 tables."))),
        row(PaperRejection::NoProse, ruled(None), team(), write(None)),
        row(PaperRejection::UnknownVersion(2), owed(), board(), read_section(2)),
        row(PaperRejection::UnknownVersion(0), owed(), board(), read_section(0)),
        row(PaperRejection::UnknownDuty(duty(2)), owed(), board(), hold_off(2)),
        row(PaperRejection::AlreadyReplied(duty(1)), replied(), board(), hold_off(1)),
        row(PaperRejection::UnknownDuty(duty(2)), owed(), board(), reply(2, "Yes.")),
        row(PaperRejection::SameReply, replied(), board(), reply(1, "We agree.")),
        row(PaperRejection::UnknownDuty(duty(2)), owed(), representative(), rejoin(2)),
        row(PaperRejection::NoReplyYet(duty(1)), owed(), representative(), rejoin(1)),
        row(PaperRejection::NoReplyYet(duty(1)), owed(), board(), promised(1, "2027-06-01")),
        row(PaperRejection::DayIsOver(day("2026-11-22")), replied(), board(), promised(1, "2026-11-22")),
        row(too_many, full, board(), promised(1, "2027-06-01")),
        row(PaperRejection::UnknownCommitment(promise(1)), replied(), board(), report(1)),
        row(PaperRejection::AlreadyDelivered(promise(1)), kept, board(), deliver(1)),
        row(PaperRejection::BadAddress, coded(), organiser(), show("example.org")),
        row(PaperRejection::BadAddress, coded(), organiser(), show("https://")),
        row(PaperRejection::BadAddress, coded(), organiser(), show("https://a b")),
        row(PaperRejection::UnknownVersion(2), owed(), board(), take(2)),
        row(no_more, decided, board(), take(1)),
        row(PaperRejection::SameOwner, owed(), organiser(), reassign(1, "Director of buses")),
    ]
}

/// Steps that come again as they were, each on a later day than before.
pub(crate) fn repeated() -> Vec<(Vec<Step>, Step)> {
    vec![
        (ruled(None), (organiser(), publish(1, &[1]))),
        (ruled(None), (team(), write(Some("Heard at [[tables]].")))),
        (owed(), (board(), read_section(1))),
        (owed(), (board(), hold_off(1))),
        (owed(), (board(), reply(1, "We agree."))),
        (replied(), (representative(), rejoin(1))),
        (replied(), (board(), promised(1, "2027-06-01"))),
        (committed(), (board(), report(1))),
        (committed(), (board(), deliver(1))),
        (owed(), (organiser(), reassign(1, "Head of buses"))),
        (coded(), (organiser(), show("https://example.org/timetable"))),
        (owed(), (board(), take(1))),
        (coded(), (organiser(), crate::composition::record())),
    ]
}
