//! The number of an event in the record.

use std::fmt;
use std::num::NonZeroU64;

use serde::{Deserialize, Deserializer, Serialize, de};

/// The number of an event in its record: the first is 1, and there is no gap.
///
/// It is at most `i64::MAX`, the largest key that SQLite holds, so that turning it into a key cannot fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Position(NonZeroU64);

impl Position {
    /// The position of the first event.
    pub const FIRST: Position = Position(NonZeroU64::MIN);

    /// The position with this number, or nothing for 0 and for numbers that SQLite cannot hold.
    pub fn new(number: u64) -> Option<Self> {
        let number = NonZeroU64::new(number)?;
        i64::try_from(number.get()).is_ok().then_some(Self(number))
    }

    /// The number itself.
    pub fn get(self) -> u64 {
        self.0.get()
    }

    /// The index of its leaf in the tree, where counting begins at 0.
    pub fn index(self) -> u64 {
        self.get() - 1
    }

    pub(crate) fn key(self) -> i64 {
        self.get().cast_signed()
    }

    pub(crate) fn from_key(key: i64) -> Option<Self> {
        u64::try_from(key).ok().and_then(Self::new)
    }

    /// The position that an event appended after `head` gets.
    pub(crate) fn after(head: Option<Self>) -> Option<Self> {
        head.map_or(Some(Self::FIRST), |head| Self::new(head.get() + 1))
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for Position {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = u64::deserialize(deserializer)?;
        Self::new(number).ok_or_else(|| de::Error::custom("a position is from 1 to 9223372036854775807"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_are_no_position_are_refused() {
        let largest = i64::MAX.cast_unsigned();
        assert_eq!(Position::new(0), None);
        assert_eq!(Position::new(1), Some(Position::FIRST));
        assert_eq!(Position::new(largest).map(Position::key), Some(i64::MAX));
        assert_eq!(Position::new(largest + 1), None);
        assert_eq!(Position::after(Position::new(largest)), None);
    }

    #[test]
    fn a_position_is_a_plain_number_in_json() {
        let seven = Position::new(7).unwrap();
        assert_eq!(serde_json::to_string(&seven).unwrap(), "7");
        assert_eq!(serde_json::from_str::<Position>("7").unwrap(), seven);
        assert!(serde_json::from_str::<Position>("0").is_err());
    }
}
