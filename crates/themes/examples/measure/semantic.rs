//! What all texts mean to a sentence model, each by itself, and how long that takes.

use std::error::Error;
use std::path::Path;

use serde::Serialize;
use themes::Embedding;

use crate::corpus::Corpus;

/// In the order of the corpus.
pub(crate) struct Meanings {
    pub(crate) rows: Vec<Embedding>,
    /// Of what the themes are called.
    pub(crate) names: Vec<Embedding>,
    pub(crate) speed: Speed,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Speed {
    features: &'static str,
    embedded: usize,
    embed_p50_ms: f64,
    embed_p99_ms: f64,
    /// A text that goes on beyond the last token that counts.
    embed_longest_ms: f64,
}

#[cfg(not(feature = "semantic"))]
pub(crate) fn read(_: &Path, _: &Corpus) -> Result<Meanings, Box<dyn Error>> {
    Err("this was built without the feature `semantic`; scripts/bench builds it".into())
}

#[cfg(feature = "semantic")]
pub(crate) fn read(folder: &Path, corpus: &Corpus) -> Result<Meanings, Box<dyn Error>> {
    use themes::{Model, TOKENS_MAX};

    let file = |name: &str| bytes(&folder.join(name));
    let model = Model::read(&file("config.json")?, &file("vocab.txt")?, &file("model.safetensors")?)?;
    let timed = |text: &str| {
        let begun = crate::speed::now();
        let embedding = model.embed(text);
        (embedding, begun.elapsed().as_micros() as f64 / 1_000.0)
    };
    let (_, embed_longest_ms) = timed(&"word ".repeat(TOKENS_MAX));
    let (rows, mut times): (Vec<_>, Vec<_>) = corpus.rows.iter().map(|row| timed(&row.text)).unzip();
    times.sort_by(f64::total_cmp);
    let share = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default();
    let speed = Speed {
        features: "semantic",
        embedded: times.len(),
        embed_p50_ms: share(50),
        embed_p99_ms: share(99),
        embed_longest_ms,
    };
    Ok(Meanings { rows, names: corpus.themes.iter().map(|name| model.embed(name)).collect(), speed })
}

#[cfg(feature = "semantic")]
#[expect(clippy::disallowed_methods, reason = "the crate reads no files; what measures it does")]
fn bytes(file: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))
}
