//! What an incoming code frame would do here, settled before anything is written.

use std::collections::BTreeMap;

use anyhow::bail;
use domain::assembly::THEMES_MAX;
use domain::{ContributionId, ThemeId};
use projections::{ThemeState, Views, views};

use super::{Incoming, Left, Refused, Response, Theme};
use crate::import::{Ids, key};

#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) to_name: Vec<(ThemeId, Theme)>,
    pub(crate) left: Vec<Left>,
    pub(crate) assign: Vec<Assign>,
    pub(crate) assigned_before: u64,
    pub(crate) unknown: u64,
    pub(crate) refused: Vec<Refused>,
}

#[derive(Debug)]
pub(crate) struct Assign {
    pub(crate) row: u64,
    pub(crate) contribution: ContributionId,
    pub(crate) theme: ThemeId,
}

impl Plan {
    pub(crate) fn of(incoming: &Incoming, views: &Views, ids: &Ids) -> anyhow::Result<Self> {
        let mut plan = Plan::default();
        let mut labels = BTreeMap::new();
        for theme in &incoming.themes {
            let derived = ThemeId(ids.of_theme(&key(&theme.name)));
            match found(views, theme, derived) {
                Some((id, known)) => {
                    if known.state == ThemeState::Live {
                        labels.insert(theme.label.as_str(), id);
                    }
                    plan.left.push(Left { name: theme.name.to_string(), why: why(views, theme, known) });
                }
                None => {
                    labels.insert(theme.label.as_str(), derived);
                    plan.to_name.push((derived, theme.clone()));
                }
            }
        }
        let (live, new) = (views.live_themes().len(), plan.to_name.len());
        if live + new > THEMES_MAX {
            bail!("with {new} more themes there would be {}; the most is {THEMES_MAX}", live + new);
        }
        if views.frame.changes.len() + new > usize::from(u16::MAX) {
            bail!("the code frame has been changed too often to take {new} more themes");
        }
        plan.map(incoming, views, &labels);
        Ok(plan)
    }

    fn map(&mut self, incoming: &Incoming, views: &Views, labels: &BTreeMap<&str, ThemeId>) {
        for row in &incoming.mapping {
            let position = match row.response {
                Response::Contribution(id) => views.entry(id).map(|(position, _)| position),
                Response::Position(position) => Some(position),
                Response::Other => None,
            };
            let Some(entry) = position.and_then(|position| views.entries.get(&position)) else {
                self.unknown += 1;
                continue;
            };
            for label in &row.labels {
                match labels.get(label.as_str()) {
                    Some(theme) if entry.coded.themes.contains(theme) => self.assigned_before += 1,
                    Some(theme) => {
                        let (row, contribution) = (row.number, entry.contribution);
                        self.assign.push(Assign { row, contribution, theme: *theme });
                    }
                    None => {
                        let reason = format!("the theme with the label `{label}` is not in use here");
                        self.refused.push(Refused { row: row.number, reason });
                    }
                }
            }
        }
    }
}

/// The theme that is here for one that comes in: in use under its name, named by an earlier import, or once here under
/// that name. What people have merged, retired or renamed since does not come back by itself.
fn found<'a>(views: &'a Views, theme: &Theme, derived: ThemeId) -> Option<(ThemeId, &'a views::Theme)> {
    let wanted = key(&theme.name);
    let named = || views.frame.themes.iter().filter(|(_, known)| key(&known.name) == wanted);
    let live = named().find(|(_, known)| known.state == ThemeState::Live);
    let before = views.frame.themes.get_key_value(&derived);
    live.or(before).or_else(|| named().next()).map(|(id, known)| (*id, known))
}

fn why(views: &Views, theme: &Theme, known: &views::Theme) -> String {
    let other = || key(&known.name) != key(&theme.name);
    match known.state {
        ThemeState::MergedInto(into) => {
            let into = views.frame.themes.get(&into).map(|into| into.name.to_string()).unwrap_or_default();
            format!("was merged into “{into}” here")
        }
        ThemeState::Retired => "was retired here".to_owned(),
        ThemeState::Live if other() => format!("is called “{}” here now", known.name),
        ThemeState::Live if theme.definition.is_some() && theme.definition != known.definition => {
            "is here already, and keeps the definition that it has here".to_owned()
        }
        ThemeState::Live => "is here already".to_owned(),
    }
}
