//! Who holds which role: links, the sessions of browsers that opened them, and the keys of voices; and who is told by
//! e-mail what a board does.
//!
//! All of it lies in `instance.db`, which several processes of one machine may use at once. Every question is asked
//! of the database anew, so that a revoked link is without effect from that moment, on open sockets too.

mod address;
mod code;
mod secret;
mod store;
mod subscriptions;

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::{Actor, AssemblyId, LinkId, Role, RoundNumber, Slug, TableNumber, Timestamp, VoiceTag};
use rusqlite::{Connection, Transaction, TransactionBehavior};

pub use self::address::{Address, BadAddress};
pub use self::code::{BadCode, JoinCode};
pub use self::secret::{BadSecret, Secret, SessionToken};
use self::store::Link;
pub use self::subscriptions::{
    Asked, CONFIRM_WITHIN_HOURS, Due, Refused, Standing, SubscriptionId, UpTo, Wanted,
};
use crate::voice::hmac;
use crate::{Error, Refusal, VoiceKey, clock};

/// Somebody with at least one role, and their voice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The latest first.
    pub grants: Vec<Actor>,
    pub voice: VoiceKey,
}

impl Holder {
    /// The latest grant that is for one of `roles`.
    pub fn as_one_of(&self, roles: &[Role]) -> Option<Actor> {
        self.grants.iter().find(|grant| roles.contains(&grant.role)).copied()
    }
}

/// One link as the organiser sees it; its secret is not known any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkRow {
    pub link: LinkId,
    pub role: Role,
    pub table: Option<TableNumber>,
    pub issued_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub revoked: Option<Timestamp>,
}

/// The one door to `instance.db`. Calls are short and block; they may be made from any thread.
pub struct Access {
    connection: Mutex<Connection>,
    secret: [u8; 32],
    now_ms: fn() -> u64,
}

impl Access {
    /// Opens or makes `instance.db` in the data folder.
    pub fn open(data_folder: &Path) -> Result<Access, Error> {
        Self::open_with(data_folder, clock::now_ms)
    }

    fn open_with(data_folder: &Path, now_ms: fn() -> u64) -> Result<Access, Error> {
        let (connection, secret) = store::open(data_folder)?;
        Ok(Access { connection: Mutex::new(connection), secret, now_ms })
    }

    /// Makes the secret of a link. It works until `lifetime` has passed or the link is revoked.
    pub fn issue(
        &self,
        slug: &Slug,
        link: LinkId,
        role: Role,
        table: Option<TableNumber>,
        lifetime: Option<Duration>,
    ) -> Result<Secret, Error> {
        let secret = Secret::random()?;
        let issued_at = self.now();
        let millis = |life: Duration| u64::try_from(life.as_millis()).unwrap_or(u64::MAX);
        let expires_at = lifetime.map(|life| Timestamp(issued_at.millis().saturating_add(millis(life))));
        let row = LinkRow { link, role, table, issued_at, expires_at, revoked: None };
        let mut connection = self.lock();
        let write = begin(&mut connection)?;
        store::insert_link(&write, slug, &row, &secret.hash(), VoiceKey::random()?)?;
        if role == Role::Participant {
            store::insert_code(&write, slug, link, JoinCode::random()?)?;
        }
        write.commit()?;
        Ok(secret)
    }

