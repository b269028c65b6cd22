//! Every run of a paper, one after the other.

use super::document::{Bar, Block, Inline};
use super::runs::Runs;

/// Shows each run in the order in which the paper is read.
pub(super) fn figures(blocks: &[Block], see: &mut dyn FnMut(&Inline)) {
    for block in blocks {
        for part in parts(block) {
            part.iter().for_each(&mut *see);
        }
        for within in within(block) {
            figures(within, see);
        }
    }
}

fn within(block: &Block) -> Vec<&[Block]> {
    match block {
        Block::List { items, .. } => items.iter().map(Vec::as_slice).collect(),
        Block::Beside { first, second } => vec![first, second],
        Block::Group { blocks, .. } => vec![blocks],
        _ => Vec::new(),
    }
}

fn parts(block: &Block) -> Vec<&Runs> {
    match block {
        Block::Heading { text, .. } | Block::Paragraph { text, .. } => vec![text],
        Block::Facts { facts } => facts.iter().flat_map(|fact| [&fact.label, &fact.value]).collect(),
        Block::Bars { bars } => bars.iter().flat_map(of_bar).collect(),
        Block::Chart { alt, legend, groups } => {
            let names = groups.iter().map(|group| &group.name);
            let bars = groups.iter().flat_map(|group| &group.bars).flat_map(of_bar);
            [alt].into_iter().chain(legend.iter().map(|one| &one.label)).chain(names).chain(bars).collect()
        }
        Block::Table { caption, columns, rows, .. } => {
            let rows = rows.iter().flat_map(|row| [&row.head].into_iter().chain(&row.cells));
            [caption].into_iter().chain(columns.iter().map(|column| &column.label)).chain(rows).collect()
        }
        Block::Quote { label, words, source, .. } => vec![label, words, source],
        Block::Annex { title, .. } => vec![title],
        Block::Contents { title, entries } => {
            [title].into_iter().chain(entries.iter().map(|entry| &entry.text)).collect()
        }
        Block::Listing { about, count, jumps, .. } => [about, count].into_iter().chain(jumps).collect(),
        Block::Words { said } => said.iter().flat_map(|one| [&one.words, &one.meta]).collect(),
        Block::List { .. }
        | Block::Beside { .. }
        | Block::Group { .. }
        | Block::Command { .. }
        | Block::PageBreak => Vec::new(),
    }
}

fn of_bar(bar: &Bar) -> [&Runs; 2] {
    [&bar.label, &bar.figure]
}
