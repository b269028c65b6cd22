//! The stored form of every event, kept in files for ever. A file is never edited: who needs another form adds an
//! event of another kind, and a file for it. `<kind>.v1.json` holds one with every part present, and
//! `<kind>.v1.least.json` one with every part absent that may be.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use domain::Event;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn files() -> Vec<PathBuf> {
    let mut files: Vec<_> = folder().read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[expect(clippy::disallowed_methods, reason = "the files belong to the test; the crate itself reads none")]
fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap()
}

/// The kinds that the code knows, as the decoder itself lists them.
fn kinds() -> BTreeSet<String> {
    let unknown = serde_json::from_str::<Event>(r#"{"no such kind":{}}"#).unwrap_err().to_string();
    unknown.split('`').skip(3).step_by(2).map(str::to_owned).collect()
}

#[test]
fn every_file_is_read_and_written_again_byte_for_byte() {
    for file in files() {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let stored = read(&file);
        let event: Event = serde_json::from_str(&stored).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(serde_json::to_string(&event).unwrap(), stored.trim_end(), "{name}");
        assert!(
            name == format!("{}.v1.json", event.kind()) || name == format!("{}.v1.least.json", event.kind())
        );
    }
}

#[test]
fn every_kind_of_event_has_a_file() {
    let kept: BTreeSet<_> = files()
        .iter()
        .map(|file| serde_json::from_str::<Event>(&read(file)).unwrap().kind().to_owned())
        .collect();
    assert_eq!(kinds().len(), 74, "a new kind of event needs a golden file, and then this number changes");
    assert_eq!(kept, kinds());
}
