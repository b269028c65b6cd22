//! The contribution that somebody reads now: its words, what is suggested and why, the themes and their keys, its copies.

use std::collections::{BTreeMap, BTreeSet};

use domain::coding::SuggestedTheme;
use domain::{ContributionId, SamplePurpose, ThemeId};
use projections::quality::sampled;
use projections::views::Suggestion;
use projections::{Entry, Position, Views};

use super::keys::{Keys, keys};
use super::marked::{Piece, marked, quoted};
use super::stream::Asked;
use crate::guard::Visit;
use crate::pages::entries::{EntryView, Eyes};
use crate::pages::{Notice, address, form_id};
use crate::say::{Message, say};

/// From this probability on, of 65,535, what is likely is called strong.
const STRONG_MIN: u16 = 49_152;
/// Words of more characters than this scroll in their place, so that the themes stay in sight.
const LONG_CHARS: usize = 900;
/// Most copies that one press codes; the rest are a second press.
const COPIES_MAX: usize = 100;
/// So many words that spoke for a theme are named beside it.
const WHY_MAX: usize = 3;

pub(super) struct Item {
    pub(super) entry: EntryView,
    pub(super) pieces: Vec<Piece>,
    pub(super) long: bool,
    /// Nobody has coded it, as far as this page knows.
    pub(super) unread: bool,
    pub(super) audit: bool,
    /// To be coded again by somebody who does not see how it was coded.
    pub(super) blind: bool,
    pub(super) suggested: Vec<SuggestedRow>,
    pub(super) themes: Vec<ThemeChoice>,
    pub(super) alike: Option<Alike>,
    pub(super) form_id: String,
}

pub(super) struct SuggestedRow {
    pub(super) choice: ThemeChoice,
    pub(super) strength: Message,
    pub(super) why: String,
}

pub(super) struct ThemeChoice {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) definition: String,
    pub(super) keys: Keys,
    pub(super) chosen: bool,
}

/// The others that say nearly the same.
pub(super) struct Alike {
    /// The one that it is a copy of, unless it is itself the first.
    pub(super) first: Option<String>,
    pub(super) href: String,
    /// How many there are besides it and the first.
    pub(super) others: usize,
    /// Those of them that nobody has read.
    pub(super) unread: Vec<ContributionId>,
}

impl Alike {
    /// How many one press codes, this one among them.
    pub(super) fn all(&self) -> usize {
        self.unread.len() + 1
    }
}

impl Item {
    /// `busy` are those that others hold; they are left to them.
    pub(super) fn new(
        visit: &Visit,
        views: &Views,
        (position, entry): (Position, &Entry),
        (asked, notice): (&Asked, &Notice),
        busy: &BTreeSet<ContributionId>,
    ) -> Self {
        let mut view = EntryView::new(visit, views, position, entry, Eyes::Staff);
        let words = view.words.clone().unwrap_or_default();
        if asked.double {
            view.themes.clear();
        }
        let suggestion = entry.suggested.as_ref().filter(|_| !asked.double && entry.waits_to_be_read());
        let typed: BTreeSet<ThemeId> =
            notice.all_typed("theme").filter_map(|theme| theme.parse().ok()).collect();
        let chosen = if asked.double || !typed.is_empty() { typed } else { entry.coded.themes.clone() };
        let mut choices = choices(views, suggestion, &chosen);
        let rows = suggestion.map(|found| rows(&mut choices, found, &words, entry)).unwrap_or_default();
        let spans = suggestion.filter(|found| fits(found, entry)).into_iter().flat_map(spoke);
        Self {
            pieces: marked(&words, spans),
            long: words.chars().count() > LONG_CHARS,
            unread: entry.waits_to_be_read(),
            audit: entry.waits_to_be_read()
                && sampled(views, SamplePurpose::Audit).contains(&entry.contribution),
            blind: asked.double,
            suggested: rows,
            themes: choices.into_iter().map(|(_, choice)| choice).collect(),
            alike: alike(visit, views, (position, entry), busy).filter(|_| !asked.double),
            form_id: form_id(),
            entry: view,
        }
    }
}

/// Words that were corrected since are others than those that an engine read.
fn fits(suggestion: &Suggestion, entry: &Entry) -> bool {
    entry.words_at.is_some_and(|at| at < suggestion.position)
}

