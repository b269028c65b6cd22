//! Which key stands for which theme.
//!
//! The five that are suggested are 1 to 5. Beside that each theme has a key of its own, which stays the same from one
//! contribution to the next, whatever is suggested: fingers learn it.

use std::collections::BTreeMap;

use domain::ThemeId;
use domain::coding::SUGGESTED_MAX;

/// Names a new theme.
pub(crate) const NEW: &str = "n";
/// Sets aside.
pub(crate) const ASIDE: &str = "x";
pub(crate) const SKIP: &str = "s";
pub(crate) const UNDO: &str = "u";

/// In this order; those that mean something else on the page are not among them.
const KEYS: &str = "123456789qwertyiopadfghjklzcvbm";

/// The keys of one theme; more themes than keys have to be found by typing their names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Keys {
    /// Its place among the suggested.
    pub(super) suggested: Option<char>,
    pub(super) own: Option<char>,
}

/// `themes` in the order in which they were named; where engines suggest anything, 1 to 5 are kept for that.
pub(super) fn keys(themes: &[ThemeId], suggested: &[ThemeId], engines: bool) -> BTreeMap<ThemeId, Keys> {
    let kept = if engines { SUGGESTED_MAX } else { 0 };
    let own = KEYS.chars().skip(kept).map(Some).chain(std::iter::repeat(None));
    let mut keys: BTreeMap<_, _> =
        themes.iter().zip(own).map(|(theme, own)| (*theme, Keys { suggested: None, own })).collect();
    for (theme, key) in suggested.iter().zip(KEYS.chars().take(kept)) {
        keys.entry(*theme).or_default().suggested = Some(key);
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use uuid::Uuid;

    fn themes(n: u128) -> Vec<ThemeId> {
        (1..=n).map(|n| ThemeId(Uuid::from_u128(n))).collect()
    }

    #[test]
    fn without_suggestions_themes_are_numbered_and_then_lettered() {
        let themes = themes(40);
        let keys = keys(&themes, &[], false);
        let own: String = themes.iter().filter_map(|theme| keys[theme].own).collect();
        assert_eq!(own, KEYS);
        assert_eq!(keys[&themes[31]], Keys::default(), "there are no more keys");
    }

    #[test]
    fn suggested_themes_are_one_to_five_and_no_other_key_moves() {
        let themes = themes(40);
        let before = keys(&themes, &[], true);
        let after = keys(&themes, &[themes[30], themes[0], themes[7]], true);
        let place = |n: usize| after[&themes[n]].suggested;
        assert_eq!([place(30), place(0), place(7), place(1)], [Some('1'), Some('2'), Some('3'), None]);
        assert!(themes.iter().all(|theme| before[theme].own == after[theme].own));
    }

    #[test]
    fn no_key_stands_for_two_themes_or_for_something_else() {
        let themes = themes(30);
        let keys = keys(&themes, &themes[3..8], true);
        let all: Vec<_> = keys.values().flat_map(|keys| [keys.suggested, keys.own]).flatten().collect();
        assert_eq!(all.len(), all.iter().collect::<BTreeSet<_>>().len());
        let others = [NEW, ASIDE, SKIP, UNDO, "0", "?", "/"].concat();
        assert!(all.iter().all(|key| !others.contains(*key)), "{all:?}");
    }
}
