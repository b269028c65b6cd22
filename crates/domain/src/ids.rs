//! Identifiers. Every one is a type of its own, so that a theme cannot be passed where a link is meant.

use std::fmt;
use std::num::NonZeroU16;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                Uuid::parse_str(text).map(Self)
            }
        }
    };
}

uuid_id!(
    /// One assembly, for ever; its folder's name (the slug) may be chosen again elsewhere, this may not.
    AssemblyId
);
uuid_id!(
    /// One thing said. Made by the client that typed it (UUIDv7), and therefore also the key that makes a
    /// repeated submission one event.
    ContributionId
);
uuid_id!(
    /// One theme of the code frame.
    ThemeId
);
uuid_id!(
    /// One link that gives a role. It names the link in the record; its secret is nowhere but in the link.
    LinkId
);
uuid_id!(
    /// One poll.
    PollId
);
uuid_id!(
    /// One candidate for a theme that may be missing.
    CandidateId
);
uuid_id!(
    /// One draft of a language model, from the moment at which somebody asked for it.
    DraftId
);
uuid_id!(
    /// One random sample of contributions.
    SampleId
);

macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(NonZeroU16);

        impl $name {
            /// `None` for 0: numbering starts at 1, as it is printed on the cards.
            pub fn new(number: u16) -> Option<Self> {
                NonZeroU16::new(number).map(Self)
            }

            pub fn get(self) -> u16 {
                self.0.get()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

number_id!(
    /// A round of the agenda, from 1. Each round asks one question.
    RoundNumber
);
number_id!(
    /// A table in the room, from 1.
    TableNumber
);

number_id!(
    /// A change of the code frame, from 1 in the order of the record.
    ChangeNumber
);

number_id!(
    /// Something that the board owes, from 1 in the order of the record.
    DutyNumber
);

number_id!(
    /// Something that the board promised, from 1 in the order of the record.
    CommitmentNumber
);

number_id!(
    /// A decision of the board, from 1 in the order of the record.
    DecisionNumber
);

number_id!(
    /// What members are counted by, such as age, from 1 in the order of its table.
    AttributeNumber
);

number_id!(
    /// A group of an attribute, from 1 in the order of its table.
    GroupNumber
);

number_id!(
    /// A seat at a table, or a keypad that was handed out in the room, from 1.
    SeatNumber
);

/// The unlinkable tag of one participant within one question: 16 bytes of an HMAC, written as 32 hex digits.
///
/// Two tags of the same question are equal if and only if the same voice spoke; across questions they cannot be
/// compared without that voice's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct VoiceTag(pub [u8; 16]);

impl From<VoiceTag> for String {
    fn from(tag: VoiceTag) -> Self {
        Uuid::from_bytes(tag.0).simple().to_string()
    }
}

impl TryFrom<String> for VoiceTag {
    type Error = uuid::Error;
    fn try_from(text: String) -> Result<Self, uuid::Error> {
        Uuid::try_parse(&text).map(|id| Self(*id.as_bytes()))
    }
}

/// The name of an assembly in addresses and of its folder: 1 to 60 of `a-z`, `0-9` and `-`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(String);

/// Longest slug, in characters.
pub const SLUG_CHARS_MAX: usize = 60;

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no assembly name: use 1 to 60 of a-z, 0-9 and -, with a letter or digit at both ends")]
pub struct BadSlug(String);

impl Slug {
    /// The slug that a title suggests: "Getting a GP appointment" becomes `getting-a-gp-appointment`.
    pub fn from_title(title: &str) -> Self {
        let mut slug = String::new();
        for ch in title.chars().flat_map(char::to_lowercase) {
            if slug.len() >= SLUG_CHARS_MAX {
                break;
            }
            if ch.is_ascii_alphanumeric() {
                slug.push(ch);
            } else if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
        }
        let trimmed = slug.trim_end_matches('-');
        Self(if trimmed.is_empty() { "assembly".to_owned() } else { trimmed.to_owned() })
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Slug {
    type Err = BadSlug;
    fn from_str(text: &str) -> Result<Self, BadSlug> {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let good = !text.is_empty()
            && text.len() <= SLUG_CHARS_MAX
            && text.bytes().all(allowed)
            && !text.starts_with('-')
            && !text.ends_with('-');
        if good { Ok(Self(text.to_owned())) } else { Err(BadSlug(text.chars().take(80).collect())) }
    }
}

impl TryFrom<String> for Slug {
    type Error = BadSlug;
    fn try_from(text: String) -> Result<Self, BadSlug> {
        text.parse()
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> Self {
        slug.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_becomes_a_slug_that_parses() {
        for title in ["Getting a GP appointment", "  ¡Bürger!  ", "", "--", &"x".repeat(500), "a b"] {
            let slug = Slug::from_title(title);
            assert_eq!(slug.as_str().parse::<Slug>(), Ok(slug.clone()), "from {title:?}");
        }
    }

    #[test]
    fn slugs_at_and_past_the_limit() {
        assert!("a".repeat(SLUG_CHARS_MAX).parse::<Slug>().is_ok());
        for bad in ["", "-a", "a-", "A", "a/b", "..", &"a".repeat(SLUG_CHARS_MAX + 1)] {
            assert!(bad.parse::<Slug>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn numbers_start_at_one() {
        assert_eq!(RoundNumber::new(0), None);
        assert_eq!("0".parse::<TableNumber>().ok(), None);
        assert_eq!("7".parse().ok(), TableNumber::new(7));
    }
}
