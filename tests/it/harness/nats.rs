//! A real NATS server, and a bridge that sends requests through it.

use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use async_nats::{Client, HeaderMap, Request, Subscriber};
use futures_util::StreamExt;
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::server::spawn;
use super::{PATIENCE, root};

pub(crate) struct Nats {
    /// None while it is down.
    child: Option<Child>,
    port: u16,
    pub(crate) url: String,
    /// Where it keeps its streams.
    store: TempDir,
}

impl Nats {
    /// Starts one on a free port.
    pub(crate) fn start() -> Self {
        let store = tempfile::tempdir().unwrap();
        let (child, port) = run("-1", store.path());
        Nats { child: Some(child), port, url: format!("nats://127.0.0.1:{port}"), store }
    }

    /// The same that was there before, with what is on its disk.
    pub(crate) fn start_again(&mut self) {
        assert!(self.child.is_none(), "it is there");
        self.child = Some(run(&self.port.to_string(), self.store.path()).0);
    }

    /// Ends it without any warning.
    pub(crate) fn kill(&mut self) {
        let mut child = self.child.take().expect("it is there");
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// It keeps its connections and does nothing.
    pub(crate) fn pause(&self) {
        self.signal("-STOP");
    }

    pub(crate) fn go_on(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let id = self.child.as_ref().expect("it is there").id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    }
}

impl Drop for Nats {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            drop(child.kill());
            drop(child.wait());
        }
    }
}

/// Starts a server on `port`, with streams in `store`, and waits until it says where it listens.
fn run(port: &str, store: &Path) -> (Child, u16) {
    let mut command = Command::new(program());
    command.args(["--addr", "127.0.0.1", "--port", port, "--jetstream", "--store_dir"]).arg(store);
    let (child, lines) = spawn(command);
    let (mut said, mut listens) = (Vec::new(), None);
    while let Ok(line) = lines.recv_timeout(PATIENCE) {
        let port = line
            .split_once("Listening for client connections on ")
            .and_then(|(_, address)| address.rsplit(':').next()?.trim().parse().ok());
        listens = port.or(listens);
        if let Some(port) = listens.filter(|_| line.contains("Server is ready")) {
            return (child, port);
        }
        said.push(line);
    }
    panic!("nats-server never said where it listens: {said:?}");
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
        self.try_ask(slug, secret, frame, PATIENCE).expect("no answer in time")
    }

    /// The same, or nothing where nobody answers in time.
    pub(crate) fn try_ask(
        &self,
        slug: &str,
        secret: Option<&str>,
        frame: &[u8],
        wait: Duration,
    ) -> Option<Value> {
        let mut headers = HeaderMap::new();
        headers.insert("Plenary-Person", "caller-7");
        if let Some(secret) = secret {
            headers.insert("Plenary-Link", secret);
        }
        let subject = format!("plenary.{slug}.submit");
        let request = Request::new().headers(headers).payload(frame.to_vec().into()).timeout(Some(wait));
        let answer = self.runtime.block_on(self.client.send_request(subject, request)).ok()?;
        Some(serde_json::from_slice(&answer.payload).unwrap())
    }

    /// Asks the same again and again, as a bridge does, until somebody answers.
    #[track_caller]
    pub(crate) fn insist(&self, slug: &str, secret: &str, frame: &Value) -> Value {
        let (frame, asked) = (frame.to_string(), Instant::now());
        while asked.elapsed() < PATIENCE {
            let answer = self.try_ask(slug, Some(secret), frame.as_bytes(), Duration::from_secs(2));
            if let Some(answer) = answer {
                return answer;
            }
        }
        panic!("nobody answered {frame}");
    }

    /// Sends one frame after the other as fast as it goes, and has nobody listen to the answers.
    pub(crate) fn ask_and_not_listen(&self, slug: &str, secret: &str, frames: impl Iterator<Item = Value>) {
        let mut headers = HeaderMap::new();
        headers.insert("Plenary-Link", secret);
        let subject = format!("plenary.{slug}.submit");
        self.runtime.block_on(async {
            for frame in frames {
                let (reply, frame) = ("nobody.listens", frame.to_string().into());
                let (subject, headers) = (subject.clone(), headers.clone());
                let sent = self.client.publish_with_reply_and_headers(subject, reply, headers, frame).await;
                sent.unwrap();
            }
            self.client.flush().await.unwrap();
        });
    }

    /// Runs something asynchronous with the connection.
    pub(crate) fn run<T, F: Future<Output = T>>(&self, work: impl FnOnce(Client) -> F) -> T {
        self.runtime.block_on(work(self.client.clone()))
    }

    /// Everything that is published on a subject from now on.
    pub(crate) fn listen(&self, subject: &str) -> Heard<'_> {
        let subscriber = self.runtime.block_on(async {
            let subscriber = self.client.subscribe(subject.to_owned()).await.unwrap();
            // Who is flushed is subscribed.
            self.client.flush().await.unwrap();
            subscriber
        });
        Heard { bridge: self, subscriber }
    }
}

/// What is heard on a subject.
pub(crate) struct Heard<'a> {
    bridge: &'a Bridge,
    subscriber: Subscriber,
}

impl Heard<'_> {
    /// The next message.
    #[track_caller]
    pub(crate) fn next(&mut self) -> Value {
        let next = async { tokio::time::timeout(PATIENCE, self.subscriber.next()).await };
        let message = self.bridge.runtime.block_on(next).expect("nothing was published in time").unwrap();
        serde_json::from_slice(&message.payload).unwrap()
    }
}
