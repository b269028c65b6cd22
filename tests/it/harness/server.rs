//! A server that runs for as long as a test needs it.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};

use super::{Assembly, Client, PATIENCE, Socket};

pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    /// What it said before it said where it listens, and what it says from then on.
    began: Vec<String>,
    lines: Receiver<String>,
}

impl Server {
    /// Starts it and waits until it says where it listens.
    pub(crate) fn start(command: Command) -> Self {
        Self::try_start(command)
            .unwrap_or_else(|(_, said)| panic!("the server never said where it listens: {said}"))
    }

    /// The same, or with what it ended, and what it said.
    pub(crate) fn try_start(command: Command) -> Result<Self, (Option<i32>, String)> {
        let (mut child, lines) = spawn(command);
        match waited_for(&lines) {
            Ok((address, began)) => Ok(Server { child, address, began, lines }),
            Err(said) => {
                // One that neither listens nor ends has failed too.
                drop(child.kill());
                Err((child.wait().unwrap().code(), said.join("\n")))
            }
        }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Somebody without any role.
    pub(crate) fn nobody(&self, assembly: &Assembly) -> Client {
        Client { address: self.address, base: format!("/a/{}/", assembly.slug()), cookie: None }
    }

    /// Exchanges the link of a role for a cookie, as a browser does.
    pub(crate) fn join(&self, assembly: &Assembly, role: &str) -> Client {
        self.enter(assembly, assembly.secret(role))
    }

    pub(crate) fn enter(&self, assembly: &Assembly, secret: &str) -> Client {
        let nobody = self.nobody(assembly);
        let joined = nobody.post_form("join", &[("secret", secret)]);
        assert!((300..400).contains(&joined.status), "{} {}", joined.head, joined.body);
        let cookie = joined.header("set-cookie").and_then(|cookie| cookie.split(';').next()).unwrap();
        Client { cookie: Some(cookie.to_owned()), ..nobody }
    }

    pub(crate) fn socket(&self, assembly: &Assembly, role: &str) -> Socket {
        Socket::open(&self.join(assembly, role)).unwrap()
    }

    /// Ends it without any warning, as a power cut does.
    pub(crate) fn kill(mut self) {
        self.cut_off();
    }

    /// The same to one that is replaced afterwards.
    pub(crate) fn cut_off(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop, and gives how it ended and what it said on standard error.
    pub(crate) fn stop(self) -> (ExitStatus, Vec<String>) {
        let asked = Command::new("kill").args(["-TERM", &self.pid().to_string()]).status().unwrap();
        assert!(asked.success());
        self.ended()
    }

    /// Waits until it has ended of its own accord.
    pub(crate) fn ended(mut self) -> (ExitStatus, Vec<String>) {
        let status = self.child.wait().unwrap();
        let mut said = std::mem::take(&mut self.began);
        said.extend(self.lines.iter());
        (status, said)
    }

    /// Waits until it says something on standard error.
    pub(crate) fn wait_for(&mut self, said: &str) {
        while !self.began.last().is_some_and(|line| line.contains(said)) {
            self.began.push(self.lines.recv_timeout(PATIENCE).unwrap());
        }
    }

    /// The memory that it holds just now, in KiB.
    pub(crate) fn resident_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches("kB").trim().parse().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A test that failed must not leave it behind; one that ended it has nothing left to end.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Starts a command and hands over the lines of its standard error as they come.
pub(crate) fn spawn(mut command: Command) -> (Child, Receiver<String>) {
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let reader = BufReader::new(child.stderr.take().unwrap());
    let (line, lines) = mpsc::channel();
    // It is read to its end even when nobody listens, so that the child never blocks on a full pipe.
    std::thread::spawn(move || reader.lines().map_while(Result::ok).for_each(|text| drop(line.send(text))));
    (child, lines)
}

fn waited_for(lines: &Receiver<String>) -> Result<(SocketAddr, Vec<String>), Vec<String>> {
    let mut said = Vec::new();
    while let Ok(line) = lines.recv_timeout(PATIENCE) {
        // Where links lead elsewhere, it says in a line of its own where it listens.
        let linked = line.split_once("http://").and_then(|(_, after)| after.split(';').next());
        let listens = line.strip_prefix("It listens on ").map(|after| after.trim_end_matches('.'));
        if let Some(address) = linked.or(listens).and_then(|address| address.parse().ok()) {
            return Ok((address, said));
        }
        said.push(line);
    }
    Err(said)
}
