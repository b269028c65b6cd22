use proptest::prelude::*;

use super::*;

/// Samples of `drawn` of `of`, that hold each count: from the binomial numbers, for small ones.
fn share_covered(marked: u32, drawn: u32, of: u32) -> f64 {
    let ways = |n: u32, k: u32| (0..k).fold(1.0, |ways, i| ways * f64::from(n - i) / f64::from(i + 1));
    let counts = drawn.saturating_sub(of - marked)..=drawn.min(marked);
    let covers = |found: &u32| {
        let Interval { low, high } = interval(*found, drawn, of);
        (low..=high).contains(&marked)
    };
    let share = |found| ways(marked, found) * ways(of - marked, drawn - found) / ways(of, drawn);
    counts.filter(covers).map(share).sum()
}

#[test]
fn a_sample_of_all_leaves_no_doubt_and_one_of_none_leaves_all() {
    assert_eq!(interval(7, 40, 40), Interval { low: 7, high: 7 });
    assert_eq!(interval(0, 40, 40), Interval { low: 0, high: 0 });
    assert_eq!(interval(0, 0, 40), Interval { low: 0, high: 40 });
    assert_eq!(interval(0, 0, 0), Interval { low: 0, high: 0 });
    assert_eq!(interval(u32::MAX, u32::MAX, u32::MAX), Interval { low: u32::MAX, high: u32::MAX });
}

#[test]
fn finding_none_one_or_all_says_what_is_still_possible() {
    // Of 640, 100 are drawn. With 17 marked, one sample in twenty still holds none: 540/640 · 539/639 · … = .0525 (17 factors).
    assert_eq!(interval(0, 100, 640), Interval { low: 0, high: 17 });
    assert_eq!(interval(100, 100, 640), Interval { low: 623, high: 640 });
    let one = interval(1, 100, 640);
    assert_eq!(one.low, 1);
    assert!((26..31).contains(&one.high), "{one:?}");
    // Nobody drew more than there are.
    assert_eq!(interval(3, 90, 50), interval(3, 50, 50));
    assert_eq!(interval(90, 20, 50), interval(20, 20, 50));
}

#[test]
fn a_large_record_is_as_narrow_as_the_normal_law_says() {
    // p = .2, 1.96 · sqrt(p (1 - p) / 10,000) = .00784, times sqrt(1 - 10,000 / 1,000,000) = .0078 of a million.
    let Interval { low, high } = interval(2_000, 10_000, 1_000_000);
    assert!((192_100..192_400).contains(&low), "{low}");
    assert!((207_800..208_100).contains(&high), "{high}");
}

/// Exact, over every sample that there is. One rate alone jumps, because counts are whole; the rates of a frame together
/// are what a reader of the paper meets.
#[test]
fn nineteen_of_twenty_intervals_hold_what_is_true() {
    for (of, drawn) in [(60, 20), (60, 50), (200, 50), (640, 100), (640, 300)] {
        let shares: Vec<_> = (0..=of).map(|marked| share_covered(marked, drawn, of)).collect();
        let mean = shares.iter().sum::<f64>() / f64::from(of + 1);
        assert!((0.93..=0.975).contains(&mean), "{drawn} of {of}: {mean}");
        let worst = shares.iter().copied().fold(1.0, f64::min);
        assert!(worst > 0.90, "{drawn} of {of}: {worst}");
    }
}

/// From the binomial numbers, for small ones.
#[test]
fn the_chance_of_so_many_is_that_of_all_samples_that_hold_them() {
    let ways = |n: u32, k: u32| (0..k).fold(1.0, |ways, i| ways * f64::from(n - i) / f64::from(i + 1));
    for (marked, drawn, of) in [(5, 10, 40), (12, 30, 40), (1, 1, 2), (0, 3, 9), (9, 9, 9)] {
        for found in 0..=drawn + 1 {
            let counts = (found..=drawn).filter(|n| *n <= marked && drawn - n <= of - marked);
            let exact: f64 =
                counts.map(|n| ways(marked, n) * ways(of - marked, drawn - n) / ways(of, drawn)).sum();
            let told = chance_of_at_least(found, marked, drawn, of) as f64 / (1u64 << CHANCE_BITS) as f64;
            assert!((told - exact).abs() < 1e-9, "{found} of {drawn}, {marked} of {of}: {told} {exact}");
        }
    }
    assert_eq!(chance_of_at_least(0, 0, 0, 0), 1 << CHANCE_BITS);
}

