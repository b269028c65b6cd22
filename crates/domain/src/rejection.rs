//! Every way to say no. A person may read it: the text is a sentence that says what is wrong and what helps.

use crate::ids::{RoundNumber, TableNumber};
use crate::role::Role;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    #[error("Your link is for {0}; it does not let you do this.")]
    NotForThisRole(Role),
    #[error("This assembly has been convened already.")]
    AlreadyConvened,
    #[error("This assembly has not been convened yet.")]
    NotConvened,
    #[error("This assembly is closed; nothing more can be added to its record.")]
    AssemblyClosed,
    #[error("The agenda needs at least one round and at most {max}.")]
    BadAgenda { max: usize },
    #[error("There is no round {0} in this assembly.")]
    UnknownRound(RoundNumber),
    #[error(
        "No round is open just now. Please keep your words; you can send them when the next round opens."
    )]
    NoRoundOpen,
    #[error(
        "Round {0} is not open just now. Please keep your words and send them in the round that is open."
    )]
    RoundNotOpen(RoundNumber),
    #[error("Round {0} is still open. Close it before you open another.")]
    AnotherRoundOpen(RoundNumber),
    #[error("Round {0} has been asked to people already; its question cannot change any more.")]
    QuestionInUse(RoundNumber),
    #[error("There is no table {0} in this assembly.")]
    UnknownTable(TableNumber),
    #[error("Your link does not say which table it is for; ask the organiser for a table link.")]
    NoTable,
    #[error("Your link is for another table.")]
    NotYourTable,
    #[error("Only a table can say how many people it heard this from, or that it was read back.")]
    OnlyForTables,
    #[error("“Heard from” can be at most {max}.")]
    TooManyHeard { max: u16 },
    #[error("Only the person who said this, or the table it was said at, can change it.")]
    NotYours,
    #[error("A contribution needs words.")]
    NoWords,
    #[error("This contribution is not in the record.")]
    UnknownContribution,
    #[error("This contribution was withdrawn.")]
    ContributionWithdrawn,
    #[error(
        "The words of this contribution were erased for good. They are not kept here any more, and they cannot be sent again under the same number."
    )]
    ContributionErased,
    #[error("There is nothing here that you have said, or all of it has been erased already.")]
    NothingToErase,
    #[error("Erasing somebody else's words needs a reason; it stands in the record for everybody to read.")]
    ReasonNeeded,
    #[error("This contribution is not being held.")]
    NotHeld,
    #[error("This contribution is being held already.")]
    AlreadyHeld,
    #[error("This contribution has been marked like that already.")]
    AlreadyMarked,
    #[error("This contribution is in a theme; take it out of its themes before you set it aside.")]
    StillInATheme,
    #[error("There is no such theme, or it has been merged or retired.")]
    UnknownTheme,
    #[error("A theme of that name exists already.")]
    ThemeNameTaken,
    #[error("A theme cannot be merged into itself.")]
    MergeIntoItself,
    #[error("This assembly has {max} themes, which is the most it can have. Merge some first.")]
    TooManyThemes { max: usize },
    #[error("This contribution is in that theme already.")]
    AlreadyAssigned,
    #[error("This contribution is not in that theme.")]
    NotAssigned,
    #[error("There is no such link, or it has been revoked already.")]
    UnknownLink,
    #[error("This id was used before for something else. Nothing was changed; please send it again as new.")]
    IdUsedForSomethingElse,
}

impl Rejection {
    /// The word for it on the wire and in the message catalogue; it does not change.
    pub fn code(&self) -> &'static str {
        match self {
            Rejection::NotForThisRole(_) => "not-for-this-role",
            Rejection::AlreadyConvened => "already-convened",
            Rejection::NotConvened => "not-convened",
            Rejection::AssemblyClosed => "assembly-closed",
            Rejection::BadAgenda { .. } => "bad-agenda",
            Rejection::UnknownRound(_) => "unknown-round",
            Rejection::NoRoundOpen => "no-round-open",
            Rejection::RoundNotOpen(_) => "round-not-open",
            Rejection::AnotherRoundOpen(_) => "another-round-open",
            Rejection::QuestionInUse(_) => "question-in-use",
            Rejection::UnknownTable(_) => "unknown-table",
            Rejection::NoTable => "no-table",
            Rejection::NotYourTable => "not-your-table",
            Rejection::OnlyForTables => "only-for-tables",
            Rejection::TooManyHeard { .. } => "too-many-heard",
            Rejection::NotYours => "not-yours",
            Rejection::NoWords => "no-words",
            Rejection::UnknownContribution => "unknown-contribution",
            Rejection::ContributionWithdrawn => "contribution-withdrawn",
            Rejection::ContributionErased => "contribution-erased",
            Rejection::NothingToErase => "nothing-to-erase",
            Rejection::ReasonNeeded => "reason-needed",
            Rejection::NotHeld => "not-held",
            Rejection::AlreadyHeld => "already-held",
            Rejection::AlreadyMarked => "already-marked",
            Rejection::StillInATheme => "still-in-a-theme",
            Rejection::UnknownTheme => "unknown-theme",
            Rejection::ThemeNameTaken => "theme-name-taken",
            Rejection::MergeIntoItself => "merge-into-itself",
            Rejection::TooManyThemes { .. } => "too-many-themes",
            Rejection::AlreadyAssigned => "already-assigned",
            Rejection::NotAssigned => "not-assigned",
            Rejection::UnknownLink => "unknown-link",
            Rejection::IdUsedForSomethingElse => "id-conflict",
        }
    }
}
