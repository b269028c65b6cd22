//! A backup is the record of one moment, and what is restored from it remembers what was erased.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use event_log::{
    Backup, ERASED, Error, NewEvent, Origin, Position, Reader, Report, Signer, Words, Writer, backup, check,
    restore,
};
use tempfile::TempDir;

use crate::given::{at, event, id, record, said, stranger};

fn says(n: u64) -> NewEvent {
    NewEvent { id: Some(id(n)), ..said(&format!("Said {n} times.")) }
}

fn erases(n: u64, what: u64) -> NewEvent {
    NewEvent { kind: ERASED.into(), reference: Some(id(what)), ..event(n) }
}

fn signer(folder: &TempDir) -> Signer {
    let origin = Origin::new("plenary.example/a/1").unwrap();
    Signer::open_or_create(&folder.path().join("key"), origin).unwrap()
}

struct Away {
    dir: TempDir,
}

impl Away {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    fn folder(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn restore(&self, from: &str) -> Result<Report, Error> {
        self.restore_with(from, None)
    }

    fn restore_with(&self, from: &str, keys: Option<PathBuf>) -> Result<Report, Error> {
        restore(&Backup { folder: self.folder(from), keys }, &self.folder("hall"))
    }
}

fn leaves(folder: &Path) -> Vec<[u8; 32]> {
    let page = Reader::open(folder).unwrap().page(None, usize::MAX).unwrap();
    page.into_iter().map(|event| event.leaf).collect()
}

fn key(folder: &TempDir, position: Position) -> Vec<u8> {
    let query = "SELECT key FROM keys WHERE position = ?1";
    stranger(folder).query_row(query, [position.get()], |row| row.get(0)).unwrap()
}

fn lies_in(folder: &Path, wanted: &[u8]) -> bool {
    let files = fs::read_dir(folder).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap());
    files.into_iter().any(|bytes| bytes.windows(wanted.len()).any(|found| found == wanted))
}

#[test]
fn what_is_restored_is_what_was_saved() {
    let (folder, mut writer) = record();
    writer.append(&(1..=600).map(says).collect::<Vec<_>>(), 1).unwrap();
    writer.checkpoint(&signer(&folder)).unwrap();
    let away = Away::new();

    let saved = backup(folder.path(), &away.folder("a b%?#")).unwrap();
    assert_eq!((saved.head, saved.keys, saved.signed), (Some(at(600)), 600, Some(600)));
    let report = away.restore("a b%?#").unwrap();

    assert_eq!((report.head, report.opened, report.checkpoints), (Some(at(600)), 600, 1));
    assert_eq!(leaves(&away.folder("hall")), leaves(folder.path()));
    let mut restored = Writer::open(&away.folder("hall")).unwrap();
    assert_eq!(restored.words(at(600)).unwrap(), Words::Open("Said 600 times.".into()));
    restored.append(&[event(601)], 2).unwrap();
    restored.checkpoint(&signer(&folder)).unwrap();
    assert_eq!(check(&away.folder("hall")).unwrap().checkpoints, 2);
}

#[test]
fn the_copy_of_a_record_has_no_keys_in_it() {
    let (folder, mut writer) = record();
    writer.append(&[says(1)], 1).unwrap();
    let away = Away::new();
    backup(folder.path(), &away.folder("saved")).unwrap();
    let key = key(&folder, at(1));
    let holds = |name: &str| {
        let bytes = fs::read(away.folder("saved").join(name)).unwrap();
        bytes.windows(32).any(|found| found == key)
    };
    assert_eq!((holds("record.db"), holds("keys.db")), (false, true));
}

#[test]
fn a_backup_of_a_record_that_is_being_written_is_of_one_moment() {
    let (folder, mut writer) = record();
    writer.append(&[says(1)], 1).unwrap();
    let away = Away::new();
    let enough = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut n = 1;
            while !enough.load(Ordering::Relaxed) {
                n += 1;
                let position = writer.append(&[says(2 * n)], n).unwrap()[0].position;
                if n % 3 == 0 {
                    writer.append(&[erases(2 * n + 1, 2 * n)], n).unwrap();
                    writer.erase(&[position]).unwrap();
                }
            }
        });
        for copy in 0..20 {
            let name = format!("saved-{copy}");
            let saved = backup(folder.path(), &away.folder(&name)).unwrap();
            let report = away.restore(&name).unwrap();
            assert_eq!((report.head, report.opened, report.unfinished), (saved.head, saved.keys, vec![]));
            fs::remove_dir_all(away.folder("hall")).unwrap();
        }
        enough.store(true, Ordering::Relaxed);
    });
}

