//! What the crash tests do to a record: `workload FOLDER power|kill|errors`.
//!
//! Everything that is acknowledged is told in one line to the file `FOLDER/told`, right after it is known. Nothing in it
//! is random but the keys of private words.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use anyhow::{Result, bail};
use event_log::{Error, Hash, NewEvent, Origin, Position, Sealed, Signer, Writer};
use uuid::Uuid;

const ASSEMBLY: Uuid = Uuid::from_u128(0x0190_8e2c_5a00_7000_8000_0000_0000_0009);
/// Of the run that power is cut from: batches of one to seven events, and at the end a close with a copy of the log.
const BATCHES: u64 = 60;
/// Of the run that is killed at each of its changes.
const OPERATIONS: u64 = 200;
/// Of the run in which the disk says that it failed.
const BATCHES_OF_ERRORS: u64 = 24;
/// A disk that goes on refusing for longer has to be looked at by somebody.
const TRIES: u32 = 64;

fn main() -> Result<()> {
    let words: Vec<_> = std::env::args().skip(1).collect();
    let [folder, plan] = words.as_slice() else { bail!("usage: workload FOLDER power|kill|errors") };
    let folder = Path::new(folder);
    let mut told = File::options().create(true).append(true).open(folder.join("told"))?;
    match plan.as_str() {
        "power" => power(folder, &mut told),
        "kill" => kill(folder, &mut told),
        "errors" => errors(folder, &mut told),
        other => bail!("no plan is called {other}"),
    }
}

