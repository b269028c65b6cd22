//! What came of a drill: whether everything that was said arrived, once, and whether it counts as it did.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use domain::{ContributionId, Event, Slug, ThemeId};
use event_log::{Position, Reader};
use projections::{Projection, Recorded, ThemeTally};
use serde::Serialize;

use super::drill::Notes;
use super::plan::Plan;

/// Refusals that a person reads on the screen; `--json` has them all.
const SHOWN: usize = 10;

#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// The assembly that was rehearsed, and the copy's name.
    slug: Slug,
    rehearsal: Slug,
    said: u64,
    received: u64,
    /// How many of them waited in an outbox.
    late: u64,
    lost: u64,
    doubled: u64,
    refused: Vec<String>,
    left_out: BTreeMap<&'static str, u64>,
    themes: Vec<Compared>,
    same: bool,
}

#[derive(Debug, Serialize)]
struct Compared {
    theme: ThemeId,
    name: String,
    /// As the record has it, and as the rehearsal has it; none where the theme is not there.
    record: Option<Counts>,
    rehearsal: Option<Counts>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
struct Counts {
    contributions: u64,
    tables: u64,
    heard_from: u64,
    remote_voices: u64,
}

impl From<&ThemeTally> for Counts {
    fn from(tally: &ThemeTally) -> Self {
        let ThemeTally { contributions, tables, heard_from, remote_voices, .. } = *tally;
        Self { contributions, tables, heard_from, remote_voices }
    }
}

impl Report {
    /// Counts from the two records themselves, which stand in these folders.
    pub(crate) fn new(
        names: (Slug, Slug),
        folders: (&Path, &Path),
        plan: Plan,
        notes: Notes,
    ) -> anyhow::Result<Self> {
        let said = plan.said();
        let arrived = contributions(folders.1)?;
        let times = |contribution: &ContributionId| arrived.get(contribution).copied().unwrap_or_default();
        let received = said.iter().filter(|contribution| times(contribution) > 0).count() as u64;
        let themes = compared(folders)?;
        let report = Self {
            slug: names.0,
            rehearsal: names.1,
            said: said.len() as u64,
            received,
            late: notes.late.iter().filter(|contribution| times(contribution) > 0).count() as u64,
            lost: said.len() as u64 - received,
            // Whatever is there beside one event for each.
            doubled: arrived.values().sum::<u64>() - received,
            refused: notes.refused,
            left_out: plan.left_out,
            same: themes.iter().all(|theme| theme.record == theme.rehearsal),
            themes,
        };
        Ok(report)
    }

    pub(crate) fn is_sound(&self) -> bool {
        self.lost == 0 && self.doubled == 0
    }

    pub(crate) fn text(&self) -> String {
        let Self { slug, said, received, late, lost, doubled, .. } = self;
        let mut text = format!(
            "The rehearsal of `{slug}` is over: {said} said, {received} received, {late} late, {lost} lost, {doubled} doubled."
        );
        // Writing to a string cannot fail.
        for refused in self.refused.iter().take(SHOWN) {
            let _ = write!(text, "\nrefused: {refused}");
        }
        if self.refused.len() > SHOWN {
            let _ = write!(text, "\n… and {} more; --json lists them all", self.refused.len() - SHOWN);
        }
        for (kind, events) in &self.left_out {
            let _ = write!(text, "\nnot rehearsed: {events} × {kind}");
        }
        let differing: Vec<_> = self.themes.iter().filter(|theme| theme.record != theme.rehearsal).collect();
        match differing.len() {
            0 => {
                let _ = write!(text, "\nAll {} themes count as in the record.", self.themes.len());
            }
            some => {
                let _ = write!(
                    text,
                    "\n{some} of {} themes count otherwise than in the record:",
                    self.themes.len()
                );
            }
        }
        for theme in differing {
            let _ = write!(text, "\n  {}: {} → {}", theme.name, say(theme.record), say(theme.rehearsal));
        }
        text
    }
}

fn say(counts: Option<Counts>) -> String {
    let Some(Counts { contributions, tables, heard_from, remote_voices }) = counts else {
        return "not there".to_owned();
    };
    format!(
        "{contributions} contributions, {tables} tables, heard from {heard_from}, {remote_voices} remote voices"
    )
}

/// How often each contribution stands in a record.
fn contributions(folder: &Path) -> anyhow::Result<BTreeMap<ContributionId, u64>> {
    let record = Reader::open(folder)?;
    let mut found = BTreeMap::new();
    let head = record.head()?.map_or(0, Position::get);
    for position in (1..=head).filter_map(Position::new) {
        let Some(recorded) = record.at(position)? else { continue };
        if let Event::Contributed(said) = Recorded::read(&recorded.public())?.event {
            *found.entry(said.contribution).or_default() += 1;
        }
    }
    Ok(found)
}

fn compared(folders: (&Path, &Path)) -> anyhow::Result<Vec<Compared>> {
    let tallies = |folder| -> anyhow::Result<BTreeMap<ThemeId, ThemeTally>> {
        let tallies = projections::tallies(&Projection::load(folder, None)?, None);
        Ok(tallies.themes.into_iter().map(|tally| (tally.theme, tally)).collect())
    };
    let (record, rehearsal) = (tallies(folders.0)?, tallies(folders.1)?);
    let more = rehearsal.iter().filter(|(theme, _)| !record.contains_key(theme));
    let all = record.iter().chain(more);
    let compare = |(theme, tally): (&ThemeId, &ThemeTally)| Compared {
        theme: *theme,
        name: tally.name.clone(),
        record: record.get(theme).map(Counts::from),
        rehearsal: rehearsal.get(theme).map(Counts::from),
    };
    Ok(all.map(compare).collect())
}
