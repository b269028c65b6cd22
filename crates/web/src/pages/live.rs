//! The live feed: by a WebSocket with commands the other way, as server-sent events, and as one document for those who
//! can only ask again and again.

use axum::Extension;
use axum::extract::Query as Asked;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::Role;
use ingest::Refusal;
use serde::Deserialize;

use crate::guard::{Visit, is_same_origin};
use crate::live::{self, Line, Upgrade};
use crate::pages::error::problem;

/// What a browser shows of what it has heard, when it comes back to server-sent events.
const LAST_EVENT_ID: &str = "last-event-id";

#[derive(Deserialize)]
pub(crate) struct Choice {
    /// The role to speak in, for a browser that holds several.
    #[serde(rename = "as")]
    role: Option<String>,
    /// `{epoch}:{position}`: everything up to there is known.
    after: Option<String>,
}

impl Choice {
    fn role(&self) -> Option<Role> {
        self.role.as_ref().and_then(|role| role.parse().ok())
    }
}

pub(crate) async fn connect(
    Extension(visit): Extension<Visit>,
    Asked(choice): Asked<Choice>,
    headers: HeaderMap,
    upgrade: Result<Upgrade, Response>,
) -> Response {
    // Cross-origin rules do not cover WebSockets: another site's page could open one with our cookie.
    if !is_same_origin(&headers) {
        return problem(&Refusal::NoRole, "cross-site");
    }
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade,
        Err(refused) => return refused,
    };
    let door = visit.door(choice.role());
    let role = listens_as(&visit, choice.role());
    let crowd = visit.hall.hub.crowd(role).clone();
    let after = position(crowd.epoch(), choice.after.as_deref());
    live::connect(upgrade, crowd, role, after, move |json: &[u8]| Some(door.answer(json)))
}

pub(crate) async fn events(
    Extension(visit): Extension<Visit>,
    Asked(choice): Asked<Choice>,
    headers: HeaderMap,
) -> Response {
    let role = listens_as(&visit, choice.role());
    let crowd = visit.hall.hub.crowd(role);
    let last = headers.get(LAST_EVENT_ID).and_then(|id| id.to_str().ok());
    let after = position(crowd.epoch(), last.or(choice.after.as_deref()));
    match crowd.join(Line::Events, role, after) {
        Some(seat) => live::respond(seat),
        None => problem(&Refusal::Unavailable, "unavailable"),
    }
}

/// The snapshot of the feed, by itself.
pub(crate) async fn snapshot(Extension(visit): Extension<Visit>, asked: HeaderMap) -> Response {
    let crowd = visit.hall.hub.crowd(None);
    let (position, frame) = crowd.opening().at();
    let tag = format!("\"{}:{position}\"", crowd.epoch());
    let known = asked.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let tag = HeaderValue::from_str(&tag).unwrap_or(HeaderValue::from_static("\"\""));
    let headers = [
        (header::ETAG, tag),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
    ];
    if known {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, frame.payload()).into_response()
}

/// The role that the visitor asks for, if they hold it, or the latest one that they hold.
fn listens_as(visit: &Visit, asked: Option<Role>) -> Option<Role> {
    let holder = visit.holder.as_ref()?;
    let chosen = asked.and_then(|role| holder.as_one_of(&[role])).or(holder.grants.first().copied());
    chosen.map(|grant| grant.role)
}

/// The position in `{epoch}:{position}`, where it is one of this epoch.
fn position(epoch: &str, after: Option<&str>) -> Option<u64> {
    let (of, position) = after?.rsplit_once(':')?;
    (of == epoch).then(|| position.parse().ok()).flatten()
}
