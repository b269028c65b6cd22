//! One contribution as the views keep it.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    CardNumber, Channel, Coded, ContributionId, Form, HoldReason, Kind, Label, LinkId, Reason, RoundNumber,
    Span, SuggestedTheme, TableNumber, ThemeId, Timestamp, VoiceTag,
};
use event_log::Position;
use serde::{Deserialize, Serialize};

/// What the theme team has done with a contribution so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Attention {
    Unread,
    Read,
    SetAside(Reason),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    Stands,
    Held(HoldReason),
    Withdrawn,
    /// Its words and those of its corrections are gone for good; by whom and why stands in the record.
    Erased,
}

/// One contribution: everything about it but its words, which stay sealed in the record at `words_at`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub contribution: ContributionId,
    /// The first ten bytes of its leaf: what a receipt shows.
    pub receipt: [u8; 10],
    pub at: Timestamp,
    pub said_at: Option<Timestamp>,
    pub round: RoundNumber,
    pub version: u16,
    pub channel: Channel,
    pub table: Option<TableNumber>,
    pub voice: Option<VoiceTag>,
    /// The link through which it came in.
    pub device: Option<LinkId>,
    pub kind: Kind,
    pub form: Form,
    pub read_back: bool,
    pub heard_from: Option<u16>,
    /// The paper card that it was written on.
    pub card: Option<CardNumber>,
    pub coded: Coded,
    /// The link of whoever coded it last.
    pub coder: Option<LinkId>,
    /// What a second person would have made of it, who did not see the first one's themes.
    pub again: Option<CodedAgain>,
    /// Where it stands, sealed, what its words as they are now mean to a sentence model, by model.
    pub meant: BTreeMap<Label, Position>,
    /// The latest that an engine took it to be about.
    pub suggested: Option<Suggestion>,
    /// The earlier contribution that it is nearly a copy of.
    pub alike: Option<Position>,
    /// A person found that it is no copy, whatever an engine says.
    pub apart: bool,
    /// The themes whose quotes it was pinned among, with the piece of it that was meant.
    pub pinned: BTreeMap<ThemeId, Option<Span>>,
    pub attention: Attention,
    /// When a person of the theme team first read it, or put it in a theme or aside.
    pub read_at: Option<Timestamp>,
    pub standing: Standing,
    /// The event that holds the words as they stand now; `None` when the answer was blank.
    pub words_at: Option<Position>,
    pub corrections: u16,
    /// What those who said it have done with it since, each with a receipt of its own.
    pub later: Vec<Later>,
}

/// A second coding, for the figure of agreement; no tally counts it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CodedAgain {
    pub by: Option<LinkId>,
    pub themes: BTreeSet<ThemeId>,
}

/// What an engine said of a contribution, as it stands in the record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Suggestion {
    pub position: Position,
    pub engine: Label,
    /// How many confirmations the engine had learnt from.
    pub learnt: u64,
    /// Best first.
    pub themes: Vec<SuggestedTheme>,
}

/// A correction, a reading back, a withdrawal or an erasure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Later {
    pub position: Position,
    pub receipt: [u8; 10],
}

impl Entry {
    /// Whether its words may stand on a page that everybody sees: a person of the theme team has read them, and no
    /// moderator holds them back.
    pub fn is_public(&self) -> bool {
        self.attention == Attention::Read && self.may_be_read()
    }

    /// Whether there are words that the staff may read.
    pub fn may_be_read(&self) -> bool {
        self.standing == Standing::Stands && self.words_at.is_some()
    }

    /// Whether nobody has read it, and it is in no theme.
    pub fn is_unread(&self) -> bool {
        self.attention == Attention::Unread && self.coded.themes.is_empty()
    }

    /// Whether somebody of the theme team will still read it.
    pub fn waits_to_be_read(&self) -> bool {
        self.is_unread() && self.may_be_read()
    }

    /// Whether nobody has read it, and an engine would put it into that theme.
    pub fn is_suggested_unread(&self, theme: ThemeId) -> bool {
        let likely = |made: &Suggestion| made.themes.iter().any(|made| made.theme == theme && made.likely);
        self.is_unread() && self.suggested.as_ref().is_some_and(likely)
    }

    /// Whether an engine's last suggestion for it names that theme, whoever has read it since.
    pub fn was_suggested(&self, theme: ThemeId) -> bool {
        self.suggested.as_ref().is_some_and(|made| made.themes.iter().any(|made| made.theme == theme))
    }

    /// Which engine made the last suggestion.
    pub fn engine(&self) -> Option<&str> {
        self.suggested.as_ref().map(|made| made.engine.as_str())
    }

    /// When it was said, as far as anybody knows.
    pub fn when(&self) -> Timestamp {
        self.said_at.unwrap_or(self.at)
    }
}
