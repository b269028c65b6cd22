//! What an event is called in the record, and what it is about.

use serde::de::{Deserialize, Deserializer};
use uuid::Uuid;

use super::{Contributed, Event};
use crate::coding::Suggested;
use crate::draft::Draft;
use crate::ids::{ContributionId, PollId, ThemeId};
use crate::poll::Poll;
use crate::tagged::Tagged;

impl Event {
    /// The word for it in the record.
    #[expect(clippy::too_many_lines, reason = "a line for each kind of event, and none is left out")]
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
            Event::ThemeRedefined { .. } => "theme-redefined",
            Event::ThemeSplit { .. } => "theme-split",
            Event::ChangeUndone { .. } => "change-undone",
            Event::FrameVersioned { .. } => "frame-versioned",
            Event::PutBack { .. } => "put-back",
            Event::CodedAgain { .. } => "coded-again",
            Event::Suggested(_) => "suggested",
            Event::AlikeFound { .. } => "alike-found",
            Event::ToldApart { .. } => "told-apart",
            Event::QuotePinned { .. } => "quote-pinned",
            Event::QuoteUnpinned { .. } => "quote-unpinned",
            Event::ThemeProposed(_) => "theme-proposed",
            Event::CandidateSettled { .. } => "candidate-settled",
            Event::SampleDrawn(_) => "sample-drawn",
            Event::ContraryChosen { .. } => "contrary-chosen",
            Event::NoContrary { .. } => "no-contrary",
            Event::Understood { .. } => "understood",
            Event::ThemeMerged { .. } => "theme-merged",
            Event::ThemeRetired { .. } => "theme-retired",
            Event::Assigned { .. } => "assigned",
            Event::Unassigned { .. } => "unassigned",
            Event::Read { .. } => "read",
            Event::SetAside { .. } => "set-aside",
            Event::DutyClockFixed(_) => "duty-clock-fixed",
            Event::ProseWritten(_) => "prose-written",
            Event::SummaryPublished(_) => "summary-published",
            Event::SectionOpened { .. } => "section-opened",
            Event::DutyOwed(_) => "duty-owed",
            Event::HoldingReplyGiven(_) => "holding-reply-given",
            Event::Replied(_) => "replied",
            Event::Rejoined(_) => "rejoined",
            Event::Committed(_) => "committed",
            Event::ProgressReported(_) => "progress-reported",
            Event::Delivered(_) => "delivered",
            Event::DutyReassigned(_) => "duty-reassigned",
            Event::MaterialShown(_) => "material-shown",
            Event::CompositionRecorded(_) => "composition-recorded",
            Event::DecisionTaken(_) => "decision-taken",
            event => event.kind_of_a_models(),
        }
    }

    /// The same for what a language model wrote. A kind without a word would have no golden file.
    fn kind_of_a_models(&self) -> &'static str {
        match self {
            Event::WordingProposed(_) => "wording-proposed",
            Event::WordingSignedOff { .. } => "wording-signed-off",
            Event::DraftAsked { .. } => "draft-asked",
            Event::DraftWritten(_) => "draft-written",
            Event::DraftSignedOff { .. } => "draft-signed-off",
            _ => "",
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
            | Event::SetAside { contribution, .. }
            | Event::PutBack { contribution }
            | Event::CodedAgain { contribution, .. }
            | Event::Suggested(Suggested { contribution, .. })
            | Event::AlikeFound { contribution, .. }
            | Event::ToldApart { contribution }
            | Event::Understood { contribution, .. }
            | Event::QuotePinned { contribution, .. }
            | Event::QuoteUnpinned { contribution, .. } => Some(*contribution),
            _ => None,
        }
    }

    fn theme(&self) -> Option<ThemeId> {
        match self {
            Event::ThemeNamed { theme, .. }
            | Event::ThemeRenamed { theme, .. }
            | Event::ThemeDefined { theme, .. }
            | Event::ThemeRedefined { theme, .. }
            | Event::ThemeSplit { theme, .. }
            | Event::ThemeMerged { theme, .. }
            | Event::ThemeRetired { theme, .. }
            | Event::ContraryChosen { theme, .. }
            | Event::NoContrary { theme, .. }
            | Event::WordingSignedOff { theme, .. }
            | Event::DraftAsked { theme, .. }
            | Event::DraftWritten(Draft { theme, .. })
            | Event::DraftSignedOff { theme, .. } => Some(*theme),
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
