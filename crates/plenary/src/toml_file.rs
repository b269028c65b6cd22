//! Reading a TOML file that a person wrote: what is wrong is named with its line and its key.

use std::path::Path;

use anyhow::{Context, anyhow};
use serde::de::DeserializeOwned;

pub(crate) fn read<T: DeserializeOwned>(path: &Path) -> anyhow::Result<T> {
    let name = path.display();
    let bytes = std::fs::read(path).with_context(|| format!("{name}"))?;
    let text = String::from_utf8(bytes).map_err(|_| anyhow!("{name} is not text in UTF-8"))?;
    parse(&text).map_err(|why| anyhow!("{name}, {why}"))
}

/// Reads a text that came with a name of its own; the error begins with the line.
pub(crate) fn parse<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    toml::from_str(text).map_err(|error| describe(text, &error))
}

fn describe(text: &str, error: &toml::de::Error) -> String {
    let message = error.message().split_whitespace().collect::<Vec<_>>().join(" ");
    let Some(span) = error.span() else { return format!("somewhere: {message}") };
    let before = text.get(..span.start).unwrap_or_default();
    let number = before.matches('\n').count() + 1;
    let line = text.lines().nth(number - 1).unwrap_or_default();
    match line.split_once('=') {
        Some((key, _)) if !message.contains(&format!("`{}`", key.trim())) => {
            format!("line {number}, `{}`: {message}", key.trim())
        }
        _ => format!("line {number}: {message}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        for (text, said) in [
            ("a = 1\nb = \"x\"", "line 2, `b`: invalid type"),
            ("a = 1\na = 2", "line 2, `a`: duplicate key"),
            ("a = ", "line 1"),
        ] {
            let why = parse::<BTreeMap<String, u8>>(text).unwrap_err();
            assert!(why.starts_with(said) && !why.contains('\n'), "{text:?}: {why}");
        }
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let error = read::<BTreeMap<String, u8>>(Path::new("no/such.toml")).unwrap_err();
        assert_eq!(error.to_string(), "no/such.toml");
    }
}
