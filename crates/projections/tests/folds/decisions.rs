//! What the record shows of how a decision was taken.

use domain::{
    Date, Decided, DecisionNumber, DutyKind, DutyNumber, Edition, Event, Label, LinkId, Material, Method,
    Name, Owed, PaperHash, Published, Rejoined, Replied, ReplyText, Role, Section, Timestamp, Title, Verdict,
};
use projections::decisions::{DecisionEvidence, Sitting, Stand, evidence_of};
use projections::{Timing, Views};
use uuid::Uuid;

use crate::given::{By, Day, reason, round, theme};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn text(words: &str) -> ReplyText {
    ReplyText::parse(words).unwrap()
}

fn number(n: u16) -> DecisionNumber {
    DecisionNumber::new(n).unwrap()
}

const DAY: u64 = 24 * 60;

/// The day at a moment of the test's clock, which begins with 1970.
fn days(at: Timestamp) -> Date {
    Date::EPOCH.plus_days(u32::try_from(at.millis() / 86_400_000).unwrap())
}

fn shows(title: &str) -> Event {
    Event::MaterialShown(Material { title: Title::parse(title).unwrap(), address: None, hash: None })
}

fn publishes(version: u16) -> Event {
    let (hash, on) = (PaperHash([version as u8; 32]), day("1970-01-03"));
    Event::SummaryPublished(Published { version, counted_at: 9, hash, edition: Edition::Interim, on })
}

fn decides(decision: u16, version: u16) -> Event {
    let (title, on) = (Title::parse("The timetable").unwrap(), day("1970-01-06"));
    let (text, changed) = (text("Later buses."), text("They ran until nine."));
    Event::DecisionTaken(Decided { decision: number(decision), title, text, changed, version, on })
}

fn duty() -> DutyNumber {
    DutyNumber::new(1).unwrap()
}

fn issues(n: u128, role: Role, label: Option<&str>) -> Event {
    let label = label.map(|label| Label::parse(label).unwrap());
    Event::LinkIssued { link: LinkId(Uuid::from_u128(n)), role, table: None, label }
}

/// Six days: convened, shown, heard twice in one round, asked in a poll, published, owed, decided, answered late.
fn told() -> Day {
    let mut told = Day::convened();
    told.rules(1, 1).names(1, "Night buses");
    told.then(issues(8, Role::Participant, None)).then(issues(9, Role::BoardMember, Some("Chair")));
    told.minute(DAY).then(shows("While they spoke"));
    told.says(1, By::Phone(1)).says(2, By::Table(1)).says(3, By::Phone(2)).assigns([1, 2, 3], 1);
    told.polls(1, Method::Choose { most: 1 }, 2).votes(1, By::Phone(1), &[1]);
    told.minute(DAY + 90).then(Event::RoundClosed { round: round(1) });
    told.then(Event::RoundOpened { round: round(1) }).minute(2 * DAY);
    told.then(Event::RoundClosed { round: round(1) }).then(publishes(1));
    let owed = Owed {
        duty: duty(),
        kind: DutyKind::Reply,
        theme: Some(theme(1)),
        owner: Name::parse("Director of buses").unwrap(),
        due: day("1970-01-05"),
        version: 1,
        on: day("1970-01-03"),
    };
    told.then(Event::DutyOwed(owed))
        .minute(3 * DAY)
        .then(Event::SectionOpened { version: 1, section: Section::Findings });
    told.events.last_mut().unwrap().meta.device = Some(LinkId(Uuid::from_u128(9)));
    told.minute(4 * DAY).then(publishes(2)).minute(5 * DAY).then(decides(1, 1)).then(shows("Afterwards"));
    told.minute(6 * DAY);
    let on = day("1970-01-07");
    told.then(Event::Replied(Replied { duty: duty(), version: 1, text: text("Yes."), on }));
    let verdict = Verdict::Partly;
    told.then(Event::Rejoined(Rejoined { duty: duty(), version: 1, verdict, reason: reason(), on }));
    told
}

