//! One participant's device: it opens its link as a browser would, and then speaks over its socket.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use domain::{Role, Slug};
use futures_util::stream::SplitSink;
use futures_util::{SinkExt, StreamExt};
use serde::Deserialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use uuid::Uuid;

use super::frames::Sent;

/// Longer than any answer takes; whoever waits for more than this waits for ever.
const PATIENCE: Duration = Duration::from_secs(30);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// The frames of the server that matter here; the feed is read and let go, as by a page that nobody looks at.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Answer {
    Ack {
        id: Uuid,
    },
    Refused {
        id: Option<Uuid>,
        reason: String,
    },
    #[serde(other)]
    Feed,
}

/// What a device needs in order to connect, again and again.
#[derive(Clone, Debug)]
pub(crate) struct Pass {
    server: SocketAddr,
    slug: Slug,
    role: Role,
    cookie: String,
}

impl Pass {
    /// Opens the link with this secret for the role that it gives.
    pub(crate) async fn of_link(
        server: SocketAddr,
        slug: &Slug,
        role: Role,
        secret: &str,
    ) -> anyhow::Result<Self> {
        let cookie = timeout(PATIENCE, exchange(server, slug, secret)).await.context("open the link")??;
        Ok(Self { server, slug: slug.clone(), role, cookie })
    }

    pub(crate) async fn connect(&self) -> anyhow::Result<Client> {
        let Self { server, slug, role, cookie } = self;
        let address = format!("ws://{server}/a/{slug}/live?as={role}");
        let mut request = address.into_client_request()?;
        request.headers_mut().insert("cookie", HeaderValue::from_str(cookie)?);
        let (socket, _) = timeout(PATIENCE, connect_async(request)).await.context("connect")??;
        let (out, mut frames) = socket.split();
        let (answered, answers) = mpsc::channel(8);
        let reading = tokio::spawn(async move {
            while let Some(Ok(frame)) = frames.next().await {
                let answer = frame.to_text().ok().and_then(|text| serde_json::from_str(text).ok());
                match answer.unwrap_or(Answer::Feed) {
                    Answer::Feed => {}
                    answer => drop(answered.send(answer).await),
                }
            }
        });
        Ok(Client { out, answers, reading })
    }

    /// Posts JSON to one of the assembly's addresses, as the scripts of the pages do.
    pub(crate) async fn post(&self, address: &str, json: &str) -> anyhow::Result<()> {
        let Self { server, slug, cookie, .. } = self;
        let (path, headers) = (
            format!("/a/{slug}/{address}"),
            format!("Content-Type: application/json\r\nCookie: {cookie}\r\n"),
        );
        let answer = timeout(PATIENCE, post(*server, &path, &headers, json)).await.context("post")??;
        match answer.split(' ').nth(1) {
            Some("200") => Ok(()),
            status => bail!("{path} was answered with {}", status.unwrap_or("nothing")),
        }
    }
}

/// What became of a frame.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It is in the record.
    Recorded,
    Refused(String),
}

pub(crate) struct Client {
    out: SplitSink<Socket, Message>,
    answers: mpsc::Receiver<Answer>,
    reading: JoinHandle<()>,
}

/// A device that is gone does not go on reading; with that its connection ends.
impl Drop for Client {
    fn drop(&mut self) {
        self.reading.abort();
    }
}

impl Client {
    /// Opens the link with this secret and connects in the role that it gives.
    pub(super) async fn join(
        server: SocketAddr,
        slug: &Slug,
        role: Role,
        secret: &str,
    ) -> anyhow::Result<Self> {
        Pass::of_link(server, slug, role, secret).await?.connect().await
    }

    /// Sends a frame and waits until it is in the record.
    pub(super) async fn send(&mut self, sent: Sent) -> anyhow::Result<()> {
        match self.ask(sent.id, sent.json).await? {
            Outcome::Recorded => Ok(()),
            Outcome::Refused(reason) => bail!(reason),
        }
    }

    /// Sends the frame with this id and waits for the answer.
    pub(crate) async fn ask(&mut self, id: Uuid, json: String) -> anyhow::Result<Outcome> {
        self.say(json).await?;
        let answer = timeout(PATIENCE, self.answers.recv()).await;
        let answer = answer.context("the server gave no answer")?;
        match answer.ok_or_else(|| anyhow!("the server closed the connection"))? {
            Answer::Ack { id: of } if of == id => Ok(Outcome::Recorded),
            Answer::Refused { id: Some(of), reason } if of == id => Ok(Outcome::Refused(reason)),
            other => bail!("the server answered something else: {other:?}"),
        }
    }

    /// Sends a frame and waits for nothing.
    pub(crate) async fn say(&mut self, json: String) -> anyhow::Result<()> {
        let closed = |error: Error| anyhow!(error).context("the connection broke");
        self.out.send(Message::text(json)).await.map_err(closed)
    }
}

/// Trades the secret for a cookie by posting the form of the join page.
async fn exchange(server: SocketAddr, slug: &Slug, secret: &str) -> anyhow::Result<String> {
    let headers = "Content-Type: application/x-www-form-urlencoded\r\n";
    cookie(&post(server, &format!("/a/{slug}/join"), headers, &format!("secret={secret}")).await?)
}

/// Posts to an address with these header lines, and gives the whole answer.
async fn post(server: SocketAddr, path: &str, headers: &str, body: &str) -> anyhow::Result<String> {
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {server}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(server).await.with_context(|| format!("connect to {server}"))?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// The name and value of the cookie in an answer that says "see other".
fn cookie(answer: &str) -> anyhow::Result<String> {
    let head = answer.split("\r\n\r\n").next().unwrap_or_default();
    let mut lines = head.lines();
    let status = lines.next().unwrap_or_default();
    if status.split(' ').nth(1) != Some("303") {
        bail!("the link was not taken: {status}");
    }
    let cookies = lines.filter_map(|line| line.split_once(": "));
    let mut cookies = cookies.filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
    let (_, value) = cookies.next().ok_or_else(|| anyhow!("the link gave no cookie"))?;
    Ok(value.split(';').next().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_of_an_answer_is_found_or_its_absence_named() {
        let taken =
            "HTTP/1.1 303 See Other\r\nlocation: /a/x/table\r\nSet-Cookie: plenary=abc; Path=/a/x\r\n\r\n<p>";
        assert_eq!(cookie(taken).unwrap(), "plenary=abc");
        for (answer, said) in [
            ("HTTP/1.1 403 Forbidden\r\n\r\nSet-Cookie: a=b", "403 Forbidden"),
            ("HTTP/1.1 303 See Other\r\n\r\nSet-Cookie: a=b", "no cookie"),
            ("", "not taken"),
        ] {
            let why = cookie(answer).unwrap_err().to_string();
            assert!(why.contains(said), "{answer:?}: {why}");
        }
    }

    #[test]
    fn answers_are_told_from_the_feed() {
        let read = |text: &str| serde_json::from_str::<Answer>(text).unwrap();
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        let ack = format!(r#"{{"type":"ack","id":"{id}","position":7,"receipt":"0000-0000-0000-0000"}}"#);
        let refused = r#"{"type":"refused","id":null,"code":"x","reason":"No.","retry_after_s":null}"#;
        assert!(matches!(read(&ack), Answer::Ack { id: of } if of.to_string() == id));
        assert!(matches!(read(refused), Answer::Refused { id: None, .. }));
        assert!(matches!(read(r#"{"type":"state","position":7,"themes":[]}"#), Answer::Feed));
    }
}
