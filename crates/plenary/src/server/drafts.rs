//! Asks the language model what there is to ask, one thing after the other, and has recorded what is kept of its answers.
//! Nobody waits for it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use ingest::Sequencer;
use projections::drafting::Ask;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::endpoint::{Endpoint, NoAnswer};
use super::themes;

/// How long it is left alone after it could not be asked, the first time and at most.
const PAUSE_MIN: Duration = Duration::from_secs(2);
const PAUSE_MAX: Duration = Duration::from_secs(600);

/// Ends when it is dropped.
pub(super) struct Drafts {
    asks: watch::Sender<Vec<Ask>>,
    task: JoinHandle<()>,
}

impl Drafts {
    pub(super) fn start(endpoint: Arc<Endpoint>, sequencer: Sequencer) -> Self {
        let (asks, asked) = watch::channel(Vec::new());
        let drafter = Drafter { endpoint, sequencer, asked, tried: BTreeMap::new(), dropped: 0 };
        Self { asks, task: tokio::spawn(drafter.run()) }
    }

    /// What there is to ask now, in place of what there was.
    pub(super) fn wanted(&self, asks: Vec<Ask>) {
        self.asks.send_replace(asks);
    }
}

impl Drop for Drafts {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Drafter {
    endpoint: Arc<Endpoint>,
    sequencer: Sequencer,
    asked: watch::Receiver<Vec<Ask>>,
    /// What it was asked and did not answer, and how often; nothing where it has answered. It is asked nothing twice that
    /// it has answered, whatever that was worth, until the server starts anew.
    tried: BTreeMap<Uuid, Option<u32>>,
    /// Answers that were of no use.
    dropped: u64,
}

impl Drafter {
    async fn run(mut self) {
        let mut pause = PAUSE_MIN;
        loop {
            let Some(ask) = self.next() else {
                if self.asked.changed().await.is_err() {
                    return;
                }
                continue;
            };
            match self.endpoint.ask(&ask.prompt()).await {
                Ok(answer) => {
                    pause = PAUSE_MIN;
                    self.take(&ask, &answer).await;
                }
                Err(NoAnswer::Useless(why)) => {
                    self.drop_it(why);
                    // Who waits for a draft is told that nothing in it held.
                    self.take(&ask, "").await;
                }
                Err(NoAnswer::Later(error)) => {
                    let times = self.tried.entry(ask.id).or_insert(Some(0));
                    *times = times.map(|times| times + 1);
                    tracing::warn!(
                        error = AsRef::<dyn std::error::Error>::as_ref(&error),
                        "the language model gave no answer"
                    );
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(PAUSE_MAX);
                }
            }
        }
    }

    async fn take(&mut self, ask: &Ask, answer: &str) {
        self.tried.insert(ask.id, None);
        match ask.taken(answer, self.endpoint.model()) {
            Ok(saying) => drop(themes::say(&self.sequencer, vec![saying]).await),
            Err(why) if !answer.is_empty() => self.drop_it(&why.to_string()),
            Err(_) => {}
        }
    }

    /// What was tried least often goes first, so that one question that it never answers holds up no other.
    fn next(&mut self) -> Option<Ask> {
        let asks = self.asked.borrow_and_update();
        let times = |ask: &Ask| *self.tried.get(&ask.id).unwrap_or(&Some(0));
        let open = asks.iter().filter_map(|ask| Some((times(ask)?, ask)));
        open.min_by_key(|(times, _)| *times).map(|(_, ask)| ask.clone())
    }

    fn drop_it(&mut self, why: &str) {
        self.dropped += 1;
        tracing::warn!(%why, dropped = self.dropped, "an answer of the language model was dropped");
    }
}
