//! The evidence summary as the board reads it: one [`Document`] of typed blocks, from which every form is drawn.
//!
//! The HTML stands on a page of the site, where a figure leads to the page that lists its contributions, or alone in a
//! file, where it leads to the list at the file's end. The PDF is drawn by another crate, from the JSON form.

mod changes;
pub mod document;
mod html;
mod parts;
mod runs;
mod walk;

use projections::{EvidenceSummary, Query, Views};
use sha2::{Digest, Sha256};

pub use self::document::Document;
use self::document::{Inline, Status, Target};
use self::parts::Source;
use self::runs::{cited, date, dotted, line, refer, words};
pub(crate) use html::page;
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

impl Document {
    pub fn of(views: &Views, s: &EvidenceSummary, reach: Reach) -> Result<Self, Error> {
        let hash = hash(s)?;
        let source = Source { views, s, clock: Clock::of(&s.time_zone), reach, hash: hash.clone() };
        let position = s.position;
        let at = refer(&say("paper-position").num("position", position), Target::Record(position));
        let when = s.as_of.map(|at| vec![date(&source.clock, at)]).unwrap_or_default();
        let short = hash.chars().take(HASH_SHORT).collect::<String>();
        let fingerprint = Inline::Reference { text: short, to: Target::Record(position) };
        Ok(Self {
            format: document::FORMAT,
            title: s.title.clone(),
            language: "en-GB",
            status: Status::Draft,
            position,
            dated: s.as_of.map(|at| at.millis() / 1000),
            hash,
            tag: words("paper-draft"),
            kicker: line("paper-for").with("board", [cited(&s.board)]).runs(),
            standing: line("paper-as-of").with("when", when).with("position", [at.clone()]).runs(),
            footer: dotted([
                vec![cited(&s.title)],
                words("paper-draft"),
                vec![at],
                line("paper-fingerprint").with("hash", [fingerprint]).runs(),
            ]),
            page_of: say("paper-page-of").text("page", "{page}").text("pages", "{pages}").to_string(),
            no_letter: say("paper-no-letter").to_string(),
            blocks: parts::blocks(&source),
        })
    }
}

/// One self-contained file.
pub fn html(views: &Views, summary: &EvidenceSummary) -> Result<String, Error> {
    html::file(&Document::of(views, summary, Reach::File)?)
}

/// SHA-256 of the JSON form as `plenary summary --format json` writes it.
fn hash(summary: &EvidenceSummary) -> Result<String, Error> {
    let json = serde_json::to_vec(summary)?;
    Ok(Sha256::digest(json).iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Where a list stands in a file.
fn anchor(query: &Query) -> String {
    let name = query.to_string().replace(['&', '='], "-");
    if name.is_empty() { "q-all".to_owned() } else { format!("q-{name}") }
}
