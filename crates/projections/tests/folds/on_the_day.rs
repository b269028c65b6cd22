//! Reactions, polls and tables that move: what people read of them.

use domain::{Event, Method, TableNumber, Vote};
use projections::{Elector, PollTally, TableWhat, Unit, poll_tally, tallies};

use crate::given::*;

/// Votes or points of every option, room and remote.
fn counted(day: &Day, n: u128) -> (Vec<u64>, Vec<u64>) {
    let tally = tally(day, n);
    tally.options.iter().map(|option| (option.room, option.remote)).unzip()
}

fn tally(day: &Day, n: u128) -> PollTally {
    poll_tally(&day.views(), poll(n)).unwrap()
}

#[test]
fn the_latest_reaction_of_a_voice_counts() {
    let mut day = Day::with_themes();
    day.says(1, By::Phone(1)).reads(1);
    day.reacts(1, 1, Vote::Agree).reacts(2, 1, Vote::Agree).reacts(3, 1, Vote::Pass).reacts(
        1,
        1,
        Vote::Disagree,
    );
    let views = day.views();
    let (position, _) = views.entry(said(1)).unwrap();
    let reactions = views.marks.reactions(position);
    assert_eq!((reactions.agree, reactions.disagree, reactions.pass, reactions.voices()), (1, 1, 1, 3));
}

#[test]
fn a_poll_counts_one_ballot_per_voice_or_seat_and_keeps_room_and_remote_apart() {
    let mut day = Day::convened();
    day.polls(4, Method::Choose { most: 2 }, 3);
    day.votes(4, By::Phone(1), &[1, 2]).votes(4, By::Phone(2), &[2]).votes(4, By::Phone(1), &[3]);
    day.votes_at(4, 1, 1, &[1]).votes_at(4, 1, 2, &[1, 3]).votes_at(4, 2, 1, &[2]).votes_at(4, 2, 1, &[1]);
    day.votes(4, By::Bridge(7), &[3]);
    assert_eq!(counted(&day, 4), (vec![3, 0, 2], vec![0, 1, 1]));
    let tally = tally(&day, 4);
    assert_eq!((tally.room_voted, tally.room_seats, tally.remote_voted), (4, Some(24), 2));
    let views = day.views();
    let seat = Elector::Seat(table(2), domain::SeatNumber::new(1).unwrap());
    assert_eq!(views.marks.ballot_of(poll(4), seat).unwrap().choice, [1]);
}

#[test]
fn a_ranking_gives_points_by_place_and_counts_who_came_first() {
    let mut day = Day::convened();
    day.polls(4, Method::Rank, 3);
    day.votes(4, By::Phone(1), &[3, 1, 2]).votes(4, By::Phone(2), &[3]).votes(4, By::Phone(3), &[1, 2]);
    assert_eq!(counted(&day, 4).1, [3, 1, 4]);
    let first: Vec<_> = tally(&day, 4).options.iter().map(|option| option.remote_first).collect();
    assert_eq!(first, [1, 0, 2]);
}

#[test]
fn hands_count_once_they_are_confirmed_and_in_place_of_the_tablet_of_that_table() {
    let mut day = Day::convened();
    day.polls(4, Method::Temperature, 0);
    day.votes_at(4, 1, 1, &[1]).votes_at(4, 2, 1, &[3]).votes(4, By::Phone(1), &[2]);
    let (poll, table) = (poll(4), TableNumber::new(1));
    day.then(Event::HandCountEntered { poll, table, counts: vec![4, 0, 4] });
    assert_eq!(counted(&day, 4), (vec![1, 0, 1], vec![0, 1, 0]));
    assert_eq!(tally(&day, 4).unconfirmed, 1);
    day.then(Event::HandCountConfirmed { poll, table, counts: vec![4, 0, 4] });
    assert_eq!(counted(&day, 4), (vec![4, 0, 5], vec![0, 1, 0]));
    assert_eq!((tally(&day, 4).room_voted, tally(&day, 4).unconfirmed), (9, 0));
    day.counts_hands(4, None, &[10, 2, 3]);
    assert_eq!(counted(&day, 4), (vec![10, 2, 3], vec![0, 1, 0]));
    assert_eq!(tally(&day, 4).room_voted, 15);
}

#[test]
fn a_merged_table_leaves_the_denominator_unless_it_has_spoken() {
    let mut day = Day::with_themes();
    day.says(1, By::Table(2)).assigns([1], 1);
    for silent_or_not in [3, 2] {
        day.then(Event::TableMerged { table: table(silent_or_not), into: table(1) });
    }
    let views = day.views();
    assert_eq!((views.tables(), views.seats(), views.seated().count()), (2, 8, 1));
    assert_eq!((tallies(&views, None).of.tables, tallies(&views, None).themes[0].tables), (2, 1));
    let query = projections::Query { table: TableNumber::new(2), ..projections::Query::default() };
    assert_eq!(query.count(&views, Unit::Contributions), 1, "what was said at table 2 stays said there");
    let moves: Vec<_> = views.frame.moves.iter().map(|change| (change.table.get(), &change.what)).collect();
    let into = TableWhat::MergedInto(table(1));
    assert_eq!(moves, [(3, &into), (2, &into)]);
    day.then(Event::TableSeated { table: table(3), seats: 6 });
    assert_eq!((day.views().tables(), day.views().seats()), (3, 14));
}

#[test]
fn the_countdown_ends_with_its_round() {
    let mut day = Day::convened();
    let until = Some(domain::Timestamp(9_999_999));
    day.then(Event::CountdownSet { until });
    assert_eq!(day.views().frame.countdown, until);
    day.then(Event::RoundClosed { round: round(1) });
    assert_eq!(day.views().frame.countdown, None);
}
