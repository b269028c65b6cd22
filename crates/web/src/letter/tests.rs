use domain::Verdict;
use ingest::{Access, Address};

use super::*;
use crate::pages::duties::diary::{Diary, day};

const ADDRESS: &str = "https://plenary.example/a/buses";

fn due(wanted: Wanted) -> Due {
    let folder = tempfile::tempdir().unwrap();
    let access = Access::open(folder.path()).unwrap();
    access.ask_for_mail(&"buses".parse().unwrap(), &Address::parse("ada@example.org").unwrap()).unwrap();
    let asked = access.due_letters(&"buses".parse().unwrap(), 1).unwrap().remove(0);
    Due { wanted, ..asked }
}

fn now(diary: &Diary) -> UpTo {
    UpTo { position: diary.views.position, day: diary.today() }
}

/// What a letter tells, line by line, of what happened between two moments.
fn told(diary: &Diary, since: UpTo) -> Vec<String> {
    let to = now(diary);
    items(&diary.views, since, to).into_iter().map(|item| format!("{} {}", item.says, item.page)).collect()
}

#[test]
fn what_happens_together_is_one_letter_without_anybodys_words() {
    let mut diary = Diary::convened("2027-05-01T10:00:00Z", 5);
    let before = now(&diary);
    diary.at("2027-05-04T09:00:00Z").publishes(1, &[1, 2]);
    assert_eq!(
        told(&diary, before),
        ["Version 1 of the paper was published, with 2 new duties to answer published/1"]
    );
    let published = now(&diary);
    diary.holds_off(1).reassigns(1, "Head of everything");
    diary.at("2027-05-20T09:00:00Z").replies(1, "Yes, soon.").replies(1, "Yes, very soon.");
    diary.rejoins(1, Verdict::DoesNot).promises(1, "2027-06-01").reports(1).delivers(1);
    let told = told(&diary, published);
    assert_eq!(
        told,
        [
            "Duty 1: holding reply to “Night buses” duty/1",
            "Duty 1: Head of everything now answers “Night buses”; the day stays duty/1",
            "Duty 1: “Night buses” was answered. 9 days late. duty/1",
            "Duty 1: version 2 of the answer to “Night buses” duty/1",
            "Duty 1: the representatives on the answer to “Night buses”: This does not answer it duty/1",
            "Promise 1: Head of buses, by 1 June 2027 duty/1",
            "Promise 1: progress duty/1",
            "Promise 1: kept duty/1",
            "Overdue: Director of buses owed an answer to “Fares & <tickets>” by 11 May 2027 (duty 2) duty/2",
        ]
    );
    let wanted = Wanted::News { since: published, to: now(&diary) };
    let letter = letter(&diary.views, ADDRESS, &due(wanted)).unwrap();
    assert!(letter.subject.ends_with(": 9 steps on what the board owes"), "{}", letter.subject);
    for words in ["soon", "asking the operators", "Sundays", "half hour", "being trained", "were merged"] {
        assert!(!letter.text.contains(words), "{words}: {}", letter.text);
    }
    assert!(letter.text.contains("\nhttps://plenary.example/a/buses/duty/1\n"), "{}", letter.text);
    assert!(letter.text.contains(&format!("\n{}\n", letter.stop)));
}

#[test]
fn what_becomes_overdue_is_told_once_on_the_day_after_it_was_due() {
    let mut diary = Diary::convened("2027-05-01T10:00:00Z", 5);
    diary.at("2027-05-04T09:00:00Z").publishes(1, &[1]);
    let mut since = now(&diary);
    assert_eq!(latest(&diary.views.frame.ledger, day("2027-05-11")).day, Date::EPOCH);
    let mut days = Vec::new();
    // In London it is the next day an hour before it is in Greenwich.
    for at in ["2027-05-11T12:00:00Z", "2027-05-11T22:59:00Z", "2027-05-11T23:01:00Z", "2027-05-12T12:00:00Z"]
    {
        diary.at(at);
        let told = told(&diary, since);
        let news = latest(&diary.views.frame.ledger, diary.today()).day > since.day;
        assert_eq!(told.is_empty(), !news, "{at}: {told:?}");
        days.push(told.len());
        since = now(&diary);
    }
    assert_eq!(days, [0, 0, 1, 0]);
}

#[test]
fn a_letter_that_has_to_be_sent_again_says_the_same() {
    let mut diary = Diary::convened("2027-05-01T10:00:00Z", 5);
    diary.at("2027-05-04T09:00:00Z").publishes(1, &[1]).replies(1, "Yes.").promises(1, "2027-05-10");
    let since = now(&diary);
    diary.at("2027-05-12T09:00:00Z");
    let to = now(&diary);
    let due = due(Wanted::News { since, to });
    let first = letter(&diary.views, ADDRESS, &due).unwrap();
    assert_eq!(first.text.matches("Overdue").count(), 1);
    diary.delivers(1);
    assert_eq!(letter(&diary.views, ADDRESS, &due), Some(first));
    let nothing = Wanted::News { since: to, to };
    assert_eq!(letter(&diary.views, ADDRESS, &Due { wanted: nothing, ..due }), None);
}

#[test]
fn a_confirmation_says_who_asks_and_how_to_do_nothing() {
    let diary = Diary::convened("2027-05-01T10:00:00Z", 5);
    let due = due(Wanted::Confirmation(1));
    let letter = letter(&diary.views, ADDRESS, &due).unwrap();
    let link = format!("{ADDRESS}/mail/{}", due.secret.reveal());
    assert!(letter.text.contains(&format!("\n{link}\n")) && letter.text.contains("please do nothing"));
    assert_eq!(letter.stop, format!("{link}/stop"));
    assert_eq!(latest(&diary.views.frame.ledger, diary.today()), UpTo { position: 0, day: Date::EPOCH });
}
