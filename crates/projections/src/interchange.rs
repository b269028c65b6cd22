//! The code frame as other programs take it: one JSON document with its whole history, a CSV table, and the topics and
//! mapping that ThemeFinder and Consult (i-dot-ai) use. None of it holds participants' words.

use std::collections::BTreeMap;
use std::io::Write;

use domain::{ContributionId, ThemeId, Timestamp};
use serde::Serialize;

use crate::Error;
use crate::figure::{Query, Side, State, Unit};
use crate::frame::{Change, Theme, ThemeState, Version};
use crate::views::Views;

/// Names the shape of the JSON form; a changed shape gets a new number.
pub const FRAME_FORMAT: &str = "plenary-code-frame/v1";

/// What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection).
pub const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FrameDocument {
    pub format: &'static str,
    pub position: u64,
    pub as_of: Option<Timestamp>,
    pub title: String,
    /// In the order in which they were named; those that were merged or retired among them.
    pub themes: Vec<FrameTheme>,
    pub changes: Vec<Change>,
    pub versions: Vec<Version>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FrameTheme {
    pub theme: ThemeId,
    pub name: String,
    pub definition: Option<String>,
    pub state: &'static str,
    /// The theme that it was merged into.
    pub into: Option<ThemeId>,
    pub named_at: Timestamp,
    pub contributions: u64,
    pub tables: u64,
    pub remote_voices: u64,
    pub other_contributions: u64,
}

impl FrameDocument {
    pub fn of(views: &Views) -> Self {
        Self {
            format: FRAME_FORMAT,
            position: views.position,
            as_of: views.frame.last_at,
            title: views.frame.about.as_ref().map(|about| about.title.to_string()).unwrap_or_default(),
            themes: in_order(views).into_iter().map(|(id, theme)| frame_theme(views, id, theme)).collect(),
            changes: views.frame.changes.clone(),
            versions: views.frame.versions.clone(),
        }
    }

    /// Columns: theme, name, definition, state, into, contributions, tables, remote_voices, other_contributions.
    pub fn write_csv(&self, out: impl Write) -> Result<(), Error> {
        let mut csv = csv::Writer::from_writer(out);
        let counts = ["contributions", "tables", "remote_voices", "other_contributions"];
        csv.write_record(["theme", "name", "definition", "state", "into"].iter().chain(&counts))?;
        for theme in &self.themes {
            let definition = theme.definition.as_deref().map(guarded).unwrap_or_default();
            let into = theme.into.map(|into| into.to_string()).unwrap_or_default();
            let text = [theme.theme.to_string(), guarded(&theme.name), definition, theme.state.into(), into];
            let counts = [theme.contributions, theme.tables, theme.remote_voices, theme.other_contributions];
            csv.write_record(text.into_iter().chain(counts.map(|count| count.to_string())))?;
        }
        csv.flush().map_err(|error| Error::Csv(error.into()))
    }
}

/// A quote mark before what a spreadsheet would run keeps it a text, and one before a text that looks guarded already
/// lets [`unguarded`] give every text back as it was.
pub fn guarded(text: &str) -> String {
    if looks_guarded_or_runs(text) { format!("'{text}") } else { text.to_owned() }
}

/// Takes back what [`guarded`] did.
pub fn unguarded(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| looks_guarded_or_runs(rest)).unwrap_or(text)
}

fn looks_guarded_or_runs(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(FORMULA)
}

/// Themes in the order in which they were named, which stays when others come.
fn in_order(views: &Views) -> Vec<(ThemeId, &Theme)> {
    let mut themes: Vec<_> = views.frame.themes.iter().map(|(id, theme)| (*id, theme)).collect();
    themes.sort_by_key(|(id, theme)| (theme.named_at, *id));
    themes
}

