//! What stands beside the tally: suggestions, the estimate of a random sample, agreement, copies.

use domain::{Event, Label, Sample, SampleId, SamplePurpose, Suggested, SuggestedTheme};
use projections::figure::State;
use projections::quality::{Estimate, copies, to_audit, to_code_again};
use projections::{Query, Unit, quality};
use uuid::Uuid;

use crate::given::*;

fn engine() -> Label {
    Label::parse("lexical-1").unwrap()
}

fn suggests(day: &mut Day, n: u128, of: u128, likely: bool) {
    let themes = vec![SuggestedTheme { theme: theme(of), score: 40_000, likely, why: Vec::new() }];
    day.then(Event::Suggested(Suggested { contribution: said(n), engine: engine(), learnt: 3, themes }));
}

fn draws(day: &mut Day, purpose: SamplePurpose, of: u32, contributions: impl IntoIterator<Item = u128>) {
    let (sample, seed) = (SampleId(Uuid::from_u128(1)), "00".repeat(16));
    let contributions = contributions.into_iter().map(said).collect();
    day.then(Event::SampleDrawn(Sample { sample, purpose, round: None, seed, of, contributions }));
}

/// Forty have spoken; 1 to 20 have been read, and half of those are in theme 1.
fn half_read() -> Day {
    let mut day = Day::with_themes();
    for n in 1..=40 {
        day.says(n, By::Phone(n as u8));
    }
    day.assigns(1..=10, 1);
    for n in 11..=20 {
        day.reads(n);
    }
    day
}

#[test]
fn a_suggestion_is_no_part_of_any_tally_and_ends_when_somebody_reads_it() {
    let mut day = half_read();
    (21..=25).for_each(|n| suggests(&mut day, n, 1, n != 25));
    let suggested = |day: &Day| quality(&day.views(), None).themes[0].suggested.value;
    let views = day.views();
    assert_eq!(quality(&views, None).themes[0].contributions.value, 10);
    assert_eq!(suggested(&day), 4, "the fifth is below the theme's cut");
    assert_eq!(Query::suggested(theme(1)).select(&views).len(), 4, "the figure leads to them");
    day.assigns([21], 2).reads(22);
    assert_eq!(suggested(&day), 2);
    day.then(Event::PutBack { contribution: said(22) });
    assert_eq!(suggested(&day), 3);
}

#[test]
fn an_estimate_comes_once_the_whole_sample_was_read_and_holds_what_was_counted() {
    let mut day = half_read();
    draws(&mut day, SamplePurpose::Audit, 20, [21, 22, 23, 24, 25]);
    let of_theme = |day: &Day| quality(&day.views(), None).themes[0].clone();
    assert_eq!(to_audit(&day.views()).len(), 5);
    day.assigns([21, 22], 1).reads(23).reads(24);
    assert_eq!(of_theme(&day).estimate, None, "those that are read first may be the easy ones");
    assert_eq!(
        quality(&day.views(), None).audit.map(|audit| (audit.drawn, audit.read, audit.of)),
        Some((5, 4, 20))
    );
    day.reads(25);
    let Estimate { low, high } = of_theme(&day).estimate.unwrap();
    // Ten were counted before; of the other twenty at least the two that were found, and not the three that were not.
    assert!(low >= 12 && high <= 27 && low < high, "{low} to {high}");
    assert_eq!(of_theme(&day).contributions.value, 12);
    // Everything else is read: what was estimated is known, and the estimate still holds it.
    day.assigns(26..=30, 1);
    for n in 31..=40 {
        day.reads(n);
    }
    let estimate = of_theme(&day).estimate.unwrap();
    assert!((estimate.low..=estimate.high).contains(&of_theme(&day).contributions.value), "{estimate:?}");
}

#[test]
fn what_nobody_can_read_any_more_holds_no_estimate_up() {
    let mut day = half_read();
    draws(&mut day, SamplePurpose::Audit, 20, [21, 22, 23]);
    day.reads(21).reads(22);
    day.then(Event::Withdrawn { contribution: said(23) });
    let quality = quality(&day.views(), None);
    assert_eq!(quality.audit.map(|audit| (audit.drawn, audit.read, audit.gone)), Some((3, 2, 1)));
    assert!(quality.themes[0].estimate.is_some());
}

#[test]
fn two_readers_agree_as_far_as_kappa_says() {
    let mut day = half_read();
    draws(&mut day, SamplePurpose::DoubleCoding, 20, [1, 2, 11, 12]);
    assert_eq!(to_code_again(&day.views()).count(), 4);
    for (n, themes) in [(1, vec![theme(1)]), (2, vec![]), (11, vec![]), (12, vec![])] {
        day.then(Event::CodedAgain { contribution: said(n), themes });
    }
    let quality = quality(&day.views(), None);
    assert_eq!((quality.double_coding.coded, quality.double_coding.waiting), (4, 0));
    // Observed 3 of 4; by chance (2 × 1 + 2 × 3) of 16: (0.75 − 0.5) ÷ (1 − 0.5).
    let kappa = |id| quality.themes.iter().find(|of| of.theme == theme(id)).unwrap().kappa;
    assert_eq!((kappa(1), kappa(2)), (Some(500), None));
    assert_eq!(quality.themes[0].contributions.value, 10, "no tally counts a second coding");
}

#[test]
fn copies_stay_counted_and_both_figures_are_there() {
    let mut day = half_read();
    for n in [2, 3, 7] {
        day.then(Event::AlikeFound { contribution: said(n), first: said(1), engine: engine() });
    }
    day.then(Event::ToldApart { contribution: said(7) });
    let views = day.views();
    let of = &quality(&views, None).themes[0];
    assert_eq!((of.contributions.value, of.originals.value), (10, 8));
    assert_eq!(Query::state(State::Copy).count(&views, Unit::Contributions), 2);
    let first = views.entry(said(1)).unwrap().0;
    let [group] = copies(&views).try_into().unwrap();
    assert_eq!((group.first, group.others.len()), (first, 2));
    let query = Query { copies: Some(first), ..Query::default() };
    assert_eq!(Query::parse(&query.to_string()).select(&views).len(), 3);
}

#[test]
fn a_theme_of_one_reader_is_marked_where_it_is_known_who_read() {
    let mut day = half_read();
    let alone = |day: &Day| quality(&day.views(), None).themes[0].single_coder;
    assert!(!alone(&day), "nobody knows who coded what was brought in");
    let link = |n| Some(domain::LinkId(Uuid::from_u128(n)));
    for recorded in &mut day.events {
        recorded.meta.device = link(1);
    }
    assert!(alone(&day));
    day.assigns([11], 1);
    day.events.last_mut().unwrap().meta.device = link(2);
    assert!(!alone(&day));
}
