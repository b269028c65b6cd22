//! What a language model has written about a theme, for somebody to read and sign off.

use domain::draft::QUOTED_HERE;
use domain::{ContributionId, Quoted, Sentence, ThemeId};
use projections::Views;
use projections::duties::Drafted;

use crate::Drafts;
use crate::guard::Visit;
use crate::pages::form_id;
use crate::say::{Message, say};

pub(super) struct Asking {
    pub(super) form_id: String,
    /// The id of the draft that would be asked for.
    pub(super) ask_id: String,
    /// Whether a draft may be asked for.
    pub(super) may_ask: bool,
    /// One was asked for and is not there yet.
    pub(super) waits: bool,
    pub(super) draft: Option<DraftView>,
}

pub(super) struct DraftView {
    pub(super) id: String,
    /// By whom, and whether anybody answers for it.
    pub(super) by: Message,
    pub(super) sentences: Vec<SentenceView>,
    pub(super) dropped: u16,
    /// Whether it can be signed off: nobody has, and something in it is in words of its own.
    pub(super) open: bool,
}

pub(super) struct SentenceView {
    pub(super) text: String,
    /// Where each contribution that it rests on can be read.
    pub(super) sources: Vec<(usize, String)>,
}

impl Asking {
    pub(super) fn about(visit: &Visit, views: &Views, theme: ThemeId) -> Option<Self> {
        let latest = views.frame.ledger.drafts.iter().rev().find(|of| of.theme == theme);
        let on = visit.house.settings.drafts == Drafts::On;
        let waits = latest.is_some_and(|of| of.written.is_none());
        let draft = latest.and_then(|of| draft(visit, views, of));
        let may_ask = on && !waits;
        let (form_id, ask_id) = (form_id(), form_id());
        (on || draft.is_some()).then_some(Self { form_id, ask_id, may_ask, waits, draft })
    }
}

fn draft(visit: &Visit, views: &Views, of: &Drafted) -> Option<DraftView> {
    let written = of.written.as_ref()?;
    let by = say(if of.signed { "model-signed" } else { "model-wrote" });
    let own = written.sentences.iter().any(|sentence| sentence.quotes.is_empty());
    Some(DraftView {
        id: of.draft.to_string(),
        by: by.text("model", &written.model),
        sentences: written.sentences.iter().map(|said| sentence(visit, views, said)).collect(),
        dropped: written.dropped,
        open: own && !of.signed,
    })
}

/// With what is quoted as it stands there now, and a word in its place where it may not be read any more.
fn sentence(visit: &Visit, views: &Views, said: &Sentence) -> SentenceView {
    let mut pieces = said.text.as_str().split(QUOTED_HERE);
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for (piece, quoted) in pieces.zip(&said.quotes) {
        match words(visit, views, quoted) {
            Some(words) => text.push_str(&format!("“{words}”")),
            None => text.push_str(&say("edit-quote-gone").to_string()),
        }
        text.push_str(piece);
    }
    let place = |id: &ContributionId| visit.hall.receipt(views.entry(*id)?.0);
    let sources = said.cites.iter().filter_map(|id| Some(format!("receipt/{}", place(id)?)));
    SentenceView { text, sources: (1..).zip(sources).collect() }
}

fn words(visit: &Visit, views: &Views, quoted: &Quoted) -> Option<String> {
    let (_, entry) = views.entry(quoted.contribution).filter(|(_, entry)| entry.is_public())?;
    let words = visit.hall.words(entry.words_at?)?;
    words.get(quoted.span.from as usize..quoted.span.to as usize).map(str::to_owned)
}
