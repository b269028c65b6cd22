//! What can be asked of the papers: the summary, how decisions were taken, and a figure counted again.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use domain::{DecisionNumber, Slug};
use event_log::Position;
use projections::{Query, Unit};

use super::position;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SummaryFormat {
    Html,
    /// Where this program was built with it
    Pdf,
    Json,
    Csv,
    /// The blocks and runs of which HTML and PDF are drawn, as JSON
    Document,
}

#[derive(Debug, Args)]
pub(crate) struct SummaryArgs {
    /// The assembly's name
    pub(crate) slug: Slug,
    /// A page to read, one to print, a document for programs, or a table of all figures
    #[arg(long, value_enum)]
    pub(crate) format: SummaryFormat,
    /// Where to write it
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum EvidenceFormat {
    Html,
    /// Where this program was built with it
    Pdf,
    /// The blocks and runs of which HTML and PDF are drawn
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct EvidenceArgs {
    /// The assembly's name
    pub(crate) slug: Slug,
    /// Of this decision alone; without it, one file for each
    #[arg(long, value_name = "N", value_parser = decision)]
    pub(crate) decision: Option<DecisionNumber>,
    /// As the record had it at this position, which stands at the foot of every page
    #[arg(long, value_name = "N", value_parser = position)]
    pub(crate) at: Option<Position>,
    /// A page to read, one to print, or a document for programs
    #[arg(long, value_enum)]
    pub(crate) format: EvidenceFormat,
    /// The folder to write into, which is made where it is missing; for one decision, also a file
    #[arg(long, value_name = "FOLDER|FILE")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct RecomputeArgs {
    /// The assembly's name
    #[arg(required_unless_present = "from", conflicts_with = "from")]
    pub(crate) slug: Option<Slug>,
    /// An archive that `export` wrote, in place of an assembly
    #[arg(long, value_name = "ARCHIVE")]
    pub(crate) from: Option<PathBuf>,
    /// The figure's query, such as `theme=…&side=remote`; all contributions where it is empty
    #[arg(long, value_name = "QUERY", required_unless_present = "summary", value_parser = query)]
    pub(crate) figure: Option<Query>,
    /// What is counted
    #[arg(long, value_name = "UNIT", default_value = "contributions", value_parser = unit)]
    pub(crate) unit: Unit,
    /// Count as of this position of the record
    #[arg(long, value_name = "N", value_parser = position)]
    pub(crate) position: Option<Position>,
    /// A summary as JSON: every figure in it is counted again, at the position that it was counted at
    #[arg(long, value_name = "FILE", conflicts_with_all = ["figure", "position"])]
    pub(crate) summary: Option<PathBuf>,
}

fn decision(text: &str) -> Result<DecisionNumber, String> {
    text.parse().map_err(|_| "decisions are counted from 1".to_owned())
}

fn query(text: &str) -> Result<Query, String> {
    Query::parse_all(text).ok_or_else(|| "it is no query of a figure".to_owned())
}

fn unit(text: &str) -> Result<Unit, String> {
    let known = || Unit::ALL.map(Unit::as_str).join(", ");
    Unit::named(text).ok_or_else(|| format!("what can be counted is {}", known()))
}
