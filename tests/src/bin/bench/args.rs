//! What to measure, for how long, and where.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};

const USAGE: &str = "usage: bench log [--secs N] [--at N] [--peers FOLDER] [--json] [--dir FOLDER]
       bench fanout [--minutes N] [--listeners N] [--secs N] [--peers FOLDER] [--json] [--dir FOLDER]
  --secs N       how long each number of callers, or each peer, is measured (default 5)
  --at N         also a record that was first filled with N events: appends, proofs, start-up, replay, memory
  --minutes N    how long the listeners listen (default 1)
  --listeners N  how many there are (default 10000)
  --peers FOLDER other logs too, by the scripts umadb.sh and jetstream.sh in this folder; or other servers, by its run.py
  --json         figures for programs
  --dir FOLDER   where the data is made; it must lie on the disk to be measured (default target)";

/// As many as a large assembly has.
const LISTENERS: usize = 10_000;

pub(crate) enum What {
    Log,
    /// What `log` runs as a process of its own, under a library that makes every fsync slower.
    Slow,
    Fanout,
    /// What `fanout` runs as a process of its own: our crowd on the port of `--port`.
    Ours,
}

pub(crate) enum Form {
    Table,
    Json,
}

pub(crate) struct Args {
    pub(crate) what: What,
    /// How many events the long record is filled with; none, and there is no long record.
    pub(crate) at: u64,
    pub(crate) minutes: u64,
    pub(crate) listeners: usize,
    /// Where `ours` listens.
    pub(crate) port: u16,
    /// How long each number of callers is measured.
    pub(crate) each: Duration,
    /// The scripts that measure other logs.
    pub(crate) peers: Option<PathBuf>,
    pub(crate) form: Form,
    /// Where a folder for the data is made; it must lie on a real disk.
    pub(crate) dir: PathBuf,
}

impl Args {
    pub(crate) fn parse(mut words: impl Iterator<Item = String>) -> Result<Self> {
        let what = match words.next().as_deref() {
            Some("log") => What::Log,
            Some("slow") => What::Slow,
            Some("fanout") => What::Fanout,
            Some("ours") => What::Ours,
            _ => bail!(USAGE),
        };
        let each = Duration::from_secs(5);
        let (minutes, listeners, dir) = (1, LISTENERS, "target".into());
        let mut args =
            Args { what, at: 0, minutes, listeners, port: 0, each, peers: None, form: Form::Table, dir };
        while let Some(word) = words.next() {
            match word.as_str() {
                "--json" => args.form = Form::Json,
                "--secs" => args.each = Duration::from_secs(words.next().context(USAGE)?.parse()?),
                "--at" => args.at = words.next().context(USAGE)?.parse()?,
                "--minutes" => args.minutes = words.next().context(USAGE)?.parse()?,
                "--listeners" => args.listeners = words.next().context(USAGE)?.parse()?,
                "--port" => args.port = words.next().context(USAGE)?.parse()?,
                "--peers" => args.peers = Some(words.next().context(USAGE)?.into()),
                "--dir" => args.dir = words.next().context(USAGE)?.into(),
                _ => bail!(USAGE),
            }
        }
        if args.each.is_zero() || args.minutes == 0 || args.listeners == 0 {
            bail!("--secs, --minutes and --listeners must be at least 1");
        }
        Ok(args)
    }
}
