//! The open archive of an assembly: what anyone needs to check the record and to count every figure again, and nothing
//! that is not public. Its layout stands in `crates/event-log/FORMAT.md`, and `scripts/verify.py` checks it.

mod words;

use std::io::Read;
use std::path::Path;

use anyhow::{Context, anyhow, bail};
use event_log::{Checkpoint, Position, Public, Reader, VerifierKey, Width};
use projections::{Projection, Recorded, Views, summary_csv};
use serde::Serialize;

use crate::command::summary;

/// The same in every archive; `scripts/verify.py` knows it by its hash.
const README: &str = include_str!("README.txt");

/// How many events are under one tile or in one bundle of entries.
const TILE: u64 = 256;

/// A signed record, ready to be handed on.
pub(crate) struct Signed<'a> {
    pub(crate) folder: &'a Path,
    /// The archive goes up to here.
    pub(crate) last: &'a Checkpoint,
    /// Those before it, in the order of signing.
    pub(crate) earlier: &'a [Checkpoint],
    pub(crate) keys: &'a [VerifierKey],
}

struct File {
    name: String,
    bytes: Vec<u8>,
}

impl File {
    fn new(name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: name.to_owned(), bytes: bytes.into() }
    }
}

/// The bytes of the archive: the same for the same checkpoint, whenever and wherever it is made.
pub(crate) fn archive(signed: &Signed<'_>) -> anyhow::Result<Vec<u8>> {
    let size = signed.last.size();
    let at = Position::new(size).ok_or_else(|| anyhow!("the record was empty when it was last signed"))?;
    let record = Reader::open(signed.folder)?;
    let views = Projection::load(signed.folder, Some(at))?;
    if views.position != size {
        bail!("the record has {} events, and {size} were signed", views.position);
    }
    words::still_public(&views, &Projection::load(signed.folder, None)?)?;
    let keys: String = signed.keys.iter().map(|key| format!("{key}\n")).collect();
    let mut files = vec![
        File::new("README.txt", README),
        File::new("vkey", keys),
        File::new("checkpoint", signed.last.to_string()),
    ];
    let numbered = signed.earlier.iter().zip(1..);
    files.extend(numbered.map(|(note, number)| File {
        name: format!("checkpoints/{number:06}"),
        bytes: note.to_string().into_bytes(),
    }));
    files.push(File::new("record/entries", entries(&record, size)?));
    files.push(File::new("record/leaves", leaves(&record, size)?));
    files.push(File::new("words.jsonl", words::lines(&record, &views)?));
    files.extend(counted(signed.folder, &views)?);
    tar(&files).context("put the archive together")
}

/// The public part of every event behind its length in two bytes, as the bundles of a served log hold them.
fn entries(record: &Reader, size: u64) -> anyhow::Result<Vec<u8>> {
    joined(size, |index, width| record.entries(index, width))
}

/// The leaf of every event, so that a changed one can be named: the tiles of level 0.
fn leaves(record: &Reader, size: u64) -> anyhow::Result<Vec<u8>> {
    joined(size, |index, width| record.tile(0, index, width))
}

/// The parts of the log that cover the first `size` events, one after the other.
fn joined(
    size: u64,
    part: impl Fn(u64, Width) -> Result<Option<Vec<u8>>, event_log::Error>,
) -> anyhow::Result<Vec<u8>> {
    let mut joined = Vec::new();
    for index in 0..size.div_ceil(TILE) {
        let width = u16::try_from((size - index * TILE).min(TILE)).ok().and_then(Width::new);
        let bytes = width.map(|width| part(index, width)).transpose()?.flatten();
        joined.extend(bytes.ok_or_else(|| anyhow!("the record ends before event {size}"))?);
    }
    Ok(joined)
}

/// The summary and the tallies, with no words but the public ones.
fn counted(folder: &Path, views: &Views) -> anyhow::Result<[File; 3]> {
    let public = words::public(views);
    let summary = summary::drawn(folder, views, &|position| public.contains(&position))?;
    let mut table = Vec::new();
    summary_csv::write(views, &summary, &mut table)?;
    Ok([
        File::new("summary.json", json(&summary)?),
        File::new("summary.csv", table),
        File::new("tallies.json", json(&projections::tallies(views, None))?),
    ])
}

fn json(document: &impl Serialize) -> anyhow::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec(document).context("write a document as JSON")?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// The events of an archive folded up to a position: what it says, and not whether somebody has signed it.
pub(crate) fn views(archive: &Path, until: Option<Position>) -> anyhow::Result<Views> {
    let file = std::fs::File::open(archive).with_context(|| format!("open {}", archive.display()))?;
    let mut entries = Vec::new();
    for found in tar::Archive::new(file).entries().context("read the archive")? {
        let mut found = found.context("read the archive")?;
        if found.path().is_ok_and(|path| path.as_os_str() == "record/entries") {
            found.read_to_end(&mut entries).context("read the archive")?;
        }
    }
    let (mut views, mut rest, mut assembly) = (Views::default(), entries.as_slice(), None);
    while let Some(((length, after), position)) =
        rest.split_first_chunk().zip(Position::new(views.position + 1))
    {
        if until.is_some_and(|until| position > until) {
            return Ok(views);
        }
        let cut = || anyhow!("event {position} is cut short");
        let (entry, after) = after.split_at_checked(u16::from_be_bytes(*length).into()).ok_or_else(cut)?;
        let of = match assembly {
            Some(of) => of,
            None => *assembly.insert(Public::assembly_of(position, entry)?),
        };
        views.apply(&Recorded::read(&Public::of_entry(of, position, entry)?)?);
        rest = after;
    }
    if views.position == 0 || !rest.is_empty() {
        bail!("{} is no archive of an assembly", archive.display());
    }
    Ok(views)
}

/// Nothing of the moment or of the machine goes into a header.
fn tar(files: &[File]) -> std::io::Result<Vec<u8>> {
    let mut tar = tar::Builder::new(Vec::new());
    for file in files {
        let mut header = tar::Header::new_ustar();
        header.set_path(&file.name)?;
        header.set_size(file.bytes.len() as u64);
        header.set_entry_type(tar::EntryType::Regular);
        header.set_mode(0o644);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(0);
        header.set_cksum();
        tar.append(&header, file.bytes.as_slice())?;
    }
    tar.into_inner()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_files_are_the_same_archive() {
        let files = || [File::new("a", "one"), File::new("b/c", vec![7; 513])];
        let first = tar(&files()).unwrap();
        assert_eq!(first, tar(&files()).unwrap());
        assert_eq!(first.len(), 512 * (1 + 1 + 1 + 2 + 2));
    }
}
