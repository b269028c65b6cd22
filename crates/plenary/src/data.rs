//! The data folder: one folder per assembly, and the lock that keeps two writing processes apart.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use domain::Slug;
use event_log::Hold;

const LOCK: &str = "plenary";

/// The folder of one assembly, which must be there.
pub(crate) fn assembly(data: &Path, slug: &Slug) -> anyhow::Result<PathBuf> {
    let folder = data.join(slug.as_str());
    if folder.join("record.db").is_file() {
        return Ok(folder);
    }
    bail!("there is no assembly `{slug}` in {}", data.display())
}

/// Every folder under `data` that holds a record, by name. A folder whose name no address could hold is passed over
/// with a note.
pub(crate) fn assemblies(data: &Path) -> anyhow::Result<Vec<(Slug, PathBuf)>> {
    let mut found = Vec::new();
    let entries = std::fs::read_dir(data).with_context(|| format!("{}", data.display()))?;
    for entry in entries {
        let path = entry.with_context(|| format!("{}", data.display()))?.path();
        if !path.join("record.db").is_file() {
            if path.join("record.checkpoint").is_file() {
                tracing::error!(folder = %path.display(), "not served: a record was signed here, and it is gone");
            }
            continue;
        }
        match path.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse().ok()) {
            Some(slug) => found.push((slug, path)),
            None => {
                tracing::warn!(folder = %path.display(), "not served: the folder's name is no assembly name")
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Held by every command that writes, for as long as it writes.
#[derive(Debug)]
pub(crate) struct Writing {
    _hold: Hold,
}

impl Writing {
    /// Makes the data folder where it is missing and takes its lock, or says which process has it.
    pub(crate) fn begin(data: &Path, command: &str) -> anyhow::Result<Self> {
        let name = data.display();
        DirBuilder::new().recursive(true).mode(0o700).create(data).with_context(|| format!("{name}"))?;
        let path = data.join(format!("{LOCK}.lock"));
        let hold = Hold::take(data, LOCK).map_err(|error| match error {
            event_log::Error::Held { by, .. } => anyhow!("{name} is in use by {}", holder(&path, by)),
            error => anyhow::Error::new(error).context(format!("lock {name}")),
        })?;
        // The lock itself only names the process; whoever is refused wants to know what it is doing.
        std::fs::write(&path, format!("{} plenary {command}\n", std::process::id()))
            .with_context(|| format!("{}", path.display()))?;
        Ok(Self { _hold: hold })
    }
}

fn holder(path: &Path, by: Option<u32>) -> String {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let command = text.trim().split_once(' ').map_or("plenary", |(_, command)| command);
    match by {
        Some(id) => format!("process {id} (`{command}`), so nothing was written; stop that process first"),
        None => "another process, so nothing was written; stop that process first".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_writer_is_told_which_process_and_command_are_in_the_way() {
        let data = tempfile::tempdir().unwrap();
        let first = Writing::begin(data.path(), "serve").unwrap();
        let refused = Writing::begin(data.path(), "new").unwrap_err().to_string();
        let holder = format!("process {} (`plenary serve`)", std::process::id());
        assert!(refused.contains(&holder), "{refused}");
        drop(first);
        Writing::begin(data.path(), "new").unwrap();
    }

    #[test]
    fn only_folders_with_a_record_and_a_good_name_are_assemblies() {
        let data = tempfile::tempdir().unwrap();
        for name in ["b", "a", "Not One", "empty"] {
            std::fs::create_dir(data.path().join(name)).unwrap();
        }
        for name in ["b", "a", "Not One"] {
            std::fs::write(data.path().join(name).join("record.db"), "").unwrap();
        }
        let found: Vec<_> = assemblies(data.path()).unwrap().into_iter().map(|(slug, _)| slug).collect();
        assert_eq!(found, ["a".parse().unwrap(), "b".parse().unwrap()]);
        let slug: Slug = "empty".parse().unwrap();
        let missing = assembly(data.path(), &slug).unwrap_err().to_string();
        assert!(missing.starts_with("there is no assembly `empty` in "), "{missing}");
    }
}
