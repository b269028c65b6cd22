//! Pinning a quote: somebody of the theme team wants these words, or a piece of them, beside a theme.

use axum::Extension;
use axum::body::Bytes;
use axum::response::Response;
use domain::{Command, ContributionId, Role, Span, ThemeId};
use ingest::Refusal;

use crate::guard::Visit;
use crate::link::Form;
use crate::pages::submit::send;

const NOT_THERE: &str =
    "These words do not stand there like that. Please copy the piece out of the words themselves.";

/// Pins what was said, or the piece of it that stands in the form; the piece has to stand in the words as it is.
pub(crate) async fn pin(Extension(visit): Extension<Visit>, body: Bytes) -> Response {
    let form = Form::parse(&body);
    let command = command(&visit, &form);
    send(&visit, Some(Role::ThemeTeam), form, command).await
}

fn command(visit: &Visit, form: &Form) -> Result<Command, Refusal> {
    let named = |name: &'static str| form.get(name).ok_or(Refusal::MissingField(name));
    let contribution: ContributionId =
        named("contribution")?.parse().map_err(|_| Refusal::MissingField("contribution"))?;
    let theme: ThemeId = named("theme")?.parse().map_err(|_| Refusal::MissingField("theme"))?;
    let span = match form.get("piece").map(str::trim).filter(|piece| !piece.is_empty()) {
        Some(piece) => {
            let missing = || Refusal::BadField { field: "piece", why: NOT_THERE.to_owned() };
            Some(place_of(visit, contribution, piece).ok_or_else(missing)?)
        }
        None => None,
    };
    Ok(Command::PinQuote { contribution, theme, span })
}

/// Where the piece stands in the words as they are now: the first place, where there are several.
fn place_of(visit: &Visit, contribution: ContributionId, piece: &str) -> Option<Span> {
    let words_at = visit.hall.projection.read(|views| {
        let (_, entry) = views.entry(contribution)?;
        entry.words_at.filter(|_| entry.may_be_read())
    })?;
    // A form sends its line ends as two characters.
    let piece = piece.replace("\r\n", "\n");
    let from = visit.hall.words(words_at)?.find(&piece)?;
    Some(Span { from: u32::try_from(from).ok()?, to: u32::try_from(from + piece.len()).ok()? })
}
