//! The drill itself: step after step at its time, and what waits because a plug is out.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::SocketAddr;
use std::time::Instant;

use anyhow::{Context, anyhow};
use domain::{Actor, Command, ContributionId, Slug, TableNumber, VoiceTag};
use ingest::{Access, Refusal, Sequencer, Submission, VoiceKey};
use serde_json::json;
use tokio::sync::mpsc;
use web::House;

use super::by_hand::ByHand;
use super::clock::Clock;
use super::device::Device;
use super::frames::Who;
use super::plan::{Act, BroughtIn, Plan, Sent, Step};
use super::unplug::Unplug;
use crate::demo::client::{Outcome, Pass};
use crate::demo::progress::Progress;
use crate::output::note;
use crate::server::links::{self, Issued};

/// Where the drill is held.
pub(crate) struct Hall<'a> {
    pub(crate) house: &'a House,
    pub(crate) access: &'a Access,
    pub(crate) server: SocketAddr,
    pub(crate) slug: &'a Slug,
    pub(crate) links: &'a [Issued],
}

/// What happened on the way, for the report.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    /// Contributions that waited in an outbox.
    pub(crate) late: BTreeSet<ContributionId>,
    /// Who was refused what, and why.
    pub(crate) refused: Vec<String>,
}

/// Everybody's devices, which stay on for as long as this is kept.
pub(crate) struct Devices {
    _on: BTreeMap<Who, Device>,
}

/// Holds the drill, and gives every table its network back in the end.
pub(crate) async fn hold(
    hall: Hall<'_>,
    plan: &Plan,
    unplugs: &[Unplug],
    speed: f64,
    hands: mpsc::Receiver<ByHand>,
) -> anyhow::Result<(Notes, Devices)> {
    let mut drill = Drill {
        sequencer: hall.house.sequencer(hall.slug).ok_or_else(|| anyhow!("the copy is not served"))?,
        voices: voices(&hall, plan)?,
        last: last_of_voices(plan),
        clock: Clock::start(speed, Instant::now()),
        progress: Progress::new(plan.steps.len()),
        hall,
        hands: Some(hands),
        devices: BTreeMap::new(),
        unplugged: BTreeSet::new(),
        waiting: HashMap::new(),
        merged: HashMap::new(),
        notes: Notes::default(),
        said: 0,
    };
    for table in (1..=plan.agenda.tables).filter_map(TableNumber::new) {
        drill.device(Who::Table(table)).await.with_context(|| format!("table {table} comes in"))?;
    }
    let mut plugs = plugs(unplugs).into_iter().peekable();
    for (place, Step { at, act }) in plan.steps.iter().enumerate() {
        while let Some((due, hand)) = plugs.next_if(|(due, _)| due <= at) {
            drill.wait_until(due).await?;
            drill.do_by_hand(hand).await?;
        }
        drill.wait_until(*at).await?;
        match act {
            Act::Send(sent) => drill.send(sent.clone()).await?,
            Act::BringIn(brought) => drill.bring_in(brought).await?,
        }
        drill.done(place, act);
    }
    for table in std::mem::take(&mut drill.unplugged) {
        drill.plug(table).await?;
    }
    Ok((drill.notes, Devices { _on: drill.devices }))
}

/// Every pull and every plug that was asked for, in order.
fn plugs(unplugs: &[Unplug]) -> Vec<(std::time::Duration, ByHand)> {
    let pair = |unplug: &Unplug| {
        [(unplug.from, ByHand::Unplug(unplug.table)), (unplug.to, ByHand::Plug(unplug.table))]
    };
    let mut plugs: Vec<_> = unplugs.iter().flat_map(pair).collect();
    plugs.sort_by_key(|(due, _)| *due);
    plugs
}

