//! Whether a record that is opened after a fault has kept every promise that was made before it.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::OnceLock;

use event_log::{Error, Hash, Origin, Reader, Sealed, Signer, Words, Writer, check};
use uuid::Uuid;

const AFTERWARDS: &str = "Said when the lights were on again.";

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
                ["refused", ..] => {}
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

/// Opens the record as the program does when it starts, holds it against what was promised, and goes on with it: a
/// record that takes no more events is broken too.
pub(super) fn is_kept(folder: &Path, promised: &Promised) -> Result<(), Broken> {
    let mut writer = match Writer::open(folder) {
        // Nobody was told of it yet, so it is made now.
        Err(Error::Missing { .. }) if !promised.made => Writer::create(folder, Uuid::from_u128(9))?,
        opened => opened?,
    };
    let report = check(folder)?;
    let reader = Reader::open(folder)?;
    holds(&reader, promised)?;
    if !report.gone.is_empty() {
        return silent(format!("the words of {:?} are gone", report.gone));
    }
    goes_on(&mut writer, &reader)
}

fn holds(reader: &Reader, promised: &Promised) -> Result<(), Broken> {
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
    let signed = reader.checkpoint()?.map_or(0, |checkpoint| checkpoint.size());
    if signed < promised.signed {
        return silent(format!("a checkpoint over {} events is gone", promised.signed));
    }
    Ok(())
}

/// The next event takes the next position, can be read with its words, and is signed with all that came before it.
fn goes_on(writer: &mut Writer, reader: &Reader) -> Result<(), Broken> {
    let next = writer.head().map_or(1, |head| head.get() + 1);
    let words = Some(Sealed::new(AFTERWARDS)?);
    let event = tests::in_batch(Uuid::from_u128(u128::MAX), next, words).unwrap();
    let appended = writer.append(&[event], 1)?;
    let position = appended[0].position;
    let found = reader.at(position)?.map(|event| event.leaf);
    if position.get() != next || found != Some(appended[0].leaf) {
        return silent(format!("after it was opened, event {next} became {position}, and reads {found:?}"));
    }
    if reader.words(position)? != Words::Open(AFTERWARDS.to_owned()) {
        return silent(format!("the words of event {position} are not those that were recorded"));
    }
    let signed = writer.checkpoint(signer())?;
    if signed.size() != next || reader.root(next)? != *signed.root() {
        return silent(format!("the checkpoint over {next} events is not over them"));
    }
    Ok(())
}

/// Of the one who opens records after a fault: a key of its own, as after a move to another server.
fn signer() -> &'static Signer {
    static SIGNER: OnceLock<Signer> = OnceLock::new();
    SIGNER.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let origin = Origin::new("faults.example/a/2").unwrap();
        Signer::open_or_create(&folder.path().join("signing.key"), origin).unwrap()
    })
}

fn bytes(leaf: &str) -> Hash {
    std::array::from_fn(|index| u8::from_str_radix(&leaf[2 * index..2 * index + 2], 16).unwrap())
}
