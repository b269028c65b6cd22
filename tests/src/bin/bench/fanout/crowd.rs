//! Ten thousand people who listen, some of whom do not.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::task::JoinHandle;

use super::line::Line;
use super::served::SLUG;

/// Of every so many one never reads: 5 %.
const STALLED_ONE_IN: usize = 20;
/// The time of every frame is kept for so many of them.
const WATCHED: usize = 100;
/// How many connect at the same time.
const AT_ONCE: usize = 200;
/// One who does not read is cut by then, and comes again.
const STALLED_FOR: Duration = Duration::from_secs(25);
const PATIENCE: Duration = Duration::from_secs(60);

/// What one of them has heard.
#[derive(Default, Clone)]
pub(crate) struct Heard {
    epoch: String,
    hellos: u32,
    /// The last position that was heard.
    pub(crate) at: u64,
    /// Every piece of news, in order, in one number.
    pub(crate) news: u64,
    pub(crate) hash: u64,
    pub(crate) last_news: u64,
    pub(crate) out_of_order: u64,
    pub(crate) snapshots: u32,
    pub(crate) seen: Vec<(Instant, u64)>,
    pub(crate) broken: u32,
}

pub(crate) struct Crowd {
    address: SocketAddr,
    heard: Arc<Vec<Mutex<Heard>>>,
    tasks: Vec<JoinHandle<()>>,
}

impl Crowd {
    pub(crate) fn of(address: SocketAddr, listeners: usize) -> Self {
        let heard = (0..listeners).map(|_| Mutex::default()).collect();
        Crowd { address, heard: Arc::new(heard), tasks: Vec::new() }
    }

    /// Everybody comes at once, and has heard an opening when this returns. Who has been here before says so.
    pub(crate) async fn come(&mut self) -> Result<()> {
        let before: Vec<_> = self.reading().map(|(_, heard)| heard.hellos).collect();
        let places = Arc::new(tokio::sync::Semaphore::new(AT_ONCE));
        for number in 0..self.heard.len() {
            let (heard, address, places) = (self.heard.clone(), self.address, places.clone());
            self.tasks.push(tokio::spawn(async move {
                let line = {
                    // Ours to keep while the connection is made; the semaphore lives as long as the tasks.
                    let _place = places.acquire().await;
                    connect(address, number, &heard).await
                };
                let Ok(line) = line else {
                    lock(&heard[number]).broken += 1;
                    return;
                };
                if is_stalled(number) {
                    return stall(address, number, &heard, line).await;
                }
                listen(line, &heard[number], number).await;
            }));
        }
        let deadline = Instant::now() + PATIENCE;
        while self.reading().zip(&before).any(|((_, heard), before)| heard.hellos == *before) {
            anyhow::ensure!(Instant::now() < deadline, "not everybody was let in within {PATIENCE:?}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(())
    }

    pub(crate) fn leave(&mut self) {
        self.tasks.drain(..).for_each(|task| task.abort());
    }

    /// Those who read.
    pub(crate) fn reading(&self) -> impl Iterator<Item = (usize, MutexGuard<'_, Heard>)> {
        let all = self.heard.iter().enumerate().filter(|(number, _)| !is_stalled(*number));
        all.map(|(number, heard)| (number, lock(heard)))
    }

    /// Those of whom the time of every frame is known.
    pub(crate) fn watched(&self) -> Vec<Vec<(Instant, u64)>> {
        self.reading()
            .filter(|(number, _)| is_watched(*number))
            .map(|(_, heard)| heard.seen.clone())
            .collect()
    }
}

fn is_stalled(number: usize) -> bool {
    number % STALLED_ONE_IN == 7
}

fn is_watched(number: usize) -> bool {
    number < WATCHED
}

fn lock(heard: &Mutex<Heard>) -> MutexGuard<'_, Heard> {
    heard.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn connect(address: SocketAddr, number: usize, heard: &[Mutex<Heard>]) -> Result<Line> {
    let after = {
        let heard = lock(&heard[number]);
        if heard.hellos > 0 { format!("?after={}:{}", heard.epoch, heard.at) } else { String::new() }
    };
    Line::open(address, &format!("/a/{SLUG}/live{after}"), None, number).await
}

async fn stall(address: SocketAddr, number: usize, heard: &[Mutex<Heard>], mut line: Line) {
    loop {
        tokio::time::sleep(STALLED_FOR).await;
        drop(line);
        match connect(address, number, heard).await {
            Ok(again) => line = again,
            Err(_) => return,
        }
    }
}

async fn listen(mut line: Line, heard: &Mutex<Heard>, number: usize) {
    let went_on = |frame: &[u8]| lock(heard).take(frame, is_watched(number));
    while line.hear(went_on).await.is_ok() {}
    lock(heard).broken += 1;
}

impl Heard {
    fn take(&mut self, frame: &[u8], is_watched: bool) {
        let position = number_after(frame, b"\"position\":");
        match &frame[..frame.len().min(20)] {
            [b'{', b'"', b'p', ..] => self.take_news(position),
            first if first.starts_with(b"{\"type\":\"state\"") => {
                self.at = position;
                if is_watched {
                    self.seen.push((Instant::now(), position));
                }
            }
            first if first.starts_with(b"{\"type\":\"snapshot\"") => {
                self.snapshots += 1;
                self.at = position;
            }
            first if first.starts_with(b"{\"type\":\"hello\"") => {
                let text = String::from_utf8_lossy(frame);
                self.epoch = text.split('"').nth(7).unwrap_or_default().to_owned();
                self.hellos += 1;
            }
            _ => {}
        }
    }

    fn take_news(&mut self, position: u64) {
        self.out_of_order += u64::from(position <= self.last_news);
        (self.last_news, self.news) = (position, self.news + 1);
        self.hash = (self.hash ^ position).wrapping_mul(0x0000_0100_0000_01b3);
    }
}

/// The first number behind these bytes.
fn number_after(frame: &[u8], name: &[u8]) -> u64 {
    let place = frame.windows(name.len()).position(|part| part == name);
    let digits = place.map_or(&[][..], |place| &frame[place + name.len()..]);
    digits
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .fold(0, |number, byte| number * 10 + u64::from(byte - b'0'))
}
