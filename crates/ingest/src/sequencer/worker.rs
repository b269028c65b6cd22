//! The thread of the sequencer: it owns the record and the state, and nothing else touches either.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use domain::{Assembly, AssemblyId, Command, Context, ContributionText, Event, Meta, Rejection, Timestamp};
use event_log::{Appended, NewEvent, Position, Reader, Recorded, Sealed, Signer, Words};
use tokio::sync::mpsc::error::TryRecvError;
use tokio::sync::{mpsc, oneshot, watch};
use uuid::Uuid;

use super::erasing::Erasing;
use super::log::Log;
use super::{Ack, Job, Order, Outcome, Submission};
use crate::{Error, Receipt, Refusal, VoiceKey, clock, code, queue};

/// Most commands that share one transaction.
const BATCH_COMMANDS_MAX: usize = 512;
const PAGE_EVENTS: usize = 2_000;
const STORAGE_FULL_RETRY_S: u32 = 30;
const RECORD_BUSY_RETRY_S: u32 = 5;
/// How soon an erasure that could not be finished is tried again.
const ERASE_AGAIN: Duration = Duration::from_millis(100);

/// Tells the program that this record takes no more events.
pub(super) struct Alarm(pub(super) watch::Sender<Option<String>>);

impl Alarm {
    fn ring(&self, why: String) {
        tracing::error!(%why, "the record takes no more events");
        self.0.send_replace(Some(why));
    }
}

/// A panic must not look like a thread that is merely slow.
impl Drop for Alarm {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.ring("the thread of the writer panicked".to_owned());
        }
    }
}

/// Works until everybody has gone or somebody says stop, and what waits then is done first. After a failure it only
/// refuses: dropping an order unanswered is a refusal.
pub(super) fn run<L: Log>(mut worker: Worker<L>, mut jobs: mpsc::Receiver<Job>, alarm: &Alarm) {
    if let Err(error) = work_off(&mut worker, &mut jobs) {
        alarm.ring(error.to_string());
        jobs.close();
    }
}

fn work_off<L: Log>(worker: &mut Worker<L>, jobs: &mut mpsc::Receiver<Job>) -> Result<(), Error> {
    let mut waiting = Vec::with_capacity(BATCH_COMMANDS_MAX);
    while worker.gather(jobs, &mut waiting) {
        let mut orders = Vec::with_capacity(waiting.len());
        let mut asked = false;
        for job in waiting.drain(..) {
            match job {
                Job::Submit(order) => orders.push(*order),
                Job::Checkpoint(signer) => {
                    worker.take(signer)?;
                    asked = true;
                }
                Job::Stop => jobs.close(),
            }
        }
        let was_closed = worker.state.is_closed();
        worker.work(orders)?;
        if asked || worker.state.is_closed() != was_closed {
            worker.sign()?;
        }
    }
    worker.sign()
}

pub(super) struct Worker<L> {
    log: L,
    reader: Reader,
    assembly: AssemblyId,
    /// Everything that is recorded, and during a batch also what is about to be.
    state: Assembly,
    /// Of the last event; time does not go back behind it.
    last_at: Timestamp,
    erasing: Erasing,
    head: watch::Sender<Option<Position>>,
    /// Signs checkpoints: when somebody asks, when the assembly closes, and at the end.
    signer: Option<Arc<Signer>>,
}

/// The commands of one transaction.
struct Batch {
    at: Timestamp,
    events: Vec<NewEvent>,
    firsts: HashMap<Uuid, First>,
    answers: Vec<(oneshot::Sender<Outcome>, Answer)>,
    /// The events that erasing has to know of, and their places.
    noted: Vec<(usize, Event)>,
}

/// The first event of a command of this batch, so that a repetition is known before it is in the record.
struct First {
    place: usize,
    event: Event,
    words: Option<ContributionText>,
}

enum Answer {
    /// It is on the disk since long ago.
    Recorded(Ack),
    /// It is on the disk when the event at this place of the batch is.
    Appending {
        id: Uuid,
        place: usize,
    },
    Refused(Refusal),
}

impl<L: Log> Worker<L> {
    pub(super) fn new(log: L, reader: Reader, head: watch::Sender<Option<Position>>) -> Result<Self, Error> {
        if log.assembly() != reader.assembly() || log.head() != reader.head()? {
            return Err(Error::TwoRecords);
        }
        let (state, last_at, erasing) = fold(&reader)?;
        let assembly = AssemblyId(log.assembly());
        let mut worker = Self { assembly, log, reader, state, last_at, erasing, head, signer: None };
        worker.erasing.go_on(&mut worker.log)?;
        worker.erasing.remove_old_drafts(&worker.log);
        Ok(worker)
    }

    /// Takes what waits, or waits for it, and says whether there will be more. While something is still to be erased
    /// it does not wait long.
    fn gather(&self, jobs: &mut mpsc::Receiver<Job>, waiting: &mut Vec<Job>) -> bool {
        if self.erasing.is_done() {
            return queue::take(jobs, waiting, BATCH_COMMANDS_MAX);
        }
        std::thread::sleep(ERASE_AGAIN);
        while waiting.len() < BATCH_COMMANDS_MAX {
            match jobs.try_recv() {
                Ok(job) => waiting.push(job),
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => return !waiting.is_empty(),
            }
        }
        true
    }

