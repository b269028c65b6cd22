//! However the code frame is merged, split, renamed and undone: the figures are those of a count from nothing.

use domain::{
    Actor, Assembly, ChangeNumber, Channel, Command, Context, Event, Meta, Rejection, SplitTheme, Timestamp,
    When,
};
use projections::{Views, tallies};
use proptest::prelude::*;

use crate::given::*;

pub(crate) const SAID: u128 = 8;
pub(crate) const THEMES: u128 = 7;

pub(crate) fn context() -> Context {
    Context {
        at: Timestamp(1),
        today: domain::Date::EPOCH,
        actor: Actor::CONSOLE,
        channel: Channel::Room,
        voice: None,
        lot: [0; 16],
    }
}

pub(crate) fn command() -> impl Strategy<Value = Command> {
    let one = || (1..=SAID).prop_map(said);
    let of = || (1..=THEMES).prop_map(theme);
    let some = prop::collection::btree_set(of(), 0..3);
    let split = (of(), of(), prop::collection::vec(one(), 1..4)).prop_map(|(theme, into, contributions)| {
        let name = theme_name(&format!("Part {into}"));
        let split = SplitTheme { theme, into, name, definition: None, contributions, reason: reason() };
        Command::SplitTheme(Box::new(split))
    });
    let undo = (1_u16..20).prop_filter_map("changes count from 1", ChangeNumber::new);
    prop_oneof![
        6 => (one(), some).prop_map(|(contribution, themes)| {
            Command::Code { contribution, themes, when: When::Always }
        }),
        1 => one().prop_map(|contribution| Command::PutBack { contribution }),
        2 => (of(), of()).prop_map(|(theme, into)| Command::MergeTheme { theme, into, reason: reason() }),
        1 => of().prop_map(|theme| Command::RetireTheme { theme, reason: reason() }),
        2 => split,
        3 => undo.prop_map(|change| Command::UndoChange { change, reason: reason() }),
        1 => of().prop_map(|theme| {
            let name = theme_name(&format!("Renamed {theme}"));
            Command::RenameTheme { theme, name, reason: reason() }
        }),
    ]
}

/// The same record, as the rules and as the views know it.
fn lived(commands: &[Command]) -> (Assembly, Views) {
    let mut day = Day::with_themes();
    for n in 1..=SAID {
        day.says(n, By::Phone(n as u8));
    }
    day.assigns([1, 2, 3], 1).assigns([3, 4], 2);
    let mut assembly = Assembly::default();
    let meta = Meta { at: Timestamp(1), channel: None, voice: None, device: None };
    day.events.iter().for_each(|recorded| assembly.evolve(&recorded.event, &meta));
    for command in commands {
        let Ok(facts) = assembly.decide(command, &context()) else { continue };
        for fact in facts {
            assembly.evolve(&fact.event, &meta);
            day.then(fact.event);
        }
    }
    (assembly, day.views())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn tallies_are_a_recount_and_nothing_is_counted_twice(commands in prop::collection::vec(command(), 0..60)) {
        let (assembly, views) = lived(&commands);
        let counted = tallies(&views, None);
        let mut live = 0;
        for theme in (1..=THEMES).map(theme) {
            let is_in = |n: &u128| {
                let assign = Command::Assign { contribution: said(*n), theme };
                assembly.decide(&assign, &context()) == Err(Rejection::AlreadyAssigned)
            };
            let recounted = (1..=SAID).filter(is_in).count() as u64;
            let tally = counted.themes.iter().find(|tally| tally.theme == theme);
            prop_assert_eq!(tally.map_or(0, |tally| tally.contributions), recounted, "{}", theme);
            // Every contribution here is of a voice of its own, so one that counted twice would be seen.
            prop_assert_eq!(tally.map_or(0, |tally| tally.voices), recounted);
            live += u64::from(tally.is_some());
        }
        prop_assert_eq!(counted.themes.len() as u64, live);
        let of_no_theme = views.entries.values().filter(|entry| entry.coded.themes.is_empty()).count() as u64;
        prop_assert_eq!(counted.coverage.contributions - counted.coverage.themed, of_no_theme);
    }

    #[test]
    fn every_change_says_by_how_much_the_tally_jumped(commands in prop::collection::vec(command(), 0..30)) {
        let mut day = Day::with_themes();
        for n in 1..=SAID {
        day.says(n, By::Phone(n as u8));
    }
        day.assigns([1, 2, 3], 1).assigns([3, 4], 2);
        let mut assembly = Assembly::default();
        let meta = Meta { at: Timestamp(1), channel: None, voice: None, device: None };
        day.events.iter().for_each(|recorded| assembly.evolve(&recorded.event, &meta));
        for command in &commands {
            let Ok(facts) = assembly.decide(command, &context()) else { continue };
            let before = day.views();
            for fact in facts {
                assembly.evolve(&fact.event, &meta);
                let changes = matches!(fact.event, Event::ThemeMerged { .. } | Event::ThemeSplit { .. } | Event::ChangeUndone { .. });
                day.then(fact.event);
                if !changes { continue }
                let after = day.views();
                let Some(change) = after.frame.changes.last() else { continue };
                let size = |views: &Views, theme| views.of_theme(theme).count().abs_diff(0);
                let jumps = [Some(change.theme), change.other].into_iter().flatten()
                    .map(|theme| size(&after, theme).abs_diff(size(&before, theme)));
                prop_assert!(jumps.clone().any(|jump| jump == change.moved as usize), "{:?}", change);
            }
        }
    }
}
