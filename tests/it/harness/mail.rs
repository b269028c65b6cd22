//! A real mail server that takes everything, or behaves badly (`tests/mail/sink.py`).

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{self, Receiver};

use serde_json::Value;

use super::{PATIENCE, root};
use crate::verify::python_with;

pub(crate) struct MailServer {
    child: Child,
    rules: ChildStdin,
    lines: Receiver<Value>,
    pub(crate) port: u16,
    /// Every message that it was given, the oldest first.
    pub(crate) mails: Vec<Mail>,
}

/// A message as a mail program reads it.
#[derive(Clone, Debug)]
pub(crate) struct Mail {
    pub(crate) to: String,
    headers: Vec<(String, String)>,
    pub(crate) text: String,
}

impl Mail {
    fn read(event: &Value) -> Self {
        let to: Vec<_> = event["to"].as_array().unwrap().iter().map(|to| to.as_str().unwrap()).collect();
        assert_eq!(to.len(), 1, "each message is for one person: {event}");
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let pair = |pair: &Value| (text(&pair[0]), text(&pair[1]));
        let headers = event["headers"].as_array().unwrap().iter().map(pair).collect();
        Self { to: to[0].to_owned(), headers, text: text(&event["text"]) }
    }

    /// The one header of that name, in small letters.
    #[track_caller]
    pub(crate) fn header(&self, name: &str) -> &str {
        let mut values =
            self.headers.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let value = values.next().unwrap_or_else(|| panic!("no {name}: {:?}", self.headers));
        assert_eq!(values.next(), None, "{name} stands there twice");
        value
    }

    /// What stands behind the assembly's address in the first link that holds `part`.
    #[track_caller]
    pub(crate) fn link(&self, part: &str) -> String {
        let links = self.text.lines().filter_map(|line| line.split_once("/a/buses/").map(|(_, path)| path));
        let mut links = links.filter(|path| path.contains(part));
        links.next().unwrap_or_else(|| panic!("no link with {part}: {}", self.text)).to_owned()
    }
}

impl MailServer {
    pub(crate) fn start() -> Self {
        Self::start_at(0)
    }

    /// On the port of one that was there before.
    pub(crate) fn start_at(port: u16) -> Self {
        Self::start_with(port, &[])
    }

    /// On a free port, under TLS that begins in one of two ways, for somebody who signs in.
    pub(crate) fn start_under(how: &str, certificate: &str) -> Self {
        Self::start_with(0, &[how, certificate])
    }

    fn start_with(port: u16, more: &[&str]) -> Self {
        let mut python = python_with("aiosmtpd");
        python.arg(root().join("tests/mail/sink.py")).arg(port.to_string()).args(more);
        let mut child = python.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (rules, reader) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        let (line, lines) = mpsc::channel();
        std::thread::spawn(move || {
            let events =
                reader.lines().map_while(Result::ok).map(|text| serde_json::from_str(&text).unwrap());
            events.for_each(|event: Value| drop(line.send(event)));
        });
        let mut server = Self { child, rules, lines, port, mails: Vec::new() };
        let ready = server.wait_for("ready");
        server.port = u16::try_from(ready["port"].as_u64().unwrap()).unwrap();
        server
    }

    /// From now on it does that with mail to this address, or with all.
    pub(crate) fn does(&mut self, to: &str, what: &str) {
        writeln!(self.rules, "{to} {what}").unwrap();
        self.wait_for("rule");
    }

    /// The next event of that kind.
    pub(crate) fn wait_for(&mut self, kind: &str) -> Value {
        loop {
            let event = self.lines.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("no {kind} came"));
            if event["event"] == "mail" {
                self.mails.push(Mail::read(&event));
            }
            if event["event"] == kind {
                return event;
            }
        }
    }

    /// The next message.
    pub(crate) fn mail(&mut self) -> Mail {
        self.wait_for("mail");
        self.mails.last().unwrap().clone()
    }

    /// The next message, once nothing more is to come and the client has said goodbye.
    pub(crate) fn last_mail(&mut self) -> Mail {
        let mail = self.mail();
        self.wait_for("quit");
        mail
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
