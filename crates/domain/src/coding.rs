//! What the theme team and its engines do with contributions: which themes they are in, what is suggested, sampled,
//! found alike and quoted. Participants' words stand in none of it; where words are meant, they are pointed at.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::ids::{CandidateId, ChangeNumber, ContributionId, RoundNumber, SampleId, ThemeId};
use crate::text::{Definition, Label, ThemeName};

/// Most themes that one press puts a contribution into. An import may bring more.
pub const THEMES_AT_ONCE_MAX: usize = 3;
/// Most themes that one suggestion names.
pub const SUGGESTED_MAX: usize = 5;
/// Most contributions that one split moves, so that its event stays readable.
pub const SPLIT_MAX: usize = 300;
/// Most contributions of one sample.
pub const SAMPLE_MAX: usize = 500;
/// Most contributions that a candidate for a theme lists, and most that stand for it.
pub const MEMBERS_MAX: usize = 200;
pub const EXEMPLARS_MAX: usize = 5;

/// Bytes of a contribution's words as they stood when the event was recorded: from the first, up to and without the
/// last. Whoever may not open the words learns nothing from it, and it means nothing once they are erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    pub from: u32,
    pub to: u32,
}

/// What an engine takes a contribution to be about. It is never a tally.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggested {
    pub contribution: ContributionId,
    /// Which engine, in which version, with which settings.
    pub engine: Label,
    /// How many confirmations it had learnt from.
    pub learnt: u64,
    /// Best first.
    pub themes: Vec<SuggestedTheme>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuggestedTheme {
    pub theme: ThemeId,
    /// A probability, of 65,535.
    pub score: u16,
    /// Whether it is over the theme's own cut: what would be counted if nobody read it.
    pub likely: bool,
    /// The words that spoke for it, the strongest first.
    pub why: Vec<Span>,
}

/// A theme that may be missing from the code frame, found among what no theme explains.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    pub candidate: CandidateId,
    pub engine: Label,
    /// The words that name it: a phrase of one of its exemplars.
    pub phrase_of: ContributionId,
    pub phrase: Span,
    /// Those that show best what it is about.
    pub exemplars: Vec<ContributionId>,
    /// All that it was found in, the exemplars among them.
    pub members: Vec<ContributionId>,
}

/// What a language model would call a candidate. Nobody has signed it off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    pub candidate: CandidateId,
    pub name: ThemeName,
    pub definition: Definition,
    pub model: Label,
    /// The exemplars that it was shown.
    pub of: Vec<ContributionId>,
}

/// What a random sample is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SamplePurpose {
    /// Unread contributions, read first of all, from which the themes of the others are estimated.
    Audit,
    /// Contributions that somebody has coded, coded again by somebody who does not see how.
    DoubleCoding,
}

impl SamplePurpose {
    pub const ALL: [SamplePurpose; 2] = [SamplePurpose::Audit, SamplePurpose::DoubleCoding];

    pub fn as_str(self) -> &'static str {
        match self {
            SamplePurpose::Audit => "audit",
            SamplePurpose::DoubleCoding => "double-coding",
        }
    }
}

/// A random sample: those of the `of` eligible contributions that [`crate::drawn`] draws with that seed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    pub sample: SampleId,
    pub purpose: SamplePurpose,
    pub round: Option<RoundNumber>,
    /// 16 bytes as 32 hex digits, drawn by the server when it recorded this.
    pub seed: String,
    pub of: u32,
    pub contributions: Vec<ContributionId>,
}

/// Which themes a contribution is in, and which changes of the code frame moved it there, so that they can be undone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coded {
    pub themes: BTreeSet<ThemeId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    moves: Vec<Move>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Move {
    change: ChangeNumber,
    /// It was in both themes before, so undoing leaves it in both.
    both: bool,
}

impl Coded {
    /// Moves it from one theme to another, or out of it, where it is in that theme. Says whether it was.
    pub fn shift(&mut self, change: ChangeNumber, from: ThemeId, into: Option<ThemeId>) -> bool {
        if !self.themes.remove(&from) {
            return false;
        }
        let both = into.is_some_and(|into| !self.themes.insert(into));
        self.moves.push(Move { change, both });
        true
    }

    /// Takes back what [`Coded::shift`] did under that number. What a person has taken out of `into` since, stays out.
    pub fn unshift(&mut self, change: ChangeNumber, from: ThemeId, into: Option<ThemeId>) -> bool {
        let Some(at) = self.moves.iter().position(|moved| moved.change == change) else { return false };
        let Move { both, .. } = self.moves.remove(at);
        match into {
            Some(into) if !self.themes.contains(&into) => return false,
            Some(into) if !both => drop(self.themes.remove(&into)),
            _ => {}
        }
        self.themes.insert(from)
    }
}
