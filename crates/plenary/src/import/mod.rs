//! A CSV file into contributions and human theme assignments, through the same sequencer as everything else.
//!
//! [`map`] says what the columns mean, [`rows`] reads every row into parsed types or a refusal, [`ids`] gives each
//! thing the same id in every run, [`record`] submits. Everything that is wrong with the map or with the file as a
//! whole is found before anything is written; what is wrong with one row refuses that row, by its number.

mod ids;
mod map;
mod record;
mod rows;
mod time;

use std::path::Path;

use anyhow::{Context, anyhow, bail};
use domain::Slug;
use event_log::{Reader, Writer};
use ingest::Sequencer;
use projections::{Projection, Views};
use serde::Serialize;

use crate::server;
pub(crate) use ids::{Ids, Purpose};
use map::Map;
use rows::Sheet;
pub(crate) use rows::key;

/// What became of the file. `rows = recorded + already_there + refused`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Report {
    pub(crate) rows: u64,
    pub(crate) recorded: u64,
    /// Rows that an earlier run had recorded already.
    pub(crate) already_there: u64,
    /// Rows without words; they are recorded all the same.
    pub(crate) blank_answers: u64,
    /// Rows in no theme, with the reason that the file gives.
    pub(crate) set_aside: u64,
    /// Rows with a theme and a mark to set them aside: the theme, which a person chose, was kept.
    pub(crate) themed_despite_mark: u64,
    pub(crate) themes: u64,
    pub(crate) assignments: u64,
    pub(crate) refused: Vec<Refused>,
    /// Rows that were recorded, but not coded as the file says.
    pub(crate) not_coded: Vec<Refused>,
    /// Where the record stands now.
    pub(crate) position: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Refused {
    /// As a spreadsheet numbers it: the header is row 1.
    pub(crate) row: u64,
    pub(crate) reason: String,
}

/// Where an import goes.
pub(crate) struct Target<'a> {
    pub(crate) data: &'a Path,
    pub(crate) folder: &'a Path,
    pub(crate) slug: &'a Slug,
}

/// Brings the file in. The caller holds the data folder.
pub(crate) async fn csv(target: &Target<'_>, file: &Path, map: &Path) -> anyhow::Result<Report> {
    let views = Projection::load(target.folder, None)?;
    let sheet = read(&views, file, map)?;
    let record = Reader::open(target.folder)?;
    let ids = Ids::new(record.assembly(), &sheet.batch);
    let plan = record::Plan::new(target, &views, &sheet, ids)?;
    let sequencer = Sequencer::start(Writer::open(target.folder)?, record)?;
    let recorded = plan.record(&sequencer, &sheet).await;
    sequencer.stop().await;
    let mut report = recorded?;
    report.position = Reader::open(target.folder)?.head()?.map_or(0, event_log::Position::get);
    Ok(report)
}

fn read(views: &Views, file: &Path, map: &Path) -> anyhow::Result<Sheet> {
    let map = Map::read(map)?;
    let about = views.frame.about.as_ref().ok_or_else(|| anyhow!("the assembly has not been convened"))?;
    if !views.frame.rounds.contains_key(&map.round) {
        bail!("there is no round {} in this assembly; change `round` in the map", map.round);
    }
    let zone = jiff::tz::TimeZone::get(about.time_zone.as_str())?;
    Sheet::read(file, map, &zone).with_context(|| format!("{}", file.display()))
}

/// The voices of the file's people, in the order of `sources`.
fn voices(target: &Target<'_>, sources: &[&str]) -> anyhow::Result<Vec<ingest::VoiceKey>> {
    Ok(server::access(target.data)?.voices_for(target.slug, sources)?)
}
