//! When a command that comes again under the same id is answered as the first time, and when it is a conflict.

use domain::{Command, Contribute, Event, Fact};

use crate::given::*;

/// What the record holds of a step, with its words.
fn stored(day: &[Step], step: &Step) -> Fact {
    given(day).decide(&step.1, &step.0).unwrap().remove(0)
}

fn repeats(command: &Command, fact: &Fact) -> bool {
    command.repeats(&fact.event, fact.words.as_ref().map(domain::ContributionText::as_str))
}

#[test]
fn the_same_command_repeats_what_it_did() {
    let held = after(coded(), [(moderator(), hold(1))]);
    let with_link = after(convened(), [(organiser(), issue(1, domain::Role::Observer, None))]);
    let rows: Vec<(Vec<Step>, Step)> = vec![
        (in_round_1(), (voice(1), say(point(7)))),
        (coded(), (voice(1), correct(1))),
        (coded(), (voice(1), withdraw(1))),
        (coded(), (voice(1), erase(1))),
        (coded(), (organiser(), erase_because(1))),
        (coded(), (voice(1), erase_voice(1))),
        (coded(), (at_table(1), read_back(2))),
        (coded(), (moderator(), hold(1))),
        (held, (moderator(), release(1))),
        (coded(), (team(), name(3, "Shelters"))),
        (coded(), (team(), rename(1, "Late buses"))),
        (coded(), (team(), merge(1, 2))),
        (coded(), (team(), retire(1))),
        (coded(), (team(), assign(1, 1))),
        (coded(), (team(), unassign(2, 1))),
        (coded(), (team(), mark_read(1))),
        (coded(), (team(), set_aside(1))),
        (convened(), (organiser(), ask(1))),
        (convened(), (organiser(), open(1))),
        (in_round_1(), (organiser(), close(1))),
        (convened(), (organiser(), issue(1, domain::Role::Observer, None))),
        (with_link, (organiser(), revoke(1))),
        (coded(), (organiser(), Command::Close)),
        (in_round_1(), (organiser(), advance(Some(2)))),
        (convened(), (organiser(), advance(Some(2)))),
        (in_round_1(), (organiser(), Command::SetCountdown { minutes: Some(9) })),
        (coded(), (organiser(), Command::SetScreen { scene: domain::Scene::Join })),
        (coded(), (organiser(), merge_tables(2, 1))),
        (coded(), (organiser(), split_table(1, 9))),
        (coded(), (voice(1), react(2))),
        (coded(), (organiser(), open_poll(4))),
        (polling(), (voice(1), cast(4, &[2]))),
        (polling(), (at_table(1), cast_at_seat(4, 2))),
        (polling(), (at_table(1), Command::EnterHandCount(hands(4, &[1, 2, 3])))),
        (polling(), (organiser(), close_poll(4))),
    ];
    for (day, step) in rows.into_iter().chain(crate::duties::repeated()) {
        assert!(repeats(&step.1, &stored(&day, &step)), "{:?}", step.1);
    }
}

#[test]
fn a_contribution_repeats_by_its_id_and_words_alone() {
    let first = stored(&in_round_1(), &(voice(1), say(point(7))));
    let same_words = [
        Contribute { round: Some(round(2)), ..point(7) },
        Contribute { table: Some(table(1)), heard_from: Some(3), ..point(7) },
        Contribute { kind: domain::Kind::Story, ..point(7) },
    ];
    for again in same_words {
        assert!(repeats(&say(again.clone()), &first), "{again:?}");
    }
}

#[test]
fn a_paper_repeats_by_its_id_and_edition_whatever_was_counted_since() {
    let first = stored(&coded(), &(organiser(), crate::duties::publish(1, &[])));
    assert!(repeats(&crate::duties::publish(2, &[1]), &first));
    assert!(!repeats(&crate::duties::final_paper(1), &first));
}

#[test]
fn the_same_id_for_something_else_is_a_conflict() {
    let first = stored(&in_round_1(), &(voice(1), say(point(7))));
    let corrected = stored(&coded(), &(voice(1), correct(1)));
    let assigned = stored(&coded(), &(team(), assign(1, 1)));
    let erased = stored(&coded(), &(organiser(), erase_because(1)));
    let understood = stored(&coded(), &(team(), understand(1, 0)));
    assert!(repeats(&understand(1, 0), &understood));
    let other_words = Contribute { words: Some(words("It leaves at five.")), ..point(7) };
    let understood_otherwise = Command::Understand {
        contribution: said(1),
        wording: 0,
        model: domain::Label::parse("semantic-1").unwrap(),
        meaning: domain::Meaning::parse("BBBB").unwrap(),
    };
    let rows = [
        (say(other_words), &first),
        (say(Contribute { words: None, ..point(7) }), &first),
        (say(point(8)), &first),
        (correct(7), &first),
        (correct(2), &corrected),
        (say(point(1)), &corrected),
        (Command::Correct { contribution: said(1), words: words("It leaves at five.") }, &corrected),
        (withdraw(1), &corrected),
        (erase(1), &corrected),
        (erase(2), &erased),
        (erase(1), &erased),
        (erase_voice(1), &erased),
        (assign(2, 1), &assigned),
        (assign(1, 2), &assigned),
        (unassign(1, 1), &assigned),
        (convene(1, 1), &assigned),
        (understand(1, 1), &understood),
        (understand(2, 0), &understood),
        (understood_otherwise, &understood),
    ];
    for (command, fact) in rows {
        assert!(!repeats(&command, fact), "{command:?} is not {:?}", fact.event);
    }
}

#[test]
fn a_question_asked_in_other_words_is_a_conflict() {
    let first = stored(&convened(), &(organiser(), ask(1)));
    let other = Command::AskQuestion {
        round: round(1),
        title: title("Asked anew"),
        question: question("What then?"),
    };
    assert!(!repeats(&other, &first));
    assert!(!repeats(&ask(2), &first));
}

#[test]
fn a_blank_import_repeats_a_blank_import() {
    let blank = Contribute { round: Some(round(1)), words: None, ..point(7) };
    let first = stored(&convened(), &(organiser(), say(blank.clone())));
    assert!(matches!(first.event, Event::Contributed(_)));
    assert!(repeats(&say(blank), &first));
    assert!(!repeats(&say(point(7)), &first));
}
