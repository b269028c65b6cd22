//! Changes of the code frame, and what they leave behind when they are undone.

use domain::{Assembly, Command, Event, SamplePurpose};
use proptest::prelude::*;

use crate::given::*;

/// The themes that contribution `n` is in, asked from outside: being put where it is already is refused.
fn themes_of(assembly: &Assembly, n: u128) -> Vec<u128> {
    let is_in = |theme: &u128| {
        assembly.decide(&assign(n, *theme), &team()) == Err(domain::Rejection::AlreadyAssigned)
    };
    (1..6).filter(is_in).collect()
}

/// Contribution 3 is in both themes, 2 in the first and 4 in the second.
fn both() -> Vec<Step> {
    let day = [
        (at_table(1), say(point(3))),
        (at_table(1), say(point(4))),
        (team(), code(3, &[1, 2])),
        (team(), code(4, &[2])),
    ];
    after(coded(), day)
}

#[test]
fn an_undone_merge_leaves_everything_where_it_was_and_what_came_later_where_it_is() {
    let later = [(at_table(1), say(point(5))), (team(), merge(1, 2)), (team(), code(5, &[2]))];
    let merged = after(both(), later);
    let state = given(&merged);
    assert_eq!([2, 3, 4, 5].map(|n| themes_of(&state, n)), [[2], [2], [2], [2]]);
    let state = given(&after(merged, [(team(), undo(3))]));
    assert_eq!([2, 3, 4, 5].map(|n| themes_of(&state, n)), [vec![1], vec![1, 2], vec![2], vec![2]]);
}

#[test]
fn what_a_person_has_taken_out_since_stays_out_when_a_merge_is_undone() {
    let day = [(team(), merge(1, 2)), (team(), unassign(2, 2)), (team(), undo(3))];
    assert_eq!(themes_of(&given(&after(both(), day)), 2), [0; 0]);
}

#[test]
fn an_undone_split_brings_all_back_and_an_undone_retirement_too() {
    let split = after(both(), [(team(), split_theme(1, 3, &[3]))]);
    assert_eq!([2, 3].map(|n| themes_of(&given(&split), n)), [vec![1], vec![2, 3]]);
    let more = after(split, [(team(), code(4, &[2, 3])), (team(), undo(3))]);
    assert_eq!([2, 3, 4].map(|n| themes_of(&given(&more), n)), [vec![1], vec![1, 2], vec![1, 2]]);
    let retired = after(both(), [(team(), retire(2))]);
    assert_eq!([3, 4].map(|n| themes_of(&given(&retired), n)), [vec![1], vec![]]);
    let back = after(retired, [(team(), undo(3))]);
    assert_eq!([3, 4].map(|n| themes_of(&given(&back), n)), [vec![1, 2], vec![2]]);
}

#[test]
fn coding_moves_between_themes_in_one_step() {
    let (contribution, assigned) = (said(3), |n| Event::Assigned { contribution: said(3), theme: theme(n) });
    let out = |n| Event::Unassigned { contribution, theme: theme(n) };
    let with_third = after(both(), [(team(), name(3, "Shelters"))]);
    assert_eq!(when(&with_third, &(team(), code(3, &[2, 3]))), Ok(vec![assigned(3), out(1)]));
    assert_eq!(when(&both(), &(team(), code(1, &[]))), Ok(vec![Event::Read { contribution: said(1) }]));
    let back = vec![out(1), out(2), Event::PutBack { contribution }];
    assert_eq!(when(&both(), &(team(), put_back(3))), Ok(back));
}

#[test]
fn a_candidate_that_is_accepted_becomes_a_theme_with_what_a_person_has_looked_at() {
    let proposed = after(both(), [(team(), propose(1))]);
    let named = Event::ThemeNamed { theme: theme(3), name: theme_name("Shelters"), definition: None };
    let settled = |theme| Event::CandidateSettled { candidate: candidate(1), theme };
    let into = |n, to| Event::Assigned { contribution: said(n), theme: theme(to) };
    let new = accept(1, 3, Some("Shelters"), &[1, 4]);
    let events = vec![named, into(1, 3), into(4, 3), settled(Some(theme(3)))];
    assert_eq!(when(&proposed, &(team(), new)), Ok(events));
    // What is in the theme already is not put there twice.
    let part = accept(1, 2, None, &[1, 4]);
    assert_eq!(when(&proposed, &(team(), part)), Ok(vec![into(1, 2), settled(Some(theme(2)))]));
    assert_eq!(when(&proposed, &(team(), dismiss(1))), Ok(vec![settled(None)]));
}

