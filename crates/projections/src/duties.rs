//! What the board owes and what it did about it: the paper's versions, duties, replies, promises.
//!
//! Nothing here knows what day it is. Whether something is late follows from the day that is handed in, and for what has
//! been done, from the day on which it was recorded.

use std::collections::BTreeMap;

use domain::{
    CommitmentNumber, Committed, Composition, Date, Decided, Draft, DraftId, DutyClock, DutyNumber, Event,
    HoldingReply, Label, LinkId, Material, Meta, Name, Owed, Prose, Published, Reassigned, Rejoined, Replied,
    Reported, Section, ThemeId, Timestamp, Verdict,
};
use event_log::Position;
use serde::{Deserialize, Serialize};

/// Something that was done, with its place in the record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step<T> {
    pub position: Position,
    pub at: Timestamp,
    /// The link of whoever did it.
    pub by: Option<LinkId>,
    pub what: T,
}

impl<T: Clone> Step<T> {
    fn new(position: Position, meta: &Meta, what: &T) -> Self {
        Step { position, at: meta.at, by: meta.device, what: what.clone() }
    }
}

/// A draft of a language model, from the moment at which somebody asked for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drafted {
    pub draft: DraftId,
    pub theme: ThemeId,
    pub written: Option<Draft>,
    /// A person answers for it.
    pub signed: bool,
}

/// Everything of one assembly that has to do with its paper and the answers to it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ledger {
    pub clock: Option<DutyClock>,
    /// What an editor wrote for the paper to open with.
    pub opening: Option<Step<Prose>>,
    pub prose: BTreeMap<ThemeId, Step<Prose>>,
    /// The first is version 1.
    pub versions: Vec<Step<Published>>,
    /// Which parts of which version a board member says to have read.
    pub opened: Vec<Step<(u16, Section)>>,
    pub duties: BTreeMap<DutyNumber, Duty>,
    pub commitments: BTreeMap<CommitmentNumber, Commitment>,
    /// What a language model was asked to write, the oldest first.
    pub drafts: Vec<Drafted>,
    /// The themes whose prose a model drafted, and which model: as long as nobody writes it anew.
    pub drafted: BTreeMap<ThemeId, Label>,
    /// What people were given to read.
    pub materials: Vec<Step<Material>>,
    pub decisions: Vec<Step<Decided>>,
    /// Who took part; the newest.
    pub composition: Option<Step<Composition>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Duty {
    pub owed: Step<Owed>,
    pub reassigned: Vec<Step<Reassigned>>,
    pub holding: Vec<Step<HoldingReply>>,
    /// Every version; the last is what the board says now.
    pub replies: Vec<Step<Replied>>,
    pub rejoinders: Vec<Step<Rejoined>>,
    pub commitments: Vec<CommitmentNumber>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Commitment {
    pub made: Step<Committed>,
    pub reports: Vec<Step<Reported>>,
    pub delivered: Option<Step<Reported>>,
}

/// How far a duty has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DutyState {
    Owed,
    Holding,
    Replied,
    /// The assembly's representatives have said what they think of the reply that stands.
    Rejoined(Verdict),
    /// It has been replied to, and something was promised that is not done yet.
    Committed,
    /// Everything that was promised is done.
    Delivered,
}

/// How something stands to the day on which it is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timing {
    /// So many days are left; 0 on the day itself.
    Due(u32),
    Overdue(u32),
    DoneInTime,
    /// Done so many days late. It stays so.
    DoneLate(u32),
}

impl Timing {
    /// Of what is due on `due`, was done on `done` if it was, and is looked at on `today`.
    pub fn of(due: Date, done: Option<Date>, today: Date) -> Self {
        let left = done.unwrap_or(today).days_until(due);
        match (done, left) {
            (Some(_), 0..) => Timing::DoneInTime,
            (Some(_), late) => Timing::DoneLate(late.unsigned_abs()),
            (None, 0..) => Timing::Due(left.unsigned_abs()),
            (None, late) => Timing::Overdue(late.unsigned_abs()),
        }
    }
}

/// `11 owed · 7 answered · 3 due · 1 overdue`: the last three add up to the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DutyCounts {
    pub owed: u32,
    pub answered: u32,
    /// Of those that were answered.
    pub answered_late: u32,
    pub due: u32,
    pub overdue: u32,
    pub most_overdue_days: u32,
}

/// Promises made, and what became of them: kept, open and overdue add up to all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PromiseCounts {
    pub made: u32,
    pub kept: u32,
    /// Of those that were kept.
    pub kept_late: u32,
    pub open: u32,
    pub overdue: u32,
    /// Open promises whose progress should have been reported by now.
    pub reports_overdue: u32,
}

