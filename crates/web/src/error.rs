//! What an operator reads when the pages cannot be served.

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("open the record of `{slug}`")]
    Sequencer { slug: String, source: ingest::Error },
    #[error("project the record of `{slug}`")]
    Projection { slug: String, source: projections::Error },
    #[error("draw a page")]
    Template(#[from] askama::Error),
    #[error("write the evidence summary as JSON")]
    Json(#[from] serde_json::Error),
}
