//! Calendars of bank holidays, by which working days are counted.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::bail;
use domain::duty::HOLIDAYS_MAX;
use domain::{Date, DutyClock, Name, Progress};
use serde::Deserialize;

use crate::toml_file;

const ENGLAND: &str = include_str!("../../../config/holidays/england.toml");
/// A first report after three months, and then one each six, as DemocracyNext's guide has it.
pub(crate) const PROGRESS: Progress = Progress { first_months: 3, then_months: 6 };

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Calendar {
    name: Name,
    days: BTreeSet<Date>,
}

impl Calendar {
    pub(crate) fn clock(self, statutory: Option<Date>, progress: Option<Progress>) -> DutyClock {
        DutyClock { calendar: self.name, holidays: self.days, statutory, progress }
    }
}

/// The calendar that comes with the program.
pub(crate) fn england() -> anyhow::Result<Calendar> {
    toml_file::parse(ENGLAND).map_err(anyhow::Error::msg)
}

pub(crate) fn read(file: &Path) -> anyhow::Result<Calendar> {
    let calendar: Calendar = toml_file::read(file)?;
    if calendar.days.is_empty() || calendar.days.len() > HOLIDAYS_MAX {
        bail!("`days` needs between 1 and {HOLIDAYS_MAX} days");
    }
    Ok(calendar)
}

#[cfg(test)]
mod tests {
    use domain::date::Weekday;

    use super::*;

    /// The day of Easter Sunday (Anonymous Gregorian algorithm, Nature 1876).
    fn easter(year: i32) -> Date {
        let (a, b, c) = (year % 19, year / 100, year % 100);
        let g = (8 * b + 13) / 25;
        let h = (19 * a + b - b / 4 - g + 15) % 30;
        let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
        let m = (a + 11 * h + 19 * l) / 433;
        let month = (h + l - 7 * m + 90) / 25;
        let day = (h + l - 7 * m + 33 * month + 19) % 32;
        Date::new(year, u32::try_from(month).unwrap(), u32::try_from(day).unwrap()).unwrap()
    }

    #[test]
    fn england_rests_on_eight_weekdays_a_year_and_around_easter() {
        let days = england().unwrap().days;
        for year in 2024..=2030 {
            let of_year: Vec<_> = days.iter().filter(|day| day.parts().0 == year).collect();
            assert_eq!(of_year.len(), 8, "{year}");
            let weekend = |day: &Date| matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
            assert!(of_year.iter().all(|day| !weekend(day)), "{year}");
            assert!(days.contains(&easter(year).plus_days(1)), "Easter Monday of {year}");
            let friday = of_year.iter().find(|day| day.days_until(easter(year)) == 2);
            assert!(friday.is_some(), "Good Friday of {year}");
        }
    }
}
