//! Checkpoints, and what they guard against.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use event_log::{Checkpoint, Error, Note, Origin, Proof, Reader, Signer, VerifierKey, Writer, check};
use signed_note::{StandardVerifier, VerifierList};
use tempfile::TempDir;

use crate::given::{at, event, leaf_of, record, said, stranger};

const NAME: &str = "plenary.example/a/01900000-0000-7000-8000-0000000000aa";

fn signer(folder: &TempDir) -> Signer {
    Signer::open_or_create(&folder.path().join("log.key"), Origin::new(NAME).unwrap()).unwrap()
}

/// A record with as many events and a checkpoint over them.
fn signed_over(size: u64) -> (TempDir, Writer, Signer) {
    let (folder, mut writer) = record();
    writer.append(&(1..=size).map(event).collect::<Vec<_>>(), 1).unwrap();
    let signer = signer(&folder);
    writer.checkpoint(&signer).unwrap();
    (folder, writer, signer)
}

fn theirs(key: &VerifierKey) -> VerifierList {
    VerifierList::new(vec![Box::new(StandardVerifier::new(&key.to_string()).unwrap())])
}

fn beside(folder: &TempDir) -> std::path::PathBuf {
    folder.path().join("record.checkpoint")
}

fn copy_of(folder: &TempDir) -> Vec<u8> {
    stranger(folder).pragma_update(None, "wal_checkpoint", "truncate").unwrap();
    fs::read(folder.path().join("record.db")).unwrap()
}

/// What somebody does who puts an old copy of the file in its place.
fn swap_in(folder: &TempDir, copy: &[u8]) {
    for file in ["record.db-wal", "record.db-shm"] {
        let _ = fs::remove_file(folder.path().join(file));
    }
    fs::write(folder.path().join("record.db"), copy).unwrap();
}

#[test]
fn a_checkpoint_is_read_and_verified_by_others() {
    let (folder, _writer, signer) = signed_over(300);
    let checkpoint = Reader::open(folder.path()).unwrap().checkpoint().unwrap().unwrap();
    assert_eq!((checkpoint.origin(), checkpoint.size()), (NAME, 300));

    let note = signed_note::Note::from_bytes(checkpoint.to_string().as_bytes()).unwrap();
    let (verified, others) = note.verify(&theirs(signer.verifier())).unwrap();
    assert_eq!((verified.len(), others.len(), verified[0].id()), (1, 0, signer.verifier().id()));
    let read = tlog_tiles::Checkpoint::from_bytes(note.text()).unwrap();
    assert_eq!((read.origin(), read.size(), read.hash().0), (NAME, 300, *checkpoint.root()));
    assert_eq!(read.extension(), "");
    checkpoint.verify(&[signer.verifier().clone()]).unwrap();
    assert_eq!(fs::read_to_string(beside(&folder)).unwrap(), checkpoint.to_string());
}

#[test]
fn what_others_sign_with_the_same_key_is_the_same() {
    let (folder, _writer, signer) = signed_over(3);
    let key = fs::read_to_string(folder.path().join("log.key")).unwrap();
    let mut bytes = vec![1];
    bytes.extend(BASE64.decode(key.lines().nth(1).unwrap()).unwrap());
    let id = signer.verifier().id();
    let skey = format!("PRIVATE+KEY+{NAME}+{id:08x}+{}", BASE64.encode(bytes));
    let ours = Reader::open(folder.path()).unwrap().checkpoint().unwrap().unwrap();

    let mut note = signed_note::Note::new(ours.note().text().as_bytes(), &[]).unwrap();
    note.add_sigs(&[&signed_note::StandardSigner::new(&skey).unwrap()]).unwrap();

    assert_eq!(String::from_utf8(note.to_bytes()).unwrap(), ours.to_string());
}

#[test]
fn signatures_of_strangers_are_carried_along_and_count_for_nothing() {
    let (folder, _writer, signer) = signed_over(3);
    let stranger =
        Signer::open_or_create(&folder.path().join("other.key"), Origin::new("other.example").unwrap());
    let stranger = stranger.unwrap().verifier().clone();
    let text = fs::read_to_string(beside(&folder)).unwrap();
    let more = format!("{text}— other.example {}\n", BASE64.encode([7; 9]));
    let note: Note = more.parse().unwrap();
    assert_eq!(note.to_string(), more);
    note.verify(&[stranger.clone(), signer.verifier().clone()]).unwrap();
    assert!(note.verify(&[stranger]).is_err());
}

