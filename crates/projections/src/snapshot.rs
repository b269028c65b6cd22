//! The tallies and the code frame as they were at a position, small enough to be kept, and what differs between two.

use std::collections::{BTreeMap, BTreeSet};

use domain::{RoundNumber, ThemeId, Timestamp};
use event_log::Position;

use crate::frame::{Theme, ThemeState};
use crate::marks::Marks;
use crate::tally::{Tallies, ThemeTally, tallies};
use crate::views::Views;

/// It holds no words and points at none, so nothing that was erased or held back since can come out of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// When the event at that position was recorded.
    pub as_of: Option<Timestamp>,
    /// All that there ever were up to then.
    pub themes: BTreeMap<ThemeId, Theme>,
    pub tallies: Tallies,
}

impl Snapshot {
    pub fn of(views: &Views, round: Option<RoundNumber>) -> Self {
        let themes = views.frame.themes.clone();
        Self { as_of: views.frame.last_at, themes, tallies: tallies(views, round) }
    }

    pub fn position(&self) -> u64 {
        self.tallies.position
    }

    pub fn tally(&self, theme: ThemeId) -> Option<&ThemeTally> {
        self.tallies.themes.iter().find(|tally| tally.theme == theme)
    }

    fn live(&self, theme: ThemeId) -> Option<&Theme> {
        self.themes.get(&theme).filter(|theme| theme.state == ThemeState::Live)
    }
}

impl Views {
    /// What was said up to and with `until`, with the themes and the standing that it has by now.
    pub fn said_until(&self, until: Position) -> Self {
        let entries = self.entries.range(..=until).map(|(position, entry)| (*position, entry.clone()));
        Self::restored(self.position, self.frame.clone(), entries.collect(), Marks::default())
    }
}

/// What became of a theme between two positions.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared<'a> {
    pub theme: ThemeId,
    /// Where it was in use before.
    pub before: Option<&'a Theme>,
    /// Where it is in use after.
    pub after: Option<&'a Theme>,
    pub fate: Fate,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    Added,
    /// Under the name that the other one has after.
    MergedInto(String),
    Retired,
    Changed {
        renamed: bool,
        redefined: bool,
    },
    Same,
}

/// Every theme that was in use at either position: what changed first, each part by name.
pub fn compare<'a>(before: &'a Snapshot, after: &'a Snapshot) -> Vec<Compared<'a>> {
    let themes: BTreeSet<ThemeId> = before.themes.keys().chain(after.themes.keys()).copied().collect();
    let mut rows: Vec<_> = themes.into_iter().filter_map(|theme| compared(before, after, theme)).collect();
    rows.sort_by_key(|row| {
        let name = row.after.or(row.before).map(|theme| theme.name.as_str().to_lowercase());
        (row.fate == Fate::Same, name, row.theme)
    });
    rows
}

fn compared<'a>(before: &'a Snapshot, after: &'a Snapshot, theme: ThemeId) -> Option<Compared<'a>> {
    let (was, is) = (before.live(theme), after.live(theme));
    let fate = match (was, is) {
        (None, None) => return None,
        (None, Some(_)) => Fate::Added,
        (Some(was), Some(is)) if was.name == is.name && was.definition == is.definition => Fate::Same,
        (Some(was), Some(is)) => {
            Fate::Changed { renamed: was.name != is.name, redefined: was.definition != is.definition }
        }
        (Some(_), None) => match after.themes.get(&theme).map(|theme| theme.state) {
            Some(ThemeState::MergedInto(into)) => {
                let into = after.themes.get(&into).map(|into| into.name.to_string());
                Fate::MergedInto(into.unwrap_or_default())
            }
            _ => Fate::Retired,
        },
    };
    Some(Compared { theme, before: was, after: is, fate })
}
