//! How things stood at an earlier position, and what differs between two.

use domain::{Definition, Event, Timestamp};
use projections::{Fate, Position, Snapshot, compare, follower, tallies};

use crate::given::*;

fn coded() -> Day {
    let mut day = Day::with_themes();
    for n in 1..=3 {
        day.says(n, By::Phone(n as u8));
    }
    day.assigns([1, 2], 1).assigns([3], 2);
    day
}

#[test]
fn what_was_said_by_then_is_counted_with_the_themes_of_now() {
    let mut day = coded();
    let then = day.events.len();
    day.says(4, By::Phone(4)).assigns([4], 2).merges(1, 2);
    let until = Position::new(then as u64).unwrap();
    let anew = tallies(&day.views().said_until(until), None);
    let counted: Vec<_> =
        anew.themes.iter().map(|tally| (tally.name.as_str(), tally.contributions)).collect();
    assert_eq!(counted, [("Fares", 3)], "the fourth was not said yet, and the merge counts");
    assert_eq!(anew.coverage.contributions, 3);
    let as_it_was = Snapshot::of(&day.until(then).views(), None);
    assert_eq!(as_it_was.tally(theme(1)).map(|tally| tally.contributions), Some(2));
}

#[test]
fn two_states_differ_by_what_came_went_and_changed() {
    let mut day = coded();
    day.names(3, "Drivers").names(4, "Shelters");
    let before = Snapshot::of(&day.views(), None);
    day.merges(1, 2).names(5, "Accessible stops");
    day.then(Event::ThemeRetired { theme: theme(3), reason: reason() });
    let definition = Definition::parse("What it costs").unwrap();
    day.then(Event::ThemeRedefined { theme: theme(2), definition, reason: reason() });
    day.then(Event::ThemeRenamed { theme: theme(2), name: theme_name("Prices"), reason: reason() });
    let after = Snapshot::of(&day.views(), None);
    let fates =
        |from, to| -> Vec<_> { compare(from, to).into_iter().map(|row| (row.theme, row.fate)).collect() };
    let expected = [
        (theme(5), Fate::Added),
        (theme(3), Fate::Retired),
        (theme(1), Fate::MergedInto("Prices".to_owned())),
        (theme(2), Fate::Changed { renamed: true, redefined: true }),
        (theme(4), Fate::Same),
    ];
    assert_eq!(fates(&before, &after), expected);
    assert!(fates(&after, &after).iter().all(|(_, fate)| *fate == Fate::Same));
}

#[test]
fn a_time_leads_to_the_last_event_that_was_recorded_by_then() {
    let folder = tempfile::tempdir().unwrap();
    let day = coded();
    drop(day.write(folder.path()));
    let at = |millis| follower::position_at(folder.path(), Timestamp(millis)).unwrap().map(Position::get);
    assert_eq!(at(0), None);
    for recorded in &day.events {
        let (now, position) = (recorded.meta.at.millis(), recorded.position.get());
        assert_eq!(at(now), Some(position));
        assert_eq!(at(now - 1), Some(position - 1).filter(|before| *before > 0));
    }
    assert_eq!(at(u64::MAX), Some(day.events.len() as u64));
}