impl Duty {
    pub fn theme(&self) -> Option<ThemeId> {
        self.owed.what.theme
    }

    pub fn due(&self) -> Date {
        self.owed.what.due
    }

    /// The office that answers now.
    pub fn owner(&self) -> &Name {
        self.reassigned.last().map_or(&self.owed.what.owner, |last| &last.what.owner)
    }

    /// The first reply is the one that counts for its lateness; a new version of it changes nothing there.
    pub fn timing(&self, today: Date) -> Timing {
        Timing::of(self.due(), self.replies.first().map(|reply| reply.what.on), today)
    }

    fn positions(&self) -> impl Iterator<Item = Position> {
        let owed = std::iter::once(self.owed.position);
        let reassigned = self.reassigned.iter().map(|step| step.position);
        let holding = self.holding.iter().map(|step| step.position);
        let replies = self.replies.iter().map(|step| step.position);
        let rejoinders = self.rejoinders.iter().map(|step| step.position);
        owed.chain(reassigned).chain(holding).chain(replies).chain(rejoinders)
    }

    /// What the representatives said last of the reply as it stands; what they said of an older version is history.
    pub fn verdict(&self) -> Option<&Step<Rejoined>> {
        let current = self.replies.last()?.what.version;
        self.rejoinders.iter().rev().find(|said| said.what.version == current)
    }
}

impl Commitment {
    fn positions(&self) -> impl Iterator<Item = Position> {
        let reports = self.reports.iter().map(|step| step.position);
        let kept = self.delivered.iter().map(|step| step.position);
        std::iter::once(self.made.position).chain(reports).chain(kept)
    }

    pub fn timing(&self, today: Date) -> Timing {
        Timing::of(self.made.what.due, self.delivered.as_ref().map(|kept| kept.what.on), today)
    }

    /// When the next report on it is due, while it is not delivered.
    pub fn next_report(&self, clock: Option<&DutyClock>) -> Option<Date> {
        let progress = clock?.progress.filter(|_| self.delivered.is_none())?;
        Some(progress.next(self.made.what.on, self.reports.last().map(|report| report.what.on)))
    }
}

impl Ledger {
    /// Whether the event was about the paper or a duty.
    pub(crate) fn fold(&mut self, position: Position, event: &Event, meta: &Meta) -> bool {
        match event {
            Event::DutyClockFixed(clock) => self.clock = Some(clock.clone()),
            Event::ProseWritten(written) => {
                written.theme.iter().for_each(|theme| drop(self.drafted.remove(theme)));
                let prose = written.prose.as_ref().map(|prose| Step::new(position, meta, prose));
                match (written.theme, prose) {
                    (None, prose) => self.opening = prose,
                    (Some(theme), Some(prose)) => drop(self.prose.insert(theme, prose)),
                    (Some(theme), None) => drop(self.prose.remove(&theme)),
                }
            }
            Event::DraftAsked { draft, theme } => {
                let asked = Drafted { draft: *draft, theme: *theme, written: None, signed: false };
                self.drafts.push(asked);
            }
            Event::DraftWritten(draft) => self.of_draft(draft.draft, |of| of.written = Some(draft.clone())),
            Event::DraftSignedOff { draft, theme, model } => {
                self.of_draft(*draft, |of| of.signed = true);
                self.drafted.insert(*theme, model.clone());
            }
            Event::SummaryPublished(version) => self.versions.push(Step::new(position, meta, version)),
            Event::SectionOpened { version, section } => {
                self.opened.push(Step::new(position, meta, &(*version, *section)));
            }
            Event::MaterialShown(material) => self.materials.push(Step::new(position, meta, material)),
            Event::CompositionRecorded(counted) => {
                self.composition = Some(Step::new(position, meta, counted))
            }
            Event::DecisionTaken(taken) => self.decisions.push(Step::new(position, meta, taken)),
            event => return self.fold_duty(position, event, meta),
        }
        true
    }

    fn of_draft(&mut self, id: DraftId, change: impl FnOnce(&mut Drafted)) {
        if let Some(of) = self.drafts.iter_mut().find(|of| of.draft == id) {
            change(of);
        }
    }

