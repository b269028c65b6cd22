//! What every command makes happen where it may.

use domain::agenda::{ROUNDS_MAX, TABLES_MAX};
use domain::event::Contributed;
use domain::{
    Asked, Command, Contribute, Definition, DutyRule, ErasedBy, Event, Form, HoldReason, Kind, Name, Role,
    Timestamp,
};

use crate::given::*;

struct Row {
    given: Vec<Step>,
    when: Step,
    then: Event,
}

fn row(given: Vec<Step>, who: domain::Context, command: Command, then: Event) -> Row {
    Row { given, when: (who, command), then }
}

#[test]
fn every_command_makes_its_event_happen() {
    for row in [running(), speaking(), erasing(), framing(), coding()].into_iter().flatten() {
        assert_eq!(when(&row.given, &row.when), Ok(vec![row.then.clone()]), "{:?}", row.when.1);
    }
}

fn running() -> Vec<Row> {
    let seat = Command::SeatTable { table: table(9), seats: 6 };
    let label = domain::Label::parse("By the window").unwrap();
    let issue = Command::IssueLink {
        link: link(1),
        role: Role::Facilitator,
        table: Some(table(3)),
        label: Some(label.clone()),
    };
    let issued = Event::LinkIssued {
        link: link(1),
        role: Role::Facilitator,
        table: Some(table(3)),
        label: Some(label),
    };
    let asked = |number, version| Event::QuestionAsked {
        round: round(number),
        version,
        title: title("Asked anew"),
        question: question("What else?"),
    };
    let with_link = after(convened(), [(organiser(), issue.clone())]);
    vec![
        row(convened(), organiser(), ask(2), asked(2, 2)),
        row(in_round_1(), organiser(), ask(3), asked(3, 1)),
        row(convened(), organiser(), seat, Event::TableSeated { table: table(9), seats: 6 }),
        row(convened(), organiser(), issue, issued),
        row(with_link, organiser(), revoke(1), Event::LinkRevoked { link: link(1) }),
        row(convened(), organiser(), open(2), Event::RoundOpened { round: round(2) }),
        row(in_round_1(), organiser(), close(1), Event::RoundClosed { round: round(1) }),
        row(coded(), organiser(), Command::Close, Event::Closed {}),
    ]
}

fn speaking() -> Vec<Row> {
    let contribution = said(1);
    let held = after(coded(), [(moderator(), hold(1))]);
    let reason = HoldReason::PersonalData;
    vec![
        row(coded(), voice(1), correct(1), Event::Corrected { contribution }),
        row(coded(), at_table(1), correct(2), Event::Corrected { contribution: said(2) }),
        row(coded(), at_table(1), read_back(2), Event::ReadBack { contribution: said(2) }),
        row(coded(), voice(1), withdraw(1), Event::Withdrawn { contribution }),
        row(closed(), voice(1), withdraw(1), Event::Withdrawn { contribution }),
        row(held.clone(), voice(1), withdraw(1), Event::Withdrawn { contribution }),
        row(coded(), moderator(), hold(1), Event::Held { contribution, reason }),
        row(held, moderator(), release(1), Event::Released { contribution }),
    ]
}

fn erasing() -> Vec<Row> {
    let erased = |n, by, reason| Event::Erased { contribution: said(n), by, reason };
    let own = |n| erased(n, ErasedBy::Contributor, None);
    let by_organiser = |n| erased(n, ErasedBy::Organiser, Some(reason()));
    let nobody = somebody(Role::Participant, domain::Channel::Remote);
    let withdrawn = after(coded(), [(voice(1), withdraw(1))]);
    let held = after(coded(), [(moderator(), hold(1))]);
    let voice_because = match erase_voice(1) {
        Command::EraseVoice { tags, .. } => Command::EraseVoice { tags, reason: Some(reason()) },
        other => other,
    };
    vec![
        row(coded(), voice(1), erase(1), own(1)),
        row(coded(), voice(1), erase_because(1), own(1)),
        row(coded(), at_table(1), erase(2), own(2)),
        row(coded(), nobody, erase_by_receipt(2), own(2)),
        row(coded(), organiser(), erase_because(1), by_organiser(1)),
        row(coded(), voice(1), erase_voice(1), own(1)),
        row(coded(), organiser(), voice_because, by_organiser(1)),
        row(withdrawn, voice(1), erase(1), own(1)),
        row(held, voice(1), erase(1), own(1)),
        row(closed(), voice(1), erase(1), own(1)),
        row(closed(), at_table(1), erase(2), own(2)),
        row(closed(), voice(1), erase_voice(1), own(1)),
    ]
}

