//! Every way to say no to what happens on the day: tables that move, late words, the screen, polls.

use domain::poll::{HANDS_MAX, LAG_MAX_S, OPTIONS_MAX, POLLS_MAX};
use domain::{Channel, Command, Context, Contribute, HandCount, Method, Poll, Rejection, Role, Scene};

use crate::given::*;
use crate::refused::{Row, row};

pub(crate) fn tables() -> Vec<Row> {
    let merged = || after(in_round_1(), [(organiser(), merge_tables(2, 1))]);
    let place = domain::Label::parse("By the door").unwrap();
    let moved = |n| Command::MoveTable { table: table(n), place: place.clone() };
    let mut rows = vec![
        row(Rejection::TableIntoItself, in_round_1(), organiser(), merge_tables(9, 9)),
        row(Rejection::UnknownTable(table(9)), in_round_1(), organiser(), merge_tables(9, 1)),
        row(Rejection::UnknownTable(table(9)), in_round_1(), organiser(), merge_tables(1, 9)),
        row(Rejection::TableMerged(table(1)), merged(), organiser(), merge_tables(2, 3)),
        row(Rejection::TableMerged(table(1)), merged(), organiser(), merge_tables(3, 2)),
        row(Rejection::UnknownTable(table(9)), in_round_1(), organiser(), split_table(9, 1)),
        row(Rejection::TableMerged(table(1)), merged(), organiser(), split_table(2, 9)),
        row(Rejection::TableTaken(table(3)), in_round_1(), organiser(), split_table(1, 3)),
        row(Rejection::UnknownTable(table(9)), in_round_1(), organiser(), moved(9)),
        row(Rejection::TableMerged(table(1)), merged(), organiser(), moved(2)),
    ];
    for command in [merge_tables(1, 2), split_table(1, 9), moved(1)] {
        rows.push(row(Rejection::AssemblyClosed, closed(), organiser(), command));
    }
    rows
}

/// Words that come after their round, and cards that come twice.
pub(crate) fn late() -> Vec<Row> {
    let over = || after(in_round_1(), [(organiser(), close(1)), (organiser(), open(2))]);
    let in_round_one = say(Contribute { round: Some(round(1)), ..point(7) });
    let on_card = |n| say(Contribute { card: "A-7".parse().ok(), ..point(n) });
    let keyed = after(in_round_1(), [(at_table(1), on_card(7))]);
    let card = "a-7".parse().unwrap();
    vec![
        row(Rejection::RoundNotOpen(round(1)), over(), later(voice(1), 61), in_round_one),
        row(Rejection::CardAlreadyKeyed(card), keyed, at_table(2), on_card(8)),
    ]
}

/// Moving everyone on, the countdown, the screen and reactions.
pub(crate) fn showing() -> Vec<Row> {
    let held = || after(coded(), [(moderator(), hold(2))]);
    let quote = |n| Command::SetScreen { scene: Scene::Quote(said(n)) };
    let mut rows = vec![
        row(Rejection::AnotherRoundOpen(round(1)), in_round_1(), organiser(), advance(Some(1))),
        row(Rejection::UnknownRound(round(9)), in_round_1(), organiser(), advance(Some(9))),
        row(Rejection::NothingToMove, convened(), organiser(), advance(None)),
        row(Rejection::NoCountdown, convened(), organiser(), Command::SetCountdown { minutes: Some(5) }),
        row(Rejection::UnknownPoll, coded(), organiser(), Command::SetScreen { scene: Scene::Poll(poll(9)) }),
        row(Rejection::UnknownContribution, coded(), organiser(), quote(9)),
        row(Rejection::NotPublic, coded(), organiser(), quote(1)),
        row(Rejection::NotPublic, held(), organiser(), quote(2)),
        row(Rejection::UnknownContribution, coded(), voice(1), react(9)),
        row(Rejection::NotPublic, coded(), voice(1), react(1)),
        row(Rejection::NotPublic, held(), voice(1), react(2)),
        row(Rejection::AssemblyClosed, closed(), voice(1), react(2)),
    ];
    for command in [advance(Some(2)), Command::SetCountdown { minutes: None }] {
        rows.push(row(Rejection::AssemblyClosed, closed(), organiser(), command));
    }
    rows
}