proptest! {
    #[test]
    fn an_interval_holds_the_estimate_and_stays_possible(of in 0..5_000u32, drawn in 0..5_000u32, found in 0..5_000u32) {
        let drawn = drawn % (of + 1);
        let found = found % (drawn + 1);
        let Interval { low, high } = interval(found, drawn, of);
        prop_assert!(found <= low && low <= high && high <= of - (drawn - found));
        if drawn > 0 {
            let estimate = (u64::from(found) * u64::from(of)).div_ceil(u64::from(drawn));
            prop_assert!(u64::from(low) <= estimate && u64::from(found) * u64::from(of) / u64::from(drawn) <= u64::from(high));
        }
        // Who calls the marked ones unmarked gets the same, seen from the other side.
        let turned = interval(drawn - found, drawn, of);
        prop_assert_eq!((of - turned.high, of - turned.low), (low, high));
    }

    #[test]
    fn one_more_found_never_lowers_an_end(of in 1..2_000u32, drawn in 1..2_000u32, found in 0..2_000u32) {
        let drawn = 1 + drawn % of;
        let found = found % drawn;
        let (fewer, more) = (interval(found, drawn, of), interval(found + 1, drawn, of));
        prop_assert!(fewer.low <= more.low && fewer.high <= more.high);
    }
}

/// Cohen's kappa from a table.
fn kappa(both: u64, first_only: u64, second_only: u64, neither: u64) -> Option<i32> {
    Agreement { both, first_only, second_only, neither }.kappa().map(|Kappa(thousandths)| thousandths)
}

#[test]
fn kappa_is_what_comes_out_by_hand() {
    // Agreed 35 of 50 = .7; by chance .5 · .6 + .5 · .4 = .5; (.7 - .5) / .5 = .4.
    assert_eq!(kappa(20, 5, 10, 15), Some(400));
    // Agreed .6; by chance .7 · .6 + .3 · .4 = .54; .06 / .46 = .1304…
    assert_eq!(kappa(45, 25, 15, 15), Some(130));
    // Agreed .6; by chance .6 · .3 + .4 · .7 = .46; .14 / .54 = .2593…
    assert_eq!(kappa(25, 35, 5, 35), Some(259));
    assert_eq!(kappa(7, 0, 0, 9), Some(1000));
    assert_eq!(kappa(0, 4, 4, 0), Some(-1000));
    assert_eq!(kappa(25, 25, 25, 25), Some(0));
    // One never, the other sometimes: what chance gives.
    assert_eq!(kappa(0, 5, 0, 15), Some(0));
}

#[test]
fn kappa_is_undefined_where_nothing_varied() {
    assert_eq!(kappa(0, 0, 0, 0), None);
    assert_eq!(kappa(0, 0, 0, 12), None);
    assert_eq!(kappa(12, 0, 0, 0), None);
}

#[test]
fn agreement_is_counted_theme_by_theme_and_together() {
    let [a, b] = [ThemeKey(1), ThemeKey(2)];
    let coded = [(vec![a], vec![a]), (vec![a, b], vec![b]), (vec![], vec![b]), (vec![], vec![])];
    let Agreements { themes, pooled } = agreement(&[a, b], &coded);
    let of_a = Agreement { both: 1, first_only: 1, second_only: 0, neither: 2 };
    let of_b = Agreement { both: 1, first_only: 0, second_only: 1, neither: 2 };
    assert_eq!(themes, [(a, of_a), (b, of_b)]);
    assert_eq!(pooled, Agreement { both: 2, first_only: 1, second_only: 1, neither: 4 });
    // Agreed .75; by chance .5 · .25 + .5 · .75 = .5.
    assert_eq!(of_a.kappa(), Some(Kappa(500)));
    // Agreed .75; by chance (3/8)² + (5/8)² = .53125; .21875 / .46875 = .4667.
    assert_eq!(pooled.kappa(), Some(Kappa(467)));
    assert_eq!(agreement(&[], &coded).pooled.kappa(), None);
}

proptest! {
    #[test]
    fn kappa_does_not_ask_who_came_first_or_what_yes_means(a in 0..90u64, b in 0..90u64, c in 0..90u64, d in 0..90u64) {
        let straight = kappa(a, b, c, d);
        prop_assert_eq!(straight, kappa(a, c, b, d));
        prop_assert_eq!(straight, kappa(d, b, c, a));
        prop_assert!(straight.is_none_or(|kappa| (-1000..=1000).contains(&kappa)));
    }
}
