//! The statements of `instance.db`.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

use domain::{Actor, LinkId, Role, Slug, TableNumber, Timestamp};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use uuid::Uuid;

use super::{JoinCode, LinkRow};
use crate::voice::random_bytes;
use crate::{Error, VoiceKey};

/// How long one process waits while another one writes.
const PATIENCE: Duration = Duration::from_secs(5);

/// A link as it is found by its secret.
pub(super) struct Link {
    pub(super) id: LinkId,
    pub(super) actor: Actor,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) revoked: bool,
    pub(super) voice: VoiceKey,
}

/// The row of a session and its voice.
pub(super) type Session = (i64, VoiceKey);

/// Opens the database and gives the secret of the instance too, which is made with the file.
pub(super) fn open(data_folder: &Path) -> Result<(Connection, [u8; 32]), Error> {
    let path = data_folder.join("instance.db");
    // SQLite gives its own files the mode of this one: nobody but the owner reads voices' keys.
    let made = OpenOptions::new().append(true).create(true).mode(0o600).open(&path);
    made.map_err(|source| Error::Io { path: path.clone(), source })?;
    let connection = Connection::open(&path)?;
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "secure_delete", "ON")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    connection.execute_batch(include_str!("schema.sql"))?;
    connection.execute("INSERT OR IGNORE INTO instance (one, secret) VALUES (1, ?1)", [random_bytes()?])?;
    let secret = connection.query_row("SELECT secret FROM instance", [], |row| row.get(0))?;
    sweep(&connection)?;
    Ok((connection, secret))
}

pub(super) fn insert_link(
    connection: &Connection,
    slug: &Slug,
    row: &LinkRow,
    secret_hash: &[u8; 32],
    voice: VoiceKey,
) -> Result<(), Error> {
    connection
        .prepare_cached(
            "INSERT INTO links (link, slug, secret_hash, role, room_table, issued_at, expires_at, voice)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            row.link.0.as_bytes(),
            slug.as_str(),
            secret_hash,
            row.role.as_str(),
            row.table.map(TableNumber::get),
            to_sql(row.issued_at),
            row.expires_at.map(to_sql),
            voice.0,
        ])?;
    Ok(())
}

pub(super) fn link_by_hash(
    connection: &Connection,
    slug: &Slug,
    secret_hash: &[u8; 32],
) -> Result<Option<Link>, Error> {
    let sql = "SELECT link, role, room_table, expires_at, revoked_at, voice FROM links
               WHERE secret_hash = ?1 AND slug = ?2";
    let link = connection.prepare_cached(sql)?.query_row(params![secret_hash, slug.as_str()], link_row);
    Ok(link.optional()?)
}

fn link_row(row: &Row<'_>) -> rusqlite::Result<Link> {
    Ok(Link {
        id: link_id(row)?,
        actor: actor(row)?,
        expires_at: row.get::<_, Option<i64>>(3)?.map(from_sql),
        revoked: row.get::<_, Option<i64>>(4)?.is_some(),
        voice: VoiceKey(row.get(5)?),
    })
}

/// A code that is taken already is a constraint that fails; so few are in use that the next one is free.
pub(super) fn insert_code(
    connection: &Connection,
    slug: &Slug,
    link: LinkId,
    code: JoinCode,
) -> Result<(), Error> {
    connection
        .prepare_cached("INSERT INTO codes (code, slug, link) VALUES (?1, ?2, ?3)")?
        .execute(params![code.plain(), slug.as_str(), link.0.as_bytes()])?;
    Ok(())
}

/// The code of the latest link that still works at `now`.
pub(super) fn code_of(
    connection: &Connection,
    slug: &Slug,
    now: Timestamp,
) -> Result<Option<JoinCode>, Error> {
    let sql = "SELECT code FROM codes JOIN links USING (slug, link)
               WHERE slug = ?1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?2)
               ORDER BY issued_at DESC, code LIMIT 1";
    let code = connection
        .prepare_cached(sql)?
        .query_row(params![slug.as_str(), to_sql(now)], |row| row.get::<_, String>(0))
        .optional()?;
    Ok(code.and_then(|code| code.parse().ok()))
}

