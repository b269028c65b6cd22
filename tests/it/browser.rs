//! Every page in a real Chromium, after a whole demo day: as each role, with and without script, with the network
//! gone. What is checked there stands in `tests/browser/pages.mjs`.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::harness::{Folder, browse};

#[test]
fn every_page_works_for_every_eye_hand_and_machine() {
    let folder = Folder::new();
    let mut demo = Demo::held(&folder);
    let day = demo.said();

    browse("pages.mjs", &day, 100);
}

/// A demo that has held its day and stays up.
struct Demo {
    child: std::process::Child,
}

impl Demo {
    fn held(folder: &Folder) -> Self {
        let mut demo = folder.command(&["demo", "--speed", "0", "--seed", "7", "--json"]);
        demo.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        Demo { child: demo.spawn().unwrap() }
    }

    /// The one JSON document that it prints when the day is over.
    fn said(&mut self) -> String {
        let mut line = String::new();
        BufReader::new(self.child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with('{'), "the demo said no JSON document: {line}");
        line
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // It runs until it is told to stop.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