fn frame_theme(views: &Views, id: ThemeId, theme: &Theme) -> FrameTheme {
    let query = Query::theme(id);
    let (state, into) = match theme.state {
        ThemeState::Live => ("live", None),
        ThemeState::MergedInto(into) => ("merged", Some(into)),
        ThemeState::Retired => ("retired", None),
    };
    FrameTheme {
        theme: id,
        name: theme.name.to_string(),
        definition: theme.definition.as_ref().map(ToString::to_string),
        state,
        into,
        named_at: theme.named_at,
        contributions: query.count(views, Unit::Contributions),
        tables: query.count(views, Unit::Tables),
        remote_voices: query.on(Side::Remote).count(views, Unit::Voices),
        other_contributions: query.on(Side::Other).count(views, Unit::Contributions),
    }
}

/// Themes and what is in them, with the names of fields that ThemeFinder uses.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Topics {
    pub themes: Vec<Topic>,
    /// Every contribution that somebody has read.
    pub mapping: Vec<Mapped>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Topic {
    /// A, B, …, Z, AA, …
    pub topic_id: String,
    pub topic_label: String,
    pub topic_description: String,
    /// `label: description`.
    pub topic: String,
    /// How many themes it was put together from, itself among them.
    pub source_topic_count: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mapped {
    /// The contribution's position in the record.
    pub response_id: u64,
    /// By which it is known whatever record it lies in; others pass it over.
    pub contribution: ContributionId,
    pub labels: Vec<String>,
}

impl Topics {
    pub fn of(views: &Views) -> Self {
        let live = in_order(views).into_iter().filter(|(_, theme)| theme.state == ThemeState::Live);
        let lettered: Vec<_> = live.enumerate().map(|(index, named)| (letters(index), named)).collect();
        let letter: BTreeMap<_, _> = lettered.iter().map(|(letter, (id, _))| (*id, letter.clone())).collect();
        let read = Query::state(State::Read).select(views);
        let mapping = read.into_iter().map(|(position, entry)| Mapped {
            response_id: position.get(),
            contribution: entry.contribution,
            labels: entry.coded.themes.iter().filter_map(|theme| letter.get(theme).cloned()).collect(),
        });
        let mapping = mapping.collect();
        let topic = |(topic_id, (id, theme))| topic(views, topic_id, id, theme);
        Self { themes: lettered.into_iter().map(topic).collect(), mapping }
    }
}

fn topic(views: &Views, topic_id: String, id: ThemeId, theme: &Theme) -> Topic {
    let topic_label = theme.name.to_string();
    let topic_description = theme.definition.as_ref().map(ToString::to_string).unwrap_or_default();
    let topic = match topic_description.as_str() {
        "" => topic_label.clone(),
        description => format!("{topic_label}: {description}"),
    };
    Topic { topic_id, topic_label, topic_description, topic, source_topic_count: sources(views, id) }
}

/// A theme and all that were merged into it, also by way of others.
fn sources(views: &Views, into: ThemeId) -> u64 {
    let mut of = vec![into];
    let mut next = 0;
    while let Some(into) = of.get(next).copied() {
        next += 1;
        let merged = views.frame.themes.iter();
        of.extend(merged.filter(|(_, it)| it.state == ThemeState::MergedInto(into)).map(|(id, _)| *id));
    }
    of.len() as u64
}

/// A, B, …, Z, AA, AB, …: as spreadsheets name columns.
fn letters(index: usize) -> String {
    let last = char::from(b'A' + (index % 26) as u8);
    match index / 26 {
        0 => last.to_string(),
        more => format!("{}{last}", letters(more - 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_are_lettered_as_columns_are() {
        let named: Vec<_> = [0, 1, 25, 26, 27, 51, 52, 701, 702].map(letters).into();
        assert_eq!(named, ["A", "B", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA"]);
    }

    #[test]
    fn what_a_spreadsheet_would_run_is_guarded_and_comes_back_as_it_was() {
        for text in ["Fares", "=1+1", "'=1+1", "''=1", "'tis late", "-", "@x", "", "'", "''", "a=b"] {
            let cell = guarded(text);
            assert!(!cell.starts_with(FORMULA), "{cell:?}");
            assert_eq!(unguarded(&cell), text);
        }
        assert_eq!(guarded("=HYPERLINK(1)"), "'=HYPERLINK(1)");
    }
}
