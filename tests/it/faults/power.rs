//! The power goes: every prefix of a workload's changes, with any of the unsynced ones and with torn sectors.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::trace::{self, Change, Cut, Disk, Step};
use super::verdict::{Broken, Promised, is_kept};
use super::{Random, number, seed, shim};

const STATES: u64 = 10_000;
/// How many of the states a broken disk is tried with, if no fault is found earlier.
const STATES_BROKEN: u64 = 2_000;
/// More faults than this say nothing new.
const FAULTS_MAX: usize = 10;
const THREADS: usize = 2;

/// The changes that the workload makes, watched once.
fn steps() -> &'static [Step] {
    static STEPS: OnceLock<Vec<Step>> = OnceLock::new();
    STEPS.get_or_init(|| {
        let around = shim::folder();
        let (folder, trace) = (around.path().join("record"), around.path().join("trace"));
        std::fs::create_dir(&folder).unwrap();
        let done = shim::run(&folder, "power", &[("DISK_TRACE", trace.to_str().unwrap())]);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        trace::read(&trace, &folder)
    })
}

/// What went wrong with one state, with what makes it again.
struct Fault {
    state: String,
    broken: Broken,
}

/// Tries `states` images or a few more, spread evenly over every prefix, on a disk that syncs what `syncs` says.
fn sweep(states: u64, seed: u64, syncs: impl Fn(&Step) -> bool + Sync) -> (usize, Vec<Fault>) {
    let kept: Vec<_> =
        steps().iter().filter(|step| !matches!(step.change, Change::Synced) || syncs(step)).collect();
    let per_prefix = states.div_ceil(kept.len() as u64 + 1);
    let tried = AtomicUsize::new(0);
    let faults = thread::scope(|scope| {
        let (kept, tried) = (&kept, &tried);
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| scope.spawn(move || prefixes(kept, thread, per_prefix, seed, tried)))
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    (tried.into_inner(), faults)
}

/// The part of one thread: every second prefix.
fn prefixes(steps: &[&Step], thread: usize, each: u64, seed: u64, tried: &AtomicUsize) -> Vec<Fault> {
    let (mut disk, mut faults) = (Disk::default(), Vec::new());
    for length in 0..=steps.len() {
        if let Some(step) = length.checked_sub(1).map(|last| steps[last]) {
            disk.step(step);
        }
        if length % THREADS != thread {
            continue;
        }
        if faults.len() > FAULTS_MAX {
            break;
        }
        let promised = Promised::of(disk.told.iter().copied());
        for nth in 0..each {
            let mut random = Random::of(seed ^ (length as u64) << 20 ^ nth);
            // The first states of a prefix go round all four ways, from another one at each prefix.
            let cut = [Cut::Torn, Cut::Some, Cut::None, Cut::All][(nth + length as u64) as usize % 4];
            let folder = shim::folder();
            trace::lay(&disk.cut(cut, &mut random), folder.path());
            tried.fetch_add(1, Ordering::Relaxed);
            if let Err(broken) = is_kept(folder.path(), &promised) {
                let state = format!("{length} changes, {cut:?}, number {nth} of PLENARY_SEED={seed}");
                faults.push(Fault { state, broken });
            }
        }
    }
    faults
}

/// The control: without any fault everything is kept, and the record can be gone on with.
#[test]
fn a_disk_that_loses_nothing_keeps_everything() {
    let mut disk = Disk::default();
    steps().iter().for_each(|step| disk.step(step));
    let (folder, promised) = (shim::folder(), Promised::of(disk.told.iter().copied()));
    trace::lay(&disk.cut(Cut::All, &mut Random::of(seed())), folder.path());

    let kept = is_kept(folder.path(), &promised).map_err(|broken| broken.to_string());

    assert_eq!(kept, Ok(()));
    assert!(promised.events() > 200, "only {} events", promised.events());
}

#[test]
fn no_power_cut_loses_what_was_acknowledged_or_leaves_half_a_batch() {
    let states = number("PLENARY_CRASH_STATES").unwrap_or(STATES);
    let seed = seed();

    let (tried, faults) = sweep(states, seed, |_| true);

    println!("power cuts: {tried} states of {} changes from PLENARY_SEED={seed}", steps().len());
    let first = faults.first().map(|Fault { state, broken }| format!("after {state}: {broken}"));
    assert_eq!(first, None, "the first of {} or more", faults.len());
    assert!(tried as u64 >= states);
}

/// The proof that the sweep can fail: on a disk that leaves out syncs it does, in the way that is to be expected.
#[test]
fn a_disk_that_does_not_sync_is_found_out() {
    type IsOf = fn(&str) -> bool;
    let left_out: [(&str, IsOf); 4] = [
        ("synchronous = OFF", |file| file.starts_with("record.db")),
        ("the log is not synced", |file| file == "record.db-wal"),
        ("the file is not synced", |file| file == "record.db"),
        ("the checkpoint is not synced", |file| file.starts_with("record.checkpoint")),
    ];
    for (what, left_out) in left_out {
        let (tried, faults) = sweep(STATES_BROKEN, seed(), |step| !left_out(&step.file));
        let silent = faults.iter().filter(|fault| matches!(fault.broken, Broken::Silent(_))).count();
        println!("{what}: {} of {tried} states are broken, {silent} of them silently", faults.len());
        assert!(!faults.is_empty(), "{what}, and nothing was noticed");
    }
}
