//! What happened. The stored form of an event never changes: a new variant is added instead.
//!
//! No event holds what a participant said: a contribution's words travel beside it in a [`crate::Fact`] and are kept
//! sealed. The texts that stand here are the board's, the organisers' and the theme team's own, public for ever.

use serde::{Deserialize, Deserializer, Serialize};
use uuid::Uuid;

use crate::agenda::DutyRule;
use crate::card::CardNumber;
use crate::ids::{ContributionId, LinkId, PollId, RoundNumber, SeatNumber, TableNumber, ThemeId};
use crate::poll::{Poll, Vote};
use crate::role::Role;
pub use crate::said::{Channel, ErasedBy, Form, HoldReason, Kind};
use crate::screen::Scene;
use crate::tagged::Tagged;
use crate::text::{Definition, Label, Name, Purpose, QuestionText, Reason, ThemeName, Title};
use crate::time::Timestamp;

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
    /// When the time of the open round is up; nothing happens by itself then. Without a time there is no countdown.
    CountdownSet {
        until: Option<Timestamp>,
    },
    ScreenSet {
        scene: Scene,
    },
    /// From now on `into` speaks for the people of both. What was said at `table` stays said there.
    TableMerged {
        table: TableNumber,
        into: TableNumber,
    },
    /// Some people of `table` sit at `into` from now on, which is new.
    TableSplit {
        table: TableNumber,
        into: TableNumber,
        seats: u16,
    },
    TableMoved {
        table: TableNumber,
        place: Label,
    },

    // Contributions.
    Contributed(Contributed),
    /// The contribution was written on this paper card.
    CardKeyed {
        contribution: ContributionId,
        card: CardNumber,
    },
    /// The latest of a voice counts.
    Voted {
        contribution: ContributionId,
        vote: Vote,
    },
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

    // Polls.
    PollOpened(Poll),
    /// The latest of a voice or a seat counts.
    BallotCast {
        poll: PollId,
        choice: Vec<u8>,
        table: Option<TableNumber>,
        seat: Option<SeatNumber>,
    },
    /// Hands, counted by one person; they count once a second person has found the same numbers.
    HandCountEntered {
        poll: PollId,
        table: Option<TableNumber>,
        counts: Vec<u32>,
    },
    /// From now on it stands in place of the ballots of that table, or of the whole room.
    HandCountConfirmed {
        poll: PollId,
        table: Option<TableNumber>,
        counts: Vec<u32>,
    },
    /// People at home may go on until `remote_until`, because they see the room later.
    PollClosed {
        poll: PollId,
        remote_until: Timestamp,
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
            Event::CountdownSet { .. } => "countdown-set",
            Event::ScreenSet { .. } => "screen-set",
            Event::TableMerged { .. } => "table-merged",
            Event::TableSplit { .. } => "table-split",
            Event::TableMoved { .. } => "table-moved",
            Event::CardKeyed { .. } => "card-keyed",
            Event::Voted { .. } => "voted",
            Event::PollOpened(_) => "poll-opened",
            Event::BallotCast { .. } => "ballot-cast",
            Event::HandCountEntered { .. } => "hand-count-entered",
            Event::HandCountConfirmed { .. } => "hand-count-confirmed",
            Event::PollClosed { .. } => "poll-closed",
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
            | Event::CardKeyed { contribution, .. }
            | Event::Voted { contribution, .. }
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

    /// The poll that it is about, if it is about one.
    pub fn poll(&self) -> Option<PollId> {
        match self {
            Event::PollOpened(Poll { poll, .. })
            | Event::BallotCast { poll, .. }
            | Event::HandCountEntered { poll, .. }
            | Event::HandCountConfirmed { poll, .. }
            | Event::PollClosed { poll, .. } => Some(*poll),
            _ => None,
        }
    }

    /// The stream of the record that it belongs to: one per contribution, theme and poll, one for the assembly.
    pub fn stream(&self) -> String {
        match (self.contribution(), self.theme(), self.poll()) {
            (Some(id), _, _) => format!("contribution/{id}"),
            (None, Some(id), _) => format!("theme/{id}"),
            (None, None, Some(id)) => format!("poll/{id}"),
            (None, None, None) => "assembly".to_owned(),
        }
    }

    /// The id of the earlier thing that it is about; `None` where it begins one.
    pub fn reference(&self) -> Option<Uuid> {
        match self {
            Event::Contributed(_) | Event::ThemeNamed { .. } | Event::PollOpened(_) => None,
            event => {
                let of_theme = || event.theme().map(|id| id.0);
                event.contribution().map(|id| id.0).or_else(of_theme).or(event.poll().map(|id| id.0))
            }
        }
    }
}
