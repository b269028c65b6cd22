//! What to measure, for how long, and where.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};

const USAGE: &str = "usage: bench log [--secs N] [--json] [--dir FOLDER]";

pub(crate) enum Form {
    Table,
    Json,
}

pub(crate) struct Args {
    /// How long each number of callers is measured.
    pub(crate) each: Duration,
    pub(crate) form: Form,
    /// Where a folder for the data is made; it must lie on a real disk.
    pub(crate) dir: PathBuf,
}

impl Args {
    pub(crate) fn parse(mut words: impl Iterator<Item = String>) -> Result<Self> {
        if words.next().as_deref() != Some("log") {
            bail!(USAGE);
        }
        let mut args = Args { each: Duration::from_secs(5), form: Form::Table, dir: "target".into() };
        while let Some(word) = words.next() {
            match word.as_str() {
                "--json" => args.form = Form::Json,
                "--secs" => args.each = Duration::from_secs(words.next().context(USAGE)?.parse()?),
                "--dir" => args.dir = words.next().context(USAGE)?.into(),
                _ => bail!(USAGE),
            }
        }
        if args.each.is_zero() {
            bail!("--secs must be at least 1");
        }
        Ok(args)
    }
}
