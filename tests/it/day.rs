//! The organiser's page and the hall's screen in a real Chromium: one action that moves everyone, cue and blank, a server
//! that goes and comes back. What is checked there stands in `tests/browser/day.mjs`.

use serde_json::json;

use crate::harness::{AGENDA, Folder, binary, browse};

#[test]
fn the_day_is_run_from_one_page_and_the_screen_is_never_silently_old() {
    let folder = Folder::new();
    let agenda = folder.file("agenda.toml", AGENDA);
    let mut day = folder.json(&["new", &agenda]);
    // The browser's side starts the server, because it has to kill it while the screen is being looked at.
    let config = folder.path("plenary.toml");
    day["command"] = json!([binary(), "serve", "--data", folder.data(), "--config", config]);
    day["config"] = json!(config);
    browse("day.mjs", &day.to_string(), 40);
}
