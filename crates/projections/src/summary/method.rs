//! Method and limits: what was read, what was moderated and why, which parts a model helped with, and whether the paper may
//! be final.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::figure::{Figure, Of, Query, ReasonTag, State, Unit, reason_of};
use crate::summary::EvidenceSummary;
use crate::views::Views;

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Method {
    pub read: Figure,
    pub themed: Figure,
    pub set_aside: Figure,
    pub residue: Figure,
    pub unread: Figure,
    pub corrected: Figure,
    pub withdrawn: Figure,
    pub erased: Figure,
    pub held: Figure,
    pub held_by_reason: BTreeMap<String, Figure>,
    pub set_aside_by_reason: BTreeMap<String, Figure>,
    pub read_back: Figure,
    pub verbatim: Figure,
    pub copies: Figure,
    pub themes: Figure,
    /// Read contributions in a theme that an engine had suggested for them: people confirmed what a model had found.
    pub helped: Figure,
    /// The engines that have suggested themes, and for how many contributions each was the last to do so.
    pub engines: Vec<Engine>,
    /// What keeps the paper from being final, if anything.
    pub remainder: Option<Remainder>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Engine {
    pub engine: String,
    pub suggested: Figure,
}

/// What nobody of the theme team has read. While there is any, a paper is no final one and prints this.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Remainder {
    pub unread: Figure,
}

/// Whether a paper may be called final.
pub fn may_be_final(summary: &EvidenceSummary) -> Result<(), Box<Remainder>> {
    summary.method.remainder.clone().map_or(Ok(()), |left| Err(Box::new(left)))
}

pub(super) fn method(views: &Views) -> Method {
    let all = Of::count(views, Query::default(), Unit::Contributions);
    let of = |state| Query::state(state).figure(views, Unit::Contributions, Some(&all));
    let unread = of(State::Unread);
    let themed = Of::count(views, Query::state(State::Themed), Unit::Contributions);
    Method {
        read: of(State::Read),
        themed: of(State::Themed),
        set_aside: of(State::SetAside),
        residue: of(State::Residue),
        unread,
        corrected: of(State::Corrected),
        withdrawn: of(State::Withdrawn),
        erased: of(State::Erased),
        held: of(State::Held),
        held_by_reason: by_reason(views, State::Held),
        set_aside_by_reason: by_reason(views, State::SetAside),
        read_back: of(State::ReadBack),
        verbatim: of(State::Verbatim),
        copies: of(State::Copy),
        themes: Query::default().figure(views, Unit::Themes, None),
        helped: Query::state(State::Helped).figure(views, Unit::Contributions, Some(&themed)),
        engines: engines(views, &all),
        remainder: (unread.value > 0).then_some(Remainder { unread }),
    }
}

fn engines(views: &Views, all: &Of) -> Vec<Engine> {
    let names: BTreeSet<_> = views.entries.values().filter_map(crate::views::Entry::engine).collect();
    let engine = |name: &str| Engine {
        engine: name.to_owned(),
        suggested: Query { engine: Some(ReasonTag::of(name)), ..Query::default() }.figure(
            views,
            Unit::Contributions,
            Some(all),
        ),
    };
    names.into_iter().map(engine).collect()
}

/// The contributions in a state, by the reason that was given for it.
fn by_reason(views: &Views, state: State) -> BTreeMap<String, Figure> {
    let selected = Query::state(state).select(views);
    let reasons: BTreeSet<_> =
        selected.into_iter().filter_map(|(_, entry)| reason_of(entry, state)).collect();
    let of = Of::count(views, Query::state(state), Unit::Contributions);
    let figure =
        |reason: &str| Query::state(state).because(reason).figure(views, Unit::Contributions, Some(&of));
    reasons.into_iter().map(|reason| (reason.to_owned(), figure(reason))).collect()
}
