//! Which participants' words stand in the paper and on the screen: chosen by rule, never edited.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Form, Kind, RoundNumber, TableNumber, ThemeId};
use event_log::Position;
use serde::Serialize;

use crate::figure::{Query, Side};
use crate::views::{Entry, Views};

const QUOTES_PER_FINDING: usize = 2;
const ASKS_MAX: usize = 5;
/// How many candidates for a quote are opened and measured, at most.
const CANDIDATES_MAX: usize = 200;
/// A quote that a reader takes in at a glance, in characters.
const QUOTE_CHARS: std::ops::RangeInclusive<usize> = 40..=320;

/// Opens the words at a position, where they may still be opened.
pub type OpenWords<'a> = dyn Fn(Position) -> Option<String> + 'a;

/// A participant's words as they are in the record, never edited.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Quote {
    pub position: u64,
    pub words: String,
    pub form: Form,
    pub kind: Kind,
    pub side: &'static str,
    pub table: Option<TableNumber>,
    pub read_back: bool,
}

/// Up to two quotes, from different sides where both have spoken, and a concern, however long or short it is. A
/// contribution that stands in several themes is quoted once: what is `used` already is passed over.
pub(crate) fn voices_of(
    views: &Views,
    words: &OpenWords<'_>,
    theme: ThemeId,
    used: &mut BTreeSet<u64>,
) -> (Vec<Quote>, Option<Quote>) {
    let unused = views.of_theme(theme).filter(|(position, _)| !used.contains(&position.get()));
    let (concerns, others): (Vec<_>, Vec<_>) = unused.partition(|(_, entry)| entry.kind == Kind::Concern);
    let other_side = |chosen: &[Quote], entry: &Entry| {
        chosen.iter().all(|quote| quote.side != Side::of(entry.channel).as_str())
    };
    let quotes = chosen(others.into_iter(), words, quote_rank, QUOTES_PER_FINDING, other_side);
    let concern = best(concerns.into_iter(), words);
    used.extend(quotes.iter().chain(&concern).map(|quote| quote.position));
    (quotes, concern)
}

/// One public quote beside each theme that has one, in the order in which the themes are shown; none stands twice.
pub fn quotes_beside(
    views: &Views,
    words: &OpenWords<'_>,
    themes: &[ThemeId],
    round: Option<RoundNumber>,
) -> BTreeMap<ThemeId, Quote> {
    let (mut beside, mut used) = (BTreeMap::new(), BTreeSet::new());
    for theme in themes {
        let said = Query::theme(*theme).in_round(round).select(views).into_iter();
        let unused = said.filter(|(position, _)| !used.contains(&position.get()));
        if let Some(quote) = best(unused, words) {
            used.insert(quote.position);
            beside.insert(*theme, quote);
        }
    }
    beside
}

pub(crate) fn best<'a>(
    entries: impl Iterator<Item = (Position, &'a Entry)>,
    words: &OpenWords<'_>,
) -> Option<Quote> {
    chosen(entries, words, quote_rank, 1, |_, _| true).pop()
}

/// Lower is better: a person's own words before a paraphrase, what was meant to be quoted before a plain point, what
/// the table agreed to before what it did not hear; then the earlier one, so that the choice does not wander.
fn quote_rank(entry: &Entry) -> (u8, u8, u8) {
    let form = u8::from(entry.form == Form::Paraphrase);
    let kind = match entry.kind {
        Kind::Quotable => 0,
        Kind::Story => 1,
        Kind::Point | Kind::Proposal => 2,
        Kind::Concern => 3,
        Kind::Question => 4,
    };
    (form, kind, u8::from(!entry.read_back))
}

/// The best that a reader takes in at a glance, up to `most` of them; where there are none, the best of the others.
/// Only what `may_follow` those chosen before it is opened at all.
fn chosen<'a, K: Ord>(
    entries: impl Iterator<Item = (Position, &'a Entry)>,
    words: &OpenWords<'_>,
    rank: impl Fn(&Entry) -> K,
    most: usize,
    may_follow: impl Fn(&[Quote], &Entry) -> bool,
) -> Vec<Quote> {
    let (mut fitting, mut others) = (Vec::new(), Vec::new());
    for (position, entry) in ranked(entries, rank) {
        if fitting.len() == most {
            break;
        }
        let may_fit = may_follow(&fitting, entry);
        let may_stand_in = fitting.is_empty() && others.len() < most && may_follow(&others, entry);
        let opened = (may_fit || may_stand_in).then(|| quote(position, entry, words)).flatten();
        match opened {
            Some(quote) if fits(&quote) => fitting.extend(may_fit.then_some(quote)),
            Some(quote) => others.extend(may_stand_in.then_some(quote)),
            None => {}
        }
    }
    if fitting.is_empty() { others } else { fitting }
}

/// The public ones, best first.
fn ranked<'a, K: Ord>(
    entries: impl Iterator<Item = (Position, &'a Entry)>,
    rank: impl Fn(&Entry) -> K,
) -> impl Iterator<Item = (Position, &'a Entry)> {
    let mut public: Vec<_> = entries.filter(|(_, entry)| entry.is_public()).collect();
    public.sort_by_key(|(position, entry)| (rank(entry), *position));
    public.into_iter().take(CANDIDATES_MAX)
}

fn fits(quote: &Quote) -> bool {
    QUOTE_CHARS.contains(&quote.words.chars().count())
}

fn quote(position: Position, entry: &Entry, words: &OpenWords<'_>) -> Option<Quote> {
    Some(Quote {
        position: position.get(),
        words: words(entry.words_at?)?,
        form: entry.form,
        kind: entry.kind,
        side: Side::of(entry.channel).as_str(),
        table: entry.table,
        read_back: entry.read_back,
    })
}

/// What the assembly asks for, in its own words: the proposals, those that tables agreed to first.
pub(crate) fn asks(views: &Views, words: &OpenWords<'_>) -> Vec<Quote> {
    let proposals = Query { kind: Some(Kind::Proposal), ..Query::default() }.select(views).into_iter();
    let rank = |entry: &Entry| {
        let backing = std::cmp::Reverse(entry.heard_from.unwrap_or(0));
        (u8::from(!entry.read_back), backing, u8::from(entry.form == Form::Paraphrase))
    };
    let themed = proposals.filter(|(_, entry)| !entry.coded.themes.is_empty());
    chosen(themed, words, rank, ASKS_MAX, |_, _| true)
}
