//! Walks the table of routes × the roles against the real router.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use domain::{
    Actor, Agenda, AssemblyId, Channel, Command, Name, Purpose, Question, QuestionText, Slug, TableNumber,
    Title,
};
use ingest::{Access, Submission};
use tower::ServiceExt;

use super::*;
use crate::house::{Settings, random_id};

struct Tested {
    router: Router,
    house: Arc<House>,
    slug: Slug,
    _folder: tempfile::TempDir,
}

async fn given_an_assembly() -> Tested {
    let folder = tempfile::tempdir().unwrap();
    let slug: Slug = "gp".parse().unwrap();
    let place = folder.path().join("gp");
    ingest::Sequencer::create(&place, AssemblyId(random_id().unwrap())).unwrap().stop().await;
    let access = Arc::new(Access::open(folder.path()).unwrap());
    let public_url = "http://127.0.0.1".to_owned();
    let signing_key = folder.path().join("signing.key");
    let settings = Settings {
        public_url,
        link_lifetime: None,
        drafts: crate::Drafts::Off,
        mail: crate::Mail::Off,
        tick: Duration::from_millis(50),
        signing_key,
        printer: None,
    };
    let house = House::new(access, settings);
    house.open(&place, slug.clone()).unwrap();
    let command = Command::Convene(Box::new(agenda()));
    let (id, actor) = (random_id().unwrap(), Actor::CONSOLE);
    let convene = Submission { id, command, actor, channel: Channel::Room, voice: None };
    let ack = house.sequencer(&slug).unwrap().submit(convene).await.unwrap();
    house.projection(&slug).unwrap().wait_for(ack.position.get() + 2).await;
    Tested { router: router(house.clone()), house, slug, _folder: folder }
}

fn agenda() -> Agenda {
    Agenda {
        title: Title::parse("Getting a GP appointment").unwrap(),
        purpose: Purpose::parse("To decide what to change first.").unwrap(),
        board: Name::parse("The board").unwrap(),
        time_zone: Name::parse("Europe/London").unwrap(),
        tables: 1,
        seats: 8,
        rounds: vec![Question {
            title: Title::parse("First").unwrap(),
            question: QuestionText::parse("What gets in the way?").unwrap(),
        }],
        duty_rule: None,
        duty_clock: None,
    }
}

impl Tested {
    async fn secret(&self, role: Role) -> String {
        let table = (role == Facilitator).then(|| TableNumber::new(1).unwrap());
        let url = self.house.issue_link(&self.slug, role, table, None).await.unwrap();
        url.rsplit('#').next().unwrap().to_owned()
    }

    async fn status(&self, route: &Route, secret: Option<&str>) -> StatusCode {
        let path = format!("/a/{}{}", self.slug, route.path);
        let mut request = Request::builder().method(route.method.clone()).uri(path);
        request = request.header("content-type", "application/x-www-form-urlencoded");
        if let Some(secret) = secret {
            request = request.header("authorization", format!("Bearer {secret}"));
        }
        let request = request.body(Body::empty()).unwrap();
        self.router.clone().oneshot(request).await.unwrap().status()
    }
}

/// Whether the door let the request through; what the page then made of an empty form is its own affair.
fn let_in(status: StatusCode, route: &Route) -> bool {
    // Joining with no secret is refused by the page itself, not by the door.
    status != StatusCode::FORBIDDEN || route.path == "/join"
}

#[tokio::test]
async fn every_address_admits_exactly_the_roles_that_it_states() {
    let tested = given_an_assembly().await;
    for route in table() {
        let admits = |role: Option<Role>| match (route.admits, role) {
            (Admits::Anyone | Admits::WhoKnowsTheAddress, _) => true,
            (Admits::Only(roles), Some(role)) => roles.contains(&role),
            (Admits::Only(_), None) => false,
        };
        for role in Role::ALL {
            let secret = tested.secret(role).await;
            let status = tested.status(&route, Some(&secret)).await;
            assert_eq!(let_in(status, &route), admits(Some(role)), "{} {role}: {status}", route.path);
        }
        for stranger in [None, Some("nonsense"), Some("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")] {
            let status = tested.status(&route, stranger).await;
            assert_eq!(let_in(status, &route), admits(None), "{} without a role: {status}", route.path);
        }
    }
}

#[tokio::test]
async fn another_assemblys_link_opens_nothing_here() {
    let (here, there) = (given_an_assembly().await, given_an_assembly().await);
    let foreign = there.secret(Organiser).await;
    for route in table().iter().filter(|route| matches!(route.admits, Admits::Only(_))) {
        assert_eq!(here.status(route, Some(&foreign)).await, StatusCode::FORBIDDEN, "{}", route.path);
    }
}

#[tokio::test]
async fn a_revoked_link_opens_nothing_from_that_moment() {
    let tested = given_an_assembly().await;
    let secret = tested.secret(Moderator).await;
    let routes = table();
    let queue = routes.iter().find(|route| route.path == "/queue").unwrap();
    assert_eq!(tested.status(queue, Some(&secret)).await, StatusCode::OK);
    let link = tested.house.access.links(&tested.slug).unwrap()[0].link;
    tested.house.revoke_link(&tested.slug, link).await.unwrap();
    assert_eq!(tested.status(queue, Some(&secret)).await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn every_answer_forbids_other_hosts_and_frames() {
    let tested = given_an_assembly().await;
    for path in ["/", "/a/gp", "/a/none", "/nowhere", "/assets/site.css"] {
        let request = Request::builder().uri(path).body(Body::empty()).unwrap();
        let answer = tested.router.clone().oneshot(request).await.unwrap();
        let policy = answer.headers().get(header::CONTENT_SECURITY_POLICY).unwrap();
        assert!(policy.to_str().unwrap().starts_with("default-src 'none'"), "{path}");
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff", "{path}");
    }
}

#[test]
fn no_address_stands_in_the_table_twice() {
    let mut rows: Vec<_> = table().iter().map(|route| (route.path, route.method.to_string())).collect();
    rows.sort();
    let all = rows.len();
    rows.dedup();
    assert_eq!(rows.len(), all);
}

#[test]
fn nothing_can_be_changed_without_a_role_but_by_joining_with_a_receipt_or_for_ones_own_mailbox() {
    let changes = table().into_iter().filter(|route| route.method != Method::GET);
    let open = changes.filter(|route| !matches!(route.admits, Admits::Only(_)));
    let paths: Vec<_> = open.map(|route| route.path).collect();
    assert_eq!(paths, ["/join", "/erase", "/mail", "/mail/{secret}", "/mail/{secret}/stop"]);
}

#[test]
fn a_button_is_pressed_from_another_page_only_where_the_address_holds_the_secret() {
    let open = table().into_iter().filter(|route| route.admits == Admits::WhoKnowsTheAddress);
    assert_eq!(open.map(|route| route.path).collect::<Vec<_>>(), ["/mail/{secret}/stop"]);
}
