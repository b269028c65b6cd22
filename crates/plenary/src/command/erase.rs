//! `erase`: destroys the words of one contribution, or of one voice, for the organiser and with a reason.

use std::path::Path;

use anyhow::{Context, anyhow};
use domain::{Actor, Channel, Claim, Command, ContributionId, Slug};
use ingest::{Ack, Asking, Sequencer, Submission};
use projections::{Entry, Position, Projection, Views};
use serde::Serialize;

use crate::cli::{EraseArgs, Global};
use crate::data::{self, Writing};
use crate::output::Output;
use crate::server::access;
use crate::server::convene::random_id;

#[derive(Serialize)]
struct Erased<'a> {
    assembly: &'a Slug,
    /// Of the contribution.
    position: Position,
    contribution: ContributionId,
    /// Of the event that says so.
    erased_at: Position,
}

pub(super) fn run(global: &Global, args: &EraseArgs) -> anyhow::Result<()> {
    let folder = data::assembly(&global.data, &args.slug)?;
    let _writing = Writing::begin(&global.data, "erase")?;
    let views = Projection::load(&folder, None)?;
    let (position, entry) = find(&views, args)?;
    let ack = super::block_on(erase(&global.data, &folder, entry, args))?;
    let (assembly, erased_at) = (&args.slug, ack.position);
    let erased = Erased { assembly, position, contribution: entry.contribution, erased_at };
    Output::of(global).print(&erased, || {
        let what = if args.voice { "of the voice " } else { "" };
        format!("the words {what}at position {position} of `{assembly}` are erased, and position {erased_at} says so")
    })
}

fn find<'a>(views: &'a Views, args: &EraseArgs) -> anyhow::Result<(Position, &'a Entry)> {
    let (found, named) = match (&args.receipt, args.position) {
        (Some(receipt), _) => {
            let found = views.by_receipt(receipt.leaf_prefix());
            (found.map(|found| (found.position, found.entry)), format!("with the receipt {receipt}"))
        }
        (None, Some(position)) => {
            let entry = views.entries.get(&position);
            (entry.map(|entry| (position, entry)), format!("at position {position}"))
        }
        (None, None) => (None, "without a receipt or a position".to_owned()),
    };
    found.ok_or_else(|| anyhow!("`{}` has no contribution {named}", args.slug))
}

async fn erase(data: &Path, folder: &Path, entry: &Entry, args: &EraseArgs) -> anyhow::Result<Ack> {
    let (id, actor, channel, reason) =
        (random_id()?, Actor::CONSOLE, Channel::Room, Some(args.reason.clone()));
    let sequencer = Sequencer::open(folder)?;
    let outcome = if args.voice {
        let tag = entry.voice.ok_or_else(|| anyhow!("it is no single voice's: a table said it"))?;
        let by = Asking { id, actor, channel, reason };
        sequencer.erase_voice(&access(data)?, (entry.round, tag), by).await
    } else {
        let command = Command::Erase { contribution: entry.contribution, claim: Claim::Link, reason };
        sequencer.submit(Submission { id, command, actor, channel, voice: None }).await
    };
    sequencer.stop().await;
    outcome.context("erase it")
}
