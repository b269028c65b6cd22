//! Every way to say no. The rows of a command stand in the order in which its rules are asked: where it can be
//! shown, a row also breaks the rules of the rows below it.

use std::collections::BTreeSet;

use domain::agenda::{ROUNDS_MAX, TABLES_MAX};
use domain::assembly::{HEARD_FROM_MAX, THEMES_MAX};
use domain::{Command, Contribute, Rejection, Role};

use crate::given::*;

pub(crate) struct Row {
    pub(crate) given: Vec<Step>,
    pub(crate) when: Step,
    pub(crate) then: Rejection,
}

pub(crate) fn row(then: Rejection, given: Vec<Step>, who: domain::Context, command: Command) -> Row {
    Row { given, when: (who, command), then }
}

fn rows() -> Vec<Row> {
    let groups = [
        stages(),
        rounds(),
        links(),
        facilitators(),
        participants(),
        imports(),
        owners(),
        erasure(),
        moderation(),
        frame(),
        coding(),
        crate::duties::rows(),
        crate::composition::rows(),
        crate::refused_coding::changes(),
        crate::refused_coding::desk(),
        crate::refused_coding::engines(),
        crate::refused_coding::samples(),
        crate::refused_coding::wordings(),
        crate::drafts::rows(),
        crate::refused_on_the_day::tables(),
        crate::refused_on_the_day::late(),
        crate::refused_on_the_day::showing(),
        crate::refused_on_the_day::polls(),
        crate::refused_on_the_day::hand_counts(),
    ];
    groups.into_iter().flatten().collect()
}

#[test]
fn every_refusal_is_the_one_in_its_row() {
    for (index, row) in rows().iter().enumerate() {
        let got = when(&row.given, &row.when);
        assert_eq!(got, Err(row.then.clone()), "row {index}: {:?}", row.when.1);
    }
}

#[test]
fn every_way_to_say_no_has_a_row_and_a_sentence() {
    let shown: BTreeSet<_> = rows().iter().map(|row| row.then.code()).collect();
    let source = concat!(
        include_str!("../../src/rejection.rs"),
        include_str!("../../src/rejection/change.rs"),
        include_str!("../../src/rejection/paper.rs"),
    );
    let codes = source.split("=> \"").skip(1).filter_map(|rest| rest.split('"').next());
    let missing: Vec<_> = codes.filter(|code| !shown.contains(code)).collect();
    assert!(missing.is_empty(), "no row refuses with {missing:?}");
    for row in rows() {
        let sentence = row.then.to_string();
        assert!(sentence.ends_with('.') && sentence.starts_with(|ch: char| !ch.is_lowercase()), "{sentence}");
    }
}

fn stages() -> Vec<Row> {
    let no_rounds = || convene(0, 0);
    let bad = Rejection::BadAgenda { max: ROUNDS_MAX };
    let mut rows = vec![
        row(Rejection::NotForThisRole(Role::Observer), vec![], observer(), no_rounds()),
        row(Rejection::NotConvened, vec![], organiser(), open(9)),
        row(bad.clone(), vec![], organiser(), no_rounds()),
        row(bad.clone(), vec![], organiser(), convene(ROUNDS_MAX as u16 + 1, 1)),
        row(bad, vec![], organiser(), convene(1, TABLES_MAX + 1)),
        row(Rejection::AlreadyConvened, convened(), organiser(), no_rounds()),
    ];
    let seat = Command::SeatTable { table: table(1), seats: 8 };
    for command in [no_rounds(), open(9), close(1), ask(9), seat, Command::Close] {
        rows.push(row(Rejection::AssemblyClosed, closed(), organiser(), command));
    }
    for command in [say(point(2)), correct(9), read_back(9)] {
        rows.push(row(Rejection::AssemblyClosed, closed(), at_table(1), command));
    }
    rows
}

