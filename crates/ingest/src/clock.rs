//! The one place where this crate asks what time it is.

use std::time::{SystemTime, UNIX_EPOCH};

use domain::{Date, Name, Timestamp};
use jiff::tz::TimeZone;

/// Milliseconds since 1970-01-01 UTC, and 0 for a clock that stands before that.
pub(crate) fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// Which day that moment falls on in a time zone; in an unknown one, in UTC.
pub fn today(at: Timestamp, zone: Option<&Name>) -> Date {
    let zone = zone.and_then(|zone| TimeZone::get(zone.as_str()).ok()).unwrap_or(TimeZone::UTC);
    let moment = i64::try_from(at.millis()).ok().and_then(|at| jiff::Timestamp::from_millisecond(at).ok());
    let day = moment.map(|moment| moment.to_zoned(zone).date());
    let parts = day.map(|day| (i32::from(day.year()), day.month().unsigned_abs(), day.day().unsigned_abs()));
    parts.and_then(|(year, month, day)| Date::new(year, month.into(), day.into())).unwrap_or(Date::EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_when_it_does_on_the_assemblys_wall() {
        let london = Name::parse("Europe/London").unwrap();
        // 2026-06-30T23:30:00Z is half past midnight in London's summer; 2026-12-31T23:30:00Z is not yet New Year.
        for (at, zone, day) in [
            (1_782_862_200_000, Some(&london), "2026-07-01"),
            (1_782_862_200_000, None, "2026-06-30"),
            (1_798_759_800_000, Some(&london), "2026-12-31"),
            (0, None, "1970-01-01"),
            (u64::MAX, None, "1970-01-01"),
        ] {
            assert_eq!(today(Timestamp(at), zone).to_string(), day, "{at}");
        }
    }
}
