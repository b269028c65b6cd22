//! Carries a plan out. Every submission has an id that follows from what it is about, so that doing it again is answered
//! from the record.

use std::path::Path;

use anyhow::Context;
use domain::{Actor, Channel, Command};
use event_log::Reader;
use futures_util::{StreamExt, stream};
use ingest::{Refusal, Sequencer, Submission};
use projections::Views;
use uuid::Uuid;

use super::plan::{Assign, Plan};
use super::{Incoming, Refused, Report};
use crate::import::{Ids, Purpose};

/// Names the batch that the ids of a mapping are of.
const MAPPING: &str = "code-frame-mapping";
/// Assignments that are under way at once, so that many share one write to the disk.
const IN_FLIGHT: usize = 1_024;

/// The caller holds the data folder.
pub(crate) async fn record(folder: &Path, views: &Views, incoming: &Incoming) -> anyhow::Result<Report> {
    let reader = Reader::open(folder)?;
    let ids = Ids::new(reader.assembly(), MAPPING);
    let plan = Plan::of(incoming, views, &ids)?;
    let mut report = Report {
        themes: incoming.themes.len() as u64,
        left: plan.left.clone(),
        rows: incoming.mapping.len() as u64,
        assigned_before: plan.assigned_before,
        unknown: plan.unknown,
        ..Report::default()
    };
    let sequencer = Sequencer::open(folder)?;
    let done = carry_out(&sequencer, views, plan, &ids, &mut report).await;
    sequencer.stop().await;
    done?;
    report.position = reader.head()?.map_or(0, event_log::Position::get);
    Ok(report)
}

async fn carry_out(
    sequencer: &Sequencer,
    views: &Views,
    plan: Plan,
    ids: &Ids,
    report: &mut Report,
) -> anyhow::Result<()> {
    for (theme, incoming) in plan.to_name {
        let (name, definition) = (incoming.name, incoming.definition);
        let called = name.to_string();
        let command = Command::NameTheme { theme, name, definition };
        let named = sequencer.submit(by_console(theme.0, command)).await;
        named.with_context(|| format!("name the theme “{called}”; the same command goes on from there"))?;
        report.named.push(called);
    }
    report.refused = plan.refused;
    let answers = plan.assign.iter().map(|assign| async move {
        let Assign { contribution, theme, .. } = *assign;
        let id = ids.of_row(&contribution.to_string(), Purpose::Assignment(&theme.to_string()));
        (assign, sequencer.submit(by_console(id, Command::Assign { contribution, theme })).await)
    });
    let mut answers = stream::iter(answers).buffered(IN_FLIGHT);
    while let Some((assign, answer)) = answers.next().await {
        match answer {
            // It was recorded by an earlier import, and people have taken it out since.
            Ok(ack) if ack.position.get() <= views.position => report.assigned_before += 1,
            Ok(_) => report.assigned += 1,
            Err(Refusal::Rejected(rejection)) => {
                report.refused.push(Refused { row: assign.row, reason: rejection.to_string() });
            }
            Err(refusal) => {
                return Err(anyhow::anyhow!(refusal)
                    .context("the mapping stopped half-way; the same command goes on from there"));
            }
        }
    }
    Ok(())
}

fn by_console(id: Uuid, command: Command) -> Submission {
    Submission { id, command, actor: Actor::CONSOLE, channel: Channel::Import, voice: None }
}
