//! Files of code frames, in our two forms and as ThemeFinder and Consult write them.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, anyhow, bail};
use domain::assembly::THEMES_MAX;
use domain::{ContributionId, Definition, ThemeName};
use projections::Position;
use projections::interchange::{FRAME_FORMAT, unguarded};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Incoming, Response, Row, Theme};
use crate::cli::FrameFormat;
use crate::import::key;
use crate::text_file;

/// Larger files hold no code frame, nor the mapping of one that anybody could have coded.
const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// The names of the pair of files, as ThemeFinder's own data lie.
pub(crate) const THEMES_JSON: &str = "themes.json";
pub(crate) const MAPPING_JSONL: &str = "mapping.jsonl";

/// A theme as any of the forms may say it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Said {
    name: Option<String>,
    definition: Option<String>,
    state: Option<String>,
    topic_id: Option<String>,
    topic_label: Option<String>,
    topic_description: Option<String>,
    topic: Option<String>,
}

#[derive(Debug, Deserialize)]
struct SaidRow {
    response_id: Value,
    contribution: Option<ContributionId>,
    labels: Vec<String>,
}

/// Reads a file, or a folder with the pair of files; `mapping` names another file of it.
pub(crate) fn read(
    path: &Path,
    format: Option<FrameFormat>,
    mapping: Option<&Path>,
) -> anyhow::Result<Incoming> {
    let folder = path.is_dir();
    let themes = if folder { path.join(THEMES_JSON) } else { path.to_owned() };
    let text = text_file::read(&themes, FILE_BYTES_MAX)?;
    let is_csv = themes.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
    let read = match format {
        Some(FrameFormat::Csv) => from_csv(&text),
        None if is_csv => from_csv(&text),
        format => from_json(&text, format),
    };
    let mut incoming = read.with_context(|| format!("{}", themes.display()))?;
    let beside = folder.then(|| path.join(MAPPING_JSONL)).filter(|beside| beside.is_file());
    if let Some(mapping) = mapping.map(Path::to_owned).or(beside) {
        incoming.mapping = self::mapping(&mapping).with_context(|| format!("{}", mapping.display()))?;
    }
    labels_are_known(&incoming)?;
    Ok(incoming)
}

fn from_json(text: &str, format: Option<FrameFormat>) -> anyhow::Result<Incoming> {
    let document: Value = serde_json::from_str(text).context("this is no JSON document")?;
    let named = document.get("format").and_then(Value::as_str);
    match (named, format) {
        (Some(FRAME_FORMAT), _) | (None, _) => {}
        (Some(other), _) => bail!("it says that it is `{}`; only `{FRAME_FORMAT}` is read", short(other)),
    }
    if format == Some(FrameFormat::Json) && named.is_none() {
        bail!("it does not say `\"format\": \"{FRAME_FORMAT}\"`");
    }
    let themes = match &document {
        Value::Array(_) => document.clone(),
        Value::Object(fields) => fields.get("themes").cloned().unwrap_or_default(),
        _ => Value::Null,
    };
    if !themes.is_array() {
        bail!("it has no list of themes");
    }
    let said: Vec<Said> = parsed(themes, "its list of themes cannot be read")?;
    let mut incoming = incoming(said)?;
    if let Some(rows) = document.get("mapping") {
        let rows: Vec<SaidRow> = parsed(rows.clone(), "its mapping cannot be read")?;
        incoming.mapping = numbered(rows)?;
    }
    Ok(incoming)
}

fn parsed<T: DeserializeOwned>(value: Value, what: &'static str) -> anyhow::Result<T> {
    serde_json::from_value(value).context(what)
}

/// A table with a column `name` and, where it has one, `definition`; other columns are passed over.
fn from_csv(text: &str) -> anyhow::Result<Incoming> {
    let mut table = csv::Reader::from_reader(text.as_bytes());
    let columns = table.headers().context("it has no header row")?.clone();
    let column = |wanted: &str| columns.iter().position(|column| column.trim() == wanted);
    let Some(name) = column("name") else { bail!("it has no column `name`") };
    let (definition, state) = (column("definition"), column("state"));
    let mut said = Vec::new();
    for row in table.records() {
        let row = row.context("a row cannot be read")?;
        let cell = |at: Option<usize>| {
            let text = at.and_then(|at| row.get(at)).map(unguarded);
            text.filter(|text| !text.trim().is_empty()).map(str::to_owned)
        };
        let (name, definition, state) = (cell(Some(name)), cell(definition), cell(state));
        said.push(Said { name, definition, state, ..Said::default() });
    }
    incoming(said)
}

