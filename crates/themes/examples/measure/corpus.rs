//! Texts with themes, read from a CSV file of any shape, as the script of the protocol reads its own.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::Path;

use serde::Deserialize;
use sha2::{Digest, Sha256};

/// Which columns hold what. What is left out is guessed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Map {
    /// The column with the words.
    pub(crate) text: Option<String>,
    /// One column per theme, `1` where the text is in it.
    pub(crate) themes: Option<Vec<String>>,
    /// Columns that look like themes and are none.
    #[serde(default)]
    pub(crate) not_themes: Vec<String>,
    /// Instead of a column per theme: one column with the name of the theme.
    pub(crate) theme: Option<String>,
    /// When it was said: DD/MM/YYYY, or anything that sorts as it is.
    pub(crate) date: Option<String>,
}

impl Map {
    #[expect(clippy::disallowed_methods, reason = "the crate reads no files; what measures it does")]
    pub(crate) fn read(path: &Path) -> Result<Self, Box<dyn Error>> {
        Ok(serde_json::from_str(&std::fs::read_to_string(path)?)?)
    }
}

/// Columns that data sets have beside their themes.
const NOT_THEMES: [&str; 3] = ["Labelling not possible", "Not assigned", "Safeguarding concerns?"];

/// What pandas reads as nothing.
const NOTHING: [&str; 19] = [
    "", " ", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>",
    "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan",
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Training,
    Test,
}

#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) text: String,
    /// Case and punctuation folded; what is equal in this is one text.
    pub(crate) folded: String,
    /// By their places among the names.
    pub(crate) themes: BTreeSet<usize>,
    pub(crate) date: String,
    pub(crate) side: Side,
}

#[derive(Clone, Debug)]
pub(crate) struct Corpus {
    pub(crate) rows: Vec<Row>,
    pub(crate) themes: Vec<String>,
}

struct Table {
    names: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    fn read(path: &Path) -> Result<Self, Box<dyn Error>> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(path)?;
        let names =
            reader.headers()?.iter().map(|name| name.trim_start_matches('\u{feff}').to_owned()).collect();
        let rows = reader.records().map(|row| Ok(row?.iter().map(str::to_owned).collect()));
        Ok(Self { names, rows: rows.collect::<Result<_, csv::Error>>()? })
    }

    fn column(&self, name: &str) -> Result<usize, Box<dyn Error>> {
        let found = self.names.iter().position(|there| there == name);
        found
            .ok_or_else(|| format!("there is no column `{name}`; there are {}", self.names.join(", ")).into())
    }

    fn cells(&self, column: usize) -> impl Iterator<Item = &str> {
        self.rows.iter().map(move |row| row.get(column).map_or("", String::as_str))
    }

    fn is_one_hot(&self, column: usize) -> bool {
        let mut ones = 0;
        let fits = self.cells(column).all(|cell| {
            ones += usize::from(is_yes(cell));
            is_yes(cell) || ["", "0", "0.0", "false"].contains(&cell.trim().to_lowercase().as_str())
        });
        fits && ones > 0
    }

    /// The column in which most is written.
    fn wordiest(&self) -> usize {
        let words = |column: &usize| -> usize {
            self.cells(*column).map(|cell| cell.split_whitespace().count()).sum()
        };
        (0..self.names.len()).rev().max_by_key(words).unwrap_or(0)
    }
}

fn is_yes(cell: &str) -> bool {
    ["1", "1.0", "true"].contains(&cell.trim().to_lowercase().as_str())
}

