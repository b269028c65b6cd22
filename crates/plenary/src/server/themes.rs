//! The theme engines beside each record: what they find is recorded like everything else, and read back by nobody but
//! people. They stand apart from the writer's way: when they are slow, suggestions are late and nothing else is.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use domain::{Actor, Channel, Slug};
use ingest::{Refusal, Sequencer, Submission};
use projections::{Engines, Saying, SentenceModel};
use tokio::task::{JoinHandle, spawn_blocking};
use web::House;

use crate::server::sentence_model;
use crate::settings::Themes;

/// How long several events may gather before they are learnt from.
const GATHER: Duration = Duration::from_millis(100);
/// A missed doorbell is healed by looking all the same.
const LOOK_ANYWAY: Duration = Duration::from_secs(5);

/// Starts the engines of every assembly, where they are wanted.
pub(crate) fn beside(
    settings: &Themes,
    house: &House,
    assemblies: &[(Slug, PathBuf)],
) -> anyhow::Result<Vec<Beside>> {
    if !settings.suggest {
        return Ok(Vec::new());
    }
    let folder = Some(settings.model.as_str()).filter(|folder| !folder.is_empty());
    let model = folder.map(|folder| sentence_model::read(Path::new(folder))).transpose()?;
    assemblies.iter().map(|(slug, folder)| Beside::start(house, folder, slug, model.clone())).collect()
}

/// The engines of one assembly, until they are dropped.
pub(crate) struct Beside(JoinHandle<()>);

impl Beside {
    fn start(
        house: &House,
        folder: &Path,
        slug: &Slug,
        model: Option<Arc<dyn SentenceModel>>,
    ) -> anyhow::Result<Self> {
        let engines =
            Engines::open(folder, model).with_context(|| format!("read `{slug}` for its themes"))?;
        let sequencer = house.sequencer(slug).with_context(|| format!("`{slug}` is not open"))?;
        Ok(Self(tokio::spawn(run(engines, sequencer))))
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn run(mut engines: Engines, sequencer: Sequencer) {
    let mut head = sequencer.head();
    loop {
        let thought = spawn_blocking(move || {
            let sayings = engines.sayings();
            (engines, sayings)
        });
        let Ok((back, sayings)) = thought.await else { return };
        engines = back;
        let said = match sayings {
            Ok(sayings) => say(&sequencer, sayings).await,
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the theme engines cannot read the record"
                );
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

/// Has it recorded, and says how much of it was. What people have decided meanwhile goes first: then it is refused.
async fn say(sequencer: &Sequencer, sayings: Vec<Saying>) -> usize {
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
