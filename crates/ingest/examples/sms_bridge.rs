//! A bridge from an SMS gateway and from keypads into an assembly: each message becomes a contribution, and each key
//! a ballot, exactly once, whatever is killed or restarted in between.
//!
//!     PLENARY_LINK=<secret of a participant's link> \
//!         cargo run -p ingest --example sms_bridge -- nats://127.0.0.1:4222 buses
//!
//! The gateway publishes `{"from", "text", "gateway_id", "received_at"}` on `gateway.in.sms`, and sends on what it
//! finds on `gateway.out.sms`: `{"to", "text", "about"}`. The receiver of the keypads publishes `{"keypad", "key",
//! "poll", "gateway_id"}` on `gateway.in.keypad`; it names the poll, so that a key that comes late never counts in the
//! next one. All of it lies in the JetStream stream `GATEWAY` until it is done with. A server with `sync_interval: always`
//! keeps it through a power cut too.
//!
//! Why exactly once: JetStream delivers a message again until it is acknowledged, the bridge acknowledges it only after
//! Plenary has, and the id that Plenary sees is made from the gateway's own, so that it is the same every time.

use std::error::Error;
use std::time::Duration;

use async_nats::jetstream::consumer::{AckPolicy, PullConsumer, pull};
use async_nats::jetstream::stream::{self, RetentionPolicy};
use async_nats::jetstream::{self, AckKind, Context, Message};
use async_nats::{Client, ConnectOptions, HeaderMap, Request};
use futures_util::StreamExt;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Plenary answers within milliseconds or is not there.
const ANSWER_WAIT: Duration = Duration::from_secs(3);
/// Before the next attempt where nobody answers, or where the bridge itself is set up wrongly.
const PAUSE: Duration = Duration::from_secs(1);
/// What the fault of the bridge is and not that of the person who wrote; their message waits until it is mended.
const OURS: [&str; 5] = ["unknown-assembly", "no-role", "bad-link", "link-expired", "link-revoked"];

#[derive(Deserialize)]
struct Sms {
    from: String,
    text: String,
    gateway_id: String,
}

#[derive(Deserialize)]
struct Pressed {
    keypad: u16,
    key: u8,
    poll: Uuid,
    gateway_id: String,
}

/// One message in Plenary's words.
struct Brought {
    id: Uuid,
    /// By what Plenary tells one sender from another; it keeps an HMAC of it and nothing else.
    person: String,
    frame: Value,
    /// Whom a reply goes to, and what it is about; a keypad shows none.
    reply: Option<(String, String)>,
}

/// Plenary's answer; the README tells of it under "The wire".
#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "type")]
    is: String,
    receipt: Option<String>,
    code: Option<String>,
    reason: Option<String>,
    retry_after_s: Option<u64>,
}

