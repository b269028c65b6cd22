//! `bench fanout`: the live feed beside other ways to tell many people something, and the real program under a real
//! day's load with ten thousand listeners.

mod crowd;
mod line;
mod peers;
mod served;
mod speakers;
mod trouble;

use std::fmt::Write;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::args::Args;
use crowd::Crowd;
use served::Served;
use speakers::{Said, Speakers};

/// The first seconds after the crowd has come are not measured.
const WARM_UP: Duration = Duration::from_secs(5);
const TROUBLE: Duration = Duration::from_secs(20);
/// What was said last has this long to arrive.
const LAST_WORDS: Duration = Duration::from_secs(10);

pub(crate) struct Found {
    listeners: usize,
    kib_each: f64,
    connect_ms: f64,
    contributions: usize,
    reactions: u64,
    news: u64,
    /// Bad ends: of connections, of order, of news that some heard and others did not, of commands.
    broken: u32,
    out_of_order: u64,
    differing: usize,
    snapshots: u32,
    refused: u64,
    visible: Delay,
    visible_in_trouble: Delay,
    /// At the beginning, after each minute, and at the end.
    resident_kib: Vec<u64>,
    trouble_kib: u64,
    cpu: f64,
    storm: Storm,
    peers: Vec<peers::Found>,
}

/// From when something is sent to when a listener's numbers hold it, in milliseconds.
#[derive(Clone, Copy)]
struct Delay {
    p50: f64,
    p99: f64,
    worst: f64,
}

/// Everybody comes back at once.
struct Storm {
    cpu_s: f64,
    wall_s: f64,
}

pub(crate) fn run(args: &Args) -> Result<Found> {
    std::fs::create_dir_all(&args.dir)?;
    let peers = args.peers.as_ref().map(|peers| peers::measure(args, peers)).transpose()?.unwrap_or_default();
    let data = tempfile::Builder::new().prefix("bench-").tempdir_in(&args.dir)?;
    let runtime = tokio::runtime::Runtime::new()?;
    let found = runtime.block_on(day(args, data.path()))?;
    Ok(Found { peers, ..found })
}

async fn day(args: &Args, data: &std::path::Path) -> Result<Found> {
    let served = Served::start(data)?;
    let (before_kib, before_cpu) = (served.resident_kib()?, served.cpu_s()?);
    let mut crowd = Crowd::of(served.address, args.listeners);
    crowd.come().await?;
    let listeners = args.listeners as f64;
    let kib_each = (served.resident_kib()? - before_kib) as f64 / listeners;
    let connect_ms = (served.cpu_s()? - before_cpu) * 1e3 / listeners;

    let speakers = Speakers::start(&served).await?;
    tokio::time::sleep(WARM_UP).await;
    let (from, cpu_from) = (Instant::now(), served.cpu_s()?);
    let mut resident_kib = vec![served.resident_kib()?];
    for _ in 0..args.minutes {
        tokio::time::sleep(Duration::from_secs(60)).await;
        resident_kib.push(served.resident_kib()?);
    }
    let (until, cpu) = (Instant::now(), (served.cpu_s()? - cpu_from) / from.elapsed().as_secs_f64());
    let trouble = trouble::make(&served, TROUBLE).await?;
    let in_trouble = (until, Instant::now());
    let (said, reactions, refused) = {
        let known = speakers.said();
        (known.said.clone(), known.reactions, known.refused)
    };
    speakers.stop().await?;
    settle(&crowd, &said).await?;
    let watched = crowd.watched();
    let delay = |from, until| Delay::of(&said, &watched, from, until);
    let found = Found {
        listeners: args.listeners,
        kib_each,
        connect_ms,
        contributions: said.len(),
        reactions,
        refused,
        visible: delay(from, until)?,
        visible_in_trouble: delay(in_trouble.0, in_trouble.1)?,
        resident_kib,
        trouble_kib: trouble.grown_kib,
        cpu,
        storm: Storm { cpu_s: 0.0, wall_s: 0.0 },
        peers: Vec::new(),
        news: 0,
        broken: 0,
        out_of_order: 0,
        differing: 0,
        snapshots: 0,
    };
    let found = found.with_heard(&crowd);
    Ok(Found { storm: storm(&served, &mut crowd).await?, ..found })
}

