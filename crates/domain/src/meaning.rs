//! What words mean to a sentence model.

use crate::text::{BadText, ContributionText};

/// Numbers that stand for a text, written in base 64. They say what the words say, so nobody sees them who may not see the
/// words: they travel beside the event, are sealed like words, and are erased with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meaning(ContributionText);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadMeaning {
    #[error("the numbers of a meaning are no text that fits: {0}")]
    Text(#[from] BadText),
    #[error("the numbers of a meaning are not written in base 64")]
    NotBase64,
}

impl Meaning {
    pub fn parse(text: &str) -> Result<Self, BadMeaning> {
        let text = ContributionText::parse(text)?;
        let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
        if text.as_str().bytes().all(is_digit) { Ok(Self(text)) } else { Err(BadMeaning::NotBase64) }
    }

    /// In the form in which it is sealed.
    pub fn as_words(&self) -> &ContributionText {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_are_a_meaning() {
        assert_eq!(Meaning::parse("AB+/09az=").unwrap().as_words().as_str(), "AB+/09az=");
        assert_eq!(Meaning::parse("We waited"), Err(BadMeaning::NotBase64));
        assert_eq!(Meaning::parse(" "), Err(BadMeaning::Text(BadText::Empty)));
    }
}
