//! A map and a CSV file: every row is read into what it says, or is refused by its number.

use std::collections::BTreeSet;

use domain::ContributionText;
use jiff::tz::TimeZone;
use uuid::Uuid;

use crate::Taken;
use crate::toml_file;
use ids::{Ids, Purpose};
use map::Map;
use rows::{Coding, Row, Sheet};

#[path = "../../../crates/plenary/src/import/ids.rs"]
#[rustfmt::skip]
mod ids;
#[path = "../../../crates/plenary/src/import/map.rs"]
#[expect(dead_code, reason = "the program reads maps from files, and nothing here does")]
#[rustfmt::skip]
mod map;
#[path = "../../../crates/plenary/src/import/rows.rs"]
#[expect(dead_code, reason = "the program reads rows from files, and nothing here does")]
#[rustfmt::skip]
mod rows;
#[path = "../../../crates/plenary/src/import/time.rs"]
#[rustfmt::skip]
mod time;

/// A row that is not taken; [`rows`] looks for it here.
#[derive(Debug, PartialEq, Eq)]
struct Refused {
    row: u64,
    reason: String,
}

/// The line between the map and the file.
const BETWEEN: &[u8] = b"\n-----\n";
/// Most characters of what is said about a row. It goes into a report that people pass on, so a long cell, which may
/// be what somebody said, must not go with it.
const REASON_CHARS_MAX: usize = 250;

/// The bytes as a map and, behind the line `-----`, a file.
pub fn check(bytes: &[u8]) -> Taken {
    let Some(end) = bytes.windows(BETWEEN.len()).position(|part| part == BETWEEN) else { return Taken::No };
    let (map, file) = (&bytes[..end], &bytes[end + BETWEEN.len()..]);
    let Ok(map) = str::from_utf8(map) else { return Taken::No };
    let zone = TimeZone::get("Europe/London").expect("the time zones are built in");
    let Some(sheet) = read(map, file, &zone) else { return Taken::No };
    assert_eq!(format!("{:?}", read(map, file, &zone)), format!("{:?}", Some(&sheet)), "not the same twice");
    every_row_is_accounted_for(&sheet);
    themes_are_those_of_the_rows(&sheet);
    sheet.rows.iter().for_each(row_is_within_its_limits);
    for refused in &sheet.refused {
        let said = refused.reason.chars().count();
        assert!((1..=REASON_CHARS_MAX + map.len()).contains(&said), "{}", refused.reason);
    }
    ids_are_of_one_thing_each(&sheet);
    if sheet.rows.is_empty() { Taken::No } else { Taken::Yes }
}

fn read(map: &str, file: &[u8], zone: &TimeZone) -> Option<Sheet> {
    let map = Map::checked(toml_file::parse(map).ok()?).ok()?;
    Sheet::of(file, "file", map, zone).ok()
}

fn every_row_is_accounted_for(sheet: &Sheet) {
    let refused = sheet.refused.iter().map(|refused| refused.row);
    let numbers: BTreeSet<_> = sheet.rows.iter().map(|row| row.number).chain(refused).collect();
    assert_eq!(numbers, (2..sheet.count + 2).collect());
    assert_eq!(sheet.rows.len() + sheet.refused.len(), numbers.len(), "a row was read twice");
    assert!(sheet.rows.is_sorted_by_key(|row| row.number));
}

fn themes_are_those_of_the_rows(sheet: &Sheet) {
    let keys = sheet.rows.iter().flat_map(|row| match &row.coding {
        Coding::Themes { keys, .. } => keys.as_slice(),
        _ => &[],
    });
    assert_eq!(keys.collect::<BTreeSet<_>>(), sheet.themes.keys().collect());
    assert!(sheet.themes.iter().all(|(key, name)| *key == rows::key(name)));
}

fn row_is_within_its_limits(row: &Row) {
    if let Some(words) = &row.words {
        assert_eq!(ContributionText::parse(words.as_str()).as_ref(), Ok(words));
    }
    assert!(!row.id.is_empty() && row.id == row.id.trim());
    assert!(row.voice.as_ref().is_none_or(|voice| !voice.is_empty() && voice == voice.trim()));
    let latest = jiff::Timestamp::MAX.as_millisecond();
    assert!(row.said_at.is_none_or(|at| i64::try_from(at.millis()).is_ok_and(|at| at <= latest)));
    match &row.coding {
        Coding::Themes { keys, .. } => assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len()),
        Coding::SetAside(_) => {}
        Coding::None => assert!(row.words.is_some(), "a row without words waits to be read"),
    }
}

fn ids_are_of_one_thing_each(sheet: &Sheet) {
    let ids = Ids::new(Uuid::nil(), &sheet.batch);
    let mut all = BTreeSet::new();
    let mut once = |id: Uuid| assert!(all.insert(id), "{id} is the id of two things");
    for row in &sheet.rows {
        once(ids.of_row(&row.id, Purpose::Contribution));
        once(ids.of_row(&row.id, Purpose::SetAside));
        if let Coding::Themes { keys, .. } = &row.coding {
            keys.iter().for_each(|key| once(ids.of_row(&row.id, Purpose::Assignment(key))));
        }
    }
    sheet.themes.keys().for_each(|key| once(ids.of_theme(key)));
}
