//! Drafts of a language model: every way to say no, and what signing one off does.

use domain::{Event, PaperRejection, Prose, ProseWritten, Rejection, Role};

use crate::given::*;
use crate::refused::{Row, row};

/// Theme 1 has contribution 2, and somebody wants a draft about it.
fn asked() -> Vec<Step> {
    after(coded(), [(team(), ask_draft(1, 1))])
}

fn written() -> Vec<Step> {
    let sentences = vec![
        sentence("People want to get home late.", &[], &[2]),
        sentence("One says “” plainly.", &[(2, 4, 12)], &[2]),
        sentence("It is about work.", &[], &[2]),
    ];
    after(asked(), [(team(), write_draft(1, 1, sentences))])
}

pub(crate) fn rows() -> Vec<Row> {
    let person = || on_device(team(), 5);
    let says = |sentence| write_draft(1, 1, vec![sentence]);
    let good = || sentence("Home late.", &[], &[2]);
    let unknown = || Rejection::from(PaperRejection::UnknownDraft);
    let too_many = |max| Rejection::TooManyAtOnce { max };
    let held = after(asked(), [(moderator(), hold(2))]);
    let refused = |rejection, sentence| row(rejection, asked(), team(), says(sentence));
    let signed = after(written(), [(person(), sign_off(1))]);
    let quoting = vec![sentence("One says “”.", &[(2, 4, 12)], &[2])];
    let only_quotes = after(asked(), [(team(), write_draft(1, 1, quoting))]);
    let empty = after(asked(), [(team(), write_draft(1, 1, Vec::new()))]);
    let retired = after(written(), [(team(), retire(1))]);
    vec![
        row(Rejection::UnknownTheme, coded(), person(), ask_draft(1, 9)),
        row(Rejection::IdUsedForSomethingElse, asked(), person(), ask_draft(1, 2)),
        row(PaperRejection::DraftAsked.into(), asked(), person(), ask_draft(2, 1)),
        row(Rejection::NotForThisRole(Role::ThemeTeam), asked(), person(), says(good())),
        row(unknown(), coded(), team(), says(good())),
        row(unknown(), asked(), team(), write_draft(1, 2, Vec::new())),
        row(unknown(), written(), team(), says(good())),
        row(too_many(12), asked(), team(), write_draft(1, 1, vec![good(); 13])),
        refused(PaperRejection::NumberTyped('3').into(), sentence("All 3 agree.", &[], &[2])),
        refused(too_many(10), sentence("Everybody agrees.", &[], &[])),
        refused(too_many(10), sentence("Everybody agrees.", &[], &[2; 11])),
        refused(Rejection::BadSpan, sentence("One says “”.", &[], &[2])),
        refused(Rejection::BadSpan, sentence("One says it.", &[(2, 4, 12)], &[2])),
        refused(Rejection::BadSpan, sentence("One says “”.", &[(2, 12, 12)], &[2])),
        refused(Rejection::UnknownContribution, sentence("So it is.", &[], &[2, 9])),
        refused(Rejection::NotAssigned, sentence("So it is.", &[], &[1])),
        refused(Rejection::NotAssigned, sentence("One says “”.", &[(1, 4, 12)], &[2])),
        row(Rejection::NotPublic, held, team(), says(good())),
        row(unknown(), asked(), person(), sign_off(1)),
        row(unknown(), signed, person(), sign_off(1)),
        row(unknown(), only_quotes, person(), sign_off(1)),
        row(unknown(), empty, person(), sign_off(1)),
        row(Rejection::UnknownTheme, retired, person(), sign_off(1)),
        row(Rejection::NotForThisRole(Role::ThemeTeam), written(), team(), sign_off(1)),
    ]
}

#[test]
fn a_person_signs_off_what_the_draft_says_in_words_of_its_own() {
    let step = (on_device(team(), 5), sign_off(1));
    let facts = given(&written()).decide(&step.1, &step.0).unwrap();
    let events: Vec<_> = facts.into_iter().map(|fact| fact.event).collect();
    let prose = Prose::parse("People want to get home late. It is about work.").ok();
    let model = domain::Label::parse("a model").unwrap();
    let [Event::ProseWritten(first), Event::DraftSignedOff { theme: of, model: by, .. }] = events.as_slice()
    else {
        panic!("{events:?}")
    };
    assert_eq!(first, &ProseWritten { theme: Some(theme(1)), prose });
    assert_eq!((of, by), (&theme(1), &model));
    assert!(step.1.repeats(&events[0], None));
}
