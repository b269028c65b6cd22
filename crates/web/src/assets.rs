//! The few files that pages load: one style sheet, small scripts, all our own.

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

/// The service worker of the console. Its first line names the state of all assets, so that a browser that has an
/// older one sees a change, fetches everything anew and throws the old away.
pub(crate) async fn worker() -> Response {
    let mut names: Vec<_> = Files::iter().collect();
    names.sort();
    let mut all = Sha256::new();
    for file in names.iter().filter_map(|name| Files::get(name)) {
        all.update(file.metadata.sha256_hash());
    }
    let Some(script) = Files::get("sw.js") else { return StatusCode::NOT_FOUND.into_response() };
    let version = hex(&all.finalize()[..8]);
    let text = format!("self.VERSION = \"{version}\";\n{}", String::from_utf8_lossy(&script.data));
    let kind = HeaderValue::from_static("text/javascript; charset=utf-8");
    let fresh = HeaderValue::from_static("no-cache");
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, fresh)], text).into_response()
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
    use std::collections::BTreeSet;

    use super::*;

    fn text(name: &str) -> String {
        String::from_utf8(Files::get(name).unwrap().data.into_owned()).unwrap()
    }

    /// The scripts that a script imports, and those that they import.
    fn imported(name: &str, known: &mut BTreeSet<String>) {
        if known.insert(name.to_owned()) {
            let script = text(name);
            let others = script.lines().filter_map(|line| line.split_once("from \"./")?.1.split('"').next());
            others.for_each(|other| imported(other, known));
        }
    }

    #[test]
    fn the_console_keeps_every_script_that_it_needs_without_a_network() {
        let mut needed = BTreeSet::from(["site.css", "mark.svg"].map(str::to_owned));
        imported("page.js", &mut needed);
        imported("table.js", &mut needed);
        let worker = text("sw.js");
        let kept = worker.split_once("const ASSETS = [").unwrap().1.split_once(']').unwrap().0;
        let kept: BTreeSet<_> = kept.split('"').skip(1).step_by(2).map(str::to_owned).collect();
        assert_eq!(kept, needed);
    }
}
