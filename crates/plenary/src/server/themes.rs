//! The theme engines beside each record: what they find is recorded like everything else, and read back by nobody but
//! people. They stand apart from the writer's way: when they are slow, suggestions are late and nothing else is.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use domain::{Actor, Channel, Slug};
use ingest::{Refusal, Sequencer, Submission};
use projections::drafting::Ask;
use projections::{Engines, Saying};
use tokio::task::{JoinHandle, spawn_blocking};
use web::House;

use super::drafts::Drafts;
use super::endpoint::Endpoint;
use super::sentence_model;
use crate::settings::Settings;

/// How long several events may gather before they are learnt from.
const GATHER: Duration = Duration::from_millis(100);
/// A missed doorbell is healed by looking all the same.
const LOOK_ANYWAY: Duration = Duration::from_secs(5);

/// Starts the engines of every assembly, where they are wanted.
pub(crate) fn beside(
    settings: &Settings,
    house: &House,
    assemblies: &[(Slug, PathBuf)],
) -> anyhow::Result<Vec<Beside>> {
    let endpoint = Endpoint::of(&settings.model)?;
    let speaks = settings.themes.suggest;
    if !speaks && endpoint.is_none() {
        return Ok(Vec::new());
    }
    let folder = Some(settings.themes.model.as_str()).filter(|folder| !folder.is_empty());
    let model = folder.map(|folder| sentence_model::read(Path::new(folder))).transpose()?;
    let start = |(slug, folder): &(Slug, PathBuf)| {
        let engines = Engines::open(folder, model.clone());
        let engines = engines.with_context(|| format!("read `{slug}` for its themes"))?;
        let sequencer = house.sequencer(slug).with_context(|| format!("`{slug}` is not open"))?;
        let drafts = endpoint.clone().map(|endpoint| Drafts::start(endpoint, sequencer.clone()));
        let reading = Reading { engines, speaks, sequencer, drafts };
        Ok(Beside(tokio::spawn(reading.on())))
    };
    assemblies.iter().map(start).collect()
}

/// The engines of one assembly, until they are dropped.
pub(crate) struct Beside(JoinHandle<()>);

impl Drop for Beside {
    fn drop(&mut self) {
        self.0.abort();
    }
}

struct Reading {
    engines: Engines,
    /// Whether they say what they find, or only read along for the language model.
    speaks: bool,
    sequencer: Sequencer,
    drafts: Option<Drafts>,
}

impl Reading {
    async fn on(mut self) {
        let mut head = self.sequencer.head();
        loop {
            let Self { mut engines, speaks, sequencer, drafts } = self;
            let asks = drafts.is_some();
            let thought = spawn_blocking(move || {
                let thought = think(&mut engines, speaks, asks);
                (engines, thought)
            });
            let Ok((engines, thought)) = thought.await else { return };
            self = Self { engines, speaks, sequencer, drafts };
            let said = match thought {
                Ok((sayings, asks)) => {
                    self.drafts.iter().for_each(|drafts| drafts.wanted(asks.clone()));
                    say(&self.sequencer, sayings).await
                }
                Err(error) => {
                    let error = &error as &dyn std::error::Error;
                    tracing::error!(error, "the theme engines cannot read the record");
                    0
                }
            };
            // There may be more where that came from, and it is in the record by now.
            if said == 0 {
                let rung = tokio::time::timeout(LOOK_ANYWAY, head.changed()).await;
                if matches!(rung, Ok(Err(_))) {
                    return;
                }
                tokio::time::sleep(GATHER).await;
            }
        }
    }
}

fn think(
    engines: &mut Engines,
    speaks: bool,
    asks: bool,
) -> Result<(Vec<Saying>, Vec<Ask>), projections::Error> {
    let sayings = if speaks { engines.sayings()? } else { engines.keep_up().map(|()| Vec::new())? };
    Ok((sayings, if asks { engines.asks() } else { Vec::new() }))
}

/// Has it recorded, and says how much of it was. What people have decided meanwhile goes first: then it is refused.
pub(super) async fn say(sequencer: &Sequencer, sayings: Vec<Saying>) -> usize {
    let mut recorded = 0;
    for Saying { id, command } in sayings {
        let (actor, channel) = (Actor::ENGINE, Channel::Room);
        let submission = Submission { id, command, actor, channel, voice: None };
        match sequencer.submit(submission).await {
            Ok(_) => recorded += 1,
            Err(Refusal::Rejected(refused)) => tracing::debug!(%refused, "a finding came too late"),
            Err(refusal) => {
                tracing::warn!(%refusal, "a finding was not recorded");
                return 0;
            }
        }
    }
    recorded
}