/// The keys by which voices without a device are counted in the copy.
fn voices(hall: &Hall<'_>, plan: &Plan) -> anyhow::Result<HashMap<VoiceTag, VoiceKey>> {
    let tags: BTreeSet<_> = plan
        .steps
        .iter()
        .filter_map(|step| match &step.act {
            Act::BringIn(brought) => brought.voice,
            Act::Send(_) => None,
        })
        .collect();
    let names: Vec<String> = tags.iter().copied().map(String::from).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    Ok(tags.into_iter().zip(hall.access.voices_for(hall.slug, &names)?).collect())
}

/// The last step of each voice, after which its phone is put away.
fn last_of_voices(plan: &Plan) -> HashMap<VoiceTag, usize> {
    let voice = |(place, step): (usize, &Step)| match &step.act {
        Act::Send(Sent { who: Who::Voice(tag), .. }) => Some((*tag, place)),
        _ => None,
    };
    plan.steps.iter().enumerate().filter_map(voice).collect()
}

struct Drill<'a> {
    hall: Hall<'a>,
    sequencer: Sequencer,
    voices: HashMap<VoiceTag, VoiceKey>,
    last: HashMap<VoiceTag, usize>,
    clock: Clock,
    progress: Progress,
    /// None once nobody types any more.
    hands: Option<mpsc::Receiver<ByHand>>,
    devices: BTreeMap<Who, Device>,
    unplugged: BTreeSet<TableNumber>,
    /// Contributions in outboxes, each with what others would have done with it by now.
    waiting: HashMap<ContributionId, Vec<Sent>>,
    /// Themes that have become part of another one.
    merged: HashMap<String, String>,
    notes: Notes,
    said: usize,
}

