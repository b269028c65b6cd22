//! Small files that are there whole or not at all, whenever the power goes.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use crate::Error;

/// For the owner only: what lies beside a record is nobody else's.
const PRIVATE: u32 = 0o600;

/// Puts a file with these bytes at `path`, in place of one that may be there. When this returns it is on the disk,
/// and until then the old one is.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let unfinished = path.with_added_extension("new");
    let written = write(&unfinished, bytes).and_then(|()| fs::rename(&unfinished, path));
    written.map_err(Error::io(path))?;
    path.parent().map_or(Ok(()), sync_folder)
}

fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    // One that a crash left would keep its old mode.
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = File::options().write(true).create_new(true).mode(PRIVATE).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// The text of a small file, or nothing where there is none.
pub(crate) fn read(path: &Path) -> Result<Option<String>, Error> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io(path)(error)),
    }
}

/// A new name in a folder is on the disk only when the folder itself has been synced.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), Error> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    File::open(folder).and_then(|opened| opened.sync_all()).map_err(Error::io(folder))
}