    /// Trades what somebody typed, the secret of a link or the code on the screen, for a session, and says as what they
    /// come in. A browser that has a session already keeps it, with its voice, and
    /// gains the role; its token then changes, so that a token that somebody planted never gains one.
    pub fn enter(
        &self,
        slug: &Slug,
        typed: &str,
        existing: Option<&SessionToken>,
    ) -> Result<(SessionToken, Role), Refusal> {
        let found = |write: &Transaction<'_>| match (typed.parse::<Secret>(), typed.parse::<JoinCode>()) {
            (Ok(secret), _) => store::link_by_hash(write, slug, &secret.hash()),
            (Err(_), Ok(code)) => store::link_by_code(write, slug, code),
            (Err(_), Err(_)) => Ok(None),
        };
        self.admit(slug, found, existing)
    }

    fn admit(
        &self,
        slug: &Slug,
        found: impl FnOnce(&Transaction<'_>) -> Result<Option<Link>, Error>,
        existing: Option<&SessionToken>,
    ) -> Result<(SessionToken, Role), Refusal> {
        let mut connection = self.lock();
        let write = begin(&mut connection).map_err(unavailable)?;
        let link = found(&write).map_err(unavailable)?.ok_or(Refusal::BadLink)?;
        self.still_works(&link)?;
        let token = self.grant(&write, slug, &link, existing).map_err(unavailable)?;
        write.commit().map_err(|error| unavailable(error.into()))?;
        Ok((token, link.actor.role))
    }

    /// The code by which anybody may take part just now: that of the latest participants' link.
    pub fn join_code(&self, slug: &Slug) -> Result<Option<JoinCode>, Error> {
        store::code_of(&self.lock(), slug, self.now())
    }

    /// The assembly that a code leads to.
    pub fn assembly_of(&self, code: JoinCode) -> Result<Option<Slug>, Error> {
        store::slug_of(&self.lock(), code)
    }

    fn grant(
        &self,
        write: &Transaction<'_>,
        slug: &Slug,
        link: &Link,
        existing: Option<&SessionToken>,
    ) -> Result<SessionToken, Error> {
        let known = match existing {
            Some(token) => store::session(write, &token.hash())?.map(|session| (token, session)),
            None => None,
        };
        let fresh = SessionToken::random()?;
        let Some((token, (session, _))) = known else {
            let session = store::begin_session(write, &fresh.hash(), VoiceKey::random()?, self.now())?;
            store::add_grant(write, session, slug, link.id)?;
            return Ok(fresh);
        };
        if store::has_grant(write, session, slug, link.id)? {
            // A tablet that was lent to another table speaks for its own again.
            store::renew_grant(write, session, slug, link.id)?;
            return Ok(token.clone());
        }
        store::add_grant(write, session, slug, link.id)?;
        store::change_token(write, session, &fresh.hash())?;
        Ok(fresh)
    }

    /// Who comes with this session, if it has any role in this assembly just now. The only refusal is
    /// [`Refusal::Unavailable`].
    pub fn holder(&self, slug: &Slug, token: &SessionToken) -> Result<Option<Holder>, Refusal> {
        let connection = self.lock();
        let Some((session, voice)) = store::session(&connection, &token.hash()).map_err(unavailable)? else {
            return Ok(None);
        };
        let grants = store::grants(&connection, session, slug, self.now()).map_err(unavailable)?;
        Ok((!grants.is_empty()).then_some(Holder { grants, voice }))
    }

    /// Who sends the secret of a link itself, as programs and bridges do. `person` is the bridge's own name for one
    /// of many people behind it, who then has a voice of their own; only an HMAC of that name is kept.
    pub fn bearer(&self, slug: &Slug, secret: &str, person: Option<&str>) -> Result<Option<Holder>, Refusal> {
        let Ok(secret) = secret.parse::<Secret>() else { return Ok(None) };
        let mut connection = self.lock();
        let link = store::link_by_hash(&connection, slug, &secret.hash()).map_err(unavailable)?;
        let Some(link) = link.filter(|link| self.still_works(link).is_ok()) else { return Ok(None) };
        let voice = match person {
            None => link.voice,
            Some(person) => {
                self.voice_in(&mut connection, &link_scope(link.id), &[person]).map_err(unavailable)?[0]
            }
        };
        Ok(Some(Holder { grants: vec![link.actor], voice }))
    }

    /// Ends a link, and with it the role of every session that opened it, at once.
    pub fn revoke(&self, slug: &Slug, link: LinkId) -> Result<(), Error> {
        store::revoke(&self.lock(), slug, link, self.now())
    }

    /// The key of the voice that left `tag` on an answer in `round`, if it is kept here. Tags lead to no key, so every
    /// key is tried: about a microsecond each.
    pub fn voice_of(
        &self,
        assembly: AssemblyId,
        round: RoundNumber,
        tag: VoiceTag,
    ) -> Result<Option<VoiceKey>, Refusal> {
        let voices = store::voices(&self.lock()).map_err(unavailable)?;
        Ok(voices.into_iter().find(|voice| voice.tag(assembly, round) == tag))
    }

    /// Destroys the key of a voice, so that nobody can tell any more which of its tags belong together. Whoever had it
    /// speaks with a new voice from now on, in every assembly of this server.
    pub fn forget(&self, voice: &VoiceKey) -> Result<(), Refusal> {
        let mut connection = self.lock();
        let forgotten = begin(&mut connection).and_then(|write| {
            store::forget(&write, voice, VoiceKey::random()?)?;
            Ok(write.commit()?)
        });
        forgotten.and_then(|()| store::sweep(&connection)).map_err(unavailable)
    }

    /// Every link that was ever issued for the assembly, the latest first.
    pub fn links(&self, slug: &Slug) -> Result<Vec<LinkRow>, Error> {
        store::links(&self.lock(), slug)
    }

    /// The voice of one person in an import, by whatever the source calls them; the same for the same source again.
    pub fn voice_for(&self, slug: &Slug, source: &str) -> Result<VoiceKey, Error> {
        self.voice_in(&mut self.lock(), &import_scope(slug), &[source]).map(|voices| voices[0])
    }

    /// The voices of many sources in one transaction, in the order of `sources`.
    pub fn voices_for(&self, slug: &Slug, sources: &[&str]) -> Result<Vec<VoiceKey>, Error> {
        self.voice_in(&mut self.lock(), &import_scope(slug), sources)
    }

    /// As many voices as there are sources.
    fn voice_in(
        &self,
        connection: &mut Connection,
        scope: &str,
        sources: &[&str],
    ) -> Result<Vec<VoiceKey>, Error> {
        let write = begin(connection)?;
        let mut voices = Vec::with_capacity(sources.len());
        for source in sources {
            let hidden = hmac(&self.secret, &[scope.as_bytes(), b"\0", source.as_bytes()]);
            voices.push(store::voice(&write, scope, &hidden)?);
        }
        write.commit()?;
        Ok(voices)
    }

    fn still_works(&self, link: &Link) -> Result<(), Refusal> {
        if link.revoked {
            return Err(Refusal::LinkRevoked);
        }
        match link.expires_at {
            Some(end) if end <= self.now() => Err(Refusal::LinkExpired),
            _ => Ok(()),
        }
    }

    fn now(&self) -> Timestamp {
        Timestamp((self.now_ms)())
    }

    /// A panic of another holder leaves no half-done work: its transaction was rolled back as it was dropped.
    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes the write lock at once, so that two processes wait for each other instead of failing half-way.
fn begin(connection: &mut Connection) -> Result<Transaction<'_>, Error> {
    Ok(connection.transaction_with_behavior(TransactionBehavior::Immediate)?)
}

fn unavailable(error: Error) -> Refusal {
    tracing::error!(%error, "roles could not be looked up");
    Refusal::Unavailable
}

fn import_scope(slug: &Slug) -> String {
    format!("import/{slug}")
}

fn link_scope(link: LinkId) -> String {
    format!("link/{link}")
}

#[cfg(test)]
mod tests;
