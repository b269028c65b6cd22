//! What was measured beside what the reading measured (research of themes, 3a and 3b; the lexical rows of
//! `baseline_nhs.py`): scikit-learn's one-vs-rest logistic regression, and an online learner with AdaGrad.

use crate::metrics::Metrics;
use crate::rows::{ArrivalRow, BatchRow, Examples};

fn baseline(examples: Examples) -> Option<Metrics> {
    let [p_at_1, r_at_3, samples_f1, macro_f1, tally_error] = match examples {
        Examples::Of(5) => [0.526, 0.657, 0.434, 0.297, 0.751],
        Examples::Of(20) => [0.662, 0.770, 0.560, 0.427, 0.446],
        Examples::Of(100) => [0.737, 0.845, 0.657, 0.484, 0.373],
        Examples::All => [0.755, 0.850, 0.691, 0.478, 0.323],
        Examples::Of(_) => return None,
    };
    Some(Metrics { p_at_1, r_at_3, samples_f1, macro_f1, tally_error })
}

/// From so many tags on.
const ONLINE: [(&str, f64); 5] =
    [("0", 0.310), ("50", 0.562), ("200", 0.697), ("500", 0.727), ("1000", 0.803)];

pub(crate) fn batch(rows: &[BatchRow]) {
    println!(
        "{:<22}{:>8}{:>8}{:>12}{:>10}{:>13}",
        "tags a theme", "P@1", "R@3", "samples-F1", "macro-F1", "tally error"
    );
    for row in rows {
        let number = match row.examples {
            Examples::Of(number) => number.to_string(),
            Examples::All => "all".to_owned(),
        };
        line(&format!("{number:>4}  {}", row.features), &row.metrics);
        // The reading measured sentence models on other texts only.
        if let Some(metrics) = baseline(row.examples).filter(|_| row.features == "lexical") {
            line("      scikit-learn", &metrics);
        }
    }
    println!();
}

fn line(name: &str, metrics: &Metrics) {
    let Metrics { p_at_1, r_at_3, samples_f1, macro_f1, tally_error } = metrics;
    println!("{name:<22}{p_at_1:>8.3}{r_at_3:>8.3}{samples_f1:>12.3}{macro_f1:>10.3}{tally_error:>13.3}");
}

pub(crate) fn arrival(rows: &[ArrivalRow]) {
    println!("{:<26}{:>8}{:>18}", "tags before", "R@3", "online baseline");
    for row in rows {
        let from = row.tags.split('-').next().unwrap_or_default();
        let baseline = ONLINE.iter().find(|(there, _)| *there == from);
        let baseline = baseline.filter(|_| row.features == "lexical");
        let baseline = baseline.map_or(String::new(), |(_, r_at_3)| format!("{r_at_3:.3}"));
        println!("{:<16}{:<10}{:>8.3}{baseline:>18}", row.tags, row.features, row.r_at_3);
    }
    println!();
}
