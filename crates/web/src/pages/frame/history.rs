//! Every change of the code frame: when, what, why, what it moved, and whether it can be taken back.

use domain::{ChangeNumber, ThemeId};
use projections::Views;
use projections::views::{Change, ThemeState, What};

use crate::pages::desk::told;
use crate::pages::{Notice, Shell};
use crate::say::{Message, say};

/// Changes on one page.
const PAGE: usize = 100;

pub(crate) struct History {
    /// The latest first.
    pub(crate) rows: Vec<ChangeRow>,
    pub(crate) earlier: Option<usize>,
}

pub(crate) struct ChangeRow {
    pub(crate) number: ChangeNumber,
    pub(crate) when: String,
    pub(crate) what: Message,
    pub(crate) reason: Option<String>,
    /// Positions before it and with it.
    pub(crate) before: u64,
    pub(crate) after: u64,
    pub(crate) undone_by: Option<ChangeNumber>,
    pub(crate) undo: Undo,
}

/// Whether somebody who looks at it may take it back.
pub(crate) enum Undo {
    /// It is undone, cannot be, or is not theirs to undo.
    No,
    Offered,
    /// Something was changed on top of it.
    Buried,
}

impl ChangeRow {
    pub(crate) fn is_offered(&self) -> bool {
        matches!(self.undo, Undo::Offered)
    }

    pub(crate) fn is_buried(&self) -> bool {
        matches!(self.undo, Undo::Buried)
    }

    /// Whether the form that was refused is the one that undoes this.
    pub(crate) fn refused(&self, notice: &Notice) -> bool {
        notice.is_typed("type", "undo-change") && notice.is_typed("change", &self.number.to_string())
    }
}

impl History {
    /// Of the whole frame, from the change with the number `upto` back, or from the latest.
    pub(crate) fn of(views: &Views, shell: &Shell, coder: Option<&str>, upto: Option<usize>) -> Self {
        let all = &views.frame.changes;
        let end = upto.unwrap_or(all.len()).min(all.len());
        let from = end.saturating_sub(PAGE);
        let rows = all[from..end].iter().rev().map(|change| row(views, shell, coder, change)).collect();
        Self { rows, earlier: (from > 0).then_some(from) }
    }

    /// Of one theme: what was done with it, and what was done with others and moved it.
    pub(crate) fn of_theme(views: &Views, shell: &Shell, coder: Option<&str>, theme: ThemeId) -> Self {
        let about = |change: &&Change| change.theme == theme || change.other == Some(theme);
        let of_it = views.frame.changes.iter().rev().filter(about);
        Self { rows: of_it.map(|change| row(views, shell, coder, change)).collect(), earlier: None }
    }
}

fn row(views: &Views, shell: &Shell, coder: Option<&str>, change: &Change) -> ChangeRow {
    let position = change.position.get();
    ChangeRow {
        number: change.number,
        when: shell.clock.full(change.at),
        what: told(change),
        reason: change.reason.as_ref().map(|why| say("change-reason").text("reason", why).to_string()),
        before: position.saturating_sub(1),
        after: position,
        undone_by: change.undone_by,
        undo: coder.map_or(Undo::No, |_| undo(views, change)),
    }
}

/// What the rules will say, as far as pages know it; the rules have the last word.
fn undo(views: &Views, change: &Change) -> Undo {
    let theme = |id: ThemeId| views.frame.themes.get(&id);
    let live = |id: ThemeId| theme(id).is_some_and(|theme| theme.state == ThemeState::Live);
    let other = change.other.is_some_and(live);
    let as_it_was = match &change.what {
        _ if change.undone_by.is_some() => return Undo::No,
        What::Named(_) | What::Undone { .. } => return Undo::No,
        What::Renamed { to, .. } => {
            theme(change.theme).is_some_and(|it| it.name == *to) && live(change.theme)
        }
        What::Defined { to, .. } => {
            theme(change.theme).is_some_and(|it| it.definition.as_ref() == Some(to)) && live(change.theme)
        }
        What::Merged { .. } => !other && live(change.theme),
        What::Retired(_) => !live(change.theme),
        What::Split { .. } => other && live(change.theme),
    };
    if as_it_was { Undo::Offered } else { Undo::Buried }
}
