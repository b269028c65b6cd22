//! Every way to say no about the paper and the duties that it turns into.

use crate::date::Date;
use crate::ids::{CommitmentNumber, DutyNumber};
use crate::text::Label;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PaperRejection {
    #[error(
        "{unread} contributions are unread. Publish this version as interim, which says so, or read them first."
    )]
    StillUnread { unread: usize },
    #[error(
        "The assembly is not closed yet, so the paper is not final. Publish it as interim, or close the assembly first."
    )]
    StillOpen,
    #[error("Nothing has changed since version {0}, so there is nothing new to publish.")]
    SamePaper(u16),
    #[error("A draft about this theme is being written already.")]
    DraftAsked,
    #[error("There is no such draft, nothing in it can be used, or somebody has signed it off already.")]
    UnknownDraft,
    #[error("There is no version {0} of the paper.")]
    UnknownVersion(u16),
    #[error(
        "Please place numbers as figures, such as [[tables]], and do not type them: a figure can be checked. Found: “{0}”."
    )]
    NumberTyped(char),
    #[error("Nothing is written there that could be taken back.")]
    NoProse,
    #[error("There is no duty {0} in this assembly.")]
    UnknownDuty(DutyNumber),
    #[error("Duty {0} has been replied to; write a new version of the reply instead.")]
    AlreadyReplied(DutyNumber),
    #[error("Duty {0} has no reply yet.")]
    NoReplyYet(DutyNumber),
    #[error("This is word for word what the reply says already.")]
    SameReply,
    #[error("There is no promise {0} in this assembly.")]
    UnknownCommitment(CommitmentNumber),
    #[error("Promise {0} has been reported as kept already.")]
    AlreadyDelivered(CommitmentNumber),
    #[error("{0} is over already; please promise something for a day that is still to come.")]
    DayIsOver(Date),
    #[error("This office is to answer it already.")]
    SameOwner,
    #[error("An assembly can have at most {max} duties and {max} promises.")]
    TooManyDuties { max: usize },
    #[error("An assembly can have at most {max} decisions.")]
    TooManyDecisions { max: usize },
    #[error(
        "A table of {members} members cannot be shown without pointing at somebody: it takes at least {least}."
    )]
    TooFewPeople { members: u64, least: u32 },
    #[error("The table has no rows, or more than {attributes} attributes or {groups} groups of one.")]
    TableSize { attributes: usize, groups: usize },
    #[error("“{attribute}” has “{group}” twice. Please put it into one row.")]
    GroupTwice { attribute: Label, group: String },
    #[error(
        "“{attribute}” counts {counted} people and the first attribute {of}. Please add a row without a group for those who did not say."
    )]
    OtherPeople { attribute: Label, counted: u64, of: u64 },
    #[error(
        "“{attribute}” has numbers of the {column} for some groups only. Please give all of them, or none."
    )]
    ColumnInPart { attribute: Label, column: &'static str },
    #[error("The population of “{attribute}” is nobody, or more people than there are.")]
    NoPopulation { attribute: Label },
    #[error("An address begins with https:// and has no spaces in it.")]
    BadAddress,
}

impl PaperRejection {
    pub(super) fn code(&self) -> &'static str {
        match self {
            PaperRejection::StillUnread { .. } => "still-unread",
            PaperRejection::StillOpen => "still-open",
            PaperRejection::DraftAsked => "draft-asked",
            PaperRejection::UnknownDraft => "unknown-draft",
            PaperRejection::SamePaper(_) => "same-paper",
            PaperRejection::UnknownVersion(_) => "unknown-version",
            PaperRejection::NumberTyped(_) => "number-typed",
            PaperRejection::NoProse => "no-prose",
            PaperRejection::UnknownDuty(_) => "unknown-duty",
            PaperRejection::AlreadyReplied(_) => "already-replied",
            PaperRejection::NoReplyYet(_) => "no-reply-yet",
            PaperRejection::SameReply => "same-reply",
            PaperRejection::UnknownCommitment(_) => "unknown-commitment",
            PaperRejection::AlreadyDelivered(_) => "already-delivered",
            PaperRejection::DayIsOver(_) => "day-is-over",
            PaperRejection::SameOwner => "same-owner",
            PaperRejection::TooManyDuties { .. } => "too-many-duties",
            PaperRejection::TooManyDecisions { .. } => "too-many-decisions",
            PaperRejection::TooFewPeople { .. } => "too-few-people",
            PaperRejection::TableSize { .. } => "table-size",
            PaperRejection::GroupTwice { .. } => "group-twice",
            PaperRejection::OtherPeople { .. } => "other-people",
            PaperRejection::ColumnInPart { .. } => "column-in-part",
            PaperRejection::NoPopulation { .. } => "no-population",
            PaperRejection::BadAddress => "bad-address",
        }
    }
}
