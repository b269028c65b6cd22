//! `bench log`: durable appends in a second, by number of callers, and as a ratio to the machine's own limit.

use std::fmt::Write;

use anyhow::{Context, Result};
use event_log::{Position, Reader};
use serde_json::{Value, json};

use crate::args::Args;
use crate::spread::{Spread, median};
use crate::{appends, limit, long, peers, replay, slow};

const CALLERS: [usize; 4] = [1, 64, 256, 1_024];
const CALLERS_LONG: usize = 256;

pub(crate) struct Found {
    limits: Vec<Spread>,
    runs: Vec<Run>,
    long: Option<long::Found>,
    slow: Option<slow::Found>,
    peers: Vec<peers::Found>,
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
    let limits = vec![limit::measure(data.path(), short)?];
    let mut found =
        Found { limits, runs: Vec::new(), long: None, slow: None, peers: Vec::new(), public_bytes: 0 };
    for callers in CALLERS {
        let folder = data.path().join(callers.to_string());
        let spread = appends::measure(&folder, callers, args.each)?;
        found.runs.push(Run { callers, spread });
        let first = Reader::open(&folder)?.at(Position::FIRST)?.context("nothing was appended")?;
        found.public_bytes = first.bytes.len();
        found.limits.push(limit::measure(data.path(), short)?);
        std::fs::remove_dir_all(folder)?;
    }
    if let Some(scripts) = &args.peers {
        found.peers = peers::measure(args, scripts, data.path())?;
        found.limits.push(limit::measure(data.path(), short)?);
    }
    if args.at > 0 {
        found.long = Some(long::measure(&data.path().join("long"), args.at, CALLERS_LONG, args.each)?);
        found.limits.push(limit::measure(data.path(), short)?);
    }
    found.slow = slow::measure(args)?;
    Ok(found)
}

impl Found {
    fn limit(&self) -> f64 {
        median(&self.limits.iter().map(|spread| spread.per_second).collect::<Vec<_>>())
    }

    pub(crate) fn table(&self) -> String {
        let mut text = format!("public part {} bytes, words sealed by the callers\n", self.public_bytes);
        for limit in &self.limits {
            text += &self.line("file, one record per fdatasync", limit);
        }
        for run in &self.runs {
            text += &self.line(&format!("record, {} callers", run.callers), &run.spread);
        }
        if let Some(long) = &self.long {
            text += &self.line(&format!("at {} events, 1 caller", long.size), &long.one);
            text += &self.line(&format!("at {} events, {CALLERS_LONG} callers", long.size), &long.many);
            text += &long_table(long);
        }
        // Writing into a string cannot fail.
        if let Some(slow::Found { one, many }) = self.slow {
            let _ = writeln!(
                text,
                "fsync 2 ms slower: 1 caller {one:.0}/s, 256 callers {many:.0}/s, {:.0} x",
                many / one
            );
        }
        for (peer, times) in self.against_peers() {
            let per_second = peer.per_second;
            let _ =
                writeln!(text, "{:<34} {per_second:>9.0}/s  ours on a fresh record {times:.1} x", peer.name);
        }
        let _ = writeln!(text, "L1 is the median of its measurements: {:.0}/s", self.limit());
        text
    }

    /// How many times as fast as each peer we are with as many callers.
    fn against_peers(&self) -> impl Iterator<Item = (&peers::Found, f64)> {
        let ours = self.runs.iter().find(|run| run.callers as u64 == peers::CALLERS);
        let ours = ours.map_or(0.0, |run| run.spread.per_second);
        self.peers.iter().map(move |peer| (peer, ours / peer.per_second))
    }

    fn line(&self, what: &str, spread: &Spread) -> String {
        let Spread { per_second, p50_us, p99_us } = spread;
        let ratio = per_second / self.limit();
        format!("{what:<34} {per_second:>9.0}/s  p50 {p50_us:>6} us  p99 {p99_us:>6} us  {ratio:>6.2} x L1\n")
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
            "long": self.long.as_ref().map(long_json),
            "peers": self.against_peers().map(|(peer, times)| {
                json!({ "name": peer.name, "per_second": peer.per_second, "ours": times })
            }).collect::<Vec<_>>(),
            "slow": self.slow.as_ref().map(|slow| json!({ "one": slow.one, "many": slow.many })),
        })
    }
}

fn long_table(long: &long::Found) -> String {
    let timed = |what: &str, Spread { p50_us, p99_us, .. }: &Spread| {
        format!("{what:<34} {:>11}  p50 {p50_us:>6} us  p99 {p99_us:>6} us\n", "")
    };
    let mut text = timed("  inclusion proof", &long.proof);
    text += &timed("  checkpoint, signed and synced", &long.checkpoint);
    let (start, memory) = (long.start.as_millis(), long.resident_mb);
    let replay::Found { one_core, two_cores } = long.replay;
    text += &format!(
        "  typed replay through a tally fold: {one_core:.0}/s on one core, {two_cores:.0}/s on two\n"
    );
    text + &format!("  from start to first append {start} ms; {memory:.0} MB in memory\n")
}

fn long_json(long: &long::Found) -> Value {
    json!({
        "events": long.size,
        "one": spread_json(&long.one),
        "many": spread_json(&long.many),
        "callers": CALLERS_LONG,
        "proof": spread_json(&long.proof),
        "checkpoint": spread_json(&long.checkpoint),
        "start_ms": long.start.as_millis() as u64,
        "replayed_per_second": { "one_core": long.replay.one_core, "two_cores": long.replay.two_cores },
        "resident_mb": long.resident_mb,
    })
}

fn spread_json(spread: &Spread) -> Value {
    json!({ "per_second": spread.per_second, "p50_us": spread.p50_us, "p99_us": spread.p99_us })
}
