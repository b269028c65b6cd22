//! Candidates for themes that may be missing: what no theme explains, put together by what it says.

use domain::{Candidate, CandidateId, Label, Span};
use event_log::Position;
use themes::Item;
use themes::discover::{self, UNEXPLAINED_MAX, Unexplained};

use crate::learner::{item, same_id};
use crate::quotes::OpenWords;
use crate::views::{Attention, Entry, Views};

/// Of fewer contributions that no theme explains, none are proposed, and none anew before there are so many more.
pub(crate) const UNEXPLAINED_MIN: usize = 30;
/// How many are proposed at once, at most.
const CANDIDATES_MAX: usize = 20;

/// Contributions that are in no theme though somebody has read them, or that no engine would put into any.
pub(crate) fn unexplained(views: &Views) -> Vec<Position> {
    let no_themes = views.live_themes().is_empty();
    let is_unexplained = |entry: &Entry| match &entry.suggested {
        _ if !entry.coded.themes.is_empty() || !entry.may_be_read() => false,
        _ if entry.attention == Attention::Read => true,
        Some(made) => entry.attention == Attention::Unread && made.themes.iter().all(|made| !made.likely),
        None => entry.attention == Attention::Unread && no_themes,
    };
    let found = views.entries.iter().filter(|(_, entry)| is_unexplained(entry) && entry.alike.is_none());
    found.map(|(position, _)| *position).collect()
}

/// The same record gives the same candidates under the same ids.
pub(crate) fn found(views: &Views, unexplained: &[Position], words: &OpenWords<'_>) -> Vec<Candidate> {
    let Ok(engine) = Label::parse(discover::ID) else { return Vec::new() };
    let newest = unexplained.iter().rev().take(UNEXPLAINED_MAX).rev();
    let open = |at: Position| views.entries.get(&at).and_then(|entry| entry.words_at).and_then(words);
    let texts: Vec<_> = newest.filter_map(|at| Some((*at, open(*at)?))).collect();
    let voice = |at: Position| views.entries.get(&at).and_then(|entry| entry.voice);
    let unexplained: Vec<_> = texts
        .iter()
        .map(|(at, text)| Unexplained {
            item: item(*at),
            text,
            voice: voice(*at).map(|tag| u128::from_be_bytes(tag.0)),
        })
        .collect();
    let themed = views.entries.iter().rev().filter(|(_, entry)| !entry.coded.themes.is_empty());
    let explained: Vec<_> =
        themed.take(UNEXPLAINED_MAX).filter_map(|(at, _)| Some((item(*at), open(*at)?))).collect();
    let explained: Vec<_> = explained.iter().map(|(item, text)| (*item, text.as_str())).collect();
    let made = discover::candidates(&unexplained, &explained, CANDIDATES_MAX);
    made.into_iter().filter_map(|made| candidate(views, &engine, &made)).collect()
}

fn candidate(views: &Views, engine: &Label, made: &discover::Candidate) -> Option<Candidate> {
    let id = |item: Item| {
        Position::new(item.0).and_then(|at| views.entries.get(&at)).map(|entry| entry.contribution)
    };
    let (phrase_of, phrase) = (id(made.phrase.0)?, &made.phrase.1);
    let exemplars: Vec<_> = made.exemplars.iter().filter_map(|item| id(*item)).collect();
    let members: Vec<_> = made.members.iter().filter_map(|item| id(*item)).collect();
    let members: Vec<_> = members.into_iter().take(domain::coding::MEMBERS_MAX).collect();
    let of: Vec<_> = exemplars.iter().chain([&phrase_of]).map(|id| id.0).collect();
    let span = Span { from: u32::try_from(phrase.start).ok()?, to: u32::try_from(phrase.end).ok()? };
    let candidate = CandidateId(same_id("candidate", &of, members.len() as u64));
    Some(Candidate { candidate, engine: engine.clone(), phrase_of, phrase: span, exemplars, members })
}
