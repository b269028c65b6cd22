//! Which participants' words stand in the paper and on the screen: chosen by rule, never edited.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Form, Kind, RoundNumber, Span, TableNumber, ThemeId, VoiceTag};
use event_log::Position;
use serde::Serialize;
use themes::Item;
use themes::quotes::{Chosen, QuoteCandidate};

use crate::figure::{Query, Side};
use crate::summary::contrary::{Contrary, contrary};
use crate::views::{Entry, Views};

const QUOTES_PER_FINDING: usize = 2;
const ASKS_MAX: usize = 5;
/// How many candidates for a quote are opened and measured, at most.
const CANDIDATES_MAX: usize = 200;
/// Of how many of each side those are chosen that stand for most of them.
const CANDIDATES_OF_SIDE: usize = 60;
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
    /// Which bytes of the words these are.
    pub span: Span,
    /// Somebody of the theme team wanted it here.
    pub pinned: bool,
    /// How many of its side say nearly this, of how many that could have been quoted; nothing where quotes are not
    /// chosen for what they stand for. No part of the open data: who checks it would have to choose quotes, too.
    #[serde(skip)]
    pub stands_for: Option<(u32, u32)>,
}

/// What the paper has quoted so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    pub(crate) used: BTreeSet<Position>,
    /// Who was quoted last, where that was a voice: no voice is quoted twice in a row.
    last: Option<VoiceTag>,
}

impl Told {
    /// Whether it may be quoted next: it was not quoted yet, and nothing of its voice was just now.
    pub(crate) fn may_follow(&self, position: Position, entry: &Entry) -> bool {
        !self.used.contains(&position) && (entry.voice.is_none() || entry.voice != self.last)
    }

    fn tell(&mut self, views: &Views, quote: &Quote) {
        if let Some(position) = Position::new(quote.position) {
            self.last = views.entries.get(&position).and_then(|entry| entry.voice);
            self.used.insert(position);
        }
    }
}

/// Two quotes that stand for most of what was said, one of each side first where both have spoken, and the contrary view;
/// what people have pinned comes before. None is of one voice or of one group of near copies with another. A contribution
/// that stands in several themes is quoted once, and nobody is quoted twice in a row.
pub(crate) fn voices_of(
    views: &Views,
    words: &OpenWords<'_>,
    theme: ThemeId,
    told: &mut Told,
) -> (Vec<Quote>, Contrary) {
    let contrary = contrary(views, words, theme, told);
    let against = contrary.quote.as_ref().and_then(|quote| Position::new(quote.position));
    let against_voice = against.and_then(|position| views.entries.get(&position)?.voice);
    let others: Vec<_> = views
        .of_theme(theme)
        .filter(|(position, entry)| entry.kind != Kind::Concern && told.may_follow(*position, entry))
        .filter(|(position, _)| Some(*position) != against)
        .filter(|(_, entry)| entry.voice.is_none() || entry.voice != against_voice)
        .collect();
    let quotes = representative(&others, words, theme, QUOTES_PER_FINDING);
    quotes.iter().chain(&contrary.quote).for_each(|quote| told.tell(views, quote));
    (quotes, contrary)
}

/// Those that stand for most of the others, by facility location within each side. The candidates are the best few of
/// each side that a reader takes in at a glance; where there are none, the best of the others.
fn representative(
    entries: &[(Position, &Entry)],
    words: &OpenWords<'_>,
    theme: ThemeId,
    most: usize,
) -> Vec<Quote> {
    let mut quotes = Vec::new();
    for side in [Side::Room, Side::Remote, Side::Other] {
        let of_side = entries.iter().copied().filter(|(_, entry)| Side::of(entry.channel) == side);
        let opened = ranked(of_side, quote_rank).filter_map(|(position, entry)| {
            Some((entry, quote(position, entry, words, entry.pinned.get(&theme))?))
        });
        let opened: Vec<_> = opened.take(CANDIDATES_OF_SIDE).collect();
        // A person's own words go before what somebody else made of them, and what reads at a glance before the rest.
        let own = |quote: &Quote| quote.form == Form::Verbatim;
        let any = |suits: &dyn Fn(&Quote) -> bool| opened.iter().any(|(_, quote)| suits(quote));
        let (fitting, own_fitting) = (any(&fits), any(&|quote| own(quote) && fits(quote)));
        let stays = |quote: &Quote| quote.pinned || (!fitting || fits(quote)) && (!own_fitting || own(quote));
        quotes.extend(opened.iter().filter(|(_, quote)| stays(quote)).cloned());
    }
    let candidates: Vec<_> = quotes
        .iter()
        .map(|(entry, quote)| QuoteCandidate {
            item: Item(quote.position),
            text: &quote.words,
            stratum: Side::of(entry.channel) as u8,
            voice: entry.voice.map(|tag| u128::from_be_bytes(tag.0)),
            group: entry.alike.map(|first| Item(first.get())).or(Some(Item(quote.position))),
            pinned: quote.pinned,
        })
        .collect();
    let chosen = themes::quotes::choose(&candidates, most);
    let by_item = |chosen: &Chosen| {
        let (_, quote) = quotes.iter().find(|(_, quote)| quote.position == chosen.item.0)?;
        Some(Quote { stands_for: Some((chosen.why.stands_for, chosen.why.of)), ..quote.clone() })
    };
    chosen.iter().filter_map(by_item).collect()
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
        let opened = (may_fit || may_stand_in).then(|| quote(position, entry, words, None)).flatten();
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

/// Its words as they are, or the piece of them that somebody pinned. A piece of words that were corrected since is none.
pub(crate) fn quote(
    position: Position,
    entry: &Entry,
    words: &OpenWords<'_>,
    pin: Option<&Option<Span>>,
) -> Option<Quote> {
    let words = words(entry.words_at?)?;
    let whole = Span { from: 0, to: u32::try_from(words.len()).ok()? };
    let is_piece = |span: &Span| words.get(span.from as usize..span.to as usize).is_some();
    let span = pin.copied().flatten().filter(is_piece).unwrap_or(whole);
    Some(Quote {
        position: position.get(),
        words: words.get(span.from as usize..span.to as usize)?.to_owned(),
        form: entry.form,
        kind: entry.kind,
        side: Side::of(entry.channel).as_str(),
        table: entry.table,
        read_back: entry.read_back,
        span,
        pinned: pin.is_some(),
        stands_for: None,
    })
}

/// What the assembly asks for, in its own words: the proposals, those that tables agreed to first.
pub(crate) fn asks(views: &Views, words: &OpenWords<'_>, told: &Told) -> Vec<Quote> {
    let proposals = Query { kind: Some(Kind::Proposal), ..Query::default() }.select(views).into_iter();
    let rank = |entry: &Entry| {
        let backing = std::cmp::Reverse(entry.heard_from.unwrap_or(0));
        (u8::from(!entry.read_back), backing, u8::from(entry.form == Form::Paraphrase))
    };
    let themed = proposals.filter(|(_, entry)| !entry.coded.themes.is_empty());
    chosen(themed, words, rank, ASKS_MAX, |before, entry| {
        let last = before.last().and_then(|quote| Position::new(quote.position));
        let last = last.map_or(told.last, |position| views.entries.get(&position)?.voice);
        entry.voice.is_none() || entry.voice != last
    })
}
