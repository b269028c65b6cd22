//! Every address and the roles that it admits, in one table. A test walks the table × the roles.

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, Method, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use axum::{Router, extract::Request, middleware::Next};
use domain::Role::{
    self, BoardMember, Facilitator, Moderator, Organiser, Participant, Representative, Screen, ThemeTeam,
};

use crate::guard::{Admits, guard};
use crate::house::House;
use crate::pages::{
    READERS, all_duties, ballot, ballots, board, by_mail, candidates, contributions, cue, decisions, desk,
    duties, duty, edit, erase, error, frame, health, home, join, latest, live, pin, polls, presence, publish,
    quality, queue, receipt, record, run, screen, spare, submit, summary, table, take_part,
};
use crate::{assets, link};

/// One address under an assembly.
struct Route {
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "the handler knows it; the test that walks the table asks here")
    )]
    method: Method,
    path: &'static str,
    admits: Admits,
    handler: MethodRouter<Arc<House>>,
}

const WRITERS: &[Role] =
    &[Facilitator, Participant, Organiser, ThemeTeam, Moderator, BoardMember, Representative];

fn seen(path: &'static str, admits: Admits, handler: MethodRouter<Arc<House>>) -> Route {
    Route { method: Method::GET, path, admits, handler }
}

fn done(path: &'static str, admits: Admits, handler: MethodRouter<Arc<House>>) -> Route {
    Route { method: Method::POST, path, admits, handler }
}

/// The addresses of an assembly; each path stands under `/a/{slug}`.
fn table() -> Vec<Route> {
    of_the_day().into_iter().chain(of_the_paper()).collect()
}

/// What becomes of the day: the paper, and what the board owes.
fn of_the_paper() -> Vec<Route> {
    use Admits::{Anyone, Only, WhoKnowsTheAddress};
    vec![
        seen("/edit", Only(edit::EDITORS), get(edit::page)),
        done("/prose", Only(edit::EDITORS), post(edit::write)),
        done("/draft", Only(edit::EDITORS), post(edit::draft)),
        seen("/publish", Only(&[Organiser]), get(publish::page)),
        done("/publish", Only(&[Organiser]), post(publish::publish)),
        done("/members", Only(&[Organiser]), post(publish::members)),
        done("/material", Only(&[Organiser]), post(publish::material)),
        seen("/published", Anyone, get(publish::versions)),
        seen("/published/{version}", Anyone, get(publish::version)),
        seen("/published/{version}/since", Anyone, get(publish::since::page)),
        seen("/published/{version}/paper.json", Anyone, get(publish::data)),
        seen("/published/{version}/paper.pdf", Anyone, get(publish::pdf)),
        seen("/summary", Only(READERS), get(summary::page)),
        seen("/summary.json", Only(READERS), get(summary::json)),
        seen("/summary.pdf", Only(READERS), get(summary::pdf)),
        seen("/paper.json", Only(READERS), get(summary::document)),
        seen("/summary.csv", Only(READERS), get(summary::csv)),
        seen("/duties", Anyone, get(duties::page)),
        seen("/duties.json", Anyone, get(duties::json)),
        seen("/duties.atom", Anyone, get(duties::atom)),
        seen("/duties.ics", Anyone, get(duties::ics)),
        done("/mail", Anyone, post(by_mail::ask)),
        seen("/mail/{secret}", Anyone, get(by_mail::confirmation)),
        done("/mail/{secret}", Anyone, post(by_mail::confirm)),
        seen("/mail/{secret}/stop", Anyone, get(by_mail::way_out)),
        done("/mail/{secret}/stop", WhoKnowsTheAddress, post(by_mail::stop)),
        seen("/board", Only(&[BoardMember]), get(board::page)),
        seen("/duty/{number}", Anyone, get(duty::page)),
        seen("/decisions", Anyone, get(decisions::page)),
        seen("/decision/{number}", Anyone, get(decisions::evidence)),
        seen("/decision/{number}/evidence.html", Anyone, get(decisions::html)),
        seen("/decision/{number}/evidence.json", Anyone, get(decisions::json)),
        seen("/decision/{number}/evidence.pdf", Anyone, get(decisions::pdf)),
    ]
}

