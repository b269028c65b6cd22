//! Words that were erased are nowhere, and everything else is where it was.

use std::fs;

use event_log::{ERASED, Error, NewEvent, Position, Reader, Swept, Words, Writer, check};
use tempfile::TempDir;

use crate::given::{at, event, id, record, said, stranger};

/// An event that erases the one with this id, and its corrections.
fn erases(n: u64, what: u64) -> NewEvent {
    NewEvent { kind: ERASED.into(), reference: Some(id(what)), ..event(n) }
}

/// Words with an id of their own, about the event with the other id.
fn corrects(n: u64, what: u64, words: &str) -> NewEvent {
    NewEvent { id: Some(id(n)), reference: Some(id(what)), ..said(words) }
}

fn key(folder: &TempDir, position: Position) -> Vec<u8> {
    let query = "SELECT key FROM keys WHERE position = ?1";
    stranger(folder).query_row(query, [position.get()], |row| row.get(0)).unwrap()
}

/// Whether these bytes lie in any file of the folder.
fn lies_in(folder: &TempDir, wanted: &[u8]) -> bool {
    let files = fs::read_dir(folder.path()).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap());
    files.into_iter().any(|bytes| bytes.windows(wanted.len()).any(|found| found == wanted))
}

fn why(folder: &TempDir) -> (u64, String) {
    match check(folder.path()).unwrap_err() {
        Error::Damaged { position, why } => (position.get(), why),
        other => panic!("{other}"),
    }
}

#[test]
fn an_erased_event_keeps_its_leaf_and_loses_its_words_and_key() {
    let (folder, mut writer) = record();
    let others = (2..200).map(|n| NewEvent { id: Some(id(n)), ..said(&"Another word. ".repeat(40)) });
    writer.append(&[said("Said at table seven.")], 1).unwrap();
    writer.append(&others.collect::<Vec<_>>(), 2).unwrap();
    writer.append(&[corrects(300, 1, "Said at table nine."), erases(301, 1)], 3).unwrap();
    let gone = [at(1), at(200)];
    let keys = gone.map(|position| key(&folder, position));
    let before = Reader::open(folder.path()).unwrap().page(None, 500).unwrap();

    assert_eq!(writer.erase(&gone).unwrap(), Swept::Clean);

    let reader = Reader::open(folder.path()).unwrap();
    let after = reader.page(None, 500).unwrap();
    let leaves = |page: &[event_log::Recorded]| page.iter().map(|event| event.leaf).collect::<Vec<_>>();
    assert_eq!(leaves(&after), leaves(&before));
    for (position, key) in gone.into_iter().zip(&keys) {
        assert_eq!(reader.words(position).unwrap(), Words::Gone);
        assert!(!lies_in(&folder, key), "the key of {position} still lies in a file");
    }
    assert!(matches!(reader.words(at(2)).unwrap(), Words::Open(_)));
    let report = check(folder.path()).unwrap();
    assert_eq!((report.opened, report.gone, report.unfinished), (198, gone.to_vec(), vec![]));
}

#[test]
fn what_was_sealed_goes_with_its_key() {
    let (folder, mut writer) = record();
    writer.append(&[said(&"Long words. ".repeat(1_000)), erases(2, 1)], 1).unwrap();
    let sealed: Vec<u8> = stranger(&folder)
        .query_row("SELECT sealed FROM events WHERE position = 1", [], |row| row.get(0))
        .unwrap();
    assert_eq!(writer.erase(&[at(1)]).unwrap(), Swept::Clean);
    for piece in sealed.chunks_exact(64) {
        assert!(!lies_in(&folder, piece), "a piece of the seal still lies in a file");
    }
}

#[test]
fn a_key_that_goes_without_a_word_is_damage_that_names_its_event() {
    let (folder, mut writer) = record();
    // An event that erases must come after what it erases, and be about it.
    writer.append(&[erases(9, 1), said("Said."), erases(3, 2)], 1).unwrap();
    writer.erase(&[at(2)]).unwrap();
    assert_eq!(why(&folder), (2, "its key is missing, and no later event erases it".into()));
    writer.append(&[erases(4, 1)], 2).unwrap();
    assert_eq!(check(folder.path()).unwrap().gone, [at(2)]);
}

#[test]
fn an_erasure_that_did_not_come_to_its_end_is_told_and_can_be_done_again() {
    let (folder, mut writer) = record();
    writer.append(&[said("Said."), corrects(2, 1, "Said anew."), event(3), erases(4, 1)], 1).unwrap();
    assert_eq!(check(folder.path()).unwrap().unfinished, [at(1), at(2)]);
    drop(writer);
    let mut writer = Writer::open(folder.path()).unwrap();
    for _ in 0..2 {
        assert_eq!(writer.erase(&[at(1), at(2)]).unwrap(), Swept::Clean);
        let report = check(folder.path()).unwrap();
        assert_eq!((report.gone, report.unfinished), (vec![at(1), at(2)], vec![]));
    }
}

#[test]
fn a_reader_in_the_way_puts_off_the_sweep_and_nothing_else() {
    let (folder, mut writer) = record();
    writer.append(&[said("Said."), erases(2, 1)], 1).unwrap();
    let key = key(&folder, at(1));
    let reader = stranger(&folder);
    reader.execute_batch("BEGIN; SELECT count(*) FROM events;").unwrap();

    assert_eq!(writer.erase(&[at(1)]).unwrap(), Swept::Waiting);
    assert_eq!(writer.append(&[event(3)], 2).unwrap().len(), 1);
    assert_eq!(writer.words(at(1)).unwrap(), Words::Gone);

    reader.execute_batch("ROLLBACK").unwrap();
    assert_eq!(writer.sweep().unwrap(), Swept::Clean);
    assert!(!lies_in(&folder, &key));
}

#[test]
fn a_seal_whose_key_is_there_cannot_be_emptied_and_nothing_else_ever_changes() {
    let (folder, mut writer) = record();
    writer.append(&[said("Said."), event(2)], 1).unwrap();
    for sql in [
        "UPDATE events SET sealed = NULL WHERE position = 1",
        "UPDATE events SET sealed = x'00' WHERE position = 2",
        "UPDATE events SET id = NULL WHERE position = 2",
        "UPDATE events SET leaf = zeroblob(32) WHERE position = 2",
        "UPDATE events SET public = x'00' WHERE position = 2",
        "UPDATE events SET position = 9 WHERE position = 2",
    ] {
        let refused = stranger(&folder).execute(sql, []).unwrap_err().to_string();
        assert!(refused.contains("never changes"), "{sql}: {refused}");
    }
}

#[test]
fn a_record_from_before_there_was_erasure_can_be_erased_in() {
    let (folder, mut writer) = record();
    writer.append(&[said("Said."), erases(2, 1)], 1).unwrap();
    drop(writer);
    let old = "DROP TRIGGER events_stay;
        CREATE TRIGGER events_stay BEFORE UPDATE ON events
        BEGIN SELECT RAISE(ABORT, 'a recorded event never changes'); END;";
    stranger(&folder).execute_batch(old).unwrap();

    let mut writer = Writer::open(folder.path()).unwrap();

    assert_eq!(writer.erase(&[at(1)]).unwrap(), Swept::Clean);
    assert_eq!(check(folder.path()).unwrap().gone, [at(1)]);
}
