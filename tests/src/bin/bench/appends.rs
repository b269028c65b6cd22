//! Callers who append to one record, the way the engine does it: each seals its own words, and one thread writes.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use domain::event::Contributed;
use domain::{Channel, ContributionId, Event, Form, Kind, RoundNumber, TableNumber};
use event_log::{NewEvent, Origin, Position, Sealed, Signer, Writer};
use tokio::sync::{mpsc, oneshot};
use uuid::{Builder, Uuid};

use crate::spread::Spread;

/// How many may wait in front of the writer, and how many it takes at once.
const QUEUE: usize = 8_192;
const BATCH: usize = 512;
/// How often a checkpoint is signed meanwhile; a server does it every ten seconds.
const SIGN_EVERY: Duration = Duration::from_secs(1);

/// About 120 characters, as long as a sentence that somebody says at a table.
const WORDS: &str = "The last bus leaves at six, so whoever works late in the town has to walk home \
                     along a road that has no light at all.";
/// Tables at which it is said, in turn.
const TABLES: u64 = 30;

struct Job {
    event: NewEvent,
    answer: oneshot::Sender<Position>,
}

/// The record of `folder`, which is made where there is none, and the key of its log.
pub(crate) fn open(folder: &Path) -> Result<(Writer, Signer)> {
    let writer = if folder.join("record.db").exists() {
        Writer::open(folder)?
    } else {
        Writer::create(folder, Uuid::from_u128(1))?
    };
    let signer = Signer::open_or_create(&folder.join("log.key"), Origin::new("bench.example/log")?)?;
    Ok((writer, signer))
}

/// A closed loop: each of the callers waits for its answer before it goes on.
pub(crate) fn measure(folder: &Path, callers: usize, each: Duration) -> Result<Spread> {
    let (mut writer, signer) = open(folder)?;
    let (queue, jobs) = mpsc::channel(QUEUE);
    let writing = thread::spawn(move || write(&mut writer, &signer, jobs));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_time().build()?;
    let start = Instant::now();
    let micros = runtime.block_on(all(callers, queue, start + each))?;
    let elapsed = start.elapsed();
    writing.join().ok().context("the writer panicked")??;
    Ok(Spread::of(micros, elapsed))
}

async fn all(callers: usize, queue: mpsc::Sender<Job>, end: Instant) -> Result<Vec<u64>> {
    // Numbers that an earlier run over the same record has not used.
    let ids = Arc::new(AtomicU64::new(now_ms() << 24));
    let tasks: Vec<_> =
        (0..callers).map(|_| tokio::spawn(call(queue.clone(), Arc::clone(&ids), end))).collect();
    // The writer ends when the last sender is gone, so this one must not be kept.
    drop(queue);
    let mut micros = Vec::new();
    for task in tasks {
        micros.extend(task.await??);
    }
    Ok(micros)
}

/// The latency that a caller sees includes the sealing and the wait in the queue.
async fn call(queue: mpsc::Sender<Job>, ids: Arc<AtomicU64>, end: Instant) -> Result<Vec<u64>> {
    let mut micros = Vec::new();
    while Instant::now() < end {
        let before = Instant::now();
        let event = said(ids.fetch_add(1, Ordering::Relaxed))?;
        let (answer, answered) = oneshot::channel();
        queue.send(Job { event, answer }).await.ok().context("the writer has stopped")?;
        answered.await.context("the writer has stopped")?;
        micros.push(before.elapsed().as_micros() as u64);
    }
    Ok(micros)
}

/// A contribution as the engine records it.
pub(crate) fn said(number: u64) -> Result<NewEvent> {
    let mut random = [0; 10];
    random[2..].copy_from_slice(&number.to_be_bytes());
    let id = Builder::from_unix_timestamp_millis(now_ms(), &random).into_uuid();
    let table = TableNumber::new(1 + (number % TABLES) as u16);
    let said = Contributed {
        contribution: ContributionId(id),
        round: RoundNumber::new(2).context("a round")?,
        version: 1,
        table,
        kind: Kind::Point,
        form: Form::Paraphrase,
        read_back: false,
        heard_from: Some(4),
        said_at: None,
    };
    let payload = serde_json::value::to_raw_value(&said)?;
    let event = Event::Contributed(said);
    Ok(NewEvent {
        kind: event.kind().into(),
        schema: 1,
        stream: event.stream(),
        channel: Some(Channel::Room.as_str().into()),
        device: table.map(|table| format!("table-{table}")),
        voice: None,
        id: Some(id),
        reference: event.reference(),
        payload,
        words: Some(Sealed::new(WORDS)?),
    })
}

/// Takes whatever waits, up to a batch, and answers when it is on the disk.
fn write(writer: &mut Writer, signer: &Signer, mut jobs: mpsc::Receiver<Job>) -> Result<()> {
    let mut taken = Vec::with_capacity(BATCH);
    let mut signed = Instant::now();
    while ingest::queue::take(&mut jobs, &mut taken, BATCH) {
        let (events, answers): (Vec<_>, Vec<_>) = taken.drain(..).map(|job| (job.event, job.answer)).unzip();
        let appended = writer.append(&events, now_ms())?;
        for (answer, appended) in answers.into_iter().zip(appended) {
            // A caller that no longer waits has nothing to be told.
            let _ = answer.send(appended.position);
        }
        if signed.elapsed() > SIGN_EVERY {
            writer.checkpoint(signer)?;
            signed = Instant::now();
        }
    }
    Ok(())
}

pub(crate) fn now_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
}
