-- What belongs to no assembly's record. Nothing in this file is evidence.
-- Secrets of links and sessions stand here only as SHA-256: they are random and 256 bits long, so a hash cannot be
-- guessed back, and looking one up by its hash takes the same time whether or not the secret was nearly right.

CREATE TABLE IF NOT EXISTS instance (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    secret BLOB NOT NULL CHECK (length(secret) = 32)
) STRICT;

CREATE TABLE IF NOT EXISTS links (
    link BLOB NOT NULL CHECK (length(link) = 16),
    slug TEXT NOT NULL,
    secret_hash BLOB NOT NULL UNIQUE CHECK (length(secret_hash) = 32),
    role TEXT NOT NULL,
    room_table INTEGER,
    issued_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER,
    voice BLOB NOT NULL CHECK (length(voice) = 32),
    PRIMARY KEY (slug, link)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS sessions (
    session INTEGER PRIMARY KEY,
    token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    voice BLOB NOT NULL CHECK (length(voice) = 32),
    begun_at INTEGER NOT NULL
) STRICT;

-- Which links one browser has opened; the greatest number is the latest.
CREATE TABLE IF NOT EXISTS grants (
    number INTEGER PRIMARY KEY,
    session INTEGER NOT NULL REFERENCES sessions,
    slug TEXT NOT NULL,
    link BLOB NOT NULL,
    UNIQUE (session, slug, link)
) STRICT;

-- Voices of people whom only a bridge or an old export knows. The source is an HMAC under the instance's secret.
CREATE TABLE IF NOT EXISTS voices (
    scope TEXT NOT NULL,
    source BLOB NOT NULL CHECK (length(source) = 32),
    voice BLOB NOT NULL CHECK (length(voice) = 32),
    PRIMARY KEY (scope, source)
) STRICT, WITHOUT ROWID;

-- Codes short enough to be typed from a screen. They are shown to everybody, so they stand here as they are; each leads
-- to a participants' link and works for as long as that link.
CREATE TABLE IF NOT EXISTS codes (
    code TEXT PRIMARY KEY,
    slug TEXT NOT NULL,
    link BLOB NOT NULL,
    FOREIGN KEY (slug, link) REFERENCES links (slug, link)
) STRICT, WITHOUT ROWID;
