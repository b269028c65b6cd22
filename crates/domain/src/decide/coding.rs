//! Coding: the code frame and its changes, which contribution is in which theme, samples, candidates and quotes.

use std::collections::BTreeSet;

use super::{Decision, known, standing};
use crate::assembly::{Assembly, Attention, Context, Fact, Said, Standing, THEMES_MAX};
use crate::code_frame::{Change, What};
use crate::coding::{
    Candidate, EXEMPLARS_MAX, MEMBERS_MAX, SAMPLE_MAX, SPLIT_MAX, SUGGESTED_MAX, Sample, SamplePurpose, Span,
    Suggested, THEMES_AT_ONCE_MAX,
};
use crate::command::{Command, ContraryBy, SplitTheme, When};
use crate::event::Event;
use crate::ids::{CandidateId, ChangeNumber, ContributionId, RoundNumber, SampleId, ThemeId};
use crate::meaning::Meaning;
use crate::rejection::{ChangeRejection, Rejection};
use crate::sampling;
use crate::text::{CONTRIBUTION_CHARS_MAX, Definition, Label, ThemeName};

pub(super) fn permit(state: &Assembly, command: &Command, context: &Context) -> Result<(), Rejection> {
    match command {
        Command::NameTheme { theme, name, .. } => may_name(state, *theme, name),
        Command::RenameTheme { theme, name, .. } => {
            live(state, *theme)?;
            may_change(state)?;
            name_is_free(state, name, Some(*theme))
        }
        Command::DefineTheme { theme, .. } | Command::RetireTheme { theme, .. } => {
            live(state, *theme).and(may_change(state))
        }
        Command::MergeTheme { theme, into, .. } if theme == into => Err(Rejection::MergeIntoItself),
        Command::MergeTheme { theme, into, .. } => {
            live(state, *theme).and(live(state, *into)).and(may_change(state))
        }
        Command::SplitTheme(split) => may_split(state, split),
        Command::UndoChange { change, .. } => may_undo(state, *change).and(may_change(state)),
        Command::Assign { contribution, theme } => may_assign(state, *contribution, *theme),
        Command::Unassign { contribution, theme } => {
            let assigned = known(state, *contribution)?.coded.themes.contains(theme);
            if assigned { Ok(()) } else { Err(Rejection::NotAssigned) }
        }
        Command::MarkRead { contribution } => match known(state, *contribution)?.attention {
            Attention::Unread => Ok(()),
            _ => Err(Rejection::AlreadyMarked),
        },
        Command::SetAside { contribution, .. } => may_set_aside(state, *contribution),
        Command::CodeAgain { contribution, themes } => may_code_again(state, *contribution, themes, context),
        Command::TellApart { contribution } => match known(state, *contribution)?.alike {
            Some(_) => Ok(()),
            None => Err(Rejection::NotAlike),
        },
        Command::PinQuote { contribution, theme, span } => may_pin(state, *contribution, *theme, *span),
        Command::UnpinQuote { contribution, theme } => {
            let pinned = known(state, *contribution)?.pinned.contains(theme);
            if pinned { Ok(()) } else { Err(Rejection::NotPinned) }
        }
        Command::SettleContrary { theme, by } => may_settle(state, *theme, by),
        Command::DismissCandidate { candidate } => is_open(state, *candidate).map(drop),
        Command::Suggest(suggested) => may_suggest(state, suggested, context),
        Command::ProposeTheme(candidate) => may_propose(state, candidate, context),
        Command::FindAlike { contribution, first, .. } => {
            may_find_alike(state, *contribution, *first, context)
        }
        // A frame can be named at any time; what is not about coding does not come here.
        _ => Ok(()),
    }
}

