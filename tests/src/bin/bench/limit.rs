//! What the machine itself can do when one record at a time must be on the disk.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::spread::Spread;

/// The size of a record: about that of a public part.
const RECORD: [u8; 400] = [b'x'; 400];

/// L1: a plain file, and one fdatasync for every record that is appended to it.
pub(crate) fn measure(folder: &Path, each: Duration) -> Result<Spread> {
    let path = folder.join("limit");
    let mut file = File::create(&path)?;
    let mut micros = Vec::new();
    let start = Instant::now();
    while start.elapsed() < each {
        let before = Instant::now();
        file.write_all(&RECORD)?;
        file.sync_data()?;
        micros.push(before.elapsed().as_micros() as u64);
    }
    let spread = Spread::of(micros, start.elapsed());
    std::fs::remove_file(path)?;
    Ok(spread)
}
