//! Who may open a record, and what nobody may do to it.

use std::fs;

use event_log::{Error, Hold, NewEvent, PUBLIC_LIMIT, Reader, Sealed, WORDS_LIMIT, Writer};

use crate::given::{ASSEMBLY, at, event, json, record, said, stranger};

#[test]
fn recorded_events_cannot_be_changed_or_removed() {
    let (folder, mut writer) = record();
    writer.append(&[said("Said once.")], 1).unwrap();
    let connection = stranger(&folder);
    connection.pragma_update(None, "recursive_triggers", true).unwrap();

    for statement in [
        "UPDATE events SET public = x'00'",
        "UPDATE events SET position = 2",
        "DELETE FROM events",
        "INSERT OR REPLACE INTO events SELECT * FROM events",
        "UPDATE record SET assembly = zeroblob(16)",
        "DELETE FROM record",
        "UPDATE keys SET key = zeroblob(32)",
    ] {
        let refused = connection.execute(statement, []).unwrap_err().to_string();
        assert!(refused.contains("never"), "{statement}: {refused}");
    }
    assert_eq!(event_log::check(folder.path()).unwrap().opened, 1);
}

#[test]
fn a_second_writer_is_told_who_the_first_one_is() {
    let (folder, writer) = record();

    let refused = Writer::open(folder.path()).map(|_| ()).unwrap_err();
    assert!(matches!(refused, Error::Held { by: Some(pid), .. } if pid == std::process::id()), "{refused}");

    drop(writer);
    Writer::open(folder.path()).unwrap();
}

#[test]
fn the_lock_of_the_data_folder_is_another_one() {
    let (folder, _writer) = record();
    Hold::take(folder.path(), "plenary").unwrap();
}

#[test]
fn a_record_is_not_made_over_another() {
    let (folder, writer) = record();
    drop(writer);
    let refused = Writer::create(folder.path(), ASSEMBLY).map(|_| ()).unwrap_err();
    assert!(matches!(refused, Error::Exists { .. }), "{refused}");
}

#[test]
fn a_creation_that_was_interrupted_is_begun_again() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("record.new"), "half of something").unwrap();
    fs::write(folder.path().join("record.new-journal"), "and more of it").unwrap();

    let writer = Writer::create(folder.path(), ASSEMBLY).unwrap();

    assert_eq!(writer.head(), None);
    assert!(!folder.path().join("record.new").exists());
}

#[test]
fn where_there_is_no_record_nothing_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = folder.path().join("nowhere");
    for folder in [folder.path(), &nowhere] {
        assert!(matches!(Writer::open(folder), Err(Error::Missing { .. })));
        assert!(matches!(Reader::open(folder), Err(Error::Missing { .. })));
        assert!(matches!(event_log::check(folder), Err(Error::Missing { .. })));
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_new_folder_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("data/assembly");
    Writer::create(&own, ASSEMBLY).unwrap();
    assert_eq!(fs::metadata(own).unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn other_files_are_not_taken_for_a_record() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("record.db"), "not a database at all, only a long text").unwrap();
    assert!(matches!(Reader::open(folder.path()), Err(Error::NotARecord { .. })));

    fs::remove_file(folder.path().join("record.db")).unwrap();
    stranger(&folder).execute_batch("CREATE TABLE events (position)").unwrap();
    assert!(matches!(Writer::open(folder.path()), Err(Error::NotARecord { .. })));
}

#[test]
fn a_later_format_is_refused_by_its_number() {
    let (folder, writer) = record();
    drop(writer);
    stranger(&folder).pragma_update(None, "user_version", 3).unwrap();

    let refused = Writer::open(folder.path()).map(|_| ()).unwrap_err();

    assert!(matches!(refused, Error::Newer { found: 3, known: 2 }), "{refused}");
    assert!(matches!(Reader::open(folder.path()), Err(Error::Newer { found: 3, known: 2 })));
}

#[test]
fn the_public_part_may_be_as_long_as_its_limit_and_no_longer() {
    let (folder, mut writer) = record();
    writer.append(&[event(1)], 1).unwrap();
    let shortest = Reader::open(folder.path()).unwrap().at(at(1)).unwrap().unwrap().bytes.len();
    // The payload of that event, {"n":1}, makes way for a string with its two quotes.
    let sized = |bytes: usize| {
        let filler = "x".repeat(bytes - (shortest - 7) - 2);
        NewEvent { payload: json(&format!("\"{filler}\"")), ..event(2) }
    };

    let refused = writer.append(&[sized(PUBLIC_LIMIT + 1)], 1).unwrap_err();
    assert!(matches!(refused, Error::TooLong { bytes, limit, .. } if bytes == limit + 1), "{refused}");

    assert_eq!(writer.append(&[sized(PUBLIC_LIMIT)], 1).unwrap()[0].position, at(2));
}

#[test]
fn words_may_be_as_long_as_their_limit_and_no_longer() {
    assert!(Sealed::new(&"x".repeat(WORDS_LIMIT)).is_ok());
    let refused = Sealed::new(&"x".repeat(WORDS_LIMIT + 1)).unwrap_err();
    assert!(matches!(refused, Error::TooLong { what: "words", .. }), "{refused}");
}
