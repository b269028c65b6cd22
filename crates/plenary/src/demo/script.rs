//! `day.toml`: who says what, and what the theme team and the moderator make of it.

use anyhow::{anyhow, bail};
use domain::{
    Agenda, ContributionText, Definition, DutyRule, Form, HoldReason, Kind, Name, Purpose, Question,
    QuestionText, Reason, ThemeName, Title,
};
use serde::Deserialize;

use crate::holidays;
use crate::toml_file;

const DAY: &str = include_str!("../../demo/day.toml");
pub(crate) const TABLES: u16 = 12;
pub(crate) const PEOPLE: u16 = 60;
const SEATS: u16 = 9;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Script {
    title: Title,
    purpose: Purpose,
    board: Name,
    pub(super) themes: Vec<Theme>,
    pub(super) merges: Vec<Merge>,
    pub(super) rounds: Vec<Round>,
    pub(super) contributions: Vec<Said>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Theme {
    /// How the script itself speaks of it.
    key: String,
    pub(super) name: ThemeName,
    pub(super) definition: Definition,
    pub(super) round: usize,
}

/// Two themes that turn out to be one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Merge {
    pub(super) from: String,
    pub(super) into: String,
    pub(super) reason: Reason,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Round {
    title: Title,
    question: QuestionText,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Said {
    /// From 1.
    pub(super) round: usize,
    from: Side,
    table: Option<u16>,
    person: Option<u16>,
    pub(super) kind: Kind,
    pub(super) form: Form,
    #[serde(default)]
    pub(super) read_back: bool,
    pub(super) heard_from: Option<u16>,
    pub(super) text: ContributionText,
    /// Keys of themes.
    pub(super) themes: Vec<String>,
    /// Why the theme team puts it in no theme.
    pub(super) set_aside: Option<Reason>,
    /// Why the moderator keeps it from public pages.
    pub(super) held: Option<HoldReason>,
    pub(super) correction: Option<Correction>,
    #[serde(default)]
    pub(super) withdrawn: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Side {
    Table,
    Remote,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Correction {
    pub(super) text: ContributionText,
}

/// Whose device it is typed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Speaker {
    Table(u16),
    Person(u16),
}

impl Script {
    /// The day as it is written; a test keeps it readable.
    pub(crate) fn read() -> anyhow::Result<Self> {
        let script: Self = toml_file::parse(DAY).map_err(|why| anyhow!("the demo's day.toml, {why}"))?;
        script.check()?;
        Ok(script)
    }

    fn check(&self) -> anyhow::Result<()> {
        let merged = self.merges.iter().flat_map(|merge| [&merge.from, &merge.into]);
        let assigned = self.contributions.iter().flat_map(|said| &said.themes);
        for key in merged.chain(assigned) {
            self.theme(key)?;
        }
        for said in &self.contributions {
            said.speaker()?;
            if said.round == 0 || said.round > self.rounds.len() {
                bail!("the demo's day.toml has no round {}, and `{}` is said in it", said.round, said.text);
            }
        }
        Ok(())
    }

    /// The place of a theme in [`Script::themes`].
    pub(super) fn theme(&self, key: &str) -> anyhow::Result<usize> {
        let place = self.themes.iter().position(|theme| theme.key == key);
        place.ok_or_else(|| anyhow!("the demo's day.toml has no theme `{key}`"))
    }

    pub(crate) fn agenda(&self) -> anyhow::Result<Agenda> {
        let question =
            |round: &Round| Question { title: round.title.clone(), question: round.question.clone() };
        let rule = DutyRule {
            tables_at_least: Some(8),
            voices_at_least: Some(15),
            working_days: 30,
            owner: Name::parse("Director of Primary Care")?,
        };
        Ok(Agenda {
            title: self.title.clone(),
            purpose: self.purpose.clone(),
            board: self.board.clone(),
            time_zone: Name::parse("Europe/London")?,
            tables: TABLES,
            seats: SEATS,
            rounds: self.rounds.iter().map(question).collect(),
            duty_rule: Some(rule),
            duty_clock: Some(holidays::england()?.clock(None, Some(holidays::PROGRESS))),
        })
    }
}

impl Said {
    pub(super) fn speaker(&self) -> anyhow::Result<Speaker> {
        match (self.from, self.table, self.person) {
            (Side::Table, Some(table), None) if (1..=TABLES).contains(&table) => Ok(Speaker::Table(table)),
            (Side::Remote, None, Some(person)) if (1..=PEOPLE).contains(&person) => {
                Ok(Speaker::Person(person))
            }
            _ => bail!("the demo's day.toml does not say who says `{}`", self.text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_day_has_everything_that_a_day_has() {
        let script = Script::read().unwrap();
        let count = |holds: fn(&Said) -> bool| script.contributions.iter().filter(|said| holds(said)).count();
        assert_eq!((script.rounds.len(), script.contributions.len()), (2, 250));
        assert!(script.merges.len() >= 2);
        assert!(count(|said| said.held.is_some()) >= 2 && count(|said| said.set_aside.is_some()) >= 5);
        assert_eq!((count(|said| said.correction.is_some()), count(|said| said.withdrawn)), (1, 1));
        let words: BTreeSet<_> = script.contributions.iter().map(|said| said.text.as_str()).collect();
        assert_eq!(words.len(), script.contributions.len(), "something is said twice");
    }

    #[test]
    fn every_table_and_every_person_speaks() {
        let script = Script::read().unwrap();
        let speakers: BTreeSet<_> = script.contributions.iter().map(|said| said.speaker().unwrap()).collect();
        assert_eq!(speakers.len(), usize::from(TABLES + PEOPLE));
    }

    #[test]
    fn every_theme_is_used_and_known_by_one_key() {
        let script = Script::read().unwrap();
        let used: BTreeSet<_> = script.contributions.iter().flat_map(|said| &said.themes).collect();
        let keys: BTreeSet<_> = script.themes.iter().map(|theme| &theme.key).collect();
        assert_eq!(used, keys);
        assert_eq!(keys.len(), script.themes.len());
    }

    #[test]
    fn only_tables_count_heads_and_read_back() {
        for said in Script::read().unwrap().contributions {
            let for_tables = said.heard_from.is_some() || said.read_back;
            let at_table = matches!(said.speaker().unwrap(), Speaker::Table(_));
            assert!(at_table || !for_tables, "{}", said.text);
        }
    }
}
