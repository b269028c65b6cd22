//! The record, read once from its first event to its last, as things that devices do one after the other.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use anyhow::{anyhow, bail};
use domain::event::Contributed;
use domain::{
    Agenda, Channel, Contribute, ContributionId, ContributionText, Event, Question, Title, VoiceTag,
};
use event_log::{Position, Reader};
use projections::{Recorded, WordsReader};
use serde_json::{Value, json};
use uuid::Uuid;

use super::frames::{self, Who};
use crate::server::convene::random_id;

/// In place of words that nobody can open any more.
const GONE: &str = "(These words were erased from the record.)";
const PAGE: usize = 1_000;

/// The drill, before it begins.
pub(crate) struct Plan {
    pub(crate) agenda: Agenda,
    pub(super) steps: Vec<Step>,
    /// Events that no device causes or that a drill does not repeat, by kind.
    pub(crate) left_out: BTreeMap<&'static str, u64>,
}

pub(super) struct Step {
    /// From the first step, in the record's time.
    pub(super) at: Duration,
    pub(super) act: Act,
}

pub(super) enum Act {
    Send(Sent),
    /// What was brought in from elsewhere has no device.
    BringIn(Box<BroughtIn>),
}

/// A frame, but for its id.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) who: Who,
    pub(super) id: Uuid,
    pub(super) frame: Value,
    /// The contribution that it needs in the record.
    pub(super) about: Option<ContributionId>,
}

impl Sent {
    /// The contribution that it is itself.
    pub(super) fn says(&self) -> Option<ContributionId> {
        (self.frame["type"] == "submit").then_some(ContributionId(self.id))
    }
}

pub(super) struct BroughtIn {
    pub(super) said: Contribute,
    pub(super) channel: Channel,
    pub(super) voice: Option<VoiceTag>,
}

impl Plan {
    /// Reads the record in `folder`, which may be served meanwhile.
    pub(crate) fn read(folder: &Path) -> anyhow::Result<Self> {
        let record = Reader::open(folder)?;
        let mut reading = Reading::new(WordsReader::open(folder)?);
        let mut after = None;
        loop {
            let from = after;
            record.each(after, PAGE, |public| -> anyhow::Result<_> {
                let recorded = Recorded::read(&public)?;
                after = Some(recorded.position);
                reading.take(&recorded)?;
                Ok(ControlFlow::Continue(()))
            })?;
            if after == from {
                return reading.plan();
            }
        }
    }

    /// Everything that devices and the console say, as it is compared in the end.
    pub(super) fn said(&self) -> BTreeSet<ContributionId> {
        let says = self.steps.iter().filter_map(|step| match &step.act {
            Act::Send(sent) => sent.says(),
            Act::BringIn(brought) => Some(brought.said.contribution),
        });
        says.collect()
    }
}

/// The agenda as it is gathered from the events that a convening makes.
#[derive(Default)]
struct Convening {
    agenda: Option<Agenda>,
    /// Something else has happened since.
    over: bool,
}

impl Convening {
    /// Whether the event is one of those that the new assembly will have from its own convening.
    fn takes(&mut self, event: &Event) -> bool {
        match (event, &mut self.agenda) {
            (Event::Convened { title, purpose, board, time_zone }, agenda @ None) => {
                *agenda = Some(Agenda {
                    title: marked(title),
                    purpose: purpose.clone(),
                    board: board.clone(),
                    time_zone: time_zone.clone(),
                    tables: 0,
                    seats: 0,
                    rounds: Vec::new(),
                    duty_rule: None,
                    duty_clock: None,
                });
                true
            }
            _ if self.over => false,
            (Event::TableSeated { table, seats }, Some(agenda)) => {
                if agenda.tables == 0 {
                    agenda.seats = *seats;
                }
                let next = table.get() == agenda.tables + 1 && *seats == agenda.seats;
                agenda.tables += u16::from(next);
                next
            }
            (Event::QuestionAsked { title, question, version: 1, .. }, Some(agenda)) => {
                agenda.rounds.push(Question { title: title.clone(), question: question.clone() });
                true
            }
            (Event::DutyRuleFixed { rule }, Some(agenda)) => {
                agenda.duty_rule = Some(rule.clone());
                true
            }
            (Event::DutyClockFixed(clock), Some(agenda)) => {
                agenda.duty_clock = Some(clock.clone());
                true
            }
            _ => {
                self.over = true;
                false
            }
        }
    }
}

/// Nobody may take the copy for the assembly itself.
fn marked(title: &Title) -> Title {
    let whole = format!("Rehearsal – {title}");
    let cut = (0..whole.chars().count()).rev().map(|chars| whole.chars().take(chars).collect::<String>());
    let mut fitting = std::iter::once(whole.clone()).chain(cut).filter_map(|text| Title::parse(&text).ok());
    fitting.next().unwrap_or_else(|| title.clone())
}

struct Reading {
    words: WordsReader,
    convening: Convening,
    /// When the first step happened, in milliseconds since 1970.
    begun: Option<u64>,
    steps: Vec<Step>,
    /// On whose device each contribution was typed; none where it was brought in.
    contributors: HashMap<ContributionId, Option<Who>>,
    left_out: BTreeMap<&'static str, u64>,
}

impl Reading {
    fn new(words: WordsReader) -> Self {
        let (convening, contributors) = (Convening::default(), HashMap::new());
        Self { words, convening, begun: None, steps: Vec::new(), contributors, left_out: BTreeMap::new() }
    }