fn rounds() -> Vec<Row> {
    let full = vec![(organiser(), convene(ROUNDS_MAX as u16, 1))];
    let past = ROUNDS_MAX as u16 + 1;
    vec![
        row(Rejection::AnotherRoundOpen(round(1)), in_round_1(), organiser(), open(9)),
        row(Rejection::AnotherRoundOpen(round(1)), in_round_1(), organiser(), open(1)),
        row(Rejection::UnknownRound(round(9)), convened(), organiser(), open(9)),
        row(Rejection::UnknownRound(round(9)), convened(), organiser(), close(9)),
        row(Rejection::RoundNotOpen(round(1)), convened(), organiser(), close(1)),
        row(Rejection::QuestionInUse(round(1)), in_round_1(), organiser(), ask(1)),
        row(
            Rejection::QuestionInUse(round(1)),
            after(in_round_1(), [(organiser(), close(1))]),
            organiser(),
            ask(1),
        ),
        row(Rejection::UnknownRound(round(4)), convened(), organiser(), ask(4)),
        row(Rejection::UnknownRound(round(past)), full, organiser(), ask(past)),
    ]
}

fn links() -> Vec<Row> {
    let issued = || after(convened(), [(organiser(), issue(1, Role::Observer, None))]);
    let revoked = || after(issued(), [(organiser(), revoke(1))]);
    vec![
        row(Rejection::IdUsedForSomethingElse, issued(), organiser(), issue(1, Role::Facilitator, None)),
        row(Rejection::IdUsedForSomethingElse, revoked(), organiser(), issue(1, Role::Facilitator, None)),
        row(Rejection::NoTable, convened(), organiser(), issue(1, Role::Facilitator, None)),
        row(Rejection::UnknownTable(table(9)), convened(), organiser(), issue(1, Role::Facilitator, Some(9))),
        row(Rejection::UnknownLink, convened(), organiser(), revoke(1)),
        row(Rejection::UnknownLink, revoked(), organiser(), revoke(1)),
    ]
}

/// A ladder: what is wrong with the first one is put right one thing at a time.
fn facilitators() -> Vec<Row> {
    let no_table = somebody(Role::Facilitator, domain::Channel::Room);
    let worst = Contribute {
        round: Some(round(9)),
        table: Some(table(2)),
        heard_from: Some(HEARD_FROM_MAX + 1),
        words: None,
        ..point(2)
    };
    let no_words = Contribute { round: Some(round(1)), ..worst.clone() };
    let anywhere = Contribute { words: point(2).words, round: None, ..worst.clone() };
    let here = Contribute { table: None, ..anywhere.clone() };
    let heard = Contribute { heard_from: Some(HEARD_FROM_MAX), ..here.clone() };
    let planned = Contribute { round: Some(round(2)), ..worst.clone() };
    let whenever = Contribute { round: None, ..worst.clone() };
    vec![
        row(Rejection::NotForThisRole(Role::Observer), vec![], observer(), say(worst.clone())),
        row(Rejection::NotConvened, vec![], no_table, say(worst.clone())),
        row(Rejection::AssemblyClosed, closed(), no_table, say(worst.clone())),
        row(Rejection::UnknownRound(round(9)), coded(), no_table, say(worst)),
        row(Rejection::NoRoundOpen, convened(), no_table, say(whenever)),
        row(Rejection::RoundNotOpen(round(2)), coded(), no_table, say(planned)),
        row(Rejection::NoWords, coded(), no_table, say(no_words)),
        row(Rejection::NoTable, coded(), no_table, say(anywhere.clone())),
        row(Rejection::NotYourTable, coded(), at_table(9), say(anywhere)),
        row(Rejection::UnknownTable(table(9)), coded(), at_table(9), say(here.clone())),
        row(Rejection::TooManyHeard { max: HEARD_FROM_MAX }, coded(), at_table(1), say(here)),
        row(Rejection::IdUsedForSomethingElse, coded(), at_table(1), say(heard)),
    ]
}

fn participants() -> Vec<Row> {
    let no_words = Contribute { words: None, read_back: true, ..point(1) };
    let only_for_tables = [
        Contribute { table: Some(table(9)), ..point(1) },
        Contribute { read_back: true, ..point(1) },
        Contribute { heard_from: Some(HEARD_FROM_MAX + 1), ..point(1) },
        Contribute { said_at: Some(domain::Timestamp(1)), ..point(1) },
        Contribute { card: "A-1".parse().ok(), ..point(1) },
    ];
    let mut rows = vec![row(Rejection::NoWords, coded(), voice(1), say(no_words))];
    for said in only_for_tables {
        rows.push(row(Rejection::OnlyForTables, coded(), voice(1), say(said)));
    }
    rows.push(row(Rejection::IdUsedForSomethingElse, coded(), voice(2), say(point(1))));
    rows
}

