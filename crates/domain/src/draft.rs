//! What a language model would write about a finding. It writes no number, and where it quotes, the draft points at the words
//! and does not hold them, so that they can be erased.

use serde::{Deserialize, Serialize};

use crate::coding::Span;
use crate::event::Event;
use crate::ids::{ContributionId, DraftId, ThemeId};
use crate::text::{DraftText, Label};

/// Most sentences of one draft.
pub const SENTENCES_MAX: usize = 12;
/// Most contributions that one sentence rests on, and most pieces of words that it quotes.
pub const CITES_MAX: usize = 10;

/// The place of a quote within a sentence.
pub const QUOTED_HERE: &str = "“”";

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    pub draft: DraftId,
    pub theme: ThemeId,
    pub model: Label,
    pub sentences: Vec<Sentence>,
    /// Sentences that rested on nothing, quoted what nobody said, or counted.
    pub dropped: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    /// Every [`QUOTED_HERE`] in it stands for the next of the quotes.
    pub text: DraftText,
    pub quotes: Vec<Quoted>,
    /// What it rests on.
    pub cites: Vec<ContributionId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quoted {
    pub contribution: ContributionId,
    pub span: Span,
}

/// What somebody asks for about a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DraftCommand {
    Ask {
        draft: DraftId,
        theme: ThemeId,
    },
    /// By the engine that asks the model; it cannot be sent in.
    Write(Box<Draft>),
    /// A person has read it and answers for it: what it says in words of its own goes into the paper.
    SignOff {
        draft: DraftId,
    },
}

impl From<DraftCommand> for crate::Command {
    fn from(command: DraftCommand) -> Self {
        crate::Command::Draft(command)
    }
}

impl DraftCommand {
    pub(crate) fn repeats(&self, stored: &Event) -> bool {
        match (self, stored) {
            (DraftCommand::Ask { draft: now, theme: of }, Event::DraftAsked { draft, theme }) => {
                (now, of) == (draft, theme)
            }
            (DraftCommand::Write(now), Event::DraftWritten(written)) => **now == *written,
            // What a draft says when it is signed off, nobody has sent in.
            (DraftCommand::SignOff { .. }, Event::ProseWritten(_)) => true,
            _ => false,
        }
    }
}

/// Where a draft stands.
#[derive(Clone, Debug)]
pub(crate) enum Stage {
    Asked,
    Written(Box<Draft>),
    SignedOff,
}