/// The assembly that a code leads to.
pub(super) fn slug_of(connection: &Connection, code: JoinCode) -> Result<Option<Slug>, Error> {
    let slug = connection
        .prepare_cached("SELECT slug FROM codes WHERE code = ?1")?
        .query_row([code.plain()], |row| row.get::<_, String>(0))
        .optional()?;
    Ok(slug.and_then(|slug| slug.parse().ok()))
}

pub(super) fn link_by_code(
    connection: &Connection,
    slug: &Slug,
    code: JoinCode,
) -> Result<Option<Link>, Error> {
    let sql = "SELECT link, role, room_table, expires_at, revoked_at, voice FROM codes JOIN links USING (slug, link)
               WHERE code = ?1 AND slug = ?2";
    let link = connection.prepare_cached(sql)?.query_row(params![code.plain(), slug.as_str()], link_row);
    Ok(link.optional()?)
}

pub(super) fn session(connection: &Connection, token_hash: &[u8; 32]) -> Result<Option<Session>, Error> {
    let sql = "SELECT session, voice FROM sessions WHERE token_hash = ?1";
    let found = connection
        .prepare_cached(sql)?
        .query_row([token_hash], |row| Ok((row.get(0)?, VoiceKey(row.get(1)?))));
    Ok(found.optional()?)
}

pub(super) fn begin_session(
    write: &Transaction<'_>,
    token_hash: &[u8; 32],
    voice: VoiceKey,
    at: Timestamp,
) -> Result<i64, Error> {
    write
        .prepare_cached("INSERT INTO sessions (token_hash, voice, begun_at) VALUES (?1, ?2, ?3)")?
        .execute(params![token_hash, voice.0, to_sql(at)])?;
    Ok(write.last_insert_rowid())
}

pub(super) fn change_token(
    write: &Transaction<'_>,
    session: i64,
    token_hash: &[u8; 32],
) -> Result<(), Error> {
    write
        .prepare_cached("UPDATE sessions SET token_hash = ?2 WHERE session = ?1")?
        .execute(params![session, token_hash])?;
    Ok(())
}

pub(super) fn has_grant(
    write: &Transaction<'_>,
    session: i64,
    slug: &Slug,
    link: LinkId,
) -> Result<bool, Error> {
    Ok(write
        .prepare_cached("SELECT 1 FROM grants WHERE session = ?1 AND slug = ?2 AND link = ?3")?
        .exists(params![session, slug.as_str(), link.0.as_bytes()])?)
}

pub(super) fn add_grant(
    write: &Transaction<'_>,
    session: i64,
    slug: &Slug,
    link: LinkId,
) -> Result<(), Error> {
    write
        .prepare_cached("INSERT INTO grants (session, slug, link) VALUES (?1, ?2, ?3)")?
        .execute(params![session, slug.as_str(), link.0.as_bytes()])?;
    Ok(())
}

/// Makes a grant the latest of all.
pub(super) fn renew_grant(
    write: &Transaction<'_>,
    session: i64,
    slug: &Slug,
    link: LinkId,
) -> Result<(), Error> {
    write
        .prepare_cached(
            "UPDATE grants SET number = (SELECT max(number) + 1 FROM grants)
             WHERE session = ?1 AND slug = ?2 AND link = ?3",
        )?
        .execute(params![session, slug.as_str(), link.0.as_bytes()])?;
    Ok(())
}

/// What a session may do at `now`, the latest grant first.
pub(super) fn grants(
    connection: &Connection,
    session: i64,
    slug: &Slug,
    now: Timestamp,
) -> Result<Vec<Actor>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT link, role, room_table FROM grants JOIN links USING (slug, link)
         WHERE session = ?1 AND slug = ?2 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?3)
         ORDER BY number DESC",
    )?;
    let rows = statement.query_map(params![session, slug.as_str(), to_sql(now)], actor)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A second revocation does not change when the first one was.
