//! The few files that pages load: one style sheet, small scripts, all our own.

use std::collections::BTreeSet;

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Files;

/// The style sheet's text, for papers that stand alone.
pub(crate) fn style_sheet() -> String {
    Files::get("site.css").map(|file| String::from_utf8_lossy(&file.data).into_owned()).unwrap_or_default()
}

/// What the console is drawn from, and names the files that it loads.
const CONSOLE: [&str; 2] = [include_str!("../templates/base.html"), include_str!("../templates/table.html")];

/// The service worker of the console. Its first lines name every file that the console loads, and their state, so that
/// a browser that has an older one sees a change, fetches everything anew and throws the old away.
pub(crate) async fn worker() -> Response {
    let Some(script) = Files::get("sw.js") else { return StatusCode::NOT_FOUND.into_response() };
    let mut names = BTreeSet::new();
    CONSOLE.iter().flat_map(|template| named(template, "\"/assets/")).for_each(|name| load(name, &mut names));
    let mut all = Sha256::new();
    for file in names.iter().filter_map(|name| Files::get(name)) {
        all.update(file.metadata.sha256_hash());
    }
    let (version, names) = (hex(&all.finalize()[..8]), serde_json::json!(names));
    let script = String::from_utf8_lossy(&script.data);
    let text = format!("self.VERSION = \"{version}\";\nself.ASSETS = {names};\n{script}");
    let kind = HeaderValue::from_static("text/javascript; charset=utf-8");
    let fresh = HeaderValue::from_static("no-cache");
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, fresh)], text).into_response()
}

/// A file, and the scripts that it imports, and those that they import.
fn load(name: &str, known: &mut BTreeSet<String>) {
    let Some(file) = Files::get(name) else { return };
    if known.insert(name.to_owned()) {
        let text = String::from_utf8_lossy(&file.data);
        named(&text, "\"./").filter(|other| other.ends_with(".js")).for_each(|other| load(other, known));
    }
}

/// What stands behind `before` and ends with a quotation mark.
fn named<'a>(text: &'a str, before: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(before).skip(1).filter_map(|after| after.split('"').next())
}

/// What goes over the live feed, in both directions, for programs that follow it (AsyncAPI 3).
pub(crate) async fn feed_description(asked: HeaderMap) -> Response {
    serve(Path("asyncapi.json".to_owned()), asked).await
}

/// What programs may ask for over HTTP (OpenAPI 3.1).
pub(crate) async fn http_description(asked: HeaderMap) -> Response {
    serve(Path("openapi.json".to_owned()), asked).await
}

/// The evidence summary with all its figures (JSON Schema 2020-12).
pub(crate) async fn summary_description(asked: HeaderMap) -> Response {
    serve(Path("summary.schema.json".to_owned()), asked).await
}

/// The board's paper as typed blocks (JSON Schema 2020-12).
pub(crate) async fn paper_description(asked: HeaderMap) -> Response {
    serve(Path("paper.schema.json".to_owned()), asked).await
}

pub(crate) async fn serve(Path(name): Path<String>, asked: HeaderMap) -> Response {
    let Some(file) = Files::get(&name) else { return StatusCode::NOT_FOUND.into_response() };
    let tag = format!("\"{}\"", hex(&file.metadata.sha256_hash()[..8]));
    if asked.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let kind = match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    (headers, file.data).into_response()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_console_keeps_every_file_that_it_loads_without_a_network() {
        let mut names = BTreeSet::new();
        load("table.js", &mut names);
        for name in ["table.js", "outbox.js", "sender.js", "live.js", "page.js", "countdown.js"] {
            assert!(names.contains(name), "{name} is not among {names:?}");
        }
        let drawn: Vec<_> = CONSOLE.iter().flat_map(|template| named(template, "\"/assets/")).collect();
        assert!(drawn.contains(&"site.css") && drawn.contains(&"table.js"), "{drawn:?}");
        let strange: Vec<_> = names.iter().filter(|name| Files::get(name).is_none()).collect();
        assert!(strange.is_empty(), "{strange:?}");
    }
}
