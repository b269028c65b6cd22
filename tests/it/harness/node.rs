//! Scripts that drive a real Chromium.

use std::io::Write;
use std::process::{Command, Stdio};

use super::root;

/// Runs a script of `tests/browser` with `input` on its standard input. It prints a line for each check, of which there
/// have to be more than `least`, so that a script which ends early has not succeeded.
#[track_caller]
pub(crate) fn browse(script: &str, input: &str, least: usize) {
    let mut node = Command::new("node");
    node.arg(root().join("tests/browser").join(script)).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut node = node.spawn().expect("Node runs the browser tests; scripts/test says what it needs");
    node.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let checked = node.wait_with_output().unwrap();
    let report = String::from_utf8_lossy(&checked.stdout);
    let checks = report.lines().filter(|line| line.starts_with("ok - ")).count();
    assert!(checked.status.success(), "{report}");
    assert!(checks > least, "only {checks} checks were made:\n{report}");
}