#[test]
fn nothing_new_needs_no_new_checkpoint() {
    let (folder, mut writer, signer) = signed_over(3);
    let first = fs::metadata(beside(&folder)).unwrap().modified().unwrap();
    let again = writer.checkpoint(&signer).unwrap();
    assert_eq!(again.size(), 3);
    assert_eq!(fs::metadata(beside(&folder)).unwrap().modified().unwrap(), first);
    assert_eq!(check(folder.path()).unwrap().checkpoints, 1);
}

#[test]
fn an_empty_record_has_a_checkpoint_too() {
    let (folder, writer, _signer) = signed_over(0);
    drop(writer);
    let mut writer = Writer::open(folder.path()).unwrap();
    writer.append(&[event(1)], 1).unwrap();
    assert_eq!(writer.checkpoint(&signer(&folder)).unwrap().size(), 1);
    assert_eq!(check(folder.path()).unwrap().checkpoints, 2);
}

#[test]
fn another_key_signs_the_same_tree_again() {
    let (folder, mut writer, first) = signed_over(3);
    let other = Signer::open_or_create(&folder.path().join("next.key"), Origin::new(NAME).unwrap()).unwrap();
    let checkpoint = writer.checkpoint(&other).unwrap();
    assert!(checkpoint.verify(&[first.verifier().clone()]).is_err());
    checkpoint.verify(&[first.verifier().clone(), other.verifier().clone()]).unwrap();
    assert_eq!(check(folder.path()).unwrap().checkpoints, 2);
}

#[test]
fn an_old_copy_of_the_record_is_refused_with_both_sizes() {
    let (folder, mut writer) = record();
    writer.append(&(1..=5).map(event).collect::<Vec<_>>(), 1).unwrap();
    let old = copy_of(&folder);
    writer.append(&(6..=9).map(event).collect::<Vec<_>>(), 1).unwrap();
    writer.checkpoint(&signer(&folder)).unwrap();
    drop(writer);
    swap_in(&folder, &old);

    let refused = Writer::open(folder.path()).map(|_| ()).unwrap_err();
    assert!(matches!(refused, Error::RolledBack { signed: 9, found: 5 }), "{refused}");
    assert!(refused.to_string().contains("over 9 events") && refused.to_string().contains("the 5 events"));
    assert!(matches!(check(folder.path()), Err(Error::RolledBack { signed: 9, found: 5 })));
}

#[test]
fn another_record_of_the_same_length_is_refused() {
    let (folder, writer, _signer) = signed_over(9);
    drop(writer);
    let (other, mut forged) = record();
    forged.append(&(11..=20).map(event).collect::<Vec<_>>(), 1).unwrap();
    drop(forged);
    swap_in(&folder, &copy_of(&other));

    let refused = Writer::open(folder.path()).map(|_| ()).unwrap_err();
    assert!(matches!(refused, Error::RolledBack { signed: 9, found: 10 }), "{refused}");
    assert!(matches!(check(folder.path()), Err(Error::RolledBack { signed: 9, found: 10 })));
}

#[test]
fn a_copy_that_has_all_that_was_signed_goes_on() {
    let (folder, mut writer, signer) = signed_over(5);
    let copy = copy_of(&folder);
    writer.append(&[event(6)], 1).unwrap();
    drop(writer);
    swap_in(&folder, &copy);
    let mut writer = Writer::open(folder.path()).unwrap();
    writer.append(&[event(7)], 1).unwrap();
    assert_eq!(writer.checkpoint(&signer).unwrap().size(), 6);
}

#[test]
fn a_crash_between_the_file_and_the_table_is_made_good() {
    let (folder, mut writer) = record();
    let signer = signer(&folder);
    writer.append(&[event(1), event(2)], 1).unwrap();
    let before = copy_of(&folder);
    let signed = writer.checkpoint(&signer).unwrap();
    drop(writer);
    swap_in(&folder, &before);
    assert_eq!(Reader::open(folder.path()).unwrap().checkpoint().unwrap(), None);

    let mut writer = Writer::open(folder.path()).unwrap();
    assert_eq!(writer.checkpoint(&signer).unwrap(), signed);
    assert_eq!(Reader::open(folder.path()).unwrap().checkpoint().unwrap(), Some(signed));
}

