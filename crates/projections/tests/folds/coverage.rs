//! What holds of every day: how coverage and counts must add up, whatever was said and done.

use domain::event::Contributed;
use domain::{Channel, Event, Kind};
use projections::figure::{ReasonTag, State};
use projections::{Query, Side, Unit, Views, coverage, tallies};
use proptest::prelude::*;

use crate::given::*;

#[derive(Clone, Debug)]
enum Deed {
    Says(By, u16, Kind, Option<u16>),
    Does(Event),
}

fn by() -> impl Strategy<Value = By> {
    prop_oneof![
        (1_u16..4).prop_map(By::Table),
        (1_u16..4).prop_map(By::Card),
        (1_u8..5).prop_map(By::Phone),
        (1_u8..5).prop_map(By::Bridge),
        (1_u8..5).prop_map(By::Survey),
        Just(By::Import),
    ]
}

/// Some are about contributions that nobody made: the fold must not mind.
fn about() -> impl Strategy<Value = Event> {
    let one = || (1_u128..20).prop_map(said);
    let pair = || (one(), (1_u128..5).prop_map(theme));
    prop_oneof![
        6 => pair().prop_map(|(contribution, theme)| Event::Assigned { contribution, theme }),
        2 => pair().prop_map(|(contribution, theme)| Event::Unassigned { contribution, theme }),
        1 => one().prop_map(|contribution| Event::Read { contribution }),
        1 => one().prop_map(|contribution| Event::SetAside { contribution, reason: reason() }),
        1 => one().prop_map(|contribution| Event::Withdrawn { contribution }),
        1 => one().prop_map(|contribution| Event::Held { contribution, reason: domain::HoldReason::Abuse }),
        1 => one().prop_map(|contribution| Event::Released { contribution }),
        1 => one().prop_map(|contribution| Event::Corrected { contribution }),
        1 => one().prop_map(|contribution| Event::ReadBack { contribution }),
    ]
}

fn deed() -> impl Strategy<Value = Deed> {
    let says = (by(), 1_u16..3, prop::sample::select(Kind::ALL.to_vec()), prop::option::of(1_u16..9))
        .prop_map(|(by, round, kind, heard)| Deed::Says(by, round, kind, heard));
    let themes = || (1_u128..5).prop_map(theme);
    let frame = prop_oneof![
        (themes(), themes()).prop_map(|(theme, into)| Event::ThemeMerged { theme, into, reason: reason() }),
        themes().prop_map(|theme| Event::ThemeRetired { theme, reason: reason() }),
    ];
    prop_oneof![6 => says, 12 => about().prop_map(Deed::Does), 1 => frame.prop_map(Deed::Does)]
}

/// A day of random deeds; what the rules would refuse is left out, since it is never recorded.
pub(crate) fn any_day() -> impl Strategy<Value = Day> {
    prop::collection::vec(deed(), 0..60).prop_map(|deeds| {
        let mut day = Day::with_themes();
        day.names(3, "=Shelters").names(4, "Drivers").rules(1, 2);
        let mut next = 1;
        for deed in deeds {
            match deed {
                Deed::Says(by, number, kind, heard_from) => {
                    day.tells(by, Contributed { round: round(number), kind, heard_from, ..point(next, by) });
                    next += 1;
                }
                Deed::Does(event) if allowed(&day.views(), &event) => {
                    day.then(event);
                }
                Deed::Does(_) => {}
            }
        }
        day
    })
}

fn allowed(views: &Views, event: &Event) -> bool {
    let live = |id| views.live_themes().iter().any(|(live, _)| *live == id);
    let themes = |id| views.entry(id).map(|(_, entry)| entry.coded.themes.clone()).unwrap_or_default();
    match event {
        Event::ThemeMerged { theme, into, .. } => theme != into && live(*theme) && live(*into),
        Event::ThemeRetired { theme, .. } | Event::Assigned { theme, .. } => live(*theme),
        Event::SetAside { contribution, .. } => themes(*contribution).is_empty(),
        _ => true,
    }
}

