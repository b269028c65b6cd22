//! `erase`: destroys the words of one contribution, for the organiser and with a reason.

use std::path::Path;

use anyhow::{Context, anyhow};
use domain::{Actor, Channel, Claim, Command, ContributionId, Reason, Slug};
use ingest::{Ack, Sequencer, Submission};
use projections::{Position, Projection};
use serde::Serialize;

use crate::cli::{EraseArgs, Global};
use crate::data::{self, Writing};
use crate::output::Output;
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
    let (position, contribution) = find(&folder, args)?;
    let ack = super::block_on(erase(&folder, contribution, args.reason.clone()))?;
    let erased = Erased { assembly: &args.slug, position, contribution, erased_at: ack.position };
    Output::of(global).print(&erased, || {
        format!(
            "the words at position {position} of `{}` are erased, and position {} says so",
            args.slug, ack.position
        )
    })
}

fn find(folder: &Path, args: &EraseArgs) -> anyhow::Result<(Position, ContributionId)> {
    let views = Projection::load(folder, None)?;
    let found = match (&args.receipt, args.position) {
        (Some(receipt), _) => views.by_receipt(receipt.leaf_prefix()),
        (None, Some(position)) => views.entries.get(&position).map(|entry| (position, entry)),
        (None, None) => None,
    };
    let named = match (&args.receipt, args.position) {
        (Some(receipt), _) => format!("with the receipt {receipt}"),
        (None, position) => format!("at position {}", position.map_or(0, Position::get)),
    };
    let (position, entry) = found.ok_or_else(|| anyhow!("`{}` has no contribution {named}", args.slug))?;
    Ok((position, entry.contribution))
}

async fn erase(folder: &Path, contribution: ContributionId, reason: Reason) -> anyhow::Result<Ack> {
    let sequencer = Sequencer::open(folder)?;
    let command = Command::Erase { contribution, claim: Claim::Link, reason: Some(reason) };
    let submission =
        Submission { id: random_id()?, command, actor: Actor::CONSOLE, channel: Channel::Room, voice: None };
    let outcome = sequencer.submit(submission).await;
    sequencer.stop().await;
    outcome.context("erase it")
}
