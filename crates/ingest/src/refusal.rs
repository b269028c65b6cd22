//! Every way in which something that was sent in is not taken: a code for programs, a sentence for people.

use domain::{BadText, Rejection};

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The rules of the assembly say no.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    #[error(transparent)]
    BadText(#[from] BadText),

    #[error(
        "Very many people are writing just now. Please keep your words; try again in {retry_after_s} seconds."
    )]
    Busy { retry_after_s: u32 },
    #[error(
        "The server has no room left and cannot take this just now. Please keep your words; the organisers have to \
         make room first."
    )]
    StorageFull { retry_after_s: u32 },
    #[error("The server cannot record this just now. Please keep your words and try again in a few minutes.")]
    Unavailable,

    #[error("There is no assembly here by that name. Please check the address or ask for a new link.")]
    UnknownAssembly,
    #[error("You need a link from the organisers to do this. Please open your link first, or ask for one.")]
    NoRole,
    #[error(
        "This link does not work. Please check that it was copied whole, or ask the organisers for a new one."
    )]
    BadLink,
    #[error("This link has run out. Please ask the organisers for a new one.")]
    LinkExpired,
    #[error("This link has been withdrawn. Please ask the organisers for a new one.")]
    LinkRevoked,

    #[error(
        "This is {bytes} bytes long; the most that fits is {max}. Please shorten it or send it in parts."
    )]
    TooLarge { bytes: usize, max: usize },
    #[error("This is nested more than {max} levels deep. A command is one flat JSON object.")]
    TooDeep { max: usize },
    #[error("This is not text in UTF-8. Please send it again as UTF-8.")]
    NotUtf8,
    #[error("This is not a command as a JSON object: {why}.")]
    NotJson { why: String },
    #[error("There is no command of the type “{0}”.")]
    UnknownType(String),
    #[error("This command has no field “{0}”. Please leave it out or check its name.")]
    UnknownField(String),
    #[error("The field “{0}” stands there twice. Please send it once.")]
    DuplicateField(&'static str),
    #[error("The field “{0}” is missing.")]
    MissingField(&'static str),
    #[error("The field “{field}” cannot be read: {why}")]
    BadField { field: &'static str, why: String },
}

impl Refusal {
    /// The word for it on the wire and in the message catalogue; it does not change.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Rejected(rejection) => rejection.code(),
            Refusal::BadText(BadText::Empty) => "text-empty",
            Refusal::BadText(BadText::TooLong { .. }) => "text-too-long",
            Refusal::BadText(BadText::Unprintable(_)) => "text-unprintable",
            Refusal::Busy { .. } => "busy",
            Refusal::StorageFull { .. } => "storage-full",
            Refusal::Unavailable => "unavailable",
            Refusal::UnknownAssembly => "unknown-assembly",
            Refusal::NoRole => "no-role",
            Refusal::BadLink => "bad-link",
            Refusal::LinkExpired => "link-expired",
            Refusal::LinkRevoked => "link-revoked",
            Refusal::TooLarge { .. } => "too-large",
            Refusal::TooDeep { .. } => "too-deep",
            Refusal::NotUtf8 => "not-utf8",
            Refusal::NotJson { .. } => "not-json",
            Refusal::UnknownType(_) => "unknown-type",
            Refusal::UnknownField(_) => "unknown-field",
            Refusal::DuplicateField(_) => "duplicate-field",
            Refusal::MissingField(_) => "missing-field",
            Refusal::BadField { .. } => "bad-field",
        }
    }

    /// After how many seconds the very same thing may be sent again with a chance; `None` where that cannot help.
    pub fn retry_after_s(&self) -> Option<u32> {
        match self {
            Refusal::Busy { retry_after_s } | Refusal::StorageFull { retry_after_s } => Some(*retry_after_s),
            Refusal::Unavailable => Some(UNAVAILABLE_RETRY_S),
            _ => None,
        }
    }

    /// The HTTP status that says the same.
    pub fn status(&self) -> u16 {
        match self {
            Refusal::Rejected(rejection) => status_of(rejection),
            Refusal::NoRole | Refusal::BadLink | Refusal::LinkExpired | Refusal::LinkRevoked => 403,
            Refusal::UnknownAssembly => 404,
            Refusal::TooLarge { .. } => 413,
            Refusal::Busy { .. } | Refusal::StorageFull { .. } | Refusal::Unavailable => 503,
            Refusal::NotUtf8 | Refusal::NotJson { .. } | Refusal::TooDeep { .. } => 400,
            _ => 422,
        }
    }
}

