//! The real program with an assembly of its own, while it is measured.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::line::dial;

pub(crate) const SLUG: &str = "bench";
const AGENDA: &str = "title = \"How many can listen\"\npurpose = \"Measures\"\nboard = \"The bench\"\nslug = \"bench\"\n\
                      tables = 12\nseats = 8\n\n[[rounds]]\ntitle = \"One\"\nquestion = \"What do you think?\"\n";

pub(crate) struct Served {
    child: Child,
    pub(crate) address: SocketAddr,
    links: Vec<Value>,
}

impl Served {
    /// Convenes an assembly in this folder and serves it.
    pub(crate) fn start(folder: &Path) -> Result<Served> {
        std::fs::create_dir_all(folder)?;
        let (agenda, config) = (folder.join("agenda.toml"), folder.join("plenary.toml"));
        std::fs::write(&agenda, AGENDA)?;
        std::fs::write(&config, "listen = \"127.0.0.1:0\"\n[log]\nfilter = \"warn\"\n")?;
        let program = program()?;
        let command = |words: &[&str]| {
            let mut command = Command::new(&program);
            command.args(words).arg("--data").arg(folder.join("data")).arg("--config").arg(&config);
            command
        };
        let convened = command(&["new", "--json"]).arg(&agenda).output()?;
        ensure!(convened.status.success(), "{}", String::from_utf8_lossy(&convened.stderr));
        let convened: Value = serde_json::from_slice(&convened.stdout)?;
        let mut child = command(&["serve"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
        let mut said = BufReader::new(child.stderr.take().context("no standard error")?).lines();
        let address = loop {
            let Some(line) = said.next().transpose()? else { bail!("the server ended at once") };
            let url = line.split_once("http://").and_then(|(_, url)| url.split(';').next());
            if let Some(address) = url.and_then(|url| url.parse().ok()) {
                break address;
            }
        };
        // It is read to its end, so that the server never waits for a full pipe.
        std::thread::spawn(move || said.map_while(Result::ok).for_each(|line| eprintln!("{line}")));
        let links = convened["links"].as_array().context("no links")?.clone();
        Ok(Served { child, address, links })
    }

    /// Opens the link of a role, and gives the cookie.
    pub(crate) async fn join(&self, role: &str) -> Result<String> {
        let link = self.links.iter().find(|link| link["role"] == role).context("no such link")?;
        let secret = link["url"].as_str().and_then(|url| url.split_once('#')).context("no secret")?.1;
        let body = format!("secret={secret}");
        let request = format!(
            "POST /a/{SLUG}/join HTTP/1.1\r\nHost: {}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.address,
            body.len()
        );
        let answer = self.ask(&request).await?;
        let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: "));
        let cookie = cookie.with_context(|| format!("the link gave no cookie: {answer}"))?;
        Ok(cookie.split(';').next().unwrap_or_default().to_owned())
    }

    async fn ask(&self, request: &str) -> Result<String> {
        let mut stream = dial(self.address, 0).await?;
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }

    /// What it holds in memory, in KiB.
    pub(crate) fn resident_kib(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        Ok(line.trim().trim_end_matches("kB").trim().parse()?)
    }

    /// How many seconds of a processor it has used so far. Threads that have ended are not in it; ours live on.
    pub(crate) fn cpu_s(&self) -> Result<f64> {
        let mut nanoseconds = 0;
        for task in std::fs::read_dir(format!("/proc/{}/task", self.child.id()))? {
            let used = std::fs::read_to_string(task?.path().join("schedstat")).unwrap_or_default();
            nanoseconds += used.split(' ').next().and_then(|used| used.parse::<u64>().ok()).unwrap_or(0);
        }
        Ok(nanoseconds as f64 / 1e9)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The release build that lies beside this program.
fn program() -> Result<PathBuf> {
    let beside = std::env::current_exe()?.with_file_name("plenary");
    ensure!(beside.is_file(), "{} is not there; scripts/bench builds it", beside.display());
    Ok(beside)
}
