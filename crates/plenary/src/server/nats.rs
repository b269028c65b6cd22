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
    /// What goes out unasked, and who looks after the line.
    unasked: Vec<JoinHandle<()>>,
}

/// Begins to connect, and to answer as soon as that is done. A server that cannot be reached is said in the log and
/// keeps nobody waiting; an address that is none ends the start.
pub(crate) async fn start(
    settings: &settings::Nats,
    house: &Arc<House>,
    access: Arc<Access>,
) -> anyhow::Result<Bridge> {
    if settings.url.is_empty() {
        return Ok(Bridge(None));
    }
    let line = ingest::nats::connect(&settings.url).await.context("`nats.url` in the configuration")?;
    let mut unasked = vec![tokio::spawn(line.clone().watch())];
    for slug in house.slugs() {
        let (Some(sequencer), Some(projection)) = (house.sequencer(&slug), house.projection(&slug)) else {
            continue;
        };
        unasked.push(tokio::spawn(ingest::nats::publish_head(line.clone(), slug.clone(), sequencer.head())));
        let changed = projection.position();
        let tallies = move || {
            let tallies = projection.read(|views| projections::tallies(views, None));
            serde_json::to_vec(&tallies).ok()
        };
        unasked.push(tokio::spawn(ingest::nats::publish_tallies(line.clone(), slug, changed, tallies)));
    }
    let (stop, stopped) = oneshot::channel();
    let shutdown = async move { drop(stopped.await) };
    let house = house.clone();
    let assemblies = move |slug: &Slug| house.sequencer(slug);
    let requests = tokio::spawn(ingest::nats::serve(line, assemblies, access, shutdown));
    Ok(Bridge(Some(Running { stop, requests, unasked })))
}

impl Bridge {
    /// Takes no more requests and answers those that were taken.
    pub(crate) async fn stop(self) {
        let Some(Running { stop, requests, unasked }) = self.0 else { return };
        // Where the requests have ended already, nobody is there to be told.
        let _ = stop.send(());
        match requests.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the NATS bridge ended with an error"),
            Err(error) => tracing::error!(%error, "the NATS bridge broke off"),
        }
        unasked.iter().for_each(JoinHandle::abort);
    }
}
