//! `record.open`: says that somebody writes the record, or that they ended without closing it.
//!
//! It comes after the write-ahead log has its name on the disk, and goes after the log was emptied and before SQLite
//! deletes it. So where it is, the log must be: a log that is missing was taken away, with what was in it.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::Error;
use crate::durable;

fn path(folder: &Path) -> PathBuf {
    folder.join("record.open")
}

pub(crate) fn verify(folder: &Path, log: &Path) -> Result<(), Error> {
    let mark = path(folder);
    if mark.exists() && !log.exists() { Err(Error::LogMissing { log: log.to_owned(), mark }) } else { Ok(()) }
}

/// On the disk when this returns.
pub(crate) fn put(folder: &Path) -> Result<(), Error> {
    let mark = path(folder);
    if mark.exists() { Ok(()) } else { durable::replace(&mark, b"") }
}

pub(crate) fn remove(folder: &Path) -> Result<(), Error> {
    let mark = path(folder);
    match fs::remove_file(&mark) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::io(&mark)(error)),
        _ => Ok(()),
    }
}
