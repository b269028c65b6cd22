//! What goes out by e-mail, from the record and the day alone: no word of a participant is in it, nor of the answers, only
//! what happened and where to read it.

use std::collections::BTreeSet;

use domain::{Date, DutyNumber, Slug};
use ingest::{CONFIRM_WITHIN_HOURS, Due, UpTo, Wanted};
use projections::duties::{Commitment, Duty, Ledger};
use projections::{Position, Views};

use crate::house::House;
use crate::pages::duties::rows::name_of;
use crate::pages::duties::today;
use crate::pages::duties::told::told;
use crate::say::{Message, say};
use crate::when::in_words;

/// One message to one person, but for the address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub subject: String,
    pub text: String,
    /// The address that ends it all (RFC 8058).
    pub stop: String,
}

/// How far there is news of an assembly, and how far its record and its calendar are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct News {
    pub latest: UpTo,
    pub now: UpTo,
}

impl House {
    /// Waits until somebody asks to be told by e-mail.
    pub async fn letter_asked(&self) {
        self.letterbox.notified().await;
    }

    /// `None` where there is no such assembly. What was `known` is given back where nothing has happened since.
    pub fn news(&self, slug: &Slug, known: Option<News>) -> Option<News> {
        self.projection(slug)?.read(|views| {
            let now = UpTo { position: views.position, day: today(views) };
            let known = known.filter(|known| known.now == now);
            Some(known.unwrap_or_else(|| News { latest: latest(&views.frame.ledger, now.day), now }))
        })
    }

    /// `None` where there is nothing to tell between the two moments that the letter is for.
    pub fn letter(&self, slug: &Slug, due: &Due) -> Option<Letter> {
        let address = format!("{}/a/{slug}", self.settings.public_url);
        self.projection(slug)?.read(|views| letter(views, &address, due))
    }
}

/// Up to where there is something to tell. A duty that arose comes with the version that made it one.
fn latest(ledger: &Ledger, today: Date) -> UpTo {
    let day = overdue(ledger, None).map(|overdue| overdue.since).filter(|since| *since <= today).max();
    UpTo { position: ledger.last_step().map_or(0, Position::get), day: day.unwrap_or(Date::EPOCH) }
}

/// Something that is not done, on the first day after the one on which it was due.
struct Overdue {
    since: Date,
    duty: DutyNumber,
    says: Message,
    /// Where on the page of the duty.
    anchor: String,
}

/// Whatever will be overdue one day if nothing happens; as it stood at a position, or as it stands.
fn overdue(ledger: &Ledger, at: Option<u64>) -> impl Iterator<Item = Overdue> {
    let by_then = move |position: Position| at.is_none_or(|at| position.get() <= at);
    let is_open = move |duty: &Duty| !duty.replies.first().is_some_and(|first| by_then(first.position));
    let duties = ledger.duties.iter().filter(move |(_, duty)| is_open(duty)).map(|(number, duty)| Overdue {
        since: duty.due().plus_days(1),
        duty: *number,
        says: say("letter-overdue")
            .num("duty", number)
            .text("owner", duty.owner())
            .text("due", in_words(duty.due())),
        anchor: String::new(),
    });
    let unkept = move |promise: &Commitment| {
        by_then(promise.made.position)
            && !promise.delivered.as_ref().is_some_and(|kept| by_then(kept.position))
    };
    let promises = ledger.commitments.iter().filter(move |(_, promise)| unkept(promise));
    let promises = promises.map(|(number, promise)| Overdue {
        since: promise.made.what.due.plus_days(1),
        duty: promise.made.what.duty,
        says: say("letter-promise-overdue")
            .num("promise", number)
            .text("owner", &promise.made.what.owner)
            .text("due", in_words(promise.made.what.due)),
        anchor: format!("#promise-{number}"),
    });
    duties.chain(promises)
}

/// What happened, and where to read it.
struct Item {
    says: String,
    page: String,
}

fn items(views: &Views, since: UpTo, to: UpTo) -> Vec<Item> {
    let ledger = &views.frame.ledger;
    let new = |position: Position| since.position < position.get() && position.get() <= to.position;
    let published = ledger.versions.iter().filter(|step| new(step.position)).map(|step| {
        let version = step.what.version;
        let owed = ledger.duties.values().filter(|duty| duty.owed.what.version == version).count();
        let says = say("letter-published").num("version", version).num("n", owed).to_string();
        Item { says, page: format!("published/{version}") }
    });
    let owed: BTreeSet<_> = ledger.duties.values().map(|duty| duty.owed.position).collect();
    let steps = told(views).into_iter().filter(|step| new(step.position) && !owed.contains(&step.position));
    let steps = steps.filter_map(|step| {
        let page = format!("duty/{}", step.duty?);
        let says = step.late.map_or_else(|| step.title.clone(), |late| format!("{}. {late}", step.title));
        Some(Item { says, page })
    });
    let late = overdue(ledger, Some(to.position)).filter(|it| since.day < it.since && it.since <= to.day);
    let late = late.map(|it| {
        let name = ledger.duties.get(&it.duty).map(|duty| name_of(views, duty)).unwrap_or_default();
        Item { says: it.says.text("name", name).to_string(), page: format!("duty/{}{}", it.duty, it.anchor) }
    });
    published.chain(steps).chain(late).collect()
}

fn letter(views: &Views, address: &str, due: &Due) -> Option<Letter> {
    let about = views.frame.about.as_ref()?;
    let link = format!("{address}/mail/{}", due.secret.reveal());
    let stop = format!("{link}/stop");
    let title = &about.title;
    let (subject, text) = match due.wanted {
        Wanted::Confirmation(_) => {
            let who = say("letter-confirm-who").text("title", title).text("board", &about.board);
            let yes = say("letter-confirm-yes").num("hours", CONFIRM_WITHIN_HOURS);
            let text = format!(
                "{who}\n\n{yes}\n\n{link}\n\n{}\n\n-- \n{}\n{stop}\n",
                say("letter-confirm-no"),
                say("letter-stop")
            );
            (say("letter-confirm-subject").text("title", title).to_string(), text)
        }
        Wanted::News { since, to } => {
            let items = items(views, since, to);
            let news = match items.as_slice() {
                [] => return None,
                [one] => one.says.clone(),
                several => say("letter-news").num("n", several.len()).to_string(),
            };
            let told = items.iter().map(|item| format!("{}\n{address}/{}\n\n", item.says, item.page));
            let told: String = told.collect();
            let (all, why) = (say("letter-all"), say("letter-why"));
            let text = format!("{title}\n\n{told}{all}\n{address}/duties\n\n-- \n{why}\n{stop}\n");
            (say("letter-subject").text("title", title).text("news", news).to_string(), text)
        }
    };
    Some(Letter { subject, text, stop })
}

#[cfg(test)]
mod tests;