#[test]
fn without_the_file_the_record_still_guards_itself() {
    let (folder, writer, signer) = signed_over(5);
    drop(writer);
    fs::remove_file(beside(&folder)).unwrap();
    let mut writer = Writer::open(folder.path()).unwrap();
    writer.append(&[event(6)], 1).unwrap();
    assert_eq!(writer.checkpoint(&signer).unwrap().size(), 6);
    assert!(beside(&folder).exists());
}

#[test]
fn a_file_that_holds_no_checkpoint_is_refused() {
    let (folder, writer, _signer) = signed_over(5);
    drop(writer);
    fs::write(beside(&folder), "5 events\n").unwrap();
    assert!(matches!(Writer::open(folder.path()), Err(Error::CheckpointFile { .. })));
}

#[test]
fn a_signature_that_is_not_ours_stops_the_signing() {
    let (folder, mut writer, signer) = signed_over(5);
    writer.append(&[event(6)], 1).unwrap();
    drop(writer);
    let text = fs::read_to_string(beside(&folder)).unwrap();
    let forged = text.trim_end().strip_suffix('=').unwrap().to_owned();
    let at = forged.len() - 20;
    let other = if &forged[at..=at] == "A" { "B" } else { "A" };
    fs::write(beside(&folder), format!("{}{other}{}=\n", &forged[..at], &forged[at + 1..])).unwrap();
    stranger(&folder).execute_batch("DROP TRIGGER checkpoints_remain; DELETE FROM checkpoints").unwrap();

    let mut writer = Writer::open(folder.path()).unwrap();
    assert!(matches!(writer.checkpoint(&signer), Err(Error::BadNote { .. })));
    assert!(matches!(writer.append(&[event(7)], 1), Err(Error::Stopped)));
}

#[test]
fn a_tree_that_came_apart_is_never_signed() {
    let (folder, mut writer, signer) = signed_over(300);
    writer.append(&[event(301)], 1).unwrap();
    let strange = stranger(&folder);
    strange.execute_batch("DROP TRIGGER roots_stay; UPDATE roots SET root = zeroblob(32)").unwrap();

    let refused = writer.checkpoint(&signer).unwrap_err();

    assert!(matches!(refused, Error::TreeDiffers { size: 301 }), "{refused}");
    assert!(matches!(writer.checkpoint(&signer), Err(Error::Stopped)));
    let on_disk: Checkpoint = fs::read_to_string(beside(&folder)).unwrap().parse().unwrap();
    assert_eq!(on_disk.size(), 300);
}

#[test]
fn damage_to_the_tree_is_found_and_named() {
    for (sql, position) in [
        ("UPDATE roots SET root = zeroblob(32) WHERE place = 1", 257),
        (
            "UPDATE tiles SET hashes = CAST(substr(hashes, 1, 64) || zeroblob(32) || substr(hashes, 97) AS BLOB) WHERE place = 1",
            259,
        ),
        ("DELETE FROM tiles WHERE place = 0", 1),
        ("INSERT INTO tiles VALUES (2, zeroblob(8192))", 768),
        ("INSERT INTO roots VALUES (1 << 48, zeroblob(32))", 65_536),
    ] {
        let (folder, writer, _signer) = signed_over(600);
        drop(writer);
        let strange = stranger(&folder);
        strange
            .execute_batch("DROP TRIGGER tiles_stay; DROP TRIGGER tiles_remain; DROP TRIGGER roots_stay;")
            .unwrap();
        strange.execute(sql, []).unwrap();
        drop(strange);
        match check(folder.path()).unwrap_err() {
            Error::Damaged { position: found, why } => assert_eq!(found, at(position), "{sql}: {why}"),
            other => panic!("{sql}: {other}"),
        }
    }
}