impl Drill<'_> {
    /// Waits for the drill's time, and does meanwhile what is typed.
    async fn wait_until(&mut self, due: std::time::Duration) -> anyhow::Result<()> {
        loop {
            let left = self.clock.left(due, Instant::now()).unwrap_or_default();
            let Some(hands) = &mut self.hands else {
                tokio::time::sleep(left).await;
                break;
            };
            tokio::select! {
                biased;
                hand = hands.recv() => match hand {
                    Some(hand) => self.do_by_hand(hand).await?,
                    None => self.hands = None,
                },
                () = tokio::time::sleep(left) => break,
            }
        }
        self.clock.reach(due, Instant::now());
        Ok(())
    }

    async fn do_by_hand(&mut self, hand: ByHand) -> anyhow::Result<()> {
        match hand {
            ByHand::Unplug(table) => {
                self.unplugged.insert(table);
                if let Some(device) = self.devices.get_mut(&Who::Table(table)) {
                    device.pull_the_plug();
                }
                note(&format!("Table {table} has no network."));
                Ok(())
            }
            ByHand::Plug(table) if self.unplugged.remove(&table) => self.plug(table).await,
            ByHand::Plug(table) => {
                note(&format!("Table {table} has its network."));
                Ok(())
            }
            ByHand::Speed(speed) => {
                self.clock.set_speed(speed, Instant::now());
                Ok(())
            }
        }
    }

    /// The table's device sends what it kept; then others do what they could not do without it.
    async fn plug(&mut self, table: TableNumber) -> anyhow::Result<()> {
        let Some(device) = self.devices.get_mut(&Who::Table(table)) else { return Ok(()) };
        let answered = device.plug_in().await.with_context(|| format!("table {table}"))?;
        note(&format!("Table {table} is back and has sent the {} things that it kept.", answered.len()));
        let mut follow = Vec::new();
        for (sent, outcome) in answered {
            let waited = sent.says().and_then(|contribution| self.waiting.remove(&contribution));
            follow.extend(waited.unwrap_or_default());
            self.note(&sent, outcome);
        }
        for sent in follow {
            self.send_now(sent).await?;
        }
        Ok(())
    }

    async fn send(&mut self, sent: Sent) -> anyhow::Result<()> {
        // Nobody else can have read what lies in an outbox.
        let waiting = sent.about.and_then(|contribution| self.waiting.get_mut(&contribution));
        let elsewhere = sent.who.table().is_none_or(|table| !self.unplugged.contains(&table));
        if let Some(waiting) = waiting.filter(|_| elsewhere) {
            waiting.push(sent);
            return Ok(());
        }
        self.send_now(sent).await
    }

    async fn send_now(&mut self, mut sent: Sent) -> anyhow::Result<()> {
        self.follow_merges(&mut sent);
        let name = sent.who.name();
        let device = self.device(sent.who).await.with_context(|| format!("{name} comes in"))?;
        let outcome = device.send(sent.clone()).await.with_context(|| name)?;
        match (outcome, sent.says()) {
            (Some(outcome), _) => self.note(&sent, outcome),
            (None, Some(contribution)) => {
                self.notes.late.insert(contribution);
                self.waiting.insert(contribution, Vec::new());
            }
            (None, None) => {}
        }
        Ok(())
    }

    /// What waited may be about a theme that is part of another one by now.
    fn follow_merges(&mut self, sent: &mut Sent) {
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        if sent.frame["type"] == "merge-theme" {
            self.merged.insert(text(&sent.frame["theme"]), text(&sent.frame["into"]));
        } else if sent.frame["type"] == "assign" {
            while let Some(into) = self.merged.get(&text(&sent.frame["theme"])) {
                sent.frame["theme"] = json!(into);
            }
        }
    }

    fn note(&mut self, sent: &Sent, outcome: Outcome) {
        if let Outcome::Refused(why) = outcome {
            let what = sent.frame["type"].as_str().unwrap_or_default();
            self.notes.refused.push(format!("{}, {what}: {why}", sent.who.name()));
        }
    }

    async fn device(&mut self, who: Who) -> anyhow::Result<&mut Device> {
        if !self.devices.contains_key(&who) {
            let secret = self.secret(who).await?;
            let pass = Pass::of_link(self.hall.server, self.hall.slug, who.role(), &secret).await?;
            let mut device = Device::join(who, pass).await?;
            if who.table().is_some_and(|table| self.unplugged.contains(&table)) {
                device.pull_the_plug();
            }
            self.devices.insert(who, device);
        }
        self.devices.get_mut(&who).ok_or_else(|| anyhow!("it is not there"))
    }

    /// The secret of the link of that role and table. A table that is new gets its link now.
    async fn secret(&self, who: Who) -> anyhow::Result<String> {
        let (role, table) = (who.role(), who.table());
        let known = self.hall.links.iter().find(|link| link.role == role && link.table == table);
        if let Some(link) = known {
            return Ok(link.secret().to_owned());
        }
        let link = links::issue(self.hall.house, self.hall.slug, role, table).await?;
        Ok(link.secret().to_owned())
    }

    async fn bring_in(&mut self, brought: &BroughtIn) -> anyhow::Result<()> {
        let submission = Submission {
            id: brought.said.contribution.0,
            command: Command::Contribute(Box::new(brought.said.clone())),
            actor: Actor::CONSOLE,
            channel: brought.channel,
            voice: brought.voice.and_then(|tag| self.voices.get(&tag)).copied(),
        };
        match self.sequencer.submit(submission).await {
            Ok(_) => Ok(()),
            Err(Refusal::Rejected(why)) => {
                self.notes.refused.push(format!("the import: {why}"));
                Ok(())
            }
            Err(refusal) => Err(anyhow!(refusal).context("bring in what was imported")),
        }
    }

    fn done(&mut self, place: usize, act: &Act) {
        self.said += usize::from(match act {
            Act::Send(sent) => sent.says().is_some(),
            Act::BringIn(_) => true,
        });
        if let Act::Send(Sent { who: Who::Voice(tag), .. }) = act
            && self.last.get(tag) == Some(&place)
            && let Some(phone) = self.devices.get_mut(&Who::Voice(*tag))
        {
            phone.put_away();
        }
        let (said, late) = (self.said, self.notes.late.len());
        self.progress.step(&format!("{said} said, {late} of them without a network"));
    }
}
