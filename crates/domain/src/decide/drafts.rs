//! Drafts of a language model: a person asks for one, and a person answers for it before any of it counts.

use super::coding::{in_bounds, is_engine, live};
use super::{Decision, is_public, known};
use crate::assembly::{Assembly, Context, Fact};
use crate::draft::{CITES_MAX, Draft, DraftCommand, QUOTED_HERE, SENTENCES_MAX, Sentence, Stage};
use crate::duty::ProseWritten;
use crate::event::Event;
use crate::ids::{ContributionId, DraftId, ThemeId};
use crate::rejection::{PaperRejection, Rejection};
use crate::role::Actor;
use crate::text::Prose;

pub(super) fn decide(state: &Assembly, command: &DraftCommand, context: &Context) -> Decision {
    match command {
        DraftCommand::Ask { draft, theme } => {
            live(state, *theme)?;
            may_ask(state, *draft, *theme)?;
            Ok(vec![Event::DraftAsked { draft: *draft, theme: *theme }.into()])
        }
        DraftCommand::Write(draft) => {
            is_engine(context)?;
            may_write(state, draft)?;
            Ok(vec![Event::DraftWritten(*draft.clone()).into()])
        }
        DraftCommand::SignOff { draft } => sign_off(state, *draft, context),
    }
}

fn may_ask(state: &Assembly, draft: DraftId, theme: ThemeId) -> Result<(), Rejection> {
    let drafts = &state.paper.drafts;
    if drafts.contains_key(&draft) {
        return Err(Rejection::IdUsedForSomethingElse);
    }
    let asked = drafts.values().any(|(of, stage)| *of == theme && matches!(stage, Stage::Asked));
    if asked { Err(PaperRejection::DraftAsked.into()) } else { Ok(()) }
}

/// Whatever it rests on has to be public, and of that theme, also by the time at which it comes back.
fn may_write(state: &Assembly, draft: &Draft) -> Result<(), Rejection> {
    match state.paper.drafts.get(&draft.draft) {
        Some((theme, Stage::Asked)) if *theme == draft.theme => {}
        _ => return Err(PaperRejection::UnknownDraft.into()),
    }
    if draft.sentences.len() > SENTENCES_MAX {
        return Err(Rejection::TooManyAtOnce { max: SENTENCES_MAX });
    }
    draft.sentences.iter().try_for_each(|sentence| may_say(state, draft.theme, sentence))
}

fn may_say(state: &Assembly, theme: ThemeId, sentence: &Sentence) -> Result<(), Rejection> {
    let Sentence { text, quotes, cites } = sentence;
    if let Some(digit) = text.as_str().chars().find(|letter| letter.is_numeric()) {
        return Err(PaperRejection::NumberTyped(digit).into());
    }
    if cites.is_empty() || cites.len() > CITES_MAX || quotes.len() > CITES_MAX {
        return Err(Rejection::TooManyAtOnce { max: CITES_MAX });
    }
    let places = text.as_str().matches(QUOTED_HERE).count();
    if places != quotes.len() || !quotes.iter().all(|quoted| in_bounds(quoted.span)) {
        return Err(Rejection::BadSpan);
    }
    let quoted = quotes.iter().map(|quoted| &quoted.contribution);
    cites.iter().chain(quoted).try_for_each(|id| may_rest_on(state, theme, *id))
}

fn may_rest_on(state: &Assembly, theme: ThemeId, id: ContributionId) -> Result<(), Rejection> {
    let is_in = known(state, id)?.coded.themes.contains(&theme);
    if is_in { is_public(state, id) } else { Err(Rejection::NotAssigned) }
}

/// What the draft says in words of its own becomes the prose about that theme. People's words stand beside it as they do
/// anyway, so a sentence that quotes them is left out.
fn sign_off(state: &Assembly, id: DraftId, context: &Context) -> Decision {
    let (theme, draft) = match state.paper.drafts.get(&id) {
        Some((theme, Stage::Written(draft))) => (*theme, draft),
        _ => return Err(PaperRejection::UnknownDraft.into()),
    };
    if context.actor == Actor::ENGINE {
        return Err(Rejection::NotForThisRole(context.actor.role));
    }
    live(state, theme)?;
    let own = draft.sentences.iter().filter(|sentence| sentence.quotes.is_empty());
    let own: Vec<_> = own.map(|sentence| sentence.text.as_str()).collect();
    let prose = Prose::parse(&own.join(" ")).map_err(|_| PaperRejection::UnknownDraft)?;
    let written = ProseWritten { theme: Some(theme), prose: Some(prose) };
    let signed = Event::DraftSignedOff { draft: id, theme, model: draft.model.clone() };
    Ok(vec![Fact::from(Event::ProseWritten(written)), Fact::from(signed)])
}
