//! `rehearse`: a record once more as a drill, against a copy of its own that goes away afterwards.

use std::fs::DirBuilder;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use domain::{Agenda, Slug};
use web::House;

use super::demo::welcome;
use crate::cli::{Global, RehearseArgs};
use crate::data::{self, Writing};
use crate::output::{Output, note};
use crate::rehearse::by_hand;
use crate::rehearse::drill::{self, Hall, Notes};
use crate::rehearse::plan::Plan;
use crate::rehearse::report::Report;
use crate::server::http::{self, Bound, Serving, StopSignals};
use crate::server::{self, convene, links};
use crate::settings::Settings;

pub(super) fn run(global: &Global, args: &RehearseArgs) -> anyhow::Result<()> {
    let original = data::assembly(&global.data, &args.slug)?;
    let plan = Plan::read(&original).with_context(|| format!("read `{}`", args.slug))?;
    // The configured address is the real server's.
    let listen = args.listen.unwrap_or_else(|| SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
    let settings = Settings { listen, public_url: String::new(), ..Settings::load(global)? };
    server::log("warn");
    let scratch = Scratch::make(args.scratch.as_deref())?;
    let _writing = Writing::begin(&scratch.folder, "rehearse")?;
    let bound = http::bind(listen)?;
    let report =
        super::block_on(rehearse(global, args, (&original, &scratch.folder), plan, bound, &settings));
    let Some(report) = report? else { return Ok(()) };
    if !report.is_sound() {
        bail!("the rehearsal did not record everything once");
    }
    Ok(())
}

/// The data folder of the copy.
struct Scratch {
    folder: PathBuf,
    /// Words of people lie in it: what nobody asked for does not stay.
    passing: bool,
}

impl Scratch {
    fn make(named: Option<&Path>) -> anyhow::Result<Self> {
        let folder = match named {
            Some(folder) => folder.to_owned(),
            None => std::env::temp_dir().join(format!("plenary-rehearsal-{}", convene::random_id()?)),
        };
        let made = DirBuilder::new().recursive(named.is_some()).mode(0o700).create(&folder);
        made.with_context(|| format!("{}", folder.display()))?;
        if folder.read_dir().with_context(|| format!("{}", folder.display()))?.next().is_some() {
            bail!("{} is not empty; a rehearsal begins in a folder of its own", folder.display());
        }
        Ok(Self { folder, passing: named.is_none() })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if self.passing
            && let Err(error) = std::fs::remove_dir_all(&self.folder)
        {
            note(&format!("{} could not be removed: {error}", self.folder.display()));
        }
    }
}

/// Nothing where somebody stopped it before the end.
async fn rehearse(
    global: &Global,
    args: &RehearseArgs,
    (original, scratch): (&Path, &Path),
    plan: Plan,
    bound: Bound,
    settings: &Settings,
) -> anyhow::Result<Option<Report>> {
    let mut stop = StopSignals::listen()?;
    let server = bound.address;
    let access = server::access(scratch)?;
    let house = House::new(access.clone(), settings.web(scratch, server));
    let slug = name_of_copy(&args.slug);
    let links = copy(&house, scratch, &slug, plan.agenda.clone()).await?;
    let serving = Serving::start(bound, house.clone())?;
    let url = format!("{}/a/{slug}", settings.public_url(server));
    note(&welcome(&format!("A rehearsal of `{}` begins: `{slug}`.", args.slug), &url, &links));
    note("While it runs, type `unplug 12`, `plug 12` or `speed 4`.");
    let hall = Hall { house: &house, access: &access, server, slug: &slug, links: &links };
    let held = tokio::select! {
        held = drill::hold(hall, &plan, &args.unplug, args.speed, by_hand::listen()) => held.map(Some),
        broken = http::broken_record(&house) => Err(broken),
        () = stop.told() => Ok(None),
    };
    let ended = match held {
        Ok(Some((notes, devices))) => {
            let folders = (original, &*scratch.join(slug.as_str()));
            let report = told(global, (args.slug.clone(), slug), folders, plan, notes);
            if report.is_ok() && !args.headless {
                note("The copy stays up so that you can look around; Ctrl-C ends it.");
                stop.told().await;
            }
            // Until now, so that whoever looks around does not find the tables gone.
            drop(devices);
            report.map(Some)
        }
        Ok(None) => {
            note("The rehearsal was stopped before its end.");
            Ok(None)
        }
        Err(error) => Err(error),
    };
    serving.stop().await?;
    ended
}

fn told(
    global: &Global,
    names: (Slug, Slug),
    folders: (&Path, &Path),
    plan: Plan,
    notes: Notes,
) -> anyhow::Result<Report> {
    let report = Report::new(names, folders, plan, notes)?;
    Output::of(global).print(&report, || report.text())?;
    Ok(report)
}

async fn copy(
    house: &Arc<House>,
    scratch: &Path,
    slug: &Slug,
    agenda: Agenda,
) -> anyhow::Result<Vec<links::Issued>> {
    let tables = agenda.tables;
    convene::convene(house, scratch, slug, agenda).await.context("convene the copy")?;
    links::issue_all(house, slug, tables).await
}

/// The copy's address says what it is, where the name has room for it.
fn name_of_copy(slug: &Slug) -> Slug {
    format!("rehearsal-{slug}").parse().unwrap_or_else(|_| slug.clone())
}
