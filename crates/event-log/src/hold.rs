//! A lock on a folder, so that two processes never write the same record.

use std::fs::{File, TryLockError};
use std::io::{Read, Write};
use std::path::Path;
use std::process;

use crate::Error;

/// An advisory lock that is held for as long as this value lives, and that the system takes back when the
/// process ends in any way at all.
///
/// The file stays behind: deleting it could take the lock from a process that is just opening it.
#[derive(Debug)]
pub struct Hold {
    _file: File,
}

impl Hold {
    /// Takes `folder/<what>.lock` and writes the number of this process into it, or says at once who has it.
    pub fn take(folder: &Path, what: &str) -> Result<Hold, Error> {
        let path = folder.join(format!("{what}.lock"));
        let mut options = File::options();
        options.read(true).write(true).create(true).truncate(false);
        let mut file = options.open(&path).map_err(Error::io(&path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Error::Held { by: holder(&mut file), what: what.to_owned() });
            }
            Err(TryLockError::Error(source)) => return Err(Error::io(&path)(source)),
        }
        sign(&mut file, what).map_err(Error::io(&path))?;
        Ok(Hold { _file: file })
    }
}

fn sign(file: &mut File, what: &str) -> std::io::Result<()> {
    file.set_len(0)?;
    writeln!(file, "{} {what}", process::id())
}

/// The holder may not have come to writing its number yet; then nobody can be named.
fn holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    text.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_is_told_who_holds_it() {
        let folder = tempfile::tempdir().unwrap();
        let first = Hold::take(folder.path(), "plenary").unwrap();

        let refused = Hold::take(folder.path(), "plenary").unwrap_err();
        let Error::Held { by, what } = &refused else { panic!("{refused}") };
        assert_eq!((*by, what.as_str()), (Some(process::id()), "plenary"));
        assert_eq!(refused.to_string(), format!("plenary.lock is held by process {}", process::id()));
        Hold::take(folder.path(), "record").unwrap();

        drop(first);
        Hold::take(folder.path(), "plenary").unwrap();
    }

    #[test]
    fn a_file_left_behind_by_a_dead_process_does_not_stop_anyone() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("record.lock"), "4294967295 record\nmore\n").unwrap();
        let _held = Hold::take(folder.path(), "record").unwrap();
        let text = std::fs::read_to_string(folder.path().join("record.lock")).unwrap();
        assert_eq!(text, format!("{} record\n", process::id()));
    }
}
