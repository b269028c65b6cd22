//! Intervals: samples are drawn of comments whose themes are all known, and it is counted how often the interval
//! holds the true number, for every theme.

use serde_json::json;
use themes::honest::{Interval, interval};

use crate::chance::Chance;
use crate::labelled::Labelled;
use crate::{rounded, row};

const AUDITS: u32 = 1_000;
/// How many comments there are, and how many are drawn.
const SIZES: [(usize, usize); 6] =
    [(120, 40), (640, 100), (640, 300), (2_400, 200), (2_400, 500), (2_400, 1_000)];
/// One of so many comments is rare.
const RARE: usize = 50;

type Method = fn(u32, u32, u32) -> Interval;
const METHODS: [(&str, Method); 3] = [("mid-P", interval), ("Wilson", wilson), ("Wald", wald)];

/// Each rounded outwards, as counts are whole.
fn outwards(low: f64, high: f64) -> Interval {
    Interval { low: low.max(0.0).floor() as u32, high: high.ceil() as u32 }
}

/// As for a sample of as many as would say as much if it were put back each time.
fn wilson(found: u32, drawn: u32, of: u32) -> Interval {
    const Z: f64 = 1.96;
    let (found, drawn, of) = (f64::from(found), f64::from(drawn), f64::from(of));
    let rate = found / drawn;
    let drawn = drawn * (of - 1.0) / (of - drawn);
    let middle = (rate + Z * Z / (2.0 * drawn)) / (1.0 + Z * Z / drawn);
    let half =
        Z / (1.0 + Z * Z / drawn) * (rate * (1.0 - rate) / drawn + Z * Z / (4.0 * drawn * drawn)).sqrt();
    outwards((middle - half) * of, (middle + half) * of)
}

fn wald(found: u32, drawn: u32, of: u32) -> Interval {
    let (found, drawn, of) = (f64::from(found), f64::from(drawn), f64::from(of));
    let rate = found / drawn;
    let half = 1.96 * (rate * (1.0 - rate) / drawn * (of - drawn) / (of - 1.0)).sqrt();
    outwards((rate - half) * of, (rate + half) * of)
}

/// How many themes' intervals held the truth, of how many.
#[derive(Clone, Copy, Default)]
struct Held {
    held: u32,
    of: u32,
}

impl Held {
    fn note(&mut self, holds: bool) {
        self.held += u32::from(holds);
        self.of += 1;
    }

    fn share(self) -> f64 {
        f64::from(self.held) / f64::from(self.of)
    }
}

pub(crate) fn rows(labelled: &Labelled) {
    println!(
        "\n95 % intervals from {AUDITS} audits: how often they hold the true number, all themes / rare ones / the worst"
    );
    for (of, drawn) in SIZES {
        let items: Vec<_> = (0..of).collect();
        let themes = 0..labelled.names.len();
        let truth: Vec<_> = themes
            .clone()
            .map(|theme| labelled.of(theme).iter().filter(|text| **text < of).count())
            .collect();
        let mut held = vec![[Held::default(); METHODS.len()]; truth.len()];
        for audit in 0..AUDITS {
            let sample = Chance::new(u64::from(audit)).some(&items, drawn);
            let mut found = vec![0_u32; truth.len()];
            sample.iter().flat_map(|item| &labelled.themes[*item]).for_each(|theme| found[*theme] += 1);
            for theme in themes.clone().filter(|theme| truth[*theme] > 0) {
                for (nth, (_, method)) in METHODS.iter().enumerate() {
                    let Interval { low, high } = method(found[theme], drawn as u32, of as u32);
                    held[theme][nth].note((low..=high).contains(&(truth[theme] as u32)));
                }
            }
        }
        for (nth, (method, _)) in METHODS.iter().enumerate() {
            let all = held.iter().zip(&truth).filter(|(_, truth)| **truth > 0);
            let (rare, usual): (Vec<_>, Vec<_>) = all.partition(|(_, truth)| **truth * RARE < of);
            let shares = |of: &[(&[Held; METHODS.len()], &usize)]| -> Vec<f64> {
                of.iter().map(|(held, _)| held[nth].share()).collect()
            };
            let mean = |of: &[f64]| of.iter().sum::<f64>() / of.len().max(1) as f64;
            let rare = shares(&rare);
            let all = [shares(&usual), rare.clone()].concat();
            let (themes, worst) = (all.len(), all.iter().copied().fold(1.0, f64::min));
            let (all, rare) = (mean(&all), mean(&rare));
            row(
                &format!("{drawn} of {of}, {method}: {all:.3} / {rare:.3} / {worst:.3}"),
                &json!({
                    "measure": "intervals", "of": of, "drawn": drawn, "method": method, "themes": themes,
                    "held": rounded(all), "held_rare": rounded(rare), "held_worst": rounded(worst),
                }),
            );
        }
    }
}
