//! Publishing: the paper as it stands becomes a version, for everybody and for ever, and the rule turns into duties.

pub(crate) mod since;

use std::path::PathBuf;
use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Path, Query as Asked, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use domain::{
    Command, Edition, Material, PaperCommand, PaperHash, Publish, Published, Slug, Title, WebAddress,
};
use ingest::Refusal;

use crate::guard::Visit;
use crate::house::{Hall, House};
use crate::link::Form;
use crate::pages::submit::send;
use crate::pages::take_part::Done;
use crate::pages::{Notice, Shell, draw_with, form_id};
use crate::pages::{error, print};
use crate::paper::frozen::{self, Frozen, NotThere};
use crate::paper::{self, Document, Reach, Stage};
use crate::say::{Catalogue, say};

#[derive(Template)]
#[template(path = "publish.html")]
struct Page {
    shell: Shell,
    t: Catalogue,
    notice: Notice,
    form_id: String,
    material_form_id: String,
    members_form_id: String,
    /// How many took part, by how many attributes, and when that was recorded.
    represented: Option<(u32, usize, String)>,
    next: usize,
    unread: u64,
    closed: bool,
    /// Whether a rule was fixed, and the themes that meet it without a duty of their own.
    rule: Option<Vec<String>>,
    versions: Vec<Row>,
    materials: Vec<(String, Option<String>, String)>,
}

#[derive(Template)]
#[template(path = "versions.html")]
struct Versions {
    shell: Shell,
    t: Catalogue,
    versions: Vec<Row>,
}

/// A version that was published.
struct Row {
    number: u16,
    edition: String,
    when: String,
    position: u64,
    hash: String,
    /// Whether it can be compared with the version before.
    has_before: bool,
}

pub(crate) async fn page(Extension(visit): Extension<Visit>, Asked(done): Asked<Done>) -> Response {
    draw_publish(&visit, done.notice())
}

pub(crate) fn draw_publish(visit: &Visit, notice: Notice) -> Response {
    let counted = visit.hall.counted();
    let views = &counted.views;
    let shell = Shell::new(visit, views, "publish", say("publish-title"));
    let ledger = &views.frame.ledger;
    let new = |duties: &projections::summary::Duties| {
        let themes = duties.themes.iter().filter(|theme| ledger.duty_of(theme.theme).is_none());
        themes.map(|theme| theme.name.clone()).collect()
    };
    let materials = ledger.materials.iter().map(|shown| {
        let Material { title, address, .. } = &shown.what;
        (title.to_string(), address.as_ref().map(ToString::to_string), shell.clock.full(shown.at))
    });
    let represented = ledger.composition.as_ref().map(|recorded| {
        (recorded.what.members, recorded.what.attributes.len(), shell.clock.full(recorded.at))
    });
    let page = Page {
        t: Catalogue,
        members_form_id: form_id(),
        represented,
        form_id: form_id(),
        material_form_id: form_id(),
        next: ledger.versions.len() + 1,
        unread: counted.summary.method.unread.value,
        closed: views.frame.closed_at.is_some(),
        rule: counted.summary.duties.as_ref().map(new),
        versions: rows(views, &shell),
        materials: materials.collect(),
        shell,
        notice,
    };
    draw_with(&page.notice, &page)
}

/// The newest first.
fn rows(views: &projections::Views, shell: &Shell) -> Vec<Row> {
    let versions = &views.frame.ledger.versions;
    let row = |step: &projections::duties::Step<Published>| {
        let Published { version, counted_at, hash, edition, .. } = step.what;
        Row {
            has_before: version > 1,
            number: version,
            edition: say(edition_key(edition)).to_string(),
            when: shell.clock.full(step.at),
            position: counted_at,
            hash: hash.to_string(),
        }
    };
    versions.iter().rev().map(row).collect()
}

fn edition_key(edition: Edition) -> &'static str {
    match edition {
        Edition::Interim => "publish-interim",
        Edition::Final => "publish-final",
    }
}