/// As the script folds: everything that is no letter, digit or underscore is one space.
pub(crate) fn fold(text: &str) -> String {
    let small = text.to_lowercase();
    let words = small.split(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Sorts as time goes, where it is a date of the British kind.
fn sortable(date: &str) -> String {
    let parts: Vec<_> = date.split(['/', ' ']).collect();
    match parts[..] {
        [day, month, year, ..] if year.len() == 4 => format!("{year}-{month:0>2}-{day:0>2}"),
        _ => date.to_owned(),
    }
}

impl Corpus {
    /// Rows with words and at least one theme; one copy per distinct text, the first.
    pub(crate) fn read(path: &Path, map: &Map) -> Result<Self, Box<dyn Error>> {
        let table = Table::read(path)?;
        let text = map.text.as_ref().map_or_else(|| Ok(table.wordiest()), |name| table.column(name))?;
        let date = match &map.date {
            Some(name) => Some(table.column(name)?),
            None => table.names.iter().position(|name| name.eq_ignore_ascii_case("date")),
        };
        let (names, of_row) = labels(&table, map, text)?;
        let (mut seen, mut rows) = (BTreeSet::new(), Vec::new());
        for (row, themes) in table.rows.iter().zip(of_row) {
            let said = row.get(text).map_or("", String::as_str);
            let said = if NOTHING.contains(&said) || said == "null" { "" } else { said.trim() };
            let folded = fold(said);
            let is_new = seen.insert(folded.clone());
            if !themes.is_empty() && !folded.is_empty() && is_new {
                let date = date.and_then(|date| row.get(date)).map_or(String::new(), |date| sortable(date));
                let side = side(&folded);
                rows.push(Row { text: said.to_owned(), folded, themes, date, side });
            }
        }
        Ok(Self { rows, themes: names })
    }

    /// Only themes with at least `least` rows, and rows with one of these.
    pub(crate) fn with_themes_of(mut self, least: usize) -> Self {
        let mut counts = vec![0; self.themes.len()];
        self.rows.iter().flat_map(|row| &row.themes).for_each(|theme| counts[*theme] += 1);
        let kept: Vec<_> = (0..counts.len()).filter(|theme| counts[*theme] >= least).collect();
        for row in &mut self.rows {
            row.themes = (0..kept.len()).filter(|new| row.themes.contains(&kept[*new])).collect();
        }
        self.rows.retain(|row| !row.themes.is_empty());
        self.themes = kept.iter().map(|theme| self.themes[*theme].clone()).collect();
        self
    }

    pub(crate) fn of(&self, side: Side) -> impl Iterator<Item = (usize, &Row)> {
        self.rows.iter().enumerate().filter(move |(_, row)| row.side == side)
    }

    /// One file to train on and one to test on, less the texts that stand in both.
    pub(crate) fn of_two(training: &Path, test: &Path, map: &Map) -> Result<Self, Box<dyn Error>> {
        let (mut all, other) = (Self::read(training, map)?, Self::read(test, map)?);
        all.rows.iter_mut().for_each(|row| row.side = Side::Training);
        let seen: BTreeSet<_> = all.rows.iter().map(|row| row.folded.clone()).collect();
        let place = |name: &String| {
            all.themes.iter().position(|there| there == name).unwrap_or_else(|| {
                all.themes.push(name.clone());
                all.themes.len() - 1
            })
        };
        let places: Vec<_> = other.themes.iter().map(place).collect();
        let fresh = other.rows.into_iter().filter(|row| !seen.contains(&row.folded));
        all.rows.extend(fresh.map(|row| Row {
            themes: row.themes.iter().map(|theme| places[*theme]).collect(),
            side: Side::Test,
            ..row
        }));
        Ok(all)
    }
}

/// A set of themes per row.
type Labels = (Vec<String>, Vec<BTreeSet<usize>>);

fn labels(table: &Table, map: &Map, text: usize) -> Result<Labels, Box<dyn Error>> {
    let one_hot: Vec<usize> = match (&map.themes, &map.theme) {
        (Some(names), _) => names.iter().map(|name| table.column(name)).collect::<Result<_, _>>()?,
        (None, Some(_)) => Vec::new(),
        (None, None) => {
            let no_theme =
                |name: &str| NOT_THEMES.contains(&name) || map.not_themes.iter().any(|not| not == name);
            let after = text + 1..table.names.len();
            after.filter(|column| !no_theme(&table.names[*column]) && table.is_one_hot(*column)).collect()
        }
    };
    if !one_hot.is_empty() {
        let of_row = table.rows.iter().map(|row| {
            let yes = |column: &usize| row.get(*column).is_some_and(|cell| is_yes(cell));
            (0..one_hot.len()).filter(|theme| yes(&one_hot[*theme])).collect()
        });
        return Ok((one_hot.iter().map(|column| table.names[*column].clone()).collect(), of_row.collect()));
    }
    let usual = ["theme", "label", "topic", "category"];
    let guess = || table.names.iter().position(|name| usual.contains(&name.to_lowercase().as_str()));
    let column = match &map.theme {
        Some(name) => table.column(name)?,
        None => {
            guess().ok_or("there are no columns with 1 for a theme, and none called `theme`; write a map")?
        }
    };
    let named: BTreeSet<_> = table.cells(column).filter(|cell| !cell.trim().is_empty()).collect();
    let places: BTreeMap<_, _> = named.iter().copied().zip(0..).collect();
    let of_row = table.cells(column).map(|cell| places.get(cell).copied().into_iter().collect());
    Ok((named.iter().map(|&name| name.to_owned()).collect(), of_row.collect()))
}

/// The script tests on about 30 %, by the text alone.
fn side(folded: &str) -> Side {
    if Sha256::digest(folded.as_bytes())[0] < 77 { Side::Test } else { Side::Training }
}