/// Puts a contribution into these themes and takes it out of all others, as one step.
pub(super) fn code(
    state: &Assembly,
    contribution: ContributionId,
    themes: &BTreeSet<ThemeId>,
    when: When,
) -> Decision {
    let said = standing(state, contribution)?;
    if when == When::Unread && said.attention != Attention::Unread {
        return Err(Rejection::CodedMeanwhile);
    }
    if themes.len() > THEMES_AT_ONCE_MAX {
        return Err(Rejection::TooManyAtOnce { max: THEMES_AT_ONCE_MAX });
    }
    themes.iter().try_for_each(|theme| live(state, *theme))?;
    let had = &said.coded.themes;
    let added = themes.difference(had).map(|theme| Event::Assigned { contribution, theme: *theme });
    let removed = had.difference(themes).map(|theme| Event::Unassigned { contribution, theme: *theme });
    let mut events: Vec<Fact> = added.chain(removed).map(Fact::from).collect();
    if themes.is_empty() && said.attention != Attention::Read {
        events.push(Event::Read { contribution }.into());
    }
    if events.is_empty() { Err(Rejection::AlreadyMarked) } else { Ok(events) }
}

pub(super) fn put_back(state: &Assembly, contribution: ContributionId) -> Decision {
    let said = known(state, contribution)?;
    if said.attention == Attention::Unread {
        return Err(Rejection::AlreadyMarked);
    }
    let out = said.coded.themes.iter().map(|theme| Event::Unassigned { contribution, theme: *theme });
    Ok(out.chain([Event::PutBack { contribution }]).map(Fact::from).collect())
}

/// A candidate becomes a theme, or a part of one; the contributions that a person has looked at come with it.
pub(super) fn accept(
    state: &Assembly,
    candidate: CandidateId,
    theme: ThemeId,
    named: Option<(&ThemeName, Option<&Definition>)>,
    contributions: &[ContributionId],
) -> Decision {
    is_open(state, candidate)?;
    if contributions.len() > MEMBERS_MAX {
        return Err(Rejection::TooManyAtOnce { max: MEMBERS_MAX });
    }
    match named {
        Some((name, _)) => may_name(state, theme, name)?,
        None => live(state, theme)?,
    }
    let mut events: Vec<Event> = Vec::new();
    if let Some((name, definition)) = named {
        events.push(Event::ThemeNamed { theme, name: name.clone(), definition: definition.cloned() });
    }
    for contribution in contributions.iter().copied().collect::<BTreeSet<_>>() {
        if !standing(state, contribution)?.coded.themes.contains(&theme) {
            events.push(Event::Assigned { contribution, theme });
        }
    }
    events.push(Event::CandidateSettled { candidate, theme: Some(theme) });
    Ok(events.into_iter().map(Fact::from).collect())
}

/// Draws from those that the sample is about: the unread for an audit, the coded for coding them again.
pub(super) fn draw(
    state: &Assembly,
    sample: SampleId,
    purpose: SamplePurpose,
    round: Option<RoundNumber>,
    size: usize,
    context: &Context,
) -> Decision {
    if state.frame.samples.contains_key(&sample) {
        return Err(Rejection::IdUsedForSomethingElse);
    }
    if size == 0 || size > SAMPLE_MAX {
        return Err(Rejection::BadSample { max: SAMPLE_MAX });
    }
    let eligible = |said: &Said| {
        let in_round = round.is_none_or(|round| said.round == round);
        let fits = match purpose {
            SamplePurpose::Audit => said.attention == Attention::Unread,
            SamplePurpose::DoubleCoding => said.attention == Attention::Read && !said.coded_again,
        };
        in_round && fits && said.standing == Standing::Stands
    };
    let from: Vec<_> = state.said.iter().filter(|(_, said)| eligible(said)).map(|(id, _)| *id).collect();
    if from.is_empty() {
        return Err(Rejection::NothingToSample);
    }
    let of = u32::try_from(from.len()).unwrap_or(u32::MAX);
    let contributions = sampling::drawn(&context.lot, from, size);
    let seed = sampling::written(&context.lot);
    Ok(vec![Event::SampleDrawn(Sample { sample, purpose, round, seed, of, contributions }).into()])
}

pub(super) fn live(state: &Assembly, theme: ThemeId) -> Result<(), Rejection> {
    if state.frame.is_live(theme) { Ok(()) } else { Err(Rejection::UnknownTheme) }
}

/// Changes are numbered, and the numbers end.
fn may_change(state: &Assembly) -> Result<(), Rejection> {
    if state.frame.has_room() { Ok(()) } else { Err(ChangeRejection::TooManyChanges.into()) }
}

