//! The statements of subscriptions.

use domain::{Date, Slug, Timestamp};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

use super::{Address, Standing, SubscriptionId, UpTo, Wanted};
use crate::Error;
use crate::access::store::to_sql;

type Hash = [u8; 32];

pub(super) fn forget_asked(connection: &Connection, until: Timestamp) -> Result<(), Error> {
    connection.prepare_cached("DELETE FROM mail_asked WHERE at < ?1")?.execute([to_sql(until)])?;
    Ok(())
}

/// How many confirmations were asked for since then, of one address or of all.
pub(super) fn asked_since(
    connection: &Connection,
    since: Timestamp,
    source: Option<&Hash>,
) -> Result<u32, Error> {
    let sql = "SELECT count(*) FROM mail_asked WHERE at >= ?1 AND (?2 IS NULL OR source = ?2)";
    Ok(connection.prepare_cached(sql)?.query_row(params![to_sql(since), source], |row| row.get(0))?)
}

pub(super) fn note_asked(connection: &Connection, source: &Hash, at: Timestamp) -> Result<(), Error> {
    let sql = "INSERT INTO mail_asked (source, at) VALUES (?1, ?2)";
    connection.prepare_cached(sql)?.execute(params![source, to_sql(at)])?;
    Ok(())
}

pub(super) fn count(connection: &Connection, slug: &Slug) -> Result<u32, Error> {
    let sql = "SELECT count(*) FROM subscriptions WHERE slug = ?1";
    Ok(connection.prepare_cached(sql)?.query_row([slug.as_str()], |row| row.get(0))?)
}

pub(super) fn is_confirmed(connection: &Connection, slug: &Slug, source: &Hash) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM subscriptions WHERE slug = ?1 AND source = ?2 AND confirmed_at IS NOT NULL";
    Ok(connection.prepare_cached(sql)?.exists(params![slug.as_str(), source])?)
}

/// Somebody who was put aside asks for news once more.
pub(super) fn try_again(connection: &Connection, slug: &Slug, source: &Hash) -> Result<(), Error> {
    let sql = "UPDATE subscriptions SET tries = 0, next_at = 0, aside_at = NULL
               WHERE slug = ?1 AND source = ?2 AND aside_at IS NOT NULL";
    connection.prepare_cached(sql)?.execute(params![slug.as_str(), source])?;
    Ok(())
}

/// Asks anew, or once more: then the link in the first message goes on working.
pub(super) fn ask(
    connection: &Connection,
    slug: &Slug,
    (id, secret_hash): (SubscriptionId, &Hash),
    (address, source): (&Address, &Hash),
    now: Timestamp,
) -> Result<(), Error> {
    let sql = "INSERT INTO subscriptions (subscription, slug, address, source, secret_hash, asked_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)
               ON CONFLICT (slug, source) DO UPDATE SET address = excluded.address, asked_at = excluded.asked_at,
                   asked = asked + 1, asking = 1, tries = 0, next_at = 0, aside_at = NULL";
    let (id, at) = (id.0.as_bytes(), to_sql(now));
    connection.prepare_cached(sql)?.execute(params![
        id,
        slug.as_str(),
        address.reveal(),
        source,
        secret_hash,
        at
    ])?;
    Ok(())
}

pub(super) fn standing(
    connection: &Connection,
    slug: &Slug,
    secret_hash: &Hash,
    oldest: Timestamp,
) -> Result<Option<Standing>, Error> {
    let sql = "SELECT confirmed_at IS NOT NULL FROM subscriptions
               WHERE slug = ?1 AND secret_hash = ?2 AND (confirmed_at IS NOT NULL OR asked_at >= ?3)";
    let found = connection
        .prepare_cached(sql)?
        .query_row(params![slug.as_str(), secret_hash, to_sql(oldest)], |row| row.get(0))
        .optional()?;
    Ok(found.map(|confirmed: bool| if confirmed { Standing::Confirmed } else { Standing::Asked }))
}

pub(super) fn confirm(
    connection: &Connection,
    slug: &Slug,
    secret_hash: &Hash,
    from: UpTo,
    (now, oldest): (Timestamp, Timestamp),
) -> Result<(), Error> {
    let sql = "UPDATE subscriptions
               SET confirmed_at = ?3, asking = 0, position = ?4, day = ?5, tries = 0, next_at = 0, aside_at = NULL
               WHERE slug = ?1 AND secret_hash = ?2 AND confirmed_at IS NULL AND asked_at >= ?6";
    connection.prepare_cached(sql)?.execute(params![
        slug.as_str(),
        secret_hash,
        to_sql(now),
        from.position,
        from.day.to_string(),
        to_sql(oldest)
    ])?;
    Ok(())
}