    /// Who verifies this log knows a key, and must be told when it is another one from now on. A damaged key file is
    /// another key as well.
    fn take(&mut self, signer: Arc<Signer>) -> Result<(), Error> {
        if self.signer.is_none()
            && let Some(last) = self.reader.checkpoint()?
            && last.verify(std::slice::from_ref(signer.verifier())).is_err()
        {
            tracing::warn!(
                log = last.origin(),
                "its last checkpoint was signed with another key than its next one"
            );
        }
        self.signer = Some(signer);
        Ok(())
    }

    /// A checkpoint over everything that is recorded. Where nothing came since the last one this does nothing.
    fn sign(&mut self) -> Result<(), Error> {
        match self.signer.as_ref().map(|signer| self.log.checkpoint(signer)) {
            Some(Err(error)) if error.is_fatal() => Err(error.into()),
            Some(Err(error)) => {
                tracing::error!(%error, "no checkpoint could be signed");
                Ok(())
            }
            Some(Ok(())) | None => Ok(()),
        }
    }

    /// One batch from beginning to end. An error is the end of this worker.
    fn work(&mut self, orders: Vec<Order>) -> Result<(), Error> {
        let at = Timestamp(clock::now_ms()).max(self.last_at);
        let mut batch = Batch::of(at, orders.len());
        for Order { submission, sealed, answer } in orders {
            let outcome = match self.earlier(&batch, &submission)? {
                Some(outcome) => outcome,
                None => self.decide(&mut batch, submission, sealed)?,
            };
            batch.answers.push((answer, outcome));
        }
        self.commit(batch)
    }

    /// The answer to an id that has come before. It goes before every rule, so that a device that lost the ack gets
    /// it even when the round has closed since.
    fn earlier(&self, batch: &Batch, submission: &Submission) -> Result<Option<Answer>, Error> {
        let id = submission.id;
        if let Some(first) = batch.firsts.get(&id) {
            let words = first.words.as_ref().map(ContributionText::as_str);
            let same = submission.command.repeats(&first.event, words);
            return Ok(Some(if same { Answer::Appending { id, place: first.place } } else { conflict() }));
        }
        match self.log.find(id)? {
            Some(recorded) => self.answer_again(submission, &recorded).map(Some),
            None => Ok(None),
        }
    }

    fn answer_again(&self, submission: &Submission, recorded: &Recorded) -> Result<Answer, Error> {
        let (event, _) = code::decode(&recorded.public())?;
        let words = match self.log.words(recorded.position)? {
            Words::None => None,
            Words::Open(words) => Some(words),
            // Nobody can tell any more whether these are the same words; sending them anew would undo the erasure.
            Words::Gone => return Ok(Answer::Refused(Rejection::ContributionErased.into())),
        };
        if !submission.command.repeats(&event, words.as_deref()) {
            return Ok(conflict());
        }
        let at = (recorded.position, recorded.recorded_at_ms);
        Ok(Answer::Recorded(ack(submission.id, at, &recorded.leaf)))
    }

    fn decide(
        &mut self,
        batch: &mut Batch,
        submission: Submission,
        mut sealed: Option<Sealed>,
    ) -> Result<Answer, Error> {
        let Submission { id, command, actor, channel, voice } = submission;
        // By its id a contribution is found again, when its words have to go.
        if matches!(&command, Command::Contribute(said) if said.contribution.0 != id) {
            return Ok(conflict());
        }
        let command = self.with_tags(command, voice);
        let question = self.state.question_of(&command);
        let voice = voice.zip(question).map(|(key, asked)| key.tag_for(self.assembly, asked));
        let today = clock::today(batch.at, self.state.time_zone());
        let context = Context { at: batch.at, today, actor, channel, voice, lot: lot(&command)? };
        let facts = match self.state.decide(&command, &context) {
            Ok(facts) => facts,
            Err(rejection) => return Ok(Answer::Refused(rejection.into())),
        };
        let meta = Meta { at: batch.at, channel: Some(channel), voice, device: actor.link };
        let place = batch.events.len();
        for fact in facts {
            let first = batch.events.len() == place;
            let words = match &fact.words {
                Some(words) if command.words() == Some(words) && sealed.is_some() => sealed.take(),
                Some(words) => Some(Sealed::new(words.as_str())?),
                None => None,
            };
            batch.events.push(code::encode(&fact.event, &context, first.then_some(id), words)?);
            self.state.evolve(&fact.event, &meta);
            if Erasing::wants(&fact.event) {
                batch.noted.push((batch.events.len() - 1, fact.event.clone()));
            }
            if first {
                batch.firsts.insert(id, First { place, event: fact.event, words: fact.words });
            }
        }
        // A command that changes nothing has nothing to be acknowledged.
        Ok(if batch.events.len() > place { Answer::Appending { id, place } } else { conflict() })
    }

