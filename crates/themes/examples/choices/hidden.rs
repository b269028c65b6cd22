//! New themes: some themes are hidden, and candidates are drawn from what the others explain least. A hidden theme
//! counts as shown when three of the five texts of some candidate are in it.

use std::collections::BTreeSet;

use serde_json::json;
use themes::discover::{Candidate, Unexplained, candidates};
use themes::{Engine, Item, ThemeKey};

use crate::chance::Chance;
use crate::labelled::Labelled;
use crate::{rounded, row};

const HIDDEN: usize = 6;
const TAGGED: usize = 40;
const LEAST_EXPLAINED: usize = 600;
/// As many as the reading drew, and more, because so few tell little.
const DRAWS: [u64; 2] = [6, 30];
/// What the reading reached at best, by the number of candidates.
const READING: [(usize, f64); 2] = [(10, 0.389), (20, 0.472)];

struct Draw {
    hidden: Vec<usize>,
    tagged: Vec<usize>,
    unexplained: Vec<usize>,
}

impl Draw {
    fn new(labelled: &Labelled, seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let themes: Vec<_> = (0..labelled.names.len()).collect();
        let hidden = chance.some(&themes, HIDDEN);
        let known: Vec<_> = themes.into_iter().filter(|theme| !hidden.contains(theme)).collect();
        let examples: Vec<_> = known.iter().map(|theme| chance.some(&labelled.of(*theme), TAGGED)).collect();
        let tagged: BTreeSet<_> = examples.iter().flatten().copied().collect();
        let key = |theme: &usize| ThemeKey(*theme as u128);
        let mut engine = Engine::new();
        known.iter().for_each(|theme| engine.describe(key(theme), &labelled.names[*theme], None));
        for text in &tagged {
            let given = labelled.themes[*text].iter().filter(|theme| !hidden.contains(theme));
            engine.learn(Item(*text as u64), &labelled.texts[*text], &given.map(key).collect::<Vec<_>>());
        }
        // They are one batch: their order says nothing.
        engine.refit();
        let rest = (0..labelled.texts.len()).filter(|text| !tagged.contains(text));
        let first =
            |text: usize| engine.suggest(&labelled.texts[text], 1).first().map(|suggestion| suggestion.score);
        let mut least: Vec<_> = rest.map(|text| (first(text), text)).collect();
        least.sort_unstable();
        let unexplained = least.into_iter().take(LEAST_EXPLAINED).map(|(_, text)| text).collect();
        Self { hidden, tagged: tagged.into_iter().collect(), unexplained }
    }

    fn candidates(&self, labelled: &Labelled, most: usize) -> Vec<Candidate> {
        let text = |place: &usize| labelled.texts[*place].as_str();
        let item = |place: &usize| Item(*place as u64);
        let one = |place: &usize| Unexplained { item: item(place), text: text(place), voice: None };
        let unexplained: Vec<_> = self.unexplained.iter().map(one).collect();
        let explained: Vec<_> = self.tagged.iter().map(|place| (item(place), text(place))).collect();
        candidates(&unexplained, &explained, most)
    }

    fn shown(&self, labelled: &Labelled, candidates: &[Candidate]) -> usize {
        let is_in = |item: &Item, theme: usize| labelled.themes[item.0 as usize].contains(&theme);
        let shows = |candidate: &Candidate, theme: usize| {
            candidate.exemplars.iter().filter(|item| is_in(item, theme)).count() >= 3
        };
        self.hidden
            .iter()
            .filter(|theme| candidates.iter().any(|candidate| shows(candidate, **theme)))
            .count()
    }
}

pub(crate) fn rows(labelled: &Labelled) {
    println!("\nHidden themes shown by candidates, {HIDDEN} hidden a draw");
    let draws: Vec<_> = (0..DRAWS[1]).map(|seed| Draw::new(labelled, seed)).collect();
    for (most, reading) in READING {
        let found: Vec<_> = draws.iter().map(|draw| draw.candidates(labelled, most)).collect();
        let shown: Vec<_> =
            draws.iter().zip(&found).map(|(draw, found)| draw.shown(labelled, found)).collect();
        for count in DRAWS {
            let sum: usize = shown.iter().take(count as usize).sum();
            let share = sum as f64 / (HIDDEN as f64 * count as f64);
            let line = format!(
                "{most} candidates, {count} draws: {share:.3}; reading {reading:.3} (6 draws, more data)"
            );
            row(
                &line,
                &json!({
                    "measure": "hidden themes", "candidates": most, "draws": count, "shown": rounded(share), "reading": reading,
                }),
            );
        }
        if let Some(names) = found.last().filter(|_| most == READING[0].0) {
            let names: Vec<_> = names.iter().map(|candidate| candidate.name.as_str()).collect();
            let hidden: Vec<_> = draws
                .last()
                .into_iter()
                .flat_map(|draw| &draw.hidden)
                .map(|theme| labelled.names[*theme].as_str())
                .collect();
            println!("  such as: {}\n  where these were hidden: {}", names.join(" | "), hidden.join(" | "));
        }
    }
}
