//! `demo`: a whole assembly day, held by real clients against the real server.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, anyhow};
use domain::{Edition, Role, Slug};
use serde::Serialize;
use web::House;

use super::summary;
use crate::cli::{DemoArgs, Global, SummaryFormat};
use crate::data::Writing;
use crate::demo::day::{self, Hall, Pace};
use crate::demo::script::{Script, TABLES};
use crate::output::{Output, note};
use crate::server::http::{self, Bound, Serving, StopSignals};
use crate::server::links::{self, Issued};
use crate::server::{self, convene, themes};
use crate::settings::Settings;

const SLUG: &str = "gp-appointments";

#[derive(Serialize)]
struct Held {
    slug: Slug,
    /// The page to open first; anyone may see it.
    url: String,
    links: Vec<Issued>,
    /// Where the evidence summary lies.
    summary: PathBuf,
    position: u64,
    contributions: u64,
}

/// The assembly while its day is held.
struct Demo {
    house: Arc<House>,
    server: SocketAddr,
    folder: PathBuf,
    slug: Slug,
    url: String,
    links: Vec<Issued>,
}

pub(super) fn run(global: &Global, args: &DemoArgs) -> anyhow::Result<()> {
    let script = Script::read()?;
    let settings = Settings::load(global)?;
    // The person is told what happens by a bar; a log would be written over it.
    server::log("warn");
    let _writing = Writing::begin(&global.data, "demo")?;
    let (bound, settings) = bind(settings)?;
    super::block_on(demo(global, args, &script, bound, &settings))
}

/// The configured address, or a free port where another program has it: then nothing that was configured for the
/// outside would lead here.
fn bind(settings: Settings) -> anyhow::Result<(Bound, Settings)> {
    match http::bind(settings.listen) {
        Ok(bound) => Ok((bound, settings)),
        Err(taken) => {
            let free = http::bind(SocketAddr::new(settings.listen.ip(), 0)).map_err(|_| taken)?;
            Ok((free, Settings { public_url: String::new(), ..settings }))
        }
    }
}

async fn demo(
    global: &Global,
    args: &DemoArgs,
    script: &Script,
    bound: Bound,
    settings: &Settings,
) -> anyhow::Result<()> {
    let mut stop = StopSignals::listen()?;
    let server = bound.address;
    let house = server::house(&global.data, settings.web(&global.data, server))?;
    let slug = free_slug(&global.data)?;
    convene::convene(&house, &global.data, &slug, script.agenda()?).await.context("convene the demo")?;
    let links = links::issue_all(&house, &slug, TABLES).await?;
    let url = format!("{}/a/{slug}", settings.public_url(server));
    let folder = global.data.join(slug.as_str());
    let serving = Serving::start(bound, house.clone())?;
    let held_in = [(slug.clone(), folder.clone())];
    let demo = Demo { house: house.clone(), server, folder, slug, url, links };
    let held = tokio::select! {
        held = demo.hold(Output::of(global), args, script) => held,
        broken = http::broken_record(&house) => Err(broken),
        () = stop.told() => {
            note("The demo was stopped; what was said until then is in the record.");
            Ok(Next::End)
        }
    };
    let ended = match held {
        Ok(Next::StayUp) => {
            // Somebody who looks around finds what the board owes now, and can answer as the board.
            for (slug, _) in &held_in {
                house.publish(slug, Edition::Interim).await.context("publish the demo's paper")?;
            }
            // The day is told by its script alone; whoever looks around afterwards finds what the engines make of it.
            let _engines = themes::beside(settings, &house, &held_in)?;
            stay_up(&house, &mut stop).await
        }
        held => held.map(drop),
    };
    serving.stop().await?;
    ended
}

/// What comes after the day.
enum Next {
    StayUp,
    End,
}

async fn stay_up(house: &House, stop: &mut StopSignals) -> anyhow::Result<()> {
    note("Plenary stays up so that you can look around; Ctrl-C ends it.");
    tokio::select! {
        () = stop.told() => Ok(()),
        broken = http::broken_record(house) => Err(broken),
    }
}

fn free_slug(data: &Path) -> anyhow::Result<Slug> {
    let numbered = (2..).map(|number| format!("{SLUG}-{number}"));
    let mut names = std::iter::once(SLUG.to_owned()).chain(numbered);
    let free = names.find(|name| !data.join(name).exists()).ok_or_else(|| anyhow!("no name is free"))?;
    Ok(free.parse()?)
}

impl Demo {
    async fn hold(self, output: Output, args: &DemoArgs, script: &Script) -> anyhow::Result<Next> {
        if output == Output::Text {
            let begins = format!("An assembly day begins: `{}`.", self.slug);
            output.print(&(), || welcome(&begins, &self.url, &self.links))?;
        }
        let hall = Hall { house: &self.house, server: self.server, slug: &self.slug };
        let pace = Pace { speed: args.speed, seed: args.seed };
        day::hold(&hall, script, &self.links, pace).await?;
        let path = self.folder.join(format!("{}html", ingest::DRAFT));
        let paper = summary::write(&self.folder, SummaryFormat::Html, &path)?;
        let contributions = paper.took_part.contributions.value;
        let Self { slug, url, links, .. } = self;
        let held = Held { slug, url, links, summary: path, position: paper.position, contributions };
        output.print(&held, || held.text())?;
        Ok(if args.headless { Next::End } else { Next::StayUp })
    }
}

/// What a newcomer sees first: where to look, and as whom.
pub(super) fn welcome(begins: &str, url: &str, links: &[Issued]) -> String {
    let shown = [
        (Role::Screen, "the screen in the hall"),
        (Role::Organiser, "the organiser: run of show"),
        (Role::Facilitator, "a facilitator: table 1"),
        (Role::Participant, "a remote participant"),
        (Role::ThemeTeam, "the theme team: desk"),
        (Role::Moderator, "the moderator: queue"),
        (Role::BoardMember, "a board member"),
        (Role::Representative, "an assembly representative"),
        (Role::Observer, "an observer"),
    ];
    let link = |role| links.iter().find(|link| link.role == role).map_or("", |link| &link.url);
    let lines = shown.map(|(role, who)| format!("  {who:<28}{}", link(role)));
    let first = format!("  {:<28}{url}", "what we are hearing, live");
    format!("{begins} Open the first of these, then any other:\n{first}\n{}", lines.join("\n"))
}

impl Held {
    fn text(&self) -> String {
        let Held { slug, contributions, position, summary, .. } = self;
        let path = summary.display();
        format!(
            "The day of `{slug}` is over: {contributions} contributions, record at position {position}.\nEvidence summary: {path}"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_demo_gets_a_name_of_its_own() {
        let data = tempfile::tempdir().unwrap();
        for expected in ["gp-appointments", "gp-appointments-2", "gp-appointments-3"] {
            let slug = free_slug(data.path()).unwrap();
            assert_eq!(slug.as_str(), expected);
            std::fs::create_dir(data.path().join(expected)).unwrap();
        }
    }

    #[test]
    fn a_port_that_is_taken_is_no_obstacle() {
        let first = http::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let taken =
            Settings { listen: first.address, public_url: "https://a.example".into(), ..Settings::default() };
        let (free, settings) = bind(taken).unwrap();
        assert_ne!(free.address, first.address);
        assert_eq!(settings.public_url(free.address), format!("http://{}", free.address));
    }
}
