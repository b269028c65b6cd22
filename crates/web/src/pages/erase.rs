//! Having words erased by whoever has the receipt, without a link and without a session; and everything that one voice
//! has said, by them or by the organiser.

use axum::Extension;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::{
    Actor, Channel, Claim, Command, ContributionId, Reason, Rejection, Role, RoundNumber, VoiceTag,
};
use ingest::{Ack, Asking, Receipt, Refusal, Submission};
use projections::{Entry, Views};
use serde::Deserialize;
use uuid::Uuid;

use crate::guard::Visit;
use crate::house::random_id;
use crate::link::Form;
use crate::pages::submit::done;
use crate::pages::{Notice, address, receipt, sentence, submit};
use crate::say::say;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    receipt: String,
    /// Not this contribution alone, but everything that the same voice has said.
    #[serde(default)]
    everything: bool,
}

/// JSON is answered in JSON, a form with the page of the receipt.
pub(crate) async fn by_receipt(
    Extension(visit): Extension<Visit>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.starts_with("application/json") {
        let asked = serde_json::from_slice::<Asked>(&body).map_err(|_| Refusal::MissingField("receipt"));
        let asked = asked.and_then(|asked| Ok((read(&asked.receipt)?, asked.everything)));
        let outcome = match asked {
            Ok((receipt, everything)) => erase(&visit, &receipt, everything).await,
            Err(refusal) => Err(refusal),
        };
        return submit::answer(None, &outcome);
    }
    let form = Form::parse(&body);
    let Ok(receipt) = read(form.get("receipt").unwrap_or_default()) else {
        let unreadable = say("receipt-unreadable").to_string();
        return receipt::draw_find(&visit, StatusCode::UNPROCESSABLE_ENTITY, unreadable);
    };
    match erase(&visit, &receipt, form.get("everything").is_some()).await {
        // Who presses the button twice wants to see that it is gone.
        Ok(_) | Err(Refusal::Rejected(Rejection::ContributionErased | Rejection::NothingToErase)) => {
            let page = address(visit.hall.slug.as_str(), "receipt");
            Redirect::to(&format!("{page}/{receipt}")).into_response()
        }
        Err(Refusal::Rejected(Rejection::UnknownContribution)) => {
            receipt::draw_find(&visit, StatusCode::NOT_FOUND, say("receipt-unknown").to_string())
        }
        Err(refusal) => {
            let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
            receipt::draw_find(&visit, status, sentence(&refusal))
        }
    }
}

fn read(text: &str) -> Result<Receipt, Refusal> {
    let bad = |why: ingest::BadReceipt| Refusal::BadField { field: "receipt", why: why.to_string() };
    text.parse().map_err(bad)
}

async fn erase(visit: &Visit, receipt: &Receipt, everything: bool) -> Result<Ack, Refusal> {
    let hall = &visit.hall;
    let found = |views: &Views| {
        let found = views.by_receipt(receipt.leaf_prefix());
        found.map(|found| (found.entry.contribution, voice_at(found.entry)))
    };
    let (contribution, voice) = hall.projection.read(found).ok_or(Rejection::UnknownContribution)?;
    let actor = Actor { role: Role::Participant, link: None, table: None };
    let (id, channel) = (random_id()?, Channel::Remote);
    let ack = if everything {
        let voice = voice.ok_or(Rejection::NothingToErase)?;
        let by = Asking { id, actor, channel, reason: None };
        hall.sequencer.erase_voice(&visit.house.access, voice, by).await?
    } else {
        let command = Command::Erase { contribution, claim: Claim::Receipt, reason: None };
        hall.sequencer.submit(Submission { id, command, actor, channel, voice: None }).await?
    };
    hall.projection.wait_for(ack.position.get()).await;
    Ok(ack)
}

/// The tag that a contribution bears, and the round in which it does; a table has no voice.
fn voice_at(entry: &Entry) -> Option<(RoundNumber, VoiceTag)> {
    entry.voice.map(|tag| (entry.round, tag))
}

/// The organiser's form beside a contribution: everything that the same voice has said, for one reason.
pub(crate) async fn by_organiser(Extension(visit): Extension<Visit>, body: Bytes) -> Response {
    let form = Form::parse(&body);
    let back = form.get("back").unwrap_or("contributions").to_owned();
    match erase_voice(&visit, &form).await {
        Ok(ack) => {
            visit.hall.projection.wait_for(ack.position.get()).await;
            done(&visit, &back, ack.position)
        }
        Err(refusal) => submit::again(&visit, &back, Notice::refused(&refusal, form), &refusal),
    }
}

async fn erase_voice(visit: &Visit, form: &Form) -> Result<Ack, Refusal> {
    let bad = |field, why: String| Refusal::BadField { field, why };
    let contribution: Uuid =
        form.get("contribution").unwrap_or_default().parse().map_err(|_| Rejection::UnknownContribution)?;
    let reason = Reason::parse(form.get("reason").unwrap_or_default());
    let reason = reason.map_err(|why| bad("reason", why.to_string()))?;
    let found = |views: &Views| views.entry(ContributionId(contribution)).map(|(_, entry)| voice_at(entry));
    let voice = visit.hall.projection.read(found).ok_or(Rejection::UnknownContribution)?;
    let voice = voice.ok_or(Rejection::NothingToErase)?;
    let actor = visit.holder.as_ref().and_then(|holder| holder.as_one_of(&[Role::Organiser]));
    let actor = actor.ok_or(Refusal::NoRole)?;
    let by = Asking { id: random_id()?, actor, channel: Channel::Room, reason: Some(reason) };
    visit.hall.sequencer.erase_voice(&visit.house.access, voice, by).await
}
