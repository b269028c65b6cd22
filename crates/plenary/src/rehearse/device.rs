//! One tablet or phone: it has a connection or none, and what it could not send it keeps.

use std::collections::VecDeque;

use serde_json::json;

use super::frames::Who;
use super::plan::Sent;
use super::tablet::{Tablet, now_ms};
use crate::demo::client::{Client, Outcome, Pass};

pub(super) struct Device {
    pass: Pass,
    line: Line,
    /// A table's; phones tell nothing of themselves.
    tablet: Option<Tablet>,
    /// In the order in which it was typed.
    outbox: VecDeque<Sent>,
}

enum Line {
    Up(Box<Client>),
    /// Put away, and taken out again as soon as it is needed.
    Away,
    /// The plug is out; the device has not noticed, and what it sends next may arrive or not.
    Pulled(Box<Client>),
    Down,
}

impl Device {
    pub(super) async fn join(who: Who, pass: Pass) -> anyhow::Result<Self> {
        let line = Line::Up(Box::new(pass.connect().await?));
        let tablet = match who {
            Who::Table(_) => Some(Tablet::switch_on(pass.clone()).await?),
            _ => None,
        };
        Ok(Self { pass, line, tablet, outbox: VecDeque::new() })
    }

    pub(super) fn pull_the_plug(&mut self) {
        if let Some(tablet) = &mut self.tablet {
            tablet.fall_silent();
        }
        self.line = match std::mem::replace(&mut self.line, Line::Down) {
            Line::Up(client) => Line::Pulled(client),
            Line::Away => Line::Down,
            line => line,
        };
    }

    /// Nobody holds it just now.
    pub(super) fn put_away(&mut self) {
        if let Line::Up(_) = self.line {
            self.line = Line::Away;
        }
    }

    /// Sends and waits for the answer; nothing where there is no network, and then it is in the outbox.
    pub(super) async fn send(&mut self, sent: Sent) -> anyhow::Result<Option<Outcome>> {
        if let Line::Away = self.line {
            self.line = Line::Up(Box::new(self.pass.connect().await?));
        }
        if let Line::Up(client) = &mut self.line {
            return client.ask(sent.id, json(&sent)).await.map(Some);
        }
        let kept = dated(sent, now_ms());
        if let Line::Pulled(mut client) = std::mem::replace(&mut self.line, Line::Down) {
            // It goes out on a line that is cut behind it: nobody hears whether it arrived, and it is sent again.
            drop(client.say(json(&kept)).await);
        }
        self.outbox.push_back(kept);
        Ok(None)
    }

    /// Puts the plug in again and sends everything in the order in which it was typed. Each has its answer.
    pub(super) async fn plug_in(&mut self) -> anyhow::Result<Vec<(Sent, Outcome)>> {
        let mut client = match std::mem::replace(&mut self.line, Line::Down) {
            Line::Up(client) | Line::Pulled(client) => client,
            Line::Down | Line::Away => Box::new(self.pass.connect().await?),
        };
        if let Some(tablet) = &mut self.tablet {
            tablet.holds(self.outbox.len());
            tablet.tell_on().await;
        }
        let mut answered = Vec::new();
        while let Some(sent) = self.outbox.pop_front() {
            let outcome = client.ask(sent.id, json(&sent)).await?;
            answered.push((sent, outcome));
        }
        self.line = Line::Up(client);
        if let Some(tablet) = &mut self.tablet {
            tablet.holds(0);
            tablet.tell_on().await;
        }
        Ok(answered)
    }
}

/// What is said without a network tells when it was said; everything else is said now.
fn dated(mut sent: Sent, now_ms: u64) -> Sent {
    if sent.says().is_some() {
        sent.frame["said_at"] = json!(now_ms);
    }
    sent
}

fn json(sent: &Sent) -> String {
    let mut frame = sent.frame.clone();
    frame["id"] = json!(sent.id);
    frame.to_string()
}
