use std::collections::VecDeque;
use std::sync::mpsc as gate;

use super::*;
use crate::code;
use crate::fixture::{ASSEMBLY, Hall, agenda, id, round, says, staff, submission};
use domain::{ContributionId, Rejection, Role, ThemeId, ThemeName};
use event_log::{Appended, NewEvent, Recorded, Swept, Words};
use futures_util::future::join_all;
use proptest::prelude::*;
use tempfile::TempDir;

fn conflict() -> Outcome {
    Err(Rejection::IdUsedForSomethingElse.into())
}

fn opens(number: u128, round_number: u16) -> Submission {
    staff(number, Command::OpenRound { round: round(round_number) })
}

fn closes(number: u128, round_number: u16) -> Submission {
    staff(number, Command::CloseRound { round: round(round_number) })
}

fn names_theme(number: u128, name: &str) -> Submission {
    let name = ThemeName::parse(name).unwrap();
    let command = Command::NameTheme { theme: ThemeId(id(number)), name, definition: None };
    submission(number, Role::ThemeTeam, command)
}

#[tokio::test]
async fn an_acknowledged_event_is_on_the_disk_with_its_words() {
    let hall = Hall::open().await;
    let ack = hall.sequencer.submit(says(1, "We waited.")).await.unwrap();

    let reader = hall.reader();
    let recorded = reader.find(id(1)).unwrap().unwrap();
    assert_eq!((recorded.position, recorded.recorded_at_ms), (ack.position, ack.recorded_at_ms));
    assert!(ack.receipt.is_of(&recorded.leaf));
    assert_eq!(reader.words(ack.position).unwrap(), Words::Open("We waited.".into()));
    assert_eq!((recorded.channel.as_deref(), recorded.device), (Some("remote"), Some(id(0x11).to_string())));
    assert_eq!(*hall.sequencer.head().borrow(), Some(ack.position));
}

#[tokio::test]
async fn the_same_words_under_the_same_id_get_the_same_ack_for_ever() {
    let hall = Hall::open().await;
    let first = hall.sequencer.submit(says(1, "We waited.")).await;
    assert!(first.is_ok());

    let other_channel = Submission { channel: Channel::Nats, voice: None, ..says(1, "We waited.") };
    assert_eq!(hall.sequencer.submit(other_channel).await, first, "over another channel");
    hall.sequencer.submit(closes(2, 1)).await.unwrap();
    assert_eq!(hall.sequencer.submit(says(1, "We waited.")).await, first, "after the round has closed");
    let hall = hall.restart().await;
    assert_eq!(hall.sequencer.submit(says(1, "We waited.")).await, first, "after a restart");
    assert_eq!(hall.sequencer.submit(says(1, "We did not wait.")).await, conflict());
    let withdraws = Command::Withdraw { contribution: ContributionId(id(1)) };
    assert_eq!(hall.sequencer.submit(submission(1, Role::Participant, withdraws)).await, conflict());
}

#[tokio::test]
async fn a_command_without_words_is_repeated_by_what_it_asks() {
    let hall = Hall::open().await;
    let closed = hall.sequencer.submit(closes(2, 1)).await;
    assert!(closed.is_ok());
    assert_eq!(hall.sequencer.submit(closes(2, 1)).await, closed);
    assert_eq!(hall.sequencer.submit(closes(3, 1)).await, Err(Rejection::RoundNotOpen(round(1)).into()));
    assert_eq!(hall.sequencer.submit(closes(2, 2)).await, conflict());
}

