//! Measures what is chosen rather than learnt: near copies, candidates for new themes, quotes, and intervals, on the
//! public data, beside the figures of the reading and beside simpler ways that are measured here too.
//!
//!   cargo run --release -p themes --example choices -- [DATA]        as `scripts/bench themes` does
//!
//! A table, and under each row the same as one line of JSON. Two runs print the same, but for the time that copies
//! take.

mod audits;
mod chance;
mod copies;
mod hidden;
mod labelled;
mod lexical;
mod quoted;

use std::path::PathBuf;

fn main() -> Result<(), csv::Error> {
    let given = std::env::args().nth(1).or_else(|| std::env::var("PLENARY_DATA").ok());
    let data = PathBuf::from(given.unwrap_or_else(|| "../shared/data".to_owned()));
    let labelled = labelled::Labelled::read(&data)?;
    let (texts, themes) = (labelled.texts.len(), labelled.names.len());
    println!("Public NHS comments: {texts} distinct texts, {themes} themes.");
    copies::rows("nhs-fft-v6", &labelled.texts);
    let more = labelled::texts(&data)?;
    copies::rows("nhs-phase1", &more);
    copies::time(&more);
    hidden::rows(&labelled);
    quoted::rows(&labelled);
    audits::rows(&labelled);
    Ok(())
}

/// One row: a line of the table, if it has one of its own, and the same for programs.
fn row(line: &str, json: &serde_json::Value) {
    if !line.is_empty() {
        println!("  {line}");
    }
    println!("{json}");
}

/// Three digits say as much as these measures do.
fn rounded(share: f64) -> f64 {
    (share * 1_000.0).round() / 1_000.0
}
