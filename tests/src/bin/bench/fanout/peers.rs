//! Our crowd under the same load as other servers, one after the other in the same run.
//!
//! The load client and the other servers are not a part of this repository: they are copied from the folder that is
//! named, built and run outside it. `run.py` there says what each has measured, one JSON line per run.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::args::Args;

const OURS: &str = "ours";
const AUDIENCE: &str = "5000";
const ROUNDS: &str = "2";
/// The limits, the nearest of the other servers, and ours.
const SYSTEMS: [&str; 5] = ["raw-one", "raw-batch", "axum-hub", "uws", OURS];

/// The medians of one system.
pub(crate) struct Found {
    name: &'static str,
    /// Seconds of CPU for a million deliveries: as many as go, and ten messages a second.
    sat: f64,
    paced: f64,
    p99_ms: f64,
    kib_each: f64,
    connect_ms: f64,
}

pub(crate) fn measure(args: &Args, from: &Path) -> Result<Vec<Found>> {
    let folder = std::path::absolute(&args.dir)?.join("peers/fanout");
    copy(from, &folder)?;
    done(
        Command::new("cargo").args(["build", "--release", "--quiet"]).current_dir(folder.join("rust")),
        &folder,
    )?;
    done(
        Command::new("npm")
            .args(["install", "--silent", "--no-audit", "--no-fund"])
            .current_dir(folder.join("node")),
        &folder,
    )?;
    let out = folder.join("ours.jsonl");
    if out.exists() {
        std::fs::remove_file(&out)?;
    }
    let program = std::env::current_exe()?;
    let (others, secs) =
        (SYSTEMS.split_last().map_or_else(String::new, |(_, rest)| rest.join(",")), args.each.as_secs());
    let mut run = Command::new("python3");
    run.arg("run.py").current_dir(&folder);
    run.args(["--subs", AUDIENCE, "--mode", "sat,paced", "--rounds", ROUNDS, "--secs", &secs.to_string()]);
    run.args(["--only", &others, "--add", &format!("{OURS}=ws={} ours --port {{port}}", program.display())]);
    run.arg("--out").arg(&out);
    done(&mut run, &folder)?;
    let text = std::fs::read_to_string(&out).context("read what run.py measured")?;
    let runs: Vec<Value> = text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    SYSTEMS.iter().map(|name| Found::of(name, &runs)).collect()
}

/// What was copied before is kept up and not made anew, so that nothing is built twice.
fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    let copied =
        Command::new("cp").args(["-ru", "--no-preserve=mode"]).arg(from.join(".")).arg(to).status()?;
    ensure!(copied.success(), "could not copy {}", from.display());
    Ok(())
}

fn done(command: &mut Command, folder: &Path) -> Result<()> {
    let output = command.env("CARGO_TARGET_DIR", folder.join("target")).output()?;
    ensure!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

impl Found {
    fn of(name: &'static str, runs: &[Value]) -> Result<Self> {
        let median = |mode: &str, field: &str| -> Result<f64> {
            let of = runs.iter().filter(|run| run["label"] == name && run["mode"] == mode);
            let mut values = Vec::new();
            for run in of {
                ensure!(run["lost"] == 0 && run["bad"] == 0, "{name} lost something: {run}");
                values.push(run[field].as_f64().with_context(|| format!("{name} has no {field}: {run}"))?);
            }
            ensure!(!values.is_empty(), "{name} was not measured");
            Ok(crate::spread::median(&values))
        };
        Ok(Found {
            name,
            sat: median("sat", "srv_cpu_s_per_M")?,
            paced: median("paced", "srv_cpu_s_per_M")?,
            p99_ms: median("paced", "p99_us")? / 1e3,
            kib_each: median("paced", "kb_per_conn")?,
            connect_ms: median("paced", "conn_cpu_ms").or_else(|_| median("paced", "conn_ms"))?,
        })
    }

    pub(crate) fn json(&self) -> Value {
        let Found { name, sat, paced, p99_ms, kib_each, connect_ms } = self;
        json!({ "name": name, "sat": sat, "paced": paced, "p99_ms": p99_ms, "kib_each": kib_each, "connect_ms": connect_ms })
    }
}

/// Ratios to the two limits of the same run, and what is no ratio.
pub(crate) fn table(found: &[Found]) -> String {
    let limit = |name: &str| found.iter().find(|found| found.name == name);
    let (Some(one), Some(batch)) = (limit("raw-one"), limit("raw-batch")) else { return String::new() };
    let mut text = format!(
        "{AUDIENCE} listeners, 300 bytes   CPU/delivery, saturated  CPU/delivery, 10/s  p99, 10/s   memory   connect\n"
    );
    for each in found {
        text += &format!(
            "{:<28} {:>10.2} x raw-batch {:>9.2} x raw-one {:>7.0} ms {:>5.1} KiB {:>6.3} ms\n",
            each.name,
            each.sat / batch.sat,
            each.paced / one.paced,
            each.p99_ms,
            each.kib_each,
            each.connect_ms
        );
    }
    text
}
