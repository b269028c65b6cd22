//! `link`: one more link, for somebody who came late or lost theirs.

use anyhow::bail;
use domain::Role;

use crate::cli::{Global, LinkArgs};
use crate::data::{self, Writing};
use crate::output::Output;
use crate::server::links::{self, Issued};
use crate::settings::Settings;

pub(super) fn run(global: &Global, args: &LinkArgs) -> anyhow::Result<()> {
    let folder = data::assembly(&global.data, &args.slug)?;
    match (args.role, args.table) {
        (Role::Facilitator, None) => bail!("a facilitator's link is for one table; say which with --table N"),
        (Role::Facilitator, Some(_)) | (_, None) => {}
        (role, Some(_)) => bail!("only a facilitator's link is for a table; leave out --table for {role}"),
    }
    let settings = Settings::load(global)?;
    let _writing = Writing::begin(&global.data, "link")?;
    let issued: Issued = super::block_on(async {
        let house = crate::server::house(&global.data, settings.web(&global.data, settings.listen))?;
        house.open(&folder, args.slug.clone())?;
        let issued = links::issue(&house, &args.slug, args.role, args.table).await;
        house.stop().await;
        issued
    })?;
    Output::of(global).print(&issued, || issued.url.clone())
}