#[test]
fn every_contribution_is_themed_or_set_aside_or_residue_or_unread() {
    let mut day = Day::with_themes();
    for n in 1..=5 {
        day.says(n, By::Phone(1));
    }
    day.assigns([1, 2], 1).sets_aside(3).reads(4);
    let coverage = coverage(&day.views(), None);
    assert_eq!((coverage.themed, coverage.set_aside, coverage.residue, coverage.unread), (2, 1, 1, 1));
    assert_eq!((coverage.read, coverage.contributions), (4, 5));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn coverage_is_a_partition(day in any_day()) {
        let views = day.views();
        for of in [None, Some(round(1)), Some(round(2))] {
            let covered = coverage(&views, of);
            let parts = covered.themed + covered.set_aside + covered.residue + covered.unread;
            prop_assert_eq!(parts, covered.contributions);
            prop_assert_eq!(covered.read + covered.unread, covered.contributions);
        }
    }

    #[test]
    fn parts_of_a_tally_add_up_to_it_and_stay_within_the_whole(day in any_day()) {
        let all = tallies(&day.views(), None);
        for tally in &all.themes {
            let sides = tally.room_contributions + tally.remote_contributions + tally.other_contributions;
            prop_assert_eq!(sides, tally.contributions);
            prop_assert_eq!(tally.by_channel.values().sum::<u64>(), tally.contributions);
            prop_assert_eq!(tally.by_round.values().sum::<u64>(), tally.contributions);
            prop_assert_eq!(tally.over_time.iter().map(|(_, count)| count).sum::<u64>(), tally.contributions);
            prop_assert_eq!(tally.by_table.len() as u64, tally.tables);
            prop_assert!(tally.remote_voices <= all.of.remote_voices && tally.tables <= all.of.tables);
            prop_assert!(tally.voices >= tally.remote_voices && tally.withdrawn <= tally.contributions);
        }
    }

    #[test]
    fn the_index_of_a_theme_is_what_its_contributions_say(day in any_day()) {
        let views = day.views();
        for n in 1..=4 {
            let indexed: Vec<_> = views.of_theme(theme(n)).map(|(at, _)| at).collect();
            let said: Vec<_> = views.entries.iter().filter(|(_, entry)| entry.coded.themes.contains(&theme(n)))
                .map(|(at, _)| *at).collect();
            prop_assert_eq!(indexed, said);
        }
    }

    #[test]
    fn a_query_reads_back_from_its_text(query in any_query()) {
        prop_assert_eq!(Query::parse(&query.to_string()), query);
    }

    #[test]
    fn a_query_counts_what_it_selects(day in any_day(), query in any_query()) {
        let views = day.views();
        let selected = query.select(&views);
        prop_assert_eq!(query.count(&views, Unit::Contributions), selected.len() as u64);
        prop_assert!(selected.is_sorted_by(|(a, _), (b, _)| a < b));
        let wider = Query { side: None, ..query };
        for unit in [Unit::Contributions, Unit::Tables, Unit::Voices, Unit::HeardFrom] {
            prop_assert!(query.count(&views, unit) <= wider.count(&views, unit));
        }
    }

    #[test]
    fn no_text_makes_a_query_panic(text in ".*") {
        Query::parse(&text);
    }
}

pub(crate) fn any_query() -> impl Strategy<Value = Query> {
    let side = prop::sample::select(vec![Side::Room, Side::Remote, Side::Other]);
    (
        prop::option::of((1_u128..6).prop_map(theme)),
        prop::option::of((1_u16..4).prop_map(round)),
        prop::option::of(side),
        prop::option::of(prop::sample::select(Channel::ALL.to_vec())),
        prop::option::of((1_u16..5).prop_map(table)),
        prop::option::of(prop::sample::select(Kind::ALL.to_vec())),
        prop::option::of(prop::sample::select(State::ALL.to_vec())),
        prop::option::of("[a-z ]{1,20}"),
    )
        .prop_map(|(theme, round, side, channel, table, kind, state, reason)| Query {
            theme,
            round,
            side,
            channel,
            table,
            kind,
            state,
            reason: reason.as_deref().map(ReasonTag::of),
            ..Query::default()
        })
}

#[test]
fn an_old_link_with_parts_that_nobody_knows_still_opens() {
    let text = "theme=x&round=2&round=&colour=red&side=moon&&=&table=0&state=read";
    let expected = Query { round: None, state: Some(State::Read), ..Query::default() };
    assert_eq!(Query::parse(text), expected);
}
