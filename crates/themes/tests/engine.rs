//! The engine as its callers see it.

use proptest::prelude::*;
use themes::{Engine, Item, Suggestion, ThemeKey};

const TIMES: ThemeKey = ThemeKey(1);
const FOOD: ThemeKey = ThemeKey(2);
const BUSES: ThemeKey = ThemeKey(3);

/// Three themes with nothing but their wording.
fn worded() -> Engine {
    let mut engine = Engine::new();
    engine.describe(TIMES, "Waiting times", Some("How long people wait to be seen"));
    engine.describe(FOOD, "Food and drink", Some("Meals on the ward"));
    engine.describe(BUSES, "Buses and parking", None);
    engine
}

fn first(engine: &Engine, text: &str) -> Option<ThemeKey> {
    engine.suggest(text, 1).first().map(|suggestion| suggestion.theme)
}

fn themes(suggestions: &[Suggestion]) -> Vec<ThemeKey> {
    suggestions.iter().map(|suggestion| suggestion.theme).collect()
}

/// What a caller can tell the engine.
#[derive(Clone, Debug)]
enum Told {
    Describe(u8, String),
    Merge(u8, u8),
    Retire(u8),
    Learn(u8, String, Vec<u8>),
    Hear(String),
    Forget(u8),
    Refit,
}

fn key(number: u8) -> ThemeKey {
    ThemeKey(u128::from(number))
}

fn tell(engine: &mut Engine, told: &Told) {
    match told {
        Told::Describe(theme, name) => engine.describe(key(*theme), name, None),
        Told::Merge(from, into) => engine.merge(key(*from), key(*into)),
        Told::Retire(theme) => engine.retire(key(*theme)),
        Told::Learn(item, text, themes) => {
            let themes: Vec<_> = themes.iter().map(|theme| key(*theme)).collect();
            engine.learn(Item(u64::from(*item)), text, &themes);
        }
        Told::Hear(text) => engine.hear(text),
        Told::Forget(item) => engine.forget(Item(u64::from(*item))),
        Told::Refit => engine.refit(),
    }
}

fn words() -> impl Strategy<Value = String> {
    let word =
        prop::sample::select(vec!["bus", "late", "food", "kalt", "Ärzte", "nurse", "kind", "👍", "wait"]);
    prop::collection::vec(word, 0..6).prop_map(|words| words.join(" "))
}

fn told() -> impl Strategy<Value = Told> {
    let themes = prop::collection::vec(0..5_u8, 0..3);
    prop_oneof![
        2 => (0..5_u8, words()).prop_map(|(theme, name)| Told::Describe(theme, name)),
        1 => (0..5_u8, 0..5_u8).prop_map(|(from, into)| Told::Merge(from, into)),
        1 => (0..5_u8).prop_map(Told::Retire),
        8 => (0..12_u8, words(), themes).prop_map(|(item, text, themes)| Told::Learn(item, text, themes)),
        3 => words().prop_map(Told::Hear),
        1 => (0..12_u8).prop_map(Told::Forget),
        1 => Just(Told::Refit),
    ]
}

fn replay<'a>(told: impl IntoIterator<Item = &'a Told>) -> Engine {
    let mut engine = Engine::new();
    told.into_iter().for_each(|told| tell(&mut engine, told));
    engine
}

#[test]
fn a_themes_wording_is_enough_for_a_first_guess_in_any_language() {
    let mut english = worded();
    english.describe(ThemeKey(4), "Staff attitude", Some("Kindness of nurses, doctors and receptionists"));
    assert_eq!(first(&english, "We waited four hours before anybody had time"), Some(TIMES));
    assert_eq!(first(&english, "The meal was cold"), Some(FOOD));
    assert_eq!(first(&english, "The buses never come and parking is dear"), Some(BUSES));
    assert_eq!(first(&english, "Every nurse was so kind"), Some(ThemeKey(4)));

    let mut german = Engine::new();
    german.describe(ThemeKey(1), "Wartezeiten", Some("Wie lange man auf einen Termin wartet"));
    german.describe(ThemeKey(2), "Öffentlicher Verkehr", Some("Busse, Bahnen und Haltestellen"));
    german.describe(ThemeKey(3), "Wohnen", Some("Mieten und leistbare Wohnungen"));
    assert_eq!(first(&german, "Drei Monate gewartet, bis ein Termin frei war"), Some(ThemeKey(1)));
    assert_eq!(first(&german, "Der Bus hält nicht mehr an unserer Haltestelle"), Some(ThemeKey(2)));
    assert_eq!(first(&german, "Die Miete für meine WOHNUNG ist zu hoch"), Some(ThemeKey(3)));

    let mut welsh = Engine::new();
    welsh.describe(ThemeKey(1), "Amseroedd aros", Some("Pa mor hir y mae pobl yn aros am apwyntiad"));
    welsh.describe(ThemeKey(2), "Trafnidiaeth gyhoeddus", Some("Bysiau a threnau"));
    welsh.describe(ThemeKey(3), "Yr iaith Gymraeg", Some("Gwasanaethau yn Gymraeg"));
    assert_eq!(first(&welsh, "Roedden ni'n aros tair awr"), Some(ThemeKey(1)));
    assert_eq!(
        first(&welsh, "Does dim bws na thrên ar ddydd Sul, dim trafnidiaeth o gwbl"),
        Some(ThemeKey(2))
    );
    assert_eq!(first(&welsh, "Doedd neb yn siarad Cymraeg"), Some(ThemeKey(3)));
}

