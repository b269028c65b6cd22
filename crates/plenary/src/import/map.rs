//! The map: what the columns of a file mean.

use std::path::Path;

use anyhow::{Context, anyhow, bail};
use domain::{Kind, Reason, RoundNumber, ThemeName};
use serde::Deserialize;

use super::time::Format;
use crate::toml_file;

/// The keys of the file; `config/import/nhs-fft.toml` explains them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MapFile {
    batch: Option<String>,
    #[serde(default = "first_round")]
    round: u16,
    #[serde(default)]
    kind: Kind,
    text: String,
    id: Option<String>,
    voice: Option<String>,
    time: Option<String>,
    time_format: Option<String>,
    channel: Option<String>,
    table: Option<String>,
    #[serde(default)]
    set_aside: Vec<String>,
    #[serde(default = "yes_values")]
    yes_values: Vec<String>,
    #[serde(default)]
    themes: Themes,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Themes {
    #[serde(default)]
    one_hot: Vec<String>,
    one_hot_from: Option<String>,
    one_hot_to: Option<String>,
    #[serde(default)]
    one_hot_except: Vec<String>,
    list: Option<List>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    column: String,
    separator: String,
}

fn first_round() -> u16 {
    1
}

fn yes_values() -> Vec<String> {
    ["1", "true", "yes", "x"].map(str::to_owned).to_vec()
}

/// A map that makes sense in itself; whether the file has its columns is not known yet.
#[derive(Debug)]
pub(super) struct Map {
    /// The name by which rows are known in later runs; `None` is the file's own.
    pub(super) batch: Option<String>,
    pub(super) round: RoundNumber,
    pub(super) kind: Kind,
    pub(super) time_format: Format,
    yes_values: Vec<String>,
    file: MapFile,
}

/// The places of the columns in one file.
#[derive(Debug, PartialEq)]
pub(super) struct Columns {
    pub(super) count: usize,
    pub(super) text: usize,
    pub(super) id: Option<usize>,
    pub(super) voice: Option<usize>,
    pub(super) time: Option<usize>,
    pub(super) channel: Option<usize>,
    pub(super) table: Option<usize>,
    pub(super) themes: Vec<(usize, ThemeName)>,
    pub(super) list: Option<(usize, String)>,
    pub(super) set_aside: Vec<(usize, Reason)>,
}

impl Map {
    pub(super) fn read(path: &Path) -> anyhow::Result<Self> {
        Self::checked(toml_file::read(path)?).with_context(|| format!("{}", path.display()))
    }

    pub(super) fn checked(mut file: MapFile) -> anyhow::Result<Self> {
        let round = RoundNumber::new(file.round).ok_or_else(|| anyhow!("`round` counts from 1"))?;
        if file.time_format.is_some() && file.time.is_none() {
            bail!("`time_format` needs `time`, the column that it is the format of");
        }
        if file.themes.one_hot_from.is_some() != file.themes.one_hot_to.is_some() {
            bail!("`one_hot_from` and `one_hot_to` are the two ends of a range; name both or neither");
        }
        if file.themes.list.as_ref().is_some_and(|list| list.separator.is_empty()) {
            bail!("`separator` is empty; it has to be what stands between two themes, such as \";\"");
        }
        let time_format = Format::of(file.time_format.take()).map_err(anyhow::Error::msg)?;
        let yes_values = file.yes_values.iter().map(|value| value.trim().to_lowercase()).collect();
        Ok(Self { batch: file.batch.take(), round, kind: file.kind, time_format, yes_values, file })
    }

    /// Whether a cell of a one-hot column says that the row is in.
    pub(super) fn is_yes(&self, cell: &str) -> bool {
        let cell = cell.trim().to_lowercase();
        !cell.is_empty() && self.yes_values.contains(&cell)
    }

    /// Finds every column that the map names in the header.
    pub(super) fn columns(&self, header: &Header) -> anyhow::Result<Columns> {
        let maybe = |name: &Option<String>| name.as_deref().map(|name| header.find(name)).transpose();
        let MapFile { text, id, voice, time, channel, table, set_aside, themes, .. } = &self.file;
        let aside = |name: &String| {
            let reason =
                Reason::parse(name).map_err(|why| anyhow!("column `{name}` can be no reason: {why}"))?;
            Ok((header.find(name)?, reason))
        };
        let set_aside: Vec<_> = set_aside.iter().map(aside).collect::<anyhow::Result<_>>()?;
        let list = match &themes.list {
            Some(list) => Some((header.find(&list.column)?, list.separator.clone())),
            None => None,
        };
        Ok(Columns {
            count: header.0.len(),
            text: header.find(text)?,
            id: maybe(id)?,
            voice: maybe(voice)?,
            time: maybe(time)?,
            channel: maybe(channel)?,
            table: maybe(table)?,
            themes: themes.columns(header, &set_aside)?,
            list,
            set_aside,
        })
    }
}

impl Themes {
    /// The one-hot columns. Those that set rows aside may lie within the range; they are no themes.
    fn columns(&self, header: &Header, aside: &[(usize, Reason)]) -> anyhow::Result<Vec<(usize, ThemeName)>> {
        let is_aside = |place: &usize| aside.iter().any(|(aside, _)| aside == place);
        let mut places = Vec::new();
        for name in &self.one_hot {
            let place = header.find(name)?;
            if is_aside(&place) || places.contains(&place) {
                bail!(
                    "column `{name}` is named twice: as a theme and as something else, or as a theme two times"
                );
            }
            places.push(place);
        }
        let except: Vec<_> =
            self.one_hot_except.iter().map(|name| header.find(name)).collect::<anyhow::Result<_>>()?;
        if let (Some(from), Some(to)) = (&self.one_hot_from, &self.one_hot_to) {
            let (first, last) = (header.find(from)?, header.find(to)?);
            if first > last {
                bail!("column `{from}` of `one_hot_from` comes after column `{to}` of `one_hot_to`");
            }
            places.extend((first..=last).filter(|place| !is_aside(place) && !except.contains(place)));
        }
        places.sort_unstable();
        places.dedup();
        places.into_iter().map(|place| Ok((place, header.theme(place)?))).collect()
    }
}

/// The names of the columns, in order.
#[derive(Debug)]
pub(super) struct Header(Vec<String>);

impl Header {
    pub(super) fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        Self(names.into_iter().map(|name| name.trim().to_owned()).collect())
    }

    fn find(&self, name: &str) -> anyhow::Result<usize> {
        let mut places = self.0.iter().enumerate().filter(|(_, column)| *column == name.trim());
        match (places.next(), places.next()) {
            (Some((place, _)), None) => Ok(place),
            (Some(_), Some(_)) => {
                bail!("the column `{name}` stands in the header twice, so the map cannot mean one")
            }
            (None, _) => bail!("there is no column `{name}` in the header"),
        }
    }

    fn theme(&self, place: usize) -> anyhow::Result<ThemeName> {
        let name = self.0.get(place).map(String::as_str).unwrap_or_default();
        ThemeName::parse(name).map_err(|why| anyhow!("column `{name}` cannot name a theme: {why}"))
    }
}

#[cfg(test)]
mod tests;
