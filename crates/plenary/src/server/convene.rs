//! A new assembly: its folder, its record and the first event in it.

use std::path::Path;

use anyhow::{Context, anyhow};
use domain::{Actor, Agenda, Channel, Command, Slug};
use event_log::Writer;
use ingest::Submission;
use uuid::Uuid;
use web::House;

/// Makes the folder, opens it and convenes the assembly. What was made is taken away again where that fails.
pub(crate) async fn convene(house: &House, data: &Path, slug: &Slug, agenda: Agenda) -> anyhow::Result<()> {
    let folder = data.join(slug.as_str());
    drop(Writer::create(&folder, random_id()?)?);
    let convened = opened(house, &folder, slug, agenda).await;
    if convened.is_err() {
        house.stop().await;
        std::fs::remove_dir_all(&folder).with_context(|| format!("remove {}", folder.display()))?;
    }
    convened
}

async fn opened(house: &House, folder: &Path, slug: &Slug, agenda: Agenda) -> anyhow::Result<()> {
    house.open(folder, slug.clone())?;
    let sequencer = house.sequencer(slug).ok_or_else(|| anyhow!("`{slug}` could not be opened"))?;
    let submission = Submission {
        id: random_id()?,
        command: Command::Convene(Box::new(agenda)),
        actor: Actor::CONSOLE,
        channel: Channel::Room,
        voice: None,
    };
    sequencer.submit(submission).await?;
    Ok(())
}

pub(crate) fn random_id() -> anyhow::Result<Uuid> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).context("the system gives no random numbers")?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid())
}
