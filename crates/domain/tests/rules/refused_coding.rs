//! Every way to say no to the theme desk and to the engines beside it.

use domain::coding::{SAMPLE_MAX, SPLIT_MAX, THEMES_AT_ONCE_MAX};
use domain::{ChangeRejection, Command, Rejection, Role, SamplePurpose};

use crate::given::*;
use crate::refused::{Row, row};

/// The changes so far name theme 1, "Night buses", and theme 2, "Fares".
pub(crate) fn changes() -> Vec<Row> {
    let renamed = || after(coded(), [(team(), rename(1, "Late buses"))]);
    let merged = || after(coded(), [(team(), merge(1, 2))]);
    let over = |day: Vec<Step>, last: Command| after(day, [(team(), last)]);
    let worn = after(coded(), vec![(team(), define(1, "After 18:00")); usize::from(u16::MAX) - 2]);
    let split = |rejection, n, into, of: &[u128]| row(rejection, coded(), team(), split_theme(n, into, of));
    let bad_split: Rejection = ChangeRejection::BadSplit { max: SPLIT_MAX }.into();
    let many: Vec<_> = (0..=SPLIT_MAX as u128).collect();
    vec![
        split(Rejection::UnknownTheme, 9, 1, &[]),
        split(Rejection::IdUsedForSomethingElse, 1, 2, &[]),
        split(bad_split.clone(), 1, 3, &[]),
        split(bad_split, 1, 3, &many),
        split(Rejection::NotAssigned, 1, 3, &[1]),
        split(Rejection::NotAssigned, 1, 3, &[2, 9]),
        row(ChangeRejection::TooManyChanges.into(), worn, team(), retire(1)),
        row(ChangeRejection::UnknownChange.into(), coded(), team(), undo(3)),
        row(ChangeRejection::NotUndoable.into(), coded(), team(), undo(1)),
        row(ChangeRejection::AlreadyUndone.into(), over(renamed(), undo(3)), team(), undo(3)),
        row(ChangeRejection::NotUndoable.into(), over(renamed(), undo(3)), team(), undo(4)),
        row(ChangeRejection::ChangedSince.into(), over(renamed(), rename(1, "Last buses")), team(), undo(3)),
        row(Rejection::ThemeNameTaken, over(renamed(), name(3, "night buses")), team(), undo(3)),
        row(Rejection::ThemeNameTaken, over(merged(), name(3, "night buses")), team(), undo(3)),
        row(ChangeRejection::ChangedSince.into(), over(merged(), retire(2)), team(), undo(3)),
    ]
}

/// Contribution 1 is unread, 2 is in theme 1.
pub(crate) fn desk() -> Vec<Row> {
    let withdrawn = after(coded(), [(at_table(1), withdraw(2))]);
    let too_many = Rejection::TooManyAtOnce { max: THEMES_AT_ONCE_MAX };
    let pinned = after(coded(), [(team(), pin(2, 1, None))]);
    let copy = after(coded(), [(team(), find_alike(2, 1)), (team(), tell_apart(2))]);
    let row = |then, day: Vec<Step>, asked| row(then, day, team(), asked);
    vec![
        row(Rejection::UnknownContribution, coded(), code(9, &[9])),
        row(Rejection::ContributionWithdrawn, withdrawn, code(2, &[9])),
        row(Rejection::CodedMeanwhile, coded(), code_unread(2, &[9])),
        row(too_many, coded(), code(1, &[1, 2, 3, 4])),
        row(Rejection::UnknownTheme, coded(), code(1, &[1, 9])),
        row(Rejection::AlreadyMarked, coded(), code(2, &[1])),
        row(Rejection::UnknownContribution, coded(), put_back(9)),
        row(Rejection::AlreadyMarked, coded(), put_back(1)),
        row(Rejection::NotAssigned, coded(), pin(1, 1, Some((5, 5)))),
        row(Rejection::BadSpan, coded(), pin(2, 1, Some((5, 5)))),
        row(Rejection::BadSpan, coded(), pin(2, 1, Some((0, 16_001)))),
        row(Rejection::AlreadyMarked, pinned, pin(2, 1, None)),
        row(Rejection::NotPinned, coded(), unpin(2, 1)),
        row(Rejection::UnknownTheme, coded(), contrary(9, 2)),
        row(Rejection::UnknownTheme, coded(), no_contrary(9)),
        row(Rejection::NotAssigned, coded(), contrary(1, 1)),
        row(Rejection::UnknownContribution, coded(), contrary(1, 9)),
        row(Rejection::NotAlike, copy, tell_apart(2)),
    ]
}

