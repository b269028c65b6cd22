//! The one place that watches an assembly's views and speaks to everyone who listens.
//!
//! There are two crowds. The audience is told at the pace of the configuration; those who work with the feed, and the
//! screens in the hall, ten times a second. Both hear the same frames.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use domain::{AssemblyId, Role};
use projections::{Beside, Projection, WordsReader};
use serde::Serialize;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

use super::client::HEARTBEAT_S;
use super::crowd::{Crowd, Opening};
use super::log::Log;
use super::state::State;
use super::wire::{Batch, Frame};
use crate::counted::Latest;
use crate::presence::now;

/// For consoles and screens; a bar that moves more often looks no better.
const STAFF_TICK: Duration = Duration::from_millis(100);
/// Who is connected is told at most this often.
const CONNECTED_EVERY: Duration = Duration::from_secs(5);
/// Those who are sent away come back spread over so many milliseconds.
const COME_BACK_WITHIN_MS: u16 = 5_000;

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum Shape<'a> {
    Hello { epoch: &'a str, position: u64, server_time_ms: u64, tick_ms: u64, heartbeat_s: u16, mode: Mode },
    Presence(&'a Connected),
    Hb { position: u64 },
    Bye { after_ms: u16 },
}

/// What follows the hello.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
enum Mode {
    /// What was missed.
    Resume,
    /// Everything anew.
    Snapshot,
}

/// How many listen just now. Nobody is told who.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Connected {
    /// All of them.
    pub(crate) connected: u64,
    /// Those with a link, by its role.
    pub(crate) roles: BTreeMap<Role, u64>,
}

/// A handle; clones speak to the same listeners.
#[derive(Clone)]
pub(crate) struct Hub {
    audience: Crowd,
    staff: Crowd,
    connected: watch::Receiver<Told>,
}

/// What was told last of who is connected.
#[derive(Clone)]
struct Told {
    connected: Connected,
    frame: Frame,
}

impl Hub {
    /// `counted` is told whenever the views have moved on.
    pub(crate) fn start(
        assembly: AssemblyId,
        projection: Projection,
        words: Arc<WordsReader>,
        counted: Arc<Latest>,
        tick: Duration,
    ) -> Self {
        let newest = Arc::new(Newest::of(projection.clone(), words));
        let (tell, connected) = watch::channel(Told::of(Connected::default()));
        let epoch = epoch(assembly, &projection);
        let pace = |tick| {
            let shown = Shown::of(&newest, connected.clone(), &epoch, tick);
            let crowd = Crowd::new(epoch.clone(), Arc::new(shown));
            Pace { crowd, tick, due: Instant::now(), behind: Behind::No, state: newest.state() }
        };
        let (audience, staff) = (pace(tick), pace(tick.min(STAFF_TICK)));
        let hub = Self {
            audience: audience.crowd.clone(),
            staff: staff.crowd.clone(),
            connected: connected.clone(),
        };
        let watcher =
            Watcher { projection, newest, counted, connected, tell, epoch, paces: [audience, staff] };
        tokio::spawn(watcher.run());
        hub
    }

    /// The crowd that somebody listens with.
    pub(crate) fn crowd(&self, role: Option<Role>) -> &Crowd {
        match role {
            None | Some(Role::Participant | Role::BoardMember | Role::Observer | Role::Representative) => {
                &self.audience
            }
            Some(Role::Organiser | Role::Facilitator | Role::ThemeTeam | Role::Moderator | Role::Screen) => {
                &self.staff
            }
        }
    }

    /// Who is connected, as it was told last.
    pub(crate) fn connected(&self) -> Connected {
        self.connected.borrow().connected.clone()
    }

    /// From now on nobody is let in and no command is read; those that were read are answered.
    pub(crate) fn shut_doors(&self) {
        self.audience.shut_doors();
        self.staff.shut_doors();
    }

    /// Sends everybody away, each with a time of their own to come back at.
    pub(crate) async fn send_away(&self) {
        tokio::join!(self.audience.send_away(bye), self.staff.send_away(bye));
    }
}

