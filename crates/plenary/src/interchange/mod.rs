//! Code frames that come in: a file, or another assembly's frame, into themes that are named where they are not there yet.
//!
//! [`read`] takes a file apart and refuses it as a whole where any of it is wrong; [`plan`] says what it would do, before
//! anything is written; [`record`] submits that through the same sequencer as everything else.

pub(crate) mod plan;
pub(crate) mod read;
pub(crate) mod record;

use domain::{ContributionId, Definition, ThemeName};
use projections::{Position, ThemeState, Views};
use serde::Serialize;

/// What a file says.
#[derive(Debug, Default)]
pub(crate) struct Incoming {
    pub(crate) themes: Vec<Theme>,
    pub(crate) mapping: Vec<Row>,
    /// Themes that were merged or retired where they come from.
    pub(crate) past: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Theme {
    pub(crate) name: ThemeName,
    pub(crate) definition: Option<Definition>,
    /// What the rows of a mapping call it.
    pub(crate) label: String,
}

/// One contribution and the labels that a file gives it.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) number: u64,
    pub(crate) response: Response,
    pub(crate) labels: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Response {
    Contribution(ContributionId),
    Position(Position),
    /// A number or word that no record has.
    Other,
}

/// What became of it.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Report {
    pub(crate) themes: u64,
    pub(crate) named: Vec<String>,
    pub(crate) left: Vec<Left>,
    /// Rows of a mapping.
    pub(crate) rows: u64,
    pub(crate) assigned: u64,
    pub(crate) assigned_before: u64,
    /// Rows about contributions that this record does not have.
    pub(crate) unknown: u64,
    pub(crate) refused: Vec<Refused>,
    /// Where the record stands now.
    pub(crate) position: u64,
}

/// A theme that was left as it is here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Left {
    pub(crate) name: String,
    pub(crate) why: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct Refused {
    pub(crate) row: u64,
    pub(crate) reason: String,
}

/// The frame of a finished assembly, for the next one: what is in use in it.
pub(crate) fn of_assembly(views: &Views) -> Incoming {
    let live = views.live_themes().into_iter().map(|(id, theme)| Theme {
        name: theme.name.clone(),
        definition: theme.definition.clone(),
        label: id.to_string(),
    });
    let past = views.frame.themes.values().filter(|theme| theme.state != ThemeState::Live).count() as u64;
    Incoming { themes: live.collect(), mapping: Vec::new(), past }
}
