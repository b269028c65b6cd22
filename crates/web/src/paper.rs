//! The evidence summary as the board reads it: one [`Document`] of typed blocks, from which every form is drawn.
//!
//! The HTML stands on a page of the site, where a figure leads to the page that lists its contributions, or alone in a
//! file, where it leads to the list at the file's end. The PDF is drawn by another crate, from the JSON form.

mod changes;
pub(crate) mod changes_between;
pub mod document;
mod evidence;
pub(crate) mod frozen;
mod html;
mod parts;
mod runs;
mod walk;

use domain::{Edition, PaperHash};
use projections::{EvidenceSummary, Query, Views};
use sha2::{Digest, Sha256};

pub use self::document::Document;
use self::document::{Inline, Status, Target};
use self::parts::Source;
use self::runs::{cited, date, dotted, line, refer, words};
pub use frozen::FOLDER as PUBLISHED;
pub(crate) use html::{evidence, page, published};
pub(crate) use runs::words_of;

use crate::Error;
use crate::say::say;
use crate::when::Clock;

/// How many hexadecimal digits of the hash stand at the foot of a page.
const HASH_SHORT: usize = 16;

/// What a form of the paper has to carry with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Nothing: a figure leads to another page.
    Page,
    /// Every list and every word: the file stands alone.
    File,
    /// As a file, but for words that would make a book of it.
    Print,
}

/// What the paper calls itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It changes with the record.
    Draft,
    /// The version with this number. Its hash stands in the record, and so cannot stand in it.
    Published(u16, Edition),
}

impl Document {
    /// A draft.
    pub fn of(views: &Views, s: &EvidenceSummary, reach: Reach) -> Result<Self, Error> {
        Self::at(views, s, reach, Stage::Draft)
    }

    pub(crate) fn at(views: &Views, s: &EvidenceSummary, reach: Reach, stage: Stage) -> Result<Self, Error> {
        let hash = match stage {
            Stage::Draft => Some(hash(s)?),
            Stage::Published(..) => None,
        };
        let source = Source { views, s, clock: Clock::of(&s.time_zone), reach, hash: hash.clone() };
        let position = s.position;
        let at = refer(&say("paper-position").num("position", position), Target::Record(position));
        let when = s.as_of.map(|at| vec![date(&source.clock, at)]).unwrap_or_default();
        let fingerprint = hash
            .as_ref()
            .map(|hash| line("paper-fingerprint").with("hash", [fingerprint(hash, position)]).runs());
        let tag = stage.tag(position);
        Ok(Self {
            format: document::FORMAT.to_owned(),
            title: s.title.clone(),
            language: "en-GB".to_owned(),
            status: stage.status(),
            position,
            dated: s.as_of.map(|at| at.millis() / 1000),
            hash: hash.unwrap_or_default(),
            tag: tag.clone(),
            kicker: line("paper-for").with("board", [cited(&s.board)]).runs(),
            standing: line("paper-as-of").with("when", when).with("position", [at.clone()]).runs(),
            footer: dotted([vec![cited(&s.title)], tag, vec![at], fingerprint.unwrap_or_default()]),
            page_of: say("paper-page-of").text("page", "{page}").text("pages", "{pages}").to_string(),
            no_letter: say("paper-no-letter").to_string(),
            blocks: parts::blocks(&source),
        })
    }
}

impl Stage {
    fn status(self) -> Status {
        match self {
            Stage::Draft => Status::Draft,
            Stage::Published(..) => Status::Published,
        }
    }

    fn tag(self, position: u64) -> Vec<Inline> {
        match self {
            Stage::Draft => words("paper-draft"),
            Stage::Published(version, edition) => {
                let key = match edition {
                    Edition::Interim => "paper-version-interim",
                    Edition::Final => "paper-version-final",
                };
                vec![refer(&say(key).num("version", version), Target::Record(position))]
            }
        }
    }
}

/// One self-contained file.
pub fn html(views: &Views, summary: &EvidenceSummary) -> Result<String, Error> {
    html::file(&Document::of(views, summary, Reach::File)?)
}

/// The evidence of a decision as one file that stands alone.
pub fn evidence_html(evidence: &Document) -> Result<String, Error> {
    html::file(evidence)
}

/// SHA-256 of the JSON form as `plenary summary --format json` writes it.
fn hash(summary: &EvidenceSummary) -> Result<String, Error> {
    let json = serde_json::to_vec(summary)?;
    Ok(PaperHash(Sha256::digest(json).into()).to_string())
}

/// As much of a hash as a person compares.
fn fingerprint(hash: &str, position: u64) -> Inline {
    Inline::Reference { text: hash.chars().take(HASH_SHORT).collect(), to: Target::Record(position) }
}

/// Where a list stands in a file.
fn anchor(query: &Query) -> String {
    let name = query.to_string().replace(['&', '='], "-");
    if name.is_empty() { "q-all".to_owned() } else { format!("q-{name}") }
}
