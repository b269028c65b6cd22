use proptest::prelude::*;

use super::*;

const SUBJECTS: [[&str; 4]; 3] = [
    ["bus", "timetable", "evening bus", "bus stop"],
    ["parking", "car park", "parking ticket", "cars"],
    ["porridge", "cold breakfast", "breakfast tray", "porridge again"],
];
/// Sixteen texts about each of three subjects.
fn texts() -> Vec<String> {
    let about = |subject: [&'static str; 4]| {
        subject.into_iter().flat_map(move |one| subject.map(|other| format!("{one} and the {other}")))
    };
    SUBJECTS.into_iter().flat_map(about).collect()
}

fn unexplained(texts: &[String]) -> Vec<Unexplained<'_>> {
    (0..).zip(texts).map(|(item, text)| Unexplained { item: Item(item), text, voice: None }).collect()
}

const EXPLAINED: [(Item, &str); 3] = [
    (Item(900), "I would say that the nurse was kind and we mind"),
    (Item(901), "Please think about the nurses before next year then"),
    (Item(902), "What about the doctor who asked us about it"),
];

#[test]
fn each_subject_is_proposed_once_by_five_of_its_texts() {
    let texts = texts();
    let found = candidates(&unexplained(&texts), &EXPLAINED, 3);
    assert!(!found.is_empty());
    for candidate in &found {
        let subjects: BTreeSet<_> = candidate.exemplars.iter().map(|item| item.0 / 16).collect();
        assert_eq!(subjects.len(), 1, "{candidate:?}");
        let (item, range) = candidate.phrase.clone();
        assert!(candidate.exemplars.contains(&item));
        let phrase = &texts[item.0 as usize][range];
        assert!(candidate.name.to_lowercase().starts_with(&phrase.to_lowercase()), "{candidate:?}");
        assert!(candidate.exemplars.iter().all(|item| candidate.members.contains(item)));
    }
}

#[test]
fn one_person_makes_no_theme_and_too_few_texts_do_not_either() {
    let texts = texts();
    let mut given = unexplained(&texts);
    given.iter_mut().for_each(|text| text.voice = Some(u128::from(text.item.0) % 2));
    assert_eq!(candidates(&given, &EXPLAINED, 20), []);
    given.iter_mut().for_each(|text| text.voice = Some(u128::from(text.item.0) % 3));
    assert_ne!(candidates(&given, &EXPLAINED, 20), []);
    assert_eq!(candidates(&unexplained(&texts[..4]), &EXPLAINED, 20), []);
    assert_eq!(candidates(&[], &[], 20), []);
    let silent = vec!["…".to_owned(); 40];
    assert_eq!(candidates(&unexplained(&silent), &EXPLAINED, 20), []);
}

#[test]
fn exemplars_are_of_different_people_and_in_different_words_where_there_are_some() {
    let mut texts: Vec<_> = (0..9).map(|_| "the bus was late in the evening".to_owned()).collect();
    texts.extend(
        ["tonight", "yesterday", "again", "on Monday"]
            .map(|when| format!("the bus was late in the evening {when}")),
    );
    let mut given = unexplained(&texts);
    given.iter_mut().for_each(|text| text.voice = Some(u128::from(text.item.0)));
    let found = candidates(&given, &EXPLAINED, 1);
    let words: BTreeSet<_> = found[0].exemplars.iter().map(|item| texts[item.0 as usize].as_str()).collect();
    assert_eq!(words.len(), 5);
}

#[test]
fn the_newest_are_looked_at() {
    let older = (0..UNEXPLAINED_MAX).map(|_| "the parking ticket was far too expensive".to_owned());
    let newer = (0..UNEXPLAINED_MAX).map(|_| "cold porridge for breakfast".to_owned());
    let texts: Vec<_> = older.chain(newer).collect();
    let found = candidates(&unexplained(&texts), &[], 1);
    assert!(found[0].members.iter().all(|item| item.0 >= UNEXPLAINED_MAX as u64));
    assert_eq!(found[0].members.len(), UNEXPLAINED_MAX);
}

proptest! {
    #[test]
    fn the_order_in_which_texts_are_given_does_not_matter(
        words in prop::collection::vec(prop::collection::vec(prop::sample::select(vec!["bus", "late", "car", "park", "kind", "ward"]), 0..5), 0..50),
        turn in 0..50usize, most in 0..8usize,
    ) {
        let texts: Vec<_> = words.iter().map(|words| words.join(" ")).collect();
        let mut given = unexplained(&texts);
        let found = candidates(&given, &EXPLAINED, most);
        prop_assert!(found.len() <= most);
        let turn = turn % given.len().max(1);
        given.rotate_left(turn);
        given.reverse();
        let mut explained = EXPLAINED;
        explained.reverse();
        prop_assert_eq!(candidates(&given, &explained, most), found);
    }
}
