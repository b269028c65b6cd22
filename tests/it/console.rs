//! The table console in a real Chromium: the network cut while an entry is being sent, the server killed, pages
//! reloaded, tablets swapped, clocks wrong. What is checked there stands in `tests/browser/console.mjs`.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::json;

use crate::harness::{Folder, binary, root};

/// A table for each scenario.
const AGENDA: &str = r#"
title = "Buses after six"
purpose = "Feeds the timetable of next year"
board = "County transport board"
slug = "buses"
tables = 23
seats = 8

[[rounds]]
title = "Evenings"
question = "What keeps you from taking the bus after six?"

[[rounds]]
title = "Fares"
question = "What would a fair fare be?"
"#;

#[test]
fn a_table_loses_and_doubles_nothing_whatever_happens_to_its_line() {
    let folder = Folder::new();
    let agenda = folder.file("agenda.toml", AGENDA);
    let mut day = folder.json(&["new", &agenda]);
    // The browser's side starts the server, because it has to kill it between two keystrokes.
    let config = folder.path("plenary.toml");
    day["command"] = json!([binary(), "serve", "--data", folder.data(), "--config", config]);
    day["config"] = json!(config);

    let mut node = Command::new("node");
    node.arg(root().join("tests/browser/console.mjs")).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut node = node.spawn().expect("Node runs the browser tests; scripts/test says what it needs");
    node.stdin.take().unwrap().write_all(day.to_string().as_bytes()).unwrap();
    let checked = node.wait_with_output().unwrap();

    let report = String::from_utf8_lossy(&checked.stdout);
    let checks = report.lines().filter(|line| line.starts_with("ok - ")).count();
    assert!(checked.status.success(), "{report}");
    assert!(checks > 60, "only {checks} checks were made:\n{report}");
}
