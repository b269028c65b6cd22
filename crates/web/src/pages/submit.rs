//! Where every form of a page and every posted command ends: in the sequencer.
//!
//! JSON is answered in JSON. A plain form is answered with the page that it stands on: moved on if it was recorded,
//! drawn again with what was typed and the reason if it was not.

use axum::Extension;
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::{Command, Role};
use ingest::{Ack, Frame, Refusal, reply};
use projections::Position;
use uuid::Uuid;

use crate::guard::Visit;
use crate::link::{Form, command_of};
use crate::pages::error::problem;
use crate::pages::{
    Notice, address, ballots, board, candidates, contributions, desk, duty, edit, frame, publish, quality,
    queue, run, sentence, table, take_part,
};

pub(crate) async fn submit(Extension(visit): Extension<Visit>, headers: HeaderMap, body: Bytes) -> Response {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.starts_with("application/x-www-form-urlencoded") {
        return from_form(&visit, &body).await;
    }
    let (id, outcome) = visit.door(None).submit_bytes(&body).await;
    answer(id, &outcome)
}

pub(crate) fn answer(id: Option<Uuid>, outcome: &Result<Ack, Refusal>) -> Response {
    let status = match outcome {
        Ok(_) => StatusCode::OK,
        Err(refusal) => StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST),
    };
    let mut response = (status, reply(id, outcome)).into_response();
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    if let Some(seconds) = outcome.as_ref().err().and_then(Refusal::retry_after_s) {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

async fn from_form(visit: &Visit, body: &[u8]) -> Response {
    let form = Form::parse(body);
    let role: Option<Role> = form.get("as").and_then(|role| role.parse().ok());
    let (id, outcome) = visit.door(role).submit_form(&command_of(body)).await;
    end(visit, form, id, outcome).await
}

/// A form that makes one command: sent under the form's own id, so that pressing the button twice records it once.
pub(crate) async fn send(
    visit: &Visit,
    prefers: Option<Role>,
    form: Form,
    command: Result<Command, Refusal>,
) -> Response {
    let id = form.get("id").and_then(|id| id.parse().ok());
    let frame = command.and_then(|command| Ok(Frame { id: id.ok_or(Refusal::MissingField("id"))?, command }));
    let outcome = match frame {
        Ok(frame) => visit.door(prefers).submit(frame).await,
        Err(refusal) => Err(refusal),
    };
    end(visit, form, id, outcome).await
}

/// The end of every form: on to where it says, or back to where it stands.
pub(crate) async fn end(
    visit: &Visit,
    form: Form,
    id: Option<Uuid>,
    outcome: Result<Ack, Refusal>,
) -> Response {
    let Some(back) = form.get("back").map(str::to_owned) else { return answer(id, &outcome) };
    match outcome {
        Ok(ack) => {
            visit.hall.projection.wait_for(ack.position.get()).await;
            done(visit, &back, ack.position)
        }
        Err(refusal) => match duty_of(&back) {
            Some(page) => duty::draw_again(visit, page, Notice::refused(&refusal, form)).await,
            None => again(visit, &back, Notice::refused(&refusal, form), &refusal),
        },
    }
}

/// The page of a duty, which anybody may see.
fn duty_of(back: &str) -> Option<&str> {
    back.split(['#', '?']).next().filter(|page| page.starts_with("duty/"))
}

/// On to the page that the form stands on, which says that it was recorded.
pub(crate) fn done(visit: &Visit, back: &str, position: Position) -> Response {
    // Where on the page it stands comes last in an address.
    let (page, place) = back.split_at(back.find('#').unwrap_or(back.len()));
    let to = address(visit.hall.slug.as_str(), page);
    let mark = if to.contains('?') { '&' } else { '?' };
    Redirect::to(&format!("{to}{mark}done={position}{place}")).into_response()
}

/// The page that the form stands on, drawn for somebody who may see it.
pub(crate) fn again(visit: &Visit, back: &str, notice: Notice, refusal: &Refusal) -> Response {
    let may = |roles: &[Role]| visit.holder.as_ref().and_then(|holder| holder.as_one_of(roles));
    match back.split(['#', '?']).next().unwrap_or_default() {
        "latest" | "now" => refused_in_place(refusal),
        "ballots" if may(ballots::COUNTERS).is_some() => ballots::draw_again(visit, notice),
        "table" => match may(&[Role::Facilitator]) {
            Some(actor) => table::draw_table(visit, actor, notice),
            None => problem(refusal, "other-role"),
        },
        "take-part" if may(&[Role::Participant]).is_some() => take_part::draw_take_part(visit, notice),
        "desk" if may(&[Role::ThemeTeam, Role::Organiser]).is_some() => desk::draw_desk(visit, notice),
        "quality" if may(&[Role::ThemeTeam, Role::Organiser]).is_some() => {
            quality::draw_quality(visit, None, notice)
        }
        "publish" if may(&[Role::Organiser]).is_some() => publish::draw_publish(visit, notice),
        "edit" if may(edit::EDITORS).is_some() => edit::draw_edit(visit, notice),
        "candidates" if may(&[Role::ThemeTeam, Role::Organiser]).is_some() => {
            candidates::draw_candidates(visit, notice)
        }
        page if page.split('/').next() == Some("frame") && may(frame::CODERS).is_some() => {
            frame::draw_again(visit, page, notice)
        }
        "board" if may(&[Role::BoardMember]).is_some() => board::draw_board(visit, notice),
        "queue" if may(&[Role::Moderator]).is_some() => queue::draw_queue(visit, notice),
        "contributions" if may(&[Role::Organiser, Role::ThemeTeam]).is_some() => {
            contributions::draw_contributions(visit, back.trim_start_matches("contributions?"), notice)
        }
        "run" if may(&[Role::Organiser]).is_some() => run::draw_run(visit, notice, None),
        _ => problem(refusal, "other-role"),
    }
}

/// A script that sent a form without leaving its page puts the sentence where the form stands.
fn refused_in_place(refusal: &Refusal) -> Response {
    let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST);
    (status, sentence(refusal)).into_response()
}
