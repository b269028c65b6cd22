//! How it was done: what was read, what was moderated and why, what a machine helped with, and what limits all of it.

use projections::Figure;
use projections::summary::{Engine, Method};

use super::{Source, heading, held, paragraph, plain};
use crate::paper::document::{Align, Block, Column, ListStyle, Row, Tone};
use crate::paper::runs::{Runs, cited, figure, joined, line, number, part, words};

const LIMITS: [&str; 4] = ["limit-people", "limit-quotes", "limit-contrary", "limit-missing"];

pub(super) fn blocks(source: &Source<'_>) -> Vec<Block> {
    let method = &source.s.method;
    let mut blocks = vec![heading(2, "method", words("paper-9")), method_table(source, method)];
    let reasons = |key: &str, reasons: Vec<(Runs, &Figure)>| match reasons.is_empty() {
        true => Vec::new(),
        false => {
            let item =
                |(reason, counted): (Runs, &Figure)| plain(joined([reason, vec![number(counted)]], ": "));
            let items = reasons.into_iter().map(item).collect();
            vec![heading(3, key, words(key)), Block::List { style: ListStyle::Bullets, items }]
        }
    };
    let aside = method.set_aside_by_reason.iter().map(|(reason, n)| (vec![cited(reason)], n)).collect();
    blocks.extend(reasons("method-aside-why", aside));
    let by_moderators = method.held_by_reason.iter().map(|(reason, n)| (held(reason), n)).collect();
    blocks.extend(reasons("method-held-why", by_moderators));
    blocks.extend(machine(method));
    blocks.push(heading(3, "limits", words("method-limits")));
    let items = LIMITS.iter().map(|key| plain(words(*key))).collect();
    blocks.push(Block::List { style: ListStyle::Bullets, items });
    blocks
}

fn method_table(source: &Source<'_>, method: &Method) -> Block {
    let row = |(key, counted): (&str, &Figure)| Row { head: words(key), cells: vec![vec![part(counted)]] };
    let read_back = source.room().then_some(("method-read-back", &method.read_back));
    let rows = [
        ("method-read", &method.read),
        ("method-themed", &method.themed),
        ("method-set-aside", &method.set_aside),
        ("method-residue", &method.residue),
        ("method-unread", &method.unread),
        ("method-verbatim", &method.verbatim),
    ];
    let after = [
        ("method-corrected", &method.corrected),
        ("method-withdrawn", &method.withdrawn),
        ("method-erased", &method.erased),
        ("method-held", &method.held),
    ];
    Block::Table {
        id: "method-table".to_owned(),
        caption: words("method-caption"),
        columns: vec![
            Column { label: words("method-what"), align: Align::Start },
            Column { label: words("col-contributions"), align: Align::End },
        ],
        rows: rows.into_iter().chain(read_back).chain(after).map(row).collect(),
    }
}

/// Which parts a machine had a hand in. Nothing that it suggests counts before a person has put it there.
fn machine(method: &Method) -> Vec<Block> {
    let heading = heading(3, "machine", words("method-machine"));
    if method.engines.is_empty() {
        return vec![heading, paragraph(Tone::Plain, words("machine-none"))];
    }
    let helped = line("machine-helped").with("helped", [figure(&method.helped)]).runs();
    let item = |engine: &Engine| {
        let suggested = [figure(&engine.suggested)];
        plain(
            line("machine-engine")
                .with("engine", [cited(&engine.engine)])
                .with("suggested", suggested)
                .runs(),
        )
    };
    let items = method.engines.iter().map(item).collect();
    vec![heading, paragraph(Tone::Plain, helped), Block::List { style: ListStyle::Bullets, items }]
}
