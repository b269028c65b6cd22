use std::cell::Cell;

use tempfile::TempDir;

use super::*;
use crate::fixture::slug;

thread_local! {
    static NOW_MS: Cell<u64> = const { Cell::new(0) };
}

fn open() -> (TempDir, Access) {
    NOW_MS.set(1_000_000_000_000);
    let folder = tempfile::tempdir().unwrap();
    let access = Access::open_with(folder.path(), || NOW_MS.get()).unwrap();
    (folder, access)
}

fn later(millis: u64) {
    NOW_MS.set(NOW_MS.get() + millis);
}

fn address(name: &str) -> Address {
    Address::parse(&format!("{name}@example.org")).unwrap()
}

fn up_to(position: u64, day: &str) -> UpTo {
    UpTo { position, day: day.parse().unwrap() }
}

fn due(access: &Access) -> Vec<Due> {
    access.due_letters(&slug(), 100).unwrap()
}

/// Asked, sent, and confirmed at position 10 of 1 May.
fn subscribed(access: &Access, name: &str) -> Due {
    assert_eq!(access.ask_for_mail(&slug(), &address(name)), Ok(Asked::Noted));
    let asked = due(access).into_iter().find(|due| due.address == address(name)).unwrap();
    access.letter_sent(&asked).unwrap();
    assert_eq!(access.confirm_mail(&slug(), &asked.secret, up_to(10, "2027-05-01")), Ok(true));
    asked
}

#[test]
fn nobody_is_told_before_the_link_in_the_message_was_followed() {
    let (_folder, access) = open();
    access.ask_for_mail(&slug(), &address("ada")).unwrap();
    let asked = due(&access).remove(0);
    assert_eq!((asked.wanted, asked.address.reveal()), (Wanted::Confirmation(1), "ada@example.org"));
    access.letter_sent(&asked).unwrap();
    access.settle_letters(&slug(), up_to(99, "2027-06-01"), up_to(99, "2027-06-01")).unwrap();
    assert_eq!(due(&access), []);
    assert_eq!(access.mail_standing(&slug(), &asked.secret), Ok(Some(Standing::Asked)));

    assert_eq!(access.confirm_mail(&slug(), &asked.secret, up_to(10, "2027-05-01")), Ok(true));

    assert_eq!(access.mail_standing(&slug(), &asked.secret), Ok(Some(Standing::Confirmed)));
    assert_eq!(
        access.confirm_mail(&slug(), &asked.secret, up_to(20, "2027-05-02")),
        Ok(true),
        "twice is once"
    );
    access.settle_letters(&slug(), up_to(10, "2027-05-01"), up_to(12, "2027-05-01")).unwrap();
    assert_eq!(due(&access), [], "it was told of all that");
    access.settle_letters(&slug(), up_to(11, "2027-05-01"), up_to(12, "2027-05-01")).unwrap();
    let wanted = Wanted::News { since: up_to(10, "2027-05-01"), to: up_to(12, "2027-05-01") };
    assert_eq!(due(&access)[0].wanted, wanted);
}

#[test]
fn a_link_that_was_not_followed_in_time_leads_nowhere_and_its_address_is_gone() {
    let (folder, access) = open();
    access.ask_for_mail(&slug(), &address("ada")).unwrap();
    let asked = due(&access).remove(0);
    later(CONFIRM_WITHIN_MS);
    access.delete_stale_mail().unwrap();
    assert_eq!(access.mail_standing(&slug(), &asked.secret), Ok(Some(Standing::Asked)), "the last moment");

    later(1);

    assert_eq!(access.mail_standing(&slug(), &asked.secret), Ok(None));
    assert_eq!(access.confirm_mail(&slug(), &asked.secret, up_to(1, "2027-05-01")), Ok(false));
    access.delete_stale_mail().unwrap();
    holds_nothing_of(&folder, "ada");
}

#[test]
fn whoever_ends_it_is_forgotten() {
    let (folder, access) = open();
    let (ada, bob) = (subscribed(&access, "ada"), subscribed(&access, "bob"));
    let elsewhere = "another-hall".parse().unwrap();
    access.end_mail(&elsewhere, &ada.secret).unwrap();
    assert!(access.mail_standing(&slug(), &ada.secret).unwrap().is_some(), "the link is of one assembly");

    access.end_mail(&slug(), &ada.secret).unwrap();
    access.end_mail(&slug(), &ada.secret).unwrap();

    assert_eq!(access.mail_standing(&slug(), &ada.secret), Ok(None));
    holds_nothing_of(&folder, "ada");
    assert_eq!(access.mail_standing(&slug(), &bob.secret), Ok(Some(Standing::Confirmed)));
}

#[track_caller]
fn holds_nothing_of(folder: &TempDir, name: &str) {
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let needle = format!("{name}@example");
        assert!(!bytes.windows(needle.len()).any(|part| part == needle.as_bytes()), "{path:?}");
    }
}

#[test]
fn a_letter_is_the_same_one_until_it_was_noted_and_what_comes_meanwhile_is_in_the_next() {
    let (folder, access) = open();
    subscribed(&access, "ada");
    access.settle_letters(&slug(), up_to(11, "2027-05-01"), up_to(12, "2027-05-02")).unwrap();
    let letter = due(&access);
    drop(access);
    let access = Access::open_with(folder.path(), || NOW_MS.get()).unwrap();
    access.settle_letters(&slug(), up_to(15, "2027-05-03"), up_to(16, "2027-05-03")).unwrap();
    assert_eq!(due(&access), letter);

    access.letter_sent(&letter[0]).unwrap();

    assert_eq!(due(&access), []);
    access.settle_letters(&slug(), up_to(15, "2027-05-03"), up_to(16, "2027-05-03")).unwrap();
    let next = due(&access).remove(0);
    assert_eq!(next.wanted, Wanted::News { since: up_to(12, "2027-05-02"), to: up_to(16, "2027-05-03") });
    assert_ne!(next.name, letter[0].name);
    access.letter_sent(&letter[0]).unwrap();
    assert_eq!(due(&access), [next], "the note of another letter changes nothing");
}

