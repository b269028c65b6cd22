//! Receipts: the file that a person keeps, and the code that they copy by hand.

use event_log::Proof;
use ingest::Receipt;

use crate::{Taken, example};

/// A file that verifies under the key of the example tells of one of its three events as it was recorded, with the words
/// that were said or with none. A code that is read is shown in its one spelling.
pub fn check(bytes: &[u8]) -> Taken {
    let Ok(text) = str::from_utf8(bytes) else { return Taken::No };
    let code = code(text);
    let Ok(proof) = text.parse::<Proof>() else { return code };
    let Ok(told) = proof.told() else { return code };
    assert_eq!(told.event.position, proof.position);
    assert_eq!(told.event.leaf, example::leaf(&told.event.bytes));
    assert!(proof.extra.as_ref().is_some_and(|extra| extra.starts_with(&told.event.bytes)));
    if let Some(opening) = &told.opening {
        assert_eq!(Some(opening.commitment()), told.event.commitment);
    }
    if proof.verify(&told.event.leaf, &[example::key()]).is_ok() {
        let recorded = example::EVENTS[usize::try_from(proof.position.index()).unwrap_or(usize::MAX)];
        assert_eq!(told.event.bytes, recorded);
        assert!(told.opening.is_none_or(|opening| opening.words == example::WORDS));
    }
    Taken::Yes
}

fn code(text: &str) -> Taken {
    let Ok(receipt) = text.parse::<Receipt>() else { return Taken::No };
    let shown = receipt.to_string();
    assert_eq!(shown.parse(), Ok(receipt));
    assert_eq!(shown.split('-').map(str::len).collect::<Vec<_>>(), [4; 4]);
    let mut leaf = [0; 32];
    leaf[..10].copy_from_slice(receipt.leaf_prefix());
    assert_eq!(Receipt::of_leaf(&leaf), receipt);
    assert!(receipt.is_of(&leaf));
    leaf[9] ^= 1;
    assert!(!receipt.is_of(&leaf));
    Taken::Yes
}
