//! Why the count of a theme jumped: merges, splits, retirements, and what took them back.

use domain::ThemeId;

use crate::frame::{Change, What};

/// A change of the code frame, seen from one theme.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Jump<'a> {
    pub change: &'a Change,
    /// What it took back, where it is an undoing.
    pub undone: Option<&'a Change>,
    /// By how many contributions the tally of the theme moved; nothing where the record does not say so exactly.
    pub by: Option<i64>,
}

impl<'a> Jump<'a> {
    fn of(changes: &'a [Change], change: &'a Change, theme: ThemeId) -> Option<Self> {
        let undone = undone(changes, change);
        let (is_first, is_other) = (change.theme == theme, change.other == Some(theme));
        if change.moved == 0 || !(is_first || is_other) {
            return None;
        }
        let moved = i64::from(change.moved);
        let by = match (&undone.unwrap_or(change).what, undone.is_some()) {
            (What::Merged { .. }, false) => is_first.then_some(moved),
            (What::Merged { .. }, true) => is_other.then_some(moved),
            (What::Split { .. }, false) => Some(if is_first { -moved } else { moved }),
            (What::Split { .. }, true) => is_first.then_some(moved),
            (What::Retired(_), undone) => Some(if undone { moved } else { -moved }),
            _ => return None,
        };
        Some(Self { change, undone, by })
    }

    /// What happened, or what was taken back.
    pub fn what(&self) -> &'a What {
        &self.undone.unwrap_or(self.change).what
    }
}

/// The change that this one took back.
pub fn undone<'a>(changes: &'a [Change], change: &Change) -> Option<&'a Change> {
    match change.what {
        What::Undone { change, .. } => changes.get(usize::from(change.get()) - 1),
        _ => None,
    }
}

/// Every jump of a theme's tally, in order.
pub fn jumps(changes: &[Change], theme: ThemeId) -> impl DoubleEndedIterator<Item = Jump<'_>> {
    changes.iter().filter_map(move |change| Jump::of(changes, change, theme))
}
