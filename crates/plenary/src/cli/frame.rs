//! What can be asked for about tables and code frames of other programs.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use domain::Slug;

#[derive(Debug, Subcommand)]
pub(crate) enum Frame {
    /// Write the themes into files; nothing that anybody said is in them
    Export(FrameExport),
    /// Name the themes of a file or of another assembly that are not there yet; doing it again changes nothing
    Import(FrameImport),
}

/// Our own document with its history, a table, or what ThemeFinder and Consult read and write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FrameFormat {
    Json,
    Csv,
    Themefinder,
}

#[derive(Debug, Args)]
pub(crate) struct FrameExport {
    /// The assembly's name
    pub(crate) slug: Slug,
    /// A document with the whole history, a table, or themes.json and mapping.jsonl as ThemeFinder has them
    #[arg(long, value_enum)]
    pub(crate) format: FrameFormat,
    /// The folder to write them into; it is made where it is missing
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    pub(crate) out: PathBuf,
}

/// Counts from 1 to 7, and what would give them away, are left out before anything is recorded.
#[derive(Debug, Args)]
pub(crate) struct ReferenceArgs {
    /// The assembly's name
    pub(crate) slug: Slug,
    /// A table with the columns attribute, group (empty for those who did not say) and members, and where they are
    /// known population and invited
    #[arg(long, value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Where the numbers of the population are from, such as "Census 2021, residents aged 16 and over"
    #[arg(long, value_name = "TEXT")]
    pub(crate) source: String,
}

#[derive(Debug, Args)]
pub(crate) struct FrameImport {
    /// The assembly that takes the themes
    pub(crate) slug: Slug,
    /// A file of themes, or a folder with themes.json and mapping.jsonl
    #[arg(required_unless_present = "from", conflicts_with = "from")]
    pub(crate) file: Option<PathBuf>,
    /// What the file is, where its name and content do not say
    #[arg(long, value_enum, conflicts_with = "from")]
    pub(crate) format: Option<FrameFormat>,
    /// Contributions of this record and their labels: .jsonl, .json or .csv
    #[arg(long, value_name = "FILE", conflicts_with = "from")]
    pub(crate) mapping: Option<PathBuf>,
    /// Another assembly in the data folder, whose themes start this one
    #[arg(long, value_name = "OTHER")]
    pub(crate) from: Option<Slug>,
}
