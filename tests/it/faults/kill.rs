//! The process dies at every single change of a workload.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::shim;
use super::verdict::{Promised, is_kept};

const THREADS: usize = 2;
const SIGKILL: i32 = 9;

/// Runs the workload with the fault at its `nth` change; the file of what it told stays.
fn run(nth: usize, fault: &[(&str, &str)]) -> (tempfile::TempDir, std::process::Output) {
    let around = shim::folder();
    let record = around.path().join("record");
    std::fs::create_dir(&record).unwrap();
    let at = nth.to_string();
    let disk: Vec<_> =
        fault.iter().map(|(name, value)| (*name, if *value == "n" { at.as_str() } else { *value })).collect();
    let done = shim::run(&record, "kill", &disk);
    (around, done)
}

fn promised(folder: &Path) -> Promised {
    let told = std::fs::read_to_string(folder.join("told")).unwrap_or_default();
    Promised::of(told.lines())
}

/// Every `n` from 1 on, until the workload comes to its end without meeting the fault.
fn sweep(fault: &[(&str, &str)], step: usize, expect: impl Fn(&std::process::Output) + Sync) -> usize {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let nth = 1 + step * next.fetch_add(1, Ordering::Relaxed);
                    let (around, done) = run(nth, fault);
                    if done.status.success() {
                        break;
                    }
                    expect(&done);
                    let folder = around.path().join("record");
                    let promised = promised(&folder);
                    let kept = is_kept(&folder, &promised);
                    if let Err(broken) = kept {
                        panic!("{broken} at change {nth}, {} acknowledged", promised.events());
                    }
                }
            });
        }
    });
    next.into_inner() - THREADS
}

#[test]
fn a_kill_at_any_change_of_the_disk_loses_nothing() {
    use std::os::unix::process::ExitStatusExt;

    let kills = sweep(&[("DISK_KILL_AT", "n")], 1, |done| assert_eq!(done.status.signal(), Some(SIGKILL)));

    println!("killed at each of {kills} changes");
    assert!(kills > 1_000, "only {kills} changes");
}