fn power(folder: &Path, told: &mut File) -> Result<()> {
    let signer = signer(folder)?;
    let mut writer = begin(folder, told)?;
    for batch in 1..=BATCHES {
        append(&mut writer, batch, 1 + batch * 5 % 7, told)?;
        match batch {
            _ if batch % 9 == 0 => sign(&mut writer, &signer, told)?,
            // The log is copied into the file and begun anew from its start, with old frames behind the new ones.
            _ if batch % 13 == 0 => copy_log(folder)?,
            _ if batch % 22 == 0 => {
                drop(writer);
                writer = Writer::open(folder)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// Mostly single events, so that a kill at every change of the disk does not take all day.
fn kill(folder: &Path, told: &mut File) -> Result<()> {
    let signer = signer(folder)?;
    let mut writer = begin(folder, told)?;
    for operation in 1..=OPERATIONS {
        match operation % 40 {
            20 => sign(&mut writer, &signer, told)?,
            39 => {
                drop(writer);
                writer = Writer::open(folder)?;
            }
            _ => append(&mut writer, operation, 1 + u64::from(operation % 8 == 0), told)?,
        }
    }
    Ok(())
}

/// Goes on after every error.
fn errors(folder: &Path, told: &mut File) -> Result<()> {
    let signer = signer(folder)?;
    let mut caller = Caller { folder, told, writer: None };
    for batch in 1..=BATCHES_OF_ERRORS {
        caller.does(|writer, told| append(writer, batch, 1 + batch * 5 % 7, told))?;
        match batch {
            _ if batch % 5 == 0 => caller.does(|writer, told| sign(writer, &signer, told))?,
            // SQLite passes over what goes wrong with this when it does it by itself.
            _ if batch % 7 == 0 => drop(copy_log(folder)),
            _ if batch % 11 == 0 => caller.writer = None,
            _ => {}
        }
    }
    Ok(())
}

/// Does things again until they are done, as the program and its clients do: with the same writer where that may go
/// on, and otherwise with the record opened anew.
struct Caller<'a> {
    folder: &'a Path,
    told: &'a mut File,
    writer: Option<Writer>,
}

impl Caller<'_> {
    fn does(&mut self, work: impl Fn(&mut Writer, &mut File) -> Result<()>) -> Result<()> {
        for _ in 0..TRIES {
            let opened = self.writer.take().map_or_else(|| begin(self.folder, self.told), Ok);
            let done = opened.and_then(|mut writer| match work(&mut writer, self.told) {
                Err(error) if may_go_on(&mut writer, &error)? => {
                    self.writer = Some(writer);
                    Err(error)
                }
                Err(error) => Err(error),
                Ok(()) => {
                    self.writer = Some(writer);
                    Ok(())
                }
            });
            match done {
                Err(error) if error.is::<Misled>() => return Err(error),
                Err(error) => self.told.write_all(format!("refused {error}\n").as_bytes())?,
                Ok(()) => return Ok(()),
            }
        }
        bail!("still refused after {TRIES} times")
    }
}

/// A writer that takes events after what it must stop at.
#[derive(Debug)]
struct Misled(String);

impl std::fmt::Display for Misled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl std::error::Error for Misled {}

/// After a fatal error a writer must take nothing more, however often it is asked.
fn may_go_on(writer: &mut Writer, error: &anyhow::Error) -> Result<bool> {
    if error.downcast_ref::<Error>().is_some_and(|error| !error.is_fatal()) {
        return Ok(true);
    }
    for _ in 0..2 {
        match writer.append(&[event(0, 0, 0)?], 0) {
            Err(Error::Stopped) => {}
            Err(other) => bail!(Misled(format!("after {error} it says {other}"))),
            Ok(_) => bail!(Misled(format!("it goes on after {error}"))),
        }
    }
    Ok(false)
}

fn begin(folder: &Path, told: &mut File) -> Result<Writer> {
    let writer = match Writer::create(folder, ASSEMBLY) {
        Err(Error::Exists { .. }) => Writer::open(folder)?,
        other => other?,
    };
    told.write_all(b"made\n")?;
    Ok(writer)
}

fn signer(folder: &Path) -> Result<Signer> {
    // Beside the folder, where the disk does not fail: this is not about keys.
    let key = folder.with_extension("key");
    Ok(Signer::open_or_create(&key, Origin::new("faults.example/a/1")?)?)
}

/// Tells of each event of the batch: its position and its leaf. Each says how far its batch goes. What was recorded
/// although somebody was told that it failed is acknowledged when it comes again.
fn append(writer: &mut Writer, batch: u64, count: u64, told: &mut File) -> Result<()> {
    let head = writer.head().map_or(0, |head| head.get());
    let there = (1..=count).map_while(|nth| writer.find(id(batch, nth)).transpose());
    let there = there.collect::<Result<Vec<_>, _>>()?;
    if !there.is_empty() {
        return there.iter().try_for_each(|event| tell(told, event.position, &event.leaf));
    }
    let events = (1..=count).map(|nth| event(batch, nth, head + count)).collect::<Result<Vec<_>>>()?;
    let appended = writer.append(&events, 1_760_000_000_000 + batch)?;
    appended.iter().try_for_each(|event| tell(told, event.position, &event.leaf))
}

/// One write a line, because that is what the trace keeps in order.
fn tell(told: &mut File, position: Position, leaf: &Hash) -> Result<()> {
    Ok(told.write_all(format!("event {position} {}\n", hex(leaf)).as_bytes())?)
}

fn id(batch: u64, nth: u64) -> Uuid {
    Uuid::from_u128(u128::from(batch) << 64 | u128::from(nth))
}

fn event(batch: u64, nth: u64, last: u64) -> Result<NewEvent> {
    // Every fourth batch has words that do not fit into one page.
    let length = if batch.is_multiple_of(4) { 5_000 } else { 60 };
    let words = nth.is_multiple_of(2).then(|| Sealed::new(&"w".repeat(length))).transpose()?;
    tests::in_batch(id(batch, nth), last, words)
}

fn sign(writer: &mut Writer, signer: &Signer, told: &mut File) -> Result<()> {
    let size = writer.checkpoint(signer)?.size();
    Ok(told.write_all(format!("signed {size}\n").as_bytes())?)
}

fn copy_log(folder: &Path) -> Result<()> {
    let other = rusqlite::Connection::open(folder.join("record.db"))?;
    Ok(other.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