const UNAVAILABLE_RETRY_S: u32 = 60;

fn status_of(rejection: &Rejection) -> u16 {
    match rejection {
        Rejection::NotForThisRole(_) | Rejection::NotYours | Rejection::NotYourTable => 403,
        Rejection::IdUsedForSomethingElse => 409,
        Rejection::ContributionErased => 410,
        _ => 422,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Role;

    fn rows() -> Vec<(Refusal, &'static str, u16, Option<u32>)> {
        let text = String::from;
        vec![
            (Rejection::NotForThisRole(Role::Screen).into(), "not-for-this-role", 403, None),
            (Rejection::NotYours.into(), "not-yours", 403, None),
            (Rejection::NotYourTable.into(), "not-your-table", 403, None),
            (Rejection::IdUsedForSomethingElse.into(), "id-conflict", 409, None),
            (Rejection::ContributionErased.into(), "contribution-erased", 410, None),
            (Rejection::NoRoundOpen.into(), "no-round-open", 422, None),
            (BadText::Empty.into(), "text-empty", 422, None),
            (BadText::TooLong { chars: 5, max: 4 }.into(), "text-too-long", 422, None),
            (BadText::Unprintable(0).into(), "text-unprintable", 422, None),
            (Refusal::Busy { retry_after_s: 2 }, "busy", 503, Some(2)),
            (Refusal::StorageFull { retry_after_s: 30 }, "storage-full", 503, Some(30)),
            (Refusal::Unavailable, "unavailable", 503, Some(60)),
            (Refusal::UnknownAssembly, "unknown-assembly", 404, None),
            (Refusal::NoRole, "no-role", 403, None),
            (Refusal::BadLink, "bad-link", 403, None),
            (Refusal::LinkExpired, "link-expired", 403, None),
            (Refusal::LinkRevoked, "link-revoked", 403, None),
            (Refusal::TooLarge { bytes: 2, max: 1 }, "too-large", 413, None),
            (Refusal::TooDeep { max: 32 }, "too-deep", 400, None),
            (Refusal::NotUtf8, "not-utf8", 400, None),
            (Refusal::NotJson { why: text("it ends too soon") }, "not-json", 400, None),
            (Refusal::UnknownType(text("vote")), "unknown-type", 422, None),
            (Refusal::UnknownField(text("colour")), "unknown-field", 422, None),
            (Refusal::DuplicateField("id"), "duplicate-field", 422, None),
            (Refusal::MissingField("id"), "missing-field", 422, None),
            (Refusal::BadField { field: "id", why: text("Empty.") }, "bad-field", 422, None),
        ]
    }

    #[test]
    fn each_refusal_has_its_code_status_and_delay() {
        for (refusal, code, status, retry) in rows() {
            assert_eq!((refusal.code(), refusal.status(), refusal.retry_after_s()), (code, status, retry));
        }
    }

    #[test]
    fn each_refusal_is_a_sentence_and_each_code_its_own() {
        let mut codes: Vec<_> = rows().iter().map(|row| row.1).collect();
        for (refusal, code, ..) in rows() {
            let sentence = refusal.to_string();
            assert!(
                sentence.starts_with(char::is_uppercase) && sentence.ends_with('.'),
                "{code}: {sentence}"
            );
        }
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), rows().len());
    }
}
