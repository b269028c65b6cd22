//! The real program, run the way people run it: from a shell, over HTTP, a WebSocket or NATS.
//!
//! Nothing here waits for a time to pass. A server is ready when it says so, and every read has an end after which
//! the test fails instead of hanging.

mod http;
mod mail;
mod model;
mod nats;
mod node;
mod proxy;
mod random;
mod server;
mod socket;

pub(crate) use http::{Answer, Client, connect};
pub(crate) use mail::MailServer;
pub(crate) use model::{Does, LanguageModel};
pub(crate) use nats::{Bridge, Heard, Nats};
pub(crate) use node::browse;
pub(crate) use proxy::Proxy;
pub(crate) use random::{Random, number};
pub(crate) use server::Server;
pub(crate) use socket::Socket;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

/// After this long without an answer, a test has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A small agenda: two rounds, three tables of eight.
pub(crate) const AGENDA: &str = r#"
title = "Buses after six"
purpose = "Feeds the timetable of next year"
board = "County transport board"
slug = "buses"
tables = 3
seats = 8

[[rounds]]
title = "Evenings"
question = "What keeps you from taking the bus after six?"

[[rounds]]
title = "Fares"
question = "What would a fair fare be?"
"#;

/// The folder of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The program under test: the one that `PLENARY_BIN` names, or the one that cargo builds beside this test.
pub(crate) fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| match std::env::var_os("PLENARY_BIN") {
        Some(named) => PathBuf::from(named),
        None => built(),
    })
}

fn built() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let folder = test.parent().and_then(Path::parent).unwrap();
    let release = folder.ends_with("release").then_some("--release");
    let mut build = Command::new(env!("CARGO"));
    build
        .current_dir(root())
        .args(["build", "--quiet", "--locked", "-p", "plenary", "--features", "pdf"])
        .args(release);
    assert!(build.status().unwrap().success(), "cargo could not build plenary");
    folder.join("plenary")
}

/// An example of one of our crates. Whoever builds the tests of all crates has built it with them.
pub(crate) fn example(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let built = test.parent().and_then(Path::parent).unwrap().join("examples").join(name);
    assert!(built.exists(), "{} is not built; test with --workspace", built.display());
    built
}

/// What a command left behind.
pub(crate) struct Done {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Done {
    fn new(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("a command speaks UTF-8");
        Done { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// The one JSON document on standard output, of a command that worked.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.code, Some(0), "{}", self.err);
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }
}

/// A data folder with a configuration of its own, which both go away with the test.
pub(crate) struct Folder {
    dir: TempDir,
}

impl Folder {
    pub(crate) fn new() -> Self {
        let folder = Folder { dir: tempfile::tempdir().unwrap() };
        folder.configure("");
        folder
    }

    /// Listens on a free port, says when it has checked the records, and does what `more` says. The theme engines read
    /// along only where it says so: elsewhere positions and figures are compared while nobody adds anything.
    pub(crate) fn configure(&self, more: &str) {
        let themes = if more.contains("[themes]") { "" } else { "[themes]\nsuggest = false\n" };
        let text = format!(
            "listen = \"127.0.0.1:0\"\n{more}\n{themes}[log]\nfilter = \"warn,plenary::server::verify=info\"\n"
        );
        std::fs::write(self.path("plenary.toml"), text).unwrap();
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.path("data")
    }

    /// Writes a file beside the data and gives its path as a word for a command line.
    pub(crate) fn file(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command.current_dir(self.dir.path()).args(words);
        command.arg("--data").arg(self.data()).arg("--config").arg(self.path("plenary.toml"));
        command
    }

    pub(crate) fn run(&self, words: &[&str]) -> Done {
        Done::new(self.command(words).output().unwrap())
    }

    pub(crate) fn json(&self, words: &[&str]) -> Value {
        self.run(&[words, &["--json"]].concat()).json()
    }

    /// Convenes the assembly of [`AGENDA`].
    pub(crate) fn convene(&self) -> Assembly {
        self.convene_from(AGENDA)
    }

    pub(crate) fn convene_from(&self, agenda: &str) -> Assembly {
        let agenda = self.file("agenda.toml", agenda);
        Assembly { convened: self.json(&["new", &agenda]) }
    }

    pub(crate) fn serve(&self) -> Server {
        Server::start(self.command(&["serve"]))
    }
}

/// What `plenary new --json` said.
pub(crate) struct Assembly {
    convened: Value,
}

impl Assembly {
    pub(crate) fn slug(&self) -> &str {
        self.convened["slug"].as_str().unwrap()
    }

    /// All that it said.
    pub(crate) fn convened(&self) -> &Value {
        &self.convened
    }

    /// The address of the link of a role; of a facilitator, the one of table 1.
    pub(crate) fn link(&self, role: &str) -> &str {
        let links = self.convened["links"].as_array().unwrap();
        let of_role = |link: &&Value| link["role"] == role && (link["table"].is_null() || link["table"] == 1);
        links.iter().find(of_role).unwrap_or_else(|| panic!("no link for {role}"))["url"].as_str().unwrap()
    }

    /// What stands after the `#` of a link.
    pub(crate) fn secret(&self, role: &str) -> &str {
        self.link(role).split_once('#').unwrap().1
    }
}

/// The id of the n-th thing that a test sends.
pub(crate) fn id(n: u128) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + n)
}

pub(crate) fn submit(n: u128, text: &str) -> Value {
    json!({ "type": "submit", "id": id(n), "text": text })
}

/// Opens round 1 for the organiser.
pub(crate) fn open_round(server: &Server, assembly: &Assembly) {
    let organiser = server.join(assembly, "organiser");
    let opened = organiser.post_json("submit", &json!({ "type": "open-round", "id": id(1), "round": 1 }));
    assert_eq!(opened.json()["type"], "ack", "{}", opened.body);
}