fn incoming(said: Vec<Said>) -> anyhow::Result<Incoming> {
    let mut incoming = Incoming::default();
    let mut seen = BTreeMap::new();
    for (said, number) in said.into_iter().zip(1..) {
        if said.state.as_deref().is_some_and(|state| state != "live") {
            incoming.past += 1;
            continue;
        }
        let theme = theme(said).with_context(|| format!("theme {number}"))?;
        if let Some(first) = seen.insert(key(&theme.name), number) {
            bail!("themes {first} and {number} have the same name, “{}”", theme.name);
        }
        incoming.themes.push(theme);
    }
    match incoming.themes.len() {
        0 => bail!("there is no theme in it"),
        many if many > THEMES_MAX => bail!("it has {many} themes; the most is {THEMES_MAX}"),
        _ => Ok(incoming),
    }
}

fn theme(said: Said) -> anyhow::Result<Theme> {
    let (label, description) = match (said.topic_label, said.topic_description, said.topic) {
        (None, description, Some(topic)) => {
            let (label, rest) = topic.split_once(": ").unwrap_or((&topic, ""));
            (Some(label.to_owned()), description.or(Some(rest.to_owned())))
        }
        (label, description, _) => (label, description),
    };
    let name = said.name.or(label).ok_or_else(|| anyhow!("it has no name"))?;
    let name = ThemeName::parse(&name).context("its name")?;
    let definition = said.definition.or(description).filter(|text| !text.trim().is_empty());
    let definition = definition.as_deref().map(Definition::parse).transpose().context("its definition")?;
    Ok(Theme { label: said.topic_id.unwrap_or_else(|| name.to_string()), name, definition })
}

/// `mapping.jsonl`, a JSON list of the same rows, or a CSV table with the columns `response_id` and `labels`.
fn mapping(path: &Path) -> anyhow::Result<Vec<Row>> {
    let text = text_file::read(path, FILE_BYTES_MAX)?;
    let ends =
        |wanted: &str| path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(wanted));
    if ends("csv") {
        return mapping_csv(&text);
    }
    let rows: Vec<SaidRow> = if text.trim_start().starts_with('[') {
        serde_json::from_str(&text).context("this is no list of mapped responses")?
    } else {
        let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
        let row = |(line, number): (&str, u64)| {
            serde_json::from_str(line).with_context(|| format!("line {number} is no mapped response"))
        };
        lines.map(row).collect::<anyhow::Result<_>>()?
    };
    numbered(rows)
}

/// Labels stand in one cell, with commas, semicolons or spaces between them, as a list of Python or without its marks.
fn mapping_csv(text: &str) -> anyhow::Result<Vec<Row>> {
    let mut table = csv::Reader::from_reader(text.as_bytes());
    let columns = table.headers().context("it has no header row")?.clone();
    let column = |wanted: &str| columns.iter().position(|column| column.trim() == wanted);
    let (Some(response), Some(labels)) = (column("response_id"), column("labels")) else {
        bail!("it needs the columns `response_id` and `labels`");
    };
    let contribution = column("contribution");
    let mut rows = Vec::new();
    for row in table.records() {
        let row = row.context("a row cannot be read")?;
        let cell = |at: usize| row.get(at).unwrap_or_default();
        let named = contribution.map(cell).filter(|id| !id.trim().is_empty());
        let contribution = named.map(|id| id.trim().parse().context("a contribution's id")).transpose()?;
        let marks = ['[', ']', '\'', '"', ',', ';', ' '];
        let labels = cell(labels).split(marks).filter(|label| !label.is_empty()).map(str::to_owned);
        let response_id = Value::from(cell(response).trim());
        rows.push(SaidRow { response_id, contribution, labels: labels.collect() });
    }
    numbered(rows)
}

fn numbered(rows: Vec<SaidRow>) -> anyhow::Result<Vec<Row>> {
    let row = |(said, number): (SaidRow, u64)| {
        let SaidRow { response_id, contribution, labels } = said;
        let response = match (contribution, &response_id) {
            (Some(contribution), _) => Response::Contribution(contribution),
            (None, Value::Number(number)) => by_position(&number.to_string()),
            (None, Value::String(text)) => match text.parse() {
                Ok(contribution) => Response::Contribution(contribution),
                Err(_) => by_position(text),
            },
            _ => bail!("row {number}: its `response_id` is neither a number nor a text"),
        };
        Ok(Row { number, response, labels })
    };
    rows.into_iter().zip(1..).map(row).collect()
}

fn by_position(text: &str) -> Response {
    text.parse().ok().and_then(Position::new).map_or(Response::Other, Response::Position)
}

/// A label that no theme has makes the whole file doubtful.
fn labels_are_known(incoming: &Incoming) -> anyhow::Result<()> {
    for row in &incoming.mapping {
        for label in &row.labels {
            if !incoming.themes.iter().any(|theme| theme.label == *label) {
                bail!(
                    "row {} of the mapping has the label `{}`, and no theme has it",
                    row.number,
                    short(label)
                );
            }
        }
    }
    Ok(())
}

/// As much of what stands in a file as is said back.
fn short(text: &str) -> String {
    text.chars().take(40).collect()
}