#[test]
fn what_was_recorded_since_the_checkpoint_is_hashed_again_at_the_start() {
    for size in [0, 700] {
        let (folder, mut writer, _signer) = signed_over(size);
        writer.append(&(size + 1..=size + 600).map(event).collect::<Vec<_>>(), 1).unwrap();
        drop(writer);
        let (forged, strange) = (size + 100, stranger(&folder));
        strange.execute_batch("DROP TRIGGER events_stay").unwrap();
        strange
            .execute("UPDATE events SET public = CAST(replace(CAST(public AS TEXT), 'room', 'zoom') AS BLOB) WHERE position = ?1", [forged])
            .unwrap();
        drop(strange);
        let refused = Writer::open(folder.path()).map(|_| ()).unwrap_err();
        assert!(matches!(refused, Error::Damaged { position, .. } if position == at(forged)), "{refused}");
    }
}

#[test]
fn signed_checkpoints_and_tiles_cannot_be_changed_or_removed() {
    let (folder, _writer, _signer) = signed_over(300);
    let connection = stranger(&folder);
    for statement in [
        "UPDATE checkpoints SET size = 1",
        "DELETE FROM checkpoints",
        "UPDATE tiles SET place = 7",
        "DELETE FROM tiles",
        "UPDATE roots SET place = 7",
        "DELETE FROM roots",
    ] {
        let refused = connection.execute(statement, []).unwrap_err().to_string();
        assert!(refused.contains("never"), "{statement}: {refused}");
    }
}

#[test]
fn the_key_is_made_once_for_its_owner_only_and_lies_in_no_record() {
    let (folder, _writer, first) = signed_over(3);
    let path = folder.path().join("log.key");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(signer(&folder).verifier(), first.verifier());
    assert!(!format!("{first:?}").contains(fs::read_to_string(&path).unwrap().lines().nth(1).unwrap()));

    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let open = || Signer::open_or_create(&path, Origin::new(NAME).unwrap()).map(|_| ());
    assert!(matches!(open(), Err(Error::KeyFile { .. })));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    for wrong in ["", "plenary-log-key/v1\n", "plenary-log-key/v1\nAAAA\n", "plenary-log-key/v2\nAAAA\n"] {
        fs::write(&path, wrong).unwrap();
        assert!(matches!(open(), Err(Error::KeyFile { .. })), "{wrong:?}");
    }
}

#[test]
fn a_verifier_key_is_read_again_and_a_wrong_one_refused() {
    let (_folder, _writer, signer) = signed_over(0);
    let text = signer.verifier().to_string();
    assert_eq!(&text.parse::<VerifierKey>().unwrap(), signer.verifier());
    for wrong in [
        "",
        "name",
        "name+id",
        "name+00000000+AAAA",
        &text.replace("plenary", "planary"),
        &text[..text.len() - 4],
        &text.replacen('+', "", 1),
    ] {
        assert!(wrong.parse::<VerifierKey>().is_err(), "{wrong}");
    }
    for name in ["", "a b", "a+b", "a\u{2003}b", "a\nb"] {
        assert!(Origin::new(name).is_err(), "{name:?}");
    }
}

#[test]
fn notes_that_are_not_well_formed_are_refused() {
    let (folder, _writer, _signer) = signed_over(1);
    let right = fs::read_to_string(beside(&folder)).unwrap();
    assert!(right.parse::<Checkpoint>().is_ok());
    for wrong in [
        right.trim_end().to_owned(),
        right.replace("\n\n", "\n"),
        right.replace("— ", "- "),
        right.replace('\n', "\r\n"),
        right.replace("\n1\n", "\n01\n"),
        right.replace("\n1\n", "\n+1\n"),
        right.replace("\n1\n", "\n18446744073709551616\n"),
        right.replace(NAME, ""),
        format!("{right}more\n"),
        right.replace("=\n\n", "\n\n"),
        "x".repeat(event_log::NOTE_LIMIT + 1),
    ] {
        assert!(wrong.parse::<Checkpoint>().is_err(), "{wrong:.200}");
    }
}

