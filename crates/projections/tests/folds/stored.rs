//! The views beside the record: they may be lost, old, damaged or another's, and nothing is lost with them.

use std::path::Path;

use domain::Event;
use event_log::{Position, Reader, Writer};
use projections::follower::{self, Replay};
use projections::store::{self, Store, digest};
use projections::{Error, Projection, Views};
use rusqlite::Connection;
use tempfile::TempDir;
use tokio::sync::watch;

use crate::given::*;

fn a_day() -> Day {
    let mut day = Day::with_themes();
    day.says(1, By::Phone(1)).says(2, By::Table(1)).says(3, By::Import).says_nothing(4);
    day.assigns([1, 2], 1).assigns([3], 2).withdraws(2).erases(3).sets_aside(4).merges(1, 2);
    day.reacts(7, 1, domain::Vote::Agree).reacts(8, 1, domain::Vote::Pass).reacts(
        7,
        1,
        domain::Vote::Disagree,
    );
    day.polls(4, domain::Method::Rank, 3).votes(4, By::Phone(1), &[3, 1]).votes_at(4, 1, 2, &[2]);
    day.then(Event::TableMerged { table: table(3), into: table(1) });
    // The last leaf, by which views know their record, is that of words, and every seal is new.
    day.says(9, By::Phone(9));
    day
}

/// A recorded day, in a folder that goes away with the test.
fn recorded() -> (TempDir, Writer) {
    let folder = tempfile::tempdir().unwrap();
    let writer = a_day().write(folder.path());
    (folder, writer)
}

fn stored(folder: &Path) -> Option<Views> {
    Store::open(folder).unwrap().load(&Reader::open(folder).unwrap()).unwrap()
}

fn replayed(folder: &Path) -> Replay {
    follower::replay(folder).unwrap()
}

/// Follows the record up to its head, and lets go of it.
fn follow(folder: &Path) -> String {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let _entered = runtime.enter();
    let (_head, head) = watch::channel(None);
    let projection = Projection::follow(folder, head).unwrap();
    projection.read(digest)
}

/// Copies a database whole, with what lies in its write-ahead log.
fn copy(from: &Path, to: &Path) {
    let to = to.to_str().unwrap();
    Connection::open(from).unwrap().execute("VACUUM INTO ?1", [to]).unwrap();
}

fn tamper(folder: &Path, sql: &str) {
    Connection::open(store::path(folder)).unwrap().execute_batch(sql).unwrap();
}

#[test]
fn what_is_stored_is_what_was_folded() {
    let (folder, _writer) = recorded();
    let folded = digest(&a_day().as_in(folder.path()).views());
    assert_eq!(follow(folder.path()), folded);
    let kept = stored(folder.path()).unwrap();
    assert_eq!(kept, a_day().as_in(folder.path()).views());
    assert_eq!(digest(&kept), folded);
    assert!(kept.entries.values().any(|entry| !entry.later.is_empty()), "the day has nothing of it");
    for later in kept.entries.values().flat_map(|entry| &entry.later) {
        assert_eq!(kept.by_receipt(&later.receipt).unwrap().event, later.position);
    }
}

#[test]
fn views_that_a_disk_has_changed_are_built_anew() {
    let (folder, _writer) = recorded();
    let right = follow(folder.path());
    for damage in [
        r#"UPDATE entry SET body = replace(body, '"read_back":false', '"read_back":true')"#,
        "UPDATE entry SET sum = zeroblob(8) WHERE position = (SELECT max(position) FROM entry)",
        "UPDATE entry SET position = position + 1000 WHERE position = (SELECT max(position) FROM entry)",
        "DELETE FROM entry WHERE position = (SELECT max(position) FROM entry)",
        "UPDATE frame SET body = replace(body, 'Night buses', 'Might buses')",
        "UPDATE frame SET entries = entries + 1",
        r#"UPDATE mark SET body = replace(body, 'disagree', 'agree')"#,
        "DELETE FROM mark WHERE key = (SELECT max(key) FROM mark)",
        "UPDATE frame SET position = 9999",
        "DROP TABLE entry",
    ] {
        let views = rusqlite::Connection::open(store::path(folder.path())).unwrap();
        views.execute_batch(damage).unwrap();
        assert!(views.changes() > 0 || damage.starts_with("DROP"), "{damage} changes nothing");
        drop(views);
        assert_eq!(follow(folder.path()), right, "{damage}");
        assert!(stored(folder.path()).is_some(), "{damage}");
    }
}

#[test]
fn a_replay_from_position_1_gives_the_same_bytes_every_time() {
    let (folder, _writer) = recorded();
    follow(folder.path());
    let first = replayed(folder.path());
    assert_eq!((first.events, first.compared), (a_day().events.len() as u64, true));
    assert_eq!(first.views_sha256, digest(&a_day().as_in(folder.path()).views()));
    assert_eq!(replayed(folder.path()), first);
}

#[test]
fn deleting_the_views_loses_nothing() {
    let (folder, _writer) = recorded();
    let before = follow(folder.path());
    store::remove(folder.path());
    assert!(!store::path(folder.path()).exists());
    assert_eq!(follow(folder.path()), before);
    store::remove(folder.path());
    let replay = replayed(folder.path());
    assert_eq!((replay.views_sha256, replay.compared), (before, false));
}

