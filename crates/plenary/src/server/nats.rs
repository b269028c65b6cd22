//! The bridge to NATS, where one is configured.

use std::sync::Arc;

use anyhow::Context;
use domain::Slug;
use ingest::Access;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use web::House;

use crate::settings;

/// The bridge while it runs; nothing where none is configured.
pub(crate) struct Bridge(Option<Running>);

struct Running {
    stop: oneshot::Sender<()>,
    requests: JoinHandle<Result<(), ingest::Error>>,
    heads: Vec<JoinHandle<()>>,
}

/// Connects and begins to answer. A server that cannot be reached ends the start, so that nobody believes that the
/// bridge works.
pub(crate) async fn start(
    settings: &settings::Nats,
    house: &Arc<House>,
    access: Arc<Access>,
) -> anyhow::Result<Bridge> {
    if settings.url.is_empty() {
        return Ok(Bridge(None));
    }
    let client = ingest::nats::connect(&settings.url).await;
    let client = client.with_context(|| format!("connect to NATS at {}", settings.url))?;
    let heads = house.slugs().into_iter().filter_map(|slug| {
        let head = house.sequencer(&slug)?.head();
        Some(tokio::spawn(ingest::nats::publish_head(client.clone(), slug, head)))
    });
    let heads = heads.collect();
    let (stop, stopped) = oneshot::channel();
    let shutdown = async move { drop(stopped.await) };
    let house = house.clone();
    let assemblies = move |slug: &Slug| house.sequencer(slug);
    let requests = tokio::spawn(ingest::nats::serve(client, assemblies, access, shutdown));
    Ok(Bridge(Some(Running { stop, requests, heads })))
}

impl Bridge {
    /// Takes no more requests and answers those that were taken.
    pub(crate) async fn stop(self) {
        let Some(Running { stop, requests, heads }) = self.0 else { return };
        // Where the requests have ended already, nobody is there to be told.
        let _ = stop.send(());
        match requests.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the NATS bridge ended with an error"),
            Err(error) => tracing::error!(%error, "the NATS bridge broke off"),
        }
        heads.iter().for_each(JoinHandle::abort);
    }
}
