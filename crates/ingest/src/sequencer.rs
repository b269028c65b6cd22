//! One sequencer per assembly: the only one who writes its record, and the only one who decides.
//!
//! Callers hand in commands from any task; one thread owns the record and the state of the assembly, takes what is
//! waiting as one batch, decides in order, appends once, and only then answers.

mod erasing;
mod log;
mod worker;

use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::{self, JoinHandle};

use domain::{Actor, AssemblyId, Channel, Command, ContributionText, Reason, RoundNumber, VoiceTag};
use event_log::{Position, Reader, Sealed, Signer, Writer};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot, watch};
use uuid::Uuid;

use crate::{Access, Error, Receipt, Refusal, VoiceKey};
use log::Log;
use worker::{Alarm, Worker};

/// Most commands that wait for one assembly; the next one is told at once to come again.
pub const QUEUE_COMMANDS_MAX: usize = 8_192;
/// When a full queue is worth another try: a full one is worked off well within this time.
const BUSY_RETRY_S: u32 = 2;

/// One command with everything that the rules must know about its sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// The client's own id, by which a second coming is known.
    pub id: Uuid,
    pub command: Command,
    pub actor: Actor,
    pub channel: Channel,
    /// Whose voice it is, where it is a participant's.
    pub voice: Option<VoiceKey>,
}

/// Who asks for the erasure of a voice, and why.
#[derive(Clone, Debug)]
pub struct Asking {
    pub id: Uuid,
    pub actor: Actor,
    pub channel: Channel,
    /// An organiser has to give one.
    pub reason: Option<Reason>,
}

/// The promise that the event is in the record, on the disk. A repeated command gets the very same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ack {
    pub id: Uuid,
    /// Of the first event that the command made happen.
    pub position: Position,
    pub receipt: Receipt,
    pub recorded_at_ms: u64,
}

pub(crate) type Outcome = Result<Ack, Refusal>;

struct Order {
    submission: Submission,
    sealed: Option<Sealed>,
    answer: oneshot::Sender<Outcome>,
}

enum Job {
    Submit(Box<Order>),
    Checkpoint(Arc<Signer>),
    Stop,
}

/// A handle; clones speak to the same writer.
#[derive(Clone)]
pub struct Sequencer {
    assembly: AssemblyId,
    jobs: mpsc::Sender<Job>,
    head: watch::Receiver<Option<Position>>,
    failed: watch::Receiver<Option<String>>,
    halted: Arc<OnceLock<String>>,
    thread: Arc<Mutex<Option<JoinHandle<()>>>>,
}

impl Sequencer {
    /// Folds the whole record and starts the writer's thread. Both must be of the same record; the reader is kept
    /// for folding again after a batch that could not be written.
    pub fn start(writer: Writer, reader: Reader) -> Result<Sequencer, Error> {
        Self::over(writer, reader)
    }

    /// Makes an empty record in a folder and starts its writer.
    pub fn create(folder: &Path, assembly: AssemblyId) -> Result<Sequencer, Error> {
        let writer = Writer::create(folder, assembly.0)?;
        Self::start(writer, Reader::open(folder)?)
    }

    /// Opens the record in a folder and starts its writer.
    pub fn open(folder: &Path) -> Result<Sequencer, Error> {
        Self::start(Writer::open(folder)?, Reader::open(folder)?)
    }