#[tokio::test]
async fn several_events_of_one_command_have_one_id_and_one_ack() {
    let hall = Hall::open().await;
    let events = hall.reader().page(None, 100).unwrap();
    // Convened, two tables, two questions; then the round was opened.
    let ids: Vec<_> = events.iter().map(|event| event.id).collect();
    assert_eq!(ids, [Some(id(0xc0)), None, None, None, None, Some(id(0xc1))]);
    let again = hall.sequencer.submit(staff(0xc1, Command::OpenRound { round: round(1) })).await.unwrap();
    assert_eq!(again.position.get(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_at_once_get_a_thousand_positions_without_a_gap() {
    let hall = Hall::open().await;
    let before = hall.sequencer.head().borrow().unwrap().get();
    let tasks = (0..1_000).map(|number| {
        let sequencer = hall.sequencer.clone();
        tokio::spawn(async move { sequencer.submit(says(1_000 + number, "We waited.")).await.unwrap() })
    });
    let mut positions: Vec<_> =
        join_all(tasks).await.into_iter().map(|ack| ack.unwrap().position.get()).collect();
    positions.sort_unstable();
    assert!(positions.into_iter().eq(before + 1..=before + 1_000));
    assert_eq!(hall.sequencer.head().borrow().unwrap().get(), before + 1_000);
}

#[tokio::test]
async fn a_voice_has_one_tag_per_question() {
    let hall = Hall::open().await;
    for step in [says(1, "a"), says(2, "b"), closes(3, 1), opens(4, 2), says(5, "c")] {
        hall.sequencer.submit(step).await.unwrap();
    }
    let reader = hall.reader();
    let tag = |number| reader.find(id(number)).unwrap().unwrap().voice;
    let expected = |number| Some(VoiceKey([7; 32]).tag(AssemblyId(ASSEMBLY), round(number)).into());
    assert_eq!([tag(1), tag(2), tag(5), tag(3)], [expected(1), expected(1), expected(2), None]);
}

#[tokio::test]
async fn a_person_takes_back_their_own_words_in_a_later_round_and_nobody_elses() {
    let hall = Hall::open().await;
    for step in [says(1, "a"), closes(3, 1), opens(4, 2)] {
        hall.sequencer.submit(step).await.unwrap();
    }
    let takes_back = |number, key| {
        let command = Command::Withdraw { contribution: ContributionId(id(1)) };
        Submission { voice: Some(VoiceKey([key; 32])), ..submission(number, Role::Participant, command) }
    };
    assert_eq!(hall.sequencer.submit(takes_back(8, 6)).await, Err(Rejection::NotYours.into()));
    assert!(hall.sequencer.submit(takes_back(9, 7)).await.is_ok());
}

#[tokio::test]
async fn stopping_finishes_what_waits_and_refuses_what_comes_after() {
    let hall = Hall::open().await;
    let other = hall.sequencer.clone();
    let failed = other.failed();
    let waiting: Vec<_> = (1..=50).map(|number| other.enqueue(says(number, "a")).unwrap()).collect();

    let folder = hall.folder.path().join("hall");
    hall.sequencer.stop().await;

    for (number, pending) in (1..).zip(waiting) {
        assert_eq!(pending.outcome().await.unwrap().id, id(number));
    }
    assert_eq!(other.submit(says(99, "a")).await, Err(Refusal::Unavailable));
    assert_eq!(*failed.borrow(), None);
    assert!(Writer::open(&folder).is_ok(), "the record has been let go of");
    other.stop().await;
}

#[tokio::test]
async fn a_full_queue_says_so_at_once() {
    let (sequencer, Waiting(mut waiting)) = without_a_thread();
    for number in 0..QUEUE_COMMANDS_MAX {
        assert!(sequencer.enqueue(closes(number as u128, 1)).is_ok());
    }
    assert_eq!(sequencer.submit(closes(0, 1)).await, Err(Refusal::Busy { retry_after_s: BUSY_RETRY_S }));
    drop(waiting.try_recv().unwrap());
    assert!(sequencer.enqueue(closes(0, 1)).is_ok());
}

/// The commands that nobody takes; the queue lives as long as this.
pub(crate) struct Waiting(mpsc::Receiver<Job>);

pub(crate) fn without_a_thread() -> (Sequencer, Waiting) {
    let (jobs, waiting) = mpsc::channel(QUEUE_COMMANDS_MAX);
    let (_, head) = watch::channel(None);
    let (_, failed) = watch::channel(None);
    let assembly = AssemblyId(ASSEMBLY);
    let (halted, thread) = (Arc::default(), Arc::default());
    (Sequencer { assembly, jobs, head, failed, halted, thread }, Waiting(waiting))
}

#[test]
fn a_reader_of_another_record_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let writer = |name| Writer::create(&folder.path().join(name), ASSEMBLY).unwrap();
    let mut one = writer("one");
    drop(writer("two"));
    let context = domain::Context {
        at: domain::Timestamp(1),
        today: domain::Date::EPOCH,
        actor: Actor::CONSOLE,
        channel: Channel::Room,
        voice: None,
        lot: [0; 16],
    };
    one.append(&[code::encode(&domain::Event::Closed {}, &context, None, None).unwrap()], 1).unwrap();
    let reader = Reader::open(&folder.path().join("two")).unwrap();
    assert!(matches!(Sequencer::start(one, reader), Err(Error::TwoRecords)));
}

/// A record that fails when it is told to, and that waits before each append while it has a gate.
struct Faulty {
    writer: Writer,
    faults: Arc<Mutex<VecDeque<event_log::Error>>>,
    gate: Option<gate::Receiver<()>>,
    erased: Option<Uuid>,
}

impl Log for Faulty {
    fn append(&mut self, events: &[NewEvent], now_ms: u64) -> Result<Vec<Appended>, event_log::Error> {
        if let Some(gate) = &self.gate {
            // A gate that was dropped stands open.
            let _ = gate.recv();
        }
        match self.faults.lock().unwrap().pop_front() {
            Some(fault) => Err(fault),
            None => self.writer.append(events, now_ms),
        }
    }

    fn find(&self, id: Uuid) -> Result<Option<Recorded>, event_log::Error> {
        self.writer.find(id)
    }

    fn words(&self, position: Position) -> Result<Words, event_log::Error> {
        let id = self.erased;
        let gone = id.is_some_and(|id| self.writer.find(id).unwrap().unwrap().position == position);
        if gone { Ok(Words::Gone) } else { self.writer.words(position) }
    }

    fn erase(&mut self, positions: &[Position]) -> Result<Swept, event_log::Error> {
        match self.faults.lock().unwrap().pop_front() {
            Some(fault) => Err(fault),
            None => self.writer.erase(positions),
        }
    }

    fn sweep(&mut self) -> Result<Swept, event_log::Error> {
        self.writer.sweep()
    }

    fn folder(&self) -> &Path {
        self.writer.folder()
    }

    fn head(&self) -> Option<Position> {
        self.writer.head()
    }

    fn assembly(&self) -> Uuid {
        self.writer.assembly()
    }

    fn checkpoint(&mut self, signer: &event_log::Signer) -> Result<(), event_log::Error> {
        self.writer.checkpoint(signer).map(drop)
    }
}

type Faults = Arc<Mutex<VecDeque<event_log::Error>>>;

/// A hall whose record can be made to fail.
async fn faulty(gate: Option<gate::Receiver<()>>, erased: Option<Uuid>) -> (TempDir, Sequencer, Faults) {
    let Hall { folder, sequencer, .. } = Hall::open().await;
    if erased.is_some() {
        sequencer.submit(says(1, "a")).await.unwrap();
    }
    sequencer.stop().await;
    let hall = folder.path().join("hall");
    let faults = Faults::default();
    let writer = Writer::open(&hall).unwrap();
    let log = Faulty { writer, faults: Arc::clone(&faults), gate, erased };
    (folder, Sequencer::over(log, Reader::open(&hall).unwrap()).unwrap(), faults)
}

#[tokio::test]
async fn the_same_id_twice_in_one_batch_is_one_event() {
    let (open, gate) = gate::channel();
    let (folder, sequencer, _) = faulty(Some(gate), None).await;
    // The first command holds the thread in its append, so that all the others wait together.
    let first = sequencer.enqueue(names_theme(50, "Phones")).unwrap();
    let rest: Vec<_> =
        [says(1, "a"), says(1, "a"), says(1, "b"), Submission { channel: Channel::Nats, ..says(1, "a") }]
            .map(|submission| sequencer.enqueue(submission).unwrap())
            .into();
    drop(open);

    first.outcome().await.unwrap();
    let outcomes = join_all(rest.into_iter().map(Pending::outcome)).await;

    assert!(outcomes[0].is_ok());
    assert_eq!(outcomes[1..], [outcomes[0].clone(), conflict(), outcomes[0].clone()]);
    let head = Reader::open(&folder.path().join("hall")).unwrap().head().unwrap();
    assert_eq!(head, outcomes[0].as_ref().ok().map(|ack| ack.position));
}

#[tokio::test]
async fn a_full_disk_refuses_and_is_forgotten_when_there_is_room() {
    let (_folder, sequencer, faults) = faulty(None, None).await;
    let head = *sequencer.head().borrow();
    faults.lock().unwrap().push_back(event_log::Error::Full);

    let refused = sequencer.submit(names_theme(1, "Phones")).await.unwrap_err();
    assert_eq!((refused.code(), refused.retry_after_s()), ("storage-full", Some(30)));
    assert_eq!(*sequencer.head().borrow(), head, "no doorbell");

    // Neither the id nor the name was used, whatever the state had come to before the append failed.
    assert!(sequencer.submit(names_theme(2, "phones")).await.is_ok());
    assert_eq!(sequencer.submit(names_theme(1, "Phones")).await, Err(Rejection::ThemeNameTaken.into()));
    assert_eq!(*sequencer.failed().borrow(), None);
}

#[tokio::test]
async fn a_full_disk_still_answers_what_is_recorded() {
    let (open, gate) = gate::channel();
    let (_folder, sequencer, faults) = faulty(Some(gate), None).await;
    open.send(()).unwrap();
    let first = sequencer.submit(says(1, "a")).await;
    faults.lock().unwrap().push_back(event_log::Error::Full);
    let batch =
        [says(1, "a"), says(2, "b"), closes(3, 2)].map(|submission| sequencer.enqueue(submission).unwrap());
    drop(open);
    let outcomes = join_all(batch.map(Pending::outcome)).await;
    assert_eq!(outcomes[0], first);
    // The three may have come in one batch or in several; nothing false may have been said either way.
    assert!(outcomes[1].is_ok() || outcomes[1] == Err(Refusal::StorageFull { retry_after_s: 30 }));
    assert!(outcomes[2].is_err());
}

#[tokio::test]
async fn a_busy_record_asks_for_patience() {
    let (_folder, sequencer, faults) = faulty(None, None).await;
    faults.lock().unwrap().push_back(event_log::Error::Busy);
    assert_eq!(sequencer.submit(says(1, "a")).await, Err(Refusal::Busy { retry_after_s: 5 }));
    assert!(sequencer.submit(says(1, "a")).await.is_ok());
}

#[tokio::test]
async fn any_other_fault_is_the_end_and_is_seen() {
    let (_folder, sequencer, faults) = faulty(None, None).await;
    faults.lock().unwrap().push_back(event_log::Error::Stopped);

    assert_eq!(sequencer.submit(says(1, "a")).await, Err(Refusal::Unavailable));

    let mut failed = sequencer.failed();
    let why = failed.wait_for(Option::is_some).await.unwrap().clone();
    assert_eq!(why, Some(event_log::Error::Stopped.to_string()));
    assert_eq!(sequencer.submit(says(2, "a")).await, Err(Refusal::Unavailable));
    sequencer.stop().await;
}

#[tokio::test]
async fn a_panic_of_the_writers_thread_is_seen() {
    // The fixture's own lookup panics for an erased id that is not in the record.
    let (_folder, sequencer, _) = faulty(None, Some(id(0xdead))).await;
    assert_eq!(sequencer.submit(says(1, "a")).await, Err(Refusal::Unavailable));
    assert!(sequencer.failed().wait_for(Option::is_some).await.is_ok());
}

#[tokio::test]
async fn erased_words_cannot_be_sent_again_under_their_id() {
    let (_folder, sequencer, _) = faulty(None, Some(id(1))).await;
    assert_eq!(sequencer.submit(says(1, "a")).await, Err(Rejection::ContributionErased.into()));
}

#[tokio::test]
async fn an_erasure_that_was_not_recorded_has_destroyed_nothing() {
    let (folder, sequencer, faults) = faulty(None, None).await;
    let ack = sequencer.submit(says(1, "a")).await.unwrap();
    let reason = Some(domain::Reason::parse("Because.").unwrap());
    let erase = Command::Erase { contribution: ContributionId(id(1)), claim: domain::Claim::Link, reason };
    let words = || Reader::open(&folder.path().join("hall")).unwrap().words(ack.position).unwrap();

    faults.lock().unwrap().push_back(event_log::Error::Busy);
    let refused = sequencer.submit(staff(2, erase.clone())).await;
    assert_eq!(refused, Err(Refusal::Busy { retry_after_s: 5 }));
    assert_eq!(words(), Words::Open("a".into()));

    sequencer.submit(staff(2, erase)).await.unwrap();
    assert_eq!(words(), Words::Gone);
}

/// A step of a day, from few ids so that steps meet each other.
fn step() -> impl Strategy<Value = Submission> {
    let any = (0_u8..12, 1_u128..12, 1_u128..5, 0_u8..2);
    any.prop_map(|(what, number, other, word)| {
        let (contribution, theme) = (ContributionId(id(other)), ThemeId(id(100 + other)));
        let name = ThemeName::parse(["Phones", "Buses"][usize::from(word)]).unwrap();
        let reason = domain::Reason::parse("Because.").unwrap();
        match what {
            0..4 => says(other, ["a", "b"][usize::from(word)]),
            4 => opens(number, 1 + u16::from(word)),
            5 => closes(number, 1 + u16::from(word)),
            6 => submission(number, Role::ThemeTeam, Command::NameTheme { theme, name, definition: None }),
            7 => submission(number, Role::ThemeTeam, Command::Assign { contribution, theme }),
            8 => submission(number, Role::ThemeTeam, Command::RetireTheme { theme, reason }),
            9 => submission(number, Role::ThemeTeam, Command::SetAside { contribution, reason }),
            10 => submission(number, Role::Moderator, Command::Release { contribution }),
            _ => Submission {
                voice: Some(VoiceKey([7 - word; 32])),
                ..submission(number, Role::Participant, Command::Withdraw { contribution })
            },
        }
    })
}

#[derive(Clone, Copy, PartialEq)]
enum Restarts {
    Never,
    AfterEachStep,
}

/// What each step comes to, without what is random about it.
async fn day(steps: Vec<Submission>, restarts: Restarts) -> Vec<Result<u64, &'static str>> {
    let mut hall = Hall::open().await;
    let mut outcomes = Vec::new();
    for step in steps {
        let outcome = hall.sequencer.submit(step).await;
        outcomes.push(outcome.map(|ack| ack.position.get()).map_err(|refusal| refusal.code()));
        if restarts == Restarts::AfterEachStep {
            hall = hall.restart().await;
        }
    }
    outcomes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn nobody_can_tell_that_the_state_was_folded_from_the_record_again(steps in prop::collection::vec(step(), 1..16)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (through, folded) = runtime.block_on(async {
            (day(steps.clone(), Restarts::Never).await, day(steps, Restarts::AfterEachStep).await)
        });
        prop_assert_eq!(through, folded);
    }
}

#[tokio::test]
async fn convening_twice_is_refused() {
    let hall = Hall::open().await;
    let again = staff(0xee, Command::Convene(Box::new(agenda())));
    assert_eq!(hall.sequencer.submit(again).await, Err(Rejection::AlreadyConvened.into()));
}
