//! The paper as it was published: frozen at a position, without anybody's words.
//!
//! What is kept is the document with every quote as its place in the record: which event holds the words, and which bytes
//! of them. Its hash stands in the record. Whenever it is read the words are put back from the record; words that were
//! erased, withdrawn or held back since then are gone from it, which it says, and the hash still holds.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use domain::{PaperHash, Published};
use projections::{Position, Standing, Views};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::document::{Document, Origin};
use crate::Error;
use crate::say::say;

mod since;

/// The folder beside the record in which the published papers lie, each under the hash that the record names it by.
pub const FOLDER: &str = "papers";

/// A document on its way into the record.
pub(crate) struct Frozen {
    pub(crate) hash: PaperHash,
    bytes: Vec<u8>,
}

/// Why a published paper cannot be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotThere {
    /// Its file is missing from the folder.
    Missing,
    /// The file is not what the record's hash says.
    Altered,
}

impl Frozen {
    /// Takes everybody's words out. The same document gives the same bytes.
    pub(crate) fn of(document: &Document) -> Result<Self, Error> {
        let mut value = serde_json::to_value(document)?;
        each_quote(&mut value, &mut |quote| {
            quote.insert("text".to_owned(), Value::String(String::new()));
        });
        let bytes = serde_json::to_vec(&value)?;
        Ok(Self { hash: hash_of(&bytes), bytes })
    }

    /// Puts it on the disk. It is there before the record names it; one that it never names is read by nobody.
    pub(crate) fn keep(&self, folder: &Path) -> std::io::Result<()> {
        let file = file_of(folder, self.hash);
        std::fs::create_dir_all(folder.join(FOLDER))?;
        let fresh = file.with_extension("new");
        let mut out = std::fs::File::create(&fresh)?;
        std::io::Write::write_all(&mut out, &self.bytes)?;
        out.sync_all()?;
        std::fs::rename(fresh, file)?;
        std::fs::File::open(folder.join(FOLDER))?.sync_all()
    }
}

/// Takes a paper away that the record does not name after all.
pub(crate) fn forget(folder: &Path, hash: PaperHash) -> std::io::Result<()> {
    match std::fs::remove_file(file_of(folder, hash)) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

/// The bytes that the record's hash is of: anybody may check them.
pub(crate) fn bytes_of(folder: &Path, published: &Published) -> Result<Vec<u8>, NotThere> {
    let bytes = std::fs::read(file_of(folder, published.hash)).map_err(|_| NotThere::Missing)?;
    if hash_of(&bytes) == published.hash { Ok(bytes) } else { Err(NotThere::Altered) }
}

/// Places of a published paper at which words can be read no more, by what happened to them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Redacted {
    pub(crate) withdrawn: u64,
    pub(crate) erased: u64,
    pub(crate) held: u64,
}

/// A published paper with the words that may be read today.
pub(crate) fn thaw(
    bytes: &[u8],
    published: &Published,
    views: &Views,
    words: impl Fn(Position) -> Option<String>,
) -> Result<Document, Error> {
    let mut value: Value = serde_json::from_slice(bytes)?;
    let (mut redacted, mut gone_since) = (Redacted::default(), BTreeMap::new());
    each_quote(&mut value, &mut |quote| {
        let origin: Option<Origin> =
            quote.get("origin").cloned().and_then(|origin| serde_json::from_value(origin).ok());
        let text = match origin.map(|origin| (origin, standing(views, origin))) {
            Some((origin, Some(Standing::Stands))) => piece(origin, &words),
            Some((_, Some(Standing::Withdrawn))) => Err(Gone::Withdrawn),
            Some((_, Some(Standing::Held(_)))) => Err(Gone::Held),
            _ => Err(Gone::Erased),
        };
        let text = text.unwrap_or_else(|gone| {
            gone_since.extend(origin.map(|origin| (origin.contribution, gone)));
            let (count, key) = match gone {
                Gone::Withdrawn => (&mut redacted.withdrawn, "words-withdrawn"),
                Gone::Erased => (&mut redacted.erased, "words-erased"),
                Gone::Held => (&mut redacted.held, "words-held"),
            };
            *count += 1;
            quote.insert("run".to_owned(), Value::String("text".to_owned()));
            quote.remove("origin");
            say(key).to_string()
        });
        quote.insert("text".to_owned(), Value::String(text));
    });
    let mut document: Document = serde_json::from_value(value)?;
    document.hash = published.hash.to_string();
    let notice = since::notice(&document, published, views, redacted, &gone_since);
    document.blocks.insert(0, notice);
    document.blocks.push(since::named_by(published));
    Ok(document)
}

/// Why words cannot be read any more. What cannot be opened was erased, even where the views have not heard of it yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gone {
    Withdrawn,
    Erased,
    Held,
}

fn standing(views: &Views, origin: Origin) -> Option<Standing> {
    let entry = Position::new(origin.contribution).and_then(|at| views.entries.get(&at));
    entry.map(|entry| entry.standing)
}

fn piece(origin: Origin, words: &impl Fn(Position) -> Option<String>) -> Result<String, Gone> {
    let all = Position::new(origin.words_at).and_then(words).ok_or(Gone::Erased)?;
    all.get(origin.from as usize..origin.to as usize).map(str::to_owned).ok_or(Gone::Erased)
}

/// Shows every quote of a document in its JSON form.
fn each_quote(value: &mut Value, see: &mut impl FnMut(&mut serde_json::Map<String, Value>)) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| each_quote(item, see)),
        Value::Object(fields) if fields.get("run").is_some_and(|run| run == "quote") => see(fields),
        Value::Object(fields) => fields.values_mut().for_each(|field| each_quote(field, see)),
        _ => {}
    }
}

fn hash_of(bytes: &[u8]) -> PaperHash {
    PaperHash(Sha256::digest(bytes).into())
}

fn file_of(folder: &Path, hash: PaperHash) -> PathBuf {
    folder.join(FOLDER).join(format!("{hash}.json"))
}
