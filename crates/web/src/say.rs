//! The message catalogue: every word that a person reads, by key, in Fluent.
//!
//! Pages name a message and its arguments; the English text stands in `locales/en/`. Another language is another
//! folder.

use std::fmt;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

const SOURCES: [&str; 16] = [
    include_str!("../locales/en/pages.ftl"),
    include_str!("../locales/en/figures.ftl"),
    include_str!("../locales/en/staff.ftl"),
    include_str!("../locales/en/themes.ftl"),
    include_str!("../locales/en/desk.ftl"),
    include_str!("../locales/en/edit.ftl"),
    include_str!("../locales/en/polls.ftl"),
    include_str!("../locales/en/votes.ftl"),
    include_str!("../locales/en/console.ftl"),
    include_str!("../locales/en/frame.ftl"),
    include_str!("../locales/en/paper.ftl"),
    include_str!("../locales/en/record.ftl"),
    include_str!("../locales/en/duties.ftl"),
    include_str!("../locales/en/mail.ftl"),
    include_str!("../locales/en/decisions.ftl"),
    include_str!("../locales/en/refusals.ftl"),
];

static ENGLISH: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(english);

/// The same messages, in which every number stands between two marks.
static MARKED: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| {
    let mut bundle = english();
    bundle.set_formatter(Some(|value, _| match value {
        FluentValue::Number(number) => Some(format!("{MARK}{}{MARK}", number.as_string())),
        _ => None,
    }));
    bundle
});

/// A character that stands in no text: of those that Unicode leaves to private use.
const MARK: char = '\u{E000}';

fn english() -> FluentBundle<FluentResource> {
    let language: LanguageIdentifier = "en-GB".parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // Pages are one language in one direction; the isolating marks would end up in exports and tests.
    bundle.set_use_isolating(false);
    for source in SOURCES {
        // A broken line is left out by the parser; a test reads every message and fails on one.
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| resource);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// A message on its way onto a page: its key and its arguments.
pub(crate) struct Message {
    key: String,
    args: FluentArgs<'static>,
}

/// Begins a message.
pub(crate) fn say(key: impl Into<String>) -> Message {
    Message { key: key.into(), args: FluentArgs::new() }
}

/// The catalogue as templates see it.
#[derive(Clone, Copy)]
pub(crate) struct Catalogue;

impl Catalogue {
    pub(crate) fn say(&self, key: &str) -> Message {
        say(key)
    }
}

impl Message {
    /// A number, which a message may use to choose between one and many. Templates pass references to what they
    /// print, so it is taken by the text that it prints as.
    pub(crate) fn num(mut self, name: &'static str, number: impl fmt::Display) -> Self {
        let number: u64 = number.to_string().parse().unwrap_or(u64::MAX);
        self.args.set(name, FluentValue::from(number));
        self
    }

    pub(crate) fn text(mut self, name: &'static str, text: impl fmt::Display) -> Self {
        self.args.set(name, FluentValue::from(text.to_string()));
        self
    }
}

/// A part of a message: the catalogue's own words, or what was handed to it under a name.
pub(crate) enum Piece {
    Words(String),
    Argument { name: String, text: String },
}

impl Message {
    /// Its words and its arguments apart, in the order in which they are read.
    pub(crate) fn pieces(&self) -> Vec<Piece> {
        let mut marked = FluentArgs::new();
        for (index, (name, value)) in self.args.iter().enumerate() {
            match value {
                FluentValue::Number(_) => marked.set(name.to_owned(), value.clone()),
                _ => marked.set(name.to_owned(), format!("{MARK}#{index}{MARK}")),
            }
        }
        let pattern = MARKED.get_message(&self.key).and_then(|message| message.value());
        let text = pattern.map_or_else(
            || self.to_string(),
            |pattern| MARKED.format_pattern(pattern, Some(&marked), &mut Vec::new()).into_owned(),
        );
        let parts = text.split(MARK).enumerate().filter(|(_, part)| !part.is_empty());
        // Marks come in pairs, so every other part stood between two of them.
        parts
            .map(
                |(index, part)| {
                    if index % 2 == 1 { self.argument(part) } else { Piece::Words(part.to_owned()) }
                },
            )
            .collect()
    }

    /// The argument that stands in the marked text as `part`: by its place, or a number by its digits.
    fn argument(&self, part: &str) -> Piece {
        let place = part.strip_prefix('#').and_then(|index| index.parse().ok());
        let printed = |value: &FluentValue<'_>| match value {
            FluentValue::Number(number) => number.as_string().into_owned(),
            FluentValue::String(text) => text.to_string(),
            _ => String::new(),
        };
        let found = match place {
            Some(index) => self.args.iter().nth(index),
            None => self.args.iter().find(|(_, value)| printed(value) == part),
        };
        let (name, value) =
            found.map_or((String::new(), part.to_owned()), |(name, value)| (name.to_owned(), printed(value)));
        Piece::Argument { name, text: value }
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pattern = ENGLISH.get_message(&self.key).and_then(|message| message.value());
        match pattern {
            Some(pattern) => {
                let text = ENGLISH.format_pattern(pattern, Some(&self.args), &mut Vec::new());
                f.write_str(&text)
            }
            // Shown as it stands, so that a missing message is seen at once; a test finds it first.
            None => write!(f, "{{{}}}", self.key),
        }
    }
}