fn of_the_day() -> Vec<Route> {
    use Admits::{Anyone, Only};
    vec![
        seen("", Anyone, get(home::page)),
        seen("/hearing", Anyone, get(home::hearing)),
        seen("/contributions", Anyone, get(contributions::page)),
        seen("/join", Anyone, get(join::page)),
        done("/join", Anyone, post(join::exchange)),
        seen("/live", Anyone, get(live::connect)),
        seen("/live/sse", Anyone, get(live::events)),
        seen("/snapshot.json", Anyone, get(live::snapshot)),
        done("/submit", Only(WRITERS), post(submit::submit)),
        done("/erase", Anyone, post(erase::by_receipt)),
        done("/erase-voice", Only(&[Organiser]), post(erase::by_organiser)),
        seen("/take-part", Only(&[Participant]), get(take_part::page)),
        seen("/now", Only(&[Participant]), get(take_part::now)),
        seen("/latest", Only(&[Participant]), get(latest::one)),
        done("/ballot", Only(&[Participant, Facilitator]), post(ballot::cast)),
        seen("/ballots", Only(ballots::COUNTERS), get(ballots::page)),
        seen("/voting", Only(&[Facilitator]), get(ballots::voting)),
        done("/hand-count", Only(ballots::COUNTERS), post(ballots::count)),
        seen("/polls", Anyone, get(polls::page)),
        seen("/polls.json", Anyone, get(polls::json)),
        seen("/table", Only(&[Facilitator]), get(table::page)),
        seen("/sw.js", Anyone, get(assets::worker)),
        done("/presence", Only(&[Facilitator]), post(presence::hear)),
        seen("/presence", Only(&[Organiser]), get(presence::board)),
        seen("/desk", Only(&[ThemeTeam, Organiser]), get(desk::page)),
        seen("/desk/beside", Only(&[ThemeTeam, Organiser]), get(desk::beside)),
        done("/code", Only(&[ThemeTeam, Organiser]), post(desk::code)),
        seen("/candidates", Only(&[ThemeTeam, Organiser]), get(candidates::page)),
        done("/candidate", Only(&[ThemeTeam, Organiser]), post(candidates::decide)),
        done("/pin", Only(&[ThemeTeam, Organiser]), post(pin::pin)),
        seen("/quality", Only(READERS), get(quality::page)),
        seen("/quality.json", Only(READERS), get(quality::json)),
        seen("/frame", Anyone, get(frame::page)),
        seen("/frame/compare", Anyone, get(frame::compare)),
        done("/frame/split", Only(frame::CODERS), post(frame::split)),
        seen("/frame/{theme}", Anyone, get(frame::theme)),
        seen("/frame.json", Anyone, get(frame::json)),
        seen("/frame.csv", Anyone, get(frame::csv)),
        seen("/themefinder.json", Anyone, get(frame::themefinder)),
        seen("/queue", Only(&[Moderator]), get(queue::page)),
        seen("/screen", Only(&[Screen, Organiser]), get(screen::page)),
        seen("/run", Only(&[Organiser]), get(run::page)),
        seen("/run/health", Only(&[Organiser]), get(health::fragment)),
        seen("/run/cue", Only(&[Organiser]), get(cue::page)),
        done("/links", Only(&[Organiser]), post(run::issue)),
        done("/links/revoke", Only(&[Organiser]), post(run::revoke)),
        done("/spare", Only(&[Organiser]), post(spare::issue)),
        seen("/tallies.json", Anyone, get(home::tallies_json)),
        seen("/receipt", Anyone, get(receipt::find)),
        seen("/receipt/{code}", Anyone, get(receipt::page)),
        seen("/receipt/{code}/proof", Anyone, get(receipt::proof)),
        seen("/log", Anyone, get(record::page)),
        seen("/log/{*path}", Anyone, get(record::file)),
    ]
}

/// Every page, the live feed, and the few files that they load.
pub fn router(house: Arc<House>) -> Router {
    let mut router = Router::new()
        .route("/", get(home::index))
        .route("/duties", get(all_duties::page))
        .route("/health", get(home::health))
        .route("/j", get(join::by_typed_code))
        .route("/j/{code}", get(join::by_code))
        .route("/asyncapi.json", get(assets::feed_description))
        .route("/openapi.json", get(assets::http_description))
        .route("/summary.schema.json", get(assets::summary_description))
        .route("/paper.schema.json", get(assets::paper_description))
        .route("/assets/{file}", get(assets::serve));
    for route in table() {
        let checked = route.handler.layer(from_fn_with_state((house.clone(), route.admits), guard));
        router = router.route(&format!("/a/{{slug}}{}", route.path), checked);
    }
    router
        .fallback(error::not_found)
        .layer(DefaultBodyLimit::max(link::FORM_BYTES_MAX))
        .layer(from_fn(safe_headers))
        .with_state(house)
}

/// What every answer carries: no other host's content, no framing, no sniffing, no referrer, nothing kept in caches
/// that others share.
async fn safe_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let fixed = [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
             base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ];
    for (name, value) in fixed {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests;
