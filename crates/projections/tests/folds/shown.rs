//! What everybody may read: nothing unread, nothing held, nothing withdrawn; and always the words as they stand.

use domain::event::Contributed;
use domain::{Event, Form, Kind};
use projections::summary::{Quote, Shown, quotes_beside};
use projections::{EvidenceSummary, Position, summary};

use crate::given::*;

/// The quote that stands on the screen beside theme 1.
fn beside(day: &Day) -> Option<Quote> {
    quotes_beside(&day.views(), &words, &[theme(1)], None).remove(&theme(1))
}

fn paper(day: &Day) -> EvidenceSummary {
    summary(&day.views(), &words)
}

/// Every text in the paper that a participant said.
fn all_words(paper: &EvidenceSummary) -> Vec<String> {
    let quotes =
        paper.findings.iter().flat_map(|finding| finding.quotes.iter().chain(&finding.contrary.quote));
    let quoted = quotes.chain(&paper.asks).map(|quote| quote.words.clone());
    quoted.chain(paper.evidence.iter().filter_map(|entry| entry.words.clone())).collect()
}

#[test]
fn held_unread_withdrawn_and_erased_words_are_nowhere() {
    let proposal = |n| Contributed { kind: Kind::Proposal, ..point(n, By::Phone(1)) };
    let mut day = Day::with_themes();
    for n in 1..=5 {
        day.tells(By::Phone(1), proposal(n));
    }
    day.assigns([1, 2, 5], 1).holds(1).withdraws(2).holds(3).erases(5);
    let views = day.views();

    assert!(views.entries.values().all(|entry| !entry.is_public()));
    assert_eq!(all_words(&paper(&day)), Vec::<String>::new());
    assert_eq!(beside(&day), None);
    let shown: Vec<_> = paper(&day).evidence.iter().map(|entry| entry.shown).collect();
    assert_eq!(shown, [Shown::Held, Shown::Withdrawn, Shown::Held, Shown::Unread, Shown::Erased]);
    let states: Vec<_> = paper(&day).evidence.iter().map(|entry| entry.state).collect();
    assert_eq!(states, ["themed", "themed", "unread", "unread", "themed"]);
}

#[test]
fn what_is_released_may_be_read_again() {
    let mut day = Day::with_themes();
    day.says(1, By::Phone(1)).assigns([1], 1).holds(1).then(Event::Released { contribution: said(1) });
    let (position, entry) = day.views().entry(said(1)).map(|(at, entry)| (at, entry.clone())).unwrap();
    assert!(entry.is_public());
    assert_eq!(beside(&day).unwrap().position, position.get());
}

#[test]
fn the_words_are_those_of_the_last_correction() {
    let mut day = Day::with_themes();
    day.says(1, By::Phone(1)).assigns([1], 1).then(Event::Corrected { contribution: said(1) });
    let corrected = day.events.last().unwrap().position;
    let paper = paper(&day);

    assert_eq!(paper.evidence[0].words, words(corrected));
    assert_eq!(paper.evidence[0].corrections, 1);
    assert_eq!(paper.findings[0].quotes[0].words, words(corrected).unwrap());
    assert_ne!(paper.evidence[0].position, corrected.get(), "it is still the thing that was said then");
}

#[test]
fn a_blank_answer_has_no_words_and_is_counted() {
    let mut day = Day::with_themes();
    day.says_nothing(1).assigns([1], 1);
    let paper = paper(&day);
    assert_eq!((paper.evidence[0].shown, paper.findings[0].contributions.value), (Shown::NoWords, 1));
    assert_eq!(paper.findings[0].quotes, []);
}

#[test]
fn words_whose_key_is_gone_are_shown_as_erased() {
    let mut day = Day::with_themes();
    day.says(1, By::Phone(1)).assigns([1], 1);
    let paper = summary(&day.views(), &|_: Position| None);
    assert_eq!((paper.evidence[0].shown, paper.evidence[0].words.as_ref()), (Shown::Erased, None));
    assert_eq!(paper.findings[0].quotes, []);
}

#[test]
fn what_was_set_aside_is_on_the_paper_of_those_who_may_read_it_and_not_on_the_public_one() {
    let mut day = Day::with_themes();
    day.says(1, By::Phone(1)).sets_aside(1);
    let public = summary(&day.views(), &|_: Position| None);
    assert_eq!((public.evidence[0].shown, public.evidence[0].words.as_ref()), (Shown::SetAside, None));
    assert_eq!(paper(&day).evidence[0].shown, Shown::Words);
}

