//! What the hall's screen shows.

use serde::{Deserialize, Serialize};

use crate::ids::{ContributionId, PollId};

/// One thing at a time, chosen by the organiser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scene {
    /// What the assembly is saying: the open question and its themes.
    #[default]
    Hearing,
    /// The open question alone, with the countdown.
    Question,
    /// How to join, large.
    Join,
    /// One contribution, in its own words.
    Quote(ContributionId),
    /// A poll: the question while it is open, the result once it has closed.
    Poll(PollId),
    /// Nothing.
    Blank,
}
