//! The forms of the desk: code, set aside, skip, undo.

use std::collections::BTreeSet;

use axum::Extension;
use axum::body::Bytes;
use axum::response::{IntoResponse, Redirect, Response};
use domain::{ChangeRejection, Command, ContributionId, Reason, Rejection, Role, ThemeId, ThemeName, When};
use ingest::{Frame, Refusal};
use projections::{Attention, Views};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::lease::Who;
use super::steps::{Before, Left, Step};
use super::stream::Asked;
use super::{Drawn, draw_part};
use crate::guard::Visit;
use crate::link::Form;
use crate::pages::Notice;
use crate::pages::error::problem;
use crate::presence::now;
use crate::say::{Message, say};

/// What became of a form, and what is to be read then.
#[derive(Default)]
struct Outcome {
    /// Where the last of what was done stands in the record; 0 where nothing was.
    position: u64,
    show: Option<ContributionId>,
}

/// A step in the making: what was asked for by one form.
struct Job<'a> {
    visit: &'a Visit,
    who: Who,
    form: &'a Form,
    id: Uuid,
    contribution: ContributionId,
    when: When,
}

pub(crate) async fn code(Extension(visit): Extension<Visit>, body: Bytes) -> Response {
    let form = Form::parse(&body);
    let Some(who) = super::who(&visit) else { return problem(&Refusal::NoRole, "no-link") };
    let mut asked = Asked::of(&form);
    let drawn = Drawn::of(&form);
    match acted(&visit, who, &form).await {
        Ok(outcome) => {
            visit.hall.projection.wait_for(outcome.position).await;
            asked.contribution = outcome.show;
            if drawn == Drawn::Part {
                return draw_part(&visit, who, &asked, super::saved(&visit, who, outcome.position), drawn);
            }
            let shown = outcome.show.map(|id| ("contribution", id.to_string()));
            let done = Some(("done", outcome.position.to_string())).filter(|_| outcome.position > 0);
            let more: Vec<_> = shown.into_iter().chain(done).collect();
            Redirect::to(&asked.address(visit.hall.slug.as_str(), &more)).into_response()
        }
        Err(refusal) => {
            // Somebody was quicker: what was chosen is not for the next one.
            let over =
                matches!(refusal, Refusal::Rejected(Rejection::CodedMeanwhile | Rejection::NotToCodeAgain));
            let form = if over { Form::parse(b"") } else { form };
            asked.contribution = asked.contribution.filter(|_| !over);
            draw_part(&visit, who, &asked, Notice::refused(&refusal, form), drawn)
        }
    }
}

async fn acted(visit: &Visit, who: Who, form: &Form) -> Result<Outcome, Refusal> {
    let id = form.get("id").and_then(|id| id.parse().ok()).ok_or(Refusal::MissingField("id"))?;
    if form.get("action") == Some("undo") {
        return undone(visit, who, form, id).await;
    }
    let contribution = form.get("contribution").and_then(|id| id.parse().ok());
    let contribution = contribution.ok_or(Refusal::MissingField("contribution"))?;
    let when = if form.get("unread") == Some("yes") { When::Unread } else { When::Always };
    let job = Job { visit, who, form, id, contribution, when };
    match form.get("action") {
        Some("skip") => {
            visit.hall.team().skip(who, contribution, now());
            Ok(Outcome::default())
        }
        Some("set-aside") => job.set_aside().await,
        Some("read") => job.coded(BTreeSet::new(), &[]).await,
        _ if form.get("sample") == Some("double") => job.again().await,
        action => {
            let themes = job.chosen().await?;
            let copies = form.all("copy").filter_map(|id| id.parse().ok()).filter(|_| action == Some("all"));
            job.coded(themes, &copies.collect::<Vec<_>>()).await
        }
    }
}