/// Waits until everybody has heard the last contribution.
async fn settle(crowd: &Crowd, said: &[Said]) -> Result<()> {
    let last = said.iter().map(|(_, position)| *position).max().unwrap_or(0);
    let deadline = Instant::now() + LAST_WORDS;
    while crowd.reading().any(|(_, heard)| heard.at < last && heard.broken == 0) {
        ensure!(Instant::now() < deadline, "not everybody heard the last contribution within {LAST_WORDS:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // The readings that came after it are news too: let the last tick go out.
    tokio::time::sleep(Duration::from_secs(1)).await;
    Ok(())
}

async fn storm(served: &Served, crowd: &mut Crowd) -> Result<Storm> {
    crowd.leave();
    // What the server does to let them go is not what it does to let them in.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let (began, cpu) = (Instant::now(), served.cpu_s()?);
    crowd.come().await?;
    Ok(Storm { cpu_s: served.cpu_s()? - cpu, wall_s: began.elapsed().as_secs_f64() })
}

impl Delay {
    fn of(said: &[Said], watched: &[Vec<(Instant, u64)>], from: Instant, until: Instant) -> Result<Self> {
        let measured = said.iter().filter(|(at, _)| (from..until).contains(at));
        let mut delays: Vec<f64> = measured
            .flat_map(|(at, position)| {
                watched.iter().filter_map(move |seen| {
                    let shown = seen.get(seen.partition_point(|(_, heard)| heard < position))?;
                    Some(shown.0.saturating_duration_since(*at).as_secs_f64() * 1e3)
                })
            })
            .collect();
        delays.sort_by(f64::total_cmp);
        ensure!(!delays.is_empty(), "nothing was said, or nobody heard it");
        let part = |part: f64| delays[((delays.len() - 1) as f64 * part) as usize];
        Ok(Delay { p50: part(0.5), p99: part(0.99), worst: part(1.0) })
    }
}

impl Found {
    /// What those who read have heard, held against each other.
    fn with_heard(self, crowd: &Crowd) -> Self {
        let heard: Vec<_> = crowd.reading().map(|(_, heard)| heard.clone()).collect();
        let whole = || heard.iter().filter(|heard| heard.broken == 0 && heard.snapshots == 1);
        let most = whole().max_by_key(|heard| heard.news).map_or((0, 0), |most| (most.news, most.hash));
        Self {
            news: most.0,
            broken: heard.iter().map(|heard| heard.broken).sum(),
            out_of_order: heard.iter().map(|heard| heard.out_of_order).sum(),
            differing: whole().filter(|heard| (heard.news, heard.hash) != most).count(),
            snapshots: heard.iter().map(|heard| heard.snapshots.saturating_sub(1)).sum(),
            ..self
        }
    }

    pub(crate) fn table(&self) -> String {
        let mut text = peers::table(&self.peers);
        let mut line = |what: &str, value: String| {
            // Writing into a string cannot fail.
            let _ = writeln!(text, "{what:<52} {value}");
        };
        let delay = |delay: Delay| {
            format!("p50 {:.0} ms, p99 {:.0} ms, worst {:.0} ms", delay.p50, delay.p99, delay.worst)
        };
        line("listeners, 5 % of whom never read", self.listeners.to_string());
        line("server memory per listener", format!("{:.1} KiB", self.kib_each));
        line("server CPU per connect", format!("{:.3} ms", self.connect_ms));
        line(
            "contributions, reactions, refused",
            format!("{}, {}, {}", self.contributions, self.reactions, self.refused),
        );
        line("server CPU meanwhile", format!("{:.2} cores", self.cpu));
        line("sent → in a listener's numbers", delay(self.visible));
        line(
            "news each listener heard; lost or other for",
            format!("{}; {} listeners", self.news, self.differing),
        );
        let others = format!("{}, {}, {}", self.out_of_order, self.broken, self.snapshots);
        line("news out of order, lines broken, snapshots sent", others);
        let resident = self.resident_kib.iter().map(|kib| format!("{}", kib / 1_024));
        line("server memory by the minute", format!("{} MiB", resident.collect::<Vec<_>>().join(", ")));
        line("sent → seen, with bad frames and half requests", delay(self.visible_in_trouble));
        line("memory that these cost", format!("{} KiB", self.trouble_kib));
        let storm = format!("{:.2} s of CPU, all back after {:.1} s", self.storm.cpu_s, self.storm.wall_s);
        line("everybody comes back at once", storm);
        text
    }

    pub(crate) fn json(&self) -> Value {
        let delay =
            |delay: Delay| json!({ "p50_ms": delay.p50, "p99_ms": delay.p99, "worst_ms": delay.worst });
        json!({
            "bench": "fanout",
            "listeners": self.listeners,
            "kib_each": self.kib_each,
            "connect_ms": self.connect_ms,
            "contributions": self.contributions,
            "reactions": self.reactions,
            "refused": self.refused,
            "cpu_cores": self.cpu,
            "visible": delay(self.visible),
            "news": self.news,
            "differing": self.differing,
            "out_of_order": self.out_of_order,
            "broken": self.broken,
            "snapshots": self.snapshots,
            "resident_kib": self.resident_kib,
            "visible_in_trouble": delay(self.visible_in_trouble),
            "trouble_kib": self.trouble_kib,
            "storm": { "cpu_s": self.storm.cpu_s, "wall_s": self.storm.wall_s },
            "peers": self.peers.iter().map(peers::Found::json).collect::<Vec<_>>(),
        })
    }
}