/// What spoke for the likely ones; where none is, for the best.
fn spoke(suggestion: &Suggestion) -> impl Iterator<Item = domain::Span> {
    let likely = suggestion.themes.iter().filter(|theme| theme.likely).count().max(1);
    let mut themes: Vec<_> = suggestion.themes.iter().collect();
    themes.sort_by_key(|theme| !theme.likely);
    themes.into_iter().take(likely).flat_map(|theme| theme.why.iter().copied())
}

/// Every theme in the order in which they were named, with its keys.
fn choices(
    views: &Views,
    suggestion: Option<&Suggestion>,
    chosen: &BTreeSet<ThemeId>,
) -> Vec<(ThemeId, ThemeChoice)> {
    let mut themes = views.live_themes();
    themes.sort_by_key(|(id, theme)| (theme.named_at, *id));
    let ids: Vec<_> = themes.iter().map(|(id, _)| *id).collect();
    let suggested = suggestion.map(|found| found.themes.as_slice()).unwrap_or_default();
    let suggested: Vec<_> =
        suggested.iter().map(|found| found.theme).filter(|theme| ids.contains(theme)).collect();
    let engines = views.entries.values().any(|entry| entry.suggested.is_some());
    let keys = keys(&ids, &suggested, engines);
    let choice = |(id, theme): (ThemeId, &projections::views::Theme)| {
        let choice = ThemeChoice {
            id: id.to_string(),
            name: theme.name.to_string(),
            definition: theme.definition.as_ref().map(ToString::to_string).unwrap_or_default(),
            keys: keys.get(&id).copied().unwrap_or_default(),
            chosen: chosen.contains(&id),
        };
        (id, choice)
    };
    themes.into_iter().map(choice).collect()
}

/// Takes the suggested ones out of the choices, the best first.
fn rows(
    choices: &mut Vec<(ThemeId, ThemeChoice)>,
    suggestion: &Suggestion,
    words: &str,
    entry: &Entry,
) -> Vec<SuggestedRow> {
    let (mut suggested, rest): (BTreeMap<_, _>, Vec<_>) = {
        let (suggested, rest): (Vec<_>, Vec<_>) =
            std::mem::take(choices).into_iter().partition(|(_, choice)| choice.keys.suggested.is_some());
        (suggested.into_iter().collect(), rest)
    };
    *choices = rest;
    let row = |found: &SuggestedTheme| {
        let why = found.why.iter().filter(|_| fits(suggestion, entry)).take(WHY_MAX);
        Some(SuggestedRow {
            choice: suggested.remove(&found.theme)?,
            strength: strength(found),
            why: why.filter_map(|span| quoted(words, *span)).collect::<Vec<_>>().join(", "),
        })
    };
    suggestion.themes.iter().filter_map(row).collect()
}

/// A score as a word: a number would look more exact than it is.
fn strength(found: &SuggestedTheme) -> Message {
    match found.likely {
        true if found.score >= STRONG_MIN => say("desk-strong"),
        true => say("desk-likely"),
        false => say("desk-possible"),
    }
}

/// The group that it says nearly the same as.
fn alike(
    visit: &Visit,
    views: &Views,
    (position, entry): (Position, &Entry),
    busy: &BTreeSet<ContributionId>,
) -> Option<Alike> {
    let first = entry.alike.unwrap_or(position);
    let copies = views.entries.iter().filter(|(_, other)| other.alike == Some(first));
    let copies = copies.filter(|(at, _)| **at != position);
    let others = copies.clone().count();
    let first_entry = entry.alike.and_then(|first| views.entries.get(&first));
    if others == 0 && first_entry.is_none() {
        return None;
    }
    let group = first_entry.into_iter().chain(copies.map(|(_, copy)| copy));
    let unread = group.filter(|copy| copy.waits_to_be_read() && !busy.contains(&copy.contribution));
    let words = first_entry.filter(|entry| entry.may_be_read()).and_then(|entry| entry.words_at);
    let page = address(visit.hall.slug.as_str(), "contributions");
    Some(Alike {
        first: first_entry.map(|_| words.and_then(|at| visit.hall.words(at)).unwrap_or_default()),
        href: format!("{page}?position={first}"),
        others,
        unread: unread.take(COPIES_MAX).map(|copy| copy.contribution).collect(),
    })
}