#[test]
fn a_receipt_is_proven_offline() {
    let (folder, mut writer) = record();
    writer.append(&[said("The bus stops at six.")], 1).unwrap();
    writer.append(&(2..=300).map(event).collect::<Vec<_>>(), 1).unwrap();
    let reader = Reader::open(folder.path()).unwrap();
    assert_eq!(reader.proof(at(1)).unwrap(), None);
    let signer = signer(&folder);
    writer.checkpoint(&signer).unwrap();
    writer.append(&[event(301)], 1).unwrap();
    assert_eq!(reader.proof(at(301)).unwrap(), None);

    for (position, extra) in [(1, None), (256, Some(vec![])), (300, Some(b"opened words".to_vec()))] {
        let proof = Proof { extra, ..reader.proof(at(position)).unwrap().unwrap() };
        let read: Proof = proof.to_string().parse().unwrap();
        assert_eq!((&read, read.to_string()), (&proof, proof.to_string()));
        let leaf = leaf_of(&reader.at(at(position)).unwrap().unwrap().bytes);
        read.verify(&leaf, &[signer.verifier().clone()]).unwrap();
        assert!(matches!(read.verify(&[0; 32], &[signer.verifier().clone()]), Err(Error::BadProof { .. })));
        assert!(matches!(read.verify(&leaf, &[]), Err(Error::BadNote { .. })));

        let theirs: Vec<_> = read.path.iter().map(|hash| tlog_tiles::Hash(*hash)).collect();
        let root = tlog_tiles::Hash(*read.checkpoint.root());
        tlog_tiles::check_record(&theirs, 300, root, position - 1, tlog_tiles::Hash(leaf)).unwrap();
    }
}

#[test]
fn a_receipt_carries_its_event_and_its_words() {
    let (folder, mut writer) = record();
    writer.append(&[said("The bus stops at six."), event(2)], 1).unwrap();
    let reader = Reader::open(folder.path()).unwrap();
    assert_eq!(reader.receipt(at(1)).unwrap(), None);
    let signer = signer(&folder);
    writer.checkpoint(&signer).unwrap();
    let receipt: Proof = reader.receipt(at(1)).unwrap().unwrap().to_string().parse().unwrap();

    let told = receipt.told().unwrap();
    receipt.verify(&told.event.leaf, &[signer.verifier().clone()]).unwrap();
    assert_eq!(told.event.bytes, reader.at(at(1)).unwrap().unwrap().bytes);
    assert_eq!(told.opening, reader.opening(at(1)).unwrap());

    let other = reader.receipt(at(2)).unwrap().unwrap();
    assert!(matches!(Proof { extra: other.extra, ..receipt.clone() }.told(), Err(Error::Damaged { .. })));
    let whole = String::from_utf8(receipt.extra.clone().unwrap()).unwrap();
    for (wrong, why) in [
        (String::new(), "missing"),
        (whole[..whole.len() - 1].to_owned(), "missing"),
        (format!("{whole} "), "missing"),
        (format!("{whole}{whole}"), "missing"),
        (whole.replace("}{", "} {"), "missing"),
        (whole.replace("at six", "at ten"), "commits to"),
    ] {
        let extra = Some(wrong.into_bytes());
        let refused = Proof { extra, ..receipt.clone() }.told().unwrap_err();
        assert!(refused.to_string().contains(why), "{refused}");
    }
    let public = Some(told.event.bytes);
    assert!(Proof { extra: public, ..receipt.clone() }.told().unwrap().opening.is_none());
    assert!(matches!(Proof { extra: None, ..receipt }.told(), Err(Error::BadProof { .. })));
}

#[test]
fn proofs_that_are_not_well_formed_are_refused() {
    let (folder, _writer, _signer) = signed_over(3);
    let right = Reader::open(folder.path()).unwrap().proof(at(2)).unwrap().unwrap().to_string();
    assert!(right.parse::<Proof>().is_ok());
    for wrong in [
        right.replacen("@v1", "@v2", 1),
        right.replacen("index 1", "index 01", 1),
        right.replacen("index 1", "index", 1),
        right.replacen("index 1\n", "", 1),
        right.replacen("index 1", "extra AA\nindex 1", 1),
        right.replacen("index 1", "index 18446744073709551615", 1),
        right.replacen("=\n", "\n", 1),
        right.replacen("\n\n", "\n", 1),
        right.replacen("index 1\n", &format!("index 1\n{}", format!("{}=\n", "A".repeat(43)).repeat(64)), 1),
        "x".repeat(event_log::PROOF_LIMIT + 1),
    ] {
        assert!(wrong.parse::<Proof>().is_err(), "{wrong:.300}");
    }
}
