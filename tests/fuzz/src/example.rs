//! The worked example of FORMAT.md, section 11: three events under a key that everybody knows, and the one checkpoint
//! that was ever signed with it.

use event_log::{Checkpoint, Hash, VerifierKey};
use sha2::{Digest, Sha256};

pub(crate) const CHECKPOINT: &str = include_str!("../seeds/note/checkpoint");
const KEY: &str = include_str!("../seeds/note/key");

/// The public parts, in the order of their positions.
pub(crate) const EVENTS: [&[u8]; 3] = [
    include_bytes!("../seeds/leaf/example-1"),
    include_bytes!("../seeds/leaf/example-2"),
    include_bytes!("../seeds/leaf/example-3"),
];

/// The words of the first event; the others have none.
pub(crate) const WORDS: &str = "The bus stops at six.";

pub(crate) fn key() -> VerifierKey {
    KEY.parse().expect("the key of the example is one")
}

pub(crate) fn checkpoint() -> Checkpoint {
    CHECKPOINT.parse().expect("the checkpoint of the example is one")
}

/// FORMAT.md, section 5.
pub(crate) fn leaf(public: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(public).finalize().into()
}