/// Whether the catalogue has a message of that key.
pub(crate) fn knows(key: &str) -> bool {
    ENGLISH.get_message(key).is_some_and(|message| message.value().is_some())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn keys_defined() -> BTreeSet<String> {
        let lines = SOURCES.iter().flat_map(|source| source.lines());
        let keys = lines.filter_map(|line| line.split_once(" =").map(|(key, _)| key.to_owned()));
        keys.filter(|key| !key.is_empty() && !key.contains([' ', '#', '*', '[', '}'])).collect()
    }

    fn source_files(folder: &str, ending: &str) -> Vec<(String, String)> {
        let mut files = Vec::new();
        let mut folders = vec![std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(folder)];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|found| found == ending) {
                    files.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
                }
            }
        }
        files
    }

    /// What stands in templates and sources, without their tests.
    fn texts() -> Vec<String> {
        let files = source_files("templates", "html").into_iter().chain(source_files("src", "rs"));
        files.map(|(_, text)| text.split("#[cfg(test)]").next().unwrap_or_default().to_owned()).collect()
    }

    fn keys_used() -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        for text in texts() {
            for begin in ["say(\"", "line(\"", "words(\""] {
                keys.extend(
                    text.split(begin).skip(1).filter_map(|part| part.split('"').next().map(str::to_owned)),
                );
            }
        }
        keys
    }

    #[test]
    fn every_message_that_a_page_names_is_in_the_catalogue() {
        let missing: Vec<_> = keys_used().into_iter().filter(|key| !knows(key)).collect();
        assert!(missing.is_empty(), "not in the catalogue: {missing:?}");
    }

    #[test]
    fn every_message_is_used_and_well_formed() {
        let texts = texts();
        let used = |key: &str| texts.iter().any(|text| text.contains(&format!("\"{key}\"")));
        let by_rule = [
            "refused-",
            "role-",
            "kind-",
            "channel-",
            "held-",
            "state-",
            "form-",
            "stage-",
            "scene-",
            "temperature-",
            "change-",
            "about-state-",
            "nav-",
            "ranked-",
            "verdict-",
            "section-",
            "timing-",
            "told-",
        ];
        for key in keys_defined() {
            assert!(knows(&key), "`{key}` does not parse");
            let text = say(key.as_str()).to_string();
            assert!(!text.contains("()"), "`{key}` calls a function that nobody gave it: {text}");
            let named = used(&key) || by_rule.iter().any(|rule| key.starts_with(rule));
            assert!(named, "`{key}` is in the catalogue and on no page");
        }
    }

    #[test]
    fn templates_hold_no_words_of_their_own() {
        for (path, text) in source_files("templates", "html") {
            let words = visible(&text);
            assert!(words.is_empty(), "{path} holds words that belong in the catalogue: {words:?}");
        }
    }

    /// What is left of a template without its tags, expressions and entities.
    fn visible(template: &str) -> Vec<String> {
        let mut left = template.to_owned();
        for (open, close) in [
            ("{#", "#}"),
            ("{%", "%}"),
            ("{{", "}}"),
            ("<style", "</style>"),
            ("<!", ">"),
            ("<", ">"),
            ("&", ";"),
        ] {
            while let Some(from) = left.find(open) {
                let Some(length) = left[from..].find(close) else { break };
                left.replace_range(from..from + length + close.len(), " ");
            }
        }
        left.split_whitespace()
            .filter(|word| word.chars().any(char::is_alphabetic))
            .map(str::to_owned)
            .collect()
    }
}
