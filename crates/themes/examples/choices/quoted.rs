//! Quotes: four a theme, judged by how near every text of the theme is to the nearest (coverage), how near they are
//! to the middle of all (representativeness), and how far from one another (diversity).

use serde_json::json;
use themes::Item;
use themes::quotes::{QuoteCandidate, choose, excerpt};

use crate::chance::Chance;
use crate::labelled::Labelled;
use crate::lexical::{Lexical, Parts};
use crate::{rounded, row};

const QUOTES: usize = 4;
const SHORT: usize = 160;

/// Means over the themes.
#[derive(Clone, Copy, Default)]
struct Figures([f64; 3]);

fn judge(lexical: &Lexical, theme: &[usize], quotes: &[usize]) -> Figures {
    let nearest = |text: &usize| quotes.iter().map(|quote| lexical.cosine(*text, *quote)).fold(0.0, f64::max);
    let coverage = theme.iter().map(nearest).sum::<f64>() / theme.len() as f64;
    let middle = lexical.to_middle(theme, quotes).iter().sum::<f64>() / quotes.len() as f64;
    let pairs = quotes
        .iter()
        .enumerate()
        .flat_map(|(nth, one)| quotes[..nth].iter().map(move |other| (*one, *other)));
    let apart: Vec<_> = pairs.map(|(one, other)| 1.0 - lexical.cosine(one, other)).collect();
    Figures([coverage, middle, apart.iter().sum::<f64>() / apart.len().max(1) as f64])
}

fn candidates<'a>(labelled: &'a Labelled, theme: &[usize], strata: bool) -> Vec<QuoteCandidate<'a>> {
    let side = |text: usize| if strata { labelled.sentiment[text].cmp(&3) as i8 + 1 } else { 0 };
    let one = |text: &usize| QuoteCandidate {
        item: Item(*text as u64),
        text: &labelled.texts[*text],
        stratum: side(*text).unsigned_abs(),
        voice: None,
        group: None,
        pinned: false,
    };
    theme.iter().map(one).collect()
}

fn chosen(labelled: &Labelled, theme: &[usize], strata: bool) -> Vec<usize> {
    let chosen = choose(&candidates(labelled, theme, strata), QUOTES);
    chosen.iter().map(|chosen| chosen.item.0 as usize).collect()
}

fn nearest_to_middle(lexical: &Lexical, theme: &[usize]) -> Vec<usize> {
    let mut near: Vec<_> = lexical.to_middle(theme, theme).into_iter().zip(theme).collect();
    near.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(other.1)));
    near.into_iter().take(QUOTES).map(|(_, text)| *text).collect()
}

pub(crate) fn rows(labelled: &Labelled) {
    let texts: Vec<_> = labelled.texts.iter().map(String::as_str).collect();
    let themes: Vec<_> = (0..labelled.names.len()).map(|theme| labelled.of(theme)).collect();
    println!(
        "\nFour quotes a theme: coverage / representativeness / diversity, judged by words and pairs of words"
    );
    let lexical = Lexical::of(&texts, Parts::Words);
    let mut chance = Chance::new(0);
    let mut ways: Vec<(&str, Vec<Vec<usize>>)> = vec![
        ("random", themes.iter().map(|theme| chance.some(theme, QUOTES)).collect()),
        ("nearest to the middle", themes.iter().map(|theme| nearest_to_middle(&lexical, theme)).collect()),
    ];
    for (way, strata) in
        [("facility location", false), ("facility location, positive and negative apart", true)]
    {
        ways.push((way, themes.iter().map(|theme| chosen(labelled, theme, strata)).collect()));
    }
    for (way, quotes) in &ways {
        let each = themes.iter().zip(quotes).map(|(theme, quotes)| judge(&lexical, theme, quotes));
        let sum = each.fold([0.0; 3], |sum, Figures(figures)| [0, 1, 2].map(|nth| sum[nth] + figures[nth]));
        let [coverage, middle, apart] = sum.map(|sum| sum / themes.len() as f64);
        row(
            &format!("{way}: {coverage:.3} / {middle:.3} / {apart:.3}"),
            &json!({
                "measure": "quotes", "way": way, "coverage": rounded(coverage),
                "representativeness": rounded(middle), "diversity": rounded(apart),
            }),
        );
    }
    exactness(labelled);
}

/// Whether what is shown, whole and shortened, stands in the texts byte by byte and begins and ends where characters
/// do.
fn exactness(labelled: &Labelled) {
    let (mut shown, mut exact, mut shortened) = (0, 0, 0);
    for text in &labelled.texts {
        for most in [SHORT, usize::MAX] {
            let ranges = excerpt(text, most);
            shortened += usize::from(ranges.len() != 1 || ranges[0].len() < text.trim().len());
            let mut end = 0;
            for range in ranges {
                shown += 1;
                exact += usize::from(
                    range.start >= end && text.get(range.clone()).is_some_and(|part| !part.is_empty()),
                );
                end = range.end;
            }
        }
    }
    row(
        &format!("{exact} of {shown} parts shown are byte-exact ({shortened} texts shortened)"),
        &json!({
            "measure": "quotes", "shown": shown, "exact": exact, "shortened": shortened,
        }),
    );
}
