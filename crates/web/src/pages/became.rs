//! What became of a contribution after the paper was published: each duty of a theme that it stands in. Nothing is said
//! that is not in the record.

use domain::Date;
use projections::duties::Duty;
use projections::{Entry, Position, Views};

use super::duties::rows::{Stand, duty_address, name_of, standing};
use crate::say::{Message, say};
use crate::when::in_words;

pub(crate) struct Became {
    pub(crate) href: String,
    pub(crate) name: String,
    /// Whether it had been said when the paper was counted.
    pub(crate) counted: Message,
    pub(crate) owed: Message,
    pub(crate) stand: Stand,
    pub(crate) standing: Message,
    /// Each promise and how it stands.
    pub(crate) promises: Vec<(String, Message)>,
}

pub(crate) fn became(
    views: &Views,
    slug: &str,
    (position, entry): (Position, &Entry),
    today: Date,
) -> Vec<Became> {
    let ledger = &views.frame.ledger;
    // What was owed to a theme stays owed to what was said in it, also where another theme has taken it in since.
    let of_it = |duty: &Duty| {
        duty.theme().is_some_and(|theme| entry.coded.themes.contains(&views.frame.theme_now(theme)))
    };
    let duties = ledger.duties.iter().filter(|(_, duty)| of_it(duty));
    let told = |(number, duty): (&domain::DutyNumber, &Duty)| {
        let promises = duty.commitments.iter().filter_map(|promise| ledger.commitments.get(promise));
        let promised = |promise: &projections::duties::Commitment| {
            (promise.made.what.text.to_string(), Stand::of_promise(promise, today).says)
        };
        let owed = say("became-owed").num("duty", *number).text("owner", duty.owner());
        Became {
            href: duty_address(slug, *number),
            name: name_of(views, duty),
            counted: counted(views, duty, position),
            owed: owed.text("due", in_words(duty.due())),
            stand: Stand::of_duty(duty, today),
            standing: standing(ledger.state(duty)),
            promises: promises.map(promised).collect(),
        }
    };
    duties.map(told).collect()
}

fn counted(views: &Views, duty: &Duty, position: Position) -> Message {
    let version = duty.owed.what.version;
    let mut versions = views.frame.ledger.versions.iter().map(|step| &step.what);
    let at = versions.find(|published| published.version == version).map(|published| published.counted_at);
    let key = match at.is_some_and(|at| position.get() <= at) {
        true => "became-before",
        false => "became-after",
    };
    say(key).num("version", version)
}
