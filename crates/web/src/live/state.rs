//! The numbers that the feed speaks of: absolute values at one position, so that a frame which is lost or comes twice
//! does no harm.

use std::collections::{BTreeMap, BTreeSet};

use domain::{ContributionId, ThemeId};
use projections::tally::Whole;
use projections::{Beside, Coverage, Glance, ThemeGlance, Views, WordsReader};
use serde::Serialize;

use super::wire::Frame;
use crate::pages::hearing::{coverage_line, percent};
use crate::say::{Message, say};

#[derive(Clone, Debug, PartialEq, Serialize)]
struct Row {
    id: ThemeId,
    name: String,
    contributions: u64,
    tables: u64,
    heard_from: u64,
    remote_voices: u64,
    other: u64,
    quote: Option<String>,
    /// The counts as the page says them, side by side.
    parts: [Part; 3],
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct Part {
    side: &'static str,
    text: String,
    /// 0 to 100.
    percent: u64,
}

impl Part {
    fn new(side: &'static str, message: Message, n: u64, of: u64) -> Self {
        Self { side, text: message.num("n", n).num("of", of).to_string(), percent: percent(n, of) }
    }
}

impl Row {
    fn of(tally: &ThemeGlance, whole: Whole, quote: Option<String>) -> Self {
        Self {
            id: tally.theme,
            name: tally.name.clone(),
            contributions: tally.contributions,
            tables: tally.tables,
            heard_from: tally.heard_from,
            remote_voices: tally.remote_voices,
            other: tally.other_contributions,
            quote,
            parts: [
                Part::new("tables", say("n-of-tables"), tally.tables, whole.tables),
                Part::new("voices", say("n-of-voices"), tally.remote_voices, whole.remote_voices),
                Part::new(
                    "other",
                    say("n-of-contributions"),
                    tally.other_contributions,
                    whole.other_contributions,
                ),
            ],
        }
    }
}

/// Everything that the feed speaks of, at one position.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct State {
    pub(crate) position: u64,
    /// The round that is open, if one is.
    round: Option<u16>,
    of: Whole,
    coverage: Coverage,
    coverage_text: String,
    /// Theme ids in the order in which they are shown.
    order: Vec<ThemeId>,
    #[serde(skip)]
    rows: BTreeMap<ThemeId, Row>,
    /// Contributions whose words open pages have to forget.
    #[serde(skip)]
    erased: BTreeSet<ContributionId>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum Shape<'a> {
    /// With everything that was ever erased, so that a page which comes back forgets it too.
    Snapshot {
        state: &'a State,
        themes: Vec<&'a Row>,
        erased: &'a BTreeSet<ContributionId>,
    },
    State {
        state: &'a State,
        themes: Vec<&'a Row>,
    },
}

impl State {
    /// `beside` is what was chosen the last time.
    pub(crate) fn look(views: &Views, words: &WordsReader, beside: &mut Beside) -> Self {
        let glance = Glance::at(views);
        let mut quotes = beside.choose(views, &|position| words.words(position), &glance);
        let mut row = |tally: &ThemeGlance| {
            let quote = quotes.remove(&tally.theme).map(|quote| quote.words);
            (tally.theme, Row::of(tally, glance.of, quote))
        };
        State {
            position: glance.position,
            round: views.open_round().map(|(number, _)| number.get()),
            of: glance.of,
            coverage: glance.coverage,
            coverage_text: coverage_line(&glance.coverage).to_string(),
            rows: glance.themes.iter().map(&mut row).collect(),
            order: glance.themes.iter().map(|tally| tally.theme).collect(),
            erased: glance.erased,
        }
    }

    /// All that there is to know.
    pub(crate) fn snapshot(&self) -> Frame {
        let themes = self.rows.values().collect();
        Frame::json(&Shape::Snapshot { state: self, themes, erased: &self.erased }).up_to(self.position)
    }

    /// Every row, for somebody who knows what was erased.
    pub(crate) fn whole(&self) -> Frame {
        self.rows_in_a_frame(self.rows.values().collect())
    }

    /// The rows that have changed.
    pub(crate) fn since(&self, before: &State) -> Frame {
        let changed = self.rows.iter().filter(|(id, row)| before.rows.get(id) != Some(row));
        self.rows_in_a_frame(changed.map(|(_, row)| row).collect())
    }

    fn rows_in_a_frame(&self, themes: Vec<&Row>) -> Frame {
        Frame::json(&Shape::State { state: self, themes }).up_to(self.position)
    }
}
