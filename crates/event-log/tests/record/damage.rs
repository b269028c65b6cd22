//! What a check makes of a record that somebody with the file in hand has changed.

use event_log::{Error, Position, Reader, Report, Sealed, Words, Writer, check};
use tempfile::TempDir;

use crate::given::{at, event, leaf_of, record, said, stranger};

/// Three events, the first of which has private words; nobody has the record open.
fn three_events() -> TempDir {
    let (folder, mut writer) = record();
    writer.append(&[said("Said at table seven."), event(2), event(3)], 10).unwrap();
    folder
}

/// Runs SQL against the record as somebody who has thrown its triggers out.
fn tamper(folder: &TempDir, sql: &str) {
    let connection = stranger(folder);
    connection
        .execute_batch("DROP TRIGGER events_stay; DROP TRIGGER events_remain; DROP TRIGGER keys_stay;")
        .unwrap();
    assert_eq!(connection.execute(sql, []).unwrap(), 1, "{sql}");
}

/// Puts other public bytes into a row, with the leaf that fits them.
fn forge(folder: &TempDir, position: Position, from: &str, to: &str) {
    let read = Reader::open(folder.path()).unwrap().at(position).unwrap().unwrap();
    let forged = String::from_utf8(read.bytes).unwrap().replacen(from, to, 1).into_bytes();
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let (public, leaf) = (hex(&forged), hex(&leaf_of(&forged)));
    tamper(
        folder,
        &format!("UPDATE events SET public = x'{public}', leaf = x'{leaf}' WHERE position = {position}"),
    );
}

/// The position and the reason of the damage that a check finds.
fn found(folder: &TempDir) -> (u64, String) {
    match check(folder.path()).unwrap_err() {
        Error::Damaged { position, why } => (position.get(), why),
        other => panic!("{other}"),
    }
}

/// An SQL expression: the blob in `column` with another byte in one place, counted from 1.
fn flip(column: &str, place: &str) -> String {
    format!(
        "CAST(substr({column}, 1, {place} - 1)
         || CASE substr({column}, {place}, 1) WHEN x'00' THEN x'01' ELSE x'00' END
         || substr({column}, {place} + 1) AS BLOB)"
    )
}

#[test]
fn a_sound_record_is_vouched_for() {
    let folder = three_events();
    let report = check(folder.path()).unwrap();
    assert_eq!(report, Report { head: Some(at(3)), opened: 1, ..Report::default() });
}

#[test]
fn an_empty_record_is_sound() {
    let (folder, _writer) = record();
    assert_eq!(check(folder.path()).unwrap(), Report::default());
}

#[test]
fn a_record_is_checked_while_it_is_written_and_over_many_pages() {
    let (folder, mut writer) = record();
    writer.append(&(1..=2_500).map(event).collect::<Vec<_>>(), 1).unwrap();
    assert_eq!(check(folder.path()).unwrap().head, Some(at(2_500)));
}

#[test]
fn a_changed_byte_of_a_public_part_is_noticed() {
    let folder = three_events();
    tamper(&folder, &format!("UPDATE events SET public = {} WHERE position = 2", flip("public", "60")));
    assert_eq!(found(&folder).0, 2);
}

#[test]
fn a_changed_byte_of_a_payload_is_noticed_by_check_and_by_the_next_writer() {
    let folder = three_events();
    let sql = "UPDATE events SET public = CAST(replace(CAST(public AS TEXT), '\"n\":3', '\"n\":4') AS BLOB)
        WHERE position = 3";
    tamper(&folder, sql);

    assert_eq!(found(&folder), (3, "its leaf is not the hash of its public part".into()));
    let refused = Writer::open(folder.path()).map(|_| ()).unwrap_err();
    assert!(matches!(refused, Error::Damaged { position, .. } if position == at(3)), "{refused}");
}

#[test]
fn a_wrong_leaf_is_found() {
    let folder = three_events();
    tamper(&folder, "UPDATE events SET leaf = zeroblob(32) WHERE position = 2");
    assert_eq!(found(&folder), (2, "its leaf is not the hash of its public part".into()));
}

#[test]
fn a_missing_event_is_found() {
    let folder = three_events();
    tamper(&folder, "DELETE FROM events WHERE position = 2");

    assert_eq!(found(&folder), (2, "it is missing".into()));
    assert!(matches!(Writer::open(folder.path()), Err(Error::Damaged { position, .. }) if position == at(2)));
}

#[test]
fn a_missing_first_event_is_found() {
    let folder = three_events();
    tamper(&folder, "DELETE FROM events WHERE position = 1");
    assert_eq!(found(&folder), (1, "it is missing".into()));
}

#[test]
fn a_cut_off_end_is_found_by_the_keys_that_are_left() {
    let (folder, mut writer) = record();
    writer.append(&[event(2), said("The last word.")], 10).unwrap();
    drop(writer);
    tamper(&folder, "DELETE FROM events WHERE position = 2");
    assert_eq!(found(&folder), (2, "it is missing, and its key is there".into()));
}

