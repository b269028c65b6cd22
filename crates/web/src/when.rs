//! Times as people read them: in the assembly's own time zone.

use domain::{Date, Name, Timestamp};
use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;

/// The clock on an assembly's wall.
#[derive(Clone)]
pub(crate) struct Clock {
    zone: TimeZone,
    name: Option<Name>,
}

/// `5 January 2027`
pub(crate) fn in_words(date: Date) -> String {
    let (year, month, day) = date.parts();
    let parts = (i16::try_from(year), i8::try_from(month), i8::try_from(day));
    let (Ok(year), Ok(month), Ok(day)) = parts else { return date.to_string() };
    let known = jiff::civil::Date::new(year, month, day);
    known.map_or_else(|_| date.to_string(), |known| known.strftime("%-d %B %Y").to_string())
}

impl Clock {
    /// An unknown zone reads as UTC; `plenary new` refuses one before it gets here.
    pub(crate) fn of(zone: &str) -> Self {
        Self { zone: TimeZone::get(zone).unwrap_or(TimeZone::UTC), name: Name::parse(zone).ok() }
    }

    /// The day that it was or is there at that moment.
    pub(crate) fn day(&self, at: Timestamp) -> Date {
        ingest::today(at, self.name.as_ref())
    }

    /// The first moment of a day there.
    pub(crate) fn begins(&self, day: Date) -> Timestamp {
        let (year, month, day) = day.parts();
        let parts = (i16::try_from(year), i8::try_from(month), i8::try_from(day));
        let (Ok(year), Ok(month), Ok(day)) = parts else { return Timestamp(0) };
        let begins = jiff::civil::Date::new(year, month, day).and_then(|day| day.to_zoned(self.zone.clone()));
        let millis = begins.map(|begins| begins.timestamp().as_millisecond()).unwrap_or_default();
        Timestamp(u64::try_from(millis).unwrap_or_default())
    }

    /// `14:05`
    pub(crate) fn time(&self, at: Timestamp) -> String {
        self.format(at, "%H:%M")
    }

    /// `14:05:30`, for what ends within the minute.
    pub(crate) fn time_to_the_second(&self, at: Timestamp) -> String {
        self.format(at, "%H:%M:%S")
    }

    /// `22 November 2026, 14:05`
    pub(crate) fn full(&self, at: Timestamp) -> String {
        self.format(at, "%-d %B %Y, %H:%M")
    }

    /// `2026-11-22T14:05:30+00:00`, for programs.
    pub(crate) fn machine(&self, at: Timestamp) -> String {
        self.format(at, "%Y-%m-%dT%H:%M:%S%:z")
    }

    /// The last moment of a minute: `15:10` on the day of `last`, or `2026-11-22T15:10`.
    pub(crate) fn end_of_minute(&self, text: &str, last: Option<Timestamp>) -> Option<Timestamp> {
        let text = text.trim();
        let named = DateTime::strptime("%Y-%m-%dT%H:%M", text).ok();
        let minute = match named {
            Some(named) => named,
            None => {
                let last = jiff::Timestamp::from_millisecond(i64::try_from(last?.millis()).ok()?).ok()?;
                let day = last.to_zoned(self.zone.clone()).date();
                Time::strptime("%H:%M", text).ok()?.on(day.year(), day.month(), day.day())
            }
        };
        let begins = minute.to_zoned(self.zone.clone()).ok()?.timestamp().as_millisecond();
        Some(Timestamp(u64::try_from(begins).ok()? + 59_999))
    }

    fn format(&self, at: Timestamp, pattern: &str) -> String {
        let millis = i64::try_from(at.millis()).unwrap_or(i64::MAX);
        match jiff::Timestamp::from_millisecond(millis) {
            Ok(at) => at.to_zoned(self.zone.clone()).strftime(pattern).to_string(),
            Err(_) => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_the_assemblys_own() {
        // 2026-07-01T12:30:00Z is half past one in London's summer.
        let at = Timestamp(1_782_909_000_000);
        assert_eq!(Clock::of("Europe/London").full(at), "1 July 2026, 13:30");
        assert_eq!(Clock::of("nowhere").time(at), "12:30");
        assert_eq!(in_words(Clock::of("Europe/London").day(at)), "1 July 2026");
    }

    #[test]
    fn a_day_begins_when_it_begins_there() {
        let begins = |zone, day: &str| Clock::of(zone).begins(day.parse().unwrap()).millis();
        // 2026-07-01T00:00:00Z, and an hour before it in London's summer.
        assert_eq!(begins("nowhere", "2026-07-01"), 1_782_864_000_000);
        assert_eq!(begins("Europe/London", "2026-07-01"), 1_782_860_400_000);
        // There is no midnight in Cairo on the day on which its clocks go forward.
        assert_eq!(begins("Africa/Cairo", "2026-04-24"), 1_776_981_600_000);
    }

    #[test]
    fn a_minute_ends_where_the_next_one_begins() {
        let (clock, last) = (Clock::of("Europe/London"), Timestamp(1_782_909_000_000));
        let end = |text| clock.end_of_minute(text, Some(last)).map(|at| at.millis());
        assert_eq!(end("13:30"), Some(last.millis() + 59_999));
        assert_eq!(end(" 2026-07-01T13:29 "), Some(last.millis() - 1));
        for text in ["", "25:00", "half past one", "13", "13:30:00", "2026-07-01"] {
            assert_eq!(end(text), None, "{text}");
        }
        assert_eq!(clock.end_of_minute("13:30", None), None);
    }
}
