//! Times as people read them: in the assembly's own time zone.

use domain::Timestamp;
use jiff::tz::TimeZone;

/// The clock on an assembly's wall.
#[derive(Clone)]
pub(crate) struct Clock {
    zone: TimeZone,
}

impl Clock {
    /// An unknown zone reads as UTC; `plenary new` refuses one before it gets here.
    pub(crate) fn of(zone: &str) -> Self {
        Self { zone: TimeZone::get(zone).unwrap_or(TimeZone::UTC) }
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
    }
}
