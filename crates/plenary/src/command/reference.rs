//! `reference`: who took part, counted beside a population.

use anyhow::{Context, bail};
use domain::{Actor, Channel, PaperCommand, Slug};
use ingest::{Sequencer, Submission};
use projections::{Position, Projection};
use serde::Serialize;

use crate::cli::{Global, ReferenceArgs};
use crate::data::{self, Writing};
use crate::output::Output;
use crate::server::convene::random_id;
use crate::text_file;

/// A larger file holds no table of groups.
const FILE_BYTES_MAX: u64 = 1024 * 1024;

#[derive(Serialize)]
struct Recorded<'a> {
    assembly: &'a Slug,
    position: Position,
    members: u32,
    attributes: usize,
    /// Counts of groups, and those of them that are left out.
    counts: usize,
    hidden: usize,
}

pub(super) fn run(global: &Global, args: &ReferenceArgs) -> anyhow::Result<()> {
    let folder = data::assembly(&global.data, &args.slug)?;
    let table = text_file::read(&args.file, FILE_BYTES_MAX)?;
    let counted =
        ingest::headcount(&args.source, &table).with_context(|| format!("{}", args.file.display()))?;
    let _writing = Writing::begin(&global.data, "reference")?;
    let position = super::block_on(async {
        let command = PaperCommand::RecordComposition(Box::new(counted)).into();
        let (id, actor, channel) = (random_id()?, Actor::CONSOLE, Channel::Room);
        let sequencer = Sequencer::open(&folder)?;
        let answer = sequencer.submit(Submission { id, command, actor, channel, voice: None }).await;
        sequencer.stop().await;
        Ok(answer.context("record who took part")?.position)
    })?;
    let views = Projection::load(&folder, Some(position))?;
    let Some(recorded) = &views.frame.ledger.composition else { bail!("it is not in the record") };
    let groups = || recorded.what.attributes.iter().flat_map(|attribute| &attribute.groups);
    let recorded = Recorded {
        assembly: &args.slug,
        position,
        members: recorded.what.members,
        attributes: recorded.what.attributes.len(),
        counts: groups().count(),
        hidden: groups().filter(|group| group.members.shown().is_none()).count(),
    };
    Output::of(global).print(&recorded, || {
        let Recorded { assembly, members, attributes, counts, hidden, .. } = &recorded;
        format!(
            "position {position} of `{assembly}` says who took part: {members} members by {attributes} attributes; {hidden} of \
             {counts} groups are left out, because so few could be recognised"
        )
    })
}
