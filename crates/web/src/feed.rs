//! The live feed: what open pages are told, encoded once and shared by everyone who listens.
//!
//! `hello` first, then one `snapshot`, then `state` frames: at most one per tick, absolute values, changed rows only.
//! A listener that falls behind loses its queue and gets a snapshot; nothing is dropped silently. The first change
//! after silence goes at once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::Utf8Bytes;
use domain::{ContributionId, ThemeId};
use futures_util::Stream;
use projections::figure::State as Standing;
use projections::summary::quotes_beside;
use projections::tally::Whole;
use projections::{Coverage, Projection, Query, Tallies, ThemeTally, Views, WordsReader, tallies};
use serde::Serialize;
use tokio::sync::{broadcast, watch};

use crate::counted::Latest;
use crate::pages::hearing::{coverage_line, percent};
use crate::say::{Message, say};

/// Frames kept for a listener that is slow; one more and it gets a snapshot instead.
const QUEUE_FRAMES: usize = 64;
/// A frame is sent at least this often, so that a page can tell silence from a dead line.
const HEARTBEAT: Duration = Duration::from_secs(10);

#[derive(Clone, Debug, PartialEq, Serialize)]
struct Row {
    id: ThemeId,
    name: String,
    contributions: u64,
    tables: u64,
    heard_from: u64,
    remote_voices: u64,
    other: u64,
    quote: Option<String>,
    /// The counts as the page says them, side by side.
    parts: [Part; 3],
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct Part {
    side: &'static str,
    text: String,
    /// 0 to 100.
    percent: u64,
}

impl Part {
    fn new(side: &'static str, message: Message, n: u64, of: u64) -> Self {
        Self { side, text: message.num("n", n).num("of", of).to_string(), percent: percent(n, of) }
    }
}

impl Row {
    fn of(tally: &ThemeTally, whole: Whole, quote: Option<String>) -> Self {
        Self {
            id: tally.theme,
            name: tally.name.clone(),
            contributions: tally.contributions,
            tables: tally.tables,
            heard_from: tally.heard_from,
            remote_voices: tally.remote_voices,
            other: tally.other_contributions,
            quote,
            parts: [
                Part::new("tables", say("n-of-tables"), tally.tables, whole.tables),
                Part::new("voices", say("n-of-voices"), tally.remote_voices, whole.remote_voices),
                Part::new(
                    "other",
                    say("n-of-contributions"),
                    tally.other_contributions,
                    whole.other_contributions,
                ),
            ],
        }
    }
}

/// Everything that the feed speaks of, at one position.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
struct State {
    position: u64,
    /// The round that is open, if one is.
    round: Option<u16>,
    of: Whole,
    coverage: Coverage,
    coverage_text: String,
    /// Theme ids in the order in which they are shown.
    order: Vec<ThemeId>,
    #[serde(skip)]
    rows: BTreeMap<ThemeId, Row>,
    /// Contributions whose words open pages have to forget.
    #[serde(skip)]
    erased: BTreeSet<ContributionId>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum Frame<'a> {
    Hello {
        epoch: &'a str,
        position: u64,
        tick_ms: u64,
        heartbeat_s: u64,
        mode: &'static str,
    },
    /// With everything that was ever erased, so that a page which comes back forgets it too.
    Snapshot {
        state: &'a State,
        themes: Vec<&'a Row>,
        erased: &'a BTreeSet<ContributionId>,
    },
    State {
        state: &'a State,
        themes: Vec<&'a Row>,
    },
    Erased {
        id: ContributionId,
    },
    Hb {
        position: u64,
    },
}

impl Frame<'_> {
    fn text(&self) -> Utf8Bytes {
        // Our own types always serialise.
        serde_json::to_string(self).unwrap_or_default().into()
    }
}

/// The one place that watches an assembly's views and speaks to everyone who listens.
#[derive(Clone)]
pub(crate) struct Hub {
    frames: broadcast::Sender<Utf8Bytes>,
    snapshot: watch::Receiver<Utf8Bytes>,
    hello: Arc<dyn Fn() -> Utf8Bytes + Send + Sync>,
}

impl Hub {
    /// `counted` is told whenever the views have moved on.
    pub(crate) fn start(
        projection: Projection,
        words: Arc<WordsReader>,
        counted: Arc<Latest>,
        tick: Duration,
    ) -> Self {
        let state = look(&projection, &words);
        let (frames, _) = broadcast::channel(QUEUE_FRAMES);
        let (latest, snapshot) = watch::channel(snapshot_of(&state));
        let hello = hello(&projection, tick);
        let hub = Self { frames: frames.clone(), snapshot, hello };
        tokio::spawn(run(Watcher { projection, words, counted, tick, frames, latest }, state));
        hub
    }

