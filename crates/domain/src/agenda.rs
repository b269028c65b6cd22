//! What an organiser settles before the doors open.

use serde::{Deserialize, Serialize};

use crate::duty::DutyClock;
use crate::text::{Name, Purpose, QuestionText, Title};

/// Most rounds in one agenda.
pub const ROUNDS_MAX: usize = 50;
/// Most tables in one room.
pub const TABLES_MAX: u16 = 1_000;

/// One assembly as it is convened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agenda {
    pub title: Title,
    pub purpose: Purpose,
    /// The body that asked, and that owes the replies.
    pub board: Name,
    /// IANA name, such as `Europe/London`; pages show times in it.
    pub time_zone: Name,
    pub tables: u16,
    /// Seats at each table, for "n of N"; 0 when nobody has counted.
    pub seats: u16,
    pub rounds: Vec<Question>,
    pub duty_rule: Option<DutyRule>,
    pub duty_clock: Option<DutyClock>,
}

/// One round: a heading and the one question that it asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub title: Title,
    pub question: QuestionText,
}

/// When the board owes a theme a reply. Fixed before opening, so that nobody can move the bar afterwards: a theme
/// qualifies when it reaches **either** number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DutyRule {
    /// Tables at which the theme was heard, at least.
    pub tables_at_least: Option<u16>,
    /// Distinct remote voices, at least.
    pub voices_at_least: Option<u32>,
    /// Working days from the publication of the paper.
    pub working_days: u16,
    /// The office that answers, not a person's name.
    pub owner: Name,
}

impl DutyRule {
    pub fn is_met(&self, tables: u16, voices: u32) -> bool {
        self.tables_at_least.is_some_and(|least| tables >= least)
            || self.voices_at_least.is_some_and(|least| voices >= least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_number_is_enough_and_an_absent_one_never_is() {
        let owner = Name::parse("Director of Primary Care").unwrap();
        let rule = DutyRule { tables_at_least: Some(3), voices_at_least: None, working_days: 30, owner };
        assert!(!rule.is_met(2, 1_000));
        assert!(rule.is_met(3, 0));
        let rule = DutyRule { tables_at_least: None, voices_at_least: Some(10), ..rule };
        assert!(rule.is_met(0, 10));
        assert!(!rule.is_met(12, 9));
    }
}