/// Engines hold no link.
pub(crate) fn engines() -> Vec<Row> {
    let somebody = || on_device(team(), 5);
    let refused = Rejection::NotForThisRole(Role::ThemeTeam);
    let proposed = || after(coded(), [(team(), propose(1))]);
    let settled = || after(proposed(), [(team(), dismiss(1))]);
    let found = after(coded(), [(team(), find_alike(2, 1))]);
    let erased = after(coded(), [(voice(1), erase(1))]);
    let corrected = after(coded(), [(voice(1), correct(1))]);
    let apart = after(found.clone(), [(team(), tell_apart(2))]);
    vec![
        row(refused.clone(), coded(), somebody(), suggest(9, 9)),
        row(refused.clone(), coded(), somebody(), propose(1)),
        row(refused.clone(), coded(), somebody(), find_alike(9, 9)),
        row(Rejection::UnknownContribution, coded(), team(), suggest(9, 9)),
        row(Rejection::CodedMeanwhile, coded(), team(), suggest(2, 9)),
        row(Rejection::UnknownTheme, coded(), team(), suggest(1, 9)),
        row(Rejection::UnknownContribution, coded(), team(), find_alike(1, 9)),
        row(Rejection::AlreadyMarked, coded(), team(), find_alike(1, 1)),
        row(Rejection::AlreadyMarked, found, team(), find_alike(2, 1)),
        row(Rejection::AlreadyMarked, apart, team(), find_alike(2, 1)),
        row(Rejection::UnknownContribution, convened(), team(), propose(1)),
        row(Rejection::IdUsedForSomethingElse, settled(), team(), propose(1)),
        row(Rejection::UnknownCandidate, settled(), team(), accept(1, 9, None, &[])),
        row(Rejection::UnknownTheme, proposed(), team(), accept(1, 9, None, &[9])),
        row(Rejection::ThemeNameTaken, proposed(), team(), accept(1, 3, Some("fares"), &[9])),
        row(Rejection::UnknownContribution, proposed(), team(), accept(1, 1, None, &[9])),
        row(Rejection::UnknownCandidate, settled(), team(), dismiss(1)),
        row(refused.clone(), coded(), somebody(), understand(9, 0)),
        row(Rejection::UnknownContribution, coded(), team(), understand(9, 0)),
        row(Rejection::ContributionErased, erased, team(), understand(1, 9)),
        row(ChangeRejection::ChangedSince.into(), coded(), team(), understand(1, 1)),
        row(ChangeRejection::ChangedSince.into(), corrected, team(), understand(1, 0)),
    ]
}

/// Contribution 1, which candidate 1 was found in, is read and public.
pub(crate) fn wordings() -> Vec<Row> {
    let person = || on_device(team(), 5);
    let refused = Rejection::NotForThisRole(Role::ThemeTeam);
    let unread = || after(coded(), [(team(), propose(1))]);
    let read = || after(unread(), [(team(), mark_read(1))]);
    let withdrawn = after(read(), [(voice(1), withdraw(1))]);
    let held = after(read(), [(moderator(), hold(1))]);
    let erased = after(read(), [(voice(1), erase(1))]);
    let worded = || after(read(), [(team(), propose_wording(1, &[1]))]);
    let settled = after(worded(), [(team(), dismiss(1))]);
    let taken = after(worded(), [(team(), name(3, "evening buses"))]);
    vec![
        row(refused.clone(), read(), person(), propose_wording(1, &[1])),
        row(Rejection::UnknownCandidate, coded(), team(), propose_wording(1, &[1])),
        row(Rejection::UnknownContribution, read(), team(), propose_wording(1, &[])),
        row(Rejection::UnknownContribution, read(), team(), propose_wording(1, &[1, 2])),
        row(Rejection::NotPublic, unread(), team(), propose_wording(1, &[1])),
        row(Rejection::NotPublic, withdrawn, team(), propose_wording(1, &[1])),
        row(Rejection::NotPublic, held, team(), propose_wording(1, &[1])),
        row(Rejection::NotPublic, erased, team(), propose_wording(1, &[1])),
        row(Rejection::AlreadyMarked, worded(), team(), propose_wording(1, &[1])),
        // An engine signs nothing off.
        row(refused, worded(), team(), take_wording(1, 3, &[1])),
        row(Rejection::UnknownCandidate, read(), person(), take_wording(1, 3, &[1])),
        row(Rejection::UnknownCandidate, settled, person(), take_wording(1, 3, &[1])),
        row(Rejection::ThemeNameTaken, taken, person(), take_wording(1, 4, &[1])),
        row(Rejection::UnknownContribution, worded(), person(), take_wording(1, 3, &[9])),
    ]
}

pub(crate) fn samples() -> Vec<Row> {
    let audit = |n, size| draw(n, SamplePurpose::Audit, size);
    let drawn = || after(coded(), [(team(), audit(1, 1))]);
    let again = || after(coded(), [(team(), draw(1, SamplePurpose::DoubleCoding, 1))]);
    let bad = Rejection::BadSample { max: SAMPLE_MAX };
    let too_many = Rejection::TooManyAtOnce { max: THEMES_AT_ONCE_MAX };
    let other = || on_device(team(), 5);
    let twice = after(again(), [(other(), code_again(2, &[2]))]);
    vec![
        row(Rejection::IdUsedForSomethingElse, drawn(), team(), audit(1, 0)),
        row(bad.clone(), coded(), team(), audit(1, 0)),
        row(bad, coded(), team(), audit(1, SAMPLE_MAX as u16 + 1)),
        row(Rejection::NothingToSample, convened(), team(), audit(1, 1)),
        row(Rejection::NotToCodeAgain, coded(), other(), code_again(2, &[9])),
        row(Rejection::NotToCodeAgain, twice, other(), code_again(2, &[2])),
        row(Rejection::SamePerson, again(), team(), code_again(2, &[9])),
        row(too_many, again(), other(), code_again(2, &[6, 7, 8, 9])),
        row(Rejection::UnknownTheme, again(), other(), code_again(2, &[9])),
    ]
}
