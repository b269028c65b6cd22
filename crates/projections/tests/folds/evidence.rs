//! What stands beside a finding: its other side, how it moved, and how far it may come from few.

use domain::event::Contributed;
use domain::{Event, Kind, Method, Timestamp, Vote};
use projections::summary::{Hint, How, Untold};
use projections::{EvidenceSummary, summary};
use proptest::prelude::*;

use crate::coverage::any_day;
use crate::given::*;

fn paper(day: &Day) -> EvidenceSummary {
    summary(&day.views(), &words)
}

fn at(day: &Day, n: u128) -> u64 {
    day.views().entry(said(n)).unwrap().0.get()
}

fn concern(n: u128, by: By, heard_from: Option<u16>) -> Contributed {
    Contributed { kind: Kind::Concern, heard_from, ..point(n, by) }
}

#[test]
fn the_concern_that_most_backed_at_a_table_stands_first_then_the_one_that_home_agreed_with() {
    let mut day = Day::with_themes();
    day.says(1, By::Table(1)).tells(By::Table(1), concern(2, By::Table(1), Some(3)));
    day.tells(By::Table(2), concern(3, By::Table(2), Some(6)));
    day.tells(By::Phone(1), concern(4, By::Phone(1), None));
    day.tells(By::Phone(2), concern(5, By::Phone(2), None)).assigns(1..=5, 1);
    for person in 10..14 {
        day.reacts(person, 5, Vote::Agree);
    }
    day.reacts(20, 5, Vote::Disagree).reacts(20, 4, Vote::Agree);
    let chosen = |day: &Day| paper(day).findings.remove(0).contrary;
    let first = chosen(&day);
    assert_eq!((first.how, first.quote.unwrap().position), (How::MostBackedConcern, at(&day, 3)));
    assert_eq!(first.backing.unwrap().heard_from.value, 6);
    day.withdraws(3).holds(2);
    let next = chosen(&day);
    let backing = next.backing.unwrap();
    assert_eq!(next.quote.unwrap().position, at(&day, 5));
    assert_eq!((backing.agree.value, backing.agree.of, backing.disagree.value), (4, Some(5), 1));
    day.erases(5).withdraws(4);
    assert_eq!((chosen(&day).how, chosen(&day).quote), (How::NoneFound, None));
}

#[test]
fn what_a_person_has_settled_goes_before_the_rule_until_its_words_go() {
    let mut day = Day::with_themes();
    day.says(1, By::Phone(1)).says(2, By::Phone(2)).tells(By::Phone(3), concern(3, By::Phone(3), None));
    day.assigns(1..=3, 1);
    let chosen = |day: &Day| {
        let contrary = paper(day).findings.remove(0).contrary;
        (contrary.how, contrary.quote.map(|quote| quote.position), contrary.reason)
    };
    day.then(Event::ContraryChosen { theme: theme(1), contribution: said(2) });
    assert_eq!(chosen(&day), (How::Chosen, Some(at(&day, 2)), None));
    let quoted = paper(&day).findings.remove(0).quotes;
    assert!(quoted.iter().all(|quote| quote.position != at(&day, 2)), "{quoted:?}");
    let by_rule = (How::MostBackedConcern, Some(at(&day, 3)), None);
    for gone in [Day::holds, Day::withdraws, Day::erases] {
        let mut later = day.clone();
        gone(&mut later, 2);
        assert_eq!(chosen(&later), by_rule);
    }
    let mut moved = day.clone();
    moved.then(Event::Unassigned { contribution: said(2), theme: theme(1) });
    assert_eq!(chosen(&moved), by_rule);
    day.then(Event::NoContrary { theme: theme(1), reason: reason() });
    assert_eq!(chosen(&day), (How::NoneForAReason, None, Some(reason())));
    day.then(Event::ContraryChosen { theme: theme(1), contribution: said(1) });
    assert_eq!(chosen(&day).1, Some(at(&day, 1)));
}

#[test]
fn what_home_disagreed_with_most_is_named_with_its_votes() {
    let mut day = Day::with_themes();
    day.says(1, By::Phone(1)).says(2, By::Phone(2)).assigns(1..=2, 1);
    assert_eq!(paper(&day).findings[0].disputed, None);
    for person in 10..13 {
        day.reacts(person, 2, Vote::Disagree);
    }
    day.reacts(10, 1, Vote::Disagree).reacts(14, 2, Vote::Pass);
    let found = paper(&day).findings[0].disputed.unwrap();
    let counted = [found.agree, found.disagree, found.pass].map(|figure| (figure.value, figure.of));
    assert_eq!(found.position.get(), at(&day, 2));
    assert_eq!(counted, [(0, Some(4)), (3, Some(4)), (1, Some(4))]);
}

#[test]
fn a_theme_says_when_it_was_first_heard_and_how_it_stood_in_each_round() {
    let mut day = Day::with_themes();
    day.names(3, "Late buses").minute(60).says(1, By::Table(1)).says(2, By::Phone(1)).assigns([1], 1);
    day.minute(90);
    for (n, by) in [(3, By::Table(2)), (4, By::Table(3))] {
        day.tells(by, Contributed { round: round(2), ..point(n, by) });
    }
    day.assigns([3], 1).assigns([4], 3).merges(3, 1);
    let found = paper(&day).findings.remove(0);
    let first = found.movement.first_heard.unwrap();
    assert_eq!((first.position, first.at), (at(&day, 1), Timestamp(60 * MINUTE + 1_000)));
    let rounds = found.movement.by_round.iter().map(|part| (part.tables.value, part.tables.of));
    assert_eq!(rounds.collect::<Vec<_>>(), [(1, Some(1)), (2, Some(2))]);
    let jumps = &found.movement.jumps;
    assert_eq!((jumps.len(), jumps[0].by, jumps[0].reason.clone()), (1, 1, Some(reason())));
}

