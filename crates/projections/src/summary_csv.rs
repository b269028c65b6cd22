//! The figures of the evidence summary as one CSV table: a row per figure, with the contributions behind it.

use std::io::Write;

use crate::Error;
use crate::figure::Figure;
use crate::summary::EvidenceSummary;
use crate::views::Views;

/// Columns: part, theme, round, unit, side, value, of, query, position (of the record), contributions (the positions
/// that were counted, separated by spaces).
pub fn write(views: &Views, summary: &EvidenceSummary, out: impl Write) -> Result<(), Error> {
    let mut csv = csv::Writer::from_writer(out);
    let columns =
        ["part", "theme", "round", "unit", "side", "value", "of", "query", "position", "contributions"];
    csv.write_record(columns)?;
    let mut row =
        |part: &str, theme: &str, figure: &Figure| csv.write_record(cells(views, part, theme, figure));
    let whole = &summary.took_part;
    let other = [&whole.other_contributions, &whole.other_voices];
    for figure in [&whole.contributions, &whole.tables, &whole.remote_voices].into_iter().chain(other) {
        row("took part", "", figure)?;
    }
    for question in &summary.questions {
        for figure in [&question.contributions, &question.tables, &question.remote_voices] {
            row("question", "", figure)?;
        }
    }
    for finding in &summary.findings {
        let by_round = finding.by_round.iter().map(|(_, figure)| figure);
        let fixed = [&finding.contributions, &finding.tables, &finding.heard_from, &finding.remote_voices];
        for figure in
            fixed.into_iter().chain([&finding.other, &finding.withdrawn, &finding.erased]).chain(by_round)
        {
            row("finding", &finding.name, figure)?;
        }
    }
    for due in summary.duties.iter().flat_map(|duties| &duties.themes) {
        row("duty", &due.name, &due.tables)?;
        row("duty", &due.name, &due.remote_voices)?;
    }
    let method = &summary.method;
    let coverage = [&method.read, &method.themed, &method.set_aside, &method.residue, &method.unread];
    let handling = [&method.corrected, &method.withdrawn, &method.erased, &method.held];
    let form = [&method.read_back, &method.verbatim];
    let reasons = method.held_by_reason.values().chain(method.set_aside_by_reason.values());
    for figure in coverage.into_iter().chain(handling).chain(form).chain(reasons) {
        row("method", "", figure)?;
    }
    csv.flush().map_err(|error| Error::Csv(error.into()))
}

fn cells(views: &Views, part: &str, theme: &str, figure: &Figure) -> [String; 10] {
    let positions = figure.query.select(views).into_iter().map(|(position, _)| position.to_string());
    [
        part.to_owned(),
        plain(theme),
        figure.query.round.map(|round| round.to_string()).unwrap_or_default(),
        figure.unit.as_str().to_owned(),
        figure.query.side.map(|side| side.as_str().to_owned()).unwrap_or_default(),
        figure.value.to_string(),
        figure.of.map(|of| of.to_string()).unwrap_or_default(),
        figure.query.to_string(),
        figure.position.to_string(),
        positions.collect::<Vec<_>>().join(" "),
    ]
}

/// A spreadsheet would run a cell that begins like a formula (OWASP, CSV injection); a quote mark before it keeps it
/// a text.
fn plain(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}
