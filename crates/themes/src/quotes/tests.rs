use proptest::prelude::*;

use super::*;

fn candidate(item: u64, text: &str) -> QuoteCandidate<'_> {
    QuoteCandidate { item: Item(item), text, stratum: 0, voice: None, group: None, pinned: false }
}

fn items(chosen: &[Chosen]) -> Vec<u64> {
    chosen.iter().map(|chosen| chosen.item.0).collect()
}

const BUS: [&str; 3] = [
    "The bus never comes on time in the evening",
    "In the evening the bus is always late, never on time",
    "There is no bus in the evening that comes on time",
];
const DOCTOR: [&str; 2] =
    ["The doctor listened to my mother with care", "My doctor listened with great care and time"];

fn both_subjects() -> Vec<QuoteCandidate<'static>> {
    let texts = BUS.iter().chain(&DOCTOR);
    (1..).zip(texts).map(|(item, text)| candidate(item, text)).collect()
}

#[test]
fn two_quotes_stand_for_two_subjects_and_say_for_how_many() {
    let chosen = choose(&both_subjects(), 2);
    assert!(BUS.len() as u64 >= chosen[0].item.0 && chosen[1].item.0 > BUS.len() as u64, "{chosen:?}");
    let why = |stands_for| Why { stratum: 0, pinned: false, stands_for, of: 5 };
    assert_eq!(chosen.iter().map(|chosen| chosen.why).collect::<Vec<_>>(), [why(3), why(2)]);
}

#[test]
fn every_stratum_is_heard_before_one_is_heard_twice() {
    let mut candidates = both_subjects();
    candidates[4].stratum = 7;
    let strata: Vec<_> = choose(&candidates, 4).iter().map(|chosen| chosen.why.stratum).collect();
    assert_eq!(strata, [0, 7, 0, 0]);
    assert_eq!(choose(&candidates, 1)[0].why, Why { stratum: 0, pinned: false, stands_for: 4, of: 4 });
}

#[test]
fn what_people_pinned_comes_first_and_stays() {
    let mut candidates = both_subjects();
    candidates[4].pinned = true;
    candidates[1].pinned = true;
    candidates[0].voice = Some(3);
    candidates[4].voice = Some(3);
    assert_eq!(items(&choose(&candidates, 3))[..2], [2, 5]);
    assert!(!items(&choose(&candidates, 5)).contains(&1), "a second one of the same voice");
    // They stay where there is room for none.
    assert_eq!(items(&choose(&candidates, 1)), [2, 5]);
    assert!(choose(&candidates, 0).iter().all(|chosen| chosen.why.pinned));
}

#[test]
fn one_of_a_group_of_copies_is_quoted() {
    let mut candidates = both_subjects();
    candidates[0].group = Some(Item(1));
    candidates[1].group = Some(Item(1));
    candidates[2].group = Some(Item(1));
    let chosen = items(&choose(&candidates, 5));
    assert_eq!(chosen.iter().filter(|item| **item <= 3).count(), 1, "{chosen:?}");
    assert_eq!(chosen.len(), 3);
}

#[test]
fn what_is_too_short_or_too_long_is_quoted_only_where_nothing_else_is() {
    let long = "the bus is late ".repeat(60);
    let mut candidates = [candidate(1, "late bus"), candidate(2, &long), candidate(3, BUS[0])];
    assert_eq!(items(&choose(&candidates, 3)), [3]);
    candidates[2].stratum = 1;
    assert_eq!(choose(&candidates, 3).len(), 2);
    assert_eq!(items(&choose(&[candidate(1, "👍")], 2)), [1]);
    assert_eq!(choose(&[], 2), []);
}

fn shown(text: &str, most_chars: usize) -> Vec<&str> {
    excerpt(text, most_chars).into_iter().map(|range| &text[range]).collect()
}

#[test]
fn a_short_text_is_shown_whole_without_the_space_around_it() {
    assert_eq!(shown("  Late again.  ", 40), ["Late again."]);
    assert_eq!(shown("👍", 0), ["👍"]);
    assert!(shown("", 40).is_empty() && shown(" \n ", 40).is_empty());
}

#[test]
fn a_long_text_is_shown_by_whole_sentences_that_say_most_of_it() {
    let text = "I came on Monday. The bus to the hospital was late and the bus back was late too. It rained all day. \
                So please let the bus to the hospital come in time.";
    let late = "The bus to the hospital was late and the bus back was late too.";
    assert_eq!(shown(text, 120), [late, "So please let the bus to the hospital come in time."]);
    assert_eq!(shown(text, 90), [&format!("I came on Monday. {late}")]);
    // Nothing fits: the shortest, whole.
    assert_eq!(shown(text, 3), ["I came on Monday."]);
}

