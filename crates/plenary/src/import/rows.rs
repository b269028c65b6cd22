//! The rows of a file, each read into parsed types once, or refused with its number.

use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::path::Path;

use anyhow::Context;
use csv::{ByteRecord, StringRecord};
use domain::{Channel, ContributionText, Reason, TableNumber, ThemeName, Timestamp};
use jiff::tz::TimeZone;

use super::Refused;
use super::map::{Columns, Header, Map};

/// A whole file, ready to be recorded.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) batch: String,
    pub(super) map: Map,
    /// Rows in the file, the refused ones too.
    pub(super) count: u64,
    pub(super) rows: Vec<Row>,
    pub(super) refused: Vec<Refused>,
    /// The themes that occur, by key, in the spelling that came first.
    pub(super) themes: BTreeMap<ThemeKey, ThemeName>,
}

/// A theme's name without its case, because two themes of an assembly never differ by case alone.
pub(super) type ThemeKey = String;

pub(crate) fn key(name: &ThemeName) -> ThemeKey {
    name.as_str().to_lowercase()
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) number: u64,
    /// What names the row for good.
    pub(super) id: String,
    /// `None` for a blank answer.
    pub(super) words: Option<ContributionText>,
    /// What the file calls the person.
    pub(super) voice: Option<String>,
    pub(super) said_at: Option<Timestamp>,
    pub(super) channel: Channel,
    pub(super) table: Option<TableNumber>,
    pub(super) coding: Coding,
}

/// What a person made of the row.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Coding {
    /// Nobody has read it yet.
    None,
    /// The marks of a row that is in a theme are not followed; the report counts such rows.
    Themes {
        keys: Vec<ThemeKey>,
        marked: Marked,
    },
    SetAside(Reason),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marked {
    Yes,
    No,
}

/// The reason of rows in which there is nothing to read.
const NO_WORDS: &str = "no words in the file";

impl Sheet {
    pub(super) fn read(path: &Path, map: Map, zone: &TimeZone) -> anyhow::Result<Self> {
        let file = std::fs::File::open(path)?;
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        Self::of(std::io::BufReader::new(file), &name, map, zone)
    }

    pub(super) fn of(file: impl Read, name: &str, map: Map, zone: &TimeZone) -> anyhow::Result<Self> {
        let mut csv = csv::ReaderBuilder::new().flexible(true).from_reader(file);
        let header = StringRecord::from_byte_record(csv.byte_headers()?.clone());
        let columns = map.columns(&Header::new(header.context("the header is not text in UTF-8")?.iter()))?;
        let batch = map.batch.clone().unwrap_or_else(|| name.to_owned());
        let mut reading = Reading { columns, zone, names: BTreeMap::new(), seen: HashMap::new() };
        let mut sheet =
            Sheet { batch, map, count: 0, rows: Vec::new(), refused: Vec::new(), themes: BTreeMap::new() };
        for (record, number) in csv.byte_records().zip(2..) {
            sheet.count += 1;
            match reading.row(number, record?, &sheet.map) {
                Ok(row) => sheet.rows.push(row),
                Err(reason) => sheet.refused.push(Refused { row: number, reason }),
            }
        }
        sheet.themes = reading.names;
        sheet.themes.retain(|key, _| sheet.rows.iter().any(|row| row.is_in(key)));
        Ok(sheet)
    }
}

impl Row {
    fn is_in(&self, theme: &str) -> bool {
        matches!(&self.coding, Coding::Themes { keys, .. } if keys.iter().any(|key| key == theme))
    }
}

/// What is known while a file is read from top to bottom.
struct Reading<'a> {
    columns: Columns,
    zone: &'a TimeZone,
    names: BTreeMap<ThemeKey, ThemeName>,
    /// Ids, and the rows that they came with.
    seen: HashMap<String, u64>,
}