fn bye() -> Batch {
    let mut random = [0; 2];
    // Without chance everybody comes back at once, which is no reason to stay.
    let _ = getrandom::fill(&mut random);
    let after_ms = u16::from_le_bytes(random) % COME_BACK_WITHIN_MS;
    Batch::of(vec![Frame::json(&Shape::Bye { after_ms })])
}

/// Changes when another record is put in the place of this one: then a position says nothing any more. A record that
/// was restored from a backup is the same one, and is told by its positions: who knows more than it has looks at
/// everything anew.
fn epoch(assembly: AssemblyId, projection: &Projection) -> String {
    let convened =
        projection.read(|views| views.frame.about.as_ref().map(|about| about.convened_at.millis()));
    format!("{}-{}", assembly.0.simple(), convened.unwrap_or_default())
}

/// The views as they were looked at last, for both crowds.
struct Newest {
    projection: Projection,
    words: Arc<WordsReader>,
    seen: Mutex<Seen>,
    log: Mutex<Log>,
}

#[derive(Default)]
struct Seen {
    state: Arc<State>,
    beside: Beside,
}

impl Newest {
    fn of(projection: Projection, words: Arc<WordsReader>) -> Self {
        let log = Mutex::new(Log::new(words.clone()));
        let newest = Self { projection, words, seen: Mutex::default(), log };
        newest.look();
        newest
    }

    /// Looks at the views, unless nothing has happened since.
    fn look(&self) -> Arc<State> {
        let began = Instant::now();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let (state, news) = self.projection.read_with_news(|views, news| {
            let before = seen.state.position;
            if views.position == before && views.position > 0 {
                return (None, Some(Vec::new()));
            }
            let told = news.since(before).map(|told| told.cloned().collect::<Vec<_>>());
            (Some(State::look(views, &self.words, &mut seen.beside)), told)
        });
        let Some(state) = state else { return seen.state.clone() };
        tracing::debug!(
            position = state.position,
            micros = began.elapsed().as_micros(),
            "looked at the views"
        );
        let mut log = self.log();
        match news {
            Some(news) => news.into_iter().for_each(|told| log.push(told)),
            None => log.begin_after(state.position),
        }
        seen.state = Arc::new(state);
        seen.state.clone()
    }

    fn state(&self) -> Arc<State> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).state.clone()
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What one crowd was told last, and what newcomers to it are told.
struct Shown {
    newest: Arc<Newest>,
    connected: watch::Receiver<Told>,
    epoch: String,
    tick: Duration,
    state: Arc<State>,
    /// Encoded when the first one needs it.
    snapshot: OnceLock<Frame>,
    whole: OnceLock<Frame>,
}

impl Shown {
    fn of(newest: &Arc<Newest>, connected: watch::Receiver<Told>, epoch: &str, tick: Duration) -> Self {
        let (newest, state, epoch) = (newest.clone(), newest.state(), epoch.to_owned());
        let (snapshot, whole) = (OnceLock::new(), OnceLock::new());
        Self { newest, connected, epoch, tick, state, snapshot, whole }
    }

    fn snapshot(&self) -> Frame {
        self.snapshot.get_or_init(|| self.state.snapshot()).clone()
    }

    fn hello(&self, mode: Mode) -> Frame {
        Frame::json(&Shape::Hello {
            epoch: &self.epoch,
            position: self.state.position,
            server_time_ms: now().millis(),
            tick_ms: millis(self.tick),
            heartbeat_s: HEARTBEAT_S,
            mode,
        })
    }
}

impl Opening for Shown {
    fn opening(&self, after: Option<u64>) -> Batch {
        let missed = after.and_then(|after| self.newest.log().replay(after, self.state.position));
        let mut frames = match missed {
            Some(missed) => {
                let whole = self.whole.get_or_init(|| self.state.whole()).clone();
                [vec![self.hello(Mode::Resume)], missed, vec![whole]].concat()
            }
            None => vec![self.hello(Mode::Snapshot), self.snapshot()],
        };
        frames.push(self.connected.borrow().frame.clone());
        Batch::of(frames)
    }