    /// A voice has a tag for each question, and only its key makes them.
    fn with_tags(&self, command: Command, voice: Option<VoiceKey>) -> Command {
        match (command, voice) {
            (Command::EraseVoice { reason, .. }, Some(key)) => {
                let tags = self.state.rounds().map(|round| key.tag(self.assembly, round)).collect();
                Command::EraseVoice { tags, reason }
            }
            (command, _) => command,
        }
    }

    /// Acks leave here and nowhere else, after the append has returned. The doorbell rings just before them, so that
    /// whoever has an ack finds the head at its position or past it.
    fn commit(&mut self, batch: Batch) -> Result<(), Error> {
        match self.log.append(&batch.events, batch.at.millis()) {
            Ok(appended) => {
                if let Some(last) = appended.last() {
                    self.last_at = Timestamp(last.recorded_at_ms);
                }
                self.erase(&batch, &appended)?;
                if let Some(last) = appended.last() {
                    self.head.send_replace(Some(last.position));
                }
                batch.answer(&appended);
                Ok(())
            }
            Err(error) if error.is_fatal() => Err(error.into()),
            Err(error) => {
                tracing::error!(%error, events = batch.events.len(), "a batch was not written");
                // The state already holds what was not written.
                (self.state, self.last_at, self.erasing) = fold(&self.reader)?;
                batch.refuse(&refusal_for(&error));
                Ok(())
            }
        }
    }
}

impl<L: Log> Worker<L> {
    /// Destroys what this batch says was erased, before anybody is told that it happened, and goes on with what an
    /// earlier one could not finish.
    fn erase(&mut self, batch: &Batch, appended: &[Appended]) -> Result<(), Error> {
        for (place, event) in &batch.noted {
            if let Some(at) = appended.get(*place) {
                self.erasing.note(event, at.position, Timestamp(at.recorded_at_ms));
            }
        }
        self.erasing.remove_drafts(&self.log);
        Ok(self.erasing.go_on(&mut self.log)?)
    }
}

impl Batch {
    fn of(at: Timestamp, orders: usize) -> Self {
        let answers = Vec::with_capacity(orders);
        Self { at, events: Vec::new(), firsts: HashMap::new(), answers, noted: Vec::new() }
    }

    /// Who asked may have gone; the event is recorded all the same, and the ack waits under its id.
    fn answer(self, appended: &[Appended]) {
        for (asker, answer) in self.answers {
            let outcome = match answer {
                Answer::Recorded(ack) => Ok(ack),
                Answer::Refused(refusal) => Err(refusal),
                Answer::Appending { id, place } => match appended.get(place) {
                    Some(event) => Ok(ack(id, (event.position, event.recorded_at_ms), &event.leaf)),
                    None => Err(Refusal::Unavailable),
                },
            };
            let _ = asker.send(outcome);
        }
    }

    /// What was refused by a rule is told to come again too: the rule may have spoken of what was not written.
    fn refuse(self, refusal: &Refusal) {
        for (asker, answer) in self.answers {
            let outcome = match answer {
                Answer::Recorded(ack) => Ok(ack),
                Answer::Appending { .. } | Answer::Refused(_) => Err(refusal.clone()),
            };
            let _ = asker.send(outcome);
        }
    }
}

fn refusal_for(error: &event_log::Error) -> Refusal {
    match error {
        event_log::Error::Full => Refusal::StorageFull { retry_after_s: STORAGE_FULL_RETRY_S },
        event_log::Error::Busy => Refusal::Busy { retry_after_s: RECORD_BUSY_RETRY_S },
        _ => Refusal::Unavailable,
    }
}

fn conflict() -> Answer {
    Answer::Refused(Rejection::IdUsedForSomethingElse.into())
}

fn ack(id: Uuid, (position, recorded_at_ms): (Position, u64), leaf: &[u8; 32]) -> Ack {
    Ack { id, position, receipt: Receipt::of_leaf(leaf), recorded_at_ms }
}

/// The state that the record describes, when its last event was recorded, and what it says was erased.
fn fold(reader: &Reader) -> Result<(Assembly, Timestamp, Erasing), Error> {
    let (mut state, mut last_at, mut erasing) = (Assembly::default(), Timestamp(0), Erasing::default());
    let mut after = None;
    loop {
        let before = after;
        reader.each(before, PAGE_EVENTS, |public| -> Result<_, Error> {
            let (event, meta) = code::decode(&public)?;
            erasing.note(&event, public.position, meta.at);
            state.evolve(&event, &meta);
            (after, last_at) = (Some(public.position), meta.at);
            Ok(ControlFlow::Continue(()))
        })?;
        if after == before {
            return Ok((state, last_at, erasing));
        }
    }
}

/// Random bytes for a sample; every other command goes without.
fn lot(command: &Command) -> Result<[u8; 16], Error> {
    let mut lot = [0; 16];
    if matches!(command, Command::DrawSample { .. }) {
        getrandom::fill(&mut lot).map_err(event_log::Error::NoRandomness)?;
    }
    Ok(lot)
}