pub(crate) fn polls() -> Vec<Row> {
    let full: Vec<_> = (1..=POLLS_MAX).map(|n| (organiser(), open_poll(n as u128))).collect();
    let bad = Rejection::BadPoll { max: OPTIONS_MAX };
    let over = || after(polling(), [(organiser(), close_poll(4))]);
    let bridge = Context { channel: Channel::Nats, ..voice(3) };
    let mut same = asked(5, Method::Rank, 2);
    same.options[1] = domain::OptionText::parse("OPTION 1").unwrap();
    let unsound = [
        asked(5, Method::Temperature, 2),
        asked(5, Method::Rank, 1),
        asked(5, Method::Rank, OPTIONS_MAX + 1),
        asked(5, Method::Choose { most: 0 }, 3),
        asked(5, Method::Choose { most: 4 }, 3),
        Poll { lag_s: LAG_MAX_S + 1, ..asked(5, Method::Rank, 2) },
        same,
    ];
    let mut rows = vec![
        row(Rejection::IdUsedForSomethingElse, polling(), organiser(), open_poll(4)),
        row(Rejection::TooManyPolls { max: POLLS_MAX }, after(coded(), full), organiser(), open_poll(999)),
        row(
            Rejection::UnknownRound(round(9)),
            coded(),
            organiser(),
            Command::OpenPoll(Box::new(Poll { round: Some(round(9)), ..asked(5, Method::Rank, 1) })),
        ),
        row(Rejection::UnknownPoll, polling(), voice(1), cast(9, &[1])),
        row(Rejection::PollOver, over(), later(voice(1), 31), cast(4, &[1])),
        row(Rejection::PollOver, over(), at_table(1), cast_at_seat(4, 1)),
        row(Rejection::PollOver, over(), bridge, cast(4, &[1])),
        row(Rejection::SeatNeeded, polling(), at_table(1), cast(4, &[1])),
        row(Rejection::NoTable, polling(), somebody(Role::Facilitator, Channel::Room), cast(4, &[1])),
        row(Rejection::UnknownTable(table(9)), polling(), at_table(9), cast_at_seat(4, 1)),
        row(Rejection::UnknownSeat { seats: 8 }, polling(), at_table(1), cast_at_seat(4, 9)),
        row(Rejection::OnlyForTables, polling(), voice(1), cast_at_seat(4, 1)),
        row(Rejection::UnknownPoll, polling(), organiser(), close_poll(9)),
        row(Rejection::PollOver, over(), organiser(), close_poll(4)),
        row(Rejection::AssemblyClosed, closed(), voice(1), cast(4, &[1])),
    ];
    let wrong: [&[u8]; 5] = [&[], &[0], &[4], &[1, 1], &[1, 2, 3]];
    rows.extend(wrong.map(|choice| row(Rejection::BadChoice, polling(), voice(1), cast(4, choice))));
    rows.extend(
        unsound.map(|poll| row(bad.clone(), coded(), organiser(), Command::OpenPoll(Box::new(poll)))),
    );
    for command in [open_poll(5), close_poll(4)] {
        rows.push(row(Rejection::AssemblyClosed, closed(), organiser(), command));
    }
    rows
}

/// Counted by one person on device 1 as 3, 2 and 1.
pub(crate) fn hand_counts() -> Vec<Row> {
    let first = on_device(organiser(), 1);
    let second = on_device(moderator(), 2);
    let counted = || after(polling(), [(first, Command::EnterHandCount(hands(4, &[3, 2, 1])))]);
    let confirmed = || after(counted(), [(second, Command::ConfirmHandCount(hands(4, &[3, 2, 1])))]);
    let ranked = Command::OpenPoll(Box::new(asked(5, Method::Rank, 3)));
    let by_rank = after(coded(), [(organiser(), ranked)]);
    let elsewhere = |n| HandCount { table: Some(table(n)), ..hands(4, &[3, 2, 1]) };
    let bad = Rejection::BadCounts { options: 3 };
    let enter = Command::EnterHandCount;
    let confirm = Command::ConfirmHandCount;
    vec![
        row(Rejection::UnknownPoll, polling(), first, enter(hands(9, &[1]))),
        row(Rejection::NotYourTable, polling(), at_table(1), enter(elsewhere(2))),
        row(Rejection::UnknownTable(table(9)), polling(), first, enter(elsewhere(9))),
        row(Rejection::NotByHand, by_rank, first, enter(hands(5, &[1, 2, 3]))),
        row(bad.clone(), polling(), first, enter(hands(4, &[1, 2]))),
        row(bad, polling(), first, enter(hands(4, &[1, 2, HANDS_MAX + 1]))),
        row(Rejection::NoHandCount, polling(), second, confirm(hands(4, &[3, 2, 1]))),
        row(Rejection::NoHandCount, counted(), second, confirm(elsewhere(1))),
        row(Rejection::NoHandCount, confirmed(), second, confirm(hands(4, &[3, 2, 1]))),
        row(Rejection::SamePerson, counted(), first, confirm(hands(4, &[3, 2, 1]))),
        row(Rejection::CountsDiffer, counted(), second, confirm(hands(4, &[3, 1, 2]))),
        row(Rejection::AssemblyClosed, closed(), first, enter(hands(4, &[3, 2, 1]))),
        row(Rejection::AssemblyClosed, closed(), second, confirm(hands(4, &[3, 2, 1]))),
    ]
}
