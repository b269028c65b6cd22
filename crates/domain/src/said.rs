//! How a thing was said and what may be done with it: closed lists of words, as they stand in the record.

use serde::{Deserialize, Serialize};

/// How a contribution came in. Figures of different channels stand side by side and are never added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    Room,
    Remote,
    /// A bridge, such as an SMS gateway or keypads.
    Nats,
    Paper,
    Import,
}

impl Channel {
    pub const ALL: [Channel; 5] =
        [Channel::Room, Channel::Remote, Channel::Nats, Channel::Paper, Channel::Import];

    pub fn as_str(self) -> &'static str {
        match self {
            Channel::Room => "room",
            Channel::Remote => "remote",
            Channel::Nats => "nats",
            Channel::Paper => "paper",
            Channel::Import => "import",
        }
    }

    pub fn named(text: &str) -> Option<Self> {
        Channel::ALL.into_iter().find(|channel| channel.as_str() == text)
    }
}

/// What sort of thing was said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    #[default]
    Point,
    Story,
    Proposal,
    Question,
    Concern,
    Quotable,
}

impl Kind {
    pub const ALL: [Kind; 6] =
        [Kind::Point, Kind::Story, Kind::Proposal, Kind::Question, Kind::Concern, Kind::Quotable];

    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Point => "point",
            Kind::Story => "story",
            Kind::Proposal => "proposal",
            Kind::Question => "question",
            Kind::Concern => "concern",
            Kind::Quotable => "quotable",
        }
    }
}

/// Whether these are the person's own words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    #[default]
    Verbatim,
    Paraphrase,
}

/// Why a moderator keeps words from public pages. A closed list: a free text could repeat what must not be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HoldReason {
    PersonalData,
    Abuse,
    Safeguarding,
    OffTopic,
    Other,
}

impl HoldReason {
    pub const ALL: [HoldReason; 5] = [
        HoldReason::PersonalData,
        HoldReason::Abuse,
        HoldReason::Safeguarding,
        HoldReason::OffTopic,
        HoldReason::Other,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            HoldReason::PersonalData => "personal-data",
            HoldReason::Abuse => "abuse",
            HoldReason::Safeguarding => "safeguarding",
            HoldReason::OffTopic => "off-topic",
            HoldReason::Other => "other",
        }
    }
}

/// At whose wish words were erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErasedBy {
    /// The person who said it, or the table at which it was said.
    Contributor,
    Organiser,
}
