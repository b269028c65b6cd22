//! `serve`: every assembly of the data folder, until somebody says stop.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use domain::Slug;
use serde::Serialize;
use web::House;

use crate::cli::Global;
use crate::data::{self, Writing};
use crate::output::{Output, note};
use crate::server::http::{self, Bound, Serving, StopSignals};
use crate::server::{self, mail, nats, themes, verify};
use crate::settings::Settings;

#[derive(Serialize)]
struct Listening {
    listen: SocketAddr,
    url: String,
    assemblies: Vec<Slug>,
}

pub(super) fn run(global: &Global) -> anyhow::Result<()> {
    let settings = Settings::load(global)?;
    server::log(&settings.log.filter);
    let _writing = Writing::begin(&global.data, "serve")?;
    let bound = http::bind(settings.listen)?;
    super::block_on(serve(global, &settings, bound))
}

async fn serve(global: &Global, settings: &Settings, bound: Bound) -> anyhow::Result<()> {
    let listen = bound.address;
    let mut stop = StopSignals::listen()?;
    let access = server::access(&global.data)?;
    let line = mail::Line::of(&settings.mail)?;
    let asks = if line.is_some() { web::Mail::On } else { web::Mail::Off };
    let house =
        House::new(access.clone(), web::Settings { mail: asks, ..settings.web(&global.data, listen) });
    let assemblies = data::assemblies(&global.data)?;
    for (slug, folder) in &assemblies {
        house.open(folder, slug.clone()).with_context(|| format!("open `{slug}`"))?;
    }
    let engines = themes::beside(settings, &house, &assemblies)?;
    let bridge = nats::start(&settings.nats, &house, access.clone()).await?;
    let letters = mail::start(line, &settings.mail, &house, access);
    let serving = Serving::start(bound, house.clone())?;
    let every = Duration::from_secs(settings.check.every_s.into());
    let checks = verify::repeatedly(house.clone(), assemblies, every);
    announce(global, Listening { listen, url: settings.public_url(listen), assemblies: house.slugs() })?;
    let ended = tokio::select! {
        () = stop.told() => Ok(()),
        broken = http::broken_record(&house) => Err(broken),
    };
    checks.abort();
    drop(engines);
    letters.stop().await;
    bridge.stop().await;
    serving.stop().await?;
    ended
}

fn announce(global: &Global, listening: Listening) -> anyhow::Result<()> {
    let number = listening.assemblies.len();
    let assemblies = if number == 1 { "1 assembly".to_owned() } else { format!("{number} assemblies") };
    note(&format!("Plenary serves {assemblies} on {}; Ctrl-C stops it.", listening.url));
    if listening.url != format!("http://{}", listening.listen) {
        note(&format!("It listens on {}.", listening.listen));
    }
    match Output::of(global) {
        Output::Text => Ok(()),
        json @ Output::Json => json.print(&listening, String::new),
    }
}
