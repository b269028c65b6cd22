//! Every change that a workload made to its folder, and the disks that a power cut can leave of them.

use std::collections::BTreeMap;
use std::path::Path;

use super::Random;

/// The smallest part of a write that a disk does whole or not at all.
const SECTOR: usize = 512;

pub(super) struct Step {
    pub(super) file: String,
    pub(super) change: Change,
}

pub(super) enum Change {
    Made,
    Wrote {
        at: u64,
        bytes: Vec<u8>,
    },
    Cut {
        length: u64,
    },
    Synced,
    /// The system said, or should have said, that it could not. What it had is gone, and the next sync does not try
    /// again, although reads go on to give it for as long as it lies in memory.
    SyncFailed,
    /// Any other change that was refused, so that there is none.
    Refused,
    Renamed {
        to: String,
    },
    Removed,
    /// Somebody was told this.
    Told(String),
}

/// Reads the file that the watched disk wrote about `folder`; names in it are those within the folder, and the folder
/// itself has none.
pub(super) fn read(trace: &Path, folder: &Path) -> Vec<Step> {
    let bytes = std::fs::read(trace).unwrap();
    let (mut rest, mut steps) = (bytes.as_slice(), Vec::new());
    let within = |bytes: &[u8]| {
        let path = Path::new(str::from_utf8(bytes).unwrap()).strip_prefix(folder).unwrap();
        path.to_str().unwrap().to_owned()
    };
    while !rest.is_empty() {
        let op = rest.split_off_first().unwrap();
        let path = u32::from_le_bytes(take(&mut rest, 4).try_into().unwrap()) as usize;
        let at = u64::from_le_bytes(take(&mut rest, 8).try_into().unwrap());
        let length = u64::from_le_bytes(take(&mut rest, 8).try_into().unwrap()) as usize;
        let file = within(take(&mut rest, path));
        let data = take(&mut rest, length);
        let change = match op {
            b'c' => Change::Made,
            b'w' => Change::Wrote { at, bytes: data.to_vec() },
            b'l' => Change::Cut { length: at },
            b's' => Change::Synced,
            b'f' => Change::SyncFailed,
            b'x' => Change::Refused,
            b'r' => Change::Renamed { to: within(data) },
            b'u' => Change::Removed,
            b't' => Change::Told(String::from_utf8(data.to_vec()).unwrap()),
            other => panic!("the disk wrote of a change {other}"),
        };
        steps.push(Step { file, change });
    }
    steps.retain(|step| step.file != "told" || matches!(step.change, Change::Told(_)));
    steps
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> &'a [u8] {
    rest.split_off(..length).unwrap()
}

/// What becomes of the changes that were not synced.
#[derive(Clone, Copy, Debug)]
pub(super) enum Cut {
    None,
    All,
    /// Each of them or not, in any combination.
    Some,
    /// Of each write, some sectors.
    Torn,
}

#[derive(Clone, Default)]
struct File<'a> {
    safe: Vec<u8>,
    pending: Vec<&'a Change>,
}

/// A disk with a cache in front of it: contents are safe after a sync of the file, names after one of the folder.
#[derive(Clone, Default)]
pub(super) struct Disk<'a> {
    files: Vec<File<'a>>,
    names: BTreeMap<&'a str, usize>,
    /// The folder as it was after each change of a name that is not safe yet, the safe one first.
    folders: Vec<BTreeMap<&'a str, usize>>,
    pub(super) told: Vec<&'a str>,
}

pub(super) type Image = BTreeMap<String, Vec<u8>>;

impl<'a> Disk<'a> {
    pub(super) fn step(&mut self, step: &'a Step) {
        let name = step.file.as_str();
        if self.folders.is_empty() {
            self.folders.push(BTreeMap::new());
        }
        match &step.change {
            Change::Told(line) => self.told.push(line),
            Change::Synced if name.is_empty() => self.folders = vec![self.names.clone()],
            Change::Synced => self.files[self.names[name]].sync(),
            // Names are under a journal: the folder still has them to write.
            Change::SyncFailed if name.is_empty() => {}
            Change::SyncFailed => self.files[self.names[name]].forget(),
            Change::Refused => {}
            Change::Wrote { .. } | Change::Cut { .. } => {
                self.files[self.names[name]].pending.push(&step.change);
            }
            Change::Made => {
                self.names.insert(name, self.files.len());
                self.files.push(File::default());
                self.folders.push(self.names.clone());
            }
            Change::Renamed { to } => {
                let file = self.names.remove(name).unwrap();
                self.names.insert(to, file);
                self.folders.push(self.names.clone());
            }
            Change::Removed => {
                self.names.remove(name);
                self.folders.push(self.names.clone());
            }
        }
    }

    /// What is found after the power has come back. Names change in the order in which they were changed, as they do
    /// under a journal; contents keep to no order.
    pub(super) fn cut(&self, cut: Cut, random: &mut Random) -> Image {
        let Some(last) = self.folders.len().checked_sub(1) else { return Image::new() };
        let names = match cut {
            Cut::None => 0,
            Cut::All => last,
            Cut::Some | Cut::Torn => random.below(last as u64 + 1) as usize,
        };
        let files = self.folders[names].iter();
        files.map(|(name, file)| ((*name).to_owned(), self.files[*file].cut(cut, random))).collect()
    }
}

impl File<'_> {
    fn sync(&mut self) {
        for change in std::mem::take(&mut self.pending) {
            apply(&mut self.safe, change, |_| true);
        }
    }

    /// Lengths are under a journal too.
    fn forget(&mut self) {
        for change in std::mem::take(&mut self.pending) {
            apply(&mut self.safe, change, |_| matches!(change, Change::Cut { .. }));
        }
    }

    fn cut(&self, cut: Cut, random: &mut Random) -> Vec<u8> {
        let mut bytes = self.safe.clone();
        for change in &self.pending {
            match cut {
                Cut::None => {}
                Cut::All => apply(&mut bytes, change, |_| true),
                Cut::Some if random.below(2) == 0 => {}
                Cut::Some => apply(&mut bytes, change, |_| true),
                Cut::Torn => apply(&mut bytes, change, |_| random.below(2) == 0),
            }
        }
        bytes
    }
}

/// Does the change to `bytes`, in those sectors that `is_kept` says of.
fn apply(bytes: &mut Vec<u8>, change: &Change, mut is_kept: impl FnMut(usize) -> bool) {
    match change {
        Change::Cut { length } if is_kept(0) => bytes.resize(*length as usize, 0),
        Change::Wrote { at, bytes: written } => {
            let (mut from, end) = (*at as usize, *at as usize + written.len());
            while from < end {
                let until = end.min((from / SECTOR + 1) * SECTOR);
                if is_kept(from) {
                    bytes.resize(bytes.len().max(until), 0);
                    bytes[from..until].copy_from_slice(&written[from - *at as usize..until - *at as usize]);
                }
                from = until;
            }
        }
        _ => {}
    }
}

/// Lays the image down as files.
pub(super) fn lay(image: &Image, folder: &Path) {
    for (name, bytes) in image {
        std::fs::write(folder.join(name), bytes).unwrap();
    }
}