#[test]
fn erasing_a_voice_is_one_event_for_each_thing_that_it_said_and_still_stands() {
    let day = [(voice(1), say(point(3))), (voice(1), say(point(4))), (voice(2), say(point(5)))];
    let day = after(after(coded(), day), [(voice(1), erase(3))]);
    let own = |n| Event::Erased { contribution: said(n), by: ErasedBy::Contributor, reason: None };
    assert_eq!(when(&day, &(voice(1), erase_voice(1))), Ok(vec![own(1), own(4)]));
}

fn framing() -> Vec<Row> {
    let (theme, into, reason) = (theme(1), crate::given::theme(2), reason());
    let definition = Definition::parse("After 18:00").unwrap();
    let named = Event::ThemeNamed {
        theme: crate::given::theme(3),
        name: theme_name("Shelters"),
        definition: Some(definition.clone()),
    };
    let naming = Command::NameTheme {
        theme: crate::given::theme(3),
        name: theme_name("Shelters"),
        definition: Some(definition.clone()),
    };
    let define = define(1, "After 18:00");
    let renamed = |text| Event::ThemeRenamed { theme, name: theme_name(text), reason: reason.clone() };
    let retired = after(coded(), [(team(), retire(1))]);
    vec![
        row(coded(), team(), naming.clone(), named.clone()),
        row(coded(), organiser(), naming.clone(), named.clone()),
        row(closed(), team(), naming, named),
        row(coded(), team(), rename(1, "Late buses"), renamed("Late buses")),
        // A name may change its capitals, and the name of a retired theme is free again.
        row(coded(), team(), rename(1, "NIGHT buses"), renamed("NIGHT buses")),
        row(
            retired,
            team(),
            name(3, "Night buses"),
            Event::ThemeNamed {
                theme: crate::given::theme(3),
                name: theme_name("Night buses"),
                definition: None,
            },
        ),
        row(coded(), team(), define, Event::ThemeRedefined { theme, definition, reason: reason.clone() }),
        row(coded(), team(), merge(1, 2), Event::ThemeMerged { theme, into, reason: reason.clone() }),
        row(coded(), team(), retire(1), Event::ThemeRetired { theme, reason }),
    ]
}

fn coding() -> Vec<Row> {
    let contribution = said(1);
    let aside = after(coded(), [(team(), set_aside(1))]);
    let merged = after(coded(), [(team(), merge(1, 2))]);
    let retired = after(coded(), [(team(), retire(1))]);
    let assigned = |n: u128, to| Event::Assigned { contribution: said(n), theme: theme(to) };
    let corrected = after(coded(), [(voice(1), correct(1))]);
    let model = domain::Label::parse("semantic-1").unwrap();
    let understood = |wording| Event::Understood { contribution, wording, model: model.clone() };
    vec![
        row(coded(), team(), understand(1, 0), understood(0)),
        row(corrected, team(), understand(1, 1), understood(1)),
        row(coded(), team(), assign(1, 1), assigned(1, 1)),
        row(coded(), team(), assign(2, 2), assigned(2, 2)),
        row(aside, team(), assign(1, 1), assigned(1, 1)),
        row(closed(), team(), assign(1, 1), assigned(1, 1)),
        row(coded(), team(), unassign(2, 1), Event::Unassigned { contribution: said(2), theme: theme(1) }),
        // A merge carries the contributions over.
        row(merged, team(), unassign(2, 2), Event::Unassigned { contribution: said(2), theme: theme(2) }),
        row(coded(), team(), mark_read(1), Event::Read { contribution }),
        row(coded(), team(), set_aside(1), Event::SetAside { contribution, reason: reason() }),
        row(retired, team(), set_aside(2), Event::SetAside { contribution: said(2), reason: reason() }),
    ]
}

