//! Paper cards: what a table writes by hand and somebody keys in later.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Longest serial number, in characters.
pub const CARD_CHARS_MAX: usize = 20;

/// The serial number printed on a card: 1 to 20 of `A-Z`, `0-9` and `-`. Small letters are read as capitals.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CardNumber(String);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("A card's number has 1 to 20 letters, digits and hyphens, such as A-0123.")]
pub struct BadCard;

impl CardNumber {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for CardNumber {
    type Err = BadCard;
    fn from_str(text: &str) -> Result<Self, BadCard> {
        let text = text.trim().to_ascii_uppercase();
        let allowed = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-';
        let good = !text.is_empty() && text.len() <= CARD_CHARS_MAX && text.bytes().all(allowed);
        if good { Ok(Self(text)) } else { Err(BadCard) }
    }
}

impl TryFrom<String> for CardNumber {
    type Error = BadCard;
    fn try_from(text: String) -> Result<Self, BadCard> {
        text.parse()
    }
}

impl From<CardNumber> for String {
    fn from(card: CardNumber) -> Self {
        card.0
    }
}

impl fmt::Display for CardNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_at_and_past_the_limit() {
        assert_eq!(" a-0123 ".parse::<CardNumber>().unwrap().as_str(), "A-0123");
        assert!("7".repeat(CARD_CHARS_MAX).parse::<CardNumber>().is_ok());
        for bad in ["", " ", "A 1", "Ä1", &"7".repeat(CARD_CHARS_MAX + 1)] {
            assert_eq!(bad.parse::<CardNumber>(), Err(BadCard), "{bad:?}");
        }
    }
}
