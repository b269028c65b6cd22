//! What somebody asks for about the paper, and about the duties that it turns into.

use std::collections::BTreeSet;

use super::Command;
use crate::composition::{Composition, Headcount};
use crate::date::Date;
use crate::duty::{Edition, Material, PaperHash, ProseWritten, Section, Verdict};
use crate::event::Event;
use crate::ids::{CommitmentNumber, DutyNumber, ThemeId};
use crate::role::Role;
use crate::text::{Name, Pledge, Reason, ReplyText, Title};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaperCommand {
    WriteProse(ProseWritten),
    /// Made by the server, which counts and hashes the paper; it cannot be sent in.
    Publish(Box<Publish>),
    OpenSection {
        version: u16,
        section: Section,
    },
    GiveHoldingReply {
        duty: DutyNumber,
        text: ReplyText,
    },
    Reply {
        duty: DutyNumber,
        text: ReplyText,
    },
    Rejoin {
        duty: DutyNumber,
        verdict: Verdict,
        reason: Reason,
    },
    Commit(Box<Commit>),
    ReportProgress {
        commitment: CommitmentNumber,
        text: Pledge,
    },
    Deliver {
        commitment: CommitmentNumber,
        text: Pledge,
    },
    ShowMaterial(Material),
    Decide(Box<Decision>),
    /// Read by the server from a table; it cannot be sent in.
    RecordComposition(Box<Headcount>),
    Reassign {
        duty: DutyNumber,
        owner: Name,
        reason: Reason,
    },
}

/// The paper as it was counted at a position, and the themes that met the rule there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publish {
    pub counted_at: u64,
    pub hash: PaperHash,
    pub edition: Edition,
    pub owed: BTreeSet<ThemeId>,
}

/// A promise that a reply makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    pub duty: DutyNumber,
    pub text: Pledge,
    pub owner: Name,
    pub due: Date,
}

/// A decision of the board, with the version of the paper that lay before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub title: Title,
    pub text: ReplyText,
    pub changed: ReplyText,
    pub version: u16,
}

impl From<PaperCommand> for Command {
    fn from(command: PaperCommand) -> Self {
        Command::Paper(command)
    }
}

impl PaperCommand {
    pub(super) fn admits(&self) -> &'static [Role] {
        match self {
            PaperCommand::Publish(_)
            | PaperCommand::ShowMaterial(_)
            | PaperCommand::RecordComposition(_)
            | PaperCommand::Reassign { .. } => &[Role::Organiser],
            PaperCommand::WriteProse(_) => &[Role::Organiser, Role::ThemeTeam],
            PaperCommand::OpenSection { .. }
            | PaperCommand::GiveHoldingReply { .. }
            | PaperCommand::Reply { .. }
            | PaperCommand::Commit(_)
            | PaperCommand::Decide(_)
            | PaperCommand::ReportProgress { .. }
            | PaperCommand::Deliver { .. } => &[Role::BoardMember],
            PaperCommand::Rejoin { .. } => &[Role::Representative],
        }
    }

    /// Days, numbers and what was counted follow from when it was first recorded; what the person said decides.
    pub(super) fn repeats(&self, stored: &Event) -> bool {
        match (self, stored) {
            (PaperCommand::WriteProse(now), Event::ProseWritten(written)) => now == written,
            (
                PaperCommand::OpenSection { version: now, section: read },
                Event::SectionOpened { version, section },
            ) => (now, read) == (version, section),
            (PaperCommand::Publish(now), Event::SummaryPublished(published)) => {
                now.edition == published.edition
            }
            (PaperCommand::GiveHoldingReply { duty, text }, Event::HoldingReplyGiven(given)) => {
                (*duty, text) == (given.duty, &given.text)
            }
            (PaperCommand::Reply { duty, text }, Event::Replied(given)) => {
                (*duty, text) == (given.duty, &given.text)
            }
            (PaperCommand::Rejoin { duty, verdict, reason }, Event::Rejoined(given)) => {
                (*duty, *verdict, reason) == (given.duty, given.verdict, &given.reason)
            }
            (PaperCommand::Commit(now), Event::Committed(given)) => {
                (now.duty, &now.text, &now.owner, now.due)
                    == (given.duty, &given.text, &given.owner, given.due)
            }
            (PaperCommand::ReportProgress { commitment, text }, Event::ProgressReported(given))
            | (PaperCommand::Deliver { commitment, text }, Event::Delivered(given)) => {
                (*commitment, text) == (given.commitment, &given.text)
            }
            (PaperCommand::ShowMaterial(now), Event::MaterialShown(shown)) => now == shown,
            (PaperCommand::RecordComposition(now), Event::CompositionRecorded(recorded)) => {
                Composition::of(now).as_ref() == Ok(recorded)
            }
            (PaperCommand::Decide(now), Event::DecisionTaken(taken)) => {
                (&now.title, &now.text, &now.changed, now.version)
                    == (&taken.title, &taken.text, &taken.changed, taken.version)
            }
            (PaperCommand::Reassign { duty, owner, reason }, Event::DutyReassigned(given)) => {
                (*duty, owner, reason) == (given.duty, &given.owner, &given.reason)
            }
            _ => false,
        }
    }
}
