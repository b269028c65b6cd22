//! What each one sends: the JSON frame of a step, and who sends it.

use std::collections::HashMap;

use anyhow::anyhow;
use domain::Role;
use serde_json::{Value, json};
use uuid::{Builder, Uuid};

use super::random::Random;
use super::schedule::Action;
use super::script::{Said, Script, Speaker};

/// One connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Who {
    Organiser,
    ThemeTeam,
    Moderator,
    Speaker(Speaker),
}

impl Who {
    pub(super) fn role(self) -> Role {
        match self {
            Who::Organiser => Role::Organiser,
            Who::ThemeTeam => Role::ThemeTeam,
            Who::Moderator => Role::Moderator,
            Who::Speaker(Speaker::Table(_)) => Role::Facilitator,
            Who::Speaker(Speaker::Person(_)) => Role::Participant,
        }
    }

    /// As an error names it.
    pub(super) fn name(self) -> String {
        match self {
            Who::Speaker(Speaker::Table(table)) => format!("table {table}"),
            Who::Speaker(Speaker::Person(person)) => format!("participant {person}"),
            staff => format!("the {}", staff.role()),
        }
    }
}

/// A frame on its way out.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) who: Who,
    pub(super) id: Uuid,
    pub(super) json: String,
}

/// Writes the frames of one day and remembers the ids that later ones refer to.
pub(super) struct Frames<'a> {
    script: &'a Script,
    random: Random,
    contributions: HashMap<usize, Uuid>,
    themes: HashMap<usize, Uuid>,
}

impl<'a> Frames<'a> {
    pub(super) fn new(script: &'a Script, seed: u64) -> Self {
        // Another stream of numbers than that of the schedule.
        let random = Random::new(!seed);
        Self { script, random, contributions: HashMap::new(), themes: HashMap::new() }
    }

    /// `now_ms` is the sender's clock, which stands in the id as in every other client's.
    pub(super) fn frame(&mut self, action: Action, now_ms: u64) -> anyhow::Result<Sent> {
        let id = Builder::from_unix_timestamp_millis(now_ms, &self.random.bytes()).into_uuid();
        let (who, mut frame) = match action {
            Action::OpenRound(round) => (Who::Organiser, json!({"type": "open-round", "round": round})),
            Action::CloseRound(round) => (Who::Organiser, json!({"type": "close-round", "round": round})),
            Action::Say(said) => self.say(said, id)?,
            Action::Correct(said) => {
                let text = self.said(said)?.correction.as_ref().map(|correction| correction.text.as_str());
                (self.speaker(said)?, self.about(said, json!({"type": "correct", "text": text}))?)
            }
            Action::Withdraw(said) => (self.speaker(said)?, self.about(said, json!({"type": "withdraw"}))?),
            Action::Hold(said) => {
                let reason = self.said(said)?.held;
                (Who::Moderator, self.about(said, json!({"type": "hold", "reason": reason}))?)
            }
            action => (Who::ThemeTeam, self.code(action, id)?),
        };
        frame["id"] = json!(id);
        Ok(Sent { who, id, json: frame.to_string() })
    }

    fn code(&mut self, action: Action, id: Uuid) -> anyhow::Result<Value> {
        match action {
            Action::NameTheme(theme) => {
                self.themes.insert(theme, id);
                let named = &self.script.themes[theme];
                Ok(json!({"type": "name-theme", "name": named.name, "definition": named.definition}))
            }
            Action::MergeThemes(merge) => {
                let merge = &self.script.merges[merge];
                let (from, into) = (self.script.theme(&merge.from)?, self.script.theme(&merge.into)?);
                let (theme, into) = (self.theme(from)?, self.theme(into)?);
                Ok(json!({"type": "merge-theme", "theme": theme, "into": into, "reason": merge.reason}))
            }
            Action::Assign { said, theme } => {
                self.about(said, json!({"type": "assign", "theme": self.theme(theme)?}))
            }
            Action::SetAside(said) => {
                let reason = &self.said(said)?.set_aside;
                self.about(said, json!({"type": "set-aside", "reason": reason}))
            }
            Action::MarkRead(said) => self.about(said, json!({"type": "mark-read"})),
            other => Err(anyhow!("the theme team does not do {other:?}")),
        }
    }

    fn say(&mut self, place: usize, id: Uuid) -> anyhow::Result<(Who, Value)> {
        self.contributions.insert(place, id);
        let said = self.said(place)?;
        let frame = json!({
            "type": "submit",
            "text": said.text,
            "kind": said.kind,
            "form": said.form,
            "read_back": said.read_back,
            "heard_from": said.heard_from,
        });
        Ok((self.speaker(place)?, frame))
    }

    /// Adds the contribution that a frame is about.
    fn about(&self, said: usize, mut frame: Value) -> anyhow::Result<Value> {
        let id = self.contributions.get(&said);
        frame["contribution"] =
            json!(id.ok_or_else(|| anyhow!("contribution {said} has not been said yet"))?);
        Ok(frame)
    }

    fn said(&self, place: usize) -> anyhow::Result<&'a Said> {
        self.script.contributions.get(place).ok_or_else(|| anyhow!("there is no contribution {place}"))
    }

    fn speaker(&self, said: usize) -> anyhow::Result<Who> {
        Ok(Who::Speaker(self.said(said)?.speaker()?))
    }

    fn theme(&self, theme: usize) -> anyhow::Result<Uuid> {
        self.themes.get(&theme).copied().ok_or_else(|| anyhow!("theme {theme} has not been named yet"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::schedule::schedule;
    use domain::{
        Actor, Assembly, Channel, Command, Context, LinkId, Meta, TableNumber, Timestamp, VoiceTag,
    };

    fn context(who: Who) -> Context {
        let (channel, table, voice) = match who {
            Who::Speaker(Speaker::Table(table)) => (Channel::Room, TableNumber::new(table), None),
            Who::Speaker(Speaker::Person(person)) => {
                (Channel::Remote, None, Some(VoiceTag(u128::from(person).to_be_bytes())))
            }
            _ => (Channel::Room, None, None),
        };
        let actor = Actor { role: who.role(), link: Some(LinkId(Uuid::nil())), table };
        Context { at: Timestamp(1), today: domain::Date::EPOCH, actor, channel, voice, lot: [0; 16] }
    }

    fn happen(assembly: &mut Assembly, command: &Command, context: &Context) {
        let facts = assembly.decide(command, context).unwrap_or_else(|why| panic!("{command:?}: {why}"));
        let meta =
            Meta { at: context.at, channel: Some(context.channel), voice: context.voice, device: None };
        facts.iter().for_each(|fact| assembly.evolve(&fact.event, &meta));
    }

    #[test]
    fn the_rules_take_every_step_of_the_day_in_every_order() {
        let script = Script::read().unwrap();
        for seed in 0..20 {
            let mut assembly = Assembly::default();
            let console = Context { actor: Actor::CONSOLE, ..context(Who::Organiser) };
            happen(&mut assembly, &Command::Convene(Box::new(script.agenda().unwrap())), &console);
            let mut frames = Frames::new(&script, seed);
            for step in schedule(&script, seed).unwrap() {
                let sent = frames.frame(step.action, 1_700_000_000_000).unwrap();
                let frame = ingest::parse_json(sent.json.as_bytes());
                let frame = frame.unwrap_or_else(|why| panic!("{}: {why}", sent.json));
                assert_eq!(frame.id, sent.id);
                happen(&mut assembly, &frame.command, &context(sent.who));
            }
        }
    }
}