    /// What one listener hears. It is subscribed before the snapshot is taken, so that nothing falls between; a frame
    /// that the snapshot holds already repeats absolute values and does no harm.
    pub(crate) fn listen(&self) -> impl Stream<Item = Utf8Bytes> + use<> {
        let opening = (self.frames.subscribe(), vec![self.snapshot.borrow().clone(), (self.hello)()]);
        let snapshot = self.snapshot.clone();
        futures_util::stream::unfold((opening, snapshot), async |((mut live, mut pending), snapshot)| {
            if let Some(frame) = pending.pop() {
                return Some((frame, ((live, pending), snapshot)));
            }
            let frame = match live.recv().await {
                Ok(frame) => frame,
                Err(broadcast::error::RecvError::Lagged(_)) => {
                    live = live.resubscribe();
                    snapshot.borrow().clone()
                }
                Err(broadcast::error::RecvError::Closed) => return None,
            };
            Some((frame, ((live, pending), snapshot)))
        })
    }
}

fn hello(projection: &Projection, tick: Duration) -> Arc<dyn Fn() -> Utf8Bytes + Send + Sync> {
    let projection = projection.clone();
    let epoch = projection.read(|views| views.frame.about.as_ref().map(|about| about.convened_at.millis()));
    let epoch = epoch.unwrap_or_default().to_string();
    let tick_ms = u64::try_from(tick.as_millis()).unwrap_or(u64::MAX);
    Arc::new(move || {
        let position = projection.read(|views| views.position);
        let heartbeat_s = HEARTBEAT.as_secs();
        Frame::Hello { epoch: &epoch, position, tick_ms, heartbeat_s, mode: "snapshot" }.text()
    })
}

struct Watcher {
    projection: Projection,
    words: Arc<WordsReader>,
    counted: Arc<Latest>,
    tick: Duration,
    frames: broadcast::Sender<Utf8Bytes>,
    latest: watch::Sender<Utf8Bytes>,
}

async fn run(watcher: Watcher, mut state: State) {
    let mut moved = watcher.projection.position();
    loop {
        match tokio::time::timeout(HEARTBEAT, moved.changed()).await {
            Ok(Err(_)) => return,
            Ok(Ok(())) => {
                watcher.counted.forget();
                let now = look(&watcher.projection, &watcher.words);
                watcher.latest.send_replace(snapshot_of(&now));
                // Nobody listening is no error.
                for id in now.erased.difference(&state.erased) {
                    drop(watcher.frames.send(Frame::Erased { id: *id }.text()));
                }
                drop(watcher.frames.send(change(&state, &now)));
                state = now;
                tokio::time::sleep(watcher.tick).await;
            }
            Err(_) => drop(watcher.frames.send(Frame::Hb { position: state.position }.text())),
        }
    }
}

fn look(projection: &Projection, words: &WordsReader) -> State {
    projection.read(|views| state_of(views, &tallies(views, None), words))
}

fn state_of(views: &Views, tallies: &Tallies, words: &WordsReader) -> State {
    let order: Vec<_> = tallies.themes.iter().map(|tally| tally.theme).collect();
    let mut quotes = quotes_beside(views, &|position| words.words(position), &order, None);
    let mut row = |tally: &ThemeTally| {
        let quote = quotes.remove(&tally.theme).map(|quote| quote.words);
        (tally.theme, Row::of(tally, tallies.of, quote))
    };
    State {
        position: tallies.position,
        round: views.open_round().map(|(number, _)| number.get()),
        of: tallies.of,
        coverage: tallies.coverage,
        coverage_text: coverage_line(&tallies.coverage).to_string(),
        erased: erased(views),
        rows: tallies.themes.iter().map(&mut row).collect(),
        order,
    }
}

fn erased(views: &Views) -> BTreeSet<ContributionId> {
    let erased = Query::state(Standing::Erased).select(views);
    erased.into_iter().map(|(_, entry)| entry.contribution).collect()
}

fn snapshot_of(state: &State) -> Utf8Bytes {
    Frame::Snapshot { state, themes: state.rows.values().collect(), erased: &state.erased }.text()
}

fn change(before: &State, now: &State) -> Utf8Bytes {
    let changed = now.rows.iter().filter(|(id, row)| before.rows.get(id) != Some(row));
    Frame::State { state: now, themes: changed.map(|(_, row)| row).collect() }.text()
}
