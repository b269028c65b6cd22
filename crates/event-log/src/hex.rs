//! A hash as 64 lower-case hexadecimal digits, the way it stands in the public part.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// 32 bytes that are written as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hex(pub(crate) [u8; 32]);

impl Serialize for Hex {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = String::with_capacity(64);
        for byte in self.0 {
            text.push(char::from(DIGITS[usize::from(byte >> 4)]));
            text.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Digits)
    }
}

struct Digits;

impl de::Visitor<'_> for Digits {
    type Value = Hex;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("64 lower-case hexadecimal digits")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Hex, E> {
        Hex::parse(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}

impl Hex {
    pub(crate) fn parse(text: &str) -> Option<Hex> {
        let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return None };
        let pairs: &[[u8; 2]; 32] = pairs.try_into().ok()?;
        let (mut bytes, mut seen) = ([0; 32], 0);
        // Without a way out half-way, because that is done many at a time.
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            let (high, low) = (VALUES[usize::from(*high)], VALUES[usize::from(*low)]);
            *byte = high << 4 | low & 15;
            seen |= high | low;
        }
        (seen < NO_DIGIT).then_some(Hex(bytes))
    }
}

const NO_DIGIT: u8 = 16;

/// What each character stands for. Capitals are refused, so that one hash has one spelling.
const VALUES: [u8; 256] = {
    let mut values = [NO_DIGIT; 256];
    let mut value = 0;
    while value < 16 {
        values[b"0123456789abcdef"[value] as usize] = value as u8;
        value += 1;
    }
    values
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let hash = Hex(std::array::from_fn(|index| index as u8 * 8));
        let text = serde_json::to_string(&hash).unwrap();
        assert!(text.starts_with("\"0008101820"));
        assert_eq!(serde_json::from_str::<Hex>(&text).unwrap(), hash);
    }

    #[test]
    fn other_spellings_are_refused() {
        let right = "0a".repeat(32);
        assert!(Hex::parse(&right).is_some());
        for wrong in ["", "0a", &right[1..], &"0A".repeat(32), &"0g".repeat(32), &"0a".repeat(33)] {
            assert_eq!(Hex::parse(wrong), None, "{wrong}");
        }
    }
}
