//! The table console in a real Chromium: the network cut while an entry is being sent, the server killed, pages
//! reloaded, tablets swapped, clocks wrong. What is checked there stands in `tests/browser/console.mjs`.

use serde_json::json;

use crate::harness::{Folder, binary, browse};

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

    browse("console.mjs", &day.to_string(), 60);
}
