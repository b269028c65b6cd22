//! A jump that is explained is as high as the line says, whatever was merged, split, retired and undone.

use domain::{Assembly, Meta, Timestamp};
use projections::{Views, jumps};
use proptest::prelude::*;

use crate::given::*;
use crate::recount::{SAID, THEMES, command, context};

fn size(views: &Views, n: u128) -> i64 {
    i64::try_from(views.of_theme(theme(n)).count()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_jump_is_as_high_as_it_says(commands in prop::collection::vec(command(), 0..40)) {
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
            for fact in facts {
                assembly.evolve(&fact.event, &meta);
                let before = day.views();
                day.then(fact.event);
                let after = day.views();
                if after.frame.changes.len() == before.frame.changes.len() { continue }
                for n in 1..=THEMES {
                    let last = jumps(&after.frame.changes, theme(n)).next_back();
                    let now = last.filter(|jump| jump.change.position.get() == after.position);
                    let moved = size(&after, n) - size(&before, n);
                    match now {
                        Some(jump) => prop_assert!(jump.by.is_none_or(|by| by == moved), "{jump:?}: {moved}"),
                        // A theme that is merged away or undone into another explains it there.
                        None => prop_assert!(moved <= 0, "{n} moved by {moved} and nothing says why"),
                    }
                }
            }
        }
    }
}
