//! Follows the record and keeps the views up with it.
//!
//! A follower is woken by the sequencer's doorbell or, because a doorbell can be missed, by a poll once a second.
//! Either way it reads from the record itself: nothing is handed over that could be lost.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use domain::Timestamp;
use event_log::{Position, Reader};
use tokio::sync::watch;

use crate::Error;
use crate::Recorded;
use crate::news::{self, Latest};
use crate::store::{self, Store, Stored};
use crate::views::{Touched, Views};

/// Events read in one go; each page is one short read transaction and one commit.
const PAGE_EVENTS: usize = 1_000;
const POLL: Duration = Duration::from_secs(1);
/// A record up to this length is folded once more at the start, for the news at its end; who comes back after a restart
/// is then told what they have missed. With a longer one the start would take seconds, and they look at everything anew.
const REFILL_EVENTS_MAX: u64 = 300_000;

/// The live views of one assembly, shared by every page.
#[derive(Clone)]
pub struct Projection {
    live: Arc<RwLock<Live>>,
    position: watch::Receiver<u64>,
}

/// The views, and what was news on the way to them.
struct Live {
    views: Views,
    news: Latest,
}

impl Projection {
    /// Brings the views up to the record's head, then follows it on a thread of its own until `head` is dropped.
    pub fn follow(folder: &Path, head: watch::Receiver<Option<Position>>) -> Result<Self, Error> {
        let record = Reader::open(folder)?;
        let mut store = Store::open_or_begin(folder)?;
        let stored = match store.load(&record) {
            // Nothing in it is needed.
            Err(error @ Error::Store { .. }) => {
                tracing::warn!(%error, "the views cannot be read and are rebuilt from the record");
                drop(store);
                store::remove(folder);
                store = Store::open(folder)?;
                None
            }
            read => read?,
        };
        if stored.is_none() {
            store.clear()?;
        }
        let views = stored.unwrap_or_default();
        let news = news_before(&record, views.position)?;
        let live = Arc::new(RwLock::new(Live { views, news }));
        let (doorbell, position) = watch::channel(0);
        let mut follower =
            Follower { record, store, live: live.clone(), unsaved: Touched::default(), doorbell };
        follower.catch_up()?;
        let runtime = tokio::runtime::Handle::current();
        let run = move || follower.run(&runtime, head);
        std::thread::Builder::new().name("projection".into()).spawn(run).map_err(Error::Thread)?;
        Ok(Self { live, position })
    }

    /// The views of a record that nobody is writing, or as they are at this moment; nothing is stored. With
    /// `until`, as they were at that position.
    pub fn load(folder: &Path, until: Option<Position>) -> Result<Views, Error> {
        let record = Reader::open(folder)?;
        let mut views = Views::default();
        fold_to(&record, &mut views, until)?;
        Ok(views)
    }

    /// Reads the views. The closure must be short: while it runs, the follower waits.
    pub fn read<T>(&self, look: impl FnOnce(&Views) -> T) -> T {
        self.read_with_news(|views, _| look(views))
    }

    /// The same, with the news that led to these views.
    pub fn read_with_news<T>(&self, look: impl FnOnce(&Views, &Latest) -> T) -> T {
        // A panic in another reader left the views whole: readers cannot change them.
        let live = self.live.read().unwrap_or_else(PoisonError::into_inner);
        look(&live.views, &live.news)
    }

    /// Rings whenever the views have moved on; its value is their position.
    pub fn position(&self) -> watch::Receiver<u64> {
        self.position.clone()
    }

    /// Waits until the views hold `position`, so that whoever wrote an event sees it on the next page.
    pub async fn wait_for(&self, position: u64) {
        let mut seen = self.position.clone();
        let reached = seen.wait_for(|at| *at >= position);
        // Past this time the page is drawn as it is; it says at which position it was counted.
        drop(tokio::time::timeout(Duration::from_secs(2), reached).await);
    }
}

struct Follower {
    record: Reader,
    store: Store,
    live: Arc<RwLock<Live>>,
    /// What the store does not hold yet: a save that failed must not be forgotten by the next one.
    unsaved: Touched,
    doorbell: watch::Sender<u64>,
}

impl Follower {
    fn run(mut self, runtime: &tokio::runtime::Handle, mut head: watch::Receiver<Option<Position>>) {
        loop {
            let rung = runtime.block_on(async { tokio::time::timeout(POLL, head.changed()).await });
            if let Err(error) = self.catch_up() {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the views cannot follow the record"
                );
            }
            if matches!(rung, Ok(Err(_))) {
                return;
            }
        }
    }

    fn catch_up(&mut self) -> Result<(), Error> {
        loop {
            let after = self.at();
            let mut page = Vec::new();
            self.record.each(Position::new(after), PAGE_EVENTS, |public| -> Result<_, Error> {
                page.push(Recorded::read(&public)?);
                Ok(ControlFlow::Continue(()))
            })?;
            let Some(last) = page.last() else { return Ok(()) };
            let leaf = last.leaf;
            {
                let mut live = self.live.write().unwrap_or_else(PoisonError::into_inner);
                for recorded in &page {
                    let (touched, told) = news::apply(&mut live.views, recorded);
                    self.unsaved.add(touched);
                    live.news.push(told);
                }
            }
            let live = self.live.read().unwrap_or_else(PoisonError::into_inner);
            self.store.save(&live.views, &self.unsaved, &leaf)?;
            self.unsaved = Touched::default();
            self.doorbell.send_replace(live.views.position);
        }
    }

    fn at(&self) -> u64 {
        let live = self.live.read().unwrap_or_else(PoisonError::into_inner);
        let position = live.views.position;
        // A save that failed has left it unrung; a bell that rings for nothing would wake everybody who listens.
        self.doorbell.send_if_modified(|told| std::mem::replace(told, position) != position);
        position
    }
}

