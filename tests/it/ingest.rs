//! Three ways into the same sequencer, and what each of them makes of good frames and bad ones.

mod bridge;
mod faults;
mod outage;
mod ways;

use serde_json::Value;

use crate::harness::{Assembly, Bridge, Folder, Nats, Server, id, open_round};

/// An assembly in round 1, served over all three ways.
pub(crate) struct Open {
    pub(crate) folder: Folder,
    pub(crate) assembly: Assembly,
    pub(crate) nats: Nats,
    pub(crate) server: Server,
}

impl Open {
    fn new() -> Self {
        let folder = Folder::new();
        let assembly = folder.convene();
        Self::over(folder, assembly)
    }

    /// Serves what was convened, and opens the first round.
    pub(crate) fn over(folder: Folder, assembly: Assembly) -> Self {
        let nats = Nats::start();
        folder.configure(&format!("[nats]\nurl = \"{}\"", nats.url));
        let server = folder.serve();
        open_round(&server, &assembly);
        Open { folder, assembly, nats, server }
    }

    /// The same after a restart.
    fn restarted(self) -> Self {
        let Open { folder, assembly, nats, server } = self;
        let (status, said) = server.stop();
        assert!(status.success(), "{status}: {said:?}");
        let server = folder.serve();
        Open { folder, assembly, nats, server }
    }

    /// Ends the server without warning and starts another.
    fn kill_and_serve(&mut self) {
        self.server.cut_off();
        self.server = self.folder.serve();
    }

    fn contributions(&self) -> u64 {
        let tallies = self.folder.json(&["tallies", "buses"]);
        tallies["coverage"]["contributions"].as_u64().unwrap()
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Way {
    Socket,
    PostJson,
    PostForm,
    Nats,
}

pub(crate) const WAYS: [Way; 4] = [Way::Socket, Way::PostJson, Way::PostForm, Way::Nats];

impl Way {
    /// Says something as a participant, and gives the answer.
    pub(crate) fn submit(self, open: &Open, n: u128, text: &str) -> Value {
        let frame = crate::harness::submit(n, text);
        match self {
            Way::Socket => open.server.socket(&open.assembly, "participant").ask(&frame),
            Way::PostJson => {
                open.server.join(&open.assembly, "participant").post_json("submit", &frame).json()
            }
            Way::PostForm => {
                let phone = open.server.join(&open.assembly, "participant");
                phone.post_form("submit", &[("id", &id(n).to_string()), ("text", text)]).json()
            }
            Way::Nats => {
                let secret = open.assembly.secret("participant");
                Bridge::to(&open.nats).ask("buses", Some(secret), frame.to_string().as_bytes())
            }
        }
    }
}
