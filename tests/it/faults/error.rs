//! The disk says that it failed: a sync, a write, or everything, at each place of a workload.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::trace::{self, Change, Cut, Disk, Step};
use super::verdict::{Broken, Promised, is_kept};
use super::{Random, seed, shim};

const THREADS: usize = 2;
const EIO: &str = "5";
const ENOSPC: &str = "28";
const EROFS: &str = "30";

/// What fails, how often, and what is said of it.
struct Failing {
    what: &'static str,
    times: &'static str,
    error: &'static str,
    /// What each refusal must say, one of these.
    said: &'static [&'static str],
}

/// Runs the workload with the fault at its `nth` place; nothing where it comes to its end before.
fn run(failing: &Failing, nth: usize, folder: &Path) -> Option<Vec<Step>> {
    let (record, trace) = (folder.join("record"), folder.join("trace"));
    std::fs::create_dir(&record).unwrap();
    let disk = [
        ("DISK_TRACE", trace.to_str().unwrap()),
        ("DISK_FAIL", failing.what),
        ("DISK_FAIL_FOR", failing.times),
        ("DISK_FAIL_AT", &nth.to_string()),
        ("DISK_ERROR", failing.error),
    ];
    let done = shim::run(&record, "errors", &disk);
    assert!(done.status.success(), "at {nth}: {}", String::from_utf8_lossy(&done.stderr));
    let steps = trace::read(&trace, &record);
    let told = std::fs::read_to_string(record.join("told")).unwrap();
    let is_said = |line: &str| failing.said.iter().any(|said| line.contains(said));
    let other = told.lines().find(|line| line.starts_with("refused") && !is_said(line));
    assert_eq!(other, None, "at {nth}");
    steps.iter().any(|step| matches!(step.change, Change::SyncFailed | Change::Refused)).then_some(steps)
}

/// What is there when the program starts anew, and what is there when the power went at the end: of what was not
/// synced nothing, some or all is kept, and of what could not be synced nothing.
fn verdicts(steps: &[Step], record: &Path, seed: u64) -> Vec<Broken> {
    let mut disk = Disk::default();
    steps.iter().for_each(|step| disk.step(step));
    let promised = Promised::of(disk.told.iter().copied());
    let cut = |cut: Cut| {
        let image = shim::folder();
        trace::lay(&disk.cut(cut, &mut Random::of(seed)), image.path());
        is_kept(image.path(), &promised)
    };
    let after_a_cut = [Cut::None, Cut::Some, Cut::Torn, Cut::All].map(cut);
    after_a_cut.into_iter().chain([is_kept(record, &promised)]).filter_map(Result::err).collect()
}

/// Every place, until the workload comes to its end without meeting the fault. Gives how many there were and what was
/// broken.
fn sweep(failing: &Failing) -> (usize, Vec<String>) {
    let (next, broken, seed) = (AtomicUsize::new(0), Mutex::new(Vec::new()), seed());
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let nth = 1 + next.fetch_add(1, Ordering::Relaxed);
                    let folder = shim::folder();
                    let Some(steps) = run(failing, nth, folder.path()) else { break };
                    let found = verdicts(&steps, &folder.path().join("record"), seed ^ nth as u64);
                    let said =
                        found.iter().map(|broken| format!("at {nth} of PLENARY_SEED={seed}: {broken}"));
                    broken.lock().unwrap().extend(said);
                }
            });
        }
    });
    (next.into_inner() - THREADS, broken.into_inner().unwrap())
}

#[track_caller]
fn nothing_is_lost(failing: &Failing) {
    let (places, broken) = sweep(failing);
    println!("{} refused with {} at each of {places} places", failing.what, failing.error);
    assert_eq!(broken.first(), None, "the first of {}", broken.len());
    assert!(places > 50, "only {places} places");
}

#[test]
fn a_sync_that_fails_is_never_taken_for_one_that_did_not() {
    nothing_is_lost(&Failing { what: "sync", times: "1", error: EIO, said: &[""] });
}

/// The proof that this can fail: a disk that says it synced and did not is found out.
#[test]
fn a_sync_that_fails_and_says_nothing_is_found_out() {
    let (places, broken) = sweep(&Failing { what: "sync", times: "1", error: "0", said: &[""] });
    println!("{} disks are broken by {places} syncs that were left out", broken.len());
    assert!(broken.len() > 20, "{broken:?}");
}

#[test]
fn a_write_that_fails_loses_nothing() {
    nothing_is_lost(&Failing { what: "write", times: "1", error: EIO, said: &[""] });
}

/// And nothing has to be opened anew.
#[test]
fn a_full_disk_that_gets_room_again_loses_nothing() {
    let said = &["no room on the disk", "disk is full"];
    nothing_is_lost(&Failing { what: "write", times: "7", error: ENOSPC, said });
}

#[test]
fn a_disk_that_turns_read_only_for_a_while_loses_nothing() {
    nothing_is_lost(&Failing { what: "any", times: "9", error: EROFS, said: &[""] });
}
