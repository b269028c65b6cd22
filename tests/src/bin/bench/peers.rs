//! Other logs under the same load on the same disk: 256 callers, one event a request, each answered when it is durable.
//!
//! The scripts that start and measure them are not a part of this repository. Each prints JSON lines with the keys
//! `mode`, `inflight` and `events_s`.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::args::Args;

pub(crate) const CALLERS: u64 = 256;

struct Peer {
    name: &'static str,
    /// A script and its words.
    script: &'static [&'static str],
    /// What else it is told by its environment.
    told: (&'static str, &'static str),
}

const PEERS: [Peer; 2] = [
    Peer { name: "UmaDB", script: &["umadb.sh"], told: ("NOREPLAY", "1") },
    Peer {
        name: "JetStream, sync_interval: always",
        script: &["jetstream.sh", "r1-always"],
        told: ("WHAT", "publish"),
    },
];

pub(crate) struct Found {
    pub(crate) name: &'static str,
    /// The best of what it reached in its different settings.
    pub(crate) per_second: f64,
}

/// Measures every peer whose scripts lie in `scripts`, with its data in `data`.
pub(crate) fn measure(args: &Args, scripts: &Path, data: &Path) -> Result<Vec<Found>> {
    PEERS.iter().map(|peer| run(args, scripts, data, peer)).collect()
}

fn run(args: &Args, scripts: &Path, data: &Path, peer: &Peer) -> Result<Found> {
    let scripts = scripts.canonicalize().with_context(|| format!("find {}", scripts.display()))?;
    let (name, build) = (peer.name, std::path::absolute(&args.dir)?.join("peers"));
    let [script, words @ ..] = peer.script else { bail!("{name} has no script") };
    let output = Command::new("bash")
        .arg(scripts.join(script))
        .args(words)
        .env(peer.told.0, peer.told.1)
        .env("SECS", args.each.as_secs().to_string())
        .env("INFLIGHT", CALLERS.to_string())
        .env("CARGO_TARGET_DIR", &build)
        .env("UMA_TARGET", build.join("umadb"))
        .env("PEER_DATA", std::path::absolute(data)?.join("peers"))
        .output()?;
    ensure!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    let found = String::from_utf8(output.stdout)?;
    let lines = found.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let rates = lines.filter(is_the_same_load).filter_map(|line| line["events_s"].as_f64());
    let per_second = rates.fold(0.0, f64::max);
    ensure!(per_second > 0.0, "{name} said nothing of {CALLERS} callers: {found}");
    Ok(Found { name, per_second })
}

/// Appends that depend on nothing, by as many callers.
fn is_the_same_load(line: &Value) -> bool {
    let mode = line["mode"].as_str().unwrap_or_default();
    let depends = line["cond"].as_u64().or(line["occ"].as_u64()).unwrap_or(0);
    ["write", "publish"].contains(&mode) && depends == 0 && line["inflight"] == CALLERS
}
