//! The last signed checkpoint of an assembly and the keys that verify it, for the commands that hand its record on.

use std::path::Path;

use anyhow::{Context, anyhow, bail};
use domain::AssemblyId;
use event_log::{Checkpoint, Error, Origin, Reader, Signer, VerifierKey, Writer};

const KEY: &str = "signing.key";

/// The last checkpoint over the record in `folder`. What was recorded since the one before is signed first, where
/// this process may do that: the key is there, and nobody is writing the record.
pub(crate) fn last(data: &Path, folder: &Path) -> anyhow::Result<Checkpoint> {
    if data.join(KEY).is_file() {
        sign(data, folder)?;
    }
    let last = Reader::open(folder)?.checkpoint()?;
    last.ok_or_else(|| {
        anyhow!("no checkpoint over the record has been signed yet; `plenary serve` signs one")
    })
}

/// A server that has the record signs it by itself, and a folder that cannot be written keeps what it has.
fn sign(data: &Path, folder: &Path) -> anyhow::Result<()> {
    let mut writer = match Writer::open(folder) {
        Ok(writer) => writer,
        Err(Error::Held { .. } | Error::Io { .. }) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let signer = signer(data, &ingest::origin(AssemblyId(writer.assembly())))?;
    writer.checkpoint(&signer)?;
    Ok(())
}

/// The key must be there: nothing is made here.
fn signer(data: &Path, origin: &str) -> anyhow::Result<Signer> {
    Ok(Signer::open_or_create(&data.join(KEY), Origin::new(origin)?)?)
}

/// What verifies these checkpoints: the keys that were named, or the one of the data folder under every name that it
/// has signed with.
pub(crate) fn verifiers(
    data: &Path,
    named: Option<&str>,
    checkpoints: &[Checkpoint],
) -> anyhow::Result<Vec<VerifierKey>> {
    if let Some(named) = named {
        return named_keys(named);
    }
    if !data.join(KEY).is_file() {
        bail!(
            "there is no {KEY} in {}, so say with --vkey which key verifies the checkpoints",
            data.display()
        );
    }
    own(data, checkpoints)
}

/// The key of the data folder under every name in these checkpoints, or none where there is no key.
pub(crate) fn own(data: &Path, checkpoints: &[Checkpoint]) -> anyhow::Result<Vec<VerifierKey>> {
    let mut keys = Vec::new();
    if !data.join(KEY).is_file() {
        return Ok(keys);
    }
    for checkpoint in checkpoints {
        let key = signer(data, checkpoint.origin())?.verifier().clone();
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    Ok(keys)
}

/// The verifier key that this text is, or those in the file that it names, one on a line.
pub(crate) fn named_keys(named: &str) -> anyhow::Result<Vec<VerifierKey>> {
    if let Ok(key) = named.parse() {
        return Ok(vec![key]);
    }
    let read = || format!("`{named}` is no verifier key and no file that holds one");
    let text = std::fs::read_to_string(named).with_context(read)?;
    let keys = text.lines().map(str::parse).collect::<Result<Vec<_>, _>>().with_context(read)?;
    if keys.is_empty() { bail!(read()) } else { Ok(keys) }
}
