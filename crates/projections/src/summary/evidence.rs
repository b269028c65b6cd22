//! Every contribution as it stands in the paper, so that figures can be counted again from the paper alone.

use std::collections::BTreeSet;

use domain::{Form, Kind, LinkId, RoundNumber, TableNumber, ThemeId, Timestamp};
use event_log::Position;
use serde::Serialize;

use crate::figure::{Side, State, reasons_of};
use crate::marks::Reactions;
use crate::quotes::OpenWords;
use crate::views::{Attention, Entry, Standing, Views};

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evidence {
    pub position: u64,
    pub when: Timestamp,
    pub round: RoundNumber,
    pub channel: &'static str,
    pub side: &'static str,
    pub table: Option<TableNumber>,
    /// The voice's tag within its question.
    pub voice: Option<String>,
    /// The link through which it came in: of a table, of a bridge, or the one that everybody at home shares.
    pub link: Option<LinkId>,
    pub kind: Kind,
    pub form: Form,
    pub heard_from: Option<u16>,
    pub read_back: bool,
    pub corrections: u16,
    pub themes: BTreeSet<ThemeId>,
    /// What an engine last took it to be about, before a person read it, and which engine.
    pub suggested: BTreeSet<ThemeId>,
    pub engine: Option<String>,
    /// The earlier contribution that it is nearly a copy of.
    pub copy_of: Option<u64>,
    /// How people at home took it.
    pub reactions: Reactions,
    pub state: &'static str,
    /// Why it is held back or was set aside; a figure's `reason=` is the first eight bytes of such a text's SHA-256.
    pub reasons: Vec<String>,
    /// Absent where they may not be shown; `shown` says why.
    pub words: Option<String>,
    pub shown: Shown,
}

/// Whether a contribution's words stand in the paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shown {
    Words,
    Unread,
    Held,
    Withdrawn,
    Erased,
    /// Read by the theme team and put in no theme, on a paper that everybody sees.
    SetAside,
    NoWords,
}

pub(super) fn all(views: &Views, words: &OpenWords<'_>) -> Vec<Evidence> {
    let entries = views.entries.iter();
    entries.map(|(at, entry)| evidence(*at, entry, views.marks.reactions(*at), words)).collect()
}

fn evidence(position: Position, entry: &Entry, reactions: Reactions, words: &OpenWords<'_>) -> Evidence {
    let suggested = entry.suggested.iter().flat_map(|made| &made.themes).map(|made| made.theme);
    let (words, shown) = shown(entry, words);
    Evidence {
        position: position.get(),
        when: entry.when(),
        round: entry.round,
        channel: entry.channel.as_str(),
        side: Side::of(entry.channel).as_str(),
        table: entry.table,
        voice: entry.voice.map(String::from),
        link: entry.device,
        kind: entry.kind,
        form: entry.form,
        heard_from: entry.heard_from,
        read_back: entry.read_back,
        corrections: entry.corrections,
        themes: entry.coded.themes.clone(),
        suggested: suggested.collect(),
        engine: entry.engine().map(str::to_owned),
        copy_of: entry.alike.map(Position::get),
        reactions,
        state: state(entry),
        reasons: reasons_of(entry).map(str::to_owned).collect(),
        words,
        shown,
    }
}

fn state(entry: &Entry) -> &'static str {
    match (&entry.attention, entry.coded.themes.is_empty()) {
        (_, false) => State::Themed.as_str(),
        (Attention::SetAside(_), true) => State::SetAside.as_str(),
        (Attention::Read, true) => State::Residue.as_str(),
        (Attention::Unread, true) => State::Unread.as_str(),
    }
}

fn shown(entry: &Entry, words: &OpenWords<'_>) -> (Option<String>, Shown) {
    match (entry.standing, &entry.attention, entry.words_at) {
        (Standing::Withdrawn, ..) => (None, Shown::Withdrawn),
        (Standing::Erased, ..) => (None, Shown::Erased),
        (Standing::Held(_), ..) => (None, Shown::Held),
        (_, _, None) => (None, Shown::NoWords),
        (_, Attention::Unread, _) => (None, Shown::Unread),
        (_, attention, Some(at)) => match (words(at), attention) {
            (Some(words), _) => (Some(words), Shown::Words),
            (None, Attention::SetAside(_)) => (None, Shown::SetAside),
            (None, _) => (None, Shown::Erased),
        },
    }
}
