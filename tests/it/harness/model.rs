//! Stands in for the machine of a language model, and behaves as such machines do, and worse.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use serde_json::{Value, json};

use super::PATIENCE;

/// What it does with one request.
pub(crate) enum Does {
    /// Writes this text.
    Says(String),
    /// The same, and says that it had to stop there.
    Stops(String),
    /// Answers with these bytes.
    Sends(Vec<u8>),
    Fails,
    /// Takes the request and never answers.
    Stalls,
    /// Hangs up in the middle of its answer.
    HangsUp,
}

/// A request as it came in.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) head: String,
    pub(crate) body: Value,
}

#[derive(Clone)]
pub(crate) struct LanguageModel {
    pub(crate) address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl LanguageModel {
    /// Does these things one after the other, and then nothing but fail.
    pub(crate) fn that(does: Vec<Does>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let model = Self { address: listener.local_addr().unwrap(), asked: Arc::default() };
        let (asked, mut does) = (model.asked.clone(), VecDeque::from(does));
        std::thread::spawn(move || {
            // Lines that nobody answers on stay open until the test is over.
            let mut stalled = Vec::new();
            for stream in listener.incoming().flatten() {
                let Some(request) = read(&stream) else { continue };
                asked.lock().unwrap().push(request);
                stalled.extend(answer(stream, does.pop_front().unwrap_or(Does::Fails)));
            }
        });
        model
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// Waits until it was asked so often.
    pub(crate) fn wait_for(&self, requests: usize) {
        let begun = Instant::now();
        while self.asked().len() < requests {
            assert!(begun.elapsed() < PATIENCE, "it was asked {} times only", self.asked().len());
            std::thread::yield_now();
        }
    }
}

fn read(stream: &TcpStream) -> Option<Asked> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        (reader.read_line(&mut head).ok()? > 0).then_some(())?;
    }
    let lower = head.to_lowercase();
    let length = lower.split("content-length: ").nth(1)?.lines().next()?.trim().parse().ok()?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Asked { head, body: serde_json::from_slice(&body).ok()? })
}

fn answer(mut stream: TcpStream, does: Does) -> Option<TcpStream> {
    let reply = |text: &str, why: &str| {
        let message = json!({"role": "assistant", "content": text});
        json!({"id": "x", "choices": [{"index": 0, "message": message, "finish_reason": why}]}).to_string()
    };
    let whole = |body: &[u8]| {
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        [head.as_bytes(), body].concat()
    };
    let bytes = match does {
        Does::Says(text) => whole(reply(&text, "stop").as_bytes()),
        Does::Stops(text) => whole(reply(&text, "length").as_bytes()),
        Does::Sends(bytes) => whole(&bytes),
        Does::Fails => b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n".to_vec(),
        Does::HangsUp => {
            let mut bytes = whole(reply("{}", "stop").as_bytes());
            bytes.truncate(bytes.len() - 20);
            bytes
        }
        Does::Stalls => return Some(stream),
    };
    drop(stream.write_all(&bytes));
    None
}
