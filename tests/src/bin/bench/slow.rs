//! The same appends on a slower disk: a small library, loaded before the others, adds two milliseconds to every
//! fsync. `scripts/bench` makes the library and names it in the environment.

use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::appends;
use crate::args::Args;

const LIBRARY: &str = "PLENARY_SLOWSYNC";
const CALLERS: [usize; 2] = [1, 256];

/// What both numbers of callers reach in a second.
pub(crate) struct Found {
    pub(crate) one: f64,
    pub(crate) many: f64,
}

/// Runs this program once more under the library, or nothing where there is none.
pub(crate) fn measure(args: &Args) -> Result<Option<Found>> {
    let Some(library) = std::env::var_os(LIBRARY).filter(|path| !path.is_empty()) else { return Ok(None) };
    let output = Command::new(std::env::current_exe()?)
        .args(["slow", "--secs", &args.each.as_secs().to_string(), "--dir"])
        .arg(&args.dir)
        .env("LD_PRELOAD", library)
        .output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found: Value = serde_json::from_slice(&output.stdout)?;
    let rate = |place: usize| found[place].as_f64().context("a rate");
    Ok(Some(Found { one: rate(0)?, many: rate(1)? }))
}

/// What that process does: a rate for each number of callers.
pub(crate) fn run(args: &Args) -> Result<Value> {
    let data = tempfile::Builder::new().prefix("bench-").tempdir_in(&args.dir)?;
    let rate = |callers: usize| {
        let folder = data.path().join(callers.to_string());
        appends::measure(&folder, callers, args.each).map(|spread| spread.per_second)
    };
    Ok(json!(CALLERS.into_iter().map(rate).collect::<Result<Vec<_>>>()?))
}
