//! The hall's screen: what the assembly is saying, readable from the back row, with the age of what it shows.

use askama::Template;
use axum::Extension;
use axum::http::StatusCode;
use axum::response::Response;

use crate::guard::Visit;
use crate::pages::hearing::Hearing;
use crate::pages::take_part::OpenQuestion;
use crate::pages::{Shell, address, draw};
use crate::say::{Catalogue, say};

/// Themes on the screen, so that each can be read from the back row.
const THEMES: usize = 6;

#[derive(Template)]
#[template(path = "screen.html")]
struct Screen {
    shell: Shell,
    t: Catalogue,
    open: Option<OpenQuestion>,
    hearing: Hearing,
    more: usize,
    /// Where people at home find the assembly, without the `http://`.
    home: String,
    code: String,
    time: String,
}

pub(crate) async fn page(Extension(visit): Extension<Visit>) -> Response {
    visit.hall.projection.read(|views| {
        let round = views.open_round().map(|(number, _)| number);
        let mut hearing = Hearing::look(&visit.hall, views, round);
        let more = hearing.themes.len().saturating_sub(THEMES);
        hearing.themes.truncate(THEMES);
        let home = format!("{}{}", visit.house.settings.public_url, address(visit.hall.slug.as_str(), ""));
        let shell = Shell::new(&visit, views, "screen", say("screen-title"));
        let time = views.frame.last_at.map(|at| shell.clock.time(at)).unwrap_or_default();
        let code = qr(&home);
        let home = home.split_once("://").map(|(_, rest)| rest.to_owned()).unwrap_or(home);
        let open = OpenQuestion::now(views);
        draw(StatusCode::OK, &Screen { shell, t: Catalogue, open, hearing, more, home, code, time })
    })
}

/// A QR code as the inside of an SVG, dark on light whatever the page's colours, with the quiet zone that readers need.
pub(crate) fn qr(text: &str) -> String {
    let Ok(code) = qrcode::QrCode::new(text) else { return String::new() };
    let width = code.width();
    let dark = code.to_colors().into_iter().enumerate().filter(|(_, color)| *color == qrcode::Color::Dark);
    let path: String =
        dark.map(|(at, _)| format!("M{} {}h1v1h-1z", at % width + 4, at / width + 4)).collect();
    let side = width + 8;
    format!(
        "<svg class=\"qr\" viewBox=\"0 0 {side} {side}\" aria-hidden=\"true\" focusable=\"false\">\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\"{path}\"/></svg>"
    )
}
