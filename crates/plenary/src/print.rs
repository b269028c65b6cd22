//! The paper as PDF, where this program was built with the feature `pdf`.

use web::paper::Document;

/// What draws a PDF, for whoever serves pages.
#[cfg(feature = "pdf")]
pub(crate) const PRINTER: Option<web::Printer> = Some(|document| Ok(paper::pdf(document)?));
#[cfg(not(feature = "pdf"))]
pub(crate) const PRINTER: Option<web::Printer> = None;

pub(crate) fn pdf(document: &Document) -> anyhow::Result<Vec<u8>> {
    let Some(print) = PRINTER else {
        anyhow::bail!(
            "this program was built without PDF; `cargo build --release --features pdf` builds one that has it"
        )
    };
    print(&serde_json::to_vec(document)?).map_err(|error| anyhow::anyhow!(error).context("draw the PDF"))
}
