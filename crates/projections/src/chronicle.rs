//! The steps of the assembly itself that a decision is held against later: when it was convened, what was asked, when the
//! rule was fixed, who was let in, when a round was open. Each keeps its place in the record, so that it can be looked up.

use domain::{Event, LinkId, Meta, PollId, QuestionText, Role, RoundNumber, Timestamp};
use event_log::Position;
use serde::{Deserialize, Serialize};

use crate::frame::Frame;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Happened {
    pub position: Position,
    pub at: Timestamp,
    pub what: Happening,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Happening {
    Convened,
    Asked {
        round: RoundNumber,
        version: u16,
        question: QuestionText,
    },
    /// Which themes get a written answer, and by when.
    RuleFixed,
    /// How the days are counted.
    ClockFixed,
    /// A link for people at home or for a board member.
    LetIn {
        link: LinkId,
        role: Role,
    },
    RoundOpened(RoundNumber),
    RoundClosed(RoundNumber),
    PollOpened(PollId),
    PollClosed(PollId),
}

impl Frame {
    pub(crate) fn note(&mut self, position: Position, event: &Event, meta: &Meta) {
        let what = match event {
            Event::Convened { .. } => Happening::Convened,
            Event::QuestionAsked { round, version, question, .. } => {
                Happening::Asked { round: *round, version: *version, question: question.clone() }
            }
            Event::DutyRuleFixed { .. } => Happening::RuleFixed,
            Event::DutyClockFixed(_) => Happening::ClockFixed,
            Event::LinkIssued { link, role: role @ (Role::Participant | Role::BoardMember), .. } => {
                Happening::LetIn { link: *link, role: *role }
            }
            Event::RoundOpened { round } => Happening::RoundOpened(*round),
            Event::RoundClosed { round } => Happening::RoundClosed(*round),
            Event::PollOpened(poll) => Happening::PollOpened(poll.poll),
            Event::PollClosed { poll, .. } => Happening::PollClosed(*poll),
            _ => return,
        };
        self.chronicle.push(Happened { position, at: meta.at, what });
    }
}
