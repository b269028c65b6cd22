//! The full check of every record that is served, behind the serving: once after the start and then again and again.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use domain::Slug;
use tokio::task::JoinHandle;
use web::House;

/// Checks until it is aborted. A record that is found wrong takes no more events; its pages stay to be read.
pub(crate) fn repeatedly(
    house: Arc<House>,
    assemblies: Vec<(Slug, PathBuf)>,
    every: Duration,
) -> JoinHandle<()> {
    tokio::spawn(async move {
        loop {
            for (slug, folder) in &assemblies {
                check(&house, slug, folder).await;
            }
            tokio::time::sleep(every).await;
        }
    })
}

async fn check(house: &House, slug: &Slug, folder: &Path) {
    let folder = folder.to_owned();
    let checked = tokio::task::spawn_blocking(move || event_log::check(&folder)).await;
    match checked {
        Ok(Ok(report)) => {
            let position = report.head.map_or(0, event_log::Position::get);
            tracing::info!(%slug, position, "the record was checked and is sound");
        }
        Ok(Err(error)) if error.is_passing() => {
            tracing::warn!(%slug, %error, "the record could not be checked just now");
        }
        Ok(Err(error)) => {
            if let Some(sequencer) = house.sequencer(slug) {
                sequencer.halt(&error.to_string());
            }
        }
        Err(error) => tracing::error!(%slug, %error, "the check broke off"),
    }
}