    fn take(&mut self, recorded: &Recorded) -> anyhow::Result<()> {
        let event = &recorded.event;
        if self.convening.takes(event) {
            return Ok(());
        }
        if let Event::CardKeyed { contribution, card } = event {
            return self.on_card(*contribution, &card.to_string());
        }
        let act = match event {
            Event::Contributed(said) => Some(self.contributed(said, recorded)?),
            event => self.sent(event, recorded)?.map(Act::Send),
        };
        match act {
            Some(act) => self.step(recorded.meta.at.millis(), act),
            // What engines find comes again by itself where they read along, and is nobody's doing.
            None if is_finding(event) => {}
            None => *self.left_out.entry(event.kind()).or_default() += 1,
        }
        Ok(())
    }

    fn step(&mut self, at_ms: u64, act: Act) {
        let begun = *self.begun.get_or_insert(at_ms);
        self.steps.push(Step { at: Duration::from_millis(at_ms.saturating_sub(begun)), act });
    }

    fn contributed(&mut self, said: &Contributed, recorded: &Recorded) -> anyhow::Result<Act> {
        let (voice, channel) = (recorded.meta.voice, recorded.meta.channel.unwrap_or(Channel::Room));
        let words = recorded.has_words.then(|| self.words(recorded.position));
        let brought_in = matches!(channel, Channel::Import | Channel::Paper) || words.is_none();
        let by = said.table.map(Who::Table).or(voice.map(Who::Voice)).unwrap_or(Who::Organiser);
        self.contributors.insert(said.contribution, (!brought_in).then_some(by));
        let words = words.map(|words| ContributionText::parse(&words)).transpose()?;
        let Some(text) = words.clone().filter(|_| !brought_in) else {
            let said = Contribute {
                contribution: said.contribution,
                round: Some(said.round),
                table: said.table,
                kind: said.kind,
                form: said.form,
                read_back: said.read_back,
                heard_from: said.heard_from,
                said_at: said.said_at,
                card: None,
                words,
            };
            return Ok(Act::BringIn(Box::new(BroughtIn { said, channel, voice })));
        };
        let mut frame = json!({
            "type": "submit", "text": text, "kind": said.kind, "form": said.form, "round": said.round,
        });
        if said.table.is_some() {
            (frame["read_back"], frame["heard_from"]) = (json!(said.read_back), json!(said.heard_from));
        }
        Ok(Act::Send(Sent { who: by, id: said.contribution.0, frame, about: None }))
    }

    /// The contribution just before was written on a card, so it was keyed in at a table or by the organiser.
    fn on_card(&mut self, contribution: ContributionId, card: &str) -> anyhow::Result<()> {
        let keyed = match self.steps.last_mut().map(|step| &mut step.act) {
            Some(act @ Act::BringIn(_)) => act,
            _ => bail!("a card was keyed in without words"),
        };
        let Act::BringIn(brought) = &*keyed else { return Ok(()) };
        let said = &brought.said;
        let text = said.words.as_ref().ok_or_else(|| anyhow!("a card has no words"))?;
        let frame = json!({
            "type": "submit", "text": text, "kind": said.kind, "form": said.form, "round": said.round,
            "card": card, "table": said.table, "read_back": said.read_back, "heard_from": said.heard_from,
        });
        let who = said.table.map_or(Who::Organiser, Who::Table);
        *keyed = Act::Send(Sent { who, id: contribution.0, frame, about: None });
        self.contributors.insert(contribution, said_on(who));
        Ok(())
    }

    fn sent(&self, event: &Event, recorded: &Recorded) -> anyhow::Result<Option<Sent>> {
        let staff = [
            (Who::Organiser, frames::of_organiser(event)),
            (Who::ThemeTeam, frames::of_theme_team(event)),
            (Who::Moderator, frames::of_moderator(event)),
        ];
        let by_staff = staff.into_iter().find_map(|(who, frame)| Some((who, frame?)));
        let by_voters = || frames::of_voters(event, recorded.meta.voice);
        let by_contributor = || {
            let corrects = matches!(event, Event::Corrected { .. });
            let words = if corrects { self.words(recorded.position) } else { String::new() };
            let (contribution, frame) = frames::of_contributor(event, &words)?;
            Some(((*self.contributors.get(&contribution)?)?, frame))
        };
        let Some((who, frame)) = by_staff.or_else(by_voters).or_else(by_contributor) else { return Ok(None) };
        Ok(Some(Sent { who, id: random_id()?, frame, about: event.contribution() }))
    }

    fn words(&self, position: Position) -> String {
        self.words.words(position).unwrap_or_else(|| GONE.to_owned())
    }

    fn plan(self) -> anyhow::Result<Plan> {
        let agenda = self.convening.agenda.ok_or_else(|| anyhow!("the record was never convened"))?;
        Ok(Plan { agenda, steps: self.steps, left_out: self.left_out })
    }
}

/// Whoever keyed in a card for a table may correct it; what the organiser keyed in belongs to nobody.
fn said_on(who: Who) -> Option<Who> {
    who.table().map(Who::Table)
}

fn is_finding(event: &Event) -> bool {
    matches!(
        event,
        Event::Suggested(_)
            | Event::AlikeFound { .. }
            | Event::ThemeProposed(_)
            | Event::Understood { .. }
            | Event::WordingProposed(_)
    )
}
