//! What a command says: its result on standard output, notes for the person on standard error, and errors in one
//! place and one form.

use std::io::Write;
use std::process::ExitCode;

use anyhow::Context;
use serde::Serialize;

use crate::cli::Global;

/// How the result is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Output {
    Text,
    /// Exactly one document, for programs.
    Json,
}

impl Output {
    pub(crate) fn of(global: &Global) -> Self {
        if global.json { Output::Json } else { Output::Text }
    }

    /// Prints the result: `text` as it stands, or the document.
    pub(crate) fn print(
        self,
        document: &impl Serialize,
        text: impl FnOnce() -> String,
    ) -> anyhow::Result<()> {
        let line = match self {
            Output::Text => text(),
            Output::Json => serde_json::to_string(document).context("write the result as JSON")?,
        };
        let mut out = std::io::stdout().lock();
        writeln!(out, "{}", line.trim_end()).and_then(|()| out.flush()).context("standard output")
    }
}

/// Tells the person something that is not the result. Whoever closed standard error does not want to know.
pub(crate) fn note(text: &str) {
    drop(writeln!(std::io::stderr().lock(), "{text}"));
}

/// The only place where an error is printed.
pub(crate) fn complain(error: &anyhow::Error) -> ExitCode {
    note(&format!("plenary: {}", sentence(error)));
    ExitCode::FAILURE
}

/// The whole chain of an error as one sentence on one line. A cause that an outer error has quoted already is not
/// said twice.
fn sentence(error: &anyhow::Error) -> String {
    let mut said = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if said.is_empty() {
            said = cause;
        } else if !said.contains(&cause) {
            said = format!("{said}: {cause}");
        }
    }
    let line = said.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.ends_with(['.', '?', '!']) { line } else { format!("{line}.") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::anyhow;

    #[test]
    fn a_chain_becomes_one_sentence() {
        for (error, line) in [
            (anyhow!("no room"), "no room."),
            (anyhow!("no room").context("write `a.db`"), "write `a.db`: no room."),
            (anyhow!("No round is open.").context("say it"), "say it: No round is open."),
            (anyhow!("line 1\n  line 2"), "line 1 line 2."),
            (anyhow!("broken").context("read `x`: broken"), "read `x`: broken."),
        ] {
            assert_eq!(sentence(&error), line);
        }
    }
}
