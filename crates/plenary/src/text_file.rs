//! Files of text that somebody hands in.

use std::io::Read;
use std::path::Path;

use anyhow::{Context, anyhow, bail};

/// The whole file, without a byte order mark; nothing of one that has more than `max` bytes or is no UTF-8.
pub(crate) fn read(path: &Path, max: u64) -> anyhow::Result<String> {
    let named = || format!("{}", path.display());
    let file = std::fs::File::open(path).with_context(named)?;
    let mut bytes = Vec::new();
    file.take(max + 1).read_to_end(&mut bytes).with_context(named)?;
    if bytes.len() as u64 > max {
        bail!("{} is larger than {max} bytes", path.display());
    }
    let text = String::from_utf8(bytes).map_err(|_| anyhow!("{} is not text in UTF-8", path.display()))?;
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}