fn imports() -> Vec<Row> {
    let card = Contribute { round: Some(round(2)), table: Some(table(9)), words: None, ..point(1) };
    let known = Contribute { table: Some(table(1)), heard_from: Some(HEARD_FROM_MAX + 1), ..card.clone() };
    let used = Contribute { heard_from: None, ..known.clone() };
    let whenever = Contribute { round: None, ..card.clone() };
    let nowhere = Contribute { round: Some(round(9)), ..card.clone() };
    vec![
        row(Rejection::NoRoundOpen, convened(), organiser(), say(whenever)),
        row(Rejection::UnknownRound(round(9)), coded(), organiser(), say(nowhere)),
        row(Rejection::UnknownTable(table(9)), coded(), organiser(), say(card)),
        row(Rejection::TooManyHeard { max: HEARD_FROM_MAX }, coded(), organiser(), say(known)),
        row(Rejection::IdUsedForSomethingElse, coded(), organiser(), say(used)),
    ]
}

/// Contribution 1 is voice 1's, 2 is table 1's.
fn owners() -> Vec<Row> {
    let nobody = somebody(Role::Participant, domain::Channel::Remote);
    let no_table = somebody(Role::Facilitator, domain::Channel::Room);
    let people = [(voice(2), 1), (voice(1), 2), (nobody, 1), (nobody, 2)];
    let strangers = people.into_iter().chain([(at_table(2), 2), (at_table(1), 1), (no_table, 1)]);
    let mut rows = Vec::new();
    for change in [correct, withdraw] {
        rows.push(row(Rejection::UnknownContribution, coded(), voice(2), change(9)));
        let withdrawn = after(coded(), [(voice(1), withdraw(1))]);
        rows.push(row(Rejection::ContributionWithdrawn, withdrawn, voice(2), change(1)));
        for (who, n) in strangers.clone() {
            rows.push(row(Rejection::NotYours, coded(), who, change(n)));
        }
    }
    let marked = || after(coded(), [(at_table(1), read_back(2))]);
    let withdrawn = after(marked(), [(at_table(1), withdraw(2))]);
    rows.extend([
        row(Rejection::UnknownContribution, coded(), at_table(2), read_back(9)),
        row(Rejection::ContributionWithdrawn, withdrawn, at_table(2), read_back(2)),
        row(Rejection::NotYours, marked(), at_table(2), read_back(2)),
        row(Rejection::AlreadyMarked, marked(), at_table(1), read_back(2)),
    ]);
    rows
}

/// What nobody may do to words that are gone, and who may not have words erased.
fn erasure() -> Vec<Row> {
    let gone = || after(coded(), [(voice(1), erase(1)), (at_table(1), erase(2))]);
    let erased = Rejection::ContributionErased;
    let mut rows = vec![
        row(Rejection::UnknownContribution, coded(), voice(1), erase(9)),
        row(erased.clone(), gone(), voice(2), erase(1)),
        row(erased.clone(), gone(), organiser(), erase(1)),
        row(erased.clone(), gone(), voice(2), erase_by_receipt(1)),
        row(Rejection::NotYours, coded(), voice(2), erase(1)),
        row(Rejection::NotYours, coded(), at_table(1), erase(1)),
        row(Rejection::NotYours, coded(), at_table(2), erase(2)),
        row(Rejection::NotYours, coded(), voice(1), erase(2)),
        row(Rejection::ReasonNeeded, coded(), organiser(), erase(1)),
        row(Rejection::NothingToErase, coded(), voice(9), erase_voice(9)),
        row(Rejection::NothingToErase, gone(), voice(1), erase_voice(1)),
        row(Rejection::ReasonNeeded, coded(), organiser(), erase_voice(1)),
        row(erased.clone(), gone(), team(), assign(1, 1)),
    ];
    for command in [correct(1), withdraw(1)] {
        rows.push(row(erased.clone(), gone(), voice(1), command));
    }
    rows.push(row(erased.clone(), gone(), at_table(1), read_back(2)));
    for command in [hold(1), release(1)] {
        rows.push(row(erased.clone(), gone(), moderator(), command));
    }
    rows
}