pub(super) fn delete(connection: &Connection, slug: &Slug, secret_hash: &Hash) -> Result<bool, Error> {
    let sql = "DELETE FROM subscriptions WHERE slug = ?1 AND secret_hash = ?2";
    Ok(connection.prepare_cached(sql)?.execute(params![slug.as_str(), secret_hash])? > 0)
}

/// Those that were asked for before one moment and are not confirmed, and those that were put aside before another.
pub(super) fn delete_stale(
    connection: &Connection,
    (asked, aside): (Timestamp, Timestamp),
) -> Result<bool, Error> {
    let sql = "DELETE FROM subscriptions WHERE (confirmed_at IS NULL AND asked_at < ?1) OR aside_at < ?2";
    Ok(connection.prepare_cached(sql)?.execute([to_sql(asked), to_sql(aside)])? > 0)
}

pub(super) fn settle(connection: &Connection, slug: &Slug, latest: UpTo, to: UpTo) -> Result<(), Error> {
    let sql = "UPDATE subscriptions SET to_position = ?4, to_day = ?5
               WHERE slug = ?1 AND confirmed_at IS NOT NULL AND aside_at IS NULL AND to_position IS NULL
                   AND (position < ?2 OR day < ?3)";
    connection.prepare_cached(sql)?.execute(params![
        slug.as_str(),
        latest.position,
        latest.day.to_string(),
        to.position,
        to.day.to_string()
    ])?;
    Ok(())
}

pub(super) fn due(
    connection: &Connection,
    slug: &Slug,
    now: Timestamp,
    most: u32,
) -> Result<Vec<(SubscriptionId, Address, Wanted)>, Error> {
    let sql = "SELECT subscription, address, asking, asked, position, day, to_position, to_day FROM subscriptions
               WHERE slug = ?1 AND next_at <= ?2 AND aside_at IS NULL AND (asking = 1 OR to_position IS NOT NULL)
               ORDER BY next_at, subscription LIMIT ?3";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![slug.as_str(), to_sql(now), most], due_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn due_row(row: &Row<'_>) -> rusqlite::Result<(SubscriptionId, Address, Wanted)> {
    let unreadable = |column, error| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, error);
    let id = SubscriptionId(Uuid::from_bytes(row.get(0)?));
    let address = row.get::<_, String>(1)?;
    let address = Address::parse(&address).map_err(|error| unreadable(1, Box::new(error)))?;
    if row.get(2)? {
        return Ok((id, address, Wanted::Confirmation(row.get(3)?)));
    }
    let day = |column| {
        let text: String = row.get(column)?;
        text.parse::<Date>().map_err(|error| unreadable(column, Box::new(error)))
    };
    let since = UpTo { position: row.get(4)?, day: day(5)? };
    let to = UpTo { position: row.get(6)?, day: day(7)? };
    Ok((id, address, Wanted::News { since, to }))
}

/// Only the very letter that was sent is noted; what was asked for meanwhile is still to come.
pub(super) fn sent(connection: &Connection, id: SubscriptionId, wanted: Wanted) -> Result<(), Error> {
    let (sql, of) = match wanted {
        Wanted::Confirmation(number) => (
            "UPDATE subscriptions SET asking = 0, tries = 0, next_at = 0 WHERE subscription = ?1 AND asked = ?2",
            u64::from(number),
        ),
        Wanted::News { to, .. } => (
            "UPDATE subscriptions SET position = to_position, day = to_day, to_position = NULL, to_day = NULL,
                 tries = 0, next_at = 0
             WHERE subscription = ?1 AND to_position = ?2",
            to.position,
        ),
    };
    connection.prepare_cached(sql)?.execute(params![id.0.as_bytes(), of])?;
    Ok(())
}

/// None where the row is gone.
pub(super) fn tries(connection: &Connection, id: SubscriptionId) -> Result<u32, Error> {
    let sql = "SELECT tries FROM subscriptions WHERE subscription = ?1";
    let tries = connection.prepare_cached(sql)?.query_row([id.0.as_bytes()], |row| row.get(0)).optional()?;
    Ok(tries.unwrap_or(0))
}

pub(super) fn put_off(
    connection: &Connection,
    id: SubscriptionId,
    tries: u32,
    next: Timestamp,
    aside: Option<Timestamp>,
) -> Result<(), Error> {
    let sql = "UPDATE subscriptions SET tries = ?2, next_at = ?3, aside_at = ?4 WHERE subscription = ?1";
    let aside = aside.map(to_sql);
    connection.prepare_cached(sql)?.execute(params![id.0.as_bytes(), tries, to_sql(next), aside])?;
    Ok(())
}
