//! People at home in a real Chromium, with the room beside them. What is checked there stands in
//! `tests/browser/remote.mjs`.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::json;

use crate::harness::{AGENDA, Folder, root};

#[test]
fn people_at_home_speak_react_and_vote_beside_the_room() {
    let folder = Folder::new();
    let agenda = folder.file("agenda.toml", AGENDA);
    let mut day = folder.json(&["new", &agenda]);
    let server = folder.serve();
    day["url"] = json!(format!("http://{}", server.address));

    let mut node = Command::new("node");
    node.arg(root().join("tests/browser/remote.mjs")).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut node = node.spawn().expect("Node runs the browser tests; scripts/test says what it needs");
    node.stdin.take().unwrap().write_all(day.to_string().as_bytes()).unwrap();
    let checked = node.wait_with_output().unwrap();

    let report = String::from_utf8_lossy(&checked.stdout);
    let checks = report.lines().filter(|line| line.starts_with("ok - ")).count();
    assert!(checked.status.success(), "{report}");
    assert!(checks > 100, "only {checks} checks were made:\n{report}");
}
