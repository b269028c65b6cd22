//! The board's paper as a PDF: a document of typed blocks goes in as JSON, bytes come out.
//!
//! Main path: [`pdf`] makes the JSON fit to be set (`words`), and Typst sets it by the one template of this crate, with
//! the fonts of this crate. What it writes is a tagged PDF for people who read with their ears or fingers, too
//! (PDF/UA-1, ISO 14289-1), and Typst refuses to write one that breaks a rule which it can check.
//!
//! Invariants. Words are handed over as data and never read as markup. The same document gives the same bytes: there is
//! no clock, no name, no chance, and no font of the machine in it. This crate reads no file and knows nothing of ours.

mod words;
mod world;

use serde_json::Value;
use typst::diag::SourceDiagnostic;
use typst::ecow::EcoVec;
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::world::Desk;

/// What an operator reads when a paper cannot be set.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("read the paper's document")]
    Document(#[from] serde_json::Error),
    #[error("a font that this program carries cannot be read")]
    Font,
    #[error("set the paper: {0}")]
    Set(String),
}

/// The PDF of a document; `web`'s `paper.schema.json` describes its JSON form.
pub fn pdf(document: &[u8]) -> Result<Vec<u8>, Error> {
    let document: Value = serde_json::from_slice(document)?;
    let ident = document["hash"].as_str().unwrap_or_default().to_owned();
    let standards = PdfStandards::new(&[PdfStandard::Ua_1]);
    let options = PdfOptions {
        ident: Smart::Custom(ident),
        creator: Smart::Custom(Some("Plenary".to_owned())),
        standards: standards.map_err(|error| Error::Set(error.message().to_string()))?,
        ..PdfOptions::default()
    };
    let bytes = set(document).and_then(|pages| typst_pdf::pdf(&pages, &options).map_err(told));
    // What Typst remembers of this paper would only help with the same one.
    typst::comemo::evict(0);
    bytes
}

/// The pages of a document.
fn set(mut document: Value) -> Result<PagedDocument, Error> {
    let desk = Desk::new()?;
    words::fit(&mut document, &|letter| desk.has(letter));
    typst::compile::<PagedDocument>(&desk.with(&document)?).output.map_err(told)
}

fn told(errors: EcoVec<SourceDiagnostic>) -> Error {
    let messages = errors.iter().map(|error| error.message.to_string());
    Error::Set(messages.collect::<Vec<_>>().join("; "))
}

#[cfg(test)]
mod tests;