/// Freezes the paper as it is counted now, and asks the record to name it.
pub(crate) async fn publish(Extension(visit): Extension<Visit>, body: Bytes) -> Response {
    let form = Form::parse(&body);
    let hall = visit.hall.clone();
    let _one_at_a_time = hall.publishing.lock().await;
    let command = prepared(&visit, &form).await;
    let paper = command.as_ref().ok().and_then(hash_of);
    let response = send(&visit, None, form, command).await;
    forget_unless_named(&hall, paper).await;
    response
}

fn hash_of(command: &Command) -> Option<PaperHash> {
    match command {
        Command::Paper(PaperCommand::Publish(paper)) => Some(paper.hash),
        _ => None,
    }
}

/// A paper that was refused, or that was published already when the button was pressed again, leaves no file behind.
async fn forget_unless_named(hall: &Arc<Hall>, paper: Option<PaperHash>) {
    let Some(hash) = paper else { return };
    let head = hall.sequencer.head().borrow().map_or(0, |head| head.get());
    hall.projection.wait_for(head).await;
    let keep = |views: &projections::Views| {
        let named = views.frame.ledger.versions.iter().any(|step| step.what.hash == hash);
        // While the views are behind, nobody knows yet.
        named || views.position < head
    };
    if hall.projection.read(keep) {
        return;
    }
    let folder = hall.folder.clone();
    let forgotten = tokio::task::spawn_blocking(move || frozen::forget(&folder, hash)).await;
    if let Ok(Err(error)) = forgotten {
        tracing::warn!(%error, "a paper that was not published stays on the disk");
    }
}

async fn prepared(visit: &Visit, form: &Form) -> Result<Command, Refusal> {
    let edition = match form.get("edition") {
        Some("final") => Edition::Final,
        Some("interim") => Edition::Interim,
        _ => return Err(Refusal::MissingField("edition")),
    };
    frozen_now(visit.hall.clone(), edition).await
}

async fn frozen_now(hall: Arc<Hall>, edition: Edition) -> Result<Command, Refusal> {
    let freeze = move || freeze(&hall, edition);
    let done = tokio::task::spawn_blocking(freeze).await.map_err(|_| Refusal::Unavailable)?;
    done.map_err(|error| {
        tracing::error!(error = error.as_ref() as &dyn std::error::Error, "the paper cannot be frozen");
        Refusal::Unavailable
    })
}

impl House {
    /// Publishes the paper as it is counted now, for whoever runs the program.
    pub async fn publish(&self, slug: &Slug, edition: Edition) -> Result<(), Refusal> {
        let hall = self.hall(slug).ok_or(Refusal::UnknownAssembly)?;
        let _one_at_a_time = hall.publishing.lock().await;
        let command = frozen_now(hall.clone(), edition).await?;
        let paper = hash_of(&command);
        let done = hall.as_organiser(command).await;
        forget_unless_named(&hall, paper).await;
        done
    }
}

fn freeze(hall: &Hall, edition: Edition) -> Result<Command, Box<dyn std::error::Error + Send + Sync>> {
    let counted = hall.counted();
    let next = u16::try_from(counted.views.frame.ledger.versions.len() + 1)?;
    let stage = Stage::Published(next, edition);
    let document = Document::at(&counted.views, &counted.summary, Reach::File, stage)?;
    let frozen = Frozen::of(&document)?;
    frozen.keep(&hall.folder)?;
    let themes = counted.summary.duties.iter().flat_map(|duties| &duties.themes);
    let publish = Publish {
        counted_at: counted.views.position,
        hash: frozen.hash,
        edition,
        owed: themes.map(|theme| theme.theme).collect(),
    };
    Ok(PaperCommand::Publish(Box::new(publish)).into())
}

/// Takes a table of who took part; what could point at somebody does not get into the record.
pub(crate) async fn members(Extension(visit): Extension<Visit>, body: Bytes) -> Response {
    let form = Form::parse(&body);
    let [reference, table] = ["reference", "table"].map(|name| form.get(name).unwrap_or_default());
    let command = ingest::headcount(reference, table)
        .map(|counted| PaperCommand::RecordComposition(Box::new(counted)).into());
    send(&visit, None, form, command).await
}