impl Job<'_> {
    /// The themes that were chosen, with the one that was named for it.
    async fn chosen(&self) -> Result<BTreeSet<ThemeId>, Refusal> {
        let mut themes = self.ticked();
        if let Some(name) = self.form.get("new_theme") {
            self.still_free()?;
            themes.insert(self.named(ThemeName::parse(name)?).await?);
        }
        if themes.is_empty() { Err(Refusal::MissingField("theme")) } else { Ok(themes) }
    }

    fn ticked(&self) -> BTreeSet<ThemeId> {
        self.form.all("theme").filter_map(|theme| theme.parse().ok()).collect()
    }

    /// A theme of that name; two people who name the same one at once mean the same one.
    async fn named(&self, name: ThemeName) -> Result<ThemeId, Refusal> {
        let wanted = name.as_str().to_lowercase();
        let known = self.visit.hall.projection.read(|views| {
            let themes = views.live_themes();
            themes.iter().find(|(_, theme)| theme.name.as_str().to_lowercase() == wanted).map(|(id, _)| *id)
        });
        if let Some(theme) = known {
            return Ok(theme);
        }
        let theme = ThemeId(part_of(self.id, usize::MAX));
        self.submit(usize::MAX, Command::NameTheme { theme, name, definition: None }).await?;
        Ok(theme)
    }

    async fn coded(&self, themes: BTreeSet<ThemeId>, copies: &[ContributionId]) -> Result<Outcome, Refusal> {
        if self.form.get("sample") == Some("double") {
            let command = Command::CodeAgain { contribution: self.contribution, themes };
            return self.submit(0, command).await.map(|position| Outcome { position, show: None });
        }
        let mut items = vec![(self.contribution, self.before()?)];
        let code = |contribution, when| Command::Code { contribution, themes: themes.clone(), when };
        let mut position = self.submit(0, code(self.contribution, self.when)).await?;
        for (index, copy) in (1..).zip(copies) {
            let before = self.visit.hall.projection.read(|views| before(views, *copy));
            let held = self.visit.hall.team().holder_of(*copy, now()).filter(|held| held.who != self.who);
            let (Some(before), None) = (before, held) else { continue };
            match self.submit(index, code(*copy, When::Unread)).await {
                Ok(at) => {
                    position = at;
                    items.push((*copy, before));
                }
                // It was coded, withdrawn or erased meanwhile, and stays as it is.
                Err(Refusal::Rejected(_)) => {}
                Err(refusal) => return Err(refusal),
            }
        }
        self.keep(Left::Coded(themes), position, items);
        Ok(Outcome { position, show: None })
    }

    async fn again(&self) -> Result<Outcome, Refusal> {
        let themes = self.ticked();
        if themes.is_empty() { Err(Refusal::MissingField("theme")) } else { self.coded(themes, &[]).await }
    }

    async fn set_aside(&self) -> Result<Outcome, Refusal> {
        let reason = Reason::parse(self.form.get("reason").unwrap_or_default())?;
        let contribution = self.contribution;
        let items = vec![(contribution, self.before()?)];
        self.still_free()?;
        let command = Command::SetAside { contribution, reason: reason.clone() };
        let position = self.submit(0, command).await.map_err(|refusal| match (self.when, refusal) {
            (When::Unread, Refusal::Rejected(Rejection::StillInATheme | Rejection::AlreadyMarked)) => {
                Refusal::Rejected(Rejection::CodedMeanwhile)
            }
            (_, refusal) => refusal,
        })?;
        self.keep(Left::SetAside(reason), position, items);
        Ok(Outcome { position, show: None })
    }

    /// Whether nobody else has coded meanwhile what this page took to be unread.
    fn still_free(&self) -> Result<(), Refusal> {
        let taken = self.visit.hall.projection.read(|views| {
            let entry = views.entry(self.contribution).map(|(_, entry)| entry);
            entry.is_some_and(|entry| entry.attention != Attention::Unread && entry.coder != self.who.link)
        });
        let taken = taken && self.when == When::Unread;
        if taken { Err(Rejection::CodedMeanwhile.into()) } else { Ok(()) }
    }

    fn before(&self) -> Result<Before, Refusal> {
        let before = self.visit.hall.projection.read(|views| before(views, self.contribution));
        before.ok_or(Rejection::UnknownContribution.into())
    }

    fn keep(&self, left: Left, position: u64, items: Vec<(ContributionId, Before)>) {
        let step = Step { id: self.id, position, left, items };
        self.visit.hall.team().steps(self.who, now()).push(step);
    }

    async fn submit(&self, index: usize, command: Command) -> Result<u64, Refusal> {
        submit(self.visit, part_of(self.id, index), command).await
    }
}

fn before(views: &Views, contribution: ContributionId) -> Option<Before> {
    views.entry(contribution).map(|(_, entry)| Before::of(entry))
}

async fn submit(visit: &Visit, id: Uuid, command: Command) -> Result<u64, Refusal> {
    visit.door(Some(Role::ThemeTeam)).submit(Frame { id, command }).await.map(|ack| ack.position.get())
}

/// Takes back the last step, as far as nobody has changed since what it left.
async fn undone(visit: &Visit, who: Who, form: &Form, id: Uuid) -> Result<Outcome, Refusal> {
    let asked: Option<Uuid> = form.get("step").and_then(|step| step.parse().ok());
    let step = visit.hall.team().steps(who, now()).last().filter(|step| Some(step.id) == asked).cloned();
    let step = step.ok_or(Rejection::from(ChangeRejection::AlreadyUndone))?;
    let stands: Vec<_> = visit.hall.projection.read(|views| {
        let as_left = |id: &ContributionId| {
            views.entry(*id).is_some_and(|(_, entry)| step.left.stands(entry, who.link))
        };
        step.items.iter().filter(|(id, _)| as_left(id)).cloned().collect()
    });
    visit.hall.team().steps(who, now()).forget(step.id);
    let Some((first, _)) = stands.first() else {
        return Err(Rejection::from(ChangeRejection::ChangedSince).into());
    };
    // It is held before it is back among the unread, so that nobody else is given it.
    visit.hall.team().claim(who, *first, now());
    let mut position = 0;
    let commands = stands.iter().flat_map(|(id, before)| before.commands(*id));
    for (index, command) in commands.enumerate() {
        position = submit(visit, part_of(id, index), command).await?;
    }
    Ok(Outcome { position, show: Some(*first) })
}

/// A step as a phrase: into what it went.
pub(super) fn phrase(views: &Views, step: &Step) -> Message {
    let n = step.items.len();
    match &step.left {
        Left::Coded(themes) if themes.is_empty() => say("desk-did-read").num("n", n),
        Left::SetAside(_) => say("desk-did-aside"),
        Left::Coded(themes) => {
            let names = themes.iter().filter_map(|id| views.frame.themes.get(id));
            let names: Vec<_> = names.map(|theme| format!("“{}”", theme.name)).collect();
            say("desk-did-themes").text("themes", names.join(", ")).num("n", n)
        }
    }
}

/// One form makes several commands; each gets an id that follows from the form's, so that pressing the button twice
/// records each once.
fn part_of(id: Uuid, index: usize) -> Uuid {
    let hash = Sha256::new().chain_update(id.as_bytes()).chain_update(index.to_be_bytes()).finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