    fn fold_duty(&mut self, position: Position, event: &Event, meta: &Meta) -> bool {
        let duties = &mut self.duties;
        match event {
            Event::DutyOwed(owed) => {
                let duty = Duty {
                    owed: Step::new(position, meta, owed),
                    reassigned: Vec::new(),
                    holding: Vec::new(),
                    replies: Vec::new(),
                    rejoinders: Vec::new(),
                    commitments: Vec::new(),
                };
                duties.insert(owed.duty, duty);
            }
            Event::HoldingReplyGiven(given) => {
                duties
                    .entry(given.duty)
                    .and_modify(|duty| duty.holding.push(Step::new(position, meta, given)));
            }
            Event::Replied(reply) => {
                duties
                    .entry(reply.duty)
                    .and_modify(|duty| duty.replies.push(Step::new(position, meta, reply)));
            }
            Event::Rejoined(said) => {
                duties
                    .entry(said.duty)
                    .and_modify(|duty| duty.rejoinders.push(Step::new(position, meta, said)));
            }
            Event::DutyReassigned(now) => {
                duties
                    .entry(now.duty)
                    .and_modify(|duty| duty.reassigned.push(Step::new(position, meta, now)));
            }
            Event::Committed(made) => {
                duties.entry(made.duty).and_modify(|duty| duty.commitments.push(made.commitment));
                let made_now = Step::new(position, meta, made);
                let commitment = Commitment { made: made_now, reports: Vec::new(), delivered: None };
                self.commitments.insert(made.commitment, commitment);
            }
            Event::ProgressReported(report) => {
                let promise = self.commitments.entry(report.commitment);
                promise.and_modify(|promise| promise.reports.push(Step::new(position, meta, report)));
            }
            Event::Delivered(report) => {
                let promise = self.commitments.entry(report.commitment);
                promise.and_modify(|promise| promise.delivered = Some(Step::new(position, meta, report)));
            }
            _ => return false,
        }
        true
    }

    pub fn state(&self, duty: &Duty) -> DutyState {
        let mut promises =
            duty.commitments.iter().filter_map(|number| self.commitments.get(number)).peekable();
        let promised = promises.peek().is_some();
        let all_kept = promises.all(|promise| promise.delivered.is_some());
        match (duty.replies.is_empty(), duty.verdict()) {
            (true, _) if duty.holding.is_empty() => DutyState::Owed,
            (true, _) => DutyState::Holding,
            (false, _) if promised && all_kept => DutyState::Delivered,
            (false, _) if promised => DutyState::Committed,
            (false, Some(said)) => DutyState::Rejoined(said.what.verdict),
            (false, None) => DutyState::Replied,
        }
    }

    /// The duties as a public page lists them: the longest overdue first, then what is due next, then what was answered.
    pub fn listed(&self) -> Vec<(DutyNumber, &Duty)> {
        let mut duties: Vec<_> = self.duties.iter().map(|(number, duty)| (*number, duty)).collect();
        duties.sort_by_key(|(number, duty)| (!duty.replies.is_empty(), duty.due(), *number));
        duties
    }

    pub fn duty_counts(&self, today: Date) -> DutyCounts {
        let mut counts = DutyCounts::default();
        for duty in self.duties.values() {
            counts.owed += 1;
            match duty.timing(today) {
                Timing::Due(_) => counts.due += 1,
                Timing::Overdue(days) => {
                    counts.overdue += 1;
                    counts.most_overdue_days = counts.most_overdue_days.max(days);
                }
                Timing::DoneInTime => counts.answered += 1,
                Timing::DoneLate(_) => {
                    counts.answered += 1;
                    counts.answered_late += 1;
                }
            }
        }
        counts
    }

    pub fn promise_counts(&self, today: Date) -> PromiseCounts {
        let mut counts = PromiseCounts::default();
        for promise in self.commitments.values() {
            counts.made += 1;
            match promise.timing(today) {
                Timing::Due(_) => counts.open += 1,
                Timing::Overdue(_) => counts.overdue += 1,
                Timing::DoneInTime => counts.kept += 1,
                Timing::DoneLate(_) => {
                    counts.kept += 1;
                    counts.kept_late += 1;
                }
            }
            let report = promise.next_report(self.clock.as_ref());
            counts.reports_overdue += u32::from(report.is_some_and(|due| due < today));
        }
        counts
    }

    /// Where in the record the last step stands that was taken with a version, a duty or a promise.
    pub fn last_step(&self) -> Option<Position> {
        let versions = self.versions.iter().map(|step| step.position);
        let duties = self.duties.values().flat_map(Duty::positions);
        let promises = self.commitments.values().flat_map(Commitment::positions);
        versions.chain(duties).chain(promises).max()
    }

    /// The duty of a theme, if one arose.
    pub fn duty_of(&self, theme: ThemeId) -> Option<(DutyNumber, &Duty)> {
        self.duties.iter().find(|(_, duty)| duty.theme() == Some(theme)).map(|(number, duty)| (*number, duty))
    }
}