#[test]
fn a_poll_that_is_over_stands_in_the_paper_and_the_same_question_later_says_so() {
    let mut day = Day::with_themes();
    for n in 1..=2 {
        day.polls(n, Method::Temperature, 0).votes_at(n, 1, 1, &[1]).votes_at(n, 1, 2, &[3]);
        day.votes(n, By::Phone(1), &[n as u8]);
        assert_eq!(paper(&day).polls.len(), n as usize - 1, "people can still vote");
        let remote_until = Timestamp(day.events.last().unwrap().meta.at.millis() + 2_000);
        day.then(Event::PollClosed { poll: poll(n), remote_until }).names(10 + n, &format!("Theme {n}"));
        day.names(20 + n, &format!("Another {n}"));
    }
    let polls = paper(&day).polls;
    assert_eq!(polls.iter().map(|poll| poll.repeats).collect::<Vec<_>>(), [None, Some(1)]);
    let votes = polls[1].options.iter().map(|option| (option.room.value, option.remote.value));
    assert_eq!(votes.collect::<Vec<_>>(), [(1, 0), (0, 1), (1, 0)]);
    assert_eq!((polls[1].room.value, polls[1].remote.value, polls[1].options[0].room.of), (2, 1, Some(2)));
}

/// A theme that many speak of, and one that a single voice fills within a minute.
fn campaign() -> Day {
    let mut day = Day::with_themes();
    for n in 1..=12 {
        day.minute(n as u64).says(n, By::Phone(n as u8));
    }
    day.assigns(1..=12, 1).minute(100);
    for n in 21..=32 {
        day.says(n, By::Phone(1));
    }
    day.assigns(21..=32, 2);
    for n in 22..=32 {
        let engine = domain::Label::parse("alike-1").unwrap();
        day.then(Event::AlikeFound { contribution: said(n), first: said(21), engine });
    }
    day
}

#[test]
fn one_voice_that_sends_copies_in_a_burst_is_hinted_at_and_stays_counted() {
    let findings = paper(&campaign()).findings;
    let box_of = |name: &str| &findings.iter().find(|found| found.name == name).unwrap().indicators;
    let (calm, loud) = (box_of("Night buses"), box_of("Fares"));
    assert_eq!(calm.hints, []);
    assert_eq!(loud.hints, [Hint::OneVoice, Hint::FewVoices, Hint::Copies, Hint::Burst]);
    assert_eq!((loud.voices.value, loud.largest_voice.value, loud.largest_family.value), (1, 12, 12));
    assert_eq!((loud.copies.value, loud.without_copies.contributions.value), (11, 1));
    assert_eq!((loud.busiest_minute.value, calm.busiest_minute.value), (12, 1));
    assert_eq!((loud.burst_chance.value, calm.burst_chance.value), (1, 10_000));
    assert_eq!((loud.rank.value, loud.worst_rank, calm.rank.value), (2, 2, 1));
    assert_eq!(calm.sole_voices.value, 11, "voice 1 has spoken of fares, too");
    assert_eq!(findings[1].contributions.value, 12);
}

#[test]
fn what_the_record_cannot_tell_is_said() {
    let mut day = Day::with_themes();
    day.says(1, By::Import).assigns([1], 1).says(2, By::Phone(1)).assigns([2], 2);
    let findings = paper(&day).findings;
    let untold =
        |name: &str| findings.iter().find(|found| found.name == name).unwrap().indicators.untold.clone();
    let always = [Untold::WhoWasVerified, Untold::WhoHasTwoPhones];
    let of_import =
        [Untold::Voices, Untold::Links, Untold::Times, Untold::AuditSample, Untold::WhoWasNotReached];
    assert_eq!(untold("Night buses"), [&always[..], &of_import].concat());
    assert_eq!(
        untold("Fares"),
        [&always[..], &[Untold::Links, Untold::AuditSample, Untold::WhoWasNotReached]].concat()
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn no_voice_is_quoted_twice_in_a_row_and_nothing_twice(day in any_day()) {
        let (views, paper) = (day.views(), paper(&day));
        let said = paper.findings.iter().flat_map(|found| found.quotes.iter().chain(&found.contrary.quote));
        let told: Vec<_> = said.clone().map(|quote| quote.position).collect();
        let all: Vec<_> = said.chain(&paper.asks).map(|quote| quote.position).collect();
        let voice = |at: &u64| views.entries[&projections::Position::new(*at).unwrap()].voice;
        for pair in all.windows(2) {
            prop_assert!(voice(&pair[0]).is_none() || voice(&pair[0]) != voice(&pair[1]), "{:?}", pair);
        }
        let distinct: std::collections::BTreeSet<_> = told.iter().collect();
        prop_assert_eq!(distinct.len(), told.len());
    }
}
