//! The door: the secret of a link is exchanged once for a cookie.
//!
//! The secret stands behind the `#` of the address, which browsers do not send. A small script moves it into the form
//! and sends that; without script the page asks for it. Whoever speaks for themselves is told first what happens to
//! their words, and comes in with a tap.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Path, Query as Asked, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::Role;
use ingest::{JoinCode, Refusal};
use serde::Deserialize;

use crate::guard::{COOKIE, Visit, cookie};
use crate::house::House;
use crate::link::{Form, first_page};
use crate::pages::error::problem;
use crate::pages::{Notice, Shell, address, draw_with};
use crate::say::{Catalogue, say};

#[derive(Template)]
#[template(path = "join.html")]
struct Join {
    shell: Shell,
    t: Catalogue,
    notice: Notice,
    /// The code that the visitor came with, so that one tap is enough.
    code: String,
    /// Whether only the tap is missing.
    asks: bool,
}

/// What an address may carry: the code of the screen, which is no secret.
#[derive(Deserialize)]
pub(crate) struct Came {
    code: Option<String>,
}

pub(crate) async fn page(Extension(visit): Extension<Visit>, Asked(came): Asked<Came>) -> Response {
    let code = came.code.and_then(|code| code.parse::<JoinCode>().ok());
    draw_join(&visit, Notice::default(), code.map(|code| code.to_string()).unwrap_or_default(), false)
}

/// `/j/K7M4QX`: short enough to be typed from a screen.
pub(crate) async fn by_code(State(house): State<Arc<House>>, Path(code): Path<String>) -> Response {
    to_assembly(&house, &code)
}

/// The same from the box on the first page.
pub(crate) async fn by_typed_code(State(house): State<Arc<House>>, Asked(came): Asked<Came>) -> Response {
    to_assembly(&house, &came.code.unwrap_or_default())
}

fn to_assembly(house: &House, typed: &str) -> Response {
    let code: Option<JoinCode> = typed.parse().ok();
    let found = code.map(|code| (code, house.access.assembly_of(code)));
    match found {
        Some((code, Ok(Some(slug)))) => {
            Redirect::to(&format!("{}?code={}", address(slug.as_str(), "join"), code.plain())).into_response()
        }
        Some((_, Err(error))) => {
            tracing::error!(error = &error as &dyn std::error::Error, "codes could not be looked up");
            problem(&Refusal::Unavailable, "unavailable")
        }
        Some((_, Ok(None))) | None => problem(&Refusal::BadLink, "no-such-code"),
    }
}

fn draw_join(visit: &Visit, notice: Notice, code: String, asks: bool) -> Response {
    let shell = visit.hall.projection.read(|views| Shell::new(visit, views, "join", say("join-title")));
    let page = Join { shell, t: Catalogue, notice, code, asks };
    draw_with(&page.notice, &page)
}

pub(crate) async fn exchange(
    Extension(visit): Extension<Visit>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let form = Form::parse(&body);
    let typed = form.get("secret").unwrap_or_default().trim();
    // People paste the whole link as often as the code in it.
    let secret = typed.rsplit('#').next().unwrap_or_default();
    if form.get("unasked").is_some() && is_new_participant(&visit, secret) {
        return draw_join(&visit, Notice::default(), secret.to_owned(), true);
    }
    match let_in(&visit, secret, &headers) {
        Ok((cookie, page)) => {
            let slug = visit.hall.slug.as_str();
            ([(header::SET_COOKIE, cookie)], Redirect::to(&address(slug, page))).into_response()
        }
        Err(refusal) => {
            let refused = Notice::refused(&refusal, Form::parse(b""));
            let mut response = draw_join(&visit, refused, String::new(), false);
            *response.status_mut() = StatusCode::FORBIDDEN;
            response
        }
    }
}

/// Whether the link would make a voice of somebody who has not been told what happens to their words.
fn is_new_participant(visit: &Visit, secret: &str) -> bool {
    let holder = visit.house.access.bearer(&visit.hall.slug, secret, None).ok().flatten();
    let speaks = holder.is_some_and(|holder| holder.as_one_of(&[Role::Participant]).is_some());
    speaks && !visit.holds_one_of(&[Role::Participant])
}

fn let_in(visit: &Visit, secret: &str, headers: &HeaderMap) -> Result<(HeaderValue, &'static str), Refusal> {
    let (access, slug) = (&visit.house.access, &visit.hall.slug);
    let (token, role) = access.enter(slug, secret, cookie(headers).as_ref())?;
    // Over plain HTTP, as in a hall without a certificate, a Secure cookie would not come back.
    let secure = if visit.house.settings.public_url.starts_with("https:") { "; Secure" } else { "" };
    let cookie = format!(
        "{COOKIE}={}; Path=/a/{slug}; HttpOnly; SameSite=Lax; Max-Age=2592000{secure}",
        token.reveal()
    );
    let cookie = HeaderValue::from_str(&cookie).map_err(|_| Refusal::Unavailable)?;
    Ok((cookie, first_page(role)))
}
