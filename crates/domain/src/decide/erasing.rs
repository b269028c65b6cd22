//! Erasing: who may have words destroyed, and what the record says of it.

use std::collections::BTreeSet;

use super::{Decision, is_own, known};
use crate::assembly::{Assembly, Context, Fact, Said, Standing};
use crate::command::Claim;
use crate::event::{ErasedBy, Event};
use crate::ids::{ContributionId, VoiceTag};
use crate::rejection::Rejection;
use crate::role::Role;
use crate::text::Reason;

/// What was withdrawn or is held may be erased all the same: its words are still there.
pub(super) fn erase(
    state: &Assembly,
    id: ContributionId,
    claim: Claim,
    reason: Option<&Reason>,
    context: &Context,
) -> Decision {
    let said = known(state, id)?;
    if said.standing == Standing::Erased {
        return Err(Rejection::ContributionErased);
    }
    let may =
        claim == Claim::Receipt || context.actor.role == Role::Organiser || is_own(state, said, context);
    if !may {
        return Err(Rejection::NotYours);
    }
    Ok(vec![erased(id, reason, context)?])
}

pub(super) fn erase_voice(
    state: &Assembly,
    tags: &BTreeSet<VoiceTag>,
    reason: Option<&Reason>,
    context: &Context,
) -> Decision {
    let of_voice = |said: &Said| said.voice.is_some_and(|tag| tags.contains(&tag));
    let there = state.said.iter().filter(|(_, said)| said.standing != Standing::Erased && of_voice(said));
    let ids: BTreeSet<_> = there.map(|(id, _)| *id).collect();
    if ids.is_empty() {
        return Err(Rejection::NothingToErase);
    }
    ids.into_iter().map(|id| erased(id, reason, context)).collect()
}

/// The organiser answers for it with a reason. A contributor owes none, and a text of theirs would stand in the
/// record for ever.
fn erased(
    contribution: ContributionId,
    reason: Option<&Reason>,
    context: &Context,
) -> Result<Fact, Rejection> {
    let (by, reason) = match (context.actor.role, reason) {
        (Role::Organiser, None) => return Err(Rejection::ReasonNeeded),
        (Role::Organiser, Some(reason)) => (ErasedBy::Organiser, Some(reason.clone())),
        _ => (ErasedBy::Contributor, None),
    };
    Ok(Event::Erased { contribution, by, reason }.into())
}
