//! The engine with what a sentence model has said beside the words. The meanings are made up here, so that no model is
//! needed: one axis for each thing that can be meant.
#![cfg(test)]

use proptest::prelude::*;
use themes::{Embedding, Engine, Item, ThemeKey, WIDTH};

const TIMES: ThemeKey = ThemeKey(1);
const FOOD: ThemeKey = ThemeKey(2);

/// Mostly one thing, and a little of all others.
fn meaning(axis: usize) -> Embedding {
    Embedding::of(&std::array::from_fn(
        |place| if place == axis { 1.0 } else { 0.05 - place as f32 / 10_000.0 },
    ))
}

fn first(engine: &Engine, text: &str, embedding: Option<&Embedding>) -> Option<ThemeKey> {
    engine.suggest_with(text, embedding, 1).first().map(|suggestion| suggestion.theme)
}

/// Both themes have been said in other words each time.
fn taught() -> Engine {
    let mut engine = Engine::new();
    for (number, text) in (0..).zip(["three hours", "ages", "the whole day", "until dark"]) {
        engine.learn_with(Item(number), text, Some(&meaning(10)), &[TIMES]);
    }
    for (number, text) in (10..).zip(["cold soup", "no fruit", "stale bread", "burnt rice"]) {
        engine.learn_with(Item(number), text, Some(&meaning(20)), &[FOOD]);
    }
    engine
}

#[test]
fn what_is_meant_alike_is_found_though_no_word_is_the_same() {
    let engine = taught();
    for (axis, theme) in [(10, TIMES), (20, FOOD)] {
        let best = &engine.suggest_with("quite different", Some(&meaning(axis)), 2)[0];
        assert!(best.theme == theme && best.likely, "{best:?}");
    }
    // Words still count, and only they can be named as a reason.
    let best = &engine.suggest_with("soup and bread", Some(&meaning(20)), 1)[0];
    assert!(best.theme == FOOD && best.why == [0..4, 9..14], "{best:?}");
    assert_eq!(first(&engine, "soup and bread", None), Some(FOOD));
}

#[test]
fn a_wording_has_a_meaning_too() {
    let mut engine = Engine::new();
    engine.describe_with(TIMES, "Waiting", None, Some(&meaning(10)));
    engine.describe_with(FOOD, "Meals", None, Some(&meaning(20)));
    assert_eq!(first(&engine, "quite different", Some(&meaning(10))), Some(TIMES));
    assert_eq!(first(&engine, "quite different", Some(&meaning(20))), Some(FOOD));
    // Described without it, it has none any more.
    engine.describe(TIMES, "Waiting", None);
    engine.describe(FOOD, "Meals", None);
    let mut never = Engine::new();
    never.describe(TIMES, "Waiting", None);
    never.describe(FOOD, "Meals", None);
    let margins = |engine: &Engine| engine.suggest_with("waiting", Some(&meaning(20)), 2);
    assert_eq!(margins(&engine)[0].theme, margins(&never)[0].theme);
}

#[test]
fn another_meaning_is_something_new_to_learn() {
    let mut engine = taught();
    let (hash, confirmations) = (engine.state_hash(), engine.confirmations());
    engine.learn_with(Item(0), "three hours", Some(&meaning(10)), &[TIMES]);
    assert_eq!((engine.state_hash(), engine.confirmations()), (hash, confirmations));
    engine.learn_with(Item(0), "three hours", Some(&meaning(11)), &[TIMES]);
    assert_eq!(engine.confirmations(), confirmations + 1);
    let other = engine.state_hash();
    engine.learn(Item(0), "three hours", &[TIMES]);
    assert_eq!(engine.confirmations(), confirmations + 2);
    assert!(hash != other && other != engine.state_hash());
}

#[test]
fn the_state_is_the_same_on_every_machine() {
    let mut engine = taught();
    engine.learn(Item(30), "late bread", &[TIMES, FOOD]);
    engine.merge(TIMES, FOOD);
    engine.forget(Item(1));
    engine.refit();
    let hex: String = engine.state_hash().iter().map(|byte| format!("{byte:02x}")).collect();
    // A change here changes what is suggested, or what it follows from.
    assert_eq!(hex, "8b72af5ca7745b697e74d0f60d8f3335e083d393c3ee7b94da19be2e98ad85ef");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// With meanings or without, in part, and with themes that come and go in between.
    #[test]
    fn replay_comes_to_the_same_state_however_it_is_cut(
        told in prop::collection::vec((0..9_u64, prop::option::of(0..4_usize), 0..4_u128, 0..12_u8), 0..30),
        cut in 0..30_usize,
    ) {
        let tell = |engine: &mut Engine, told: &[(u64, Option<usize>, u128, u8)]| {
            for (item, axis, theme, what) in told {
                let embedding = axis.map(meaning);
                match what {
                    0 => engine.merge(ThemeKey(*theme), ThemeKey(u128::from(*item))),
                    1 => engine.retire(ThemeKey(*theme)),
                    2 => engine.forget(Item(*item)),
                    3 => engine.refit(),
                    4 => engine.describe_with(ThemeKey(*theme), "kind staff", None, embedding.as_ref()),
                    _ => engine.learn_with(Item(*item), "late bus", embedding.as_ref(), &[ThemeKey(*theme)]),
                }
            }
        };
        let (mut live, mut other) = (Engine::new(), Engine::new());
        tell(&mut live, &told);
        let (before, after) = told.split_at(cut.min(told.len()));
        tell(&mut other, before);
        other.suggest_with("bus", Some(&meaning(3)), 9);
        tell(&mut other, after);
        prop_assert_eq!(live.state_hash(), other.state_hash());
        let asked = meaning(2);
        prop_assert_eq!(live.suggest_with("a bus", Some(&asked), 9), other.suggest_with("a bus", Some(&asked), 9));
    }

    /// A text without words has nothing that could be shown as a reason.
    #[test]
    fn no_words_and_no_direction_suggest_nothing_new(text in "\\PC{0,20}") {
        let engine = taught();
        let nowhere = Embedding::of(&[0.0; WIDTH]);
        prop_assert_eq!(engine.suggest_with(&text, Some(&nowhere), 9), engine.suggest(&text, 9));
        prop_assert!(engine.suggest_with("…", Some(&meaning(10)), 9).is_empty());
    }
}
