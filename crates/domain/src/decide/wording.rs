//! What a language model may write, and how a person comes to answer for it. A model decides nothing: what it proposes stands
//! under its own name until somebody on the theme team takes it.

use std::collections::BTreeSet;

use super::coding::{self, is_engine, is_open};
use super::{Decision, is_public};
use crate::assembly::{Assembly, Context, Fact};
use crate::coding::Wording;
use crate::event::Event;
use crate::ids::{CandidateId, ContributionId, ThemeId};
use crate::rejection::Rejection;
use crate::role::Actor;

/// Only what everybody may read goes into a proposal, also by the time at which it comes back.
pub(super) fn may_propose(state: &Assembly, wording: &Wording, context: &Context) -> Result<(), Rejection> {
    is_engine(context)?;
    let candidate = is_open(state, wording.candidate)?;
    if state.frame.wordings.contains_key(&wording.candidate) {
        return Err(Rejection::AlreadyMarked);
    }
    let exemplars: BTreeSet<_> = candidate.exemplars.iter().collect();
    if wording.of.is_empty() || !wording.of.iter().all(|id| exemplars.contains(id)) {
        return Err(Rejection::UnknownContribution);
    }
    wording.of.iter().try_for_each(|id| is_public(state, *id))
}

/// The candidate becomes a theme of that name and definition, and the event that says who proposed them stands beside it.
pub(super) fn take(
    state: &Assembly,
    candidate: CandidateId,
    theme: ThemeId,
    contributions: &[ContributionId],
    context: &Context,
) -> Decision {
    let wording = state.frame.wordings.get(&candidate).ok_or(Rejection::UnknownCandidate)?;
    if context.actor == Actor::ENGINE {
        return Err(Rejection::NotForThisRole(context.actor.role));
    }
    let Wording { name, definition, model, .. } = wording;
    let mut facts = coding::accept(state, candidate, theme, Some((name, Some(definition))), contributions)?;
    facts.push(Fact::from(Event::WordingSignedOff { candidate, theme, model: model.clone() }));
    Ok(facts)
}
