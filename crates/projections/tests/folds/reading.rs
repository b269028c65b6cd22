//! How soon something will be read.

use domain::Timestamp;
use projections::{Pace, Position, Wait};

use crate::given::*;

fn wait(day: &Day, n: u128, now_ms: u64) -> Option<Wait> {
    let views = day.views();
    let (position, _) = views.entry(said(n)).unwrap();
    Pace::at(&views, Timestamp(now_ms)).wait(&views, position)
}

/// Five things said; the first was read 20 minutes and a second in, the second four minutes later.
fn given_a_slow_reader() -> Day {
    let mut day = Day::convened();
    for n in 1..=5 {
        day.says(n, By::Phone(1));
    }
    day.minute(20).reads(1).minute(24).reads(2);
    day
}

const NOW: u64 = 24 * MINUTE + 1_000;

#[test]
fn the_wait_follows_from_the_pace_and_from_what_comes_before() {
    let day = given_a_slow_reader();
    assert_eq!(wait(&day, 3, NOW), Some(Wait { before: 0, for_ms: Some(2 * MINUTE) }));
    assert_eq!(wait(&day, 5, NOW), Some(Wait { before: 2, for_ms: Some(6 * MINUTE) }));
    assert_eq!(wait(&day, 2, NOW), None, "it has been read");
}

#[test]
fn what_nobody_will_be_offered_is_not_waited_for() {
    let mut day = given_a_slow_reader();
    day.holds(3).withdraws(4);
    assert_eq!(wait(&day, 5, NOW).unwrap().before, 0);
    assert_eq!(wait(&day, 3, NOW), None);
}

#[test]
fn a_pace_of_long_ago_is_none_and_one_of_just_now_is_no_promise() {
    let day = given_a_slow_reader();
    assert_eq!(wait(&day, 3, NOW + 10 * MINUTE).unwrap().for_ms, Some(10 * MINUTE), "at the limit");
    assert_eq!(wait(&day, 3, NOW + 10 * MINUTE + 1).unwrap().for_ms, None, "one past it");
    let mut quick = Day::convened();
    quick.says(1, By::Phone(1)).says(2, By::Phone(2)).minute(20).reads(1);
    assert_eq!(wait(&quick, 2, 20 * MINUTE + 2_000).unwrap().for_ms, Some(MINUTE));
}

#[test]
fn it_is_read_when_a_person_first_has_it_before_them() {
    let mut day = Day::with_themes();
    day.says(1, By::Phone(1)).minute(5).assigns([1], 1).minute(9).assigns([1], 2);
    let views = day.views();
    let (position, entry) = views.entry(said(1)).unwrap();
    assert_eq!(entry.read_at, Some(Timestamp(5 * MINUTE + 1_000)));
    assert_eq!(Pace::at(&views, Timestamp(0)).wait(&views, Position::FIRST), None, "{position} is read");
}