#[test]
fn what_ends_no_sentence_stays_with_what_follows() {
    let text = "Thank you. Dr. Smith was kind to me. Yes. He listened to me. Really.";
    let all: Vec<_> = sentences(text).into_iter().map(|range| &text[range]).collect();
    assert_eq!(all, ["Thank you. Dr. Smith was kind to me.", "Yes. He listened to me. Really."]);
}

/// Text, stratum, voice, group, and whether it is pinned.
type Given = (String, u8, Option<u128>, Option<u64>, bool);

fn some_candidates() -> impl Strategy<Value = Vec<Given>> {
    let words =
        prop::sample::select(vec!["bus", "late", "ward", "kind", "evening", "Ärzte", "👍", "listened."]);
    let text = prop::collection::vec(words, 0..12).prop_map(|words| words.join(" "));
    let one =
        (text, 0..3u8, prop::option::of(0..6u128), prop::option::of(0..6u64), prop::bool::weighted(0.1));
    prop::collection::vec(one, 0..30)
}

proptest! {
    #[test]
    fn nobody_is_quoted_twice_and_the_order_does_not_matter(
        given in some_candidates(), most in 0..12usize, turn in 0..30usize,
    ) {
        let mut candidates: Vec<_> = (0..).zip(&given).map(|(item, (text, stratum, voice, group, pinned))| {
            let group = group.map(Item);
            QuoteCandidate { item: Item(item), text, stratum: *stratum, voice: *voice, group, pinned: *pinned }
        }).collect();
        let chosen = choose(&candidates, most);
        let of = |chosen: &Chosen| candidates[chosen.item.0 as usize];
        let pinned = candidates.iter().filter(|candidate| candidate.pinned).count();
        prop_assert!(chosen.len() <= most.max(pinned));
        prop_assert!(chosen.iter().take(pinned).all(|chosen| chosen.why.pinned));
        for (place, one) in chosen.iter().enumerate().skip(pinned) {
            for other in &chosen[..place] {
                let (one, other) = (of(one), of(other));
                prop_assert!(one.voice.is_none() || one.voice != other.voice);
                prop_assert!(one.group.unwrap_or(one.item) != other.group.unwrap_or(other.item));
            }
        }
        let heard = |stratum: u8| chosen.iter().filter(move |chosen| chosen.why.stratum == stratum);
        for stratum in 0..3 {
            let of = candidates.iter().filter(|candidate| candidate.stratum == stratum).count() as u32;
            prop_assert!(heard(stratum).all(|chosen| chosen.why.of == of && chosen.why.stands_for > 0));
            prop_assert!(heard(stratum).map(|chosen| chosen.why.stands_for).sum::<u32>() <= of);
        }
        let turn = turn % candidates.len().max(1);
        candidates.rotate_left(turn);
        candidates.reverse();
        prop_assert_eq!(choose(&candidates, most), chosen);
    }

    #[test]
    fn what_is_taken_adds_most_although_not_everything_is_computed(given in some_candidates()) {
        let candidates: Vec<_> = (0..).zip(&given).map(|(item, (text, ..))| candidate(item, text)).collect();
        let mut choice = Choice::new(&candidates);
        loop {
            let open = |choice: &Choice<'_>| -> Vec<(f64, usize)> {
                let Some(stratum) = choice.strata.get(&0) else { return vec![] };
                let members = 0..stratum.members.len();
                let open = members.filter(|nth| choice.may_be_taken(*nth) && stratum.members[*nth].suits);
                open.map(|nth| (stratum.adds(nth, &choice.points, choice.axes), nth)).collect()
            };
            let all = open(&choice);
            let Some(best) = all.into_iter().reduce(|best, next| if next.0 > best.0 { next } else { best }) else { break };
            let next = choice.next();
            prop_assert_eq!(next, Some(best.1));
            choice.take(best.1);
        }
    }

    #[test]
    fn an_excerpt_is_the_text_itself(text in "(\\PC|[.!? \n]|[a-z]{1,6} |\u{1f469}\u{200d}\u{1f680}){0,80}", most in 0..60usize) {
        let ranges = excerpt(&text, most);
        let mut end = 0;
        for range in &ranges {
            prop_assert!(range.start >= end && range.start < range.end);
            let shown = text.get(range.clone());
            prop_assert!(shown.is_some_and(|shown| shown == shown.trim()));
            end = range.end;
        }
        prop_assert_eq!(ranges.is_empty(), text.trim().is_empty());
        let chars = |range: &Range<usize>| text[range.clone()].chars().count();
        prop_assert!(ranges.len() == 1 || ranges.iter().map(chars).sum::<usize>() <= most);
        prop_assert!(text.trim().chars().count() > most || ranges.len() <= 1);
    }
}
