//! Proofs: the true one is accepted, and nothing else is, for trees of any small size and for any text.

use event_log::{Hash, Proof};
use sha2::{Digest, Sha256};

use crate::bytes::Bytes;
use crate::tree::{self, Nodes};
use crate::{Taken, example};

/// Enough for trees of every shape of seven levels.
const LEAVES_MAX: usize = 130;

/// The bytes as the text of a proof, and as choices of trees, of places in them, and of a lie about them.
pub fn check(bytes: &[u8]) -> Taken {
    let mut choices = Bytes(bytes);
    let tree = Tree::chosen(&mut choices);
    inclusion(&tree, &mut choices);
    consistency(&tree, &mut choices);
    text(bytes)
}

/// A proof that reads as one is written as it was read. Under the key of the example only the true proofs of its three
/// events verify, because nothing else was ever signed with it.
fn text(bytes: &[u8]) -> Taken {
    let Some(proof) = str::from_utf8(bytes).ok().and_then(|text| text.parse::<Proof>().ok()) else {
        return Taken::No;
    };
    assert_eq!(proof.to_string().as_bytes(), bytes);
    let tree = Tree { leaves: example::EVENTS.map(example::leaf).to_vec() };
    for (index, leaf) in tree.leaves.iter().enumerate() {
        if proof.verify(leaf, &[example::key()]).is_ok() {
            assert_eq!(proof.checkpoint.note().text(), example::checkpoint().note().text());
            assert_eq!(proof.position.index(), index as u64);
            assert_eq!(proof.path, tree.path(index, 3));
        }
    }
    let stranger = [7; 32];
    let alone = proof.checkpoint.size() == 1 && *proof.checkpoint.root() == stranger;
    assert!(proof.includes(&stranger).is_err() || alone);
    Taken::Yes
}

/// All leaves of a small tree, in memory.
struct Tree {
    leaves: Vec<Hash>,
}

impl Tree {
    /// Few different leaves, so that some trees have equal ones: those can be told apart by their places alone.
    fn chosen(choices: &mut Bytes<'_>) -> Self {
        let size = 1 + choices.below(LEAVES_MAX);
        let different = 1 + choices.below(LEAVES_MAX);
        let leaves = (0..size).map(|index| example::leaf(&(index % different).to_be_bytes())).collect();
        Self { leaves }
    }

    /// RFC 6962, section 2.1, as it is written there.
    fn root(&self, size: usize) -> Hash {
        merkle_tree_hash(&self.leaves[..size])
    }

    fn path(&self, index: usize, size: usize) -> Vec<Hash> {
        let mut nodes = Plain(&self.leaves);
        nodes.inclusion(index as u64, size as u64).expect("the tree has the leaves")
    }

    fn between(&self, old: usize, new: usize) -> Vec<Hash> {
        let mut nodes = Plain(&self.leaves);
        nodes.consistency(old as u64, new as u64).expect("the tree has the leaves")
    }
}

fn merkle_tree_hash(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Sha256::digest([]).into(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            let (left, right) = (merkle_tree_hash(left), merkle_tree_hash(right));
            Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
        }
    }
}

struct Plain<'a>(&'a [Hash]);

impl Nodes for Plain<'_> {
    type Error = ();

    fn node(&mut self, height: u32, number: u64) -> Result<Hash, ()> {
        let first = usize::try_from(number << height).map_err(|_| ())?;
        let leaves = self.0.get(first..first + (1 << height)).ok_or(())?;
        Ok(merkle_tree_hash(leaves))
    }
}

/// Under one root, a leaf is shown to be at a place by exactly one path, and only if it is there.
fn inclusion(tree: &Tree, choices: &mut Bytes<'_>) {
    let size = tree.leaves.len();
    let root = tree.root(size);
    let index = choices.below(size);
    let path = tree.path(index, size);
    let includes = |leaf: &Hash, index: u64, path: &[Hash]| {
        tree::root_of_inclusion(leaf, index, size as u64, path) == Some(root)
    };
    assert!(includes(&tree.leaves[index], index as u64, &path));

    let (mut leaf, mut place, mut other) = (tree.leaves[index], index as u64, path);
    for _ in 0..=choices.below(3) {
        match choices.below(4) {
            0 => leaf = tree.leaves[choices.below(size)],
            1 => place = choices.below(2 * size) as u64,
            2 => leaf[choices.below(32)] ^= choices.byte(),
            _ => change(&mut other, choices),
        }
    }
    let there = usize::try_from(place)
        .is_ok_and(|place| tree.leaves.get(place) == Some(&leaf) && tree.path(place, size) == other);
    assert_eq!(includes(&leaf, place, &other), there);
    assert!(!includes(&leaf, u64::MAX, &other));
}

/// Between two roots there is exactly one proof, and between others there is none.
fn consistency(tree: &Tree, choices: &mut Bytes<'_>) {
    let new = 1 + choices.below(tree.leaves.len());
    let old = choices.below(new + 1);
    let (old_root, new_root) = (tree.root(old), tree.root(new));
    let proof = tree.between(old, new);
    let follows = |old_root: &Hash, new_root: &Hash, proof: &[Hash]| {
        tree::is_consistent((old as u64, old_root), (new as u64, new_root), proof)
    };
    assert!(follows(&old_root, &new_root, &proof));
    assert!(!tree::is_consistent((new as u64 + 1, &new_root), (new as u64, &new_root), &proof));

    let mut other = proof.clone();
    change(&mut other, choices);
    assert_eq!(follows(&old_root, &new_root, &other), other == proof);
    // Of another size, or one bit away.
    let mut roots = [tree.root(choices.below(tree.leaves.len() + 1)), old_root];
    roots[1][choices.below(32)] ^= choices.byte().max(1);
    for root in &roots {
        assert!(*root == old_root || !follows(root, &new_root, &proof), "another old root");
        // Every tree goes on from the empty one, so there the new root is not in question.
        assert!(old == 0 || *root == new_root || !follows(&old_root, root, &proof), "another new root");
    }
}

/// One change of a list of hashes, which may change nothing.
fn change(hashes: &mut Vec<Hash>, choices: &mut Bytes<'_>) {
    let place = choices.below(hashes.len() + 1);
    match choices.below(5) {
        0 => hashes.insert(place, [choices.byte(); 32]),
        1 => hashes.truncate(place),
        2 => hashes.reverse(),
        3 if place < hashes.len() => hashes.insert(place, hashes[place]),
        _ if place < hashes.len() => hashes[place][choices.below(32)] ^= choices.byte(),
        _ => hashes.clear(),
    }
}