#[test]
fn a_day_alone_is_news_too() {
    let (_folder, access) = open();
    subscribed(&access, "ada");
    access.settle_letters(&slug(), up_to(0, "2027-05-02"), up_to(10, "2027-05-02")).unwrap();
    let letter = due(&access).remove(0);
    access.letter_sent(&letter).unwrap();
    access.settle_letters(&slug(), up_to(0, "2027-05-02"), up_to(10, "2027-05-02")).unwrap();
    assert_eq!(due(&access), []);
}

#[test]
fn who_cannot_be_reached_waits_longer_each_time_and_is_put_aside() {
    let (_folder, access) = open();
    subscribed(&access, "ada");
    subscribed(&access, "bob");
    access.settle_letters(&slug(), up_to(11, "2027-05-01"), up_to(11, "2027-05-01")).unwrap();
    let letter = due(&access).into_iter().find(|due| due.address == address("ada")).unwrap();
    let mut waited = Vec::new();
    while !access.letter_refused(&letter, Refused::ForGood).unwrap() {
        let begun = NOW_MS.get();
        while !due(&access).contains(&letter) {
            assert_eq!(due(&access).len(), 1, "nobody waits for another");
            later(PUT_OFF_MIN_MS);
        }
        assert_eq!(due(&access)[1], letter, "who was refused comes last");
        waited.push((NOW_MS.get() - begun) / PUT_OFF_MIN_MS);
    }
    assert_eq!(waited, [1, 4, 16, 64]);
    later(PUT_OFF_MAX_MS);
    assert!(!due(&access).contains(&letter));
    assert_eq!((put_off(5), put_off(6), put_off(60)), (256 * 60_000, PUT_OFF_MAX_MS, PUT_OFF_MAX_MS));

    access.ask_for_mail(&slug(), &address("ada")).unwrap();

    assert!(due(&access).contains(&letter), "who asks again is told again");
    for _ in 0..LATER_MAX {
        access.letter_refused(&letter, Refused::ForNow).unwrap();
    }
    later(ASIDE_MS + 1);
    access.delete_stale_mail().unwrap();
    assert_eq!(access.mail_standing(&slug(), &letter.secret), Ok(None));
}

#[test]
fn nobody_is_flooded_by_who_types_their_address() {
    let (_folder, access) = open();
    for n in 0..ASKED_PER_DAY_MAX {
        assert_eq!(access.ask_for_mail(&slug(), &address("Ada")), Ok(Asked::Noted));
        let asked = due(&access).remove(0);
        let number = if n <= 2 { n + 1 } else { n - 2 };
        assert_eq!(asked.wanted, Wanted::Confirmation(number));
        access.letter_sent(&asked).unwrap();
        if n == 2 {
            access.end_mail(&slug(), &asked.secret).unwrap();
            later(HOUR_MS);
        }
    }
    let elsewhere = "another-hall".parse().unwrap();
    assert_eq!(access.ask_for_mail(&slug(), &address("ada")), Ok(Asked::Noted));
    assert_eq!(access.ask_for_mail(&elsewhere, &address("ada")), Ok(Asked::Noted));
    assert_eq!((due(&access), access.due_letters(&elsewhere, 9).unwrap()), (vec![], vec![]));
    later(DAY_MS + 1);
    access.ask_for_mail(&slug(), &address("ada")).unwrap();
    assert_eq!(due(&access).len(), 1);
}

#[test]
fn so_many_may_ask_in_an_hour_and_not_one_more() {
    let (_folder, access) = open();
    for n in 0..ASKED_PER_HOUR_MAX {
        assert_eq!(access.ask_for_mail(&slug(), &address(&format!("a{n}"))), Ok(Asked::Noted));
    }
    assert_eq!(access.ask_for_mail(&slug(), &address("b")), Ok(Asked::TooMany));
    assert_eq!(access.ask_for_mail(&slug(), &address("a1")), Ok(Asked::TooMany), "known or not");
    later(HOUR_MS + 1);
    assert_eq!(access.ask_for_mail(&slug(), &address("b")), Ok(Asked::Noted));
}

#[test]
fn no_more_are_told_than_the_limit() {
    let (_folder, access) = open();
    access
        .lock()
        .execute(
            "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?1)
             INSERT INTO subscriptions (subscription, slug, address, source, secret_hash, asked_at, asking)
             SELECT randomblob(16), ?2, 'a@a.example', randomblob(32), randomblob(32), 0, 0 FROM n",
            rusqlite::params![SUBSCRIPTIONS_MAX - 1, slug().as_str()],
        )
        .unwrap();
    assert_eq!(access.ask_for_mail(&slug(), &address("ada")), Ok(Asked::Noted));
    assert_eq!(access.ask_for_mail(&slug(), &address("bob")), Ok(Asked::Full));
    const { assert!(ASKED_PER_HOUR_MAX as u64 * CONFIRM_WITHIN_MS / HOUR_MS < SUBSCRIPTIONS_MAX as u64) };
}

#[test]
fn the_secret_of_a_letter_stands_in_no_file() {
    let (folder, access) = open();
    let secret = subscribed(&access, "ada").secret.reveal();
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()));
    }
}
