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

-- Who is told by e-mail what a board owes and does. Their addresses lie here and nowhere else, and go with their row: when
-- somebody ends it, or has not confirmed it in time. The secret in their links follows from the instance's secret and
-- the row's id, so that a letter can be written again after a crash.
CREATE TABLE IF NOT EXISTS subscriptions (
    subscription BLOB PRIMARY KEY CHECK (length(subscription) = 16),
    slug TEXT NOT NULL,
    address TEXT NOT NULL,
    -- An HMAC of the address, by which it is found.
    source BLOB NOT NULL CHECK (length(source) = 32),
    secret_hash BLOB NOT NULL UNIQUE CHECK (length(secret_hash) = 32),
    asked_at INTEGER NOT NULL,
    -- How many confirmations were asked for, and whether the last of them is still to be sent.
    asked INTEGER NOT NULL DEFAULT 1,
    asking INTEGER NOT NULL DEFAULT 1,
    confirmed_at INTEGER,
    -- Up to which event and which day the news have been sent.
    position INTEGER NOT NULL DEFAULT 0,
    day TEXT NOT NULL DEFAULT '',
    -- The same for the letter that is on its way: settled before it is sent, so that it is the same letter when it has to be
    -- sent again.
    to_position INTEGER,
    to_day TEXT,
    tries INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER NOT NULL DEFAULT 0,
    -- It was refused so often that it is not tried any more.
    aside_at INTEGER,
    UNIQUE (slug, source)
) STRICT, WITHOUT ROWID;

-- Which addresses confirmations went to within the last day, as the HMAC: nobody is flooded by strangers who type theirs.
CREATE TABLE IF NOT EXISTS mail_asked (
    number INTEGER PRIMARY KEY,
    source BLOB NOT NULL CHECK (length(source) = 32),
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS mail_asked_at ON mail_asked (at);
