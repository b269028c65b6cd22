use proptest::prelude::*;

use super::*;

const LETTER: &str = "Please keep the walk-in centre on Station Road open in the evenings, because people who work \
                      shifts have nowhere else to go and the hospital is forty minutes away by bus";
const EDITED: &str = "Please keep our walk-in centre on Station Road open at weekends, because people who work shifts \
                      have nowhere else to turn and the infirmary is forty minutes away by bus";
const OTHER: &str = "The receptionist was patient with my father, who is deaf, and wrote everything down for him in \
                     large letters before we went home with the new tablets";

fn with(texts: &[&str]) -> DuplicateIndex {
    let mut index = DuplicateIndex::new();
    for (item, text) in (1..).zip(texts) {
        index.add(Item(item), text);
    }
    index
}

fn groups(index: &DuplicateIndex) -> Vec<Vec<u64>> {
    index.groups().into_iter().map(|group| group.items.into_iter().map(|Item(item)| item).collect()).collect()
}

#[test]
fn a_copy_with_words_changed_names_the_first_of_its_group() {
    let mut index = with(&[OTHER, LETTER]);
    assert_eq!(index.add(Item(3), EDITED), Some(Item(2)));
    assert_eq!(index.add(Item(4), &LETTER.to_uppercase()), Some(Item(2)));
    assert_eq!(groups(&index), [[2, 3, 4]]);
    assert_eq!([1, 3, 9].map(|item| index.first(Item(item))), [Some(Item(1)), Some(Item(2)), None]);
}

#[test]
fn short_texts_are_in_no_group_however_alike() {
    for text in ["", "yes", "None.", "waiting times", "Staff were very friendly and helpful"] {
        let index = with(&[text, text, text]);
        assert!(groups(&index).is_empty(), "{text}");
        assert_eq!(index, DuplicateIndex::new());
    }
    let eight = "more buses to the hospital in the evening";
    assert_eq!(groups(&with(&[eight, eight])), [[1, 2]]);
    assert!(groups(&with(&[&eight[5..], &eight[5..]])).is_empty());
}

#[test]
fn a_campaign_does_not_make_its_own_words_common() {
    let mut index = DuplicateIndex::new();
    for n in 0..500 {
        index.add(Item(n), LETTER);
    }
    index.add(Item(500), OTHER);
    // Nearly everybody sends the letter; an edited one is still found.
    assert_eq!(index.add(Item(501), EDITED), Some(Item(0)));
}

#[test]
fn when_the_first_is_forgotten_the_next_one_is_shown() {
    let mut index = with(&[LETTER, EDITED, OTHER, LETTER]);
    index.forget(Item(1));
    assert_eq!(groups(&index), [[2, 4]]);
    assert_eq!(index.add(Item(5), LETTER), Some(Item(2)));
    index.forget(Item(2));
    index.forget(Item(4));
    assert!(groups(&index).is_empty());
    // It is alone now, and found all the same.
    assert_eq!(index.add(Item(6), EDITED), Some(Item(5)));
    (3..=6).for_each(|item| index.forget(Item(item)));
    assert_eq!(index, DuplicateIndex::new());
}

#[test]
fn of_many_copies_one_takes_the_place_of_a_forgotten_one() {
    let mut index = DuplicateIndex::new();
    let count = COMPARED_OF_GROUP as u64 + 4;
    (0..count).for_each(|item| assert_eq!(index.add(Item(item), LETTER).is_some(), item > 0));
    (0..count - 1).for_each(|item| index.forget(Item(item)));
    assert_eq!(index.add(Item(count), EDITED), Some(Item(count - 1)));
}

#[test]
fn a_corrected_text_is_taken_anew() {
    let mut index = with(&[LETTER, LETTER]);
    assert_eq!(index.add(Item(2), OTHER), None);
    assert!(groups(&index).is_empty());
    assert_eq!(index, with(&[LETTER, OTHER]));
}

#[test]
fn of_the_longest_texts_the_beginning_is_compared() {
    let word = |n: u32| format!("w{:x}", n.wrapping_mul(2_654_435_761));
    let long: Vec<_> = (0..700).map(word).collect();
    let edited = long.iter().enumerate().map(|(n, word)| if n % 5 == 0 { "changed" } else { word });
    let edited: Vec<_> = edited.collect();
    let other: Vec<_> = (1_000..1_700).map(word).collect();
    let mut index = with(&[&long.join(" "), &other.join(" ")]);
    assert_eq!(index.add(Item(3), &edited.join(" ")), Some(Item(1)));
}

/// A few texts that are alike, unlike or short.
fn some_text() -> impl Strategy<Value = String> {
    let words =
        prop::collection::vec(prop::sample::select(vec!["bus", "late", "ward", "kind", "open"]), 0..3);
    (prop::sample::select(vec![LETTER, EDITED, OTHER, "yes", "👍"]), words)
        .prop_map(|(text, more)| format!("{text} {}", more.join(" ")))
}

proptest! {
    #[test]
    fn forgetting_what_came_last_leaves_what_was_before(texts in prop::collection::vec(some_text(), 0..12), last in some_text()) {
        let texts: Vec<_> = texts.iter().map(String::as_str).collect();
        let before = with(&texts);
        let mut after = before.clone();
        after.add(Item(99), &last);
        after.forget(Item(99));
        prop_assert_eq!(before, after);
    }

    #[test]
    fn whatever_comes_and_goes_every_text_is_in_one_group(
        steps in prop::collection::vec((0..8u64, prop::option::of(some_text())), 0..40),
    ) {
        let mut index = DuplicateIndex::new();
        for (item, text) in steps {
            match text {
                Some(text) => {
                    let first = index.add(Item(item), &text);
                    prop_assert!(first.is_none_or(|first| index.first(Item(item)) == Some(first) && first != Item(item)));
                }
                None => index.forget(Item(item)),
            }
            let listed: Vec<_> = index.groups.values().flatten().copied().collect();
            prop_assert_eq!(listed.len(), index.texts.len());
            for (first, items) in &index.groups {
                prop_assert_eq!(items.first(), Some(first));
                prop_assert!(items.iter().all(|item| index.first(*item) == Some(*first)));
            }
            let found = index.words.values().flat_map(|word| &word.found);
            prop_assert!(found.clone().all(|item| index.texts.contains_key(item)));
        }
        (0..8).for_each(|item| index.forget(Item(item)));
        prop_assert_eq!(index, DuplicateIndex::new());
    }
}