    fn afresh(&self) -> Batch {
        Batch::of(vec![self.snapshot()])
    }

    fn heartbeat(&self) -> Batch {
        let position = self.state.position;
        Batch::of(vec![Frame::json(&Shape::Hb { position }).up_to(position)])
    }

    fn at(&self) -> (u64, Frame) {
        (self.state.position, self.snapshot())
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

impl Told {
    fn of(connected: Connected) -> Self {
        let frame = Frame::json(&Shape::Presence(&connected));
        Self { connected, frame }
    }
}

/// One crowd and how it is kept up.
struct Pace {
    crowd: Crowd,
    tick: Duration,
    /// When it may be told something again.
    due: Instant,
    behind: Behind,
    /// What it was told last.
    state: Arc<State>,
}

#[derive(Clone, Copy, PartialEq)]
enum Behind {
    No,
    Yes,
}

struct Watcher {
    projection: Projection,
    newest: Arc<Newest>,
    counted: Arc<Latest>,
    connected: watch::Receiver<Told>,
    tell: watch::Sender<Told>,
    epoch: String,
    paces: [Pace; 2],
}

impl Watcher {
    /// Until the views are not kept up any more; what had come by then is still told.
    async fn run(mut self) {
        let mut moved = self.projection.position();
        let mut count = interval(CONNECTED_EVERY);
        count.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut going = true;
        while going {
            let behind = self.paces.iter().filter(|pace| pace.behind == Behind::Yes);
            let next = behind.map(|pace| pace.due).min();
            tokio::select! {
                changed = moved.changed() => {
                    going = changed.is_ok();
                    self.counted.forget();
                    self.paces.iter_mut().for_each(|pace| pace.behind = Behind::Yes);
                }
                () = sleep_until(next.unwrap_or_else(Instant::now)), if next.is_some() => {}
                _ = count.tick() => self.count().await,
            }
            for place in 0..self.paces.len() {
                self.keep_up(place, going).await;
            }
        }
    }

    /// Tells one crowd what has happened, when its time has come. The first change after silence goes at once.
    async fn keep_up(&mut self, place: usize, going: bool) {
        let started = Instant::now();
        let Some(pace) = self.paces.get_mut(place) else { return };
        if pace.behind == Behind::No || (going && started < pace.due) {
            return;
        }
        pace.behind = Behind::No;
        let newest = self.newest.clone();
        // Words are read from the disk, and numbers are counted: other tasks of this thread must not wait for that.
        let Ok(state) = tokio::task::spawn_blocking(move || newest.look()).await else { return };
        let shown = Arc::new(Shown {
            state: state.clone(),
            ..Shown::of(&self.newest, self.connected.clone(), &self.epoch, pace.tick)
        });
        let batch = change(&self.newest.log(), &pace.state, &shown);
        pace.crowd.say(&batch, shown).await;
        pace.state = state;
        // Where telling takes long, most of the time is left for others.
        pace.due = started + pace.tick.max(2 * started.elapsed());
    }

    async fn count(&mut self) {
        let mut connected = Connected::default();
        for (role, number) in self.paces.iter().flat_map(|pace| pace.crowd.counts()) {
            connected.connected += number;
            if let Some(role) = role {
                *connected.roles.entry(role).or_default() += number;
            }
        }
        if connected == self.connected.borrow().connected {
            return;
        }
        let told = Told::of(connected);
        self.tell.send_replace(told.clone());
        let batch = Batch::of(vec![told.frame]);
        for pace in &self.paces {
            pace.crowd.say(&batch, pace.crowd.opening()).await;
        }
    }
}

/// Every piece of news since `before`, and then the numbers; or a snapshot where some of the news are not known any
/// more.
fn change(log: &Log, before: &State, shown: &Shown) -> Batch {
    match log.between(before.position, shown.state.position) {
        Some(news) => Batch::of(news.cloned().chain([shown.state.since(before)]).collect()),
        None => Batch::of(vec![shown.snapshot()]),
    }
}
