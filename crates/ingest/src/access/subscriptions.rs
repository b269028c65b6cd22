//! Who is told by e-mail what a board owes and does, and up to where each has been told.
//!
//! Somebody asks; a message with a link goes to the address; who follows the link and says yes is told from then on. A
//! letter is settled before it is sent (up to which event and day it goes) and noted afterwards: a crash in between
//! sends the same letter once more, under the same name.

mod rows;
#[cfg(test)]
mod tests;

use domain::{Date, Slug, Timestamp};
use uuid::{Builder, Uuid};

use super::{Access, Address, Secret, begin, store, unavailable};
use crate::voice::{hmac, random_bytes};
use crate::{Error, Refusal};

/// How long a confirmation is waited for; then the address is deleted.
pub const CONFIRM_WITHIN_HOURS: u64 = 48;
const CONFIRM_WITHIN_MS: u64 = CONFIRM_WITHIN_HOURS * HOUR_MS;
/// Most people who are told of one assembly. More than those who can ask, at most, while a confirmation is waited for.
const SUBSCRIPTIONS_MAX: u32 = 20_000;
/// Most confirmations that are sent in an hour, to anybody, and in a day to one address.
const ASKED_PER_HOUR_MAX: u32 = 300;
const ASKED_PER_DAY_MAX: u32 = 5;
const HOUR_MS: u64 = 60 * 60 * 1_000;
const DAY_MS: u64 = 24 * HOUR_MS;

/// In the place of an address to which nothing is sent.
const NOBODY: [u8; 32] = [0; 32];

/// After how many refusals for good, and how many for now, a letter is not tried any more.
const REFUSED_MAX: u32 = 5;
const LATER_MAX: u32 = 12;
/// How long others go first after the line broke over a letter.
const UNHEARD_MS: u64 = 5_000;
/// An address to which nothing can be sent is deleted after this long.
const ASIDE_MS: u64 = 30 * DAY_MS;
/// How long a letter waits after it was refused, the first time and at most.
const PUT_OFF_MIN_MS: u64 = 60_000;
const PUT_OFF_MAX_MS: u64 = 6 * HOUR_MS;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SubscriptionId(pub Uuid);

impl SubscriptionId {
    fn random() -> Result<Self, Error> {
        let bytes = random_bytes()?;
        Ok(Self(Builder::from_random_bytes(std::array::from_fn(|index| bytes[index])).into_uuid()))
    }
}

/// Up to which event somebody has been told, and up to which day of the assembly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UpTo {
    pub position: u64,
    pub day: Date,
}

/// What became of somebody's asking. It says nothing of the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// If the address is not told yet, and was not asked too often, a message goes to it.
    Noted,
    /// Too many have asked within the hour.
    TooMany,
    /// Nobody else can be told of this assembly.
    Full,
}

/// What somebody finds behind the link in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Asked,
    Confirmed,
}

/// A letter that is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    pub id: SubscriptionId,
    pub address: Address,
    /// What stands in its links.
    pub secret: Secret,
    pub wanted: Wanted,
    /// The name of this letter, in 32 hexadecimal digits: the same whenever it is sent.
    pub name: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The how manieth.
    Confirmation(u32),
    News {
        since: UpTo,
        to: UpTo,
    },
}

/// Whether a letter that was refused may be taken later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    ForGood,
    ForNow,
    /// Nothing was said about it: the line broke.
    Unheard,
}

impl Access {
    /// Somebody wants this address to be told. What is answered is the same whether or not it is known.
    pub fn ask_for_mail(&self, slug: &Slug, address: &Address) -> Result<Asked, Refusal> {
        self.asked(slug, address).map_err(unavailable)
    }

    fn asked(&self, slug: &Slug, address: &Address) -> Result<Asked, Error> {
        let (now, source) = (self.now(), self.source(address));
        let mut connection = self.lock();
        let write = begin(&mut connection)?;
        rows::forget_asked(&write, before(now, DAY_MS))?;
        if rows::asked_since(&write, before(now, HOUR_MS), None)? >= ASKED_PER_HOUR_MAX {
            return Ok(Asked::TooMany);
        }
        if rows::count(&write, slug)? >= SUBSCRIPTIONS_MAX {
            return Ok(Asked::Full);
        }
        let is_known = rows::is_confirmed(&write, slug, &source)?;
        let is_often = rows::asked_since(&write, before(now, DAY_MS), Some(&source))? >= ASKED_PER_DAY_MAX;
        if is_known {
            rows::try_again(&write, slug, &source)?;
        } else if !is_often {
            let id = SubscriptionId::random()?;
            rows::ask(&write, slug, (id, &self.mail_secret(id).hash()), (address, &source), now)?;
        }
        // Something is written in every case, so that the time that an answer takes says nothing either.
        rows::note_asked(&write, if is_known || is_often { &NOBODY } else { &source }, now)?;
        write.commit()?;
        Ok(Asked::Noted)
    }

