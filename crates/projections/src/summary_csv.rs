//! The figures of the evidence summary as one CSV table: a row per figure, with the contributions behind it.

use std::io::Write;

use serde_json::Value;

use crate::Error;
use crate::figure::{Query, Unit};
use crate::summary::EvidenceSummary;
use crate::views::Views;

const COLUMNS: [&str; 14] = [
    "part",
    "figure",
    "theme",
    "round",
    "unit",
    "side",
    "value",
    "of",
    "of_unit",
    "of_query",
    "query",
    "suppression",
    "position",
    "contributions",
];

/// A figure of a summary's JSON form, and where it stands.
#[derive(Clone, Debug)]
pub struct Placed<'a> {
    /// The names of the fields that lead to it, such as `findings/tables`.
    pub name: String,
    /// The theme that it is about, by its name.
    pub theme: &'a str,
    pub figure: &'a Value,
}

/// Every figure of the JSON form of a summary, wherever it stands in it: fields by name, lists in their order.
pub fn figures(summary: &Value) -> Vec<Placed<'_>> {
    let mut found = Vec::new();
    walk(summary, "", "", &mut found);
    found
}

fn walk<'a>(value: &'a Value, name: &str, theme: &'a str, found: &mut Vec<Placed<'a>>) {
    match value {
        Value::Object(fields) if fields.contains_key("of_query") => {
            found.push(Placed { name: name.to_owned(), theme, figure: value });
        }
        Value::Object(fields) => {
            let own = fields.get("theme").and(fields.get("name")).and_then(Value::as_str);
            // The order of a program's maps is no part of the form.
            let mut fields: Vec<_> = fields.iter().filter(|(field, _)| *field != "evidence").collect();
            fields.sort_by_key(|(field, _)| *field);
            for (field, value) in fields {
                let name = if name.is_empty() { field.clone() } else { format!("{name}/{field}") };
                walk(value, &name, own.unwrap_or(theme), found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| walk(item, name, theme, found)),
        _ => {}
    }
}

/// A row per figure: the part of the paper that it stands in, its name there, the theme, what is counted and of what,
/// and the positions that were counted, separated by spaces.
pub fn write(views: &Views, summary: &EvidenceSummary, out: impl Write) -> Result<(), Error> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(COLUMNS)?;
    let summary =
        serde_json::to_value(summary).map_err(|error| Error::Csv(std::io::Error::from(error).into()))?;
    for placed in figures(&summary) {
        csv.write_record(cells(views, &placed))?;
    }
    csv.flush().map_err(|error| Error::Csv(error.into()))
}

fn cells(views: &Views, placed: &Placed<'_>) -> [String; 14] {
    let text = |field: &str| match &placed.figure[field] {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    let (part, name) = placed.name.split_once('/').unwrap_or((&placed.name, ""));
    let query = Query::parse(&text("query"));
    let unit = Unit::named(&text("unit")).unwrap_or_default();
    let positions = query.behind(views, unit).into_iter().map(|(position, _)| position.to_string());
    [
        part.to_owned(),
        name.to_owned(),
        plain(placed.theme),
        query.round.map(|round| round.to_string()).unwrap_or_default(),
        text("unit"),
        query.side.map(|side| side.as_str().to_owned()).unwrap_or_default(),
        text("value"),
        text("of"),
        text("of_unit"),
        text("of_query"),
        text("query"),
        text("suppression"),
        text("position"),
        positions.collect::<Vec<_>>().join(" "),
    ]
}

/// A spreadsheet would run a cell that begins like a formula (OWASP, CSV injection); a quote mark before it keeps it
/// a text.
fn plain(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}
