//! Polls and reactions: what is asked, and what a ballot may say.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::ids::{PollId, RoundNumber};
use crate::text::{OptionText, QuestionText};

/// Most options of one poll.
pub const OPTIONS_MAX: usize = 12;
/// Most polls in one assembly.
pub const POLLS_MAX: usize = 200;
/// Most hands that one count can hold for one option.
pub const HANDS_MAX: u32 = 10_000;
/// Longest time by which a stream may run behind the room, in seconds.
pub const LAG_MAX_S: u16 = 600;
/// The options of a temperature: red, amber, green.
pub const TEMPERATURES: u8 = 3;

/// How a ballot is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// One of red, amber and green, as options 1, 2 and 3.
    Temperature,
    /// At least one option and at most so many.
    Choose { most: u8 },
    /// Options in order of preference; those left out come after all that are named.
    Rank,
}

/// What somebody thinks of what somebody else said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Vote {
    Agree,
    Disagree,
    Pass,
}

impl Vote {
    pub const ALL: [Vote; 3] = [Vote::Agree, Vote::Disagree, Vote::Pass];

    pub fn as_str(self) -> &'static str {
        match self {
            Vote::Agree => "agree",
            Vote::Disagree => "disagree",
            Vote::Pass => "pass",
        }
    }
}

/// A poll as it is opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Poll {
    pub poll: PollId,
    /// The round that it belongs to, if it belongs to one.
    pub round: Option<RoundNumber>,
    pub question: QuestionText,
    pub method: Method,
    /// None for a temperature; else at least two.
    pub options: Vec<OptionText>,
    /// By how much the stream runs behind the room: people at home may vote for so long after the poll has closed.
    pub lag_s: u16,
}

impl Poll {
    /// How many options there are.
    pub fn size(&self) -> u8 {
        match self.method {
            Method::Temperature => TEMPERATURES,
            Method::Choose { .. } | Method::Rank => u8::try_from(self.options.len()).unwrap_or(u8::MAX),
        }
    }

    /// Whether it can be asked at all.
    pub(crate) fn is_sound(&self) -> bool {
        let options: BTreeSet<_> = self.options.iter().map(|option| option.as_str().to_lowercase()).collect();
        let distinct = options.len() == self.options.len();
        let asks = match self.method {
            Method::Temperature => self.options.is_empty(),
            Method::Choose { most } => (1..=self.size()).contains(&most) && self.options.len() >= 2,
            Method::Rank => self.options.len() >= 2,
        };
        asks && distinct && self.options.len() <= OPTIONS_MAX && self.lag_s <= LAG_MAX_S
    }

    /// Whether a ballot may be marked like this: options by their numbers from 1, none twice.
    pub fn takes(&self, choice: &[u8]) -> bool {
        let most = match self.method {
            Method::Temperature => 1,
            Method::Choose { most } => most,
            Method::Rank => self.size(),
        };
        let once: BTreeSet<_> = choice.iter().collect();
        let known = choice.iter().all(|option| (1..=self.size()).contains(option));
        known && !choice.is_empty() && once.len() == choice.len() && choice.len() <= usize::from(most)
    }
}
