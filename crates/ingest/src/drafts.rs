//! Drafts of the paper that lie beside a record. They quote people's words, so they go when words are erased; a fresh
//! one is written from the record whenever somebody asks for it.

use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use domain::Timestamp;

/// What the name of every draft in an assembly's folder begins with.
pub const DRAFT: &str = "evidence-summary.";

/// Removes the drafts that were written up to `until`, and what is left of one that was not finished.
pub(crate) fn remove(folder: &Path, until: Timestamp) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let drafts = entries.flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with(DRAFT));
    for draft in drafts.filter(|draft| is_older(draft, until)) {
        if let Err(error) = std::fs::remove_file(draft.path()) {
            tracing::error!(%error, draft = %draft.path().display(), "a draft could not be removed; it may quote erased words");
        }
    }
}

/// A file whose time cannot be read counts as old: a draft too few does no harm.
fn is_older(draft: &std::fs::DirEntry, until: Timestamp) -> bool {
    let end = UNIX_EPOCH.checked_add(Duration::from_millis(until.millis()));
    let written = draft.metadata().and_then(|about| about.modified());
    match (written, end) {
        (Ok(written), Some(end)) => written <= end,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_drafts_go_and_only_those_from_before() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["evidence-summary.html", "evidence-summary.html.77.new", "record.db"] {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }
        remove(folder.path(), Timestamp(1));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
        remove(folder.path(), Timestamp(u64::MAX));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(folder.path().join("record.db").exists());
    }
}
