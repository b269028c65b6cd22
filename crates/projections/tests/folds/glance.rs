//! What open pages follow is what a page drawn afresh shows.

use domain::{Event, Form};
use projections::summary::quotes_beside;
use projections::{Beside, Glance, tallies};

use crate::given::*;

/// A day in which themes share contributions, and words come, change and go.
fn day() -> Day {
    let mut day = Day::with_themes();
    day.names(3, "Waiting");
    for n in 1..=6 {
        day.says(n, By::Table(1 + n as u16 % 2))
            .says(10 + n, By::Phone(n as u8 % 3))
            .says(20 + n, By::Import);
    }
    day.assigns(1..=4, 1).assigns(11..=14, 1).assigns([1, 2, 11], 2).assigns([2, 21], 3);
    day.holds(1).then(Event::Released { contribution: said(1) });
    day.then(Event::Corrected { contribution: said(11) }).then(Event::ReadBack { contribution: said(2) });
    day.withdraws(2).reads(5).sets_aside(6).holds(12).erases(13).says_nothing(40).assigns([40], 3);
    day.then(Event::Unassigned { contribution: said(11), theme: theme(2) });
    day.tells(By::Table(3), domain::event::Contributed { form: Form::Paraphrase, ..point(30, By::Table(3)) });
    day.assigns([30], 2).merges(3, 2).then(Event::ThemeRetired { theme: theme(2), reason: reason() });
    day
}

#[test]
fn after_every_event_the_numbers_and_quotes_are_those_of_the_page() {
    let (day, mut beside) = (day(), Beside::default());
    for events in 1..=day.events.len() {
        let views = day.until(events).views();
        let (glance, page) = (Glance::at(&views), tallies(&views, None));
        assert_eq!((glance.position, glance.of, glance.coverage), (page.position, page.of, page.coverage));
        let rows = glance.themes.iter().map(|row| {
            (
                row.theme,
                &row.name,
                row.contributions,
                row.tables,
                row.heard_from,
                row.remote_voices,
                row.other_contributions,
            )
        });
        let on_page = page.themes.iter().map(|row| {
            (
                row.theme,
                &row.name,
                row.contributions,
                row.tables,
                row.heard_from,
                row.remote_voices,
                row.other_contributions,
            )
        });
        assert!(rows.eq(on_page), "after {events} events: {glance:?}");
        let order: Vec<_> = page.themes.iter().map(|row| row.theme).collect();
        let drawn = quotes_beside(&views, &words, &order, None);
        assert_eq!(beside.choose(&views, &words, &glance), drawn, "after {events} events");
    }
}
