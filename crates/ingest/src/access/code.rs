//! The code on the hall's screen, by which people at home and in the room come in without a link.

use std::fmt;
use std::str::FromStr;

use crate::Error;
use crate::voice::random_bytes;

/// Characters of a code.
const CODE_CHARS: usize = 6;
/// Digits and letters that nobody takes for another one from the back of a hall: no 0, 1, I, L, O or U.
const LETTERS: &[u8; 30] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Six characters, shown as `K7M 4QX`; nearly thirty bits, and no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JoinCode([u8; CODE_CHARS]);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("A code has six letters and digits, such as K7M 4QX.")]
pub struct BadCode;

impl JoinCode {
    pub(super) fn random() -> Result<Self, Error> {
        let bytes = random_bytes()?;
        // Four bytes each, so that the first letters are not the likelier ones.
        let letter = |place: usize| {
            let four = [0, 1, 2, 3].map(|byte| bytes[place * 4 + byte]);
            LETTERS[u32::from_le_bytes(four) as usize % LETTERS.len()]
        };
        Ok(Self(std::array::from_fn(letter)))
    }

    /// Without the space, as it stands in addresses.
    pub fn plain(&self) -> String {
        self.0.iter().map(|letter| char::from(*letter)).collect()
    }
}

impl fmt::Display for JoinCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = self.plain();
        write!(f, "{} {}", &plain[..CODE_CHARS / 2], &plain[CODE_CHARS / 2..])
    }
}

impl FromStr for JoinCode {
    type Err = BadCode;
    fn from_str(text: &str) -> Result<Self, BadCode> {
        let letters = text.bytes().filter(|letter| !letter.is_ascii_whitespace() && *letter != b'-');
        let letters: Vec<u8> =
            letters.map(|letter| letter.to_ascii_uppercase()).take(CODE_CHARS + 1).collect();
        let known = letters.iter().all(|letter| LETTERS.contains(letter));
        letters.try_into().ok().filter(|_| known).map(Self).ok_or(BadCode)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = JoinCode::random().unwrap();
        for typed in [code.to_string(), code.plain().to_lowercase(), format!(" {}-", code)] {
            assert_eq!(typed.parse(), Ok(code), "{typed:?}");
        }
        for bad in ["", "K7M 4Q", "K7M 4QXX", "K7M 4Q0", "K7M 4QÄ"] {
            assert_eq!(bad.parse::<JoinCode>(), Err(BadCode), "{bad:?}");
        }
    }
}
