//! A table's tablet tells how much it holds, as the console's page does, so that the run of show sees which table is
//! there and which is lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::json;
use tokio::task::JoinHandle;
use tokio::time::sleep;
use uuid::Uuid;

use crate::demo::client::Pass;
use crate::server::convene::random_id;

/// As often as the page.
const TELL_EVERY: Duration = Duration::from_secs(10);

pub(super) struct Tablet {
    state: Arc<State>,
    /// None while it has no network.
    telling: Option<JoinHandle<()>>,
}

struct State {
    pass: Pass,
    device: Uuid,
    waiting: AtomicUsize,
}

impl Tablet {
    /// Tells from now on, for as long as it is kept.
    pub(super) async fn switch_on(pass: Pass) -> anyhow::Result<Self> {
        let state = Arc::new(State { pass, device: random_id()?, waiting: AtomicUsize::new(0) });
        let mut tablet = Self { state, telling: None };
        tablet.tell_on().await;
        Ok(tablet)
    }

    pub(super) fn holds(&self, waiting: usize) {
        self.state.waiting.store(waiting, Relaxed);
    }

    /// Tells now and then every few seconds.
    pub(super) async fn tell_on(&mut self) {
        self.fall_silent();
        self.state.tell().await;
        let state = Arc::clone(&self.state);
        self.telling = Some(tokio::spawn(async move {
            loop {
                sleep(TELL_EVERY).await;
                state.tell().await;
            }
        }));
    }

    pub(super) fn fall_silent(&mut self) {
        if let Some(telling) = self.telling.take() {
            telling.abort();
        }
    }
}

impl Drop for Tablet {
    fn drop(&mut self) {
        self.fall_silent();
    }
}

impl State {
    async fn tell(&self) {
        let report = json!({
            "device": self.device, "waiting": self.waiting.load(Relaxed), "oldest_waiting_ms": null, "offset_ms": 0,
            "last_sync_ms": now_ms(),
        });
        // Presence is a courtesy: whoever is not heard of is shown as lost.
        if let Err(error) = self.pass.post("presence", &report.to_string()).await {
            tracing::debug!(%error, "a tablet could not tell how it is");
        }
    }
}

pub(super) fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
