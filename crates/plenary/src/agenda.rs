//! The agenda as an organiser writes it, for `plenary new`.

use std::path::Path;

use anyhow::{Context, bail};
use domain::agenda::TABLES_MAX;
use domain::{
    Agenda, Date, DutyClock, DutyRule, Name, Progress, Purpose, Question, QuestionText, Slug, Title,
};
use serde::Deserialize;

use crate::{holidays, toml_file};

/// The keys of the file; `config/agenda.example.toml` explains them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AgendaFile {
    title: Title,
    purpose: Purpose,
    board: Name,
    slug: Option<Slug>,
    #[serde(default = "london")]
    time_zone: String,
    #[serde(default)]
    tables: u16,
    #[serde(default)]
    seats: u16,
    duty_rule: Option<DutyRule>,
    duty_clock: Option<ClockPart>,
    rounds: Vec<RoundPart>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RoundPart {
    title: Title,
    question: QuestionText,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockPart {
    holidays: Option<String>,
    statutory: Option<Date>,
    progress: Option<Progress>,
}

fn london() -> String {
    "Europe/London".to_owned()
}

/// Reads an agenda and the name that its assembly shall have.
pub(crate) fn read(path: &Path) -> anyhow::Result<(Slug, Agenda)> {
    let file: AgendaFile = toml_file::read(path)?;
    checked(file).with_context(|| format!("{}", path.display()))
}

fn checked(file: AgendaFile) -> anyhow::Result<(Slug, Agenda)> {
    if jiff::tz::TimeZone::get(&file.time_zone).is_err() {
        bail!(
            "`time_zone`: there is no time zone `{}`; use an IANA name such as Europe/London",
            file.time_zone
        );
    }
    if file.tables > TABLES_MAX {
        bail!("`tables`: {} are more than the {TABLES_MAX} that one room can have", file.tables);
    }
    if let Some(DutyRule { tables_at_least: None, voices_at_least: None, .. }) = file.duty_rule {
        bail!("`duty_rule` needs `tables_at_least` or `voices_at_least`, or no theme could ever meet it");
    }
    let slug = file.slug.unwrap_or_else(|| Slug::from_title(file.title.as_str()));
    let rounds = file.rounds.into_iter();
    let agenda = Agenda {
        title: file.title,
        purpose: file.purpose,
        board: file.board,
        time_zone: Name::parse(&file.time_zone)?,
        tables: file.tables,
        seats: file.seats,
        rounds: rounds.map(|RoundPart { title, question }| Question { title, question }).collect(),
        duty_clock: clock(file.duty_clock, file.duty_rule.as_ref())?,
        duty_rule: file.duty_rule,
    };
    Ok((slug, agenda))
}

/// Where there is a rule, its days are counted by a calendar.
fn clock(part: Option<ClockPart>, rule: Option<&DutyRule>) -> anyhow::Result<Option<DutyClock>> {
    let Some(part) = part.or_else(|| rule.map(|_| ClockPart::default())) else { return Ok(None) };
    if rule.is_none() {
        bail!("`duty_clock` needs a `duty_rule`, which says who answers");
    }
    let calendar = match part.holidays.as_deref() {
        None | Some("england") => holidays::england()?,
        Some(file) => holidays::read(Path::new(file)).with_context(|| format!("`holidays`: {file}"))?,
    };
    Ok(Some(calendar.clock(part.statutory, part.progress)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = include_str!("../../../config/agenda.example.toml");
    const SMALL: &str = "title = \"On buses\"\npurpose = \"p\"\nboard = \"b\"\n";
    const ROUND: &str = "[[rounds]]\ntitle = \"t\"\nquestion = \"q\"\n";

    fn parse(text: &str) -> Result<(Slug, Agenda), String> {
        let file = toml_file::parse(text)?;
        checked(file).map_err(|error| error.to_string())
    }

    #[test]
    fn the_example_is_an_agenda() {
        let (slug, agenda) = parse(EXAMPLE).unwrap();
        assert_eq!(slug.as_str(), "high-street");
        assert_eq!((agenda.tables, agenda.seats, agenda.rounds.len()), (6, 8, 2));
        assert!(agenda.duty_rule.unwrap().is_met(3, 0));
        let clock = agenda.duty_clock.unwrap();
        assert_eq!((clock.calendar.as_str(), clock.holidays.len()), ("England and Wales", 56));
        assert_eq!(clock.progress, Some(holidays::PROGRESS));
    }

    #[test]
    fn what_is_left_out_has_a_default() {
        let (slug, agenda) = parse(&format!("{SMALL}{ROUND}")).unwrap();
        assert_eq!((slug.as_str(), agenda.time_zone.as_str()), ("on-buses", "Europe/London"));
        assert_eq!((agenda.tables, agenda.seats, agenda.duty_rule), (0, 0, None));
    }

    #[test]
    fn each_mistake_is_named() {
        let rule = "[duty_rule]\nworking_days = 5\nowner = \"o\"\n";
        for (text, said) in [
            (format!("{SMALL}colour = 1\n{ROUND}"), "line 4: unknown field `colour`"),
            (format!("{SMALL}{ROUND}minutes = 5\n"), "line 7: unknown field `minutes`"),
            (SMALL.to_owned(), "missing field `rounds`"),
            (format!("title = \"\"\n{ROUND}"), "line 1, `title`: Please write something first."),
            (format!("{SMALL}slug = \"A B\"\n{ROUND}"), "line 4, `slug`: `A B` is no assembly name"),
            (format!("{SMALL}time_zone = \"Mars/Base\"\n{ROUND}"), "no time zone `Mars/Base`"),
            (format!("{SMALL}tables = 1001\n{ROUND}"), "`tables`: 1001 are more than the 1000"),
            (format!("{SMALL}{ROUND}{rule}"), "`duty_rule` needs `tables_at_least`"),
            (format!("{SMALL}{ROUND}[duty_clock]\n"), "`duty_clock` needs a `duty_rule`"),
            (
                format!(
                    "{SMALL}{ROUND}{rule}tables_at_least = 3\n[duty_clock]\nholidays = \"no-such.toml\"\n"
                ),
                "`holidays`: no-such.toml",
            ),
            (format!("{SMALL}{ROUND}[duty_clock]\nstatutory = \"2027-02-29\"\n"), "`2027-02-29` is no day"),
            (format!("{SMALL}{ROUND}{rule}tables_at_leest = 3\n"), "unknown field `tables_at_leest`"),
        ] {
            let why = parse(&text).unwrap_err();
            assert!(why.contains(said), "{text:?}: {why}");
        }
    }
}