#[test]
fn the_views_go_on_where_they_were() {
    let (folder, mut writer) = recorded();
    follow(folder.path());
    let mut day = a_day();
    let recorded = day.events.len();
    day.says(5, By::Phone(2)).assigns([5], 2).holds(5);
    append(&mut writer, &day.events[recorded..]);
    assert_eq!(follow(folder.path()), digest(&day.as_in(folder.path()).views()));
    assert_eq!(stored(folder.path()), Some(day.as_in(folder.path()).views()));
}

#[test]
fn a_long_record_is_followed_page_by_page() {
    let folder = tempfile::tempdir().unwrap();
    let mut day = Day::with_themes();
    for n in 1..=2_500 {
        day.says(n, By::Phone((n % 200) as u8));
    }
    let mut writer = Writer::create(folder.path(), ASSEMBLY).unwrap();
    let events: Vec<_> = day.events.iter().map(new_event).collect();
    writer.append(&events, 1_000).unwrap();
    follow(folder.path());
    assert_eq!(stored(folder.path()).unwrap().entries.len(), 2_500);
    assert!(replayed(folder.path()).compared);
}

#[test]
fn views_of_another_record_are_not_taken_for_this_ones() {
    let (folder, _writer) = recorded();
    let (other, _) = recorded();
    follow(other.path());
    copy(&store::path(other.path()), &store::path(folder.path()));
    assert_eq!(stored(folder.path()), None);
    assert_eq!(follow(folder.path()), digest(&a_day().as_in(folder.path()).views()));
    assert!(replayed(folder.path()).compared);
}

#[test]
fn views_that_are_ahead_of_a_restored_record_begin_again() {
    let (folder, mut writer) = recorded();
    let backup = tempfile::tempdir().unwrap();
    copy(&folder.path().join("record.db"), &backup.path().join("record.db"));
    let mut day = a_day();
    let recorded = day.events.len();
    append(&mut writer, &day.says(5, By::Phone(2)).events[recorded..]);
    follow(folder.path());
    copy(&store::path(folder.path()), &store::path(backup.path()));
    assert_eq!(stored(backup.path()), None);
    assert_eq!(follow(backup.path()), digest(&a_day().as_in(folder.path()).views()));
}

#[test]
fn a_stored_row_that_was_changed_is_named_and_put_right() {
    let (folder, _writer) = recorded();
    let right = follow(folder.path());
    tamper(folder.path(), r#"UPDATE entry SET body = replace(body, '"round":1', '"round":2')"#);
    let refused = follower::replay(folder.path()).unwrap_err();
    assert!(
        matches!(refused, Error::Differs { position } if position == a_day().events.len() as u64),
        "{refused}"
    );
    let replay = replayed(folder.path());
    assert_eq!((replay.views_sha256, replay.compared), (right, true));
}

#[test]
fn views_of_another_fold_or_of_no_fold_at_all_are_built_again() {
    let (folder, _writer) = recorded();
    let right = follow(folder.path());
    for damage in [
        "UPDATE frame SET fold_version = fold_version + 1",
        "UPDATE frame SET body = 'x'",
        "UPDATE entry SET body = '{}'",
        "DELETE FROM frame",
        "DROP TABLE frame",
    ] {
        tamper(folder.path(), damage);
        assert_eq!(follow(folder.path()), right, "after {damage}");
        assert_eq!(replayed(folder.path()).views_sha256, right, "after {damage}");
    }
    store::remove(folder.path());
    std::fs::write(store::path(folder.path()), "no database at all, and yet of some length").unwrap();
    assert_eq!(follow(folder.path()), right);
}

#[test]
fn views_can_be_had_as_they_were_at_any_position() {
    let (folder, _writer) = recorded();
    let day = a_day().as_in(folder.path());
    for until in 1..=day.events.len() {
        let at = Position::new(until as u64).unwrap();
        let then = Projection::load(folder.path(), Some(at)).unwrap();
        assert_eq!(digest(&then), digest(&day.until(until).views()), "at {until}");
    }
    assert_eq!(Projection::load(folder.path(), None).unwrap(), day.views());
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_waits_for_a_position_reads_it_afterwards() {
    let (folder, mut writer) = recorded();
    let (doorbell, head) = watch::channel(writer.head());
    let projection = Projection::follow(folder.path(), head).unwrap();
    let mut day = a_day();
    let recorded = day.events.len();
    append(&mut writer, &day.says(5, By::Phone(2)).events[recorded..]);
    doorbell.send_replace(writer.head());

    projection.wait_for(recorded as u64 + 1).await;

    assert_eq!(projection.read(|views| views.position), recorded as u64 + 1);
    assert_eq!(*projection.position().borrow(), recorded as u64 + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_stored_for_a_while_is_stored_later() {
    let (folder, mut writer) = recorded();
    let (doorbell, head) = watch::channel(writer.head());
    let projection = Projection::follow(folder.path(), head).unwrap();
    let mut day = a_day();
    let recorded = day.events.len();
    tamper(
        folder.path(),
        "CREATE TRIGGER full BEFORE INSERT ON entry BEGIN SELECT RAISE(ABORT, 'full'); END",
    );
    append(&mut writer, &day.says(5, By::Phone(2)).events[recorded..]);
    doorbell.send_replace(writer.head());
    projection.wait_for(recorded as u64 + 1).await;

    tamper(folder.path(), "DROP TRIGGER full");
    append(&mut writer, &day.says(6, By::Phone(3)).events[recorded + 1..]);
    doorbell.send_replace(writer.head());
    projection.wait_for(recorded as u64 + 2).await;

    assert_eq!(stored(folder.path()), Some(day.as_in(folder.path()).views()));
}