#[test]
fn nothing_is_quoted_twice() {
    let mut day = Day::with_themes();
    day.says(1, By::Phone(1)).says(2, By::Phone(2)).assigns([1, 2], 1).assigns([1], 2);
    let findings = paper(&day).findings;
    let quoted = |index: usize| findings[index].quotes.iter().map(|quote| quote.position).collect::<Vec<_>>();
    let first = day.views().entry(said(1)).unwrap().0.get();
    assert_eq!((quoted(0), quoted(1)), (vec![first, first + 1], vec![]));
    let beside = quotes_beside(&day.views(), &words, &[theme(2), theme(1)], None);
    assert_eq!((beside[&theme(2)].position, beside[&theme(1)].position), (first, first + 1));
}

#[test]
fn quotes_come_from_both_sides_and_a_concern_stands_beside_them() {
    let mut day = Day::with_themes();
    let paraphrase = Contributed { form: Form::Paraphrase, ..point(1, By::Table(1)) };
    let story = Contributed { kind: Kind::Story, ..point(2, By::Table(2)) };
    let concern = Contributed { kind: Kind::Concern, ..point(4, By::Phone(2)) };
    day.tells(By::Table(1), paraphrase).tells(By::Table(2), story).says(3, By::Phone(1));
    day.tells(By::Phone(2), concern).assigns(1..=4, 1);
    let finding = paper(&day).findings.remove(0);

    let sides: Vec<_> = finding.quotes.iter().map(|quote| (quote.side, quote.kind)).collect();
    assert_eq!(sides, [("room", Kind::Story), ("remote", Kind::Point)]);
    assert_eq!(finding.contrary.quote.unwrap().kind, Kind::Concern);
}

#[test]
fn a_pinned_piece_comes_first_as_it_was_said_and_no_voice_or_copy_is_quoted_twice() {
    let mut day = Day::with_themes();
    // One voice says two things, and what it says is passed around.
    day.says(1, By::Phone(1))
        .says(2, By::Phone(1))
        .says(3, By::Phone(2))
        .says(4, By::Phone(3))
        .assigns(1..=4, 1);
    let engine = domain::Label::parse("alike-1").unwrap();
    day.then(Event::AlikeFound { contribution: said(3), first: said(1), engine });
    let at = |day: &Day, n| day.views().entry(said(n)).unwrap().0;
    let quoted = |day: &Day| -> Vec<_> {
        let finding = paper(day).findings.remove(0);
        finding.quotes.iter().map(|quote| (quote.position, quote.words.clone())).collect()
    };
    let mut unlike: Vec<_> = quoted(&day).into_iter().map(|(position, _)| position).collect();
    unlike.sort_unstable();
    assert_eq!(unlike.len(), 2);
    assert!(unlike.contains(&at(&day, 4).get()), "{unlike:?}");
    let text = words(at(&day, 4)).unwrap();
    let span = domain::Span { from: 0, to: text.find(' ').unwrap() as u32 };
    day.then(Event::QuotePinned { contribution: said(4), theme: theme(1), span: Some(span) });
    let pinned = (at(&day, 4).get(), text[..span.to as usize].to_owned());
    assert_eq!(quoted(&day)[0], pinned);
    day.then(Event::QuoteUnpinned { contribution: said(4), theme: theme(1) });
    assert!(!quoted(&day).contains(&pinned));
}

#[test]
fn a_concern_stands_beside_a_finding_even_when_it_is_short() {
    let mut day = Day::with_themes();
    let concern = Contributed { kind: Kind::Concern, ..point(2, By::Phone(2)) };
    day.says(1, By::Phone(1)).tells(By::Phone(2), concern).assigns(1..=2, 1);
    let at = day.views().entry(said(2)).unwrap().0;
    let short = |position| if position == at { Some("Too dear.".to_owned()) } else { words(position) };
    let finding = summary(&day.views(), &short).findings.remove(0);
    assert_eq!(finding.contrary.quote.unwrap().words, "Too dear.");
}

#[test]
fn the_assembly_asks_first_for_what_its_tables_agreed_to() {
    let ask = |n, at, read_back, heard| Contributed {
        kind: Kind::Proposal,
        read_back,
        heard_from: heard,
        ..point(n, By::Table(at))
    };
    let mut day = Day::with_themes();
    for (n, read_back, heard) in [(1, false, Some(8)), (2, true, Some(3)), (3, true, Some(6))] {
        day.tells(By::Table(1), ask(n, 1, read_back, heard));
    }
    day.assigns(1..=3, 1);
    let asks: Vec<_> = paper(&day).asks.iter().map(|quote| quote.read_back).collect();
    assert_eq!(asks, [true, true, false]);
    let first = day.views().entry(said(3)).unwrap().0.get();
    assert_eq!(paper(&day).asks[0].position, first);
}

#[test]
fn the_same_position_gives_the_same_paper() {
    let mut day = Day::with_themes();
    day.says(1, By::Phone(1)).says(2, By::Table(1)).assigns(1..=2, 1).sets_aside(1);
    let json = |day: &Day| serde_json::to_string(&paper(day)).unwrap();
    assert_eq!(json(&day), json(&day.clone()));
}
