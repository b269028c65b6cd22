//! Receipts: the file that a person keeps, and the code that they copy by hand.

use event_log::{Proof, Told};
use ingest::Receipt;

use crate::{Taken, example, leaf};

/// The bytes as a file, as what stands in a file beside its proof, and as a code.
///
/// A file that verifies under the key of the example tells of one of its three events as it was recorded, with the words
/// that were said or with none. A code that is read is shown in its one spelling.
pub fn check(bytes: &[u8]) -> Taken {
    let beside = leaf::told(bytes).map_or(Taken::No, |told| says_all_of(bytes, &told));
    let Ok(text) = str::from_utf8(bytes) else { return Taken::No };
    let Ok(proof) = text.parse::<Proof>() else {
        return if beside == Taken::Yes { beside } else { code(text) };
    };
    let Ok(told) = proof.told() else { return Taken::No };
    assert_eq!(told.event.position, proof.position);
    says_all_of(proof.extra.as_deref().unwrap_or_default(), &told);
    if proof.verify(&told.event.leaf, &[example::key()]).is_ok() {
        let recorded = example::EVENTS[usize::try_from(proof.position.index()).unwrap_or(usize::MAX)];
        assert_eq!(told.event.bytes, recorded);
        assert!(told.opening.is_none_or(|opening| opening.words == example::WORDS));
    }
    Taken::Yes
}

/// What stands beside a proof is the event and what opens its words, in one spelling: there is no room for a lie.
fn says_all_of(beside: &[u8], told: &Told) -> Taken {
    let mut whole = told.event.bytes.clone();
    if let Some(opening) = &told.opening {
        let words = serde_json::to_string(&opening.words).expect("words can be written");
        let salt = leaf::hex(&opening.salt);
        whole.extend_from_slice(format!("{{\"salt\":\"{salt}\",\"words\":{words}}}").as_bytes());
        assert_eq!(Some(opening.commitment()), told.event.commitment);
    }
    assert_eq!(beside.escape_ascii().to_string(), whole.escape_ascii().to_string());
    assert_eq!(told.event.leaf, example::leaf(&told.event.bytes));
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
