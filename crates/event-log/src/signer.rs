//! The key that signs checkpoints, and the file that it is kept in.
//!
//! The file never lies in `record.db` nor in a copy of it: whoever has the record must not be able to sign another.

use std::fmt;
use std::fs::File;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::{Signer as _, SigningKey};
use zeroize::Zeroizing;

use crate::checkpoint::Checkpoint;
use crate::note::{Note, Origin, VerifierKey};
use crate::tree::Hash;
use crate::{Error, durable};

const FIRST_LINE: &str = "plenary-log-key/v1";

/// Signs checkpoints for one log. One key may serve many logs, since each signs under its own name.
pub struct Signer {
    key: SigningKey,
    verifier: VerifierKey,
}

impl Signer {
    /// Reads the key from the file at `path`, and makes both where there is no such file.
    ///
    /// The file must be readable by its owner only. Two processes must not do this at once where there is no file
    /// yet: each might make a key. A lock on the folder, such as [`Hold`](crate::Hold), sees to that.
    pub fn open_or_create(path: &Path, origin: Origin) -> Result<Signer, Error> {
        let key = match durable::read(path)?.map(Zeroizing::new) {
            Some(text) => read(path, &text)?,
            None => create(path)?,
        };
        let verifier = VerifierKey::new(origin, key.verifying_key());
        Ok(Signer { key, verifier })
    }

    /// What everybody may have, to verify what this signs.
    pub fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    /// Whoever calls this has proven that the tree goes on from the last one that was signed.
    pub(crate) fn sign(&self, size: u64, root: &Hash) -> Result<Checkpoint, Error> {
        let text = Checkpoint::text(self.verifier.name().as_str(), size, root);
        let signature = self.key.sign(text.as_bytes());
        Checkpoint::of_note(Note::signed(text, &self.verifier, signature))
    }
}

/// Says nothing about the key, because it may end up in a log.
impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({})", self.verifier)
    }
}

fn read(path: &Path, text: &str) -> Result<SigningKey, Error> {
    let refuse = |why| Error::KeyFile { path: path.to_owned(), why };
    let mode =
        File::open(path).and_then(|file| file.metadata()).map_err(Error::io(path))?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(refuse("others may read it; it should have mode 0600"));
    }
    let body = text.strip_prefix(FIRST_LINE).and_then(|rest| rest.strip_prefix('\n'));
    let body = body.and_then(|rest| rest.strip_suffix('\n')).ok_or_else(|| refuse("it is not a key"))?;
    let seed = Zeroizing::new(BASE64.decode(body).map_err(|_| refuse("it is not a key"))?);
    let seed = seed.as_slice().try_into().map_err(|_| refuse("it is not a key"))?;
    Ok(SigningKey::from_bytes(seed))
}

fn create(path: &Path) -> Result<SigningKey, Error> {
    let mut seed = Zeroizing::new([0; 32]);
    getrandom::fill(seed.as_mut()).map_err(Error::NoRandomness)?;
    let text = Zeroizing::new(format!("{FIRST_LINE}\n{}\n", BASE64.encode(seed.as_slice())));
    durable::replace(path, text.as_bytes())?;
    Ok(SigningKey::from_bytes(&seed))
}