#[test]
fn what_a_model_would_call_a_candidate_counts_once_a_person_takes_it() {
    let read = after(both(), [(team(), propose(1)), (team(), mark_read(1))]);
    let proposed = after(read, [(team(), propose_wording(1, &[1]))]);
    let person = on_device(team(), 5);
    let definition = domain::Definition::parse("Buses after six that do not come.").ok();
    let model = domain::Label::parse("a model").unwrap();
    let events = vec![
        Event::ThemeNamed { theme: theme(3), name: theme_name("Evening buses"), definition },
        Event::Assigned { contribution: said(1), theme: theme(3) },
        Event::CandidateSettled { candidate: candidate(1), theme: Some(theme(3)) },
        Event::WordingSignedOff { candidate: candidate(1), theme: theme(3), model },
    ];
    assert_eq!(when(&proposed, &(person, take_wording(1, 3, &[1]))), Ok(events));
    // A name of a person's own stands by itself.
    let own = when(&proposed, &(team(), accept(1, 3, Some("Shelters"), &[]))).unwrap();
    assert!(own.iter().all(|event| !matches!(event, Event::WordingSignedOff { .. })), "{own:?}");
}

#[test]
fn a_sample_can_be_drawn_again_by_anybody_who_reads_the_record() {
    let more = (10..60).map(|n| (at_table(1), say(point(n))));
    let day = after(coded(), more);
    let drawn = when(&day, &(team(), draw(1, SamplePurpose::Audit, 20))).unwrap();
    let [Event::SampleDrawn(sample)] = drawn.as_slice() else { panic!("{drawn:?}") };
    assert_eq!(
        (sample.of, sample.contributions.len(), sample.seed.as_str()),
        (51, 20, "07".repeat(16).as_str())
    );
    let unread = std::iter::once(1).chain(10..60).map(said).collect();
    assert_eq!(domain::drawn(&[7; 16], unread, 20), sample.contributions);
    let again = when(&day, &(team(), draw(2, SamplePurpose::DoubleCoding, 20))).unwrap();
    let [Event::SampleDrawn(sample)] = again.as_slice() else { panic!("{again:?}") };
    assert_eq!((sample.of, sample.contributions.as_slice()), (1, [said(2)].as_slice()));
}

proptest! {
    /// Themes are merged, split, retired and so on, and then all of it is undone, the last change first.
    #[test]
    fn undoing_every_change_of_the_frame_leads_back_to_where_it_began(
        changes in prop::collection::vec(crate::laws::coding(), 0..12)
    ) {
        let of_the_frame = |command: &Command| matches!(
            command,
            Command::RenameTheme { .. } | Command::DefineTheme { .. } | Command::MergeTheme { .. }
                | Command::SplitTheme(_) | Command::RetireTheme { .. }
        );
        let mut assembly = given(&both());
        let before: Vec<_> = (1..6).map(|n| themes_of(&assembly, n)).collect();
        let mut number = 2;
        for command in changes.iter().filter(|command| of_the_frame(command)) {
            let Ok(facts) = assembly.decide(command, &team()) else { continue };
            facts.iter().for_each(|fact| fold(&mut assembly, fact, &team()));
            number += 1;
        }
        for change in (3..=number).rev() {
            let facts = assembly.decide(&undo(change), &team());
            let facts = facts.unwrap_or_else(|no| panic!("change {change} of {changes:?}: {no}"));
            facts.iter().for_each(|fact| fold(&mut assembly, fact, &team()));
        }
        let after: Vec<_> = (1..6).map(|n| themes_of(&assembly, n)).collect();
        prop_assert_eq!(before, after);
    }
}
