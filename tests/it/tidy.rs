//! The house rules that clippy and rustfmt do not know, checked from the files themselves.
//!
//! Every rule is one small function that gives what is wrong, each with its file and line. To change a rule, change
//! it here and say so in the README.

mod arrows;
mod policy;
mod sources;

use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub(crate) fn toml(path: impl AsRef<Path>) -> toml::Table {
    let text = read(&path);
    text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.as_ref().display()))
}

/// Fails with every fault on a line of its own.
#[track_caller]
fn none(faults: impl IntoIterator<Item = String>) {
    let faults: Vec<_> = faults.into_iter().collect();
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// The names of the folders in `crates/`, in order.
fn crates() -> Vec<String> {
    let folders = root().join("crates").read_dir().unwrap().map(Result::unwrap);
    let with_manifest = folders.filter(|folder| folder.path().join("Cargo.toml").exists());
    let mut names: Vec<_> =
        with_manifest.map(|folder| folder.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// The folders of all packages of the workspace.
fn members() -> Vec<String> {
    let crates = crates().into_iter().map(|name| format!("crates/{name}"));
    crates.chain(["tests", "tests/fuzz"].map(str::to_owned)).collect()
}

const TOP_LEVEL: [&str; 17] = [
    ".cargo",
    ".ci",
    ".clippy.toml",
    ".config",
    ".deny.toml",
    ".gitignore",
    ".rustfmt.toml",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "SECURITY.md",
    "config",
    "crates",
    "scripts",
    "tests",
];

#[test]
fn nothing_lies_at_the_top_but_what_belongs_there() {
    let listed = Command::new("git").arg("-C").arg(root()).args(["ls-files", "-z"]).output();
    let Some(listed) = listed.ok().filter(|output| output.status.success()) else {
        println!("not a git checkout, so what is committed cannot be listed");
        return;
    };
    let files = String::from_utf8(listed.stdout).unwrap();
    let top = files.split('\0').filter_map(|file| file.split('/').next()).filter(|name| !name.is_empty());
    let strangers = top.filter(|name| !TOP_LEVEL.contains(name));
    none(strangers.map(|name| format!("{name}: does not belong at the top of the repository")));
}

#[test]
fn a_crate_is_called_what_its_folder_is_called_and_says_what_it_is() {
    let name = |folder: &String| {
        let manifest = format!("crates/{folder}/Cargo.toml");
        let named = toml(&manifest)["package"]["name"].as_str() == Some(folder.as_str());
        let fault = format!("{manifest}: the package is not called `{folder}` as its folder is");
        (!named).then_some(fault)
    };
    let vague = |folder: &String| {
        let vague =
            ["common", "core", "helpers", "lib", "shared", "types", "utils"].contains(&folder.as_str());
        vague.then(|| format!("crates/{folder}: says nothing of what belongs in it"))
    };
    none(crates().iter().flat_map(|folder| [name(folder), vague(folder)]).flatten());
}

#[test]
fn every_crate_takes_the_lints_of_the_workspace() {
    let lints = |folder: &String| {
        let manifest = format!("{folder}/Cargo.toml");
        let workspace = toml(&manifest).get("lints").and_then(|lints| lints.get("workspace")?.as_bool());
        (workspace != Some(true)).then(|| format!("{manifest}: lacks `[lints] workspace = true`"))
    };
    none(members().iter().filter_map(lints));
}

/// Crates that are told the time and do no I/O; clippy holds them to it where their own configuration says so.
const PURE: [&str; 3] = ["domain", "opinion", "themes"];
const NOT_FOR_PURE: [&str; 6] = [
    "std::time::SystemTime::now",
    "std::time::Instant::now",
    "std::fs::read",
    "std::fs::read_to_string",
    "std::fs::write",
    "std::fs::File::open",
];

#[test]
fn pure_crates_may_not_touch_clocks_or_files() {
    let there = PURE.into_iter().filter(|name| crates().iter().any(|there| there == name));
    none(there.flat_map(|name| {
        let file = format!("crates/{name}/.clippy.toml");
        let own = toml(&file);
        let listed = own["disallowed-methods"].as_array().unwrap().clone();
        let lacks = move |path: &&str| !listed.iter().any(|entry| entry["path"].as_str() == Some(path));
        let faults = NOT_FOR_PURE.into_iter().filter(lacks);
        faults.map(|path| format!("{file}: does not disallow {path}")).collect::<Vec<_>>()
    }));
}

#[test]
fn a_clippy_configuration_repeats_what_the_root_says() {
    // The file of a crate replaces the one of the root; nothing is merged.
    let root_rules = toml(".clippy.toml");
    let own = crates().into_iter().map(|name| format!("crates/{name}/.clippy.toml"));
    let there = own.filter(|file| root().join(file).exists());
    none(there.flat_map(|file| {
        let rules = toml(&file);
        let lacks = root_rules.iter().filter(|(key, value)| rules.get(*key) != Some(value));
        lacks.map(|(key, value)| format!("{file}: lacks {key} = {value:?}")).collect::<Vec<_>>()
    }));
}
