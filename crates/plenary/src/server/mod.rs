//! What `serve` and `demo` run, and what `new` and `link` need of it.

pub(crate) mod convene;
mod drafts;
pub(crate) mod endpoint;
pub(crate) mod http;
pub(crate) mod links;
pub(crate) mod mail;
pub(crate) mod nats;
mod sentence_model;
pub(crate) mod themes;
pub(crate) mod verify;

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use ingest::Access;
use web::House;

/// The links and sessions of a data folder.
pub(crate) fn access(data: &Path) -> anyhow::Result<Arc<Access>> {
    let access = Access::open(data).with_context(|| format!("open the links in {}", data.display()))?;
    Ok(Arc::new(access))
}

/// The assemblies of a data folder; none of them is open yet.
pub(crate) fn house(data: &Path, settings: web::Settings) -> anyhow::Result<Arc<House>> {
    Ok(House::new(access(data)?, settings))
}

/// What the NATS client says of itself at every attempt is said once by [`ingest::nats::Line`]; who wants all of it
/// names it in the filter.
const QUIET: &str = "async_nats=error";

/// What is logged, on standard error. A second call changes nothing.
pub(crate) fn log(filter: &str) {
    let filter = tracing_subscriber::EnvFilter::new(format!("{QUIET},{filter}"));
    let to_stderr = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    drop(to_stderr.try_init());
}