    fn over<L: Log + 'static>(log: L, reader: Reader) -> Result<Sequencer, Error> {
        let (head_in, head) = watch::channel(log.head());
        let (failed_in, failed) = watch::channel(None);
        let (jobs, waiting) = mpsc::channel(QUEUE_COMMANDS_MAX);
        let assembly = AssemblyId(log.assembly());
        let worker = Worker::new(log, reader, head_in)?;
        let alarm = Alarm(failed_in);
        let thread = thread::Builder::new()
            .name("sequencer".to_owned())
            .spawn(move || worker::run(worker, waiting, &alarm))
            .map_err(Error::NoThread)?;
        let (halted, thread) = (Arc::default(), Arc::new(Mutex::new(Some(thread))));
        Ok(Sequencer { assembly, jobs, head, failed, halted, thread })
    }

    pub fn assembly(&self) -> AssemblyId {
        self.assembly
    }

    /// Records what the command makes happen, or says why not. The answer is the same for the same id, for ever.
    pub async fn submit(&self, submission: Submission) -> Outcome {
        self.enqueue(submission)?.outcome().await
    }

    /// Erases everything that one voice has said, known by the tag that it left on an answer in `round`. Where its key
    /// is kept these are its answers in every round, and the key goes too; where it is not, those in that round.
    pub async fn erase_voice(
        &self,
        access: &Arc<Access>,
        (round, tag): (RoundNumber, VoiceTag),
        by: Asking,
    ) -> Result<Ack, Refusal> {
        let voice = access.voice_of(self.assembly, round, tag)?;
        let command = Command::EraseVoice { tags: [tag].into(), reason: by.reason };
        let submission = Submission { id: by.id, command, actor: by.actor, channel: by.channel, voice };
        let pending = self.enqueue(submission)?;
        let pending = match voice {
            Some(voice) => pending.forgetting(Arc::clone(access), voice),
            None => pending,
        };
        pending.outcome().await
    }

    /// Puts the command in its place in the queue before it returns, so that commands of one sender keep their order.
    pub(crate) fn enqueue(&self, submission: Submission) -> Result<Pending, Refusal> {
        if self.halted.get().is_some() {
            return Err(Refusal::Unavailable);
        }
        let place = self.jobs.try_reserve().map_err(|error| match error {
            TrySendError::Full(()) => Refusal::Busy { retry_after_s: BUSY_RETRY_S },
            TrySendError::Closed(()) => Refusal::Unavailable,
        })?;
        let sealed = submission.command.words().map(seal).transpose()?;
        let (answer, pending) = oneshot::channel();
        place.send(Job::Submit(Box::new(Order { submission, sealed, answer })));
        Ok(Pending { answer: pending, forgets: None })
    }

    /// Asks for a checkpoint over what is recorded by then. The signer is kept: the writer signs again when the
    /// assembly closes and when it stops. Where the queue is full just now, the next asking will do.
    pub fn checkpoint(&self, signer: &Arc<Signer>) {
        // Nothing is signed over a record that was found wrong.
        if self.halted.get().is_none() {
            let _ = self.jobs.try_send(Job::Checkpoint(signer.clone()));
        }
    }

    /// The same, and where the queue is full it waits: what is not signed yet must not wait for a quieter time.
    pub(crate) async fn checkpoint_in_turn(&self, signer: &Arc<Signer>) {
        if self.halted.get().is_none() {
            // Nobody takes it where the writer has ended.
            let _ = self.jobs.send(Job::Checkpoint(signer.clone())).await;
        }
    }

    /// Whether the writer takes nothing more.
    pub(crate) fn has_ended(&self) -> bool {
        self.jobs.is_closed()
    }

    /// How many commands and other jobs wait for the writer just now.
    pub fn waiting(&self) -> usize {
        self.jobs.max_capacity() - self.jobs.capacity()
    }

    /// The doorbell: the last position that is on the disk.
    pub fn head(&self) -> watch::Receiver<Option<Position>> {
        self.head.clone()
    }

    /// Turns to the reason, for an operator, when the record could not be written any more. From then on everything
    /// is refused; the program has to end and start anew from what is on the disk. The channel closes without a reason
    /// when the sequencer was stopped.
    pub fn failed(&self) -> watch::Receiver<Option<String>> {
        self.failed.clone()
    }

    /// From now on everything is refused, because the record was found wrong; what is there can be read on. It is said
    /// once, and only a new start takes it back.
    pub fn halt(&self, why: &str) {
        if self.halted.set(why.to_owned()).is_ok() {
            tracing::error!(assembly = %self.assembly, %why, "the record does not verify and takes no more events");
        }
    }

    /// Why everything is refused, for an operator.
    pub fn halted(&self) -> Option<&str> {
        self.halted.get().map(String::as_str)
    }

    /// Takes nothing more, works off what waits, and returns when the record has been let go of. Other handles stay
    /// valid and are refused.
    pub async fn stop(self) {
        // Where the thread has ended already, nobody takes this and nothing is lost.
        let _ = self.jobs.send(Job::Stop).await;
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            // A panic of the thread has rung the alarm already.
            let _ = tokio::task::spawn_blocking(move || thread.join()).await;
        }
    }
}

fn seal(words: &ContributionText) -> Result<Sealed, Refusal> {
    Sealed::new(words.as_str()).map_err(|error| {
        tracing::error!(%error, "words could not be sealed");
        Refusal::Unavailable
    })
}

/// A command that has its place in the queue.
pub(crate) struct Pending {
    answer: oneshot::Receiver<Outcome>,
    forgets: Option<(Arc<Access>, VoiceKey)>,
}

impl Pending {
    /// When it was done, the key of this voice goes too, and only then is it acknowledged.
    pub(crate) fn forgetting(self, access: Arc<Access>, voice: VoiceKey) -> Self {
        Self { forgets: Some((access, voice)), ..self }
    }

    /// A writer that gave up before answering has promised nothing.
    pub(crate) async fn outcome(self) -> Outcome {
        let ack = self.answer.await.unwrap_or(Err(Refusal::Unavailable))?;
        if let Some((access, voice)) = self.forgets {
            access.forget(&voice)?;
        }
        Ok(ack)
    }
}

#[cfg(test)]
pub(crate) mod tests;
