//! When a row was said, as its file writes it.

use domain::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime::{self, BrokenDownTime};
use jiff::tz::TimeZone;

use super::rows::short;

/// How a file writes times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// ISO 8601: a date, a date with a time, or these with an offset.
    Iso,
    /// As `strptime` reads it.
    Pattern(String),
}

impl Format {
    /// Refuses a pattern that no time could be read by.
    pub(super) fn of(pattern: Option<String>) -> Result<Self, String> {
        let Some(pattern) = pattern else { return Ok(Format::Iso) };
        match strtime::format(&pattern, &jiff::Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC)) {
            Ok(_) => Ok(Format::Pattern(pattern)),
            Err(error) => Err(format!("`time_format` is no pattern: {error}")),
        }
    }

    /// A time without an offset is one on the assembly's own clock, and a date alone is its midnight.
    pub(super) fn read(&self, text: &str, zone: &TimeZone) -> Result<Timestamp, String> {
        let at = match self {
            Format::Iso => iso(text, zone),
            Format::Pattern(pattern) => by_pattern(pattern, text, zone),
        };
        let millis = at.and_then(|at| u64::try_from(at.as_millisecond()).ok());
        millis.map(Timestamp).ok_or_else(|| {
            let text = short(text);
            match self {
                Format::Iso => {
                    format!("`{text}` is no time like 2026-11-22 or 2026-11-22T14:05:00Z, from 1970 on")
                }
                Format::Pattern(pattern) => format!("`{text}` is no time like `{pattern}`, from 1970 on"),
            }
        })
    }
}

fn iso(text: &str, zone: &TimeZone) -> Option<jiff::Timestamp> {
    let exact = text.parse::<jiff::Timestamp>();
    let civil = || text.parse::<DateTime>().or_else(|_| text.parse::<Date>().map(DateTime::from));
    exact.ok().or_else(|| on_clock(civil().ok()?, zone))
}

fn by_pattern(pattern: &str, text: &str, zone: &TimeZone) -> Option<jiff::Timestamp> {
    let parts = BrokenDownTime::parse(pattern, text).ok()?;
    let civil = || parts.to_datetime().or_else(|_| parts.to_date().map(DateTime::from));
    parts.to_timestamp().ok().or_else(|| on_clock(civil().ok()?, zone))
}

fn on_clock(civil: DateTime, zone: &TimeZone) -> Option<jiff::Timestamp> {
    Some(civil.to_zoned(zone.clone()).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_on_the_assemblys_clock() {
        let zone = TimeZone::get("Europe/London").unwrap();
        let (day, minute) = (Some("%d/%m/%Y"), Some("%d/%m/%Y %H:%M"));
        for (pattern, text, expected) in [
            (None, "2021-09-30", Some(1_632_956_400_000)),
            (None, "2021-09-30T10:00:00Z", Some(1_632_996_000_000)),
            (None, "2021-09-30T11:00:00", Some(1_632_996_000_000)),
            (None, "2021-09-30 11:00", Some(1_632_996_000_000)),
            (day, "30/09/2021", Some(1_632_956_400_000)),
            (day, "1/10/2021", Some(1_633_042_800_000)),
            (minute, "30/09/2021 11:00", Some(1_632_996_000_000)),
            (None, "30/09/2021", None),
            (day, "2021-09-30", None),
            (day, "31/02/2021", None),
            (None, "1969-12-30", None),
        ] {
            let format = Format::of(pattern.map(str::to_owned)).unwrap();
            let read = format.read(text, &zone);
            assert_eq!(read.as_ref().ok().copied().map(Timestamp::millis), expected, "{text} gives {read:?}");
        }
    }

    #[test]
    fn a_pattern_that_cannot_be_read_by_is_refused() {
        assert!(Format::of(Some("%d/%!".to_owned())).unwrap_err().starts_with("`time_format` is no pattern"));
    }
}
