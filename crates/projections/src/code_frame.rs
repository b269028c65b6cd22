//! Folds what changes the code frame. Nothing is rewritten by it: earlier minutes are counted anew with the frame as it
//! stands, and every change keeps what it takes to explain the jump and to undo it. The rules that allowed it stand in
//! `domain`.

use std::collections::BTreeSet;

use domain::{ChangeNumber, Event, Meta, Reason, ThemeId, ThemeName};
use event_log::Position;

use crate::frame::{Change, ContraryBy, Drawn, Proposed, Theme, ThemeState, Version, What};
use crate::marks::Touched;
use crate::views::Views;

/// What one event did to the code frame, before it has a number.
struct Done {
    theme: ThemeId,
    other: Option<ThemeId>,
    what: What,
    reason: Option<Reason>,
    moved: i64,
    touched: BTreeSet<Position>,
}

impl Done {
    fn plain(theme: ThemeId, what: What, reason: Option<&Reason>) -> Self {
        let reason = reason.cloned();
        Self { theme, other: None, what, reason, moved: 0, touched: BTreeSet::new() }
    }
}

pub(crate) fn fold(views: &mut Views, position: Position, event: &Event, meta: &Meta) -> Touched {
    let frame = &mut views.frame;
    match event {
        Event::FrameVersioned { name } => {
            frame.versions.push(Version { name: name.clone(), position, at: meta.at });
        }
        Event::ThemeProposed(candidate) => {
            let proposed = Proposed { position, at: meta.at, candidate: candidate.clone(), wording: None };
            frame.candidates.insert(candidate.candidate, proposed);
        }
        Event::WordingProposed(wording) => {
            let proposed = frame.candidates.get_mut(&wording.candidate);
            proposed.into_iter().for_each(|proposed| proposed.wording = Some(wording.clone()));
        }
        Event::CandidateSettled { candidate, .. } => drop(frame.candidates.remove(candidate)),
        Event::ContraryChosen { theme, contribution } => {
            frame.contrary.insert(*theme, ContraryBy::Contribution(*contribution));
        }
        Event::NoContrary { theme, reason } => {
            frame.contrary.insert(*theme, ContraryBy::Reason(reason.clone()));
        }
        Event::SampleDrawn(sample) => {
            frame.samples.push(Drawn { position, at: meta.at, sample: sample.clone() });
        }
        event => {
            let next = u16::try_from(frame.changes.len() + 1).ok().and_then(ChangeNumber::new);
            let Some(number) = next else { return Touched::default() };
            if let Some(done) = changed(views, event, meta, number) {
                let Done { theme, other, what, reason, moved, touched } = done;
                let moved = u32::try_from(moved.unsigned_abs()).unwrap_or(u32::MAX);
                let (at, undone_by) = (meta.at, None);
                let change = Change { number, position, at, theme, other, what, reason, moved, undone_by };
                views.frame.changes.push(change);
                return Touched { entries: touched, ..Touched::default() };
            }
        }
    }
    Touched::default()
}

fn changed(views: &mut Views, event: &Event, meta: &Meta, number: ChangeNumber) -> Option<Done> {
    Some(match event {
        Event::ThemeNamed { theme, name, definition } => {
            let named = Theme {
                name: name.clone(),
                definition: definition.clone(),
                named_at: meta.at,
                state: ThemeState::Live,
            };
            views.frame.themes.insert(*theme, named);
            Done::plain(*theme, What::Named(name.clone()), None)
        }
        Event::ThemeRenamed { theme, name, reason } => {
            let known = views.frame.themes.get_mut(theme)?;
            let from = std::mem::replace(&mut known.name, name.clone());
            Done::plain(*theme, What::Renamed { from, to: name.clone() }, Some(reason))
        }
        Event::ThemeDefined { theme, definition } => defined(views, *theme, definition, None)?,
        Event::ThemeRedefined { theme, definition, reason } => {
            defined(views, *theme, definition, Some(reason))?
        }
        Event::ThemeMerged { theme, into, reason } => {
            let what = What::Merged { from: name_of(views, *theme)?, into: name_of(views, *into)? };
            set_state(views, *theme, ThemeState::MergedInto(*into));
            let (moved, touched) = shift(views, number, *theme, Some(*into), |_| true);
            Done { theme: *into, other: Some(*theme), what, reason: Some(reason.clone()), moved, touched }
        }
        Event::ThemeRetired { theme, reason } => {
            let what = What::Retired(name_of(views, *theme)?);
            set_state(views, *theme, ThemeState::Retired);
            let (_, touched) = shift(views, number, *theme, None, |_| true);
            let moved = touched.len() as i64;
            Done { theme: *theme, other: None, what, reason: Some(reason.clone()), moved, touched }
        }
        Event::ThemeSplit { theme, into, name, definition, contributions, reason } => {
            let what = What::Split { from: name_of(views, *theme)?, into: name.clone() };
            let named =
                Event::ThemeNamed { theme: *into, name: name.clone(), definition: definition.clone() };
            drop(changed(views, &named, meta, number));
            let ids: BTreeSet<_> =
                contributions.iter().filter_map(|id| views.by_id.get(id).copied()).collect();
            let (moved, touched) =
                shift(views, number, *theme, Some(*into), |position| ids.contains(&position));
            Done { theme: *theme, other: Some(*into), what, reason: Some(reason.clone()), moved, touched }
        }
        Event::ChangeUndone { change, reason } => undone(views, *change, reason, number)?,
        _ => return None,
    })
}

