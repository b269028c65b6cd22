//! `link`: one more link, for somebody who came late or lost theirs.

use anyhow::Context;
use domain::Role;

use crate::cli::{Global, LinkArgs};
use crate::data::{self, Writing};
use crate::output::Output;
use crate::server::links::{self, Issued};
use crate::settings::Settings;

pub(super) fn run(global: &Global, args: &LinkArgs) -> anyhow::Result<()> {
    let folder = data::assembly(&global.data, &args.slug)?;
    if args.table.is_some() && args.role != Role::Facilitator {
        anyhow::bail!(
            "only a facilitator's link is for a table; leave out --table or ask for the role facilitator"
        );
    }
    let settings = Settings::load(global)?;
    let _writing = Writing::begin(&global.data, "link")?;
    let issued: Issued = super::block_on(async {
        let house = crate::server::house(&global.data, settings.web(settings.listen))?;
        house.open(&folder, args.slug.clone())?;
        let issued = links::issue(&house, &args.slug, args.role, args.table).await;
        house.stop().await;
        issued
    })
    .with_context(|| format!("issue a link for `{}`", args.slug))?;
    Output::of(global).print(&issued, || issued.url.clone())
}