struct Bridge {
    client: Client,
    jetstream: Context,
    slug: String,
    link: String,
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let mut words = std::env::args().skip(1);
    let (Some(url), Some(slug)) = (words.next(), words.next()) else {
        return Err("usage: PLENARY_LINK=SECRET sms_bridge NATS_URL ASSEMBLY".into());
    };
    let client = ConnectOptions::new().name("sms-bridge").retry_on_initial_connect().connect(url).await?;
    let jetstream = jetstream::new(client.clone());
    let bridge = Bridge { client, jetstream, slug, link: std::env::var("PLENARY_LINK")? };
    loop {
        // Whatever was under way is delivered again: nothing is lost by beginning anew.
        if let Err(error) = bridge.run().await {
            eprintln!("{error}; trying again");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

impl Bridge {
    async fn run(&self) -> Outcome<()> {
        let queue = self.jetstream.get_or_create_stream(stream::Config {
            name: "GATEWAY".into(),
            subjects: vec!["gateway.in.*".into(), "gateway.out.*".into()],
            retention: RetentionPolicy::WorkQueue,
            ..Default::default()
        });
        let name = format!("plenary-{}", self.slug);
        let messages: PullConsumer = queue
            .await?
            .get_or_create_consumer(
                &name,
                pull::Config {
                    durable_name: Some(name.clone()),
                    filter_subject: "gateway.in.*".into(),
                    ack_policy: AckPolicy::Explicit,
                    ack_wait: Duration::from_secs(10),
                    ..Default::default()
                },
            )
            .await?;
        // Few at a time, so that none waits here until JetStream thinks it lost.
        let (expires, heartbeat) = (Duration::from_secs(5), Duration::from_secs(2));
        let messages = messages.stream().max_messages_per_batch(4).expires(expires).heartbeat(heartbeat);
        let mut messages = messages.messages().await?;
        while let Some(message) = messages.next().await {
            let message = message?;
            let done = self.bring(&message).await?;
            message.ack_with(done).await?;
        }
        Ok(())
    }

    /// Brings one message into the assembly and says what is to become of it.
    async fn bring(&self, message: &Message) -> Outcome<AckKind> {
        let Some(brought) = self.read(message) else {
            // Nobody could read it later either.
            eprintln!("a message on {} is of no known shape", message.subject);
            return Ok(AckKind::Term);
        };
        let Some(answer) = self.ask(&brought).await else {
            tokio::time::sleep(PAUSE).await;
            return Ok(AckKind::Nak(Some(PAUSE)));
        };
        let code = answer.code.unwrap_or_default();
        match (answer.is.as_str(), answer.receipt, answer.retry_after_s) {
            ("ack", Some(receipt), _) => {
                self.tell(&brought, &format!("Thank you, it is in the record. Your receipt: {receipt}"))
                    .await?;
                Ok(AckKind::Ack)
            }
            // Plenary asks for patience: busy, no room on its disk, or not able to write just now.
            (_, _, Some(seconds)) => Ok(AckKind::Nak(Some(Duration::from_secs(seconds)))),
            _ if OURS.contains(&code.as_str()) => {
                eprintln!("Plenary does not take anything from this bridge: {code}");
                tokio::time::sleep(PAUSE).await;
                Ok(AckKind::Nak(Some(PAUSE)))
            }
            // Refused for good, with a sentence for whoever wrote it.
            _ => {
                eprintln!("refused: {code}");
                self.tell(&brought, &answer.reason.unwrap_or_default()).await?;
                Ok(AckKind::Term)
            }
        }
    }

    fn read(&self, message: &Message) -> Option<Brought> {
        match message.subject.strip_prefix("gateway.in.")? {
            "sms" => {
                let Sms { from, text, gateway_id } = serde_json::from_slice(&message.payload).ok()?;
                let id = id_of(&self.slug, &gateway_id);
                let frame = json!({ "type": "submit", "id": id, "text": text });
                Some(Brought { id, person: from.clone(), frame, reply: Some((from, gateway_id)) })
            }
            "keypad" => {
                let Pressed { keypad, key, poll, gateway_id } =
                    serde_json::from_slice(&message.payload).ok()?;
                let id = id_of(&self.slug, &gateway_id);
                // The seat says that this voice sits in the room.
                let frame =
                    json!({ "type": "cast-ballot", "id": id, "poll": poll, "choice": key, "seat": keypad });
                Some(Brought { id, person: format!("keypad {keypad}"), frame, reply: None })
            }
            _ => None,
        }
    }

    /// Plenary's answer to the frame of one person; nothing where nobody answers.
    async fn ask(&self, brought: &Brought) -> Option<Answer> {
        let mut headers = HeaderMap::new();
        headers.insert("Plenary-Link", self.link.as_str());
        headers.insert("Plenary-Person", brought.person.as_str());
        let request = Request::new().headers(headers).payload(brought.frame.to_string().into());
        let subject = format!("plenary.{}.submit", self.slug);
        let answer = self.client.send_request(subject, request.timeout(Some(ANSWER_WAIT))).await.ok()?;
        serde_json::from_slice(&answer.payload).ok()
    }

    /// Leaves a reply for the gateway to send, before the message is done with. Should the bridge end in between, the
    /// same reply comes again under the same name, and JetStream keeps one.
    async fn tell(&self, brought: &Brought, text: &str) -> Outcome<()> {
        let Some((to, about)) = &brought.reply else { return Ok(()) };
        let reply = json!({ "to": to, "text": text, "about": about });
        let mut headers = HeaderMap::new();
        headers.insert("Nats-Msg-Id", format!("reply-{}", brought.id));
        let kept = self.jetstream.publish_with_headers("gateway.out.sms", headers, reply.to_string().into());
        kept.await?.await?;
        Ok(())
    }
}

/// A UUID of version 8 (RFC 9562, section 5.8): the first 16 bytes of the SHA-256 of the assembly and the gateway's own
/// id. The same message has the same id for ever, and in another assembly another one.
fn id_of(slug: &str, gateway_id: &str) -> Uuid {
    let digest = Sha256::digest(format!("plenary-gateway\0{slug}\0{gateway_id}"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    Builder::from_custom_bytes(bytes).into_uuid()
}
