//! What stands on the page of a duty, from the record and the day alone: the words, the figure, and every step.

use domain::{Date, DutyNumber, ThemeId};
use projections::duties::{Commitment, Duty, Step};
use projections::views::ThemeState;
use projections::{EvidenceSummary, Position, Snapshot, Views};

use crate::diff::{Piece, diff};
use crate::pages::duties::rows::{PromiseRow, Stand, name_of, promise_row, standing};
use crate::pages::duties::told::verdict;
use crate::pages::entries::source;
use crate::pages::frame;
use crate::say::{Message, say};
use crate::when::in_words;

/// Something that somebody wrote on a day.
pub(crate) struct Written {
    pub(crate) on: String,
    pub(crate) position: Position,
    pub(crate) text: String,
}

/// One version of the answer.
pub(super) struct Reply {
    pub(super) version: u16,
    pub(super) on: String,
    pub(super) position: Position,
    pub(super) text: String,
    /// What changed against the version before; none in the first.
    pub(super) changed: Vec<Piece>,
}

pub(super) struct Rejoinder {
    pub(super) verdict: Message,
    pub(super) class: &'static str,
    /// The version of the answer that it speaks of.
    pub(super) version: u16,
    pub(super) written: Written,
}

pub(super) struct Promise {
    pub(super) row: PromiseRow,
    pub(super) made: Message,
    pub(super) reports: Vec<Written>,
    pub(super) delivered: Option<Written>,
}

pub(super) struct Chain {
    pub(super) number: DutyNumber,
    pub(super) name: String,
    pub(super) owed: Message,
    pub(super) owner: String,
    pub(super) due: String,
    pub(super) stand: Stand,
    pub(super) standing: Message,
    /// Who was to answer before, and why another does.
    pub(super) reassigned: Vec<(Message, Written)>,
    pub(super) holding: Vec<Written>,
    /// The one that stands now first.
    pub(super) replies: Vec<Reply>,
    pub(super) rejoinders: Vec<Rejoinder>,
    pub(super) promises: Vec<Promise>,
}

impl Chain {
    pub(super) fn of(views: &Views, slug: &str, number: DutyNumber, today: Date) -> Option<Self> {
        let ledger = &views.frame.ledger;
        let duty = ledger.duties.get(&number)?;
        let owed = &duty.owed.what;
        let promises = duty.commitments.iter().filter_map(|at| Some((*at, ledger.commitments.get(at)?)));
        let promise = |(at, promise)| Promise::of(promise, promise_row(views, slug, at, promise, today));
        Some(Self {
            number,
            name: name_of(views, duty),
            owed: say("duty-owed").num("version", owed.version).text("day", in_words(owed.on)),
            owner: duty.owner().to_string(),
            due: in_words(duty.due()),
            stand: Stand::of_duty(duty, today),
            standing: standing(ledger.state(duty)),
            reassigned: reassigned(duty),
            holding: duty.holding.iter().map(|step| written(step, step.what.on, &step.what.text)).collect(),
            replies: replies(duty),
            rejoinders: duty.rejoinders.iter().rev().map(rejoinder).collect(),
            promises: promises.map(promise).collect(),
        })
    }
}

fn written<T>(step: &Step<T>, on: Date, text: impl ToString) -> Written {
    Written { on: in_words(on), position: step.position, text: text.to_string() }
}

fn reassigned(duty: &Duty) -> Vec<(Message, Written)> {
    let first = std::iter::once(&duty.owed.what.owner);
    let before = first.chain(duty.reassigned.iter().map(|step| &step.what.owner));
    let steps = duty.reassigned.iter().zip(before);
    let told = |(step, before): (&Step<domain::Reassigned>, &domain::Name)| {
        let who = say("duty-reassigned").text("before", before).text("owner", &step.what.owner);
        (who, written(step, step.what.on, &step.what.reason))
    };
    steps.map(told).collect()
}

fn replies(duty: &Duty) -> Vec<Reply> {
    let before = std::iter::once(None).chain(duty.replies.iter().map(Some));
    let each = duty.replies.iter().zip(before).map(|(step, before)| Reply {
        version: step.what.version,
        on: in_words(step.what.on),
        position: step.position,
        text: step.what.text.to_string(),
        changed: before
            .map(|before| diff(before.what.text.as_str(), step.what.text.as_str()))
            .unwrap_or_default(),
    });
    let mut all: Vec<_> = each.collect();
    all.reverse();
    all
}

fn rejoinder(step: &Step<domain::Rejoined>) -> Rejoinder {
    Rejoinder {
        verdict: verdict(step.what.verdict),
        class: step.what.verdict.as_str(),
        version: step.what.version,
        written: written(step, step.what.on, &step.what.reason),
    }
}

impl Promise {
    fn of(promise: &Commitment, row: PromiseRow) -> Self {
        let told = |step: &Step<domain::Reported>| written(step, step.what.on, &step.what.text);
        Self {
            made: say("duty-promised-on").text("day", in_words(promise.made.what.on)),
            reports: promise.reports.iter().map(told).collect(),
            delivered: promise.delivered.as_ref().map(told),
            row,
        }
    }
}

/// What people said, as far as anybody may read it.
#[derive(Default)]
pub(crate) struct Words {
    /// Each with who said it and its place in the record.
    pub(crate) quotes: Vec<(String, Message, u64)>,
    pub(crate) theme: Option<ThemeId>,
    /// What became of the theme, where it is not in use any more.
    pub(crate) fate: Option<Message>,
    /// Contributions in the theme now.
    pub(crate) total: u64,
}

impl Words {
    pub(crate) fn of(views: &Views, summary: &EvidenceSummary, theme: Option<ThemeId>) -> Self {
        let Some((id, known)) = theme.and_then(|id| Some((id, views.frame.themes.get(&id)?))) else {
            return Self::default();
        };
        let found = summary.findings.iter().find(|finding| finding.theme == id);
        let chosen =
            found.into_iter().flat_map(|finding| finding.quotes.iter().chain(&finding.contrary.quote));
        let public = chosen.filter_map(|quote| {
            let entry = views.entries.get(&Position::new(quote.position)?)?;
            entry.is_public().then(|| (quote.words.clone(), source(entry), quote.position))
        });
        Self {
            quotes: public.collect(),
            theme: Some(id),
            fate: (known.state != ThemeState::Live).then(|| frame::fate(views, known)),
            total: views.of_theme(id).count() as u64,
        }
    }
}

/// How often the theme had been raised when the paper was published.
pub(crate) struct Figured {
    pub(crate) position: u64,
    pub(crate) room: Option<Message>,
    pub(crate) remote: Option<Message>,
    pub(crate) contributions: Message,
}

impl Figured {
    pub(crate) fn of(then: &Snapshot, theme: ThemeId) -> Option<Self> {
        let (tally, whole) = (then.tally(theme)?, &then.tallies.of);
        let room = say("n-of-tables").num("n", tally.tables).num("of", whole.tables);
        let remote = say("n-of-voices").num("n", tally.remote_voices).num("of", whole.remote_voices);
        Some(Self {
            position: then.position(),
            room: (whole.tables > 0).then_some(room),
            remote: (whole.remote_voices > 0).then_some(remote),
            contributions: say("frame-contributions").num("n", tally.contributions),
        })
    }
}
