//! In which order findings stand: by one rule, which is printed with them.
//!
//! First by the tables at which a theme was heard; where those are as many, by its remote voices, then by its other
//! voices, then by its contributions, and last by its name. Room and remote are compared one after the other and never
//! added: a thousand messages from one phone move nothing that two tables have said.

use std::cmp::Reverse;

use domain::ThemeId;

use crate::figure::{Query, Side, Unit};
use crate::views::Views;

/// Names the rule, so that whoever prints a ranking can say it in words.
pub const RULE: &str = "tables-then-remote-voices-then-other-voices-then-contributions";

/// The themes in use by that rule, each counted by what the query asks for besides its theme.
pub fn ranked(views: &Views, query: &Query) -> Vec<ThemeId> {
    let mut themes: Vec<_> = views
        .live_themes()
        .into_iter()
        .map(|(theme, named)| {
            let of = Query { theme: Some(theme), ..*query };
            let voices = |side| match query.side {
                Some(asked) if asked != side => 0,
                _ => of.on(side).count(views, Unit::Voices),
            };
            let counted = (
                of.count(views, Unit::Tables),
                voices(Side::Remote),
                voices(Side::Other),
                of.count(views, Unit::Contributions),
            );
            (Reverse(counted), named.name.as_str().to_lowercase(), theme)
        })
        .collect();
    themes.sort();
    themes.into_iter().map(|(_, _, theme)| theme).collect()
}

/// The place of the query's theme, from 1; nothing where it is not in use.
pub(crate) fn rank(views: &Views, query: &Query) -> u64 {
    let place = query.theme.and_then(|theme| ranked(views, query).iter().position(|one| *one == theme));
    place.map_or(0, |place| place as u64 + 1)
}
