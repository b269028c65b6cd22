//! The rows of the default engine: how often its suggestions are right.

use std::collections::BTreeSet;

use serde::Serialize;
use themes::{Embedding, Engine, Item, ThemeKey};

use crate::corpus::{Corpus, Row, Side};
use crate::metrics::{Judged, Metrics, mean, measure};
use crate::numpy::Rng;
use crate::semantic::Meanings;

/// Tagged examples per theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Examples {
    Of(usize),
    All,
}

pub(crate) const EXAMPLES: [Examples; 4] =
    [Examples::Of(5), Examples::Of(20), Examples::Of(100), Examples::All];

impl Serialize for Examples {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Of(number) => to.serialize_u64(*number as u64),
            Self::All => to.serialize_str("all"),
        }
    }
}

/// As the issue wants it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct BatchRow {
    pub(crate) features: &'static str,
    #[serde(rename = "K")]
    pub(crate) examples: Examples,
    #[serde(flatten)]
    pub(crate) metrics: Metrics,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct ArrivalRow {
    pub(crate) features: &'static str,
    /// How many had been tagged before.
    pub(crate) tags: String,
    pub(crate) texts: usize,
    #[serde(rename = "R@3")]
    pub(crate) r_at_3: f64,
}

/// Seeds of the draws of the protocol.
const SEEDS: std::ops::Range<u32> = 0..3;
/// Where the reading cuts the arrival order.
const ARRIVALS: [usize; 8] = [0, 50, 200, 500, 1_000, 2_500, 5_000, 10_000];

pub(crate) fn key(theme: usize) -> ThemeKey {
    ThemeKey(theme as u128)
}

fn keys(row: &Row) -> Vec<ThemeKey> {
    row.themes.iter().map(|theme| key(*theme)).collect()
}

/// What the engine goes by: words and letters alone, or with a sentence model beside them.
#[derive(Clone, Copy)]
pub(crate) struct Features<'a>(pub(crate) Option<&'a Meanings>);

impl Features<'_> {
    fn name(self) -> &'static str {
        if self.0.is_some() { "semantic" } else { "lexical" }
    }

    fn of_row(&self, index: usize) -> Option<&Embedding> {
        self.0.map(|meanings| &meanings.rows[index])
    }

    fn of_theme(&self, theme: usize) -> Option<&Embedding> {
        self.0.map(|meanings| &meanings.names[theme])
    }
}

/// It knows what the themes are called, as it does in an assembly.
fn worded(corpus: &Corpus, features: Features<'_>) -> Engine {
    let mut engine = Engine::new();
    for (theme, name) in corpus.themes.iter().enumerate() {
        engine.describe_with(key(theme), name, None, features.of_theme(theme));
    }
    engine
}

fn judge<'a>(engine: &Engine, row: &'a Row, meaning: Option<&Embedding>, themes: usize) -> Judged<'a> {
    let mut judged = Judged { scores: vec![0.0; themes], order: Vec::new(), truth: &row.themes };
    for suggestion in engine.suggest_with(&row.text, meaning, themes) {
        let theme = suggestion.theme.0 as usize;
        judged.scores[theme] = f64::from(suggestion.score.0);
        judged.order.push(theme);
    }
    judged
}

/// Which rows are learnt from: all, or those that the script draws.
fn drawn(corpus: &Corpus, examples: Examples, seed: u32) -> BTreeSet<usize> {
    let pool: Vec<_> = corpus.of(Side::Training).collect();
    let Examples::Of(number) = examples else {
        return pool.into_iter().map(|(index, _)| index).collect();
    };
    let mut rng = Rng::new(seed);
    let of_theme = |theme| {
        let its: Vec<_> = pool.iter().filter(|(_, row)| row.themes.contains(&theme)).collect();
        let chosen = rng.choice(its.len(), number.min(its.len()));
        chosen.into_iter().map(|place| its[place].0).collect::<Vec<_>>()
    };
    (0..corpus.themes.len()).flat_map(of_theme).collect()
}

pub(crate) fn batch(corpus: &Corpus, examples: Examples, features: Features<'_>) -> BatchRow {
    let seeds = if examples == Examples::All { 0..1 } else { SEEDS };
    let run = |seed| {
        let chosen = drawn(corpus, examples, seed);
        let mut engine = worded(corpus, features);
        // All have come in, as the script counts the words of all texts; only the drawn ones have been read.
        corpus.rows.iter().for_each(|row| engine.hear(&row.text));
        for index in &chosen {
            let row = &corpus.rows[*index];
            engine.learn_with(Item(*index as u64), &row.text, features.of_row(*index), &keys(row));
        }
        engine.refit();
        let tags: usize = chosen.iter().map(|index| corpus.rows[*index].themes.len()).sum();
        let themes = corpus.themes.len();
        let judge = |(index, row)| judge(&engine, row, features.of_row(index), themes);
        let judged: Vec<_> = corpus.of(Side::Test).map(judge).collect();
        measure(&judged, themes, tags as f64 / chosen.len() as f64)
    };
    let runs: Vec<_> = seeds.map(run).collect();
    BatchRow { features: features.name(), examples, metrics: mean(&runs) }
}

/// In the order in which they came: three are suggested, and then the tags arrive.
pub(crate) fn arrival(corpus: &Corpus, features: Features<'_>) -> Vec<ArrivalRow> {
    let mut order: Vec<_> = corpus.rows.iter().enumerate().collect();
    order.sort_by_key(|(_, row)| &row.date);
    let mut engine = worded(corpus, features);
    let mut found: [Vec<f64>; ARRIVALS.len()] = Default::default();
    for (tags, (index, row)) in order.into_iter().enumerate() {
        let part = ARRIVALS.partition_point(|from| *from <= tags) - 1;
        engine.hear(&row.text);
        let meaning = features.of_row(index);
        found[part].push(judge(&engine, row, meaning, corpus.themes.len()).r_at_3());
        engine.learn_with(Item(index as u64), &row.text, meaning, &keys(row));
    }
    let parts = ARRIVALS.iter().zip(found).filter(|(_, found)| !found.is_empty());
    let row = |(from, found): (&usize, Vec<f64>)| ArrivalRow {
        features: features.name(),
        tags: format!("{from}-{}", from + found.len()),
        texts: found.len(),
        r_at_3: found.iter().sum::<f64>() / found.len() as f64,
    };
    parts.map(row).collect()
}
