//! What the script prints of a table of scores.

use std::collections::BTreeSet;

use serde::Serialize;

/// One text: the score of every theme, themes best first, and which are right.
pub(crate) struct Judged<'a> {
    pub(crate) scores: Vec<f64>,
    pub(crate) order: Vec<usize>,
    pub(crate) truth: &'a BTreeSet<usize>,
}

#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Metrics {
    #[serde(rename = "P@1")]
    pub(crate) p_at_1: f64,
    #[serde(rename = "R@3")]
    pub(crate) r_at_3: f64,
    #[serde(rename = "samplesF1")]
    pub(crate) samples_f1: f64,
    #[serde(rename = "macroF1")]
    pub(crate) macro_f1: f64,
    pub(crate) tally_error: f64,
}

impl Judged<'_> {
    /// The share of its themes that are among the first three.
    pub(crate) fn r_at_3(&self) -> f64 {
        let found = self.order.iter().take(3).filter(|theme| self.truth.contains(theme)).count();
        found as f64 / self.truth.len() as f64
    }
}

/// `rate` is how many themes a text of the training set has.
pub(crate) fn measure(judged: &[Judged], themes: usize, rate: f64) -> Metrics {
    let cut = quantile(
        judged.iter().flat_map(|text| text.scores.iter().copied()).collect(),
        1.0 - rate / themes as f64,
    );
    let given: Vec<BTreeSet<usize>> = judged
        .iter()
        .map(|text| {
            let over = (0..themes).filter(|theme| text.scores[*theme] >= cut);
            over.chain(text.order.first().copied()).collect()
        })
        .collect();
    let both = |given: &BTreeSet<usize>, truth: &BTreeSet<usize>| given.intersection(truth).count() as f64;
    let pairs = || judged.iter().zip(&given);
    let texts = judged.len() as f64;
    let f1 =
        pairs().map(|(text, given)| 2.0 * both(given, text.truth) / (given.len() + text.truth.len()) as f64);
    let (mut macro_f1, mut wrong, mut all) = (0.0, 0.0, 0.0);
    for theme in 0..themes {
        let count = |of: &dyn Fn(&Judged, &BTreeSet<usize>) -> bool| {
            pairs().filter(|(text, given)| of(text, given)).count() as f64
        };
        let right = count(&|text, given| text.truth.contains(&theme) && given.contains(&theme));
        let (truth, given) =
            (count(&|text, _| text.truth.contains(&theme)), count(&|_, given| given.contains(&theme)));
        macro_f1 += if truth + given > 0.0 { 2.0 * right / (truth + given) } else { 0.0 };
        wrong += (given - truth).abs();
        all += truth;
    }
    let is_first_right = |text: &&Judged| text.order.first().is_some_and(|theme| text.truth.contains(theme));
    Metrics {
        p_at_1: judged.iter().filter(is_first_right).count() as f64 / texts,
        r_at_3: judged.iter().map(Judged::r_at_3).sum::<f64>() / texts,
        samples_f1: f1.sum::<f64>() / texts,
        macro_f1: macro_f1 / themes as f64,
        tally_error: wrong / all,
    }
}

/// As numpy does it: between two neighbours, by the distance.
fn quantile(mut numbers: Vec<f64>, share: f64) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let at = share.clamp(0.0, 1.0) * (numbers.len() - 1) as f64;
    let low = at.floor() as usize;
    let high = (low + 1).min(numbers.len() - 1);
    numbers[low] + (numbers[high] - numbers[low]) * (at - low as f64)
}

pub(crate) fn mean(runs: &[Metrics]) -> Metrics {
    // To three places, as the script prints them.
    let of = |part: fn(&Metrics) -> f64| {
        (runs.iter().map(part).sum::<f64>() / runs.len() as f64 * 1_000.0).round() / 1_000.0
    };
    Metrics {
        p_at_1: of(|run| run.p_at_1),
        r_at_3: of(|run| run.r_at_3),
        samples_f1: of(|run| run.samples_f1),
        macro_f1: of(|run| run.macro_f1),
        tally_error: of(|run| run.tally_error),
    }
}
