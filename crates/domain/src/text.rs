//! Every text that a person types, parsed once at the edge.
//!
//! Parsing trims the ends, turns CRLF into LF, and refuses what no honest keyboard sends: control characters and
//! the invisible marks that reverse the reading direction. Beyond that the words are kept as they were typed.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Longest contribution, in characters (Unicode scalar values).
pub const CONTRIBUTION_CHARS_MAX: usize = 4_000;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadText {
    #[error("Please write something first.")]
    Empty,
    #[error(
        "This is {chars} characters long; the most that fits is {max}. Please shorten it or send it in parts."
    )]
    TooLong { chars: usize, max: usize },
    #[error("This text holds a character that cannot be shown (U+{0:04X}). Please type it again without it.")]
    Unprintable(u32),
}

fn parse(text: &str, max: usize, lines: Lines) -> Result<String, BadText> {
    let text = text.replace("\r\n", "\n");
    let text = text.trim();
    if text.is_empty() {
        return Err(BadText::Empty);
    }
    let chars = text.chars().count();
    if chars > max {
        return Err(BadText::TooLong { chars, max });
    }
    match text.chars().find(|&ch| is_unprintable(ch, lines)) {
        Some(ch) => Err(BadText::Unprintable(ch.into())),
        None => Ok(text.to_owned()),
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Lines {
    One,
    Many,
}

/// Control characters, and the directional overrides and isolates by which a text can be made to read as another
/// (Unicode Technical Report 36, §2.5).
fn is_unprintable(ch: char, lines: Lines) -> bool {
    match ch {
        '\n' | '\t' => lines == Lines::One,
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' => true,
        ch => ch.is_control(),
    }
}

macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident, $max:expr, $lines:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Longest value, in characters.
            pub const CHARS_MAX: usize = $max;

            pub fn parse(text: &str) -> Result<Self, BadText> {
                parse(text, $max, $lines).map(Self)
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadText;
            fn try_from(text: String) -> Result<Self, BadText> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_type!(
    /// The words of a contribution. They never stand in the public part of an event.
    ContributionText, CONTRIBUTION_CHARS_MAX, Lines::Many
);
text_type!(
    /// A heading: of the assembly, of a round.
    Title, 200, Lines::One
);
text_type!(
    /// What the assembly is for and which decision it feeds.
    Purpose, 2_000, Lines::Many
);
text_type!(
    /// The question of a round.
    QuestionText, 500, Lines::One
);
text_type!(
    /// The name of a body or an office: a board, an accountable role. Never a participant's.
    Name, 120, Lines::One
);
text_type!(
    /// What the theme team calls a theme.
    ThemeName, 80, Lines::One
);
text_type!(
    /// What belongs to a theme and what does not.
    Definition, 500, Lines::Many
);
text_type!(
    /// Why somebody on the staff did something; public for ever, and the page where it is typed says so.
    Reason, 500, Lines::Many
);
text_type!(
    /// A short note by which the organiser tells links apart, or where a table stands.
    Label, 80, Lines::One
);
text_type!(
    /// What an editor writes around the figures of the paper. A figure stands in it as `[[tables]]`, never as a typed
    /// number.
    Prose, 4_000, Lines::Many
);
text_type!(
    /// A sentence that a language model wrote.
    DraftText, 300, Lines::One
);
text_type!(
    /// The board's reply to what it was told; public for ever.
    ReplyText, 8_000, Lines::Many
);
text_type!(
    /// What the board promises to do, or has done about it; public for ever.
    Pledge, 2_000, Lines::Many
);
text_type!(
    /// Where something can be read; it begins with `https://` or `http://`.
    WebAddress, 500, Lines::One
);
text_type!(
    /// One of the things that a poll lets people choose.
    OptionText, 120, Lines::One
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contribution_at_the_limit_and_one_past_it() {
        let at = "é".repeat(CONTRIBUTION_CHARS_MAX);
        assert!(ContributionText::parse(&at).is_ok());
        let past = format!("{at}é");
        let too_long = BadText::TooLong { chars: CONTRIBUTION_CHARS_MAX + 1, max: CONTRIBUTION_CHARS_MAX };
        assert_eq!(ContributionText::parse(&past), Err(too_long));
    }

    #[test]
    fn the_ends_are_trimmed_and_line_ends_are_one_kind() {
        assert_eq!(ContributionText::parse("  a\r\nb \n").unwrap().as_str(), "a\nb");
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        for (text, why) in [
            ("", BadText::Empty),
            (" \n\t ", BadText::Empty),
            ("a\u{0}b", BadText::Unprintable(0)),
            ("pay \u{202E}fdp", BadText::Unprintable(0x202E)),
        ] {
            assert_eq!(ContributionText::parse(text), Err(why), "{text:?}");
        }
        assert_eq!(Title::parse("two\nlines"), Err(BadText::Unprintable(10)));
    }

    #[test]
    fn parsing_twice_changes_nothing() {
        let once = ContributionText::parse(" We waited \r\n 3 weeks \u{1F614} ").unwrap();
        assert_eq!(ContributionText::parse(once.as_str()), Ok(once));
    }
}
