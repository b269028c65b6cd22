//! The published papers beside a record: without them a version could be named, but not read.

use std::fs;
use std::io;
use std::path::Path;

use web::paper::PUBLISHED as FOLDER;

/// Copies those that are not there yet. A file's name says what is in it, so none is ever written over.
pub(crate) fn copy(from: &Path, to: &Path) -> io::Result<usize> {
    let (from, to) = (from.join(FOLDER), to.join(FOLDER));
    let files = match fs::read_dir(&from) {
        Ok(files) => files,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(error),
    };
    fs::create_dir_all(&to)?;
    let mut copied = 0;
    for file in files {
        let file = file?.path();
        let Some(name) = file.file_name().filter(|_| file.extension().is_some_and(|end| end == "json"))
        else {
            continue;
        };
        let copy = to.join(name);
        if !copy.exists() {
            fs::copy(&file, &copy)?;
            fs::File::open(&copy)?.sync_all()?;
            copied += 1;
        }
    }
    Ok(copied)
}
