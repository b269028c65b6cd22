//! The client's end of a WebSocket, as small as ten thousand of them in one process need it to be.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr};

use anyhow::{Context, Result, bail, ensure};
use tokio::net::{TcpSocket, TcpStream};

const READ_BYTES: usize = 64 * 1024;
/// Connections are spread over so many addresses of our own, because one has fewer ports than we make connections.
const SOURCES: usize = 8;

pub(crate) const TEXT: u8 = 0x81;
const PING: u8 = 0x89;
const PONG: u8 = 0x8a;
const CLOSE: u8 = 0x88;

pub(crate) struct Line {
    stream: TcpStream,
    /// What came and is no whole frame yet.
    part: Vec<u8>,
}

/// A connection with nothing on it; `number` says from which of our addresses.
pub(crate) async fn dial(to: SocketAddr, number: usize) -> Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    let source = u8::try_from(1 + number % SOURCES)?;
    socket.bind(SocketAddr::from((Ipv4Addr::new(127, 0, 0, source), 0)))?;
    Ok(socket.connect(to).await?)
}

impl Line {
    pub(crate) async fn open(
        to: SocketAddr,
        path: &str,
        cookie: Option<&str>,
        number: usize,
    ) -> Result<Line> {
        let stream = dial(to, number).await?;
        stream.set_nodelay(true)?;
        let cookie = cookie.map(|cookie| format!("Cookie: {cookie}\r\n")).unwrap_or_default();
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {to}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{cookie}\r\n"
        );
        let mut line = Line { stream, part: Vec::new() };
        line.write(request.as_bytes()).await?;
        loop {
            line.read().await?;
            if let Some(end) = line.part.windows(4).position(|four| four == b"\r\n\r\n") {
                let head = String::from_utf8_lossy(&line.part[..end]).into_owned();
                ensure!(head.starts_with("HTTP/1.1 101"), "no WebSocket: {head}");
                line.part.drain(..end + 4);
                return Ok(line);
            }
        }
    }

    pub(crate) async fn send(&mut self, first: u8, payload: &[u8]) -> Result<()> {
        let mut frame = vec![first];
        match u8::try_from(payload.len()) {
            Ok(short @ ..126) => frame.push(0x80 | short),
            _ => {
                frame.push(0x80 | 126);
                frame.extend(u16::try_from(payload.len())?.to_be_bytes());
            }
        }
        // A mask of zeros leaves the payload as it is.
        frame.extend([0; 4]);
        frame.extend(payload);
        self.write(&frame).await
    }

    /// Waits until something comes, and shows every text that is whole. Pings are answered.
    pub(crate) async fn hear(&mut self, mut take: impl FnMut(&[u8])) -> Result<()> {
        if self.part.is_empty() {
            self.read().await?;
        }
        let part = std::mem::take(&mut self.part);
        let (mut used, mut pings) = (0, 0);
        while let Some((first, begins, length)) = head(&part[used..]) {
            let Some(payload) = part.get(used + begins..used + begins + length) else { break };
            match first {
                TEXT => take(payload),
                PING => pings += 1,
                CLOSE => bail!("closed by the server"),
                _ => {}
            }
            used += begins + length;
        }
        self.part = part[used..].to_vec();
        for _ in 0..pings {
            self.send(PONG, b"").await?;
        }
        if used == 0 {
            self.read().await?;
        }
        Ok(())
    }

    /// Waits for what the server says last.
    pub(crate) async fn drained(&mut self) {
        while self.read().await.is_ok() {
            self.part.clear();
        }
    }

    async fn read(&mut self) -> Result<()> {
        loop {
            self.stream.readable().await?;
            let mut bytes = [0; READ_BYTES];
            match self.stream.try_read(&mut bytes) {
                Ok(0) => bail!("the server hung up"),
                Ok(some) => {
                    self.part.extend_from_slice(&bytes[..some]);
                    return Ok(());
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Err(error).context("read"),
            }
        }
    }

    pub(crate) async fn write(&mut self, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() {
            self.stream.writable().await?;
            match self.stream.try_write(bytes) {
                Ok(some) => bytes = &bytes[some..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Err(error).context("write"),
            }
        }
        Ok(())
    }
}

/// The first byte of a frame, where its payload begins, and how long that is.
fn head(bytes: &[u8]) -> Option<(u8, usize, usize)> {
    match bytes {
        [first, 126, high, low, ..] => Some((*first, 4, usize::from(u16::from_be_bytes([*high, *low])))),
        [first, 127, a, b, c, d, e, f, g, h, ..] => {
            let length = u64::from_be_bytes([*a, *b, *c, *d, *e, *f, *g, *h]);
            Some((*first, 10, usize::try_from(length).ok()?))
        }
        [_, 126 | 127, ..] => None,
        [first, length, ..] => Some((*first, 2, usize::from(*length))),
        _ => None,
    }
}