/// The news that led up to `position`. They are of the fold and cannot be read from its result.
fn news_before(record: &Reader, position: u64) -> Result<Latest, Error> {
    if position > REFILL_EVENTS_MAX {
        return Ok(Latest::beginning_after(position));
    }
    let (mut views, mut news) = (Views::default(), Latest::default());
    while views.position < position {
        let before = views.position;
        record.each(Position::new(before), PAGE_EVENTS, |public| -> Result<_, Error> {
            if public.position.get() > position {
                return Ok(ControlFlow::Break(()));
            }
            news.push(news::apply(&mut views, &Recorded::read(&public)?).1);
            Ok(ControlFlow::Continue(()))
        })?;
        if views.position == before {
            break;
        }
    }
    Ok(news)
}

/// Folds what the record has after the views' position, up to and with `until`.
fn fold_to(record: &Reader, views: &mut Views, until: Option<Position>) -> Result<(), Error> {
    loop {
        let before = views.position;
        record.each(Position::new(before), PAGE_EVENTS, |public| -> Result<_, Error> {
            if until.is_some_and(|until| public.position > until) {
                return Ok(ControlFlow::Break(()));
            }
            views.apply(&Recorded::read(&public)?);
            Ok(ControlFlow::Continue(()))
        })?;
        if views.position == before {
            return Ok(());
        }
    }
}

/// The last event that was recorded at that time or before it. Times in a record never go back.
pub fn position_at(folder: &Path, at: Timestamp) -> Result<Option<Position>, Error> {
    let record = Reader::open(folder)?;
    let (mut known, mut end) = (0, record.head()?.map_or(0, Position::get));
    while known < end {
        let middle = end - (end - known) / 2;
        let there = Position::new(middle).map(|middle| record.at(middle)).transpose()?.flatten();
        match there.is_some_and(|event| event.recorded_at_ms <= at.millis()) {
            true => known = middle,
            false => end = middle - 1,
        }
    }
    Ok(Position::new(known))
}

/// What a replay found.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Replay {
    /// Events folded, from position 1.
    pub events: u64,
    /// SHA-256 of the rebuilt views.
    pub views_sha256: String,
    /// Whether stored views were there to compare with; they were byte-identical, or this would be an error.
    pub compared: bool,
}

/// Rebuilds the views of a record that nobody is writing, from position 1, and compares them with the stored ones.
pub fn replay(folder: &Path) -> Result<Replay, Error> {
    let record = Reader::open(folder)?;
    let stored = Store::open_or_begin(folder)?.read(&record)?;
    let mut views = Views::default();
    let (compared, differs) = match stored {
        Stored::Views(stored) => {
            fold_to(&record, &mut views, Position::new(stored.position))?;
            (true, (store::digest(&stored) != store::digest(&views)).then_some(stored.position))
        }
        Stored::Damaged { position } => (false, Some(position)),
        Stored::Absent => (false, None),
    };
    fold_to(&record, &mut views, None)?;
    rebuild(folder, &record, &views)?;
    match differs {
        Some(position) => Err(Error::Differs { position }),
        None => Ok(Replay { events: views.position, views_sha256: store::digest(&views), compared }),
    }
}

/// Fails where the stored views hold events that the record does not. Views are made from what is on the disk, so the
/// record has lost its end since then, or an older one lies in its place: ask before anything is put behind it. Views that
/// cannot be read tell nothing.
pub fn not_ahead(folder: &Path) -> Result<(), Error> {
    if !store::path(folder).is_file() {
        return Ok(());
    }
    let stored = Store::open_to_read(folder).and_then(|store| store.sure_position());
    let Ok(Some(position)) = stored else { return Ok(()) };
    let head = Reader::open(folder)?.head()?.map_or(0, Position::get);
    if position > head { Err(Error::Ahead { position, head }) } else { Ok(()) }
}

/// Compares the stored views with the record, and gives the position that they stand at; nothing where there are none
/// of this version. Also right while somebody keeps them up.
pub fn compare(folder: &Path) -> Result<Option<u64>, Error> {
    if !store::path(folder).is_file() {
        return Ok(None);
    }
    let record = Reader::open(folder)?;
    let store = Store::open_to_read(folder)?;
    let Some(position) = store.position()? else { return Ok(None) };
    let head = record.head()?.map_or(0, Position::get);
    if position > head {
        return Err(Error::Ahead { position, head });
    }
    let Some(stored) = store.load(&record)? else { return Err(Error::Unlike { position }) };
    let mut views = Views::default();
    fold_to(&record, &mut views, Position::new(stored.position))?;
    let same = store::digest(&stored) == store::digest(&views);
    if same { Ok(Some(stored.position)) } else { Err(Error::Unlike { position: stored.position }) }
}

fn rebuild(folder: &Path, record: &Reader, views: &Views) -> Result<(), Error> {
    store::remove(folder);
    let mut store = Store::open(folder)?;
    let head = Position::new(views.position).map(|position| record.at(position)).transpose()?.flatten();
    match head {
        Some(head) => store.save(views, &views.all(), &head.leaf),
        None => Ok(()),
    }
}
