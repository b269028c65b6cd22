//! Changes of the code frame: tallies are recomputed for all earlier minutes, and each jump is explained.

use domain::Event;
use projections::views::{Change, What};
use projections::{ThemeState, Views, tallies};

use crate::given::*;

fn last_change(views: &Views) -> &Change {
    views.frame.changes.last().unwrap()
}

fn sizes(views: &Views) -> Vec<(String, u64)> {
    tallies(views, None).themes.into_iter().map(|tally| (tally.name, tally.contributions)).collect()
}

#[test]
fn a_theme_that_was_merged_leads_to_the_one_that_has_taken_it_in() {
    let mut day = Day::with_themes();
    day.names(3, "Evenings").merges(1, 2).merges(2, 3);
    let frame = day.views().frame;
    assert_eq!([1, 2, 3].map(|n| frame.theme_now(theme(n))), [theme(3); 3]);
    assert_eq!(frame.theme_now(theme(9)), theme(9), "one that nobody has named");
}

#[test]
fn a_merge_recomputes_earlier_minutes_and_says_how_many_it_moved() {
    let mut day = Day::with_themes();
    day.minute(600).says(1, By::Phone(1)).minute(610).says(2, By::Phone(2)).says(3, By::Table(1));
    day.assigns([1, 2], 1).assigns([3], 2).minute(700).merges(1, 2);
    let views = day.views();

    let fares = tallies(&views, None).themes.remove(0);
    assert_eq!(fares.over_time, [(600 * MINUTE, 1), (610 * MINUTE, 2)]);
    assert_eq!(sizes(&views), [("Fares".to_owned(), 3)]);
    assert_eq!(views.frame.themes[&theme(1)].state, ThemeState::MergedInto(theme(2)));
    let change = last_change(&views);
    let merged = What::Merged { from: theme_name("Night buses"), into: theme_name("Fares") };
    assert_eq!((change.theme, &change.what, change.moved), (theme(2), &merged, 2));
    assert_eq!((change.at.minute(), &change.reason), (700, &Some(reason())));
}

#[test]
fn a_merge_does_not_count_twice_what_was_in_both() {
    let mut day = Day::with_themes();
    day.says(1, By::Phone(1)).says(2, By::Phone(2)).assigns([1, 2], 1).assigns([2], 2).merges(1, 2);
    let views = day.views();
    assert_eq!(sizes(&views), [("Fares".to_owned(), 2)]);
    assert_eq!(last_change(&views).moved, 1, "the tally of the theme grew by one");
}

#[test]
fn a_retired_theme_lets_go_of_its_contributions_and_they_stay_read() {
    let mut day = Day::with_themes();
    day.says(1, By::Phone(1)).assigns([1], 1);
    day.then(Event::ThemeRetired { theme: theme(1), reason: reason() });
    let views = day.views();

    assert_eq!(sizes(&views), [("Fares".to_owned(), 0)]);
    let coverage = tallies(&views, None).coverage;
    assert_eq!((coverage.themed, coverage.residue, coverage.unread), (0, 1, 0));
    assert_eq!(last_change(&views).what, What::Retired(theme_name("Night buses")));
    assert_eq!(last_change(&views).moved, 1);
}

#[test]
fn a_new_name_and_definition_stand_and_are_explained() {
    let mut day = Day::with_themes();
    let definition = domain::Definition::parse("After 18:00").unwrap();
    day.then(Event::ThemeDefined { theme: theme(1), definition: definition.clone() });
    day.then(Event::ThemeRenamed { theme: theme(1), name: theme_name("Late buses"), reason: reason() });
    let views = day.views();

    let known = &views.frame.themes[&theme(1)];
    assert_eq!((known.name.as_str(), &known.definition), ("Late buses", &Some(definition)));
    let what: Vec<_> = views.frame.changes.iter().map(|change| change.what.clone()).collect();
    let renamed = What::Renamed { from: theme_name("Night buses"), to: theme_name("Late buses") };
    let named = [What::Named(theme_name("Night buses")), What::Named(theme_name("Fares"))];
    assert_eq!(what[..2], named);
    let to = domain::Definition::parse("After 18:00").unwrap();
    assert_eq!(what[2..], [What::Defined { name: theme_name("Night buses"), from: None, to }, renamed]);
}

#[test]
fn taken_out_of_its_only_theme_a_contribution_is_residue() {
    let mut day = Day::with_themes();
    day.says(1, By::Phone(1)).assigns([1], 1);
    day.then(Event::Unassigned { contribution: said(1), theme: theme(1) });
    let coverage = tallies(&day.views(), None).coverage;
    assert_eq!((coverage.read, coverage.themed, coverage.residue), (1, 0, 1));
}

#[test]
fn rounds_and_tables_and_links_are_as_the_record_left_them() {
    let mut day = Day::convened();
    let link = domain::LinkId(uuid::Uuid::from_u128(1));
    let (role, at) = (domain::Role::Facilitator, Some(table(2)));
    day.then(Event::LinkIssued { link, role, table: at, label: None });
    day.then(Event::LinkRevoked { link }).then(Event::RoundClosed { round: round(1) });
    day.then(Event::RoundOpened { round: round(1) }).then(Event::Closed {});
    let views = day.views();

    let (open, asked) = views.open_round().unwrap();
    assert_eq!((open, asked.closed_at), (round(1), None));
    assert_eq!(asked.opened_at, Some(day.events[6].meta.at), "it is opened once, and may be open again");
    assert!(views.frame.links[&link].revoked_at.is_some());
    assert_eq!(views.frame.tables.values().sum::<u16>(), 24);
    assert_eq!(views.frame.closed_at, views.frame.last_at);
}
