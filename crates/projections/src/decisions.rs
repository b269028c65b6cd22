//! What the record shows of how a decision was taken, by the four principles of a fair consultation (R v Brent LBC,
//! ex p Gunning, 1985; affirmed in Moseley v Haringey LBC, 2014 UKSC 56): it was asked while the decision was formative,
//! with enough information, with enough time, and what came of it was conscientiously considered.
//!
//! Everything has the position at which it can be looked up. Nothing here judges: it says what came when, and the pages
//! say what that cannot tell.

use domain::{
    Channel, Date, Decided, DecisionNumber, DutyNumber, Label, LinkId, Material, Published, QuestionText,
    Rejoined, Role, RoundNumber, Section, ThemeId, Timestamp,
};
use event_log::Position;

use crate::chronicle::Happening;
use crate::duties::{Duty, Step, Timing};
use crate::figure::{Figure, Query, Unit};
use crate::polls::PollState;
use crate::views::Views;

/// When something was recorded, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    pub position: Position,
    pub at: Timestamp,
    /// The day that it was where the assembly is.
    pub on: Date,
}

impl Moment {
    /// The record is one line, so of two events one came first, whatever their clocks say.
    pub fn precedes(self, other: Moment) -> bool {
        self.position < other.position
    }
}

/// A decision, and everything in the record that bears on how it was taken.
#[derive(Clone, Debug, PartialEq)]
pub struct DecisionEvidence<'a> {
    pub decision: &'a Decided,
    pub taken: Moment,
    /// The decisions that had been recorded before.
    pub earlier: Vec<(&'a Decided, Moment)>,
    pub formative: Formative<'a>,
    /// What people were given to read.
    pub shown: Vec<Shown<'a>>,
    pub rounds: Vec<Sitting>,
    pub ways: Vec<Way>,
    /// When the first link for people at home was made.
    pub home_from: Option<Moment>,
    pub versions: Vec<Considered<'a>>,
    pub duties: Vec<Answer<'a>>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Formative<'a> {
    pub convened: Option<Moment>,
    pub asked: Vec<Asked<'a>>,
    pub rule: Option<Moment>,
    pub clock: Option<Moment>,
    /// The options that people could choose between.
    pub polls: Vec<Offered<'a>>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Asked<'a> {
    pub round: RoundNumber,
    pub version: u16,
    pub question: &'a QuestionText,
    pub when: Moment,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Offered<'a> {
    pub poll: &'a PollState,
    pub opened: Moment,
    pub closed: Option<Moment>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Shown<'a> {
    pub material: &'a Material,
    pub since: Moment,
    pub stand: Stand,
}

/// How something that was shown stands to the first round and to the decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    BeforeTheFirstRound,
    /// When people had begun to speak, and before the decision.
    Later,
    AfterTheDecision,
}

/// A time during which a round was open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sitting {
    pub round: RoundNumber,
    pub opened: Moment,
    pub closed: Option<Moment>,
}

impl Sitting {
    /// How long it was open, in milliseconds.
    pub fn millis(self) -> Option<u64> {
        self.closed.map(|closed| closed.at.millis().saturating_sub(self.opened.at.millis()))
    }
}

/// A way in which people could speak and did.
#[derive(Clone, Debug, PartialEq)]
pub struct Way {
    pub channel: Channel,
    pub contributions: Figure,
    pub first: Moment,
    pub last: Moment,
}

/// A version of the paper, and which of its parts somebody on the board said to have read.
#[derive(Clone, Debug, PartialEq)]
pub struct Considered<'a> {
    pub published: &'a Published,
    pub when: Moment,
    pub opened: Vec<Opened<'a>>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Opened<'a> {
    pub section: Section,
    pub when: Moment,
    pub reader: Option<Reader<'a>>,
}

/// A board member, known by the link alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reader<'a> {
    pub label: Option<&'a Label>,
    /// Where the link was issued.
    pub link_at: Position,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Answer<'a> {
    pub number: DutyNumber,
    pub theme: Option<ThemeId>,
    pub owed: Moment,
    pub due: Date,
    /// How it stood on the last day of the record.
    pub timing: Timing,
    pub holding: Vec<Moment>,
    /// Every version of the reply.
    pub replies: Vec<Moment>,
    pub rejoinders: Vec<(&'a Rejoined, Moment)>,
}

/// Where an event stands, with its day by the assembly's own clock.
struct Dial<'d>(&'d dyn Fn(Timestamp) -> Date);

impl Dial<'_> {
    fn moment(&self, position: Position, at: Timestamp) -> Moment {
        Moment { position, at, on: (self.0)(at) }
    }

    fn step<T>(&self, step: &Step<T>) -> Moment {
        self.moment(step.position, step.at)
    }
}

