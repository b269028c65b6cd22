//! What the rules remember of the paper and of the duties that it turned into.

use std::collections::{BTreeMap, BTreeSet};

use crate::agenda::DutyRule;
use crate::draft::Stage;
use crate::duty::{DutyClock, PaperHash};
use crate::event::Event;
use crate::ids::{CommitmentNumber, DraftId, DutyNumber, ThemeId};
use crate::text::{Name, ReplyText};

#[derive(Clone, Debug, Default)]
pub(crate) struct Paper {
    pub(crate) rule: Option<DutyRule>,
    pub(crate) clock: Option<DutyClock>,
    /// The opening of the paper and the themes that an editor has written about.
    pub(crate) prose: BTreeSet<Option<ThemeId>>,
    /// The hash of each version that was published; the last is the newest.
    pub(crate) versions: Vec<PaperHash>,
    pub(crate) duties: BTreeMap<DutyNumber, Duty>,
    /// Whether each promise has been kept.
    pub(crate) commitments: BTreeMap<CommitmentNumber, Kept>,
    /// What a language model was asked to write about, and how far that is.
    pub(crate) drafts: BTreeMap<DraftId, (ThemeId, Stage)>,
    /// How many the board has recorded.
    pub(crate) decisions: usize,
}

#[derive(Clone, Debug)]
pub(crate) struct Duty {
    /// `None` for the paper as a whole.
    pub(crate) theme: Option<ThemeId>,
    pub(crate) owner: Name,
    /// How many versions of the reply there are.
    pub(crate) replies: u16,
    pub(crate) latest: Option<ReplyText>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    NotYet,
    Delivered,
}

impl Paper {
    /// Whether the event was about the paper or a duty.
    pub(crate) fn evolve(&mut self, event: &Event) -> bool {
        match event {
            Event::DutyRuleFixed { rule } => self.rule = Some(rule.clone()),
            Event::DutyClockFixed(clock) => self.clock = Some(clock.clone()),
            Event::ProseWritten(written) if written.prose.is_some() => {
                self.prose.insert(written.theme);
            }
            Event::ProseWritten(written) => drop(self.prose.remove(&written.theme)),
            Event::SummaryPublished(published) => self.versions.push(published.hash),
            Event::DutyOwed(owed) => {
                let duty = Duty { theme: owed.theme, owner: owed.owner.clone(), replies: 0, latest: None };
                self.duties.insert(owed.duty, duty);
            }
            Event::Replied(replied) => {
                if let Some(duty) = self.duties.get_mut(&replied.duty) {
                    duty.replies = replied.version;
                    duty.latest = Some(replied.text.clone());
                }
            }
            Event::DutyReassigned(reassigned) => {
                if let Some(duty) = self.duties.get_mut(&reassigned.duty) {
                    duty.owner = reassigned.owner.clone();
                }
            }
            Event::Committed(committed) => {
                self.commitments.insert(committed.commitment, Kept::NotYet);
            }
            Event::Delivered(kept) => {
                self.commitments.insert(kept.commitment, Kept::Delivered);
            }
            Event::DecisionTaken(_) => self.decisions += 1,
            Event::DraftAsked { draft, theme } => drop(self.drafts.insert(*draft, (*theme, Stage::Asked))),
            Event::DraftWritten(draft) => {
                self.drafts.insert(draft.draft, (draft.theme, Stage::Written(Box::new(draft.clone()))));
            }
            Event::DraftSignedOff { draft, theme, .. } => {
                self.drafts.insert(*draft, (*theme, Stage::SignedOff));
            }
            Event::MaterialShown(_)
            | Event::CompositionRecorded(_)
            | Event::SectionOpened { .. }
            | Event::HoldingReplyGiven(_)
            | Event::Rejoined(_)
            | Event::ProgressReported(_) => {}
            _ => return false,
        }
        true
    }
}
