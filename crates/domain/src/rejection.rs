//! Every way to say no. A person may read it: the text is a sentence that says what is wrong and what helps.

mod change;
mod paper;

use crate::card::CardNumber;
use crate::ids::{RoundNumber, TableNumber};
use crate::role::Role;

pub use change::ChangeRejection;
pub use paper::PaperRejection;

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
    #[error("Card {0} has been keyed in already. If this is another card, please check its number.")]
    CardAlreadyKeyed(CardNumber),
    #[error("People can react to what stands on the public page, and this does not stand there just now.")]
    NotPublic,
    #[error("There is no such poll in this assembly.")]
    UnknownPoll,
    #[error(
        "A poll needs at least two options that differ and at most {max}; red, amber and green needs none."
    )]
    BadPoll { max: usize },
    #[error("This assembly has had {max} polls, which is the most it can have.")]
    TooManyPolls { max: usize },
    #[error("This poll has closed. Your last choice before that counts.")]
    PollOver,
    #[error("Please choose as many of the options as the poll asks for, and none of them twice.")]
    BadChoice,
    #[error("A table votes seat by seat; please say which seat this is for.")]
    SeatNeeded,
    #[error("This table has {seats} seats; please check the number of the seat.")]
    UnknownSeat { seats: u16 },
    #[error(
        "Orders of preference cannot be counted by hands. Please vote with a tablet, a phone or a keypad."
    )]
    NotByHand,
    #[error("A count of hands needs one number for each of the {options} options.")]
    BadCounts { options: u8 },
    #[error("There is no count of hands here that waits for a second check.")]
    NoHandCount,
    #[error("The second check has to be made by somebody else, on another device.")]
    SamePerson,
    #[error("The two counts differ. Please count again together and key it in anew.")]
    CountsDiffer,
    #[error("A table cannot be merged into itself.")]
    TableIntoItself,
    #[error("There is a table {0} already; please choose a number that is free.")]
    TableTaken(TableNumber),
    #[error("This table has been merged into table {0}.")]
    TableMerged(TableNumber),
    #[error("A countdown needs an open round.")]
    NoCountdown,
    #[error("No round is open that could be closed.")]
    NothingToMove,
    #[error("Somebody on the team has coded this one meanwhile. It was left as they coded it.")]
    CodedMeanwhile,
    #[error("That is more than fits at once; the most is {max}.")]
    TooManyAtOnce { max: usize },
    #[error("This contribution is not marked as a copy of another one.")]
    NotAlike,
    #[error("This contribution is not pinned as a quote of that theme.")]
    NotPinned,
    #[error("A quote is a piece of the words: where it begins has to come before where it ends.")]
    BadSpan,
    #[error("There is no such candidate, or somebody has decided about it already.")]
    UnknownCandidate,
    #[error("A sample has at least one contribution and at most {max}.")]
    BadSample { max: usize },
    #[error("There is nothing to draw a sample from just now.")]
    NothingToSample,
    #[error("This contribution does not wait for a second coding.")]
    NotToCodeAgain,
    #[error(transparent)]
    Change(#[from] ChangeRejection),
    #[error(transparent)]
    Paper(#[from] PaperRejection),
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
            Rejection::CardAlreadyKeyed(_) => "card-already-keyed",
            Rejection::NotPublic => "not-public",
            Rejection::UnknownPoll => "unknown-poll",
            Rejection::BadPoll { .. } => "bad-poll",
            Rejection::TooManyPolls { .. } => "too-many-polls",
            Rejection::PollOver => "poll-over",
            Rejection::BadChoice => "bad-choice",
            Rejection::SeatNeeded => "seat-needed",
            Rejection::UnknownSeat { .. } => "unknown-seat",
            Rejection::NotByHand => "not-by-hand",
            Rejection::BadCounts { .. } => "bad-counts",
            Rejection::NoHandCount => "no-hand-count",
            Rejection::SamePerson => "same-person",
            Rejection::CountsDiffer => "counts-differ",
            Rejection::TableIntoItself => "table-into-itself",
            Rejection::TableTaken(_) => "table-taken",
            Rejection::TableMerged(_) => "table-merged",
            Rejection::NoCountdown => "no-countdown",
            Rejection::NothingToMove => "nothing-to-move",
            Rejection::CodedMeanwhile => "coded-meanwhile",
            Rejection::TooManyAtOnce { .. } => "too-many-at-once",
            Rejection::NotAlike => "not-alike",
            Rejection::NotPinned => "not-pinned",
            Rejection::BadSpan => "bad-span",
            Rejection::UnknownCandidate => "unknown-candidate",
            Rejection::BadSample { .. } => "bad-sample",
            Rejection::NothingToSample => "nothing-to-sample",
            Rejection::NotToCodeAgain => "not-to-code-again",
            Rejection::Change(rejection) => rejection.code(),
            Rejection::Paper(rejection) => rejection.code(),
            Rejection::IdUsedForSomethingElse => "id-conflict",
        }
    }
}
