//! What somebody did at the desk last, so that they can take it back.

use std::collections::{BTreeSet, VecDeque};

use domain::{Command, ContributionId, LinkId, Reason, ThemeId, When};
use projections::{Attention, Entry};
use uuid::Uuid;

/// So many steps back somebody can go.
const STEPS_MAX: usize = 20;

/// One thing that somebody did: usually with one contribution, with several where they are copies.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Step {
    /// The id of the form by which it was done.
    pub(super) id: Uuid,
    /// Where it stands in the record.
    pub(super) position: u64,
    pub(super) left: Left,
    /// Each contribution and how it was before.
    pub(super) items: Vec<(ContributionId, Before)>,
}

/// How the contributions were left.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Left {
    /// In none of them means read.
    Coded(BTreeSet<ThemeId>),
    SetAside(Reason),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Before {
    attention: Attention,
    themes: BTreeSet<ThemeId>,
}

impl Before {
    pub(super) fn of(entry: &Entry) -> Self {
        Self { attention: entry.attention.clone(), themes: entry.coded.themes.clone() }
    }

    /// What takes a contribution back to how it was.
    pub(super) fn commands(&self, contribution: ContributionId) -> Vec<Command> {
        let code = Command::Code { contribution, themes: self.themes.clone(), when: When::Always };
        match &self.attention {
            Attention::Unread => vec![Command::PutBack { contribution }],
            Attention::Read => vec![code],
            Attention::SetAside(reason) => {
                vec![code, Command::SetAside { contribution, reason: reason.clone() }]
            }
        }
    }
}

impl Left {
    /// Whether a contribution is still as the person with that link left it. What others did since is not undone.
    pub(super) fn stands(&self, entry: &Entry, link: Option<LinkId>) -> bool {
        let as_left = match self {
            Left::Coded(themes) => entry.attention == Attention::Read && entry.coded.themes == *themes,
            Left::SetAside(reason) => entry.attention == Attention::SetAside(reason.clone()),
        };
        as_left && entry.coder == link
    }
}

/// The latest last.
#[derive(Default)]
pub(super) struct Steps(VecDeque<Step>);

impl Steps {
    /// A form that was sent twice is one step.
    pub(super) fn push(&mut self, step: Step) {
        if self.0.iter().any(|known| known.id == step.id) {
            return;
        }
        self.0.push_back(step);
        if self.0.len() > STEPS_MAX {
            self.0.pop_front();
        }
    }

    pub(super) fn last(&self) -> Option<&Step> {
        self.0.back()
    }

    pub(super) fn forget(&mut self, id: Uuid) {
        self.0.retain(|step| step.id != id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(n: u128) -> Step {
        let left = Left::Coded(BTreeSet::new());
        Step { id: Uuid::from_u128(n), position: 1, left, items: Vec::new() }
    }

    #[test]
    fn the_last_step_comes_back_first_once_and_not_for_ever() {
        let mut steps = Steps::default();
        (1..=30).for_each(|n| steps.push(step(n)));
        steps.push(step(30));
        assert_eq!(steps.0.len(), STEPS_MAX);
        for n in (11..=30).rev() {
            assert_eq!(steps.last(), Some(&step(n)));
            steps.forget(Uuid::from_u128(n));
        }
        assert_eq!(steps.last(), None);
    }

    #[test]
    fn each_state_has_a_way_back() {
        let contribution = ContributionId(Uuid::from_u128(7));
        let reason = Reason::parse("About trains").unwrap();
        let themes = BTreeSet::from([ThemeId(Uuid::from_u128(1))]);
        let back = |attention, themes: &BTreeSet<_>| {
            Before { attention, themes: themes.clone() }.commands(contribution)
        };
        let code =
            |themes: &BTreeSet<_>| Command::Code { contribution, themes: themes.clone(), when: When::Always };
        let none = BTreeSet::new();
        assert_eq!(back(Attention::Unread, &none), [Command::PutBack { contribution }]);
        assert_eq!(back(Attention::Read, &themes), [code(&themes)]);
        let aside = Command::SetAside { contribution, reason: reason.clone() };
        assert_eq!(back(Attention::SetAside(reason), &none), [code(&none), aside]);
    }
}
