//! Commands and the doorbell over NATS, for bridges such as an SMS gateway or keypads and for other machines.
//!
//! A request to `plenary.<assembly>.submit` carries the JSON frame of the sockets and is answered with the same reply.
//! NATS promises no more than at most once here: who gets no answer sends the same id again. NATS may be down, slow
//! or cut off at any time: nothing but the bridges notices, and what waits for it has an end and a limit.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use async_nats::{HeaderMap, Message};
use domain::{Channel, Slug};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::select;
use tokio::time::timeout;
use uuid::Uuid;

mod line;
mod publish;

pub use line::{Line, SUBSCRIBED_REQUESTS_MAX, UNSENT_MESSAGES_MAX};
pub use publish::{publish_head, publish_tallies};

use crate::frame::{read_json, reply};
use crate::sequencer::Pending;
use crate::{Access, Credential, Door, Error, Refusal, Sequencer};

/// The header with the secret of the link by which the sender has a role.
pub const LINK_HEADER: &str = "Plenary-Link";
/// The header by which a bridge tells its people apart, in an opaque name of its own. Only an HMAC of it is kept.
pub const PERSON_HEADER: &str = "Plenary-Person";
/// Most requests that wait for their answers; the rest waits in the subscription.
pub const PENDING_REQUESTS_MAX: usize = 1_024;

/// How long requests that were taken may wait for NATS to take their answers when everything ends.
const LAST_ANSWERS: Duration = Duration::from_secs(5);
const SUBJECTS: &str = "plenary.*.submit";
/// Every request goes to one of the processes that share this name.
const QUEUE_GROUP: &str = "plenary-ingest";

/// Begins to connect to the server at `url`. Whether it is there or not, now or later, is [`Line::watch`]'s to say.
pub async fn connect(url: &str) -> Result<Line, Error> {
    Line::open(url).await
}

/// Answers requests until `shutdown` is done, then those that were taken already. `assemblies` knows the sequencers
/// of this process. Reconnecting is the client's own affair.
pub async fn serve<A>(
    line: Line,
    assemblies: A,
    access: Arc<Access>,
    shutdown: impl Future<Output = ()>,
) -> Result<(), Error>
where
    A: Fn(&Slug) -> Option<Sequencer>,
{
    let mut requests = line.client.queue_subscribe(SUBJECTS, QUEUE_GROUP.to_owned()).await?;
    let mut answers = FuturesUnordered::new();
    let mut shutdown = pin!(shutdown);
    loop {
        select! {
            () = &mut shutdown => break,
            Some(()) = answers.next() => {}
            request = requests.next(), if answers.len() < PENDING_REQUESTS_MAX => match request {
                Some(request) => answers.push(answer(line.clone(), request, &assemblies, &access)),
                None => break,
            },
        }
    }
    let last = async {
        if let Err(error) = requests.unsubscribe().await {
            tracing::debug!(%error, "NATS was gone before the subscription ended");
        }
        while answers.next().await.is_some() {}
        // Answers that lie in the client's buffer are answers that nobody got.
        if line.is_up()
            && let Err(error) = line.client.flush().await
        {
            tracing::warn!(%error, "the last answers may not have reached NATS");
        }
    };
    if timeout(LAST_ANSWERS, last).await.is_err() {
        tracing::warn!("NATS did not take the last answers; who sends the same id again is answered");
    }
    Ok(())
}

/// Takes the request's place in the queue now and answers it later, so that requests keep their order.
fn answer<A>(
    line: Line,
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
        if !line.send(inbox, reply(id, &outcome).into()).await {
            line.lost_one();
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