fn with<T>(of: &Day, n: u16, see: impl Fn(&Views, DecisionEvidence<'_>) -> T) -> T {
    let views = of.views();
    let evidence = evidence_of(&views, number(n), &days).unwrap();
    see(&views, evidence)
}

#[test]
fn what_is_said_of_a_decision_stands_where_it_says() {
    let told = told();
    let kind_at = |position: projections::Position| {
        let event = &told.events[usize::try_from(position.get()).unwrap() - 1].event;
        serde_json::to_value(event).unwrap().as_object().unwrap().keys().next().unwrap().clone()
    };
    with(&told, 1, |_, e| {
        let f = &e.formative;
        let found = [
            (f.convened.unwrap(), "convened"),
            (f.asked[0].when, "question-asked"),
            (f.asked[1].when, "question-asked"),
            (f.rule.unwrap(), "duty-rule-fixed"),
            (f.polls[0].opened, "poll-opened"),
            (e.home_from.unwrap(), "link-issued"),
            (e.shown[0].since, "material-shown"),
            (e.rounds[0].opened, "round-opened"),
            (e.rounds[1].closed.unwrap(), "round-closed"),
            (e.ways[0].first, "contributed"),
            (e.ways[1].last, "contributed"),
            (e.versions[1].when, "summary-published"),
            (e.versions[0].opened[0].when, "section-opened"),
            (e.duties[0].owed, "duty-owed"),
            (e.duties[0].replies[0], "replied"),
            (e.duties[0].rejoinders[0].1, "rejoined"),
            (e.taken, "decision-taken"),
        ];
        for (moment, kind) in found {
            assert_eq!(kind_at(moment.position), kind);
            assert_eq!(moment.on, days(moment.at));
        }
        assert_eq!(f.clock, None, "no calendar was fixed");
        assert_eq!(f.polls[0].closed, None);
        assert_eq!(kind_at(e.versions[0].opened[0].reader.unwrap().link_at), "link-issued");
    });
}

#[test]
fn time_is_what_a_round_was_open_and_a_round_may_open_twice() {
    with(&told(), 1, |_, e| {
        let minutes = |sitting: &Sitting| sitting.millis().map(|millis| millis / 60_000);
        assert_eq!(e.rounds.iter().map(minutes).collect::<Vec<_>>(), [Some(DAY + 89), Some(DAY - 91)]);
        let ways: Vec<_> = e.ways.iter().map(|way| (way.channel.as_str(), way.contributions.value)).collect();
        assert_eq!(ways, [("room", 1), ("remote", 2)]);
    });
    let mut open = Day::convened();
    open.then(publishes(1)).then(decides(1, 1));
    with(&open, 1, |_, e| assert_eq!(e.rounds[0].millis(), None));
}

#[test]
fn what_was_shown_stands_before_the_first_round_later_or_after_the_decision() {
    let mut early = Day::default();
    early.then(shows("Early")).then(Event::RoundOpened { round: round(1) }).then(shows("Later"));
    early.then(publishes(1)).then(decides(1, 1)).then(shows("Too late"));
    with(&early, 1, |_, e| {
        let stands: Vec<_> = e.shown.iter().map(|shown| shown.stand).collect();
        assert_eq!(stands, [Stand::BeforeTheFirstRound, Stand::Later, Stand::AfterTheDecision]);
    });
}

#[test]
fn a_late_answer_is_late_and_what_came_after_the_decision_is_told_from_what_came_before() {
    with(&told(), 1, |_, e| {
        assert_eq!(e.duties[0].timing, Timing::DoneLate(2));
        assert!(e.taken.precedes(e.duties[0].replies[0]) && e.versions[1].when.precedes(e.taken));
        assert_eq!(e.versions[0].when.on.days_until(e.taken.on), 3);
        let reader = e.versions[0].opened[0].reader.unwrap();
        assert_eq!(reader.label.map(Label::as_str), Some("Chair"));
    });
}

#[test]
fn an_open_duty_is_looked_at_on_the_last_day_of_the_record() {
    let mut told = told();
    let replied = told.events.iter().position(|it| matches!(it.event, Event::Replied(_))).unwrap();
    told.events.truncate(replied);
    with(&told, 1, |_, e| assert_eq!(e.duties[0].timing, Timing::Overdue(1)));
}

#[test]
fn a_decision_knows_those_before_it_and_none_that_is_not_there() {
    let mut two = told();
    two.then(decides(2, 2));
    with(&two, 1, |_, e| assert!(e.earlier.is_empty()));
    with(&two, 2, |_, e| assert_eq!(e.earlier[0].0.decision, number(1)));
    assert!(evidence_of(&two.views(), number(3), &days).is_none());
    assert!(evidence_of(&Views::default(), number(1), &days).is_none());
}