impl Reading<'_> {
    fn row(&mut self, number: u64, record: ByteRecord, map: &Map) -> Result<Row, String> {
        let count = self.columns.count;
        if record.len() != count {
            return Err(format!("it has {} cells where the header has {count}", record.len()));
        }
        let record =
            StringRecord::from_byte_record(record).map_err(|_| "it is not text in UTF-8".to_owned())?;
        let words = words(&record[self.columns.text])?;
        let coding = self.coding(&record, words.as_ref(), map)?;
        let cell =
            |place: Option<usize>| place.map(|place| record[place].trim()).filter(|cell| !cell.is_empty());
        let row = Row {
            number,
            id: self.id(number, &record)?,
            words,
            voice: cell(self.columns.voice).map(str::to_owned),
            said_at: cell(self.columns.time).map(|at| map.time_format.read(at, self.zone)).transpose()?,
            channel: cell(self.columns.channel).map_or(Ok(Channel::Import), channel)?,
            table: cell(self.columns.table).map(table).transpose()?,
            coding,
        };
        self.seen.insert(row.id.clone(), number);
        Ok(row)
    }

    fn id(&self, number: u64, record: &StringRecord) -> Result<String, String> {
        let Some(place) = self.columns.id else { return Ok(number.to_string()) };
        let id = record[place].trim();
        match self.seen.get(id) {
            _ if id.is_empty() => Err("it has no id".to_owned()),
            Some(first) => Err(format!("it has the id `{}`, which row {first} has already", short(id))),
            None => Ok(id.to_owned()),
        }
    }

    fn coding(
        &mut self,
        record: &StringRecord,
        words: Option<&ContributionText>,
        map: &Map,
    ) -> Result<Coding, String> {
        let mut keys = Vec::new();
        for name in self.names_in(record, map)? {
            let key = key(&name);
            self.names.entry(key.clone()).or_insert(name);
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        let marks = &self.columns.set_aside;
        let mark =
            marks.iter().find(|(place, _)| map.is_yes(&record[*place])).map(|(_, reason)| reason.clone());
        Ok(match (keys.is_empty(), mark) {
            (false, mark) => {
                Coding::Themes { keys, marked: if mark.is_some() { Marked::Yes } else { Marked::No } }
            }
            (true, Some(reason)) => Coding::SetAside(reason),
            (true, None) if words.is_none() => {
                Coding::SetAside(Reason::parse(NO_WORDS).map_err(|why| why.to_string())?)
            }
            (true, None) => Coding::None,
        })
    }

    fn names_in(&self, record: &StringRecord, map: &Map) -> Result<Vec<ThemeName>, String> {
        let one_hot = self.columns.themes.iter().filter(|(place, _)| map.is_yes(&record[*place]));
        let mut names: Vec<_> = one_hot.map(|(_, name)| name.clone()).collect();
        if let Some((place, separator)) = &self.columns.list {
            let listed =
                record[*place].split(separator.as_str()).map(str::trim).filter(|name| !name.is_empty());
            for name in listed {
                let parsed = ThemeName::parse(name);
                names
                    .push(parsed.map_err(|why| format!("its theme `{}` cannot be one: {why}", short(name)))?);
            }
        }
        Ok(names)
    }
}

/// A spreadsheet writes a soft line break inside a cell as a vertical tab or a form feed; it is a line break here too.
fn words(cell: &str) -> Result<Option<ContributionText>, String> {
    if cell.trim().is_empty() {
        return Ok(None);
    }
    let text = cell.replace(['\u{b}', '\u{c}'], "\n");
    ContributionText::parse(&text).map(Some).map_err(|why| why.to_string())
}

fn channel(cell: &str) -> Result<Channel, String> {
    Channel::named(&cell.to_lowercase()).ok_or_else(|| {
        let names = Channel::ALL.map(Channel::as_str).join(", ");
        format!("its channel `{}` is none of {names}", short(cell))
    })
}

fn table(cell: &str) -> Result<TableNumber, String> {
    cell.parse().map_err(|_| format!("its table `{}` is no number from 1 to 65535", short(cell)))
}

/// As much of a cell as belongs into a report: with the wrong column in the map, a cell is what somebody said.
pub(super) fn short(cell: &str) -> String {
    const CHARS: usize = 40;
    match cell.char_indices().nth(CHARS) {
        Some((end, _)) => format!("{}…", &cell[..end]),
        None => cell.to_owned(),
    }
}

#[cfg(test)]
mod tests;
