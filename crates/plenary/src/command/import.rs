//! `import csv`: what was said elsewhere, with the themes that people gave it.

use std::fmt::Write;

use anyhow::Context;

use crate::cli::{Global, ImportCsv};
use crate::data::{self, Writing};
use crate::import::{self, Refused, Report, Target};
use crate::output::Output;

/// Refusals that a person reads on the screen; `--json` has them all.
const SHOWN: usize = 20;

pub(super) fn run(global: &Global, args: &ImportCsv) -> anyhow::Result<()> {
    let folder = data::assembly(&global.data, &args.slug)?;
    let _writing = Writing::begin(&global.data, "import")?;
    let target = Target { data: &global.data, folder: &folder, slug: &args.slug };
    let report = super::block_on(import::csv(&target, &args.file, &args.map))
        .with_context(|| format!("import into `{}`", args.slug))?;
    Output::of(global).print(&report, || text(&report))
}

fn text(report: &Report) -> String {
    let mut text = format!(
        "{} rows: {} recorded, {} already there, {} refused\n{} themes, {} assignments, {} rows set aside, {} blank answers",
        report.rows,
        report.recorded,
        report.already_there,
        report.refused.len(),
        report.themes,
        report.assignments,
        report.set_aside,
        report.blank_answers,
    );
    if report.themed_despite_mark > 0 {
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "\n{} rows had both a theme and a set-aside mark and kept the theme",
            report.themed_despite_mark
        );
    }
    list(&mut text, "refused", &report.refused);
    list(&mut text, "recorded, but not coded as the file says", &report.not_coded);
    text
}

fn list(text: &mut String, what: &str, refused: &[Refused]) {
    for Refused { row, reason } in refused.iter().take(SHOWN) {
        let _ = write!(text, "\nrow {row} {what}: {reason}");
    }
    if refused.len() > SHOWN {
        let _ = write!(text, "\n… and {} more; --json lists them all", refused.len() - SHOWN);
    }
}
