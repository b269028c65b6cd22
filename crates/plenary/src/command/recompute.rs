//! `recompute`: a figure counted again by its query, or every figure of a summary.

use std::path::Path;

use anyhow::{Context, anyhow, bail};
use event_log::Position;
use projections::summary_csv::figures;
use projections::{Projection, Query, Unit, Views};
use serde::Serialize;
use serde_json::Value;

use crate::cli::{Global, RecomputeArgs};
use crate::output::Output;
use crate::{archive, data};

use super::summary;

/// One figure, and everything that it counts.
#[derive(Serialize)]
struct Counted {
    value: u64,
    of: Option<u64>,
    of_query: Option<String>,
    of_unit: Option<String>,
    unit: Unit,
    query: String,
    position: u64,
    /// Where it stands in the summary at that position, if it stands there.
    figures: Vec<String>,
    /// The positions of the contributions that it counts.
    contributions: Vec<u64>,
}

/// What became of the figures of a whole summary.
#[derive(Serialize)]
struct Recounted {
    position: u64,
    figures: usize,
    /// Those that come out otherwise.
    wrong: Vec<String>,
}

pub(super) fn run(global: &Global, args: &RecomputeArgs) -> anyhow::Result<()> {
    match (&args.summary, args.figure) {
        (Some(file), _) => whole(global, args, file),
        (None, query) => {
            let views = views(global, args, args.position)?;
            let counted =
                counted(&views, &paper(global, args, &views)?, query.unwrap_or_default(), args.unit)?;
            Output::of(global).print(&counted, || counted.text())
        }
    }
}

fn views(global: &Global, args: &RecomputeArgs, until: Option<Position>) -> anyhow::Result<Views> {
    let views = match (&args.from, &args.slug) {
        (Some(file), _) => archive::views(file, until)?,
        (None, Some(slug)) => Projection::load(&data::assembly(&global.data, slug)?, until)?,
        (None, None) => bail!("name an assembly or an archive"),
    };
    match until {
        Some(at) if at.get() > views.position => {
            bail!("the record ends at position {}, before {at}", views.position)
        }
        _ => Ok(views),
    }
}

/// The summary at the same position. Of an archive it is drawn without words: then it says nothing of the reactions to
/// what it would have quoted.
fn paper(global: &Global, args: &RecomputeArgs, views: &Views) -> anyhow::Result<Value> {
    let paper = match &args.slug {
        Some(slug) => summary::drawn(&data::assembly(&global.data, slug)?, views, &|_| true)?,
        None => projections::summary(views, &|_| None),
    };
    serde_json::to_value(paper).context("draw the summary")
}

/// Counts it, and takes what it is of from the summary.
fn counted(views: &Views, paper: &Value, query: Query, unit: Unit) -> anyhow::Result<Counted> {
    if unit.is_about_members() && projections::members::count(views, &query, unit).is_none() {
        bail!("the record does not tell this number, or hides it because it could point at somebody");
    }
    let asked = query.to_string();
    let standing: Vec<_> = figures(paper)
        .into_iter()
        .filter(|placed| placed.figure["query"] == *asked && placed.figure["unit"] == *unit.as_str())
        .collect();
    let of = standing.iter().map(|placed| placed.figure).find(|figure| !figure["of"].is_null());
    let text = |field| of.and_then(|figure| figure[field].as_str()).map(str::to_owned);
    let (of_query, of_unit) = (text("of_query"), text("of_unit"));
    let denominator =
        of_query.as_deref().zip(of_unit.as_deref()).map(|(query, unit)| count(views, query, unit));
    Ok(Counted {
        value: query.count(views, unit),
        of: denominator.transpose()?,
        of_query,
        of_unit,
        unit,
        position: views.position,
        figures: standing.into_iter().map(|placed| placed.name).collect(),
        contributions: query.behind(views, unit).into_iter().map(|(position, _)| position.get()).collect(),
        query: asked,
    })
}

fn count(views: &Views, query: &str, unit: &str) -> anyhow::Result<u64> {
    let query = Query::parse_all(query).ok_or_else(|| anyhow!("`{query}` is no query"))?;
    let unit = Unit::named(unit).ok_or_else(|| anyhow!("nobody knows how to count `{unit}`"))?;
    Ok(query.count(views, unit))
}

fn whole(global: &Global, args: &RecomputeArgs, file: &Path) -> anyhow::Result<()> {
    let read = || anyhow::Ok(serde_json::from_slice::<Value>(&std::fs::read(file)?)?);
    let paper = read().with_context(|| format!("read {}", file.display()))?;
    let at = paper["position"].as_u64().and_then(Position::new);
    let views = views(global, args, Some(at.ok_or_else(|| anyhow!("{} is no summary", file.display()))?))?;
    let all = figures(&paper);
    let mut wrong = Vec::new();
    for placed in &all {
        wrong.extend(difference(&views, placed.figure)?.map(|why| format!("{}: {why}", placed.name)));
    }
    let recounted = Recounted { position: views.position, figures: all.len(), wrong };
    Output::of(global).print(&recounted, || recounted.text())?;
    match recounted.wrong.len() {
        0 => Ok(()),
        wrong => bail!("{wrong} of {} figures come out otherwise", recounted.figures),
    }
}

/// How a figure of a summary comes out otherwise, if it does.
fn difference(views: &Views, figure: &Value) -> anyhow::Result<Option<String>> {
    let text = |field: &str| figure[field].as_str();
    let named = |query, unit| text(query).zip(text(unit)).map(|(query, unit)| count(views, query, unit));
    let value = named("query", "unit").transpose()?;
    let of = named("of_query", "of_unit").transpose()?;
    let right = (value, of, Some(views.position));
    let said = (figure["value"].as_u64(), figure["of"].as_u64(), figure["position"].as_u64());
    let told = |number: Option<u64>| number.map_or_else(|| "nothing".to_owned(), |number| number.to_string());
    Ok((said != right).then(|| {
        format!("says {} of {}, and it is {} of {}", told(said.0), told(said.1), told(right.0), told(right.1))
    }))
}

impl Counted {
    fn text(&self) -> String {
        let query = |text: &str| if text.is_empty() { "everything".to_owned() } else { format!("`{text}`") };
        let of = self.of.zip(self.of_query.as_deref()).zip(self.of_unit.as_deref());
        let of = of.map(|((of, by), unit)| format!("of {of}: {unit} of {}\n", query(by))).unwrap_or_default();
        let positions: Vec<_> = self.contributions.iter().map(ToString::to_string).collect();
        format!(
            "{}: {} of {}\n{of}at position {}\ncounts {}",
            self.value,
            self.unit.as_str(),
            query(&self.query),
            self.position,
            if positions.is_empty() { "no contribution".to_owned() } else { positions.join(" ") }
        )
    }
}

impl Recounted {
    fn text(&self) -> String {
        match self.wrong.as_slice() {
            [] => format!("all {} figures come out the same at position {}", self.figures, self.position),
            wrong => wrong.join("\n"),
        }
    }
}
