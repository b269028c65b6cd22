//! Files that were damaged, cut, taken away or swapped while nobody looked.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use event_log::{Backup, Error, Origin, Reader, Signer, Words, Writer, check};

use super::trace::{self, Image};
use super::{Random, seed, shim};

/// Where the workload is killed: in the middle of a log, some events after its last checkpoint.
const KILLED_AT: &str = "1340";
const KILLED_BEFORE: &str = "900";
const FLIPS_PER_PAGE: usize = 4;
const PAGE: usize = 4096;
const FILE: &str = "record.db";
const LOG: &str = "record.db-wal";
const CHECKPOINT: &str = "record.checkpoint";
const MARK: &str = "record.open";
/// What stands in front of all pages of the log, and in front of each.
const LOG_HEADER: usize = 32;
const FRAME: usize = 24 + PAGE;

/// A record as a killed process leaves it: some events in the file, some only in the log.
struct Left {
    files: Image,
    /// Checkpoints and events as they can be read, the events in their order.
    signed: Vec<String>,
    events: Vec<String>,
    /// How many events the last checkpoint is over.
    vouched: usize,
    signer: Signer,
}

impl Left {
    fn by_a_kill(at: &str) -> Left {
        let around = shim::folder();
        let folder = around.path().join("record");
        std::fs::create_dir(&folder).unwrap();
        shim::run(&folder, "kill", &[("DISK_KILL_AT", at)]);
        let file = |name: &str| (name.to_owned(), std::fs::read(folder.join(name)).unwrap());
        let files = Image::from([FILE, LOG, CHECKPOINT, MARK].map(file));
        let origin = Origin::new("faults.example/a/1").unwrap();
        let signer = Signer::open_or_create(&around.path().join("record.key"), origin).unwrap();
        let vouched = Reader::open(&folder).unwrap().checkpoint().unwrap().unwrap().size() as usize;
        let (signed, events) = read(&folder, &signer).unwrap();
        Left { files, signed, events, vouched, signer }
    }

    /// What becomes of a record with these files when the program starts.
    fn opened(&self, files: &Image) -> Verdict {
        let folder = shim::folder();
        trace::lay(files, folder.path());
        let opened = Writer::open(folder.path()).and_then(|writer| {
            drop(writer);
            check(folder.path())?;
            read(folder.path(), &self.signer)
        });
        match opened {
            Err(error) => Verdict::Refused(error),
            Ok((signed, events)) if signed == self.signed && events == self.events => Verdict::Whole,
            Ok((_, events)) if self.events.starts_with(&events) => Verdict::Shorter(events.len()),
            Ok(_) => Verdict::Other,
        }
    }

    fn with(&self, name: &str, change: impl FnOnce(&mut Vec<u8>)) -> Image {
        let mut files = self.files.clone();
        change(files.get_mut(name).unwrap());
        files
    }
}

#[derive(Debug)]
enum Verdict {
    Whole,
    Refused(Error),
    /// Only so many events are there, and nothing is said.
    Shorter(usize),
    Other,
}

fn left() -> &'static Left {
    static LEFT: OnceLock<Left> = OnceLock::new();
    LEFT.get_or_init(|| Left::by_a_kill(KILLED_AT))
}

/// Every checkpoint, with its signature, and every event, with its words.
fn read(folder: &Path, signer: &Signer) -> Result<(Vec<String>, Vec<String>), Error> {
    let reader = Reader::open(folder)?;
    let mut signed = Vec::new();
    for checkpoint in reader.checkpoints()? {
        checkpoint.verify(std::slice::from_ref(signer.verifier()))?;
        signed.push(checkpoint.to_string());
    }
    let mut events = Vec::new();
    for event in reader.page(None, usize::MAX)? {
        let words = match reader.words(event.position)? {
            Words::Open(words) => words,
            Words::None => "none".to_owned(),
            Words::Gone => "gone".to_owned(),
        };
        events.push(format!("{} {words}", String::from_utf8_lossy(&event.bytes)));
    }
    Ok((signed, events))
}

/// Where each transaction in the log ends, in bytes.
fn ends(log: &[u8]) -> Vec<usize> {
    let frames = (LOG_HEADER..log.len()).step_by(FRAME).filter(|at| at + FRAME <= log.len());
    let salts = |at: usize| &log[at..at + 8];
    let of_this_round = frames.filter(|at| salts(at + 8) == salts(16));
    of_this_round.filter(|at| log[at + 4..at + 8] != [0; 4]).map(|at| at + FRAME).collect()
}

/// One bit in several bytes of each page, or in each byte of a file that is smaller than that.
fn flips(length: usize, seed: u64) -> Vec<(usize, u8)> {
    let mut random = Random::of(seed);
    let mut bit = |at| (at, 1 << random.below(8));
    if length < PAGE {
        return (0..length).map(bit).collect();
    }
    let mut anywhere = Random::of(!seed);
    let pages = (0..length).step_by(PAGE).flat_map(|page| [page; FLIPS_PER_PAGE]);
    pages.map(|page| bit(page + anywhere.below(PAGE.min(length - page) as u64) as usize)).collect()
}

