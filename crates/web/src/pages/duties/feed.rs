//! Every step as an entry of an Atom feed (RFC 4287), and everything that became overdue, dated the day on which it did.

use std::fmt::Write;

use domain::{Date, DutyNumber, Timestamp};
use projections::Views;
use uuid::{Builder, Uuid};

use super::Place;
use super::overdue::overdue;
use super::told::{last_at, told};
use crate::say::say;

/// The latest entries that a feed holds.
const ENTRIES_MAX: usize = 200;

/// What became overdue is named by the position of the duty or the promise, with a bit set that no position reaches.
const OVERDUE: u64 = 1 << 61;

struct Entry {
    at: Timestamp,
    /// What its name is made of: a position, or one with [`OVERDUE`].
    name: u64,
    /// Where it can be read, behind the address of the assembly.
    page: String,
    title: String,
    content: String,
}

/// In the order in which it happened.
fn entries(views: &Views, today: Date) -> Vec<Entry> {
    let steps = told(views).into_iter().map(|step| Entry {
        at: step.at,
        name: step.position.get(),
        page: match (step.duty, step.decision) {
            (Some(duty), _) => page_of(duty),
            (None, Some(decision)) => format!("decision/{decision}"),
            (None, None) => "duties".to_owned(),
        },
        content: step.in_full(),
        title: step.title,
    });
    let late = overdue(views, today).into_iter().map(|late| Entry {
        at: late.since,
        name: late.of.get() | OVERDUE,
        page: page_of(late.duty),
        title: late.title,
        content: String::new(),
    });
    let mut entries: Vec<_> = steps.chain(late).collect();
    entries.sort_by_key(|entry| (entry.at, entry.name));
    entries
}

pub(super) fn atom(views: &Views, place: &Place, today: Date) -> String {
    let entries = entries(views, today);
    let updated = entries.last().map_or_else(|| last_at(views), |last| last.at);
    let about = views.frame.about.as_ref();
    let title = about.map(|about| about.title.to_string()).unwrap_or_default();
    let board = about.map(|about| about.board.to_string()).unwrap_or_default();
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    xml.push_str("<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en-GB\">\n");
    element(&mut xml, "title", &say("feed-title").text("title", title).to_string());
    element(&mut xml, "id", &place.assembly.urn().to_string());
    element(&mut xml, "updated", &rfc3339(updated));
    let _ = writeln!(xml, "<author><name>{}</name></author>", escaped(&board));
    link(&mut xml, "self", "application/atom+xml", &format!("{}/duties.atom", place.address));
    link(&mut xml, "alternate", "text/html", &format!("{}/duties", place.address));
    for one in entries.iter().rev().take(ENTRIES_MAX) {
        entry(&mut xml, one, place);
    }
    xml.push_str("</feed>\n");
    xml
}

fn entry(xml: &mut String, step: &Entry, place: &Place) {
    xml.push_str("<entry>\n");
    element(xml, "title", &step.title);
    element(xml, "id", &id_of(place.assembly, step.name).urn().to_string());
    element(xml, "updated", &rfc3339(step.at));
    element(xml, "published", &rfc3339(step.at));
    link(xml, "alternate", "text/html", &format!("{}/{}", place.address, step.page));
    element(xml, "content", &step.content);
    xml.push_str("</entry>\n");
}

fn page_of(duty: DutyNumber) -> String {
    format!("duty/{duty}")
}

/// The name of an event for ever: the assembly's, with its position in the place of the lower half (RFC 9562, version 8).
fn id_of(assembly: Uuid, position: u64) -> Uuid {
    let mut bytes = assembly.into_bytes();
    for (byte, of_position) in bytes.iter_mut().skip(8).zip(position.to_be_bytes()) {
        *byte = of_position;
    }
    Builder::from_custom_bytes(bytes).into_uuid()
}

fn element(xml: &mut String, name: &str, text: &str) {
    let _ = writeln!(xml, "<{name}>{}</{name}>", escaped(text));
}

fn link(xml: &mut String, rel: &str, kind: &str, href: &str) {
    let _ = writeln!(xml, "<link rel=\"{rel}\" type=\"{kind}\" href=\"{}\"/>", escaped(href));
}

/// Typed texts hold no control characters but line ends, so these are all that XML minds.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn rfc3339(at: Timestamp) -> String {
    let moment = i64::try_from(at.millis()).ok().and_then(|at| jiff::Timestamp::from_millisecond(at).ok());
    moment.unwrap_or(jiff::Timestamp::UNIX_EPOCH).to_string()
}
