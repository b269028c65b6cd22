//! The door: the secret of a link is exchanged once for a cookie.
//!
//! The secret stands behind the `#` of the address, which browsers do not send. A small script moves it into the form
//! and sends that; without script the page asks for it.

use askama::Template;
use axum::Extension;
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use ingest::Refusal;

use crate::guard::{COOKIE, Visit, cookie};
use crate::link::{Form, first_page};
use crate::pages::{Notice, Shell, address, draw_with};
use crate::say::{Catalogue, say};

#[derive(Template)]
#[template(path = "join.html")]
struct Join {
    shell: Shell,
    t: Catalogue,
    notice: Notice,
}

pub(crate) async fn page(Extension(visit): Extension<Visit>) -> Response {
    draw_join(&visit, Notice::default())
}

fn draw_join(visit: &Visit, notice: Notice) -> Response {
    let shell = visit.hall.projection.read(|views| Shell::new(visit, views, "join", say("join-title")));
    let page = Join { shell, t: Catalogue, notice };
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
    match let_in(&visit, secret, &headers) {
        Ok((cookie, page)) => {
            let slug = visit.hall.slug.as_str();
            ([(header::SET_COOKIE, cookie)], Redirect::to(&address(slug, page))).into_response()
        }
        Err(refusal) => {
            let mut response = draw_join(&visit, Notice::refused(&refusal, Form::parse(b"")));
            *response.status_mut() = StatusCode::FORBIDDEN;
            response
        }
    }
}

fn let_in(visit: &Visit, secret: &str, headers: &HeaderMap) -> Result<(HeaderValue, &'static str), Refusal> {
    let (access, slug) = (&visit.house.access, &visit.hall.slug);
    let holder = access.bearer(slug, secret, None)?;
    let token = access.exchange(slug, secret, cookie(headers).as_ref())?;
    let role = holder.and_then(|holder| holder.grants.first().map(|grant| grant.role));
    // Over plain HTTP, as in a hall without a certificate, a Secure cookie would not come back.
    let secure = if visit.house.settings.public_url.starts_with("https:") { "; Secure" } else { "" };
    let cookie = format!(
        "{COOKIE}={}; Path=/a/{slug}; HttpOnly; SameSite=Lax; Max-Age=2592000{secure}",
        token.reveal()
    );
    let cookie = HeaderValue::from_str(&cookie).map_err(|_| Refusal::Unavailable)?;
    Ok((cookie, role.map_or("", first_page)))
}
