//! Which table's plug is pulled, and when: `12@10:00-20:00`.

use std::str::FromStr;
use std::time::Duration;

use domain::TableNumber;

/// From when until when a table has no network, in minutes and seconds from the beginning of the drill.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Unplug {
    pub(crate) table: TableNumber,
    pub(crate) from: Duration,
    pub(crate) to: Duration,
}

impl FromStr for Unplug {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('@').and_then(|(table, times)| Some((table, times.split_once('-')?)));
        let wrong = || format!("`{text}` has to be a table and two times, such as 12@10:00-20:00");
        let (table, (from, to)) = parts.ok_or_else(wrong)?;
        let table = table.parse().map_err(|_| wrong())?;
        let (from, to) = (time(from).ok_or_else(wrong)?, time(to).ok_or_else(wrong)?);
        if from < to { Ok(Self { table, from, to }) } else { Err(format!("`{text}` ends before it begins")) }
    }
}

/// Minutes, a colon, and seconds below 60, which may have a fraction.
fn time(text: &str) -> Option<Duration> {
    let (minutes, seconds) = text.split_once(':')?;
    let (minutes, seconds): (u32, f64) = (minutes.parse().ok()?, seconds.parse().ok()?);
    let sound = (0.0..60.0).contains(&seconds);
    sound.then(|| Duration::from_secs(u64::from(minutes) * 60) + Duration::from_secs_f64(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_and_two_times_are_read() {
        let read: Unplug = "12@10:00-20:30.5".parse().unwrap();
        assert_eq!(read.table.get(), 12);
        assert_eq!((read.from, read.to), (Duration::from_secs(600), Duration::from_millis(1_230_500)));
    }

    #[test]
    fn each_mistake_is_named() {
        for (text, said) in [
            ("12", "such as"),
            ("12@10:00", "such as"),
            ("0@1:00-2:00", "such as"),
            ("12@10-20", "such as"),
            ("12@1:60-2:00", "such as"),
            ("12@1:00--2:00", "such as"),
            ("12@2:00-1:00", "ends before it begins"),
        ] {
            let why = text.parse::<Unplug>().unwrap_err();
            assert!(why.contains(said), "{text}: {why}");
        }
    }
}
