//! Records of every format that was ever written.

use event_log::{Reader, Width, Words, Writer, check};

use crate::given::{ASSEMBLY, at, event};

/// Three events, the first two with words, as the first format kept them.
const FORMAT_1: &[u8] = include_bytes!("../golden/record-format-1.db");

#[test]
fn a_record_of_format_1_is_read_as_it_is_and_gets_its_tree_when_it_is_written() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("record.db"), FORMAT_1).unwrap();
    let old = Reader::open(folder.path()).unwrap();
    assert_eq!((old.assembly(), old.head().unwrap()), (ASSEMBLY, Some(at(3))));
    assert_eq!(old.words(at(2)).unwrap(), Words::Open("Said 2 times.".into()));
    assert_eq!(old.tile(0, 0, Width::new(3).unwrap()).unwrap(), None);
    assert_eq!(old.checkpoint().unwrap(), None);
    assert_eq!(check(folder.path()).unwrap().opened, 2);
    drop(old);

    let mut writer = Writer::open(folder.path()).unwrap();
    writer.append(&(4..=300).map(event).collect::<Vec<_>>(), 9_000).unwrap();

    let now = Reader::open(folder.path()).unwrap();
    assert!(now.tile(0, 0, Width::FULL).unwrap().is_some());
    assert_eq!(now.words(at(1)).unwrap(), Words::Open("Said 1 times.".into()));
    assert_eq!(check(folder.path()).unwrap().head, Some(at(300)));
}

#[test]
fn a_long_record_of_format_1_gets_all_its_tiles() {
    let (folder, mut writer) = crate::given::record();
    writer.append(&(1..=600).map(event).collect::<Vec<_>>(), 1).unwrap();
    drop(writer);
    let root = Reader::open(folder.path()).unwrap().root(600).unwrap();
    crate::given::stranger(&folder)
        .execute_batch("DROP TABLE tiles; DROP TABLE roots; DROP TABLE checkpoints; PRAGMA user_version = 1;")
        .unwrap();

    drop(Writer::open(folder.path()).unwrap());

    assert_eq!(Reader::open(folder.path()).unwrap().root(600).unwrap(), root);
    assert_eq!(check(folder.path()).unwrap().head, Some(at(600)));
}
