//! Every way to say no to a change of the code frame as such, and to taking one back.

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeRejection {
    #[error("A split moves at least one contribution and at most {max}, out of the theme that is split.")]
    BadSplit { max: usize },
    #[error("There is no change of the code frame with that number.")]
    UnknownChange,
    #[error("This change has been undone already.")]
    AlreadyUndone,
    #[error(
        "This cannot be undone. A theme that should go can be retired; what was undone can be done again."
    )]
    NotUndoable,
    #[error("Something was changed on top of this since. Undo the later change first.")]
    ChangedSince,
    #[error("This code frame has been changed 65,535 times, which is the most that can be counted.")]
    TooManyChanges,
}

impl ChangeRejection {
    pub(super) fn code(&self) -> &'static str {
        match self {
            ChangeRejection::BadSplit { .. } => "bad-split",
            ChangeRejection::UnknownChange => "unknown-change",
            ChangeRejection::AlreadyUndone => "already-undone",
            ChangeRejection::NotUndoable => "not-undoable",
            ChangeRejection::ChangedSince => "changed-since",
            ChangeRejection::TooManyChanges => "too-many-changes",
        }
    }
}
