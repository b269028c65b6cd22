//! Ids that come out the same in every run, so that doing it again changes nothing.

use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

/// What an id is for; two purposes of the same row have two ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose<'a> {
    Contribution,
    /// The assignment to the theme with this key.
    Assignment(&'a str),
    SetAside,
}

/// The ids of one batch: of one file, as it is known in one assembly.
#[derive(Clone, Debug)]
pub(crate) struct Ids {
    assembly: Uuid,
    batch: String,
}

impl Ids {
    pub(crate) fn new(assembly: Uuid, batch: &str) -> Self {
        Self { assembly, batch: batch.to_owned() }
    }

    pub(crate) fn of_row(&self, row: &str, purpose: Purpose<'_>) -> Uuid {
        let (what, theme) = match purpose {
            Purpose::Contribution => ("contribution", ""),
            Purpose::Assignment(theme) => ("assignment", theme),
            Purpose::SetAside => ("set-aside", ""),
        };
        id(&[
            self.assembly.as_bytes(),
            self.batch.as_bytes(),
            row.as_bytes(),
            what.as_bytes(),
            theme.as_bytes(),
        ])
    }

    /// A theme belongs to the assembly, so every batch means the same one by the same name.
    pub(crate) fn of_theme(&self, key: &str) -> Uuid {
        id(&[self.assembly.as_bytes(), b"theme", key.as_bytes()])
    }
}

/// UUIDv8 (RFC 9562, §5.8) from the first 16 bytes of SHA-256 over the parts, each behind its length so that no two
/// lists of parts run together.
fn id(parts: &[&[u8]]) -> Uuid {
    let mut hash = Sha256::new();
    hash.update(b"plenary-import/v1");
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    Builder::from_custom_bytes(bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_thing_has_its_own_id_and_the_same_one_again() {
        let ids = || Ids::new(Uuid::from_u128(7), "spring");
        let autumn = Ids::new(Uuid::from_u128(7), "autumn");
        let elsewhere = Ids::new(Uuid::from_u128(8), "spring");
        let all = [
            ids().of_row("1", Purpose::Contribution),
            ids().of_row("2", Purpose::Contribution),
            ids().of_row("1", Purpose::SetAside),
            ids().of_row("1", Purpose::Assignment("buses")),
            ids().of_row("1", Purpose::Assignment("trains")),
            ids().of_theme("buses"),
            autumn.of_row("1", Purpose::Contribution),
            elsewhere.of_row("1", Purpose::Contribution),
            elsewhere.of_theme("buses"),
        ];
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
        assert_eq!(all[0], ids().of_row("1", Purpose::Contribution));
        assert_eq!(ids().of_theme("buses"), autumn.of_theme("buses"));
    }

    #[test]
    fn they_are_uuids_of_version_8() {
        let id = Ids::new(Uuid::nil(), "b").of_theme("t");
        assert_eq!((id.get_version_num(), id.get_variant()), (8, uuid::Variant::RFC4122));
    }
}