    /// What the link with this secret leads to.
    pub fn mail_standing(&self, slug: &Slug, secret: &Secret) -> Result<Option<Standing>, Refusal> {
        let oldest = before(self.now(), CONFIRM_WITHIN_MS);
        rows::standing(&self.lock(), slug, &secret.hash(), oldest).map_err(unavailable)
    }

    /// Who follows the link is told what comes after `from`. Says whether the link leads to anybody.
    pub fn confirm_mail(&self, slug: &Slug, secret: &Secret, from: UpTo) -> Result<bool, Refusal> {
        let now = self.now();
        let oldest = before(now, CONFIRM_WITHIN_MS);
        let connection = self.lock();
        rows::confirm(&connection, slug, &secret.hash(), from, (now, oldest)).map_err(unavailable)?;
        let standing = rows::standing(&connection, slug, &secret.hash(), oldest).map_err(unavailable)?;
        Ok(standing == Some(Standing::Confirmed))
    }

    /// Deletes the address behind this secret, if there is one.
    pub fn end_mail(&self, slug: &Slug, secret: &Secret) -> Result<(), Refusal> {
        let connection = self.lock();
        let deleted = rows::delete(&connection, slug, &secret.hash()).map_err(unavailable)?;
        if deleted { store::sweep(&connection).map_err(unavailable) } else { Ok(()) }
    }

    /// Deletes the addresses that nobody has confirmed in time, and those that have been put aside for long.
    pub fn delete_stale_mail(&self) -> Result<(), Error> {
        let now = self.now();
        let connection = self.lock();
        rows::forget_asked(&connection, before(now, DAY_MS))?;
        let oldest = (before(now, CONFIRM_WITHIN_MS), before(now, ASIDE_MS));
        let deleted = rows::delete_stale(&connection, oldest)?;
        if deleted { store::sweep(&connection) } else { Ok(()) }
    }

    /// Settles a letter that goes up to `to`, for everybody who has not been told of `latest` and waits for no letter yet.
    pub fn settle_letters(&self, slug: &Slug, latest: UpTo, to: UpTo) -> Result<(), Error> {
        rows::settle(&self.lock(), slug, latest, to)
    }

    /// Letters that may be tried now, those that have not been tried yet first.
    pub fn due_letters(&self, slug: &Slug, most: u32) -> Result<Vec<Due>, Error> {
        let found = rows::due(&self.lock(), slug, self.now(), most)?;
        Ok(found.into_iter().map(|(id, address, wanted)| self.due(id, address, wanted)).collect())
    }

    fn due(&self, id: SubscriptionId, address: Address, wanted: Wanted) -> Due {
        let of = match wanted {
            Wanted::Confirmation(number) => format!("asked {number}"),
            Wanted::News { to, .. } => format!("news {} {}", to.position, to.day),
        };
        let name = hmac(&self.secret, &[b"plenary-letter/v1\0", id.0.as_bytes(), of.as_bytes()]);
        let name = name[..16].iter().map(|byte| format!("{byte:02x}")).collect();
        Due { id, address, secret: self.mail_secret(id), wanted, name }
    }

    /// The letter was taken.
    pub fn letter_sent(&self, due: &Due) -> Result<(), Error> {
        rows::sent(&self.lock(), due.id, due.wanted)
    }

    /// The letter was not taken. Says whether it is not tried any more.
    pub fn letter_refused(&self, due: &Due, refused: Refused) -> Result<bool, Error> {
        let (now, connection) = (self.now(), self.lock());
        let known = rows::tries(&connection, due.id)?;
        let (tries, most, wait) = match refused {
            Refused::ForGood => (known + 1, REFUSED_MAX, put_off(known + 1)),
            Refused::ForNow => (known + 1, LATER_MAX, put_off(known + 1)),
            Refused::Unheard => (known, u32::MAX, UNHEARD_MS),
        };
        let next = Timestamp(now.millis().saturating_add(wait));
        let aside = (tries >= most).then_some(now);
        rows::put_off(&connection, due.id, tries, next, aside)?;
        Ok(aside.is_some())
    }

    fn mail_secret(&self, id: SubscriptionId) -> Secret {
        Secret::of(hmac(&self.secret, &[b"plenary-mail/v1\0", id.0.as_bytes()]))
    }

    fn source(&self, address: &Address) -> [u8; 32] {
        hmac(&self.secret, &[b"plenary-address/v1\0", address.folded().as_bytes()])
    }
}

fn before(now: Timestamp, millis: u64) -> Timestamp {
    Timestamp(now.millis().saturating_sub(millis))
}

/// A minute, four, sixteen, up to six hours.
fn put_off(tries: u32) -> u64 {
    PUT_OFF_MIN_MS.saturating_mul(4_u64.saturating_pow(tries.saturating_sub(1))).min(PUT_OFF_MAX_MS)
}