fn may_name(state: &Assembly, theme: ThemeId, name: &ThemeName) -> Result<(), Rejection> {
    if state.frame.themes.contains_key(&theme) {
        return Err(Rejection::IdUsedForSomethingElse);
    }
    if state.frame.themes.values().filter(|theme| theme.live).count() >= THEMES_MAX {
        return Err(Rejection::TooManyThemes { max: THEMES_MAX });
    }
    may_change(state)?;
    name_is_free(state, name, None)
}

fn name_is_free(state: &Assembly, name: &ThemeName, but: Option<ThemeId>) -> Result<(), Rejection> {
    let wanted = name.as_str().to_lowercase();
    let mut others = state.frame.themes.iter().filter(|(id, theme)| theme.live && Some(**id) != but);
    let taken = others.any(|(_, theme)| theme.name.as_str().to_lowercase() == wanted);
    if taken { Err(Rejection::ThemeNameTaken) } else { Ok(()) }
}

fn may_split(state: &Assembly, split: &SplitTheme) -> Result<(), Rejection> {
    live(state, split.theme)?;
    may_name(state, split.into, &split.name)?;
    if split.contributions.is_empty() || split.contributions.len() > SPLIT_MAX {
        return Err(ChangeRejection::BadSplit { max: SPLIT_MAX }.into());
    }
    let is_in =
        |id: &ContributionId| known(state, *id).is_ok_and(|said| said.coded.themes.contains(&split.theme));
    if split.contributions.iter().all(is_in) { Ok(()) } else { Err(Rejection::NotAssigned) }
}

/// A change can be undone while everything is as it left it; what was done on top of it is undone first.
fn may_undo(state: &Assembly, number: ChangeNumber) -> Result<(), Rejection> {
    let frame = &state.frame;
    let Change { what, undone } = frame.change(number).ok_or(ChangeRejection::UnknownChange)?;
    if *undone {
        return Err(ChangeRejection::AlreadyUndone.into());
    }
    let theme = |id: &ThemeId| frame.themes.get(id).ok_or(Rejection::UnknownTheme);
    let as_it_was = match what {
        What::Named | What::Undone => return Err(ChangeRejection::NotUndoable.into()),
        What::Renamed { theme: id, from, to } => {
            name_is_free(state, from, Some(*id))?;
            theme(id)?.live && theme(id)?.name == *to
        }
        What::Defined { theme: id, to, .. } => theme(id)?.live && theme(id)?.definition.as_ref() == Some(to),
        What::Merged { theme: id, into } => {
            name_is_free(state, &theme(id)?.name, None)?;
            !theme(id)?.live && theme(into)?.live
        }
        What::Retired { theme: id } => {
            name_is_free(state, &theme(id)?.name, None)?;
            !theme(id)?.live
        }
        What::Split { theme: id, into } => theme(id)?.live && theme(into)?.live,
    };
    if as_it_was { Ok(()) } else { Err(ChangeRejection::ChangedSince.into()) }
}

fn may_assign(state: &Assembly, id: ContributionId, theme: ThemeId) -> Result<(), Rejection> {
    live(state, theme)?;
    if standing(state, id)?.coded.themes.contains(&theme) { Err(Rejection::AlreadyAssigned) } else { Ok(()) }
}

fn may_set_aside(state: &Assembly, id: ContributionId) -> Result<(), Rejection> {
    let said = known(state, id)?;
    if !said.coded.themes.is_empty() {
        return Err(Rejection::StillInATheme);
    }
    if said.attention == Attention::SetAside { Err(Rejection::AlreadyMarked) } else { Ok(()) }
}

/// Two codings by the same person say nothing about agreement.
fn may_code_again(
    state: &Assembly,
    id: ContributionId,
    themes: &BTreeSet<ThemeId>,
    context: &Context,
) -> Result<(), Rejection> {
    let said = standing(state, id)?;
    let double =
        |sample: &Sample| sample.purpose == SamplePurpose::DoubleCoding && sample.contributions.contains(&id);
    if said.attention == Attention::Unread || said.coded_again || !state.frame.samples.values().any(double) {
        return Err(Rejection::NotToCodeAgain);
    }
    if said.coder == context.actor.link {
        return Err(Rejection::SamePerson);
    }
    if themes.len() > THEMES_AT_ONCE_MAX {
        return Err(Rejection::TooManyAtOnce { max: THEMES_AT_ONCE_MAX });
    }
    themes.iter().try_for_each(|theme| live(state, *theme))
}