#[test]
fn convening_asks_every_question_and_seats_every_table() {
    let owner = Name::parse("Director of buses").unwrap();
    let rule = DutyRule { tables_at_least: Some(2), voices_at_least: None, working_days: 30, owner };
    let mut agenda = agenda(2, 3);
    agenda.duty_rule = Some(rule.clone());

    let events = when(&[], &(organiser(), Command::Convene(Box::new(agenda)))).unwrap();

    let kinds: Vec<_> = events.iter().map(Event::kind).collect();
    let expected = [
        "convened",
        "duty-rule-fixed",
        "question-asked",
        "question-asked",
        "table-seated",
        "table-seated",
        "table-seated",
    ];
    assert_eq!(kinds, expected);
    assert_eq!(events[1], Event::DutyRuleFixed { rule });
    assert_eq!(events[6], Event::TableSeated { table: table(3), seats: 8 });
}

#[test]
fn an_agenda_at_its_limits_is_convened() {
    let largest = convene(ROUNDS_MAX as u16, TABLES_MAX);
    let events = when(&[], &(organiser(), largest)).unwrap();
    assert_eq!(events.len(), 1 + ROUNDS_MAX + usize::from(TABLES_MAX));
}

#[test]
fn a_table_speaks_in_the_open_round_with_what_it_was_told() {
    let contribution = Contribute {
        kind: Kind::Proposal,
        form: Form::Paraphrase,
        read_back: true,
        heard_from: Some(domain::assembly::HEARD_FROM_MAX),
        ..point(7)
    };
    let facts = given(&in_round_1()).decide(&say(contribution.clone()), &at_table(2)).unwrap();

    assert_eq!(facts.len(), 1);
    assert_eq!(facts[0].words, contribution.words);
    let expected = Contributed {
        contribution: said(7),
        round: round(1),
        version: 1,
        table: Some(table(2)),
        kind: Kind::Proposal,
        form: Form::Paraphrase,
        read_back: true,
        heard_from: contribution.heard_from,
        said_at: None,
    };
    assert_eq!(facts[0].event, Event::Contributed(expected));
}

#[test]
fn a_contribution_answers_the_version_of_the_question_that_was_asked_last() {
    let steps = after(convened(), [(organiser(), ask(1)), (organiser(), open(1))]);
    let events = when(&steps, &(voice(1), say(point(7)))).unwrap();
    let Event::Contributed(said) = &events[0] else { panic!("{events:?}") };
    assert_eq!((said.version, said.table), (2, None));
}

#[test]
fn an_import_may_be_blank_and_of_any_round() {
    let card = Contribute {
        round: Some(round(2)),
        table: Some(table(3)),
        words: None,
        said_at: Some(Timestamp(5)),
        ..point(7)
    };
    let facts = given(&convened()).decide(&say(card), &organiser()).unwrap();
    let Event::Contributed(said) = &facts[0].event else { panic!("{facts:?}") };
    assert_eq!((said.round, said.table, said.said_at), (round(2), Some(table(3)), Some(Timestamp(5))));
    assert_eq!(facts[0].words, None);
}

#[test]
fn a_correction_carries_its_words_and_nothing_else_does() {
    let facts = given(&coded()).decide(&correct(1), &voice(1)).unwrap();
    assert_eq!(facts[0].words, Some(words("The last bus leaves at seven.")));
    let facts = given(&coded()).decide(&withdraw(1), &voice(1)).unwrap();
    assert_eq!(facts[0].words, None);
}

#[test]
fn the_question_of_a_command_is_that_of_its_round_or_poll() {
    let state = given(&after(coded(), [(organiser(), close(1)), (organiser(), open(2))]));
    let of = |command: Command| state.question_of(&command);
    let (one, two) = (Some(Asked::Round(round(1))), Some(Asked::Round(round(2))));
    assert_eq!(state.open_round(), Some(round(2)));
    assert_eq!(of(say(point(7))), two);
    assert_eq!(of(say(Contribute { round: Some(round(1)), ..point(7) })), one);
    assert_eq!((of(correct(1)), of(erase(1)), of(react(1))), (one, one, one));
    assert_eq!(of(cast(4, &[1])), Some(Asked::Poll(poll(4))));
    assert_eq!((of(withdraw(9)), of(assign(1, 1))), (None, None));
}
