//! One WebSocket, read and written by the test's own thread.

use std::net::TcpStream;

use serde_json::Value;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::{Error, HandshakeError, Message, WebSocket, client};
use uuid::Uuid;

use super::{Client, http};
use crate::contract::check_frame;

pub(crate) struct Socket {
    inner: WebSocket<TcpStream>,
}

impl Socket {
    pub(crate) fn open(client_of: &Client) -> Result<Self, Error> {
        Self::open_with(client_of, &[])
    }

    /// Comes back to the live feed, having heard everything up to `{epoch}:{position}`.
    pub(crate) fn open_after(of: &Client, after: &str) -> Result<Self, Error> {
        Self::open_at(of, &format!("live?after={after}"), &[])
    }

    /// Opens the live feed of the client's assembly with its cookie and other headers.
    pub(crate) fn open_with(of: &Client, headers: &[(&'static str, &str)]) -> Result<Self, Error> {
        Self::open_at(of, "live", headers)
    }

    fn open_at(of: &Client, path: &str, headers: &[(&'static str, &str)]) -> Result<Self, Error> {
        let mut request = format!("ws://{}{}{path}", of.address, of.base).into_client_request()?;
        let cookie = of.cookie.as_deref().map(|cookie| ("cookie", cookie));
        for (name, value) in headers.iter().copied().chain(cookie) {
            request.headers_mut().insert(name, HeaderValue::from_str(value)?);
        }
        match client::client(request, http::connect(of.address)?) {
            Ok((inner, _)) => Ok(Socket { inner }),
            Err(HandshakeError::Failure(error)) => Err(error),
            Err(HandshakeError::Interrupted(_)) => panic!("the handshake got no answer"),
        }
    }

    pub(crate) fn send(&mut self, frame: &Value) -> Result<(), Error> {
        self.send_text(&frame.to_string())
    }

    pub(crate) fn send_text(&mut self, text: &str) -> Result<(), Error> {
        self.inner.send(Message::text(text))
    }

    pub(crate) fn send_bytes(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.inner.send(Message::binary(bytes.to_vec()))
    }

    /// Sends bytes as text, whether they are or not.
    pub(crate) fn send_raw_text(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let opcode = OpCode::Data(Data::Text);
        self.inner.send(Message::Frame(Frame::message(bytes.to_vec(), opcode, true)))
    }

    /// The next frame of any type.
    pub(crate) fn frame(&mut self) -> Result<Value, Error> {
        loop {
            match self.inner.read()? {
                Message::Text(text) => {
                    let frame = serde_json::from_str(&text).expect("every frame is JSON");
                    check_frame(&frame);
                    return Ok(frame);
                }
                Message::Close(_) => return Err(Error::ConnectionClosed),
                _ => {}
            }
        }
    }

    /// The next frame that answers a command; the feed's own are passed over.
    pub(crate) fn answer(&mut self) -> Result<Value, Error> {
        loop {
            let frame = self.frame()?;
            if frame["type"] == "ack" || frame["type"] == "refused" {
                return Ok(frame);
            }
        }
    }

    /// Sends a command and gives the answer to it.
    #[track_caller]
    pub(crate) fn ask(&mut self, frame: &Value) -> Value {
        self.send(frame).unwrap();
        self.answer().unwrap()
    }

    /// The id that an answer is about.
    pub(crate) fn id_of(answer: &Value) -> Option<Uuid> {
        answer["id"].as_str().and_then(|id| id.parse().ok())
    }
}