#[test]
fn it_says_which_words_spoke_for_a_theme() {
    let mut engine = worded();
    engine.learn(Item(1), "The soup was stone cold", &[FOOD]);
    let text = "Cold soup, and Ärzte who never came: »soup«!";
    let best = &engine.suggest(text, 1)[0];
    assert_eq!(best.theme, FOOD);
    let why: Vec<_> = best.why.iter().map(|at| &text[at.clone()]).collect();
    assert!(why.len() <= 3 && why.contains(&"soup") && why.contains(&"Cold"), "{why:?}");
}

#[test]
fn what_everybody_says_says_little() {
    let mut engine = worded();
    let text = "There is no bus on Sundays";
    // Of food it says "on", as in "on the ward".
    assert_eq!(first(&engine, text), Some(FOOD));
    for _ in 0..10 {
        for said in ["Nobody on the phone", "On time, for once", "I was on hold", "It depends on the doctor"]
        {
            engine.hear(said);
        }
    }
    // What was learnt before comes up to date as the next is.
    engine.learn(Item(1), "Thank you", &[]);
    assert_eq!(first(&engine, text), Some(BUSES));
}

#[test]
fn it_learns_from_what_people_confirm() {
    let mut engine = worded();
    let text = "The lift is broken again";
    for number in 0..4 {
        engine.learn(Item(number), &format!("{text}, {number} weeks now"), &[ThemeKey(9)]);
    }
    let best = &engine.suggest(text, 2)[0];
    assert!(best.theme == ThemeKey(9) && best.likely && best.score.0 > 1 << 15, "{best:?}");
    // In no theme is something to learn as well.
    for number in 0..4 {
        engine.learn(Item(number), &format!("{text}, {number} weeks now"), &[]);
    }
    assert!(!engine.suggest(text, 9).iter().any(|suggestion| suggestion.likely));
    assert_eq!(engine.confirmations(), 8);
}

#[test]
fn what_was_merged_speaks_for_the_other_and_what_was_retired_for_nothing() {
    let mut engine = worded();
    engine.learn(Item(1), "No bus after nine", &[BUSES, TIMES]);
    engine.merge(BUSES, TIMES);
    engine.learn(Item(2), "The bus never comes", &[BUSES]);
    assert_eq!(first(&engine, "bus"), Some(TIMES));
    engine.retire(TIMES);
    engine.learn(Item(3), "No bus at all", &[BUSES, TIMES]);
    assert_eq!(themes(&engine.suggest("bus", 9)), [FOOD]);
    // Undone: it is there again when it is described, with what is learnt again.
    engine.describe(BUSES, "Buses", None);
    engine.learn(Item(3), "No bus at all", &[BUSES]);
    assert_eq!(first(&engine, "bus"), Some(BUSES));
}

#[test]
fn any_text_has_an_answer() {
    let mut engine = worded();
    let long = "Waiting ".repeat(500);
    assert_eq!(long.len(), 4_000);
    for text in [
        "",
        " \n",
        "…!?",
        "👍👍🏽 ❤️",
        "الانتظار طويل جدا في العيادة",
        "המתנה ארוכה 4 שעות",
        &long,
        &"x".repeat(4_000),
    ] {
        let before = engine.suggest(text, 3);
        assert_eq!(before.is_empty(), text.trim().is_empty() || text == "…!?");
        engine.learn(Item(1), text, &[TIMES]);
        for suggestion in engine.suggest(text, 3) {
            assert!(
                suggestion.why.iter().all(|at| text.get(at.clone()).is_some_and(|word| !word.is_empty()))
            );
        }
    }
    assert_eq!(first(&engine, &long), Some(TIMES));
    assert!(Engine::new().suggest("Waiting", 3).is_empty() && engine.suggest("Waiting", 0).is_empty());
}

