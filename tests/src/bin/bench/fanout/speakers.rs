//! People who say something and react, and a theme team that reads it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};
use uuid::Uuid;

use super::line::{Line, TEXT};
use super::served::{SLUG, Served};

const PHONES: usize = 50;
const CONTRIBUTIONS_S: u32 = 50;
const REACTIONS_S: u32 = 200;
/// A team of four who read one every two seconds each, and put it into a theme.
const READS_S: u32 = 2;
const THEMES: u128 = 12;
const WORDS: &str = "The last bus leaves at six, and whoever works late walks home along the road without a pavement; \
                     two of us have stopped coming to the evening class because of it, and nobody had asked us before.";

/// When a contribution was sent, and at which position it is.
pub(crate) type Said = (Instant, u64);

pub(crate) struct Speakers {
    said: Arc<Mutex<Known>>,
    tasks: Vec<JoinHandle<Result<()>>>,
}

#[derive(Default)]
pub(crate) struct Known {
    pub(crate) said: Vec<Said>,
    /// What may be reacted to.
    public: Vec<Uuid>,
    unread: Vec<Uuid>,
    pub(crate) refused: u64,
    pub(crate) reactions: u64,
}

/// What is on its way: when it was sent, and what becomes of it.
struct Sent {
    at: Instant,
    what: What,
}

#[derive(Clone, Copy, PartialEq)]
enum What {
    Contribution,
    Reaction,
    /// Of this contribution: afterwards everybody may see it and react.
    Reading(Uuid),
}

impl Speakers {
    /// Opens the round, names the themes, and begins.
    pub(crate) async fn start(served: &Served) -> Result<Self> {
        let organiser = open(served, "organiser").await?;
        ask(organiser, vec![json!({ "type": "open-round", "id": id(1), "round": 1 })]).await?;
        let named = (0..THEMES).map(|n| {
            json!({ "type": "name-theme", "id": id(100 + n), "name": format!("Theme number {n} of twelve") })
        });
        ask(open(served, "theme-team").await?, named.collect()).await?;
        let said = Arc::new(Mutex::new(Known::default()));
        let mut tasks = Vec::new();
        for phone in 0..PHONES {
            let line = open(served, "participant").await?;
            tasks.push(tokio::spawn(speak(line, said.clone(), phone)));
        }
        tasks.push(tokio::spawn(read(open(served, "theme-team").await?, said.clone())));
        Ok(Self { said, tasks })
    }

    pub(crate) fn said(&self) -> std::sync::MutexGuard<'_, Known> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends them, and fails where one of them had failed before.
    pub(crate) async fn stop(self) -> Result<()> {
        for task in self.tasks {
            if task.is_finished() {
                task.await??;
            } else {
                task.abort();
            }
        }
        Ok(())
    }
}

fn id(n: u128) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + n)
}

async fn open(served: &Served, role: &str) -> Result<Line> {
    let cookie = served.join(role).await?;
    Line::open(served.address, &format!("/a/{SLUG}/live?as={role}"), Some(&cookie), 0).await
}

/// Sends these and waits for their answers.
async fn ask(mut line: Line, frames: Vec<Value>) -> Result<()> {
    for frame in &frames {
        line.send(TEXT, frame.to_string().as_bytes()).await?;
    }
    let (mut answered, mut refused) = (0, None);
    while answered < frames.len() {
        line.hear(|frame| {
            answered += usize::from(frame.starts_with(b"{\"type\":\"ack\""));
            if frame.starts_with(b"{\"type\":\"refused\"") {
                refused = Some(String::from_utf8_lossy(frame).into_owned());
            }
        })
        .await?;
        if let Some(refused) = refused {
            bail!(refused);
        }
    }
    Ok(())
}

/// One phone: its share of the contributions and of the reactions.
async fn speak(mut line: Line, said: Arc<Mutex<Known>>, phone: usize) -> Result<()> {
    let turns = REACTIONS_S / CONTRIBUTIONS_S;
    let mut turn =
        interval(Duration::from_secs(1) * u32::try_from(PHONES)? / (REACTIONS_S + CONTRIBUTIONS_S));
    turn.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut sent = HashMap::new();
    for n in 0_u128.. {
        tokio::select! {
            _ = turn.tick() => {}
            heard = line.hear(|frame| settle(frame, &mut sent, &said)) => { heard?; continue; }
        }
        let id = id(1_000_000 * (1 + phone as u128) + n);
        let (frame, what) = if n % u128::from(turns + 1) == 0 {
            (json!({ "id": id, "text": format!("{WORDS} ({phone}, {n})") }), What::Contribution)
        } else {
            let known = lock(&said);
            let pick = known.public.len().checked_sub(1).map(|last| (n as usize * 7 + phone) % (last + 1));
            let Some(of) = pick.and_then(|pick| known.public.get(pick).copied()) else { continue };
            let vote = ["agree", "disagree", "pass"][n as usize % 3];
            (json!({ "type": "react", "id": id, "contribution": of, "vote": vote }), What::Reaction)
        };
        sent.insert(id, Sent { at: Instant::now(), what });
        line.send(TEXT, frame.to_string().as_bytes()).await?;
    }
    Ok(())
}

async fn read(mut line: Line, said: Arc<Mutex<Known>>) -> Result<()> {
    let mut turn = interval(Duration::from_secs(1) / READS_S);
    let mut sent = HashMap::new();
    for n in 0_u128.. {
        tokio::select! {
            _ = turn.tick() => {}
            heard = line.hear(|frame| settle(frame, &mut sent, &said)) => { heard?; continue; }
        }
        let Some(contribution) = lock(&said).unread.pop() else { continue };
        let (id, theme) = (id(900_000_000 + n), id(100 + n % THEMES));
        let frame = json!({ "type": "assign", "id": id, "contribution": contribution, "theme": theme });
        sent.insert(id, Sent { at: Instant::now(), what: What::Reading(contribution) });
        line.send(TEXT, frame.to_string().as_bytes()).await?;
    }
    Ok(())
}

/// Takes an answer; other frames of the feed are passed over.
fn settle(frame: &[u8], sent: &mut HashMap<Uuid, Sent>, said: &Mutex<Known>) {
    let answers = frame.starts_with(b"{\"type\":\"ack\"") || frame.starts_with(b"{\"type\":\"refused\"");
    let Some(answer) = answers.then(|| serde_json::from_slice::<Value>(frame).ok()).flatten() else { return };
    let id = answer["id"].as_str().context("no id").and_then(|id| Ok(id.parse::<Uuid>()?));
    let Some((id, Sent { at, what })) = id.ok().and_then(|id| Some((id, sent.remove(&id)?))) else { return };
    let mut said = lock(said);
    match (answer["position"].as_u64(), what) {
        (Some(position), What::Contribution) => {
            said.said.push((at, position));
            said.unread.push(id);
        }
        (Some(_), What::Reaction) => said.reactions += 1,
        (Some(_), What::Reading(contribution)) => said.public.push(contribution),
        (None, _) => {
            said.refused += 1;
            if said.refused == 1 {
                eprintln!("refused: {answer}");
            }
        }
    }
}

fn lock(said: &Mutex<Known>) -> std::sync::MutexGuard<'_, Known> {
    said.lock().unwrap_or_else(PoisonError::into_inner)
}
