//! `scripts/bench paper`: how long a paper takes to be set, from its document (`plenary summary --format document`).

use std::time::{Duration, Instant};

use serde_json::Value;

const PAGES_LEAST: usize = 40;
const ROUNDS: usize = 5;
/// Far above any position of a real record.
const NEXT_COPY: u64 = 1_000_000_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: pages DOCUMENT")?;
    let mut document: Value = serde_json::from_slice(&std::fs::read(path)?)?;
    let (first, own) = timed(&document)?;
    println!("{} pages of the document as it is: {}, the first of this process", pages(&own), said(first));
    let mut set = own;
    while pages(&set) < PAGES_LEAST {
        say_again(&mut document);
        (_, set) = timed(&document)?;
    }
    let mut times =
        (0..ROUNDS).map(|_| timed(&document).map(|(time, _)| time)).collect::<Result<Vec<_>, _>>()?;
    times.sort();
    let count = pages(&set);
    println!(
        "{count} pages with more words: median {} of {ROUNDS}, worst {}",
        said(times[ROUNDS / 2]),
        said(times[ROUNDS - 1])
    );
    println!(
        "{:.1} ms a page, {} KiB",
        times[ROUNDS / 2].as_secs_f64() * 1_000.0 / count as f64,
        set.len() / 1_024
    );
    Ok(())
}

fn timed(document: &Value) -> Result<(Duration, Vec<u8>), Box<dyn std::error::Error>> {
    let json = serde_json::to_vec(document)?;
    let begun = Instant::now();
    let pdf = paper::pdf(&json)?;
    Ok((begun.elapsed(), pdf))
}

fn said(time: Duration) -> String {
    format!("{:.0} ms", time.as_secs_f64() * 1_000.0)
}

fn pages(pdf: &[u8]) -> usize {
    let of_page = |at: &[u8]| {
        at.starts_with(b"/Type/Page") && !at.starts_with(b"/Type/Pages")
            || at.starts_with(b"/Type /Page") && !at.starts_with(b"/Type /Pages")
    };
    (0..pdf.len()).filter(|at| of_page(&pdf[*at..])).count()
}

/// Everything that was said is said once more, at positions of its own.
fn say_again(document: &mut Value) {
    let blocks = document["blocks"].as_array_mut().into_iter().flatten();
    for said in blocks.filter_map(|block| block.get_mut("said")?.as_array_mut()) {
        let highest = said.iter().filter_map(|one| one["position"].as_u64()).max().unwrap_or(0);
        let copies: Vec<_> = said.iter().take(250).cloned().collect();
        said.extend(copies.into_iter().enumerate().map(|(index, mut one)| {
            one["position"] = (highest + NEXT_COPY + index as u64).into();
            one
        }));
    }
}
