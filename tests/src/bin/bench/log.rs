//! `bench log`: durable appends in a second, by number of callers, and as a ratio to the machine's own limit.

use std::fmt::Write;

use anyhow::{Context, Result};
use event_log::{Position, Reader};
use serde_json::{Value, json};

use crate::args::Args;
use crate::spread::{Spread, median};
use crate::{appends, limit};

const CALLERS: [usize; 4] = [1, 64, 256, 1_024];

pub(crate) struct Found {
    limits: Vec<Spread>,
    runs: Vec<Run>,
    public_bytes: usize,
}

struct Run {
    callers: usize,
    spread: Spread,
}

/// The limit is measured before, between and after, because other work on the machine comes and goes.
pub(crate) fn run(args: &Args) -> Result<Found> {
    std::fs::create_dir_all(&args.dir)?;
    let data = tempfile::Builder::new().prefix("bench-").tempdir_in(&args.dir)?;
    let short = args.each / 2;
    let mut found =
        Found { limits: vec![limit::measure(data.path(), short)?], runs: Vec::new(), public_bytes: 0 };
    for callers in CALLERS {
        let folder = data.path().join(callers.to_string());
        let spread = appends::measure(&folder, callers, args.each)?;
        found.runs.push(Run { callers, spread });
        let first = Reader::open(&folder)?.at(Position::FIRST)?.context("nothing was appended")?;
        found.public_bytes = first.bytes.len();
        found.limits.push(limit::measure(data.path(), short)?);
    }
    Ok(found)
}

impl Found {
    fn limit(&self) -> f64 {
        median(&self.limits.iter().map(|spread| spread.per_second).collect::<Vec<_>>())
    }

    pub(crate) fn table(&self) -> String {
        let mut text = format!("public part {} bytes, words sealed by the callers\n", self.public_bytes);
        let mut line = |what: &str, spread: &Spread, ratio: f64| {
            let Spread { per_second, p50_us, p99_us } = spread;
            writeln!(
                text,
                "{what:<34} {per_second:>9.0}/s  p50 {p50_us:>6} us  p99 {p99_us:>6} us  {ratio:>6.2} x L1"
            )
        };
        for limit in &self.limits {
            // Writing into a string cannot fail.
            let _ = line("file, one record per fdatasync", limit, limit.per_second / self.limit());
        }
        for run in &self.runs {
            let what = format!("record, {} callers", run.callers);
            let _ = line(&what, &run.spread, run.spread.per_second / self.limit());
        }
        let _ = writeln!(text, "L1 is the median of its measurements: {:.0}/s", self.limit());
        text
    }

    pub(crate) fn json(&self) -> Value {
        let limit = self.limit();
        let runs = self.runs.iter().map(|run| {
            let mut value = spread_json(&run.spread);
            value["callers"] = json!(run.callers);
            value["ratio"] = json!(run.spread.per_second / limit);
            value
        });
        json!({
            "bench": "log",
            "public_bytes": self.public_bytes,
            "limit_per_second": limit,
            "limits": self.limits.iter().map(spread_json).collect::<Vec<_>>(),
            "runs": runs.collect::<Vec<_>>(),
        })
    }
}

fn spread_json(spread: &Spread) -> Value {
    json!({ "per_second": spread.per_second, "p50_us": spread.p50_us, "p99_us": spread.p99_us })
}
