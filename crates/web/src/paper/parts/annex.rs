//! The annex: every theme, how the themes changed, what else is asked for, and how to check it all.

use projections::summary::Finding;

use super::{Source, heading, paragraph};
use crate::paper::document::{
    Align, BarGroup, Block, Column, Entry, Inline, Legend, Row, Side, Target, Tone,
};
use crate::paper::runs::{cited, line, part, refer, sentences, words};
use crate::say::say;

/// Themes that have bars; the table below them has every theme.
const DRAWN: usize = 12;

/// The mark before the annex, with what stands in it.
pub(super) fn opening(annex: &[Block]) -> Vec<Block> {
    let entries = annex.iter().filter_map(|block| match block {
        Block::Heading { level: 2, id, text } => Some(Entry { id: id.clone(), text: text.clone() }),
        _ => None,
    });
    vec![
        Block::Annex { id: "annex".to_owned(), title: words("paper-annex") },
        Block::Contents { title: words("paper-contents"), entries: entries.collect() },
    ]
}

pub(super) fn blocks(source: &Source<'_>) -> Vec<Block> {
    let mut blocks = every_theme(source);
    blocks.extend(super::represented::blocks(source));
    blocks.extend(super::movement::blocks(source));
    blocks.extend(super::agreement::blocks(source));
    blocks.extend(super::asks::further(source));
    blocks.extend(super::method::blocks(source));
    blocks.extend(super::indicators::blocks(source));
    blocks.extend(check(source));
    blocks
}

fn every_theme(source: &Source<'_>) -> Vec<Block> {
    let findings = &source.s.findings;
    if findings.is_empty() {
        return Vec::new();
    }
    vec![heading(2, "themes", words("paper-4")), chart(source, findings), themes_table(source, findings)]
}

fn chart(source: &Source<'_>, findings: &[Finding]) -> Block {
    let group = |finding: &Finding| {
        let sides = source.sides_of(finding);
        BarGroup { name: vec![cited(&finding.name)], bars: source.bars(&sides) }
    };
    let legend =
        [(source.room(), Side::Room), (source.remote(), Side::Remote), (source.other(), Side::Other)];
    let legend = legend.into_iter().filter(|(there, _)| *there);
    Block::Chart {
        alt: words("paper-chart"),
        legend: legend.map(|(_, side)| Legend { side, label: words(legend_key(source, side)) }).collect(),
        groups: findings.iter().take(DRAWN).map(group).collect(),
    }
}

fn legend_key(source: &Source<'_>, side: Side) -> &'static str {
    match side {
        Side::Room => "legend-room",
        Side::Remote => "legend-remote",
        Side::Other if source.other_voices() => "legend-other-voices",
        Side::Other | Side::All => "legend-other",
    }
}

fn themes_table(source: &Source<'_>, findings: &[Finding]) -> Block {
    let sides = [
        (source.room(), "fact-tables"),
        (source.remote(), "fact-voices"),
        (source.other(), if source.other_voices() { "fact-other-voices" } else { "fact-other" }),
        (true, "col-contributions"),
    ];
    let sides = sides.into_iter().filter(|(there, _)| *there).map(|(_, key)| words(key));
    let rounds =
        source.s.questions.iter().filter(|_| source.has_rounds()).map(|q| vec![source.round(q.round)]);
    let columns = sides.chain(rounds).map(|label| Column { label, align: Align::End });
    let first = Column { label: words("col-theme"), align: Align::Start };
    Block::Table {
        id: "all-themes".to_owned(),
        caption: sentences([words(format!("ranked-{}", source.s.ranked_by)), words("paper-4-caption")]),
        columns: [first].into_iter().chain(columns).collect(),
        rows: findings.iter().map(|finding| theme_row(source, finding)).collect(),
    }
}

fn theme_row(source: &Source<'_>, finding: &Finding) -> Row {
    let sides = source.sides_of(finding);
    let mut cells: Vec<_> = sides.into_iter().map(|(_, counted)| vec![part(counted)]).collect();
    cells.push(vec![part(&finding.contributions)]);
    if source.has_rounds() {
        cells.extend(finding.by_round.iter().map(|(_, counted)| vec![part(counted)]));
    }
    Row { head: vec![cited(&finding.name)], cells }
}

fn check(source: &Source<'_>) -> Vec<Block> {
    let position = source.s.position;
    let at: Inline = refer(&say("paper-position").num("position", position), Target::Record(position));
    let sum = refer(&say("verify-sum"), Target::Record(position));
    let commands = say("verify-command").to_string();
    let hash = match &source.hash {
        Some(hash) => {
            let hash = Inline::Reference { text: hash.clone(), to: Target::Record(position) };
            line("verify-hash").with("sum", [sum]).with("hash", [hash])
        }
        None => line("verify-version").with("sum", [sum]),
    };
    vec![
        heading(2, "verify", words("paper-11")),
        paragraph(Tone::Plain, line("verify-how").with("position", [at]).runs()),
        Block::Command { lines: commands.lines().map(str::to_owned).collect() },
        paragraph(Tone::Plain, hash.runs()),
    ]
}