pub(super) fn revoke(connection: &Connection, slug: &Slug, link: LinkId, at: Timestamp) -> Result<(), Error> {
    connection
        .prepare_cached(
            "UPDATE links SET revoked_at = ?3 WHERE slug = ?1 AND link = ?2 AND revoked_at IS NULL",
        )?
        .execute(params![slug.as_str(), link.0.as_bytes(), to_sql(at)])?;
    Ok(())
}

pub(super) fn links(connection: &Connection, slug: &Slug) -> Result<Vec<LinkRow>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT link, role, room_table, issued_at, expires_at, revoked_at FROM links
         WHERE slug = ?1 ORDER BY issued_at DESC, link DESC",
    )?;
    let rows = statement.query_map([slug.as_str()], |row| {
        let Actor { role, table, .. } = actor(row)?;
        Ok(LinkRow {
            link: link_id(row)?,
            role,
            table,
            issued_at: from_sql(row.get(3)?),
            expires_at: row.get::<_, Option<i64>>(4)?.map(from_sql),
            revoked: row.get::<_, Option<i64>>(5)?.map(from_sql),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The voice of a source, made when it is first asked for.
pub(super) fn voice(write: &Transaction<'_>, scope: &str, source: &[u8; 32]) -> Result<VoiceKey, Error> {
    let known = write
        .prepare_cached("SELECT voice FROM voices WHERE scope = ?1 AND source = ?2")?
        .query_row(params![scope, source], |row| row.get(0).map(VoiceKey))
        .optional()?;
    if let Some(voice) = known {
        return Ok(voice);
    }
    let voice = VoiceKey::random()?;
    write
        .prepare_cached("INSERT INTO voices (scope, source, voice) VALUES (?1, ?2, ?3)")?
        .execute(params![scope, source, voice.0])?;
    Ok(voice)
}

/// Every key that is kept, of browsers, of links and of the people behind bridges and imports.
pub(super) fn voices(connection: &Connection) -> Result<Vec<VoiceKey>, Error> {
    let sql = "SELECT voice FROM sessions UNION SELECT voice FROM links UNION SELECT voice FROM voices";
    let mut statement = connection.prepare_cached(sql)?;
    let keys = statement.query_map([], |row| row.get(0).map(VoiceKey))?;
    Ok(keys.collect::<Result<_, _>>()?)
}

/// Puts a new key in the place of this one, and forgets the bridge's or the import's way to it.
pub(super) fn forget(write: &Transaction<'_>, voice: &VoiceKey, fresh: VoiceKey) -> Result<(), Error> {
    write.execute("UPDATE sessions SET voice = ?2 WHERE voice = ?1", params![voice.0, fresh.0])?;
    write.execute("UPDATE links SET voice = ?2 WHERE voice = ?1", params![voice.0, fresh.0])?;
    write.execute("DELETE FROM voices WHERE voice = ?1", params![voice.0])?;
    Ok(())
}

/// Empties the write-ahead log, so that no older page with a key that was destroyed is left. Another process that
/// reads just now only puts it off: the next sweep or start does it.
pub(super) fn sweep(connection: &Connection) -> Result<(), Error> {
    let busy: bool = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy {
        tracing::warn!(
            "instance.db is being read; what was destroyed in it goes from its log when it is next opened"
        );
    }
    Ok(())
}

fn link_id(row: &Row<'_>) -> rusqlite::Result<LinkId> {
    row.get(0).map(|bytes| LinkId(Uuid::from_bytes(bytes)))
}

/// The link, the role and the table are the first three columns everywhere.
fn actor(row: &Row<'_>) -> rusqlite::Result<Actor> {
    let role: String = row.get(1)?;
    let role: Role = role
        .parse()
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(1, Type::Text, Box::new(error)))?;
    let table = row.get::<_, Option<u16>>(2)?.and_then(TableNumber::new);
    Ok(Actor { role, link: Some(link_id(row)?), table })
}

/// SQLite's integers are signed; no clock will come near the difference.
pub(super) fn to_sql(at: Timestamp) -> i64 {
    i64::try_from(at.millis()).unwrap_or(i64::MAX)
}

fn from_sql(at: i64) -> Timestamp {
    Timestamp(u64::try_from(at).unwrap_or(0))
}
