//! Rules of the source files themselves.

use std::path::{Path, PathBuf};

use super::{crates, none, root};

/// Most lines of one file, not counting the tests at its end.
const LINES_MAX: usize = 400;
const CRATE_DOC_LINES_MIN: usize = 5;

struct Source {
    /// From the repository's folder.
    path: PathBuf,
    lines: Vec<String>,
    /// Where the tests at its end begin; 0 when all of it is a test.
    tests_from: usize,
}

impl Source {
    /// The lines that run outside tests, with their numbers.
    fn production(&self) -> impl Iterator<Item = (usize, &str)> {
        self.numbered().filter(|(number, _)| *number <= self.tests_from)
    }

    fn tests(&self) -> impl Iterator<Item = (usize, &str)> {
        self.numbered().filter(|(number, _)| *number > self.tests_from)
    }

    fn numbered(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.lines.iter().map(String::as_str))
    }
}

/// Every Rust file of ours.
fn sources() -> Vec<Source> {
    let folders = crates().into_iter().map(|name| format!("crates/{name}")).chain(["tests".to_owned()]);
    let files: Vec<_> = folders.flat_map(|folder| rust_files(&root().join(folder))).collect();
    let texts = files.into_iter().map(|path| (std::fs::read_to_string(&path).unwrap(), path));
    let mut sources: Vec<_> = texts.map(|(text, path)| source(&text, &path)).collect();
    let only_tests: Vec<_> = sources.iter().flat_map(test_modules).collect();
    for source in &mut sources {
        if only_tests
            .iter()
            .any(|module| source.path.starts_with(module) || source.path == module.with_extension("rs"))
        {
            source.tests_from = 0;
        }
    }
    sources
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let ours = |path: &PathBuf| !path.ends_with("node_modules");
    let entries = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).filter(ours);
    entries
        .flat_map(|path| match path.extension() {
            _ if path.is_dir() => rust_files(&path),
            Some(extension) if extension == "rs" => vec![path],
            _ => vec![],
        })
        .collect()
}

fn source(text: &str, path: &Path) -> Source {
    let path = path.strip_prefix(root()).unwrap().to_owned();
    let lines: Vec<_> = text.lines().map(str::to_owned).collect();
    let all_of_it = path.starts_with("tests/it")
        || path.components().nth(2).is_some_and(|part| part.as_os_str() == "tests");
    let begins = |index: &usize| {
        lines[*index].trim() == "#[cfg(test)]" && lines.get(index + 1).is_some_and(|next| next.ends_with('{'))
    };
    let tests_from = if all_of_it { 0 } else { (0..lines.len()).find(begins).unwrap_or(lines.len()) };
    Source { path, lines, tests_from }
}

/// The modules that a file declares for tests only, as the paths of their folders.
fn test_modules(source: &Source) -> Vec<PathBuf> {
    let folder = match source.path.file_name().and_then(|name| name.to_str()) {
        Some("lib.rs" | "main.rs" | "mod.rs") => source.path.parent().unwrap().to_owned(),
        _ => source.path.with_extension(""),
    };
    let pairs = source.lines.iter().zip(source.lines.iter().skip(1));
    let declared = pairs.filter(|(attribute, _)| attribute.trim() == "#[cfg(test)]");
    declared
        .filter_map(|(_, module)| {
            module.trim().trim_start_matches("pub(crate) ").strip_prefix("mod ")?.strip_suffix(';')
        })
        .map(|name| folder.join(name))
        .collect()
}

/// Every line in which one of the words stands outside a comment.
fn found<'a>(
    lines: impl Iterator<Item = (usize, &'a str)>,
    source: &Source,
    words: &[&str],
    why: &str,
) -> Vec<String> {
    let code = lines.map(|(number, line)| (number, line.split("//").next().unwrap_or_default()));
    let faults = code.filter(|(_, line)| words.iter().any(|word| line.contains(word)));
    faults
        .map(|(number, line)| format!("{}:{number}: {why}: {}", source.path.display(), line.trim()))
        .collect()
}

#[test]
fn no_file_is_too_long() {
    let sources = sources();
    let long = sources.iter().filter(|source| source.production().count() > LINES_MAX);
    none(long.map(|source| {
        let (path, lines) = (source.path.display(), source.production().count());
        format!("{path}:{LINES_MAX}: {lines} lines; split it where its second idea begins")
    }));
}

#[test]
fn lints_are_expected_with_a_reason_and_never_silenced() {
    let silencers = [concat!("#[al", "low("), concat!("#![al", "low(")];
    none(
        sources()
            .iter()
            .flat_map(|source| found(source.numbered(), source, &silencers, "use #[expect(…, reason = …)]")),
    );
}

#[test]
fn production_code_does_not_give_up_or_print_what_it_debugs() {
    let words = [".unwrap()", concat!("todo", "!("), concat!("unimplemented", "!("), concat!("dbg", "!(")];
    none(sources().iter().flat_map(|source| found(source.production(), source, &words, "not outside tests")));
}

#[test]
fn tests_neither_sleep_nor_are_skipped() {
    let words = [
        concat!("thread::", "sleep"),
        concat!("time::", "sleep"),
        concat!("#[ig", "nore"),
        concat!("#[should", "_panic"),
    ];
    let why = "wait for what must happen, and let every test run";
    none(sources().iter().flat_map(|source| found(source.tests(), source, &words, why)));
}

#[test]
fn every_library_opens_with_what_it_is_for() {
    let files = crates().into_iter().map(|name| format!("crates/{name}/src/lib.rs"));
    let there = files.filter(|file| root().join(file).exists());
    none(there.filter_map(|file| {
        let lines = super::read(&file).lines().take_while(|line| line.starts_with("//!")).count();
        let fault = || format!("{file}:1: opens with {lines} lines of `//!`; purpose, main path and invariants take at least {CRATE_DOC_LINES_MIN}");
        (lines < CRATE_DOC_LINES_MIN).then(fault)
    }));
}

#[test]
fn what_only_tests_is_told_from_what_runs() {
    let text = "#[cfg(test)]\nmod given;\nfn main() {}\n#[cfg(test)]\nmod tests {\n}\n";
    let file = source(text, &root().join("crates/x/src/y.rs"));
    assert_eq!((file.production().count(), file.tests().count()), (3, 3));
    assert_eq!(test_modules(&file), [PathBuf::from("crates/x/src/y/given")]);
    let whole = source(text, &root().join("crates/x/tests/z.rs"));
    assert_eq!(whole.production().count(), 0);
}
