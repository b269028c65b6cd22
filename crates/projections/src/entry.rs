//! One contribution as the views keep it.

use std::collections::BTreeSet;

use domain::{
    CardNumber, Channel, ContributionId, Form, HoldReason, Kind, Reason, RoundNumber, TableNumber, ThemeId,
    Timestamp, VoiceTag,
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
    pub kind: Kind,
    pub form: Form,
    pub read_back: bool,
    pub heard_from: Option<u16>,
    /// The paper card that it was written on.
    pub card: Option<CardNumber>,
    pub themes: BTreeSet<ThemeId>,
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

    /// When it was said, as far as anybody knows.
    pub fn when(&self) -> Timestamp {
        self.said_at.unwrap_or(self.at)
    }
}
