//! `tallies`: how often each theme was raised.

use std::fmt::Write;

use anyhow::bail;
use projections::{Projection, Tallies, ThemeTally};

use crate::cli::{Global, TalliesArgs};
use crate::data;
use crate::output::Output;

pub(super) fn run(global: &Global, args: &TalliesArgs) -> anyhow::Result<()> {
    let folder = data::assembly(&global.data, &args.slug)?;
    let views = Projection::load(&folder, args.at)?;
    if let Some(at) = args.at.filter(|at| at.get() > views.position) {
        bail!("the record of `{}` ends at position {}, before {at}", args.slug, views.position);
    }
    if let Some(round) = args.round.filter(|round| !views.frame.rounds.contains_key(round)) {
        bail!("there is no round {round} in `{}`", args.slug);
    }
    let tallies = projections::tallies(&views, args.round);
    Output::of(global).print(&tallies, || table(&tallies))
}

const HEADINGS: [&str; 5] = ["theme", "tables", "heard from", "remote voices", "other"];

/// Tables, remote voices and the rest stand side by side, because they count different things.
fn table(tallies: &Tallies) -> String {
    let rows: Vec<[String; 5]> = tallies.themes.iter().map(|theme| row(tallies, theme)).collect();
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([HEADINGS[column].len()]).max().unwrap_or_default()
    };
    let widths: [usize; 5] = std::array::from_fn(width);
    let mut text = line(&HEADINGS.map(str::to_owned), &widths);
    for row in &rows {
        text.push_str(&line(row, &widths));
    }
    text.push('\n');
    text.push_str(&coverage(tallies));
    text
}

fn row(tallies: &Tallies, theme: &ThemeTally) -> [String; 5] {
    let of = &tallies.of;
    [
        theme.name.clone(),
        format!("{} of {}", theme.tables, of.tables),
        theme.heard_from.to_string(),
        format!("{} of {}", theme.remote_voices, of.remote_voices),
        format!("{} of {}", theme.other_contributions, of.other_contributions),
    ]
}

fn line(cells: &[String; 5], widths: &[usize; 5]) -> String {
    let mut line = format!("{:<1$}", cells[0], widths[0]);
    for (cell, width) in cells.iter().zip(widths).skip(1) {
        // Writing to a string cannot fail.
        let _ = write!(line, "   {cell:>width$}");
    }
    line.push('\n');
    line
}

fn coverage(tallies: &Tallies) -> String {
    let counted = &tallies.coverage;
    let round = tallies.round.map_or_else(|| "all rounds".to_owned(), |round| format!("round {round}"));
    format!(
        "{} contributions in {round} at position {}: {} themed, {} set aside, {} read and in no theme, {} unread; \
         {} held back, {} withdrawn; a remote voice counts once for each question",
        counted.contributions,
        tallies.position,
        counted.themed,
        counted.set_aside,
        counted.residue,
        counted.unread,
        counted.held,
        counted.withdrawn
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_their_headings() {
        let widths = [6, 6, 10, 13, 5];
        let heading = line(&HEADINGS.map(str::to_owned), &widths);
        let row = line(&["énergi", "3 of 4", "12", "5 of 9", "0"].map(str::to_owned), &widths);
        assert_eq!(heading.chars().count(), row.chars().count());
        assert!(row.starts_with("énergi   3 of 4"), "{row}");
    }
}