fn may_pin(
    state: &Assembly,
    id: ContributionId,
    theme: ThemeId,
    span: Option<Span>,
) -> Result<(), Rejection> {
    let said = standing(state, id)?;
    if !said.coded.themes.contains(&theme) {
        return Err(Rejection::NotAssigned);
    }
    if said.pinned.contains(&theme) {
        return Err(Rejection::AlreadyMarked);
    }
    if span.is_none_or(in_bounds) { Ok(()) } else { Err(Rejection::BadSpan) }
}

/// The other side of a theme is something that stands in it and may be read by all.
fn may_settle(state: &Assembly, theme: ThemeId, by: &ContraryBy) -> Result<(), Rejection> {
    live(state, theme)?;
    let ContraryBy::Contribution(id) = by else { return Ok(()) };
    let said = standing(state, *id)?;
    match (said.standing, said.coded.themes.contains(&theme)) {
        (_, false) => Err(Rejection::NotAssigned),
        (Standing::Held, true) => Err(Rejection::NotPublic),
        (_, true) => Ok(()),
    }
}

/// Whether words can be so long at all; only whoever opens them knows how long these are.
pub(super) fn in_bounds(span: Span) -> bool {
    span.from < span.to && span.to as usize <= 4 * CONTRIBUTION_CHARS_MAX
}

pub(super) fn is_open(state: &Assembly, candidate: CandidateId) -> Result<&Candidate, Rejection> {
    state.frame.candidates.get(&candidate).ok_or(Rejection::UnknownCandidate)
}

/// Engines stand inside the server and hold no link; nobody who holds one can speak for them.
pub(super) fn is_engine(context: &Context) -> Result<(), Rejection> {
    if context.actor.link.is_none() { Ok(()) } else { Err(Rejection::NotForThisRole(context.actor.role)) }
}

fn may_suggest(state: &Assembly, suggested: &Suggested, context: &Context) -> Result<(), Rejection> {
    is_engine(context)?;
    if standing(state, suggested.contribution)?.attention != Attention::Unread {
        return Err(Rejection::CodedMeanwhile);
    }
    if suggested.themes.len() > SUGGESTED_MAX {
        return Err(Rejection::TooManyAtOnce { max: SUGGESTED_MAX });
    }
    suggested.themes.iter().try_for_each(|suggested| live(state, suggested.theme))
}

fn may_propose(state: &Assembly, candidate: &Candidate, context: &Context) -> Result<(), Rejection> {
    is_engine(context)?;
    if state.frame.proposed.contains(&candidate.candidate) {
        return Err(Rejection::IdUsedForSomethingElse);
    }
    if candidate.members.len() > MEMBERS_MAX || candidate.exemplars.len() > EXEMPLARS_MAX {
        return Err(Rejection::TooManyAtOnce { max: MEMBERS_MAX });
    }
    let mut named = candidate.members.iter().chain(&candidate.exemplars).chain([&candidate.phrase_of]);
    named.try_for_each(|id| known(state, *id).map(drop))
}

/// What was made of words that have been corrected meanwhile is of no use; the new words are looked at next.
pub(super) fn understand(
    state: &Assembly,
    (contribution, wording): (ContributionId, u16),
    model: &Label,
    meaning: &Meaning,
    context: &Context,
) -> Decision {
    is_engine(context)?;
    if standing(state, contribution)?.corrections != wording {
        return Err(ChangeRejection::ChangedSince.into());
    }
    let event = Event::Understood { contribution, wording, model: model.clone() };
    Ok(vec![Fact { event, words: Some(meaning.as_words().clone()) }])
}

fn may_find_alike(
    state: &Assembly,
    id: ContributionId,
    first: ContributionId,
    context: &Context,
) -> Result<(), Rejection> {
    is_engine(context)?;
    known(state, first)?;
    let said = known(state, id)?;
    if said.apart || said.alike == Some(first) || id == first {
        Err(Rejection::AlreadyMarked)
    } else {
        Ok(())
    }
}
