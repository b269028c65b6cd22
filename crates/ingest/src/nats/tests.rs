use super::*;
use crate::fixture::{Hall, id, slug};
use domain::Role;
use serde_json::json;
use tokio::sync::watch;

fn request(subject: &str, headers: &[(&str, &str)], payload: String) -> Message {
    let mut map = HeaderMap::new();
    headers.iter().for_each(|(name, value)| map.insert(*name, *value));
    Message {
        subject: subject.into(),
        reply: None,
        length: payload.len(),
        payload: payload.into(),
        headers: (!headers.is_empty()).then_some(map),
        status: None,
        description: None,
    }
}

fn words(number: u128) -> String {
    json!({ "id": id(number), "text": "We waited." }).to_string()
}

async fn outcome(hall: &Hall, request: Message) -> (Option<Uuid>, Result<crate::Ack, Refusal>) {
    let assemblies = |wanted: &Slug| (*wanted == slug()).then(|| hall.sequencer.clone());
    let (id, pending) = take(&request, &assemblies, &hall.access);
    match pending {
        Ok(pending) => (id, pending.outcome().await),
        Err(refusal) => (id, Err(refusal)),
    }
}

#[tokio::test]
async fn people_behind_a_bridge_are_voices_of_their_own() {
    let hall = Hall::open().await;
    let secret = hall.link(1, Role::Participant);
    let mut voices = Vec::new();
    for (number, person) in [(7, "p1"), (8, "p2"), (9, "p1")] {
        let headers = [(LINK_HEADER, secret.as_str()), (PERSON_HEADER, person)];
        let ack = outcome(&hall, request("plenary.hall.submit", &headers, words(number))).await.1.unwrap();
        let recorded = hall.reader().at(ack.position).unwrap().unwrap();
        assert_eq!(recorded.channel.as_deref(), Some("nats"));
        voices.push(recorded.voice.unwrap());
    }
    assert!(voices[0] == voices[2] && voices[0] != voices[1]);
}

#[tokio::test]
async fn a_facilitators_link_speaks_for_the_room() {
    let hall = Hall::open().await;
    let secret = hall.link(1, Role::Facilitator);
    let sent = request("plenary.hall.submit", &[(LINK_HEADER, &secret)], words(7));
    let ack = outcome(&hall, sent).await.1.unwrap();
    let recorded = hall.reader().at(ack.position).unwrap().unwrap();
    assert_eq!(recorded.channel.as_deref(), Some("room"));
}

#[tokio::test]
async fn each_refusal_names_the_id() {
    let hall = Hall::open().await;
    let secret = hall.link(1, Role::Participant);
    let link = [(LINK_HEADER, secret.as_str())];
    let rows = [
        (request("plenary.hall.submit", &[], words(7)), Some(id(7)), Refusal::NoRole),
        (request("plenary.hall.submit", &[(LINK_HEADER, "guess")], words(7)), Some(id(7)), Refusal::NoRole),
        (request("plenary.other.submit", &link, words(7)), Some(id(7)), Refusal::UnknownAssembly),
        (request("plenary.OTHER.submit", &link, words(7)), Some(id(7)), Refusal::UnknownAssembly),
        (request("plenary.hall.submit", &link, "{}".into()), None, Refusal::MissingField("id")),
    ];
    for (request, id, refusal) in rows {
        assert_eq!(outcome(&hall, request).await, (id, Err(refusal)));
    }
}

#[test]
fn a_subject_names_an_assembly() {
    assert_eq!(slug_of("plenary.hall.submit"), Some(slug()));
    for subject in ["plenary.hall.head", "plenary..submit", "hall.submit", "plenary.a.b.submit", ""] {
        assert_eq!(slug_of(subject), None, "{subject}");
    }
}

/// The program runs these as tasks of their own; that they can be is settled when this compiles.
#[test]
fn every_service_can_be_a_task() {
    fn is_task<F: Future + Send>(_: impl FnOnce() -> F) {}
    let unused = || -> (Line, Arc<Access>) { unreachable!("never called") };
    is_task(|| serve(unused().0, |_: &Slug| None, unused().1, std::future::pending()));
    is_task(|| unused().0.watch());
    is_task(|| publish_head(unused().0, slug(), watch::channel(None).1));
    is_task(|| publish_tallies(unused().0, slug(), watch::channel(0).1, || None));
}

#[tokio::test]
async fn only_an_address_that_is_none_is_an_error() {
    assert!(matches!(connect("not an address").await, Err(Error::NoAddress(_))));
    // Nothing listens there.
    let line = connect("nats://127.0.0.1:1").await.unwrap();
    assert!(!line.is_up() && line.connects() == 0);
}
