//! `summary`: the evidence summary as a page, a document or a table, written whole or not at all.

use std::cell::RefCell;
use std::ffi::OsString;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use event_log::{Position, Reader, Words};
use projections::{EvidenceSummary, Projection, Views};
use serde::Serialize;
use web::paper::{Document, Reach};

use crate::cli::{Global, SummaryArgs, SummaryFormat};
use crate::data;
use crate::output::Output;

#[derive(Serialize)]
struct Written<'a> {
    path: &'a Path,
    /// Where the record stood when it was written.
    position: u64,
    contributions: u64,
}

pub(super) fn run(global: &Global, args: &SummaryArgs) -> anyhow::Result<()> {
    let folder = data::assembly(&global.data, &args.slug)?;
    let summary = write(&folder, args.format, &args.out)?;
    let contributions = summary.took_part.contributions.value;
    let written = Written { path: &args.out, position: summary.position, contributions };
    Output::of(global).print(&written, || args.out.display().to_string())
}

/// Draws the summary at the head of the record and writes it to `out`.
pub(crate) fn write(folder: &Path, format: SummaryFormat, out: &Path) -> anyhow::Result<EvidenceSummary> {
    let views = Projection::load(folder, None)?;
    let summary = drawn(folder, &views, &|_| true)?;
    let bytes = match format {
        SummaryFormat::Html => web::paper::html(&views, &summary)?.into_bytes(),
        SummaryFormat::Pdf => crate::print::pdf(&Document::of(&views, &summary, Reach::Print)?)?,
        SummaryFormat::Document => serde_json::to_vec(&Document::of(&views, &summary, Reach::File)?)
            .context("write the paper as JSON")?,
        SummaryFormat::Json => serde_json::to_vec(&summary).context("write the summary as JSON")?,
        SummaryFormat::Csv => {
            let mut table = Vec::new();
            projections::summary_csv::write(&views, &summary, &mut table)?;
            table
        }
    };
    replace(out, &bytes).with_context(|| format!("write {}", out.display()))?;
    Ok(summary)
}

/// The summary with those words that may be shown, of what the event at a position holds.
///
/// A summary in which words are missing because they could not be read would be a false one, so that ends it.
pub(crate) fn drawn(
    folder: &Path,
    views: &Views,
    may_show: &dyn Fn(Position) -> bool,
) -> anyhow::Result<EvidenceSummary> {
    let record = Reader::open(folder)?;
    let unreadable = RefCell::new(None);
    let open = |position: Position| match record.words(position) {
        Ok(Words::Open(words)) => Some(words),
        Ok(Words::None | Words::Gone) => None,
        Err(error) => {
            unreadable.borrow_mut().get_or_insert(error);
            None
        }
    };
    let summary = projections::summary(views, &|at| may_show(at).then(|| open(at)).flatten());
    match unreadable.into_inner() {
        Some(error) => bail!(error),
        None => Ok(summary),
    }
}

/// Writes beside the file and renames, so that nobody ever reads half of it.
pub(super) fn replace(out: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let beside = beside(out);
    let mut file = File::create(&beside)?;
    let written =
        file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| std::fs::rename(&beside, out));
    // What could not be finished is taken away again; if that fails too, the first error is the one to tell.
    written.inspect_err(|_| drop(std::fs::remove_file(&beside)))
}

fn beside(out: &Path) -> PathBuf {
    let mut name = out.file_name().map_or_else(OsString::new, OsString::from);
    name.push(format!(".{}.new", std::process::id()));
    out.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("paper.html");
        replace(&out, b"one").unwrap();
        replace(&out, b"two").unwrap();
        assert_eq!(std::fs::read(&out).unwrap(), b"two");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_cannot_be_written_leaves_the_old_file_and_no_new_one() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("taken");
        std::fs::create_dir_all(out.join("inside")).unwrap();
        replace(&out, b"one").unwrap_err();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
