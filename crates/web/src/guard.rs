//! Who is at the door, and whether this address admits them.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use domain::{Actor, Channel, Role, Slug};
use ingest::{Credential, Door, Holder, Refusal};

use crate::house::{Hall, House};
use crate::pages::error::problem;

/// The roles that an address admits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Admits {
    Anyone,
    /// Anyone, from any page: what may be done follows from the secret in the address and from no cookie. Mail programs
    /// press the button of RFC 8058 from pages of their own.
    WhoKnowsTheAddress,
    Only(&'static [Role]),
}

/// One request that was let through.
#[derive(Clone)]
pub(crate) struct Visit {
    pub(crate) house: Arc<House>,
    pub(crate) hall: Arc<Hall>,
    /// What the visitor showed at the door; every command is checked against it anew.
    pub(crate) credential: Credential,
    pub(crate) holder: Option<Holder>,
    /// The grant by which this address admitted the visitor; `None` on pages that anyone may see.
    pub(crate) actor: Option<Actor>,
}

impl Visit {
    /// The visitor's way to the sequencer; `prefers` is the role that the page is for.
    pub(crate) fn door(&self, prefers: Option<Role>) -> Door {
        door(&self.house, &self.hall, self.credential.clone(), prefers)
    }

    pub(crate) fn holds_one_of(&self, roles: &[Role]) -> bool {
        self.holder.as_ref().is_some_and(|holder| holder.as_one_of(roles).is_some())
    }
}

fn refuse(refusal: &Refusal, what: &str) -> Result<Visit, Box<Response>> {
    Err(Box::new(problem(refusal, what)))
}

fn door(house: &House, hall: &Hall, credential: Credential, prefers: Option<Role>) -> Door {
    Door {
        sequencer: hall.sequencer.clone(),
        access: house.access.clone(),
        slug: hall.slug.clone(),
        credential,
        prefers,
        channel: Channel::Remote,
    }
}

/// The name of the session cookie; its path is the assembly, so that two assemblies never meet.
pub(crate) const COOKIE: &str = "plenary";

pub(crate) async fn guard(
    State((house, admits)): State<(Arc<House>, Admits)>,
    Path(path): Path<HashMap<String, String>>,
    mut request: Request,
    next: Next,
) -> Response {
    let from_anywhere = admits == Admits::WhoKnowsTheAddress;
    if *request.method() != Method::GET && !from_anywhere && !is_same_origin(request.headers()) {
        return problem(&Refusal::NoRole, "cross-site");
    }
    match let_in(&house, admits, path.get("slug"), request.headers()) {
        Ok(visit) => {
            request.extensions_mut().insert(visit);
            next.run(request).await
        }
        Err(refused) => *refused,
    }
}

fn let_in(
    house: &Arc<House>,
    admits: Admits,
    slug: Option<&String>,
    headers: &HeaderMap,
) -> Result<Visit, Box<Response>> {
    let slug: Option<Slug> = slug.and_then(|slug| slug.parse().ok());
    let hall = slug.and_then(|slug| house.hall(&slug));
    let Some(hall) = hall else { return refuse(&Refusal::UnknownAssembly, "unknown-assembly") };
    let credential = credential(headers);
    let holder = door(house, &hall, credential.clone(), None).holder();
    let holder = holder.map_err(|refusal| Box::new(problem(&refusal, "unavailable")))?;
    let actor = match (admits, &holder) {
        (Admits::Anyone | Admits::WhoKnowsTheAddress, _) => None,
        (Admits::Only(roles), Some(holder)) => match holder.as_one_of(roles) {
            Some(actor) => Some(actor),
            None => return refuse(&Refusal::NoRole, "other-role"),
        },
        (Admits::Only(_), None) => return refuse(&Refusal::NoRole, "no-link"),
    };
    Ok(Visit { house: house.clone(), hall, credential, holder, actor })
}

/// A browser shows its cookie, a program the secret of its link.
fn credential(headers: &HeaderMap) -> Credential {
    match (bearer(headers), cookie(headers)) {
        (Some(secret), _) => Credential::Link { secret: secret.to_owned(), person: None },
        (None, Some(token)) => Credential::Session(token),
        (None, None) => Credential::Nobody,
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

pub(crate) fn cookie(headers: &HeaderMap) -> Option<ingest::SessionToken> {
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(name, _)| *name == COOKIE).find_map(|(_, token)| token.parse().ok())
}

/// Whether a request that changes something comes from one of our own pages, or from no page at all (RFC 6454;
/// Fetch Metadata). A browser always says; a program has no cookie to be robbed of.
pub(crate) fn is_same_origin(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match (text("sec-fetch-site"), text("origin"), text("host")) {
        (Some(site), _, _) => matches!(site, "same-origin" | "none"),
        (None, None, _) => true,
        (None, Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, at)| at == host),
        (None, Some(_), None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn only_our_own_pages_may_change_anything() {
        for (pairs, may) in [
            (&[("sec-fetch-site", "same-origin")][..], true),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("origin", "http://a.example"), ("host", "a.example")], true),
            (&[("origin", "http://b.example"), ("host", "a.example")], false),
            (&[("origin", "http://a.example.b.example"), ("host", "a.example")], false),
            (&[("origin", "null"), ("host", "a.example")], false),
            (&[("origin", "http://a.example")], false),
            (&[], true),
        ] {
            assert_eq!(is_same_origin(&headers(pairs)), may, "{pairs:?}");
        }
    }
}