/// Lets the record show what people were given to read.
pub(crate) async fn material(Extension(visit): Extension<Visit>, body: Bytes) -> Response {
    let form = Form::parse(&body);
    let command = shown(&form);
    send(&visit, None, form, command).await
}

fn shown(form: &Form) -> Result<Command, Refusal> {
    let title = Title::parse(form.get("title").unwrap_or_default())?;
    let address = form.get("address").map(WebAddress::parse).transpose()?;
    let hash = form.get("hash").map(|hash| PaperHash::try_from(hash.trim().to_lowercase()));
    let hash = hash
        .transpose()
        .map_err(|_| Refusal::BadField { field: "hash", why: say("publish-bad-hash").to_string() })?;
    Ok(PaperCommand::ShowMaterial(Material { title, address, hash }).into())
}

pub(crate) async fn versions(Extension(visit): Extension<Visit>) -> Response {
    visit.hall.projection.read(|views| {
        let shell = Shell::new(&visit, views, "published", say("published-title"));
        let page = Versions { t: Catalogue, versions: rows(views, &shell), shell };
        draw_with(&Notice::default(), &page)
    })
}

/// A published version with the words that may still be read.
pub(crate) async fn version(
    Extension(visit): Extension<Visit>,
    Path((_, number)): Path<(String, String)>,
) -> Response {
    match opened(&visit, &number).await {
        Ok(document) => {
            visit.hall.projection.read(|views| match paper::published(&visit, views, &document, &number) {
                Ok(html) => Html(html).into_response(),
                Err(error) => broken(&error),
            })
        }
        Err(response) => *response,
    }
}

/// The bytes that the record's hash is of.
pub(crate) async fn data(
    Extension(visit): Extension<Visit>,
    Path((_, number)): Path<(String, String)>,
) -> Response {
    let Some(published) = named(&visit, &number) else { return error::not_found_page() };
    match read(visit.hall.folder.clone(), published).await {
        Ok(bytes) => {
            ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], bytes).into_response()
        }
        Err(response) => *response,
    }
}

pub(crate) async fn pdf(
    State(house): State<Arc<House>>,
    Extension(visit): Extension<Visit>,
    Path((_, number)): Path<(String, String)>,
) -> Response {
    let Some(printer) = house.settings.printer else { return error::no_pdf() };
    match opened(&visit, &number).await {
        Ok(document) => print::pdf(printer, document).await,
        Err(response) => *response,
    }
}

fn named(visit: &Visit, number: &str) -> Option<Published> {
    let place = number.parse::<usize>().ok()?.checked_sub(1)?;
    visit.hall.projection.read(|views| views.frame.ledger.versions.get(place).map(|step| step.what.clone()))
}

async fn opened(visit: &Visit, number: &str) -> Result<Document, Box<Response>> {
    let Some(published) = named(visit, number) else { return Err(Box::new(error::not_found_page())) };
    let bytes = read(visit.hall.folder.clone(), published.clone()).await?;
    let hall = visit.hall.clone();
    let thaw = move || {
        let views = hall.projection.read(Clone::clone);
        frozen::thaw(&bytes, &published, &views, |position| hall.words(position))
    };
    let thawed = tokio::task::spawn_blocking(thaw).await.map_err(|error| Box::new(broken(&error)))?;
    thawed.map_err(|error| Box::new(broken(&error)))
}

async fn read(folder: PathBuf, published: Published) -> Result<Vec<u8>, Box<Response>> {
    let read = tokio::task::spawn_blocking(move || frozen::bytes_of(&folder, &published)).await;
    match read {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(why)) => {
            tracing::error!(?why, "a published paper cannot be shown");
            Err(Box::new(error::unreadable(match why {
                NotThere::Missing => "published-missing",
                NotThere::Altered => "published-altered",
            })))
        }
        Err(error) => Err(Box::new(broken(&error))),
    }
}

fn broken(error: &(dyn std::error::Error + 'static)) -> Response {
    tracing::error!(error, "a published paper cannot be drawn");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}
