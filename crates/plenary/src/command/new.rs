//! `new`: convenes an assembly from an agenda and issues its first links.

use std::path::Path;

use anyhow::{Context, bail};
use domain::{Agenda, Slug};
use serde::Serialize;

use crate::agenda;
use crate::cli::{Global, NewArgs};
use crate::data::Writing;
use crate::output::{Output, note};
use crate::server::convene;
use crate::server::links::{self, Issued};
use crate::settings::Settings;

#[derive(Serialize)]
struct Convened<'a> {
    slug: &'a Slug,
    links: &'a [Issued],
}

pub(super) fn run(global: &Global, args: &NewArgs) -> anyhow::Result<()> {
    let (slug, agenda) = agenda::read(&args.agenda)?;
    let settings = Settings::load(global)?;
    let _writing = Writing::begin(&global.data, "new")?;
    if global.data.join(slug.as_str()).exists() {
        bail!(
            "there is an assembly `{slug}` in {} already; give this one another `slug`",
            global.data.display()
        );
    }
    let links = super::block_on(convened(&global.data, &settings, &slug, agenda))
        .with_context(|| format!("convene `{slug}`"))?;
    if let Output::Text = Output::of(global) {
        note(&links::text(&links));
    }
    Output::of(global).print(&Convened { slug: &slug, links: &links }, || slug.to_string())
}

async fn convened(
    data: &Path,
    settings: &Settings,
    slug: &Slug,
    agenda: Agenda,
) -> anyhow::Result<Vec<Issued>> {
    let house = crate::server::house(data, settings.web(data, settings.listen))?;
    let tables = agenda.tables;
    convene::convene(&house, data, slug, agenda).await?;
    let issued = links::issue_all(&house, slug, tables).await;
    house.stop().await;
    issued
}
