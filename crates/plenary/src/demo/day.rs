//! The day itself: everybody comes in, the steps are done one after the other, and each is acknowledged.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, anyhow};
use domain::{Role, Slug, TableNumber};
use futures_util::{StreamExt, TryStreamExt, stream};
use web::House;

use super::client::Client;
use super::frames::{Frames, Who};
use super::progress::Progress;
use super::schedule::{Action, Step, schedule};
use super::script::{PEOPLE, Script, Speaker};
use crate::server::links::{self, Issued};

/// Devices that open their links at the same time.
const JOINING: usize = 16;

/// Where the day is held.
pub(crate) struct Hall<'a> {
    pub(crate) house: &'a House,
    pub(crate) server: SocketAddr,
    pub(crate) slug: &'a Slug,
}

/// How it is held.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    /// 0 is as fast as it goes.
    pub(crate) speed: f64,
    pub(crate) seed: u64,
}

/// Holds the day with the links of the staff and the tables, and one more link for each remote participant.
pub(crate) async fn hold(
    hall: &Hall<'_>,
    script: &Script,
    links: &[Issued],
    pace: Pace,
) -> anyhow::Result<()> {
    let steps = schedule(script, pace.seed)?;
    let mut clients = everybody(hall, links).await?;
    let mut frames = Frames::new(script, pace.seed);
    let mut progress = Progress::new(steps.len());
    let mut count = Count::default();
    let start = Instant::now();
    for Step { at, action } in steps {
        wait_for(start, at, pace.speed).await;
        let sent = frames.frame(action, now_ms())?;
        let who = sent.who;
        let client = clients.get_mut(&who).ok_or_else(|| anyhow!("{} is not there", who.name()))?;
        client.send(sent).await.with_context(|| format!("{} in the demo", who.name()))?;
        progress.step(&count.after(action));
    }
    Ok(())
}

async fn everybody(hall: &Hall<'_>, links: &[Issued]) -> anyhow::Result<BTreeMap<Who, Client>> {
    let mut secrets = Vec::new();
    for who in [Who::Organiser, Who::ThemeTeam, Who::Moderator] {
        secrets.push((who, secret_of(links, who.role(), None)?));
    }
    for table in links.iter().filter_map(|link| link.table) {
        let secret = secret_of(links, Role::Facilitator, Some(table))?;
        secrets.push((Who::Speaker(Speaker::Table(table.get())), secret));
    }
    for person in 1..=PEOPLE {
        let link = links::issue(hall.house, hall.slug, Role::Participant, None).await?;
        secrets.push((Who::Speaker(Speaker::Person(person)), link.secret().to_owned()));
    }
    let joining = secrets.into_iter().map(|(who, secret)| async move {
        let client = Client::join(hall.server, hall.slug, who.role(), &secret).await;
        Ok((who, client.with_context(|| format!("{} in the demo", who.name()))?))
    });
    stream::iter(joining).buffer_unordered(JOINING).try_collect().await
}

fn secret_of(links: &[Issued], role: Role, table: Option<TableNumber>) -> anyhow::Result<String> {
    let link = links.iter().find(|link| link.role == role && link.table == table);
    Ok(link.ok_or_else(|| anyhow!("there is no link for {role}"))?.secret().to_owned())
}

async fn wait_for(start: Instant, at: Duration, speed: f64) {
    if speed > 0.0 {
        tokio::time::sleep_until((start + at.div_f64(speed)).into()).await;
    }
}

fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// What the bar says beside itself.
#[derive(Default)]
struct Count {
    round: usize,
    contributions: usize,
    themes: usize,
}

impl Count {
    fn after(&mut self, action: Action) -> String {
        match action {
            Action::OpenRound(round) => self.round = round,
            Action::Say(_) => self.contributions += 1,
            Action::NameTheme(_) => self.themes += 1,
            Action::MergeThemes(_) => self.themes -= 1,
            _ => {}
        }
        let Count { round, contributions, themes } = self;
        format!("round {round}, {contributions} contributions, {themes} themes")
    }
}
