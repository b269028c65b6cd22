//! Reading a public part of format 1 in the one spelling in which this program writes it: three times as fast as
//! parsing any JSON, which matters when a record of a million events is replayed.

use std::borrow::Cow;

use uuid::Uuid;

use super::Version1;
use crate::Position;
use crate::hex::Hex;

/// The fields, or nothing where the text is spelled otherwise: then it is for the JSON parser to say what it holds.
/// Whether the payload is JSON is left to whoever reads it.
pub(super) fn read(bytes: &[u8]) -> Option<Version1<'_>> {
    let mut rest = Rest(str::from_utf8(bytes).ok()?);
    Some(Version1 {
        v: rest.field("{\"v\":1", |_| Some(1))?,
        assembly: rest.field(",\"assembly\":", Rest::id)?,
        kind: rest.field(",\"kind\":", Rest::borrowed)?,
        schema: rest.field(",\"schema\":", Rest::number)?.try_into().ok()?,
        position: rest.field(",\"position\":", Rest::number).and_then(Position::new)?,
        recorded_at: rest.field(",\"recorded_at\":", Rest::number)?,
        stream: rest.field(",\"stream\":", Rest::borrowed)?,
        channel: rest.field_or_null(",\"channel\":", Rest::borrowed)?,
        device: rest.field_or_null(",\"device\":", Rest::borrowed)?,
        voice: rest.field_or_null(",\"voice\":", Rest::borrowed)?,
        id: rest.field_or_null(",\"id\":", Rest::id)?,
        reference: rest.field_or_null(",\"ref\":", Rest::id)?,
        commitment: rest.field_or_null(",\"commitment\":", Rest::hash)?,
        payload: rest.field(",\"payload\":", Rest::value_to_the_end)?,
    })
}

/// What has not been read yet.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    /// What stands behind `name`, which has to come next.
    #[inline(always)]
    fn field<T>(&mut self, name: &'static str, value: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        self.0 = self.0.strip_prefix(name)?;
        value(self)
    }

    #[inline]
    fn field_or_null<T>(
        &mut self,
        name: &'static str,
        value: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<Option<T>> {
        self.field(name, |rest| match rest.0.strip_prefix("null") {
            Some(behind) => {
                rest.0 = behind;
                Some(None)
            }
            None => value(rest).map(Some),
        })
    }

    /// A number without a sign, a fraction or a leading zero.
    #[inline]
    fn number(&mut self) -> Option<u64> {
        let digits = self.0.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = self.0.split_at(digits);
        if number.len() > 1 && number.starts_with('0') || rest.starts_with(['.', 'e', 'E']) {
            return None;
        }
        self.0 = rest;
        number.parse().ok()
    }

    /// A string in which nothing is escaped, so that it stands there as it is meant.
    #[inline]
    fn borrowed(&mut self) -> Option<Cow<'a, str>> {
        let text = self.0.strip_prefix('"')?;
        let end = text.bytes().position(|byte| matches!(byte, b'"' | b'\\' | ..b' '))?;
        let (text, rest) = text.split_at(end);
        self.0 = rest.strip_prefix('"')?;
        Some(Cow::Borrowed(text))
    }

    /// A string of so many bytes. Whether something in it is escaped is for whoever reads it.
    #[inline]
    fn of_length(&mut self, length: usize) -> Option<&'a str> {
        let (text, rest) = self.0.strip_prefix('"')?.split_at_checked(length)?;
        self.0 = rest.strip_prefix('"')?;
        Some(text)
    }

    #[inline]
    fn id(&mut self) -> Option<Uuid> {
        Uuid::try_parse(self.of_length(36)?).ok()
    }

    #[inline]
    fn hash(&mut self) -> Option<Hex> {
        Hex::parse(self.of_length(64)?)
    }

    /// The last value, in front of the brace that closes the object.
    fn value_to_the_end(&mut self) -> Option<&'a str> {
        let value = self.0.strip_suffix('}')?;
        let spaces = [' ', '\t', '\n', '\r'];
        (!value.starts_with(spaces) && !value.ends_with(spaces)).then_some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::value::RawValue;

    const GOLDEN: &str = include_str!("../../tests/golden/event-v1.json");

    fn agrees(text: &str) -> Result<(), TestCaseError> {
        let Some(quick) = read(text.as_bytes()) else { return Ok(()) };
        // Whoever reads the payload is told.
        if serde_json::from_str::<&RawValue>(quick.payload).is_err() {
            return Ok(());
        }
        let slow: Version1 =
            serde_json::from_str(text).map_err(|error| TestCaseError::fail(format!("{text}: {error}")))?;
        prop_assert_eq!(format!("{:?}", quick), format!("{:?}", slow));
        Ok(())
    }

    #[test]
    fn an_event_without_escapes_is_read_this_way() {
        let plain = GOLDEN.replace("\\\"", "'").replace("\\n", " ");
        assert!(read(plain.as_bytes()).is_some());
        assert!(read(GOLDEN.as_bytes()).is_none());
        agrees(&plain).unwrap();
    }

    proptest! {
        #[test]
        fn whatever_is_read_this_way_is_read_the_same_by_the_json_parser(
            place in 0_usize..400, cut in 0_usize..4, put in "[\\x00-\\x7f\u{e9}]{0,3}",
        ) {
            let plain = GOLDEN.replace("\\\"", "'").replace("\\n", " ");
            let mut chars: Vec<char> = plain.chars().collect();
            let place = place % chars.len();
            let end = (place + cut).min(chars.len());
            chars.splice(place..end, put.chars());
            agrees(&chars.into_iter().collect::<String>())?;
        }
    }
}
