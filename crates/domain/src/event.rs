//! What happened. The stored form of an event never changes: a new variant is added instead.
//!
//! No event holds what a participant said: a contribution's words travel beside it in a [`crate::Fact`] and are kept
//! sealed. The texts that stand here are the board's, the organisers' and the theme team's own, public for ever.

use serde::{Deserialize, Deserializer, Serialize};
use uuid::Uuid;

use crate::agenda::DutyRule;
use crate::ids::{ContributionId, LinkId, RoundNumber, TableNumber, ThemeId};
use crate::role::Role;
use crate::tagged::Tagged;
use crate::text::{Definition, Label, Name, Purpose, QuestionText, Reason, ThemeName, Title};
use crate::time::Timestamp;

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

/// One thing that happened, in the past tense.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    // The assembly.
    Convened {
        title: Title,
        purpose: Purpose,
        board: Name,
        time_zone: Name,
    },
    TableSeated {
        table: TableNumber,
        seats: u16,
    },
    QuestionAsked {
        round: RoundNumber,
        version: u16,
        title: Title,
        question: QuestionText,
    },
    DutyRuleFixed {
        rule: DutyRule,
    },
    LinkIssued {
        link: LinkId,
        role: Role,
        table: Option<TableNumber>,
        label: Option<Label>,
    },
    LinkRevoked {
        link: LinkId,
    },
    RoundOpened {
        round: RoundNumber,
    },
    RoundClosed {
        round: RoundNumber,
    },
    Closed {},

    // Contributions.
    Contributed(Contributed),
    Corrected {
        contribution: ContributionId,
    },
    ReadBack {
        contribution: ContributionId,
    },
    Withdrawn {
        contribution: ContributionId,
    },
    Held {
        contribution: ContributionId,
        reason: HoldReason,
    },
    Released {
        contribution: ContributionId,
    },
    /// Its words, and those of its corrections, can be opened by nobody any more.
    Erased {
        contribution: ContributionId,
        by: ErasedBy,
        reason: Option<Reason>,
    },

    // The code frame and what was put into it.
    ThemeNamed {
        theme: ThemeId,
        name: ThemeName,
        definition: Option<Definition>,
    },
    ThemeRenamed {
        theme: ThemeId,
        name: ThemeName,
        reason: Reason,
    },
    ThemeDefined {
        theme: ThemeId,
        definition: Definition,
    },
    ThemeMerged {
        theme: ThemeId,
        into: ThemeId,
        reason: Reason,
    },
    ThemeRetired {
        theme: ThemeId,
        reason: Reason,
    },
    Assigned {
        contribution: ContributionId,
        theme: ThemeId,
    },
    Unassigned {
        contribution: ContributionId,
        theme: ThemeId,
    },
    Read {
        contribution: ContributionId,
    },
    SetAside {
        contribution: ContributionId,
        reason: Reason,
    },
}

/// The public part of a contribution: everything about it but the words and the voice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contributed {
    pub contribution: ContributionId,
    pub round: RoundNumber,
    /// The version of the question that the person answered.
    pub version: u16,
    pub table: Option<TableNumber>,
    pub kind: Kind,
    pub form: Form,
    /// The table heard it read back and agreed.
    pub read_back: bool,
    /// The facilitator's tap count of people who said or backed it.
    pub heard_from: Option<u16>,
    /// When it was said, where the source knows that and it was not now (imports, paper).
    pub said_at: Option<Timestamp>,
}

impl Event {
    /// The word for it in the record.
    pub fn kind(&self) -> &'static str {
        match self {
            Event::Convened { .. } => "convened",
            Event::TableSeated { .. } => "table-seated",
            Event::QuestionAsked { .. } => "question-asked",
            Event::DutyRuleFixed { .. } => "duty-rule-fixed",
            Event::LinkIssued { .. } => "link-issued",
            Event::LinkRevoked { .. } => "link-revoked",
            Event::RoundOpened { .. } => "round-opened",
            Event::RoundClosed { .. } => "round-closed",
            Event::Closed {} => "closed",
            Event::Contributed(_) => "contributed",
            Event::Corrected { .. } => "corrected",
            Event::ReadBack { .. } => "read-back",
            Event::Withdrawn { .. } => "withdrawn",
            Event::Held { .. } => "held",
            Event::Released { .. } => "released",
            Event::Erased { .. } => "erased",
            Event::ThemeNamed { .. } => "theme-named",
            Event::ThemeRenamed { .. } => "theme-renamed",
            Event::ThemeDefined { .. } => "theme-defined",
            Event::ThemeMerged { .. } => "theme-merged",
            Event::ThemeRetired { .. } => "theme-retired",
            Event::Assigned { .. } => "assigned",
            Event::Unassigned { .. } => "unassigned",
            Event::Read { .. } => "read",
            Event::SetAside { .. } => "set-aside",
        }
    }

    /// Reads the event of this kind from its payload, which the record keeps beside the kind.
    pub fn read<'de, D: Deserializer<'de>>(kind: &'de str, payload: D) -> Result<Self, D::Error> {
        Self::deserialize(Tagged { kind, payload })
    }

    /// The contribution that it is about, if it is about one.
    pub fn contribution(&self) -> Option<ContributionId> {
        match self {
            Event::Contributed(Contributed { contribution, .. })
            | Event::Corrected { contribution }
            | Event::ReadBack { contribution }
            | Event::Withdrawn { contribution }
            | Event::Held { contribution, .. }
            | Event::Released { contribution }
            | Event::Erased { contribution, .. }
            | Event::Assigned { contribution, .. }
            | Event::Unassigned { contribution, .. }
            | Event::Read { contribution }
            | Event::SetAside { contribution, .. } => Some(*contribution),
            _ => None,
        }
    }

    fn theme(&self) -> Option<ThemeId> {
        match self {
            Event::ThemeNamed { theme, .. }
            | Event::ThemeRenamed { theme, .. }
            | Event::ThemeDefined { theme, .. }
            | Event::ThemeMerged { theme, .. }
            | Event::ThemeRetired { theme, .. } => Some(*theme),
            _ => None,
        }
    }

    /// The stream of the record that it belongs to: one per contribution, one per theme, one for the assembly.
    pub fn stream(&self) -> String {
        match (self.contribution(), self.theme()) {
            (Some(id), _) => format!("contribution/{id}"),
            (None, Some(id)) => format!("theme/{id}"),
            (None, None) => "assembly".to_owned(),
        }
    }

    /// The id of the earlier thing that it is about; `None` where it begins one.
    pub fn reference(&self) -> Option<Uuid> {
        match self {
            Event::Contributed(_) | Event::ThemeNamed { .. } => None,
            event => event.contribution().map(|id| id.0).or(event.theme().map(|id| id.0)),
        }
    }
}