#[test]
fn any_changed_byte_of_the_sealed_part_is_noticed() {
    for byte in ["1", "25", "57", "length(sealed)"] {
        let folder = three_events();
        tamper(&folder, &format!("UPDATE events SET sealed = {} WHERE position = 1", flip("sealed", byte)));
        assert_eq!(found(&folder), (1, "its key does not open its seal".into()), "byte {byte}");
    }
}

#[test]
fn a_seal_that_was_cut_off_is_found() {
    let folder = three_events();
    tamper(&folder, "UPDATE events SET sealed = x'00' WHERE position = 1");
    assert_eq!(found(&folder), (1, "its seal is too short".into()));
}

#[test]
fn another_key_does_not_open_the_words() {
    let folder = three_events();
    tamper(&folder, "UPDATE keys SET key = zeroblob(32) WHERE position = 1");
    assert_eq!(found(&folder), (1, "its key does not open its seal".into()));
}

#[test]
fn words_that_were_exchanged_with_their_key_break_the_commitment() {
    let folder = three_events();
    let (other_folder, mut other) = record();
    other.append(&[said("Said by somebody else.")], 10).unwrap();
    drop(other);
    let connection = stranger(&folder);
    connection.execute("ATTACH ?1 AS other", [other_folder.path().join("record.db").to_str()]).unwrap();
    connection
        .execute_batch(
            "DROP TRIGGER events_stay; DROP TRIGGER keys_stay;
             UPDATE events SET sealed = (SELECT sealed FROM other.events) WHERE position = 1;
             UPDATE keys SET key = (SELECT key FROM other.keys) WHERE position = 1;",
        )
        .unwrap();
    drop(connection);

    assert_eq!(found(&folder), (1, "its words are not the ones that it commits to".into()));
    let refused = Reader::open(folder.path()).unwrap().words(at(1)).unwrap_err();
    assert!(matches!(refused, Error::Damaged { position, .. } if position == at(1)), "{refused}");
}

#[test]
fn words_that_were_taken_away_are_found() {
    let folder = three_events();
    tamper(&folder, "UPDATE events SET sealed = NULL WHERE position = 1");
    assert_eq!(found(&folder), (1, "its words are missing".into()));
}

#[test]
fn words_that_nobody_committed_to_are_found() {
    let folder = three_events();
    tamper(&folder, "UPDATE events SET sealed = zeroblob(80) WHERE position = 2");
    assert_eq!(found(&folder), (2, "it has words that it does not commit to".into()));
}

#[test]
fn a_key_that_somebody_took_is_found() {
    let folder = three_events();
    stranger(&folder).execute("DELETE FROM keys WHERE position = 1", []).unwrap();
    assert_eq!(found(&folder), (1, "its key is missing, and no later event erases it".into()));
    assert_eq!(Reader::open(folder.path()).unwrap().words(at(1)).unwrap(), Words::Gone);
}

#[test]
fn an_event_filed_under_another_id_is_found() {
    let folder = three_events();
    tamper(&folder, "UPDATE events SET id = zeroblob(16) WHERE position = 2");
    assert_eq!(found(&folder), (2, "its id differs from the one that it is filed under".into()));
}

#[test]
fn forged_bytes_that_contradict_the_row_are_found() {
    for (position, from, to, why) in [
        (2, "\"position\":2", "\"position\":3", "its public part is of another event"),
        (2, "00aa", "00ab", "its public part is of another event"),
        (3, "\"recorded_at\":10", "\"recorded_at\":9", "it was recorded before the event in front of it"),
        (2, "\"commitment\":null", "\"commitment\":\"\"", "its public part is not as written, at"),
        (2, "{\"v\":1,", "{ \"v\":1,", "its public part does not begin with the version"),
    ] {
        let folder = three_events();
        forge(&folder, at(position), from, to);
        let damage = found(&folder);
        assert_eq!(damage.0, position, "{to}: {}", damage.1);
        assert!(damage.1.starts_with(why), "{to}: {}", damage.1);
    }
}

#[test]
fn a_later_format_of_an_event_is_refused_by_its_number() {
    let folder = three_events();
    forge(&folder, at(2), "{\"v\":1,", "{\"v\":2,\"more\":true,");

    let refused = Reader::open(folder.path()).unwrap().at(at(2)).unwrap_err();

    assert!(
        matches!(refused, Error::UnknownFormat { version: 2, position } if position == at(2)),
        "{refused}"
    );
}

#[test]
fn what_a_damaged_event_says_is_not_repeated_in_the_error() {
    let folder = three_events();
    forge(&folder, at(2), "\"schema\":1", "\"schema\":\"zanzibar\"");
    assert!(!found(&folder).1.contains("zanzibar"));
}

#[test]
fn one_sealing_never_gives_the_same_commitment_as_another() {
    let commitments = [(); 2].map(|()| Sealed::new("yes").unwrap().commitment());
    assert_ne!(commitments[0], commitments[1]);
}
