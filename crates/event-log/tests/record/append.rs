//! Appending to a record and reading it again.

use crate::given::{self, ASSEMBLY, at, event, id, leaf_of, record, said};
use event_log::{Error, NewEvent, Position, Reader, Sealed, Words, Writer};

#[test]
fn what_is_appended_is_read_again() {
    let (folder, mut writer) = record();
    let first = said("The bus stops at six.");
    let second = NewEvent { reference: first.id, device: None, ..event(2) };
    let commitment = first.words.as_ref().map(Sealed::commitment);

    let appended = writer.append(&[first, second], 1_000).unwrap();

    let reader = Reader::open(folder.path()).unwrap();
    let page = reader.page(None, 10).unwrap();
    assert_eq!(reader.assembly(), ASSEMBLY);
    assert_eq!((reader.head().unwrap(), writer.head()), (Some(at(2)), Some(at(2))));
    assert_eq!(page.len(), 2);
    assert_eq!(page.iter().map(|event| event.leaf).collect::<Vec<_>>(), [appended[0].leaf, appended[1].leaf]);
    assert_eq!((page[0].position, page[0].recorded_at_ms), (appended[0].position, 1_000));
    assert_eq!((page[0].id, page[0].commitment), (Some(id(1)), commitment));
    assert_eq!(
        (page[0].kind.as_str(), page[0].schema, page[0].stream.as_str()),
        ("contributed", 1, "round/1")
    );
    assert_eq!((page[0].channel.as_deref(), page[0].device.as_deref()), (Some("room"), Some("d-7")));
    assert_eq!(page[0].voice.as_deref(), Some("v-1"));
    assert_eq!((page[1].reference, page[1].device.as_deref()), (Some(id(1)), None));
    assert_eq!(page[1].payload.get(), r#"{"n":2}"#);
}

#[test]
fn the_exact_bytes_are_kept_and_hashed() {
    let (folder, mut writer) = record();
    let payload = r#"{ "b" : 1.0,  "a": "ü\u00fc\n" }"#;
    let odd =
        NewEvent { stream: "a \"quoted\"\u{1}\\ stream".into(), payload: given::json(payload), ..event(1) };

    let appended = writer.append(&[odd], 5).unwrap();

    let read = Reader::open(folder.path()).unwrap().at(at(1)).unwrap().unwrap();
    let text = String::from_utf8(read.bytes.clone()).unwrap();
    assert!(text.ends_with(&format!(r#","payload":{payload}}}"#)), "{text}");
    assert_eq!(read.payload.get(), payload);
    assert_eq!(read.stream, "a \"quoted\"\u{1}\\ stream");
    assert_eq!((read.leaf, appended[0].leaf), (leaf_of(&read.bytes), leaf_of(&read.bytes)));
}

#[test]
fn a_record_goes_on_after_it_is_opened_again() {
    let (folder, mut writer) = record();
    writer.append(&[event(1)], 70).unwrap();
    drop(writer);

    let mut writer = Writer::open(folder.path()).unwrap();
    assert_eq!((writer.assembly(), writer.head()), (ASSEMBLY, Some(at(1))));
    let appended = writer.append(&[event(2)], 60).unwrap();

    assert_eq!((appended[0].position, appended[0].recorded_at_ms), (at(2), 70));
}

#[test]
fn time_never_goes_backwards() {
    let (_folder, mut writer) = record();
    let times = [10, 30, 20, 5, 31];
    let recorded = times.map(|now| writer.append(&[event(now)], now).unwrap()[0].recorded_at_ms);
    assert_eq!(recorded, [10, 30, 30, 30, 31]);
}

#[test]
fn an_empty_batch_changes_nothing() {
    let (_folder, mut writer) = record();
    assert!(writer.append(&[], 900).unwrap().is_empty());
    assert_eq!(writer.head(), None);
    assert_eq!(writer.append(&[event(1)], 10).unwrap()[0].recorded_at_ms, 10);
}

#[test]
fn a_second_event_with_the_same_id_is_refused_and_takes_its_batch_along() {
    let (_folder, mut writer) = record();
    writer.append(&[event(1)], 1).unwrap();

    for batch in [vec![event(2), event(1)], vec![event(3), event(3)]] {
        let twice = batch[1].id.unwrap();
        let refused = writer.append(&batch, 2).unwrap_err();
        assert!(matches!(refused, Error::Duplicate { id } if id == twice), "{refused}");
    }

    assert_eq!((writer.head(), writer.find(id(2)).unwrap().is_none()), (Some(at(1)), true));
    assert_eq!(writer.append(&[event(2)], 3).unwrap()[0].position, at(2));
}

#[test]
fn events_without_an_id_are_never_taken_for_each_other() {
    let (_folder, mut writer) = record();
    let without = |n| NewEvent { id: None, ..event(n) };
    assert_eq!(writer.append(&[without(1), without(1)], 1).unwrap().len(), 2);
}

#[test]
fn an_event_is_found_by_its_id() {
    let (folder, mut writer) = record();
    writer.append(&[event(1), event(2)], 1).unwrap();
    let reader = Reader::open(folder.path()).unwrap();

    assert_eq!(writer.find(id(2)).unwrap().unwrap().position, at(2));
    assert_eq!(reader.find(id(1)).unwrap().unwrap().position, at(1));
    assert!(reader.find(id(3)).unwrap().is_none());
    assert!(reader.at(at(3)).unwrap().is_none());
}

#[test]
fn pages_follow_each_other() {
    let (folder, mut writer) = record();
    let reader = Reader::open(folder.path()).unwrap();
    assert_eq!((reader.head().unwrap(), reader.page(None, 10).unwrap().len()), (None, 0));

    writer.append(&(1..=5).map(event).collect::<Vec<_>>(), 1).unwrap();

    let positions = |after, limit| {
        let page = reader.page(after, limit).unwrap();
        page.iter().map(|event| event.position.get()).collect::<Vec<_>>()
    };
    assert_eq!(positions(None, 2), [1, 2]);
    assert_eq!(positions(Position::new(2), 2), [3, 4]);
    assert_eq!(positions(Position::new(4), usize::MAX), [5]);
    assert!(positions(Position::new(5), 2).is_empty());
}

#[test]
fn words_open_for_the_writer_and_for_readers() {
    let (folder, mut writer) = record();
    writer.append(&[said("Nobody asked us."), event(2)], 1).unwrap();
    let reader = Reader::open(folder.path()).unwrap();

    assert_eq!(writer.words(at(1)).unwrap(), Words::Open("Nobody asked us.".into()));
    assert_eq!(reader.words(at(1)).unwrap(), Words::Open("Nobody asked us.".into()));
    assert_eq!(reader.words(at(2)).unwrap(), Words::None);
    assert!(matches!(reader.words(at(3)), Err(Error::NoSuchEvent { position }) if position == at(3)));
}

#[test]
fn an_opening_fits_the_commitment_and_says_nothing_in_a_log() {
    let (folder, mut writer) = record();
    writer.append(&[said("Ask in zanzibar."), event(2)], 1).unwrap();
    let reader = Reader::open(folder.path()).unwrap();
    let opening = reader.opening(at(1)).unwrap().unwrap();
    assert_eq!(opening.words, "Ask in zanzibar.");
    assert_eq!(Some(opening.commitment()), reader.at(at(1)).unwrap().unwrap().commitment);
    assert!(!format!("{opening:?}").contains("zanzibar"));
    assert_eq!(reader.opening(at(2)).unwrap(), None);
    assert!(reader.opening(at(3)).is_err());
}

#[test]
fn words_do_not_stand_in_the_files_nor_in_what_is_logged() {
    let (folder, mut writer) = record();
    let spoken = said("zanzibar-marmalade");
    assert!(!format!("{spoken:?}").contains("zanzibar"));
    writer.append(&[spoken], 1).unwrap();
    assert!(!format!("{:?}", writer.words(at(1)).unwrap()).contains("zanzibar"));

    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(8).any(|window| window == b"zanzibar"));
    }
}

#[test]
fn a_reader_may_go_to_another_thread_while_the_writer_goes_on() {
    let (folder, mut writer) = record();
    let reader = Reader::open(folder.path()).unwrap();
    let follower = std::thread::spawn(move || {
        let mut seen: Vec<u64> = Vec::new();
        while seen.len() < 200 {
            let after = seen.last().copied().and_then(Position::new);
            seen.extend(reader.page(after, 7).unwrap().iter().map(|event| event.position.get()));
        }
        seen
    });
    for n in 1..=200 {
        writer.append(&[event(n)], n).unwrap();
    }
    assert_eq!(follower.join().unwrap(), (1..=200).collect::<Vec<_>>());
}
