//! A contribution as a page shows it, and what became of it.

use domain::{Channel, Form};
use projections::{Attention, Entry, Position, Standing, Views};

use crate::guard::Visit;
use crate::pages::{address, clock};
use crate::say::{Message, say};

/// Whose eyes a page is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Eyes {
    /// Everybody: only words that a person has read and no moderator holds.
    Public,
    /// Whoever reads the paper: also what was read and set aside, so that every figure can be followed.
    Reader,
    /// The person or the table that said it.
    Own,
    /// The theme team, the organiser: everything but what is held back, withdrawn or erased.
    Staff,
    /// The moderator, who has to see what is held.
    Moderator,
}

pub(crate) struct EntryView {
    pub(crate) position: u64,
    pub(crate) id: String,
    pub(crate) time: String,
    pub(crate) source: Message,
    pub(crate) round: u16,
    pub(crate) kind: Message,
    pub(crate) paraphrase: bool,
    pub(crate) read_back: bool,
    pub(crate) heard_from: Option<u16>,
    pub(crate) corrections: u16,
    pub(crate) words: Option<String>,
    /// Said in place of words that may not be shown.
    pub(crate) instead: Message,
    pub(crate) themes: Vec<(String, String)>,
    pub(crate) state: Message,
    pub(crate) receipt: String,
    pub(crate) held: bool,
    pub(crate) withdrawn: bool,
    pub(crate) erased: bool,
    /// Whether it is one voice's, so that all that this voice has said can be found.
    pub(crate) of_voice: bool,
}

impl EntryView {
    pub(crate) fn new(visit: &Visit, views: &Views, position: Position, entry: &Entry, eyes: Eyes) -> Self {
        let held = matches!(entry.standing, Standing::Held(_));
        let may = match eyes {
            Eyes::Public => entry.is_public(),
            Eyes::Reader => entry.may_be_read() && entry.attention != Attention::Unread,
            Eyes::Staff => entry.may_be_read(),
            Eyes::Own | Eyes::Moderator => entry.may_be_read() || held,
        };
        let words = entry.words_at.filter(|_| may).and_then(|at| visit.hall.words(at));
        let receipt = (eyes == Eyes::Own).then(|| visit.hall.receipt(position)).flatten();
        Self {
            position: position.get(),
            id: entry.contribution.to_string(),
            time: clock(views).time(entry.when()),
            source: source(entry),
            round: entry.round.get(),
            kind: say(format!("kind-{}", entry.kind.as_str())),
            paraphrase: entry.form == Form::Paraphrase,
            read_back: entry.read_back,
            heard_from: entry.heard_from,
            corrections: entry.corrections,
            words,
            instead: instead(entry),
            themes: themes(visit, views, entry),
            state: state(entry),
            receipt: receipt.map(|receipt| receipt.to_string()).unwrap_or_default(),
            held,
            withdrawn: entry.standing == Standing::Withdrawn,
            erased: entry.standing == Standing::Erased,
            of_voice: entry.voice.is_some(),
        }
    }
}

/// Who said it, as far as anybody is told: a table or a way in, never a person.
pub(crate) fn source(entry: &Entry) -> Message {
    match (entry.table, entry.channel) {
        (Some(table), _) => say("source-table").num("table", table),
        (None, Channel::Room) => say("channel-room"),
        (None, channel) => say(format!("channel-{}", channel.as_str())),
    }
}

fn instead(entry: &Entry) -> Message {
    match (entry.standing, entry.words_at) {
        (Standing::Withdrawn, _) => say("words-withdrawn"),
        (Standing::Erased, _) => say("words-erased"),
        (Standing::Held(_), _) => say("words-held"),
        (Standing::Stands, None) => say("words-blank"),
        (Standing::Stands, Some(_)) if entry.attention == Attention::Unread => say("words-unread"),
        (Standing::Stands, Some(_)) => say("words-aside"),
    }
}

/// What became of it, in the one word that matters most to the person who said it.
fn state(entry: &Entry) -> Message {
    match (entry.standing, &entry.attention, entry.coded.themes.is_empty()) {
        (Standing::Withdrawn, ..) => say("state-withdrawn"),
        (Standing::Erased, ..) => say("state-erased"),
        (Standing::Held(reason), ..) => {
            say("state-held").text("reason", say(format!("held-{}", reason.as_str())))
        }
        (_, _, false) => say("state-themed"),
        (_, Attention::SetAside(reason), true) => say("state-set-aside").text("reason", reason),
        (_, Attention::Read, true) => say("state-residue"),
        (_, Attention::Unread, true) => say("state-unread"),
    }
}

fn themes(visit: &Visit, views: &Views, entry: &Entry) -> Vec<(String, String)> {
    let named =
        entry.coded.themes.iter().filter_map(|id| views.frame.themes.get(id).map(|theme| (id, theme)));
    let page = address(visit.hall.slug.as_str(), "contributions");
    named.map(|(id, theme)| (theme.name.to_string(), format!("{page}?theme={id}"))).collect()
}