fn moderation() -> Vec<Row> {
    let held = || after(coded(), [(moderator(), hold(1))]);
    let withdrawn = || after(held(), [(voice(1), withdraw(1))]);
    vec![
        row(Rejection::UnknownContribution, coded(), moderator(), hold(9)),
        row(Rejection::ContributionWithdrawn, withdrawn(), moderator(), hold(1)),
        row(Rejection::AlreadyHeld, held(), moderator(), hold(1)),
        row(Rejection::UnknownContribution, coded(), moderator(), release(9)),
        row(Rejection::ContributionWithdrawn, withdrawn(), moderator(), release(1)),
        row(Rejection::NotHeld, coded(), moderator(), release(1)),
        row(Rejection::NotHeld, after(held(), [(moderator(), release(1))]), moderator(), release(1)),
    ]
}

/// Theme 1 is "Night buses", 2 is "Fares".
fn frame() -> Vec<Row> {
    let retired = || after(coded(), [(team(), retire(1))]);
    let merged = || after(coded(), [(team(), merge(1, 2))]);
    let full: Vec<_> = (1..=THEMES_MAX).map(|n| (team(), name(n as u128, &format!("theme {n}")))).collect();
    let full = after(convened(), full);
    let past = THEMES_MAX as u128 + 1;
    let mut rows = vec![
        row(Rejection::IdUsedForSomethingElse, full.clone(), team(), name(1, "theme 2")),
        row(Rejection::IdUsedForSomethingElse, retired(), team(), name(1, "Fares")),
        row(Rejection::TooManyThemes { max: THEMES_MAX }, full, team(), name(past, "theme 2")),
        row(Rejection::ThemeNameTaken, coded(), team(), name(3, "FARES")),
        row(Rejection::UnknownTheme, coded(), team(), rename(9, "Fares")),
        row(Rejection::ThemeNameTaken, coded(), team(), rename(1, "fares")),
        row(Rejection::MergeIntoItself, coded(), team(), merge(9, 9)),
        row(Rejection::UnknownTheme, coded(), team(), merge(9, 1)),
        row(Rejection::UnknownTheme, coded(), team(), merge(1, 9)),
    ];
    for gone in [retired, merged] {
        for command in
            [rename(1, "Fares"), define(1, "After 18:00"), retire(1), merge(1, 2), merge(2, 1), assign(9, 1)]
        {
            rows.push(row(Rejection::UnknownTheme, gone(), team(), command));
        }
    }
    rows
}

/// Contribution 1 is unread, 2 is in theme 1.
fn coding() -> Vec<Row> {
    let withdrawn = after(coded(), [(at_table(1), withdraw(2))]);
    let aside = || after(coded(), [(team(), set_aside(1))]);
    let read = after(coded(), [(team(), mark_read(1))]);
    let out_again = after(coded(), [(team(), unassign(2, 1))]);
    let retired = after(coded(), [(team(), retire(1))]);
    vec![
        row(Rejection::UnknownTheme, coded(), team(), assign(9, 9)),
        row(Rejection::UnknownContribution, coded(), team(), assign(9, 1)),
        row(Rejection::ContributionWithdrawn, withdrawn, team(), assign(2, 1)),
        row(Rejection::AlreadyAssigned, coded(), team(), assign(2, 1)),
        row(Rejection::UnknownContribution, coded(), team(), unassign(9, 9)),
        row(Rejection::NotAssigned, coded(), team(), unassign(1, 9)),
        row(Rejection::NotAssigned, coded(), team(), unassign(2, 2)),
        row(Rejection::UnknownContribution, coded(), team(), mark_read(9)),
        row(Rejection::NotAssigned, retired, team(), unassign(2, 1)),
        row(Rejection::AlreadyMarked, read, team(), mark_read(1)),
        row(Rejection::AlreadyMarked, out_again, team(), mark_read(2)),
        row(Rejection::AlreadyMarked, aside(), team(), mark_read(1)),
        row(Rejection::UnknownContribution, coded(), team(), set_aside(9)),
        row(Rejection::StillInATheme, coded(), team(), set_aside(2)),
        row(Rejection::AlreadyMarked, aside(), team(), set_aside(1)),
    ]
}
