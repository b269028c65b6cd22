//! Commands and the doorbell over NATS, for bridges such as an SMS gateway or keypads and for other machines.
//!
//! A request to `plenary.<assembly>.submit` carries the JSON frame of the sockets and is answered with the same reply.
//! NATS promises no more than at most once here: who gets no answer sends the same id again.

use std::pin::pin;
use std::sync::Arc;

use async_nats::{Client, HeaderMap, Message};
use domain::{Channel, Slug};
use event_log::Position;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::select;
use tokio::sync::watch;
use uuid::Uuid;

use crate::frame::{read_json, reply};
use crate::sequencer::Pending;
use crate::{Access, Credential, Door, Error, Refusal, Sequencer};

/// The header with the secret of the link by which the sender has a role.
pub const LINK_HEADER: &str = "Plenary-Link";
/// The header by which a bridge tells its people apart, in an opaque name of its own. Only an HMAC of it is kept.
pub const PERSON_HEADER: &str = "Plenary-Person";
/// Most requests that wait for their answers; the rest waits in the subscription.
pub const PENDING_REQUESTS_MAX: usize = 1_024;

const SUBJECTS: &str = "plenary.*.submit";
/// Every request goes to one of the processes that share this name.
const QUEUE_GROUP: &str = "plenary-ingest";

/// Connects to the server at `url`. From then on the client comes back by itself whenever the line was lost.
pub async fn connect(url: &str) -> Result<Client, Error> {
    Ok(async_nats::ConnectOptions::new().name("plenary").connect(url).await?)
}

/// Answers requests until `shutdown` is done, then those that were taken already. `assemblies` knows the sequencers
/// of this process. Reconnecting is the client's own affair.
pub async fn serve<A>(
    client: Client,
    assemblies: A,
    access: Arc<Access>,
    shutdown: impl Future<Output = ()>,
) -> Result<(), Error>
where
    A: Fn(&Slug) -> Option<Sequencer>,
{
    let mut requests = client.queue_subscribe(SUBJECTS, QUEUE_GROUP.to_owned()).await?;
    let mut answers = FuturesUnordered::new();
    let mut shutdown = pin!(shutdown);
    loop {
        select! {
            () = &mut shutdown => break,
            Some(()) = answers.next() => {}
            request = requests.next(), if answers.len() < PENDING_REQUESTS_MAX => match request {
                Some(request) => answers.push(answer(client.clone(), request, &assemblies, &access)),
                None => break,
            },
        }
    }
    if let Err(error) = requests.unsubscribe().await {
        tracing::debug!(%error, "NATS was gone before the subscription ended");
    }
    while answers.next().await.is_some() {}
    // Answers that lie in the client's buffer are answers that nobody got.
    if let Err(error) = client.flush().await {
        tracing::warn!(%error, "the last answers may not have reached NATS");
    }
    Ok(())
}

/// Rings `plenary.<assembly>.head` for every new head, the present one first, until the sequencer has gone.
pub async fn publish_head(client: Client, slug: Slug, mut head: watch::Receiver<Option<Position>>) {
    let subject = format!("plenary.{slug}.head");
    loop {
        let position = *head.borrow_and_update();
        if let Some(position) = position {
            let payload = format!(r#"{{"position":{position}}}"#);
            if let Err(error) = client.publish(subject.clone(), payload.into()).await {
                // Who waits for the doorbell also polls, so a ring that is lost only makes them later.
                tracing::debug!(%error, "the doorbell did not reach NATS");
            }
        }
        if head.changed().await.is_err() {
            return;
        }
    }
}

/// Takes the request's place in the queue now and answers it later, so that requests keep their order.
fn answer<A>(
    client: Client,
    request: Message,
    assemblies: &A,
    access: &Arc<Access>,
) -> impl Future<Output = ()> + use<A>
where
    A: Fn(&Slug) -> Option<Sequencer>,
{
    let (id, pending) = take(&request, assemblies, access);
    async move {
        let outcome = match pending {
            Ok(pending) => pending.outcome().await,
            Err(refusal) => Err(refusal),
        };
        let Some(inbox) = request.reply else { return };
        if let Err(error) = client.publish(inbox, reply(id, &outcome).into()).await {
            tracing::warn!(%error, "an answer did not reach NATS");
        }
    }
}

fn take<A>(
    request: &Message,
    assemblies: &A,
    access: &Arc<Access>,
) -> (Option<Uuid>, Result<Pending, Refusal>)
where
    A: Fn(&Slug) -> Option<Sequencer>,
{
    let (id, frame) = read_json(&request.payload);
    let pending = frame.and_then(|frame| {
        let slug = slug_of(&request.subject).ok_or(Refusal::UnknownAssembly)?;
        let sequencer = assemblies(&slug).ok_or(Refusal::UnknownAssembly)?;
        let credential = credential(request.headers.as_ref());
        let access = Arc::clone(access);
        Door { sequencer, access, slug, credential, prefers: None, channel: Channel::Nats }.enqueue(frame)
    });
    (id, pending)
}

fn slug_of(subject: &str) -> Option<Slug> {
    subject.strip_prefix("plenary.")?.strip_suffix(".submit")?.parse().ok()
}

fn credential(headers: Option<&HeaderMap>) -> Credential {
    let header = |name| Some(headers?.get(name)?.as_str().to_owned());
    match header(LINK_HEADER) {
        Some(secret) => Credential::Link { secret, person: header(PERSON_HEADER) },
        None => Credential::Nobody,
    }
}

#[cfg(test)]
mod tests;