fn defined(
    views: &mut Views,
    theme: ThemeId,
    definition: &domain::Definition,
    reason: Option<&Reason>,
) -> Option<Done> {
    let known = views.frame.themes.get_mut(&theme)?;
    let (name, from) = (known.name.clone(), known.definition.replace(definition.clone()));
    Some(Done::plain(theme, What::Defined { name, from, to: definition.clone() }, reason))
}

fn undone(views: &mut Views, change: ChangeNumber, reason: &Reason, by: ChangeNumber) -> Option<Done> {
    let undone = views.frame.changes.get_mut(usize::from(change.get()) - 1)?;
    undone.undone_by = Some(by);
    let (theme, other, what) = (undone.theme, undone.other, undone.what.clone());
    let (moved, touched) = match &what {
        What::Renamed { from, .. } => {
            views.frame.themes.get_mut(&theme)?.name = from.clone();
            Default::default()
        }
        What::Defined { from, .. } => {
            views.frame.themes.get_mut(&theme)?.definition = from.clone();
            Default::default()
        }
        What::Merged { .. } => {
            set_state(views, other?, ThemeState::Live);
            unshift(views, change, other?, Some(theme))
        }
        What::Retired(_) => {
            set_state(views, theme, ThemeState::Live);
            unshift(views, change, theme, None)
        }
        What::Split { .. } => {
            set_state(views, other?, ThemeState::MergedInto(theme));
            shift(views, by, other?, Some(theme), |_| true)
        }
        What::Named(_) | What::Undone { .. } => return None,
    };
    let what = What::Undone { change, name: name_of(views, theme)? };
    Some(Done { theme, other, what, reason: Some(reason.clone()), moved, touched })
}

/// Moves those contributions of `from` that are meant, and says by how many the theme that they went to has grown.
fn shift(
    views: &mut Views,
    number: ChangeNumber,
    from: ThemeId,
    into: Option<ThemeId>,
    meant: impl Fn(Position) -> bool,
) -> (i64, BTreeSet<Position>) {
    let of_theme = views.by_theme.get(&from).into_iter().flatten().copied();
    let moving: BTreeSet<_> = of_theme.filter(|position| meant(*position)).collect();
    let size =
        |views: &Views| into.and_then(|into| views.by_theme.get(&into)).map_or(0, BTreeSet::len) as i64;
    let before = size(views);
    for position in &moving {
        if let Some(entry) = views.entries.get_mut(position) {
            entry.coded.shift(number, from, into);
        }
        views.leave(from, *position);
        if let Some(into) = into {
            views.by_theme.entry(into).or_default().insert(*position);
        }
    }
    (size(views) - before, moving)
}

/// Takes back what [`shift`] did under that number.
fn unshift(
    views: &mut Views,
    number: ChangeNumber,
    from: ThemeId,
    into: Option<ThemeId>,
) -> (i64, BTreeSet<Position>) {
    let (mut moved, mut gone) = (BTreeSet::new(), Vec::new());
    for (position, entry) in &mut views.entries {
        if entry.coded.unshift(number, from, into) {
            moved.insert(*position);
            gone.extend(into.filter(|into| !entry.coded.themes.contains(into)).map(|into| (into, *position)));
        }
    }
    gone.into_iter().for_each(|(theme, position)| views.leave(theme, position));
    views.by_theme.entry(from).or_default().extend(&moved);
    views.by_theme.retain(|_, of_it| !of_it.is_empty());
    (moved.len() as i64, moved)
}

fn name_of(views: &Views, theme: ThemeId) -> Option<ThemeName> {
    views.frame.themes.get(&theme).map(|theme| theme.name.clone())
}

fn set_state(views: &mut Views, theme: ThemeId, state: ThemeState) {
    views.frame.themes.entry(theme).and_modify(|theme| theme.state = state);
}
