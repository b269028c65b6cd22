//! Being told by e-mail what the board owes and does: asking, saying yes, ending it.
//!
//! What is answered to who asks is the same whether or not the address is known. The links in messages hold a secret and
//! do nothing by being opened, because programs that look for bad links open them all; a button does.

use askama::Template;
use axum::Extension;
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use ingest::{Address, Asked, CONFIRM_WITHIN_HOURS, Refusal, Secret, Standing, UpTo};

use crate::guard::Visit;
use crate::house::Mail;
use crate::link::Form;
use crate::pages::duties::today;
use crate::pages::error::{no_mail, problem};
use crate::pages::{Notice, Shell, draw};
use crate::say::{Catalogue, Message, say};

/// After how many seconds somebody may ask again where too many have asked.
const RETRY_AFTER_S: &str = "600";

#[derive(Template)]
#[template(path = "mail.html")]
struct Page {
    shell: Shell,
    t: Catalogue,
    notice: Notice,
    sentences: Vec<Message>,
    /// What is on the page besides.
    part: Part,
}

enum Part {
    /// The form, with what was typed into it.
    Form {
        typed: String,
    },
    /// A button that does it.
    Button(Message),
    Nothing,
}

impl Page {
    fn typed(&self) -> Option<&str> {
        match &self.part {
            Part::Form { typed } => Some(typed),
            _ => None,
        }
    }

    fn button(&self) -> Option<&Message> {
        match &self.part {
            Part::Button(label) => Some(label),
            _ => None,
        }
    }
}

fn page(visit: &Visit, status: StatusCode, title: Message, sentences: Vec<Message>, part: Part) -> Response {
    let shell = visit.hall.projection.read(|views| Shell::new(visit, views, "mail", title));
    draw(status, &Page { shell, t: Catalogue, notice: Notice::default(), sentences, part })
}

/// Whether pages of this server offer it.
pub(crate) fn is_on(visit: &Visit) -> bool {
    visit.house.settings.mail == Mail::On
}

pub(crate) async fn ask(Extension(visit): Extension<Visit>, body: Bytes) -> Response {
    if !is_on(&visit) {
        return no_mail();
    }
    let typed = Form::parse(&body).get("address").unwrap_or_default().to_owned();
    let Ok(address) = Address::parse(&typed) else {
        return refused(&visit, StatusCode::UNPROCESSABLE_ENTITY, say("mail-bad-address"), typed);
    };
    match visit.house.access.ask_for_mail(&visit.hall.slug, &address) {
        Ok(Asked::Noted) => {
            visit.house.letterbox.notify_one();
            let sentences =
                vec![say("mail-asked").num("hours", CONFIRM_WITHIN_HOURS), say("mail-asked-missing")];
            page(&visit, StatusCode::OK, say("mail-asked-title"), sentences, Part::Nothing)
        }
        Ok(Asked::TooMany) => {
            let mut response = refused(&visit, StatusCode::TOO_MANY_REQUESTS, say("mail-too-many"), typed);
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER_S));
            response
        }
        Ok(Asked::Full) => refused(&visit, StatusCode::SERVICE_UNAVAILABLE, say("mail-full"), typed),
        Err(refusal) => problem(&refusal, "unavailable"),
    }
}

fn refused(visit: &Visit, status: StatusCode, why: Message, typed: String) -> Response {
    let shell = visit.hall.projection.read(|views| Shell::new(visit, views, "mail", say("mail-title")));
    let notice = Notice { refused: Some(why.to_string()), ..Notice::default() };
    draw(status, &Page { shell, t: Catalogue, notice, sentences: Vec::new(), part: Part::Form { typed } })
}

/// The secret of a link, and what it leads to.
type Followed = Result<(Secret, Option<Standing>), Box<Response>>;

fn follow(visit: &Visit, secret: &str) -> Followed {
    if !is_on(visit) {
        return Err(Box::new(no_mail()));
    }
    let Ok(secret) = secret.parse::<Secret>() else { return Err(Box::new(leads_nowhere(visit))) };
    let standing = visit.house.access.mail_standing(&visit.hall.slug, &secret);
    Ok((secret, standing.map_err(|refusal| Box::new(unavailable(refusal)))?))
}

fn unavailable(refusal: Refusal) -> Response {
    problem(&refusal, "unavailable")
}

fn leads_nowhere(visit: &Visit) -> Response {
    let sentences = vec![say("mail-gone").num("hours", CONFIRM_WITHIN_HOURS)];
    let part = Part::Form { typed: String::new() };
    page(visit, StatusCode::NOT_FOUND, say("mail-gone-title"), sentences, part)
}

pub(crate) async fn confirmation(
    Extension(visit): Extension<Visit>,
    Path((_, secret)): Path<(String, String)>,
) -> Response {
    match follow(&visit, &secret) {
        Err(response) => *response,
        Ok((_, None)) => leads_nowhere(&visit),
        Ok((_, Some(Standing::Confirmed))) => told_from_now_on(&visit),
        Ok((_, Some(Standing::Asked))) => {
            let (title, button) = (say("mail-confirm-title"), Part::Button(say("mail-confirm-button")));
            page(&visit, StatusCode::OK, title, vec![say("mail-what"), say("mail-kept")], button)
        }
    }
}

pub(crate) async fn confirm(
    Extension(visit): Extension<Visit>,
    Path((_, secret)): Path<(String, String)>,
) -> Response {
    let secret = match follow(&visit, &secret) {
        Err(response) => return *response,
        Ok((secret, _)) => secret,
    };
    let from = visit.hall.projection.read(|views| UpTo { position: views.position, day: today(views) });
    match visit.house.access.confirm_mail(&visit.hall.slug, &secret, from) {
        Ok(true) => told_from_now_on(&visit),
        Ok(false) => leads_nowhere(&visit),
        Err(refusal) => unavailable(refusal),
    }
}

fn told_from_now_on(visit: &Visit) -> Response {
    let sentences = vec![say("mail-confirmed"), say("mail-what"), say("mail-kept")];
    page(visit, StatusCode::OK, say("mail-confirmed-title"), sentences, Part::Nothing)
}

pub(crate) async fn way_out(
    Extension(visit): Extension<Visit>,
    Path((_, secret)): Path<(String, String)>,
) -> Response {
    match follow(&visit, &secret) {
        Err(response) => *response,
        Ok((_, None)) => ended(&visit),
        Ok((_, Some(_))) => {
            let (title, button) = (say("mail-stop-title"), Part::Button(say("mail-stop-button")));
            page(&visit, StatusCode::OK, title, vec![say("mail-stop")], button)
        }
    }
}

/// By the button on our page, or by that of a mail program (RFC 8058), as often as it is pressed.
pub(crate) async fn stop(
    Extension(visit): Extension<Visit>,
    Path((_, secret)): Path<(String, String)>,
) -> Response {
    let secret = match follow(&visit, &secret) {
        Err(response) => return *response,
        Ok((secret, _)) => secret,
    };
    match visit.house.access.end_mail(&visit.hall.slug, &secret) {
        Ok(()) => ended(&visit),
        Err(refusal) => unavailable(refusal),
    }
}

fn ended(visit: &Visit) -> Response {
    page(visit, StatusCode::OK, say("mail-stopped-title"), vec![say("mail-stopped")], Part::Nothing)
}
