//! Tables and remote voices stand side by side, and nothing is counted twice.

use domain::Event;
use domain::event::Contributed;
use projections::{Found, ThemeTally, Views, tallies};

use crate::given::*;

fn tally(views: &Views, n: u128) -> ThemeTally {
    tallies(views, None).themes.into_iter().find(|tally| tally.theme == theme(n)).unwrap()
}

#[test]
fn tables_and_remote_voices_stand_side_by_side() {
    let mut day = Day::with_themes();
    day.says(1, By::Table(1)).says(2, By::Table(1)).says(3, By::Table(2)).says(4, By::Card(3));
    day.says(5, By::Phone(1)).says(6, By::Phone(1)).says(7, By::Phone(2)).says(8, By::Bridge(3));
    day.says(9, By::Survey(4)).assigns(1..=9, 1);

    let tally = tally(&day.views(), 1);

    assert_eq!((tally.tables, tally.room_contributions), (3, 4));
    assert_eq!((tally.remote_voices, tally.remote_contributions), (3, 4));
    assert_eq!((tally.other_contributions, tally.contributions), (1, 9));
    assert_eq!(tally.voices, 4, "tables have no voice");
    let by_channel: Vec<_> = tally.by_channel.into_iter().collect();
    assert_eq!(by_channel, [("import", 1), ("nats", 1), ("paper", 1), ("remote", 3), ("room", 3)]);
    assert_eq!(Vec::from_iter(tally.by_table), [(table(1), 2), (table(2), 1), (table(3), 1)]);
}

#[test]
fn every_count_says_of_how_many() {
    let mut day = Day::with_themes();
    day.says(1, By::Table(1)).says(2, By::Phone(1)).says(3, By::Phone(2)).says(4, By::Import).assigns([2], 1);

    let of = tallies(&day.views(), None).of;

    assert_eq!((of.contributions, of.tables, of.tables_heard), (4, 3, 1));
    assert_eq!((of.remote_voices, of.other_contributions), (2, 1));
}

#[test]
fn a_voice_counts_once_for_each_question() {
    let mut day = Day::with_themes();
    day.says(1, By::Phone(1)).says(2, By::Phone(1));
    day.tells(By::Phone(1), Contributed { round: round(2), ..point(3, By::Phone(1)) }).assigns(1..=3, 1);
    let views = day.views();

    assert_eq!(tally(&views, 1).remote_voices, 2);
    for number in 1..=2 {
        let in_round = tallies(&views, Some(round(number)));
        assert_eq!((in_round.themes[0].remote_voices, in_round.of.remote_voices), (1, 1), "round {number}");
    }
}

#[test]
fn heard_from_is_the_largest_count_of_each_table() {
    let heard = |n, at, heard| Contributed { heard_from: heard, ..point(n, By::Table(at)) };
    let mut day = Day::with_themes();
    for (n, at, count) in [(1, 1, Some(5)), (2, 1, Some(7)), (3, 2, Some(4)), (4, 3, None)] {
        day.tells(By::Table(at), heard(n, at, count));
    }
    day.assigns(1..=4, 1);
    assert_eq!(tally(&day.views(), 1).heard_from, 7 + 4);
}

#[test]
fn counts_over_time_are_of_the_minute_in_which_it_was_said() {
    let mut day = Day::with_themes();
    day.minute(600).says(1, By::Phone(1)).says(2, By::Phone(2)).minute(602).says(3, By::Phone(3));
    let card =
        Contributed { said_at: Some(domain::Timestamp(590 * MINUTE + 59_999)), ..point(4, By::Card(1)) };
    day.tells(By::Card(1), card).minute(700).assigns(1..=4, 1);
    let over_time = tally(&day.views(), 1).over_time;
    assert_eq!(over_time, [(590 * MINUTE, 1), (600 * MINUTE, 2), (602 * MINUTE, 1)]);
}

#[test]
fn what_is_withdrawn_stays_counted_and_is_counted_as_withdrawn() {
    let mut day = Day::with_themes();
    day.says(1, By::Phone(1)).says(2, By::Phone(2)).assigns(1..=2, 1).withdraws(2);
    let tally = tally(&day.views(), 1);
    assert_eq!((tally.contributions, tally.remote_voices, tally.withdrawn), (2, 2, 1));
}

#[test]
fn what_is_erased_stays_counted_and_is_counted_as_erased() {
    let mut day = Day::with_themes();
    day.says(1, By::Phone(1)).says(2, By::Phone(2)).says(3, By::Table(1)).assigns(1..=3, 1);
    let before = tally(&day.views(), 1);
    day.withdraws(2).erases(2).erases(3);
    let after = tally(&day.views(), 1);
    assert_eq!((after.erased, after.withdrawn), (2, 0), "it is the one or the other");
    assert_eq!(projections::ThemeTally { erased: 0, ..after }, before);
}

#[test]
fn a_receipt_leads_to_its_contribution_whatever_became_of_it() {
    let mut day = Day::with_themes();
    day.says(1, By::Phone(1)).says(2, By::Phone(2)).erases(1);
    let views = day.views();
    for n in [1, 2] {
        let (at, entry) = views.entry(said(n)).unwrap();
        assert_eq!(views.by_receipt(&entry.receipt), Some(Found { event: at, position: at, entry }));
    }
    assert_eq!(views.by_receipt(&[0xff; 10]), None);
}

#[test]
fn the_receipt_of_a_correction_leads_to_what_was_corrected() {
    let mut day = Day::with_themes();
    day.says(1, By::Phone(1)).says(2, By::Phone(2)).then(Event::Corrected { contribution: said(1) });
    let corrected = day.events.last().unwrap().clone();
    day.assigns([1], 1).withdraws(1);
    let views = day.views();
    let (position, entry) = views.entry(said(1)).unwrap();
    assert_eq!(entry.later.len(), 2, "what the theme team does is no answer to whoever said it");
    let receipt = std::array::from_fn(|index| corrected.leaf[index]);
    assert_eq!(views.by_receipt(&receipt), Some(Found { event: corrected.position, position, entry }));
}

#[test]
fn one_contribution_may_be_in_two_themes_and_is_one_of_the_whole() {
    let mut day = Day::with_themes();
    day.says(1, By::Phone(1)).assigns([1], 1).assigns([1], 2);
    let tallies = tallies(&day.views(), None);
    assert_eq!(tallies.themes.iter().map(|tally| tally.contributions).collect::<Vec<_>>(), [1, 1]);
    assert_eq!((tallies.of.contributions, tallies.coverage.themed), (1, 1));
}

#[test]
fn themes_stand_by_size_and_then_by_name() {
    let mut day = Day::with_themes();
    day.names(3, "Shelters").says(1, By::Phone(1)).assigns([1], 3);
    let names: Vec<_> = tallies(&day.views(), None).themes.into_iter().map(|tally| tally.name).collect();
    assert_eq!(names, ["Shelters", "Fares", "Night buses"]);
}

#[test]
fn an_empty_assembly_has_nothing_to_count() {
    let tallies = tallies(&Views::default(), None);
    assert_eq!((tallies.position, tallies.themes.len()), (0, 0));
    assert_eq!(tallies.coverage, projections::Coverage::default());
}
