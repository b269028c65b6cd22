//! A spare tablet takes a table over: one tap of the organiser, one scan, and it is the table's console.
//!
//! The tablet that it stands in for keeps its own link: it may still hold entries, and sends them when it can.

use askama::Template;
use axum::Extension;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::response::Response;
use domain::{Label, Role, TableNumber};
use ingest::Refusal;

use crate::guard::Visit;
use crate::link::Form;
use crate::pages::run::draw_run;
use crate::pages::screen::qr;
use crate::pages::{Notice, Shell, draw};
use crate::say::{Catalogue, say};

#[derive(Template)]
#[template(path = "spare.html")]
struct Spare {
    shell: Shell,
    t: Catalogue,
    table: TableNumber,
    code: String,
    /// Where the link leads, without `http://` and without its secret: short enough to be typed.
    address: String,
    /// What is pasted there.
    secret: String,
}

pub(crate) async fn issue(Extension(visit): Extension<Visit>, body: Bytes) -> Response {
    let form = Form::parse(&body);
    match issued(&visit, &form).await {
        Ok((table, url)) => draw_spare(&visit, table, &url),
        Err(refusal) => draw_run(&visit, Notice::refused(&refusal, form), None),
    }
}

async fn issued(visit: &Visit, form: &Form) -> Result<(TableNumber, String), Refusal> {
    let table: Option<TableNumber> = form.get("table").and_then(|table| table.parse().ok());
    let table = table
        .ok_or_else(|| Refusal::BadField { field: "table", why: say("table-number-why").to_string() })?;
    let label = Label::parse(&say("spare-label").to_string())?;
    let (house, slug) = (&visit.house, &visit.hall.slug);
    Ok((table, house.issue_link(slug, Role::Facilitator, Some(table), Some(label)).await?))
}

fn draw_spare(visit: &Visit, table: TableNumber, url: &str) -> Response {
    let (address, secret) = url.split_once('#').unwrap_or((url, ""));
    let title = say("spare-title").num("table", table);
    let page = Spare {
        shell: visit.hall.projection.read(|views| Shell::new(visit, views, "spare", title)),
        t: Catalogue,
        table,
        code: qr(url),
        address: address.split_once("://").map_or(address, |(_, rest)| rest).to_owned(),
        secret: secret.to_owned(),
    };
    draw(StatusCode::OK, &page)
}
