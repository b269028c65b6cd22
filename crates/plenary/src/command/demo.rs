//! `demo`: a whole assembly day.
use crate::cli::{DemoArgs, Global};
pub(super) fn run(_: &Global, _: &DemoArgs) -> anyhow::Result<()> {
    anyhow::bail!("not yet")
}