/// `None` where there is no such decision. `day` gives the day that it was at a moment where the assembly is.
pub fn evidence_of<'a>(
    views: &'a Views,
    number: DecisionNumber,
    day: &dyn Fn(Timestamp) -> Date,
) -> Option<DecisionEvidence<'a>> {
    let (dial, ledger) = (Dial(day), &views.frame.ledger);
    let taken = ledger.decisions.iter().find(|step| step.what.decision == number)?;
    let before = ledger.decisions.iter().filter(|step| step.position < taken.position);
    let now = dial.step(taken);
    let steps = steps(views, &dial);
    let rounds = sittings(&steps);
    let first = rounds.first().map(|sitting| sitting.opened);
    Some(DecisionEvidence {
        decision: &taken.what,
        taken: now,
        earlier: before.map(|step| (&step.what, dial.step(step))).collect(),
        formative: formative(views, &steps),
        shown: ledger.materials.iter().map(|step| shown(step, dial.step(step), first, now)).collect(),
        rounds,
        ways: Channel::ALL.into_iter().filter_map(|channel| way(views, channel, &dial)).collect(),
        home_from: steps.iter().find_map(|(what, when)| match what {
            Happening::LetIn { role: Role::Participant, .. } => Some(*when),
            _ => None,
        }),
        versions: ledger.versions.iter().map(|step| considered(views, step, &steps, &dial)).collect(),
        duties: ledger.duties.iter().map(|(number, duty)| answer(views, *number, duty, &dial)).collect(),
    })
}

/// A step of the assembly, and when it was taken.
type Dated<'a> = (&'a Happening, Moment);

fn steps<'a>(views: &'a Views, dial: &Dial<'_>) -> Vec<Dated<'a>> {
    let happened = views.frame.chronicle.iter();
    happened.map(|step| (&step.what, dial.moment(step.position, step.at))).collect()
}

fn formative<'a>(views: &'a Views, steps: &[Dated<'a>]) -> Formative<'a> {
    let mut found = Formative::default();
    for (what, when) in steps {
        match what {
            Happening::Convened => found.convened = Some(*when),
            Happening::Asked { round, version, question } => {
                found.asked.push(Asked { round: *round, version: *version, question, when: *when });
            }
            Happening::RuleFixed => found.rule = Some(*when),
            Happening::ClockFixed => found.clock = Some(*when),
            Happening::PollOpened(id) => {
                let poll = views.frame.polls.get(id);
                found.polls.extend(poll.map(|poll| Offered { poll, opened: *when, closed: None }));
            }
            Happening::PollClosed(id) => {
                let poll = found.polls.iter_mut().find(|offered| offered.poll.asked.poll == *id);
                poll.into_iter().for_each(|offered| offered.closed = Some(*when));
            }
            Happening::LetIn { .. } | Happening::RoundOpened(_) | Happening::RoundClosed(_) => {}
        }
    }
    found
}

/// A round may be opened again after it was closed, and then it has two.
fn sittings(steps: &[Dated<'_>]) -> Vec<Sitting> {
    let mut found: Vec<Sitting> = Vec::new();
    for (what, when) in steps {
        match what {
            Happening::RoundOpened(round) => {
                found.push(Sitting { round: *round, opened: *when, closed: None });
            }
            Happening::RoundClosed(round) => {
                let open = found.iter_mut().find(|it| it.round == *round && it.closed.is_none());
                open.into_iter().for_each(|sitting| sitting.closed = Some(*when));
            }
            _ => {}
        }
    }
    found
}

fn shown<'a>(step: &'a Step<Material>, since: Moment, first: Option<Moment>, taken: Moment) -> Shown<'a> {
    let stand = match first {
        _ if taken.precedes(since) => Stand::AfterTheDecision,
        Some(first) if first.precedes(since) => Stand::Later,
        _ => Stand::BeforeTheFirstRound,
    };
    Shown { material: &step.what, since, stand }
}

/// Nothing for a way by which nobody has spoken.
fn way(views: &Views, channel: Channel, dial: &Dial<'_>) -> Option<Way> {
    let query = Query { channel: Some(channel), ..Query::default() };
    let said = query.select(views);
    let ((first, early), (last, late)) = (said.first()?, said.last()?);
    Some(Way {
        channel,
        contributions: query.figure(views, Unit::Contributions, None),
        first: dial.moment(*first, early.at),
        last: dial.moment(*last, late.at),
    })
}

fn considered<'a>(
    views: &'a Views,
    step: &'a Step<Published>,
    steps: &[Dated<'_>],
    dial: &Dial<'_>,
) -> Considered<'a> {
    let version = step.what.version;
    let ledger = &views.frame.ledger;
    let opened = ledger.opened.iter().filter(|opened| opened.what.0 == version);
    let opened = opened.map(|opened| Opened {
        section: opened.what.1,
        when: dial.step(opened),
        reader: opened.by.and_then(|link| reader(views, link, steps)),
    });
    Considered { published: &step.what, when: dial.step(step), opened: opened.collect() }
}

fn reader<'a>(views: &'a Views, link: LinkId, steps: &[Dated<'_>]) -> Option<Reader<'a>> {
    let issued =
        steps.iter().find(|(what, _)| matches!(what, Happening::LetIn { link: of, .. } if *of == link));
    let label = views.frame.links.get(&link).and_then(|link| link.label.as_ref());
    issued.map(|(_, when)| Reader { label, link_at: when.position })
}

fn answer<'a>(views: &Views, number: DutyNumber, duty: &'a Duty, dial: &Dial<'_>) -> Answer<'a> {
    let last = views.frame.last_at.unwrap_or(duty.owed.at);
    Answer {
        number,
        theme: duty.theme(),
        owed: dial.step(&duty.owed),
        due: duty.due(),
        timing: duty.timing((dial.0)(last)),
        holding: duty.holding.iter().map(|step| dial.step(step)).collect(),
        replies: duty.replies.iter().map(|step| dial.step(step)).collect(),
        rejoinders: duty.rejoinders.iter().map(|step| (&step.what, dial.step(step))).collect(),
    }
}
