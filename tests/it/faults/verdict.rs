//! Whether a record that is opened after a fault has kept every promise that was made before it.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use event_log::{Error, Hash, Reader, Writer, check};
use uuid::Uuid;

/// What was promised before the fault.
#[derive(Default)]
pub(super) struct Promised {
    made: bool,
    /// The leaf of each acknowledged event.
    events: BTreeMap<u64, Hash>,
    signed: u64,
}

impl Promised {
    pub(super) fn of<'a>(lines: impl IntoIterator<Item = &'a str>) -> Self {
        let mut promised = Promised::default();
        for line in lines {
            let words: Vec<_> = line.split_whitespace().collect();
            match words.as_slice() {
                ["made"] => promised.made = true,
                ["event", position, leaf] => {
                    promised.events.insert(position.parse().unwrap(), bytes(leaf));
                }
                ["signed", size] => promised.signed = size.parse().unwrap(),
                _ => panic!("nobody says `{line}`"),
            }
        }
        promised
    }

    pub(super) fn events(&self) -> usize {
        self.events.len()
    }
}

/// Why a record did not keep a promise.
pub(super) enum Broken {
    /// It says so itself, and takes no more events.
    Refused(Error),
    /// It does not say so.
    Silent(String),
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Broken::Refused(error) => write!(f, "refused: {error}"),
            Broken::Silent(why) => write!(f, "silent: {why}"),
        }
    }
}

impl From<Error> for Broken {
    fn from(error: Error) -> Self {
        Broken::Refused(error)
    }
}

fn silent<T>(why: impl Into<String>) -> Result<T, Broken> {
    Err(Broken::Silent(why.into()))
}

/// Opens the record as the program does when it starts, and holds it against what was promised.
pub(super) fn is_kept(folder: &Path, promised: &Promised) -> Result<(), Broken> {
    let writer = match Writer::open(folder) {
        // Nobody was told of it yet, so it is made now.
        Err(Error::Missing { .. }) if !promised.made => Writer::create(folder, Uuid::from_u128(9))?,
        opened => opened?,
    };
    let report = check(folder)?;
    let reader = Reader::open(folder)?;
    let events = reader.page(None, usize::MAX)?;
    for (position, leaf) in &promised.events {
        let found = events.get(*position as usize - 1).map(|event| &event.leaf);
        if found != Some(leaf) {
            return silent(format!("event {position} was acknowledged and is {found:?}"));
        }
    }
    if let Some(last) = events.last()
        && last.payload.get() != last.position.to_string()
    {
        return silent(format!("event {} of a batch up to {} is the last", last.position, last.payload));
    }
    if !report.gone.is_empty() {
        return silent(format!("the words of {:?} are gone", report.gone));
    }
    let signed = reader.checkpoint()?.map_or(0, |checkpoint| checkpoint.size());
    if signed < promised.signed {
        return silent(format!("a checkpoint over {} events is gone", promised.signed));
    }
    drop(writer);
    Ok(())
}

fn bytes(leaf: &str) -> Hash {
    std::array::from_fn(|index| u8::from_str_radix(&leaf[2 * index..2 * index + 2], 16).unwrap())
}
