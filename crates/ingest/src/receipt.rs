//! The code by which a person finds their contribution again.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// Characters of a receipt, without the hyphens.
const RECEIPT_CHARS: usize = 16;
/// Douglas Crockford's base 32: no I, L, O or U, so that a code can be read out and copied from paper.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The first 80 bits of the leaf hash of an event, shown as `7ZXK-0Q4M-B1CD-E9FG`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Receipt([u8; 10]);

impl Receipt {
    pub fn of_leaf(leaf: &[u8; 32]) -> Self {
        let mut bits = [0; 10];
        bits.copy_from_slice(&leaf[..10]);
        Self(bits)
    }

    /// Whether the event with this leaf is the one that the receipt was given for.
    pub fn is_of(&self, leaf: &[u8; 32]) -> bool {
        leaf.starts_with(&self.0)
    }

    /// The beginning of the leaf hash, for looking the event up.
    pub fn leaf_prefix(&self) -> &[u8; 10] {
        &self.0
    }
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = self.0.iter().fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
        for place in 0..RECEIPT_CHARS {
            if place > 0 && place % 4 == 0 {
                f.write_str("-")?;
            }
            let digit = bits >> (5 * (RECEIPT_CHARS - 1 - place)) & 31;
            write!(f, "{}", char::from(DIGITS[digit as usize]))?;
        }
        Ok(())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "A receipt has 16 letters and digits in four groups, such as 7ZXK-0Q4M-B1CD-E9FG. Please check it again."
)]
pub struct BadReceipt;

impl FromStr for Receipt {
    type Err = BadReceipt;
    fn from_str(text: &str) -> Result<Self, BadReceipt> {
        let mut bits = 0_u128;
        let mut count = 0;
        for ch in text.chars().filter(|ch| !ch.is_whitespace() && !matches!(ch, '-' | '–' | '‑')) {
            count += 1;
            if count > RECEIPT_CHARS {
                return Err(BadReceipt);
            }
            bits = bits << 5 | value(ch).ok_or(BadReceipt)?;
        }
        match (count, bits.to_be_bytes().last_chunk::<10>()) {
            (RECEIPT_CHARS, Some(bits)) => Ok(Self(*bits)),
            _ => Err(BadReceipt),
        }
    }
}

/// What a hand writes for one of the digits: case does not matter, and the letters that were left out are read as the
/// digits that they look like.
fn value(ch: char) -> Option<u128> {
    let digit = match ch.to_ascii_uppercase() {
        'I' | 'L' => '1',
        'O' => '0',
        ch => ch,
    };
    let place = DIGITS.iter().position(|known| char::from(*known) == digit)?;
    u128::try_from(place).ok()
}

impl Serialize for Receipt {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_known_leaf_gives_a_known_code() {
        // 0x00 00 00 00 01 is 0000 0001 in base 32, and 0xff ff ff ff ff is ZZZZ ZZZZ.
        let mut leaf = [0xff; 32];
        leaf[..5].copy_from_slice(&[0, 0, 0, 0, 1]);
        let receipt = Receipt::of_leaf(&leaf);
        assert_eq!(receipt.to_string(), "0000-0001-ZZZZ-ZZZZ");
        assert!(receipt.is_of(&leaf));
        assert!(!receipt.is_of(&[0xff; 32]));
    }

    #[test]
    fn a_copy_by_hand_is_forgiven() {
        let receipt: Receipt = "0000-0001-ZZZZ-ZZZZ".parse().unwrap();
        for text in
            ["oOo0 000i zzzz zzzz", "0000000LZZZZZZZZ", " 0000-0001-zzzz-zzzz\n", "0-0-0-0-0001ZZZZZZZZ"]
        {
            assert_eq!(text.parse(), Ok(receipt), "{text:?}");
        }
    }

    #[test]
    fn what_is_no_code_is_refused() {
        let long = "0".repeat(17);
        for text in
            ["", "0000-0001-ZZZZ-ZZZ", &long, "0000-0001-ZZZZ-ZZZU", "0000-0001-ZZZZ-ZZZé", "0000/0001"]
        {
            assert_eq!(text.parse::<Receipt>(), Err(BadReceipt), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_again(leaf: [u8; 32]) {
            let receipt = Receipt::of_leaf(&leaf);
            prop_assert_eq!(receipt.to_string().parse(), Ok(receipt));
            prop_assert_eq!(receipt.to_string().len(), 19);
        }
    }
}
