//! `evidence`: how each decision was taken, one file for each.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use domain::DecisionNumber;
use projections::{Projection, Views};
use serde::Serialize;
use web::paper::Document;

use super::summary::replace;
use crate::cli::{EvidenceArgs, EvidenceFormat, Global};
use crate::data;
use crate::output::Output;

#[derive(Serialize)]
struct Written {
    /// Where the record stood.
    position: u64,
    files: Vec<File>,
}

#[derive(Serialize)]
struct File {
    decision: DecisionNumber,
    path: PathBuf,
}

pub(super) fn run(global: &Global, args: &EvidenceArgs) -> anyhow::Result<()> {
    let folder = data::assembly(&global.data, &args.slug)?;
    let views = Projection::load(&folder, args.at)?;
    if let Some(at) = args.at.filter(|at| at.get() > views.position) {
        bail!("the record of `{}` ends at position {}, before {at}", args.slug, views.position);
    }
    let all: Vec<_> = views.frame.ledger.decisions.iter().map(|step| step.what.decision).collect();
    let Some(last) = all.last() else {
        bail!(
            "the board of `{0}` has recorded no decision yet; a board member does that at /a/{0}/board",
            args.slug
        )
    };
    let asked = match args.decision {
        Some(number) if !all.contains(&number) => {
            bail!("there is no decision {number} of `{}`; the last is decision {last}", args.slug)
        }
        Some(number) => vec![number],
        None => all,
    };
    let is_file = args.decision.is_some() && !args.out.is_dir();
    if !is_file {
        std::fs::create_dir_all(&args.out).with_context(|| format!("make {}", args.out.display()))?;
    }
    let mut files = Vec::with_capacity(asked.len());
    for decision in asked {
        let path = match is_file {
            true => args.out.clone(),
            false => args.out.join(name(decision, args.format)),
        };
        write(&views, decision, args.format, &path)?;
        files.push(File { decision, path });
    }
    let written = Written { position: views.position, files };
    Output::of(global).print(&written, || {
        let lines = written.files.iter().map(|file| file.path.display().to_string());
        lines.collect::<Vec<_>>().join("\n")
    })
}

fn name(decision: DecisionNumber, format: EvidenceFormat) -> String {
    let end = match format {
        EvidenceFormat::Html => "html",
        EvidenceFormat::Pdf => "pdf",
        EvidenceFormat::Json => "json",
    };
    format!("decision-{decision}.{end}")
}

fn write(views: &Views, decision: DecisionNumber, format: EvidenceFormat, out: &Path) -> anyhow::Result<()> {
    let document = Document::evidence(views, decision)?.context("the decision is not there any more")?;
    let bytes = match format {
        EvidenceFormat::Html => web::paper::evidence_html(&document)?.into_bytes(),
        EvidenceFormat::Pdf => crate::print::pdf(&document)?,
        EvidenceFormat::Json => serde_json::to_vec(&document).context("write the evidence as JSON")?,
    };
    replace(out, &bytes).with_context(|| format!("write {}", out.display()))
}
