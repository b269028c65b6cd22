//! The code frame as the rules need it: themes, and its changes in order, each with what it takes to undo it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::assembly::Said;
use crate::coding::{Candidate, Sample, Wording};
use crate::event::Event;
use crate::ids::{CandidateId, ChangeNumber, ContributionId, SampleId, ThemeId};
use crate::text::{Definition, ThemeName};

#[derive(Clone, Debug)]
pub(crate) struct Theme {
    pub(crate) name: ThemeName,
    pub(crate) definition: Option<Definition>,
    pub(crate) live: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) what: What,
    pub(crate) undone: bool,
}

#[derive(Clone, Debug)]
pub(crate) enum What {
    Named,
    Renamed { theme: ThemeId, from: ThemeName, to: ThemeName },
    Defined { theme: ThemeId, from: Option<Definition>, to: Definition },
    Merged { theme: ThemeId, into: ThemeId },
    Split { theme: ThemeId, into: ThemeId },
    Retired { theme: ThemeId },
    Undone,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct CodeFrame {
    pub(crate) themes: BTreeMap<ThemeId, Theme>,
    pub(crate) changes: Vec<Change>,
    pub(crate) versions: u32,
    /// Candidates for themes that nobody has decided about yet.
    pub(crate) candidates: BTreeMap<CandidateId, Candidate>,
    /// What a model would call them.
    pub(crate) wordings: BTreeMap<CandidateId, Wording>,
    /// Every candidate that there ever was, so that an id never names another one.
    pub(crate) proposed: BTreeSet<CandidateId>,
    pub(crate) samples: BTreeMap<SampleId, Sample>,
}

impl CodeFrame {
    pub(crate) fn is_live(&self, theme: ThemeId) -> bool {
        self.themes.get(&theme).is_some_and(|theme| theme.live)
    }

    pub(crate) fn change(&self, number: ChangeNumber) -> Option<&Change> {
        self.changes.get(usize::from(number.get()) - 1)
    }

    /// The number that the next change gets.
    fn next(&self) -> Option<ChangeNumber> {
        u16::try_from(self.changes.len() + 1).ok().and_then(ChangeNumber::new)
    }

    pub(crate) fn has_room(&self) -> bool {
        self.next().is_some()
    }

    /// Folds an event about the code frame; what it does to contributions happens to `said`.
    pub(crate) fn evolve(&mut self, said: &mut HashMap<ContributionId, Said>, event: &Event) {
        match event {
            Event::FrameVersioned { .. } => self.versions += 1,
            Event::ThemeProposed(candidate) => {
                self.proposed.insert(candidate.candidate);
                self.candidates.insert(candidate.candidate, candidate.clone());
            }
            Event::CandidateSettled { candidate, .. } => {
                self.candidates.remove(candidate);
                self.wordings.remove(candidate);
            }
            Event::WordingProposed(wording) => drop(self.wordings.insert(wording.candidate, wording.clone())),
            Event::SampleDrawn(sample) => drop(self.samples.insert(sample.sample, sample.clone())),
            event => {
                let Some(number) = self.next() else { return };
                if let Some(what) = self.changed(said, event, number) {
                    self.changes.push(Change { what, undone: false });
                }
            }
        }
    }

    fn changed(
        &mut self,
        said: &mut HashMap<ContributionId, Said>,
        event: &Event,
        number: ChangeNumber,
    ) -> Option<What> {
        let mut shift = |from: ThemeId, into: Option<ThemeId>| {
            for said in said.values_mut() {
                said.coded.shift(number, from, into);
            }
        };
        Some(match event {
            Event::ThemeNamed { theme, name, definition } => {
                self.name(*theme, name, definition.as_ref());
                What::Named
            }
            Event::ThemeRenamed { theme, name, .. } => {
                let known = self.themes.get_mut(theme)?;
                let from = std::mem::replace(&mut known.name, name.clone());
                What::Renamed { theme: *theme, from, to: name.clone() }
            }
            Event::ThemeDefined { theme, definition } | Event::ThemeRedefined { theme, definition, .. } => {
                let from = self.themes.get_mut(theme)?.definition.replace(definition.clone());
                What::Defined { theme: *theme, from, to: definition.clone() }
            }
            Event::ThemeMerged { theme, into, .. } => {
                self.themes.get_mut(theme)?.live = false;
                shift(*theme, Some(*into));
                What::Merged { theme: *theme, into: *into }
            }
            Event::ThemeRetired { theme, .. } => {
                self.themes.get_mut(theme)?.live = false;
                shift(*theme, None);
                What::Retired { theme: *theme }
            }
            Event::ThemeSplit { theme, into, name, definition, contributions, .. } => {
                self.name(*into, name, definition.as_ref());
                for id in contributions {
                    said.get_mut(id).map(|said| said.coded.shift(number, *theme, Some(*into)));
                }
                What::Split { theme: *theme, into: *into }
            }
            Event::ChangeUndone { change, .. } => {
                self.undo(said, *change, number);
                What::Undone
            }
            _ => return None,
        })
    }

    fn undo(&mut self, said: &mut HashMap<ContributionId, Said>, undone: ChangeNumber, by: ChangeNumber) {
        let Some(change) = self.changes.get_mut(usize::from(undone.get()) - 1) else { return };
        change.undone = true;
        let what = change.what.clone();
        match what {
            What::Renamed { theme, from, .. } => {
                self.themes.entry(theme).and_modify(|theme| theme.name = from);
            }
            What::Defined { theme, from, .. } => {
                self.themes.entry(theme).and_modify(|theme| theme.definition = from);
            }
            What::Merged { theme, into } => {
                self.themes.entry(theme).and_modify(|theme| theme.live = true);
                for said in said.values_mut() {
                    said.coded.unshift(undone, theme, Some(into));
                }
            }
            What::Retired { theme } => {
                self.themes.entry(theme).and_modify(|theme| theme.live = true);
                for said in said.values_mut() {
                    said.coded.unshift(undone, theme, None);
                }
            }
            What::Split { theme, into } => {
                self.themes.entry(into).and_modify(|theme| theme.live = false);
                for said in said.values_mut() {
                    said.coded.shift(by, into, Some(theme));
                }
            }
            What::Named | What::Undone => {}
        }
    }

    fn name(&mut self, theme: ThemeId, name: &ThemeName, definition: Option<&Definition>) {
        let named = Theme { name: name.clone(), definition: definition.cloned(), live: true };
        self.themes.insert(theme, named);
    }
}
