//! The disk that is watched, and the workload on it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use tempfile::TempDir;

/// Memory where there is some: the images of a disk are many, and none of them has to outlive the test.
pub(super) fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap()
}

/// The library, made once.
fn library() -> &'static Path {
    static LIBRARY: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = LIBRARY.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("disk.so");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("it/faults/disk.c");
        let made = Command::new("cc").args(["-O2", "-shared", "-fPIC", "-o"]).arg(&path).arg(source).status();
        assert!(made.unwrap().success(), "the C compiler could not make the disk");
        (folder, path)
    });
    path
}

/// Has a program use that disk for what lies in `folder`.
pub(super) fn load(program: &mut Command, folder: &Path) {
    program.env("LD_PRELOAD", library()).env("DISK_ROOT", folder);
}

/// Runs a plan of the workload on the record in `folder`, with what the disk is to do.
pub(super) fn run(folder: &Path, plan: &str, disk: &[(&str, &str)]) -> Output {
    let mut workload = Command::new(env!("CARGO_BIN_EXE_workload"));
    load(&mut workload, folder);
    workload.arg(folder).arg(plan).envs(disk.iter().copied()).output().unwrap()
}
