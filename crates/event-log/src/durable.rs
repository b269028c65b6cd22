//! Small files that are there whole or not at all, whenever the power goes.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use crate::Error;

/// For the owner only: what lies beside a record is nobody else's.
const PRIVATE: u32 = 0o600;

/// Puts a file with these bytes at `path`, in place of one that may be there. When this returns it is on the disk,
/// and until then the old one is. Where there is no room, that is [`Error::Full`], and it may be tried again.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let unfinished = path.with_added_extension("new");
    let written = write(&unfinished, bytes).and_then(|()| fs::rename(&unfinished, path));
    written.map_err(|error| match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            // It takes the little room that there is, and where it cannot be removed it means nothing.
            drop(fs::remove_file(&unfinished));
            Error::Full
        }
        _ => Error::io(path)(error),
    })?;
    path.parent().map_or(Ok(()), sync_folder)
}

fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    // One that a crash left would keep its old mode.
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = File::options().write(true).create_new(true).mode(PRIVATE).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Writes what a file holds once more and syncs it. After a sync that failed, the system may go on showing bytes that
/// never reached the disk, and a later sync passes over them because it takes them for written.
pub(crate) fn write_again(path: &Path) -> Result<(), Error> {
    match File::options().read(true).write(true).open(path) {
        Ok(file) => written_again(&file).map_err(Error::io(path)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Error::io(path)(error)),
    }
}

fn written_again(file: &File) -> std::io::Result<()> {
    let (mut bytes, mut at) = (vec![0; 1 << 20], 0);
    loop {
        let read = file.read_at(&mut bytes, at)?;
        if read == 0 {
            return if at == 0 { Ok(()) } else { file.sync_all() };
        }
        file.write_all_at(&bytes[..read], at)?;
        at += read as u64;
    }
}

/// The text of a small file, or nothing where there is none.
pub(crate) fn read(path: &Path) -> Result<Option<String>, Error> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io(path)(error)),
    }
}

/// A new name in a folder is on the disk only when the folder itself has been synced.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), Error> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    File::open(folder).and_then(|opened| opened.sync_all()).map_err(Error::io(folder))
}
