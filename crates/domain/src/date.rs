//! Days of the calendar, for everything that is due.
//!
//! The proleptic Gregorian calendar, counted as in "chrono-Compatible Low-Level Date Algorithms" (H. Hinnant): a day is
//! a number, and year, month and day are worked out from it. Which day it is somewhere is for whoever hands it in.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A day from 1 January 0001 to 31 December 9999, written `2026-11-23`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Date {
    /// Days since 1 January 1970.
    days: i32,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no day; please write it as year, month and day, such as 2026-11-23")]
pub struct BadDate(String);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

const WEEK: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];
const YEAR_MAX: i32 = 9_999;

impl Date {
    pub const EPOCH: Date = Date { days: 0 };
    const MAX: Date = Date { days: 2_932_896 };

    /// `None` where there is no such day.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        let known = (1..=YEAR_MAX).contains(&year) && (1..=12).contains(&month);
        (known && day >= 1 && day <= days_in(year, month)).then(|| Self::counted(year, month, day))
    }

    fn counted(year: i32, month: u32, day: u32) -> Self {
        // The year begins in March, so that a leap day is its last.
        let year = year - i32::from(month <= 2);
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let month = i32::try_from((month + 9) % 12).unwrap_or(0);
        let of_year = (153 * month + 2) / 5 + i32::try_from(day).unwrap_or(1) - 1;
        let days = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
        Self { days: era * 146_097 + days - 719_468 }
    }

    /// Year, month from 1 and day from 1.
    pub fn parts(self) -> (i32, u32, u32) {
        let days = self.days + 719_468;
        let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let number = |part: i32| u32::try_from(part).unwrap_or(1);
        (year + era * 400 + i32::from(month <= 2), number(month), number(day))
    }

    pub fn weekday(self) -> Weekday {
        // 1 January 1970 was a Thursday.
        let index = usize::try_from((self.days + 3).rem_euclid(7)).unwrap_or(0);
        WEEK.get(index).copied().unwrap_or(Weekday::Monday)
    }

    /// That many days later; never beyond the last day that can be written.
    pub fn plus_days(self, days: u32) -> Self {
        let days = i32::try_from(days).unwrap_or(i32::MAX);
        Self { days: self.days.saturating_add(days).min(Self::MAX.days) }
    }

    /// The same day so many months later, or the month's last where it is shorter: three months from 30 November is
    /// 28 or 29 February.
    pub fn plus_months(self, months: u16) -> Self {
        let (year, month, day) = self.parts();
        let months = year * 12 + i32::try_from(month).unwrap_or(1) - 1 + i32::from(months);
        let (year, month) = (months.div_euclid(12), u32::try_from(months.rem_euclid(12)).unwrap_or(0) + 1);
        Self::new(year, month, day.min(days_in(year, month))).unwrap_or(Self::MAX)
    }

    /// Days from this day to that one; negative if that one was before.
    pub fn days_until(self, other: Date) -> i32 {
        other.days - self.days
    }
}

fn days_in(year: i32, month: u32) -> u32 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.parts();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for Date {
    type Err = BadDate;
    fn from_str(text: &str) -> Result<Self, BadDate> {
        let bad = || BadDate(text.chars().take(20).collect());
        let fits = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        let mut parts = text.split('-').map(str::parse::<u32>);
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(Ok(year)), Some(Ok(month)), Some(Ok(day)), None) if fits => {
                i32::try_from(year).ok().and_then(|year| Date::new(year, month, day)).ok_or_else(bad)
            }
            _ => Err(bad()),
        }
    }
}

impl TryFrom<String> for Date {
    type Error = BadDate;
    fn try_from(text: String) -> Result<Self, BadDate> {
        text.parse()
    }
}

impl From<Date> for String {
    fn from(date: Date) -> Self {
        date.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn every_day_of_four_centuries_follows_the_one_before() {
        let (mut date, mut expected) = (day("1900-01-01"), (1900, 1, 1));
        let mut weekday = 0;
        while date < day("2300-01-01") {
            assert_eq!(date.parts(), expected);
            assert_eq!(date.weekday(), WEEK[weekday]);
            assert_eq!(Date::new(expected.0, expected.1, expected.2), Some(date));
            assert_eq!(day(&date.to_string()), date);
            date = date.plus_days(1);
            weekday = (weekday + 1) % 7;
            let (year, month, last) = (expected.0, expected.1, days_in(expected.0, expected.1));
            expected = match expected {
                (_, 12, 31) => (year + 1, 1, 1),
                (_, _, day) if day == last => (year, month + 1, 1),
                (_, _, day) => (year, month, day + 1),
            };
        }
    }

    #[test]
    fn months_end_where_they_end() {
        for (from, months, to) in [
            ("2026-11-30", 3, "2027-02-28"),
            ("2027-11-30", 3, "2028-02-29"),
            ("2026-01-31", 1, "2026-02-28"),
            ("2026-12-15", 6, "2027-06-15"),
            ("2028-02-29", 12, "2029-02-28"),
            ("9999-10-01", 9, "9999-12-31"),
        ] {
            assert_eq!(day(from).plus_months(months), day(to), "{from} and {months} months");
        }
        assert_eq!(day("9999-12-31").plus_days(5), day("9999-12-31"));
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for text in [
            "",
            "2026-02-29",
            "2026-13-01",
            "2026-00-10",
            "26-11-22",
            "2026-11-22 ",
            "+026-11-22",
            "2026/11/22",
            "0000-01-01",
        ] {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
    }
}
