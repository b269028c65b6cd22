//! The few numbers that open pages follow, counted in one pass over the contributions: they are wanted many times a
//! second, and the views must not be held for long. They are the same as those of [`crate::tallies`].

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use domain::{ContributionId, TableNumber, ThemeId, VoiceTag};
use event_log::Position;

use crate::figure::{Side, State};
use crate::quotes::{OpenWords, Quote, best};
use crate::tally::{Coverage, Whole};
use crate::views::{Entry, Views};

/// All of it, at one position.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Glance {
    pub position: u64,
    pub of: Whole,
    pub coverage: Coverage,
    /// Most contributions first, then by name.
    pub themes: Vec<ThemeGlance>,
    pub erased: BTreeSet<ContributionId>,
}

/// The counts of a theme as in [`crate::ThemeTally`].
#[derive(Clone, Debug, PartialEq)]
pub struct ThemeGlance {
    pub theme: ThemeId,
    pub name: String,
    pub contributions: u64,
    pub tables: u64,
    pub heard_from: u64,
    pub remote_voices: u64,
    pub other_contributions: u64,
    /// Another number when something else may be quoted.
    quotable: u64,
}

/// What was counted so far.
#[derive(Default)]
struct Count {
    contributions: u64,
    /// With the largest tap count, where there is one.
    tables: BTreeMap<TableNumber, u16>,
    remote_voices: HashSet<VoiceTag>,
    other: u64,
    quotable: u64,
}

impl Count {
    fn add(&mut self, entry: &Entry) {
        self.contributions += 1;
        if let Some(table) = entry.table {
            let most = self.tables.entry(table).or_insert(0);
            *most = entry.heard_from.unwrap_or(0).max(*most);
        }
        match Side::of(entry.channel) {
            Side::Remote => self.remote_voices.extend(entry.voice),
            Side::Other => self.other += 1,
            Side::Room => {}
        }
    }
}

impl Glance {
    pub fn at(views: &Views) -> Self {
        let live = views.live_themes();
        let mut counts: HashMap<ThemeId, Count> =
            live.iter().map(|(id, _)| (*id, Count::default())).collect();
        let (mut whole, mut coverage, mut erased) = (Count::default(), Coverage::default(), BTreeSet::new());
        for (position, entry) in &views.entries {
            whole.add(entry);
            cover(&mut coverage, entry);
            if State::Erased.holds(entry) {
                erased.insert(entry.contribution);
            }
            for theme in &entry.coded.themes {
                if let Some(count) = counts.get_mut(theme) {
                    count.add(entry);
                    count.quotable = count.quotable.wrapping_add(quotable(*position, entry));
                }
            }
        }
        let theme = |(id, theme): (ThemeId, &crate::views::Theme)| {
            let count = counts.remove(&id).unwrap_or_default();
            ThemeGlance {
                theme: id,
                name: theme.name.to_string(),
                contributions: count.contributions,
                tables: count.tables.len() as u64,
                heard_from: count.tables.values().map(|heard| u64::from(*heard)).sum(),
                remote_voices: count.remote_voices.len() as u64,
                other_contributions: count.other,
                quotable: count.quotable,
            }
        };
        let mut themes: Vec<_> = live.into_iter().map(theme).collect();
        themes.sort_by(|a, b| b.contributions.cmp(&a.contributions).then_with(|| a.name.cmp(&b.name)));
        let of = Whole {
            contributions: whole.contributions,
            tables: views.tables(),
            tables_heard: whole.tables.len() as u64,
            remote_voices: whole.remote_voices.len() as u64,
            other_contributions: whole.other,
        };
        Glance { position: views.position, of, coverage, themes, erased }
    }
}

fn cover(coverage: &mut Coverage, entry: &Entry) {
    let counts = |state: State| u64::from(state.holds(entry));
    coverage.contributions += 1;
    coverage.read += counts(State::Read);
    coverage.themed += counts(State::Themed);
    coverage.set_aside += counts(State::SetAside);
    coverage.residue += counts(State::Residue);
    coverage.unread += counts(State::Unread);
    coverage.held += counts(State::Held);
    coverage.withdrawn += counts(State::Withdrawn);
    coverage.erased += counts(State::Erased);
}

/// What a choice of quotes can depend on; nothing where it may not be quoted.
fn quotable(position: Position, entry: &Entry) -> u64 {
    if !entry.is_public() {
        return 0;
    }
    let hasher = BuildHasherDefault::<DefaultHasher>::default();
    hasher.hash_one((position.get(), entry.words_at.map(Position::get), entry.form as u8, entry.read_back))
}

/// The quotes beside themes, as [`crate::summary::quotes_beside`] chooses them, kept for as long as nothing that they
/// were chosen from has changed.
#[derive(Default)]
pub struct Beside(HashMap<ThemeId, Kept>);

struct Kept {
    quotable: u64,
    quote: Option<Quote>,
    /// What could not be chosen because it stood beside another theme.
    passed_over: Vec<u64>,
}

impl Kept {
    fn holds(&self, quotable: u64, used: &BTreeSet<u64>) -> bool {
        self.quotable == quotable
            && self.quote.as_ref().is_none_or(|quote| !used.contains(&quote.position))
            && self.passed_over.iter().all(|position| used.contains(position))
    }
}

impl Beside {
    /// One quote beside each theme that has one; none stands twice. The views must be those of the glance.
    pub fn choose(
        &mut self,
        views: &Views,
        words: &OpenWords<'_>,
        glance: &Glance,
    ) -> BTreeMap<ThemeId, Quote> {
        let (mut beside, mut used) = (BTreeMap::new(), BTreeSet::new());
        let mut before = std::mem::take(&mut self.0);
        for of in &glance.themes {
            let kept = before.remove(&of.theme).filter(|kept| kept.holds(of.quotable, &used));
            let kept = kept.unwrap_or_else(|| {
                let is_used = |position: &Position| used.contains(&position.get());
                let unused = views.of_theme(of.theme).filter(|(position, _)| !is_used(position));
                let quote = best(unused, words);
                let of_theme = views.of_theme(of.theme).map(|(position, _)| position);
                let passed_over = of_theme.filter(is_used).map(Position::get).collect();
                Kept { quotable: of.quotable, quote, passed_over }
            });
            if let Some(quote) = &kept.quote {
                used.insert(quote.position);
                beside.insert(of.theme, quote.clone());
            }
            self.0.insert(of.theme, kept);
        }
        beside
    }
}
