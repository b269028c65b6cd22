//! Everything that the views keep besides the contributions.

use std::collections::BTreeMap;

use domain::{
    Candidate, CandidateId, ChangeNumber, ContributionId, Definition, DutyRule, Label, LinkId, Name, PollId,
    Purpose, QuestionText, Reason, Role, RoundNumber, RoundState, Sample, Scene, TableNumber, ThemeId,
    ThemeName, Timestamp, Title, Wording,
};
use event_log::Position;
use serde::{Deserialize, Serialize};

use crate::chronicle::Happened;
use crate::duties::Ledger;
use crate::polls::PollState;
use crate::room::TableChange;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct About {
    pub title: Title,
    pub purpose: Purpose,
    pub board: Name,
    pub time_zone: Name,
    pub convened_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Round {
    pub title: Title,
    pub question: QuestionText,
    pub version: u16,
    pub stage: Stage,
    pub opened_at: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    Planned,
    Open,
    Closed,
}

impl From<Stage> for RoundState {
    fn from(stage: Stage) -> Self {
        match stage {
            Stage::Planned => RoundState::Planned,
            Stage::Open => RoundState::Open,
            Stage::Closed => RoundState::Closed,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Link {
    pub role: Role,
    pub table: Option<TableNumber>,
    pub label: Option<Label>,
    pub issued_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Theme {
    pub name: ThemeName,
    pub definition: Option<Definition>,
    pub named_at: Timestamp,
    pub state: ThemeState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ThemeState {
    Live,
    MergedInto(ThemeId),
    Retired,
}

/// A change of the code frame, kept so that every jump of a figure can be explained, and undone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// By which it can be undone.
    pub number: ChangeNumber,
    pub position: Position,
    pub at: Timestamp,
    /// The theme whose tally it changed.
    pub theme: ThemeId,
    /// The other theme of a merge or a split.
    pub other: Option<ThemeId>,
    pub what: What,
    pub reason: Option<Reason>,
    /// By how many contributions it changed the tally of `theme`.
    pub moved: u32,
    /// The change that took this one back.
    pub undone_by: Option<ChangeNumber>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    Named(ThemeName),
    Renamed { from: ThemeName, to: ThemeName },
    Defined { name: ThemeName, from: Option<Definition>, to: Definition },
    Merged { from: ThemeName, into: ThemeName },
    Split { from: ThemeName, into: ThemeName },
    Retired(ThemeName),
    Undone { change: ChangeNumber, name: ThemeName },
}

/// The code frame under a name that somebody gave it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Version {
    pub name: Label,
    pub position: Position,
    pub at: Timestamp,
}

/// A candidate for a theme that nobody has decided about yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proposed {
    pub position: Position,
    pub at: Timestamp,
    pub candidate: Candidate,
    /// What a language model would call it; nobody has signed it off.
    pub wording: Option<Wording>,
}

/// The other side of a theme, as a person has settled it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ContraryBy {
    Contribution(ContributionId),
    /// There is none, for that reason.
    Reason(Reason),
}

/// A random sample and when it was drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drawn {
    pub position: Position,
    pub at: Timestamp,
    pub sample: Sample,
}

/// Everything but the contributions: small, kept as one document.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    pub about: Option<About>,
    pub closed_at: Option<Timestamp>,
    pub duty_rule: Option<DutyRule>,
    pub rounds: BTreeMap<RoundNumber, Round>,
    /// Seats by table; 0 where nobody has counted.
    pub tables: BTreeMap<TableNumber, u16>,
    /// Tables that another one speaks for now.
    pub merged: BTreeMap<TableNumber, TableNumber>,
    /// Where a table stands, if it was ever moved.
    pub places: BTreeMap<TableNumber, Label>,
    pub moves: Vec<TableChange>,
    /// When the time of the open round is up.
    pub countdown: Option<Timestamp>,
    pub scene: Scene,
    /// When the screen was told to show it.
    pub scene_at: Option<Timestamp>,
    pub polls: BTreeMap<PollId, PollState>,
    pub links: BTreeMap<LinkId, Link>,
    pub themes: BTreeMap<ThemeId, Theme>,
    /// In order: the number of a change is its place, from 1.
    pub changes: Vec<Change>,
    pub versions: Vec<Version>,
    pub candidates: BTreeMap<CandidateId, Proposed>,
    pub samples: Vec<Drawn>,
    /// What the theme team says is the other side of a theme; the newest of each.
    pub contrary: BTreeMap<ThemeId, ContraryBy>,
    pub ledger: Ledger,
    /// What a decision is held against later, in the order of the record.
    pub chronicle: Vec<Happened>,
    /// When the last event was recorded.
    pub last_at: Option<Timestamp>,
}

impl Frame {
    /// The theme in which the contributions of this one are now: itself, or the one that it was merged into.
    pub fn theme_now(&self, theme: ThemeId) -> ThemeId {
        let mut now = theme;
        // Themes are merged into themes, so a chain is never longer than there are themes.
        for _ in 0..self.themes.len() {
            let Some(Theme { state: ThemeState::MergedInto(into), .. }) = self.themes.get(&now) else {
                break;
            };
            now = *into;
        }
        now
    }
}

impl Round {
    pub(crate) fn planned(title: Title, question: QuestionText, version: u16) -> Self {
        Self { title, question, version, stage: Stage::Planned, opened_at: None, closed_at: None }
    }

    pub(crate) fn open(&mut self, at: Timestamp) {
        self.stage = Stage::Open;
        self.opened_at.get_or_insert(at);
        self.closed_at = None;
    }

    pub(crate) fn close(&mut self, at: Timestamp) {
        self.stage = Stage::Closed;
        self.closed_at = Some(at);
    }
}