#[test]
fn another_machine_says_the_same() {
    let mut engine = worded();
    let said =
        ["Three hours in the waiting room", "Cold tea, no meal", "Kein Bus am Sonntag", "Araf iawn 👎", ""];
    for number in 0..500_u64 {
        let text = format!("{} {}", said[number as usize % said.len()], number % 37);
        engine.hear(&text);
        let themes = [TIMES, FOOD, BUSES, ThemeKey(4)];
        engine.learn(
            Item(number % 450),
            &text,
            &themes[number as usize % 4..][..usize::from(number % 7 != 0)],
        );
        if number == 300 {
            engine.merge(ThemeKey(4), TIMES);
        }
    }
    engine.refit();
    engine.learn(Item(1_000), "And one after that", &[FOOD]);
    let hex: String = engine.state_hash().iter().map(|byte| format!("{byte:02x}")).collect();
    // A change here changes what is suggested: `Engine::ID` has to change with it.
    assert_eq!(
        (Engine::ID, hex.as_str()),
        ("lexical-1", "900ef89333791c79258f5786350e9cf55ed062b68ccbd3a62dc7a0128d83ca57")
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn replay_comes_to_the_same_state_however_it_is_cut(told in prop::collection::vec(told(), 0..40), cut in 0..40_usize) {
        let live = replay(&told);
        let mut other = replay(&told[..cut.min(told.len())]);
        // Asking in between teaches nothing.
        other.suggest("bus food wait", 3);
        told[cut.min(told.len())..].iter().for_each(|told| tell(&mut other, told));
        prop_assert_eq!(live.state_hash(), other.state_hash());
        prop_assert_eq!(live.suggest("bus food late", 9), other.suggest("bus food late", 9));
    }

    #[test]
    fn to_learn_twice_is_to_learn_once(told in prop::collection::vec(told(), 0..20), text in words(), theme in 0..5_u8) {
        let mut engine = replay(&told);
        engine.learn(Item(1), &text, &[key(theme)]);
        let (hash, confirmations) = (engine.state_hash(), engine.confirmations());
        engine.learn(Item(1), &text, &[key(theme), key(theme)]);
        prop_assert_eq!((engine.state_hash(), engine.confirmations()), (hash, confirmations));
    }

    #[test]
    fn a_batch_is_the_same_in_any_order(
        learnt in prop::collection::btree_map(0..30_u64, (words(), prop::collection::vec(0..5_u8, 0..3)), 1..20),
        asked in words(),
    ) {
        let fit = |order: &mut dyn Iterator<Item = (&u64, &(String, Vec<u8>))>| {
            let mut engine = Engine::new();
            (0..5).for_each(|theme| engine.describe(key(theme), ["a", "bus", "kind", "", "Ärzte"][usize::from(theme)], None));
            for (item, (text, themes)) in order {
                let themes: Vec<_> = themes.iter().map(|theme| key(*theme)).collect();
                engine.learn(Item(*item), text, &themes);
            }
            engine.refit();
            engine
        };
        let (one, other) = (fit(&mut learnt.iter()), fit(&mut learnt.iter().rev()));
        prop_assert_eq!(one.suggest(&asked, 9), other.suggest(&asked, 9));
    }

    #[test]
    fn no_theme_that_is_gone_is_ever_suggested(told in prop::collection::vec(told(), 0..30), from in 0..5_u8, into in 0..5_u8) {
        prop_assume!(from != into);
        let mut engine = replay(&told);
        engine.describe(key(from), "bus", None);
        engine.merge(key(from), key(into));
        engine.learn(Item(1), "late bus", &[key(from)]);
        let all = themes(&engine.suggest("late bus", 9));
        prop_assert!(!all.is_empty() && !all.contains(&key(from)), "{all:?}");
    }

    #[test]
    fn reasons_are_whole_characters_of_the_text(text in "\\PC{0,80}", told in prop::collection::vec(told(), 0..10)) {
        let mut engine = replay(&told);
        engine.learn(Item(1), &text, &[key(1)]);
        for suggestion in engine.suggest(&text, 9) {
            prop_assert!(suggestion.why.len() <= 3);
            prop_assert!(suggestion.why.iter().all(|at| text.get(at.clone()).is_some_and(|word| !word.is_empty())));
        }
    }
}