#[test]
fn an_old_backup_of_the_keys_brings_nothing_back_that_was_erased() {
    let (folder, mut writer) = record();
    let corrected = NewEvent { reference: Some(id(1)), ..says(3) };
    writer.append(&[says(1), says(2), corrected], 1).unwrap();
    let away = Away::new();
    backup(folder.path(), &away.folder("before")).unwrap();
    let keys = [at(1), at(3)].map(|position| key(&folder, position));
    writer.append(&[erases(4, 1)], 2).unwrap();
    writer.erase(&[at(1), at(3)]).unwrap();
    backup(folder.path(), &away.folder("after")).unwrap();
    assert!(keys.iter().all(|key| !lies_in(&away.folder("after"), key)));

    let old_keys = away.folder("before").join("keys.db");
    let report = away.restore_with("after", Some(old_keys)).unwrap();

    assert_eq!((report.opened, report.gone, report.unfinished), (1, vec![at(1), at(3)], vec![]));
    assert!(keys.iter().all(|key| !lies_in(&away.folder("hall"), key)));
}

#[test]
fn an_erasure_that_is_not_finished_is_finished_in_the_backup() {
    let (folder, mut writer) = record();
    writer.append(&[says(1), erases(2, 1)], 1).unwrap();
    let away = Away::new();
    assert_eq!(backup(folder.path(), &away.folder("saved")).unwrap().keys, 0);
    assert!(!lies_in(&away.folder("saved"), &key(&folder, at(1))));
    assert_eq!(away.restore("saved").unwrap().gone, [at(1)]);
}

#[test]
fn nothing_is_ever_written_over() {
    let (folder, mut writer) = record();
    writer.append(&[says(1)], 1).unwrap();
    let away = Away::new();
    backup(folder.path(), &away.folder("saved")).unwrap();
    let again = backup(folder.path(), &away.folder("saved")).unwrap_err();
    assert!(matches!(again, Error::Exists { .. }), "{again}");
    away.restore("saved").unwrap();
    let again = away.restore("saved").unwrap_err();
    assert!(matches!(again, Error::Exists { .. }), "{again}");
}

#[test]
fn a_copy_that_ends_before_what_was_signed_is_refused_and_leaves_nothing() {
    let (folder, mut writer) = record();
    writer.append(&[says(1)], 1).unwrap();
    let away = Away::new();
    backup(folder.path(), &away.folder("old")).unwrap();
    writer.append(&[says(2)], 2).unwrap();
    writer.checkpoint(&signer(&folder)).unwrap();
    fs::create_dir(away.folder("hall")).unwrap();
    // The record was lost, and the file beside it was not.
    fs::copy(folder.path().join("record.checkpoint"), away.folder("hall").join("record.checkpoint")).unwrap();

    let refused = away.restore("old").unwrap_err();

    assert!(matches!(refused, Error::RolledBack { signed: 2, found: 1 }), "{refused}");
    assert!(!away.folder("hall").join("record.db").exists());
    assert!(!away.folder("hall").join("record.db.new").exists());
}

#[test]
fn keys_that_do_not_go_with_the_record_are_refused() {
    let (folder, mut writer) = record();
    writer.append(&[says(1)], 1).unwrap();
    let away = Away::new();
    backup(folder.path(), &away.folder("old")).unwrap();
    writer.append(&[says(2)], 2).unwrap();
    backup(folder.path(), &away.folder("new")).unwrap();
    let other = tempfile::tempdir().unwrap();
    drop(Writer::create(other.path(), uuid::Uuid::from_u128(5)).unwrap());
    backup(other.path(), &away.folder("other")).unwrap();

    let keys = |name: &str| Some(away.folder(name).join("keys.db"));
    let refused = away.restore_with("new", keys("old")).unwrap_err();
    assert!(matches!(refused, Error::KeyMissing { position, .. } if position == at(2)), "{refused}");
    let refused = away.restore_with("new", keys("other")).unwrap_err();
    assert!(matches!(refused, Error::OtherKeys { .. }), "{refused}");
    let refused = away.restore_with("new", Some(away.folder("new").join("record.db"))).unwrap_err();
    assert!(matches!(refused, Error::NotARecord { .. }), "{refused}");
    let refused = away.restore_with("new", keys("nowhere")).unwrap_err();
    assert!(matches!(refused, Error::Missing { .. }), "{refused}");
    assert!(!away.folder("hall").join("record.db").exists());
}

#[test]
fn a_record_of_format_1_is_saved_with_the_tree_that_it_lacked() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("record.db"), include_bytes!("../golden/record-format-1.db")).unwrap();
    let away = Away::new();
    backup(folder.path(), &away.folder("saved")).unwrap();
    let report = away.restore("saved").unwrap();
    assert_eq!((report.head, report.opened), (Some(at(3)), 2));
}
