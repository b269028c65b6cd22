//! A real NATS server, and a bridge that sends requests through it.

use std::path::PathBuf;
use std::process::{Child, Command};

use async_nats::{Client, HeaderMap};
use serde_json::Value;
use tokio::runtime::Runtime;

use super::server::spawn;
use super::{PATIENCE, root};

pub(crate) struct Nats {
    child: Child,
    pub(crate) url: String,
}

impl Nats {
    /// Starts one on a free port.
    pub(crate) fn start() -> Self {
        let mut command = Command::new(program());
        command.args(["--addr", "127.0.0.1", "--port", "-1"]);
        let (child, lines) = spawn(command);
        let mut said = Vec::new();
        while let Ok(line) = lines.recv_timeout(PATIENCE) {
            if let Some((_, address)) = line.split_once("Listening for client connections on ") {
                return Nats { child, url: format!("nats://{address}") };
            }
            said.push(line);
        }
        panic!("nats-server never said where it listens: {said:?}");
    }
}

impl Drop for Nats {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The one that `scripts/test` installed or was told of.
fn program() -> PathBuf {
    let named = std::env::var_os("PLENARY_NATS_SERVER").map(PathBuf::from);
    let tools = root().join(".tools").read_dir().into_iter().flatten().flatten();
    let installed = tools.map(|tool| tool.path().join("bin/nats-server")).find(|program| program.exists());
    named.or(installed).expect("there is no nats-server; `scripts/test --install-only` installs one")
}

/// A gateway that brings in what many people say.
pub(crate) struct Bridge {
    runtime: Runtime,
    client: Client,
}

impl Bridge {
    pub(crate) fn to(nats: &Nats) -> Self {
        let runtime = Runtime::new().unwrap();
        let client = runtime.block_on(async_nats::connect(&nats.url)).unwrap();
        Bridge { runtime, client }
    }

    /// Sends a frame for one of the bridge's people with the secret of a link, and gives the answer.
    pub(crate) fn ask(&self, slug: &str, secret: Option<&str>, frame: &[u8]) -> Value {
        let mut headers = HeaderMap::new();
        headers.insert("Plenary-Person", "caller-7");
        if let Some(secret) = secret {
            headers.insert("Plenary-Link", secret);
        }
        let subject = format!("plenary.{slug}.submit");
        let request = self.client.request_with_headers(subject, headers, frame.to_vec().into());
        let answered = async { tokio::time::timeout(PATIENCE, request).await };
        let answer = self.runtime.block_on(answered).expect("no answer in time").unwrap();
        serde_json::from_slice(&answer.payload).unwrap()
    }
}
