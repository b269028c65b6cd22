//! A client of plain HTTP/1.1 that sends exactly what a test says.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Instant;

use serde_json::Value;

use super::PATIENCE;

/// One person with a cookie, or nobody in particular.
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) address: SocketAddr,
    /// `/a/<slug>/`, which addresses are relative to.
    pub(crate) base: String,
    pub(crate) cookie: Option<String>,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
    /// The body as it came, where it is no text.
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(':'));
        lines.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.body))
    }
}

impl Client {
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], b"")
    }

    /// What was recorded is on the pages a moment later.
    #[track_caller]
    pub(crate) fn waits_for(&self, position: u64) {
        let begun = Instant::now();
        while self.get("tallies.json").json()["position"].as_u64().unwrap() < position {
            assert!(begun.elapsed() < PATIENCE, "position {position} never came to the pages");
            std::thread::yield_now();
        }
    }

    pub(crate) fn post_json(&self, path: &str, body: &Value) -> Answer {
        self.post(path, "application/json", body.to_string().as_bytes())
    }

    pub(crate) fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let pairs = fields.iter().map(|(name, value)| format!("{name}={}", escaped(value)));
        let body = pairs.collect::<Vec<_>>().join("&");
        self.post(path, "application/x-www-form-urlencoded", body.as_bytes())
    }

    pub(crate) fn post(&self, path: &str, kind: &str, body: &[u8]) -> Answer {
        self.ask("POST", path, &[("Content-Type", kind)], body)
    }

    pub(crate) fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut head = format!("{method} {}{path} HTTP/1.1\r\nHost: {}\r\n", self.base, self.address);
        let cookie = self.cookie.as_deref().map(|cookie| ("Cookie", cookie));
        for (name, value) in headers.iter().copied().chain(cookie) {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("Content-Length: {}\r\nConnection: close\r\n\r\n", body.len()));
        let mut stream = connect(self.address).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        // A server that has heard enough may answer and hang up before everything is sent.
        drop(stream.write_all(body));
        answer(stream)
    }
}

pub(crate) fn connect(address: SocketAddr) -> std::io::Result<TcpStream> {
    let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    Ok(stream)
}

fn answer(mut stream: TcpStream) -> Answer {
    let mut bytes = Vec::new();
    let mut part = [0; 8_192];
    loop {
        match stream.read(&mut part) {
            Ok(0) => break,
            Ok(read) => bytes.extend_from_slice(&part[..read]),
            // What came before a reset is an answer all the same.
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset && !bytes.is_empty() => break,
            Err(error) => panic!("no answer: {error}"),
        }
    }
    let end = bytes
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap_or_else(|| panic!("no answer: {bytes:?}"));
    let (head, body) = (String::from_utf8(bytes[..end].to_vec()).unwrap(), bytes[end + 4..].to_vec());
    assert!(!head.to_lowercase().contains("transfer-encoding"), "this client cannot read pieces");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap();
    Answer { status, head, body: String::from_utf8_lossy(&body).into_owned(), bytes: body }
}

/// Three bytes for every byte that is no letter or digit, as browsers write a form.
pub(crate) fn escaped(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}