#[test]
fn a_flipped_bit_changes_nothing_or_is_named() {
    let (left, seed) = (left(), seed());
    let ends = ends(&left.files[LOG]);
    let last = ends[ends.len() - 2]..ends[ends.len() - 1];
    for name in [FILE, LOG, CHECKPOINT] {
        let length = left.files[name].len();
        let mut found = BTreeMap::new();
        // A damaged checksum says nothing of the page behind it, and a damaged size hides where a transaction ends.
        let sums = ends.iter().map(|end| (end - FRAME + 16, 1));
        let sizes =
            ends.iter().flat_map(|end| (0..32).map(move |bit| (end - FRAME + 4 + bit / 8, 1 << (bit % 8))));
        let heads = sums.chain(sizes).filter(|_| name == LOG);
        for (at, bit) in flips(length, seed).into_iter().chain(heads) {
            let verdict = left.opened(&left.with(name, |bytes| bytes[at] ^= bit));
            let what = match &verdict {
                Verdict::Whole => "in nothing that is read",
                Verdict::Refused(_) => "refused",
                // Nobody can tell it from a transaction that the power interrupted; see FORMAT.md.
                Verdict::Shorter(events) if name == LOG && last.contains(&at) && *events >= left.vouched => {
                    "in the last transaction of the log"
                }
                other => panic!("byte {at} of {length} in {name}, PLENARY_SEED={seed}: {other:?}"),
            };
            *found.entry(what).or_insert(0) += 1;
        }
        println!("flipped bits in {name}: {found:?}");
        assert!(found["refused"] > 0);
    }
}

#[test]
fn a_log_that_was_cut_loses_nothing_that_was_signed() {
    let (left, mut random) = (left(), Random::of(seed()));
    let length = left.files[LOG].len();
    let at_ends = ends(&left.files[LOG]).into_iter().flat_map(|end| [end - 1, end, end + 1]);
    let anywhere = (0..100).map(|_| random.below(length as u64) as usize).collect::<Vec<_>>();
    let (mut refused, mut shorter, mut whole) = (0, 0, 0);
    for cut in at_ends.chain(anywhere).chain([0, 1, LOG_HEADER]) {
        match left.opened(&left.with(LOG, |log| log.truncate(cut))) {
            Verdict::Refused(Error::RolledBack { signed, .. }) if signed as usize == left.vouched => {
                refused += 1
            }
            Verdict::Shorter(events) if events >= left.vouched => shorter += 1,
            Verdict::Whole => whole += 1,
            other => panic!("cut to {cut} of {length}: {other:?}"),
        }
    }
    println!(
        "logs that were cut: {refused} refused, {shorter} lost some of what was not signed yet, {whole} nothing"
    );
    assert!(refused > 0 && shorter > 0);
}

#[test]
fn a_log_that_is_gone_is_missed_even_where_nothing_was_signed() {
    let mut files = left().files.clone();
    files.remove(LOG);
    files.remove(CHECKPOINT);

    let verdict = left().opened(&files);

    let Verdict::Refused(error @ Error::LogMissing { .. }) = verdict else { panic!("{verdict:?}") };
    assert!(error.to_string().contains(LOG) && error.to_string().contains(MARK), "{error}");
    // Whoever knows better says so; then it is a question of what was signed.
    files.remove(MARK);
    assert!(!matches!(left().opened(&files), Verdict::Whole | Verdict::Other));
}

#[test]
fn a_log_of_another_record_or_an_older_one_is_refused() {
    let (left, older, other) = (left(), Left::by_a_kill(KILLED_BEFORE), Left::by_a_kill(KILLED_AT));
    for (what, from) in [("older", &older), ("of another record", &other)] {
        let verdict = left.opened(&left.with(LOG, |log| log.clone_from(&from.files[LOG])));
        println!("the log is {what}: {verdict:?}");
        assert!(matches!(verdict, Verdict::Refused(_)), "{what}: {verdict:?}");
    }
}

/// What is made anew must not take over what the log of something else holds.
#[test]
fn nothing_is_made_beside_a_log_that_was_left_behind() {
    let folder = shim::folder();
    trace::lay(&left().files, folder.path());
    std::fs::remove_file(folder.path().join(FILE)).unwrap();
    let backup = shim::folder();
    trace::lay(&left().files, backup.path());
    let saved = shim::folder();
    event_log::backup(backup.path(), &saved.path().join("saved")).unwrap();

    let made = Writer::create(folder.path(), uuid::Uuid::nil()).err();
    let from = Backup { folder: saved.path().join("saved"), keys: None };
    let restored = event_log::restore(&from, folder.path()).err();

    for refused in [made, restored] {
        assert!(matches!(&refused, Some(Error::Exists { path }) if path.ends_with(LOG)), "{refused:?}");
    }
    std::fs::remove_file(folder.path().join(LOG)).unwrap();
    event_log::restore(&from, folder.path()).unwrap();
    Writer::open(folder.path()).unwrap();
}

#[test]
fn an_old_copy_or_another_record_beside_a_newer_checkpoint_is_refused() {
    let (left, older, other) = (left(), Left::by_a_kill(KILLED_BEFORE), Left::by_a_kill(KILLED_AT));
    for from in [older, other] {
        let mut files = from.files.clone();
        files.insert(CHECKPOINT.to_owned(), left.files[CHECKPOINT].clone());
        let verdict = left.opened(&files);
        let Verdict::Refused(Error::RolledBack { signed, .. }) = verdict else { panic!("{verdict:?}") };
        assert_eq!(signed as usize, left.vouched);
    }
}

/// The control: what was not touched is read as it was written.
#[test]
fn files_that_nobody_touched_are_whole() {
    assert!(matches!(left().opened(&left().files), Verdict::Whole));
    let unsigned = left().events.len() - left().vouched;
    assert!(unsigned > 4, "only {unsigned} events after the last checkpoint");
}
