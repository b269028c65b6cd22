//! Having words erased by whoever has the receipt, without a link and without a session.

use axum::Extension;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::{Actor, Channel, Claim, Command, Rejection, Role};
use ingest::{Ack, Receipt, Refusal, Submission};
use serde::Deserialize;

use crate::guard::Visit;
use crate::house::random_id;
use crate::link::Form;
use crate::pages::{address, receipt, sentence, submit};
use crate::say::say;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    receipt: String,
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
        let outcome = match asked.and_then(|asked| read(&asked.receipt)) {
            Ok(receipt) => erase(&visit, &receipt).await,
            Err(refusal) => Err(refusal),
        };
        return submit::answer(None, &outcome);
    }
    let form = Form::parse(&body);
    let Ok(receipt) = read(form.get("receipt").unwrap_or_default()) else {
        let unreadable = say("receipt-unreadable").to_string();
        return receipt::draw_find(&visit, StatusCode::UNPROCESSABLE_ENTITY, unreadable);
    };
    match erase(&visit, &receipt).await {
        // Who presses the button twice wants to see that it is gone.
        Ok(_) | Err(Refusal::Rejected(Rejection::ContributionErased)) => {
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

async fn erase(visit: &Visit, receipt: &Receipt) -> Result<Ack, Refusal> {
    let hall = &visit.hall;
    let found = hall
        .projection
        .read(|views| views.by_receipt(receipt.leaf_prefix()).map(|(_, entry)| entry.contribution));
    let contribution = found.ok_or(Rejection::UnknownContribution)?;
    let command = Command::Erase { contribution, claim: Claim::Receipt, reason: None };
    let actor = Actor { role: Role::Participant, link: None, table: None };
    let (id, channel) = (random_id()?, Channel::Remote);
    let ack = hall.sequencer.submit(Submission { id, command, actor, channel, voice: None }).await?;
    hall.projection.wait_for(ack.position.get()).await;
    Ok(ack)
}
