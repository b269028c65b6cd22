//! `replay`: the views once more from position 1, which must come out byte for byte as they were stored.

use domain::Slug;
use projections::follower;

use crate::cli::Global;
use crate::data::{self, Writing};
use crate::output::Output;

pub(super) fn run(global: &Global, slug: &Slug) -> anyhow::Result<()> {
    let folder = data::assembly(&global.data, slug)?;
    let _writing = Writing::begin(&global.data, "replay")?;
    let replay = follower::replay(&folder)?;
    Output::of(global).print(&replay, || {
        let compared =
            if replay.compared { "identical to the stored views" } else { "there were no stored views" };
        format!("{} events, {compared}, sha256 {}", replay.events, replay.views_sha256)
    })
}
