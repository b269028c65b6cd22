//! What the crash tests do to a record: `workload FOLDER power|kill`.
//!
//! Everything that is acknowledged is told in one line to the file `FOLDER/told`, right after it is known. Nothing in it
//! is random but the keys of private words.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};
use event_log::{Appended, Error, NewEvent, Origin, Sealed, Signer, Writer};
use serde_json::value::RawValue;
use uuid::Uuid;

const ASSEMBLY: Uuid = Uuid::from_u128(0x0190_8e2c_5a00_7000_8000_0000_0000_0009);
/// Of the run that power is cut from: batches of one to seven events, and at the end a close with a copy of the log.
const BATCHES: u64 = 60;
/// Of the run that is killed at each of its changes.
const OPERATIONS: u64 = 200;

fn main() -> Result<()> {
    let words: Vec<_> = std::env::args().skip(1).collect();
    let [folder, plan] = words.as_slice() else { bail!("usage: workload FOLDER power|kill") };
    let folder = Path::new(folder);
    let mut told = File::options().create(true).append(true).open(folder.join("told"))?;
    match plan.as_str() {
        "power" => power(folder, &mut told),
        "kill" => kill(folder, &mut told),
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

/// Tells of the last event of the batch: its position and its leaf. Each event says how far its batch goes.
fn append(writer: &mut Writer, batch: u64, count: u64, told: &mut File) -> Result<()> {
    let head = writer.head().map_or(0, |head| head.get());
    let events = (1..=count).map(|nth| event(batch, nth, head + count)).collect::<Result<Vec<_>>>()?;
    let appended = writer.append(&events, 1_760_000_000_000 + batch)?;
    for Appended { position, leaf, .. } in &appended {
        // One write a line, because that is what the trace keeps in order.
        told.write_all(format!("event {position} {}\n", hex(leaf)).as_bytes())?;
    }
    appended.last().map(|_| ()).context("a batch has events")
}

fn event(batch: u64, nth: u64, last: u64) -> Result<NewEvent> {
    // Every fourth batch has words that do not fit into one page.
    let length = if batch.is_multiple_of(4) { 5_000 } else { 60 };
    let words = nth.is_multiple_of(2).then(|| Sealed::new(&"w".repeat(length))).transpose()?;
    Ok(NewEvent {
        kind: "contributed".to_owned(),
        schema: 1,
        stream: "round/1".to_owned(),
        channel: None,
        device: None,
        voice: None,
        id: Some(Uuid::from_u128(u128::from(batch) << 64 | u128::from(nth))),
        reference: None,
        payload: RawValue::from_string(last.to_string())?,
        words,
    })
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
