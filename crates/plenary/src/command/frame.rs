//! `frame export` and `frame import`: the code frame for other programs, and theirs, or another assembly's, for us.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use projections::{FrameDocument, Projection, Topics};
use serde::Serialize;

use crate::cli::{FrameExport, FrameFormat, FrameImport, Global};
use crate::data::{self, Writing};
use crate::interchange::read::{MAPPING_JSONL, THEMES_JSON};
use crate::interchange::{self, Report};
use crate::output::Output;

/// Themes and rows that a person reads about on the screen; `--json` has them all.
const SHOWN: usize = 40;

#[derive(Serialize)]
struct Exported {
    /// The position of the record that it was counted at.
    position: u64,
    files: Vec<PathBuf>,
}

pub(super) fn export(global: &Global, args: &FrameExport) -> anyhow::Result<()> {
    let folder = data::assembly(&global.data, &args.slug)?;
    let views = Projection::load(&folder, None)?;
    std::fs::create_dir_all(&args.out).with_context(|| format!("{}", args.out.display()))?;
    let files = match args.format {
        FrameFormat::Json => {
            let document = serde_json::to_vec_pretty(&FrameDocument::of(&views))?;
            vec![write(&args.out, "code-frame.json", &document)?]
        }
        FrameFormat::Csv => {
            let mut table = Vec::new();
            FrameDocument::of(&views).write_csv(&mut table)?;
            vec![write(&args.out, "code-frame.csv", &table)?]
        }
        FrameFormat::Themefinder => {
            let topics = Topics::of(&views);
            let mut mapping = Vec::new();
            for row in &topics.mapping {
                serde_json::to_writer(&mut mapping, row)?;
                mapping.push(b'\n');
            }
            let themes = serde_json::to_vec_pretty(&topics.themes)?;
            vec![write(&args.out, THEMES_JSON, &themes)?, write(&args.out, MAPPING_JSONL, &mapping)?]
        }
    };
    let exported = Exported { position: views.position, files };
    Output::of(global)
        .print(&exported, || exported.files.iter().map(|file| format!("{}\n", file.display())).collect())
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> anyhow::Result<PathBuf> {
    let path = folder.join(name);
    std::fs::write(&path, bytes).with_context(|| format!("{}", path.display()))?;
    Ok(path)
}

pub(super) fn import(global: &Global, args: &FrameImport) -> anyhow::Result<()> {
    let folder = data::assembly(&global.data, &args.slug)?;
    let incoming = match (&args.from, &args.file) {
        (Some(from), _) if *from == args.slug => bail!("`{from}` cannot take its own code frame"),
        (Some(from), _) => {
            let other = data::assembly(&global.data, from)?;
            let incoming = interchange::of_assembly(&Projection::load(&other, None)?);
            if incoming.themes.is_empty() {
                bail!("`{from}` has no theme in use");
            }
            incoming
        }
        (None, Some(file)) => interchange::read::read(file, args.format, args.mapping.as_deref())?,
        (None, None) => bail!("say which file, or --from which assembly"),
    };
    let _writing = Writing::begin(&global.data, "frame import")?;
    let views = Projection::load(&folder, None)?;
    if views.frame.about.is_none() {
        bail!("`{}` has not been convened", args.slug);
    }
    let report = super::block_on(interchange::record::record(&folder, &views, &incoming))
        .with_context(|| format!("take the code frame into `{}`", args.slug))?;
    Output::of(global).print(&report, || text(&report, incoming.past))
}

fn text(report: &Report, past: u64) -> String {
    let mut text = format!(
        "{} themes: {} named, {} left as they are here\n",
        report.themes,
        report.named.len(),
        report.left.len()
    );
    // Writing to a string cannot fail.
    for name in report.named.iter().take(SHOWN) {
        let _ = writeln!(text, "named “{name}”");
    }
    for left in report.left.iter().take(SHOWN) {
        let _ = writeln!(text, "left “{}”: it {}", left.name, left.why);
    }
    if past > 0 {
        let _ =
            writeln!(text, "{past} more were merged or retired where they come from, and were passed over");
    }
    if report.rows > 0 {
        let _ = writeln!(
            text,
            "{} rows of the mapping: {} assignments, {} made before, {} rows about contributions that are not here, {} refused",
            report.rows,
            report.assigned,
            report.assigned_before,
            report.unknown,
            report.refused.len()
        );
    }
    for refused in report.refused.iter().take(SHOWN) {
        let _ = writeln!(text, "row {} refused: {}", refused.row, refused.reason);
    }
    if [report.named.len(), report.left.len(), report.refused.len()].iter().any(|many| *many > SHOWN) {
        let _ = writeln!(text, "… and more; --json lists them all");
    }
    text
}
