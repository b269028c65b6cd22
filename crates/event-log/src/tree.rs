//! The Merkle tree of RFC 6962, section 2.1, over SHA-256: roots, inclusion proofs, consistency proofs, and the
//! verification of both. Nothing in here reads a file.
//!
//! The tree over n leaves splits at the largest power of two below n. A subtree whose leaves are a power of two in
//! number and begin at a multiple of it is *perfect*: it never changes again once its last leaf is there, and every
//! other subtree is put together from perfect ones. A perfect subtree is named by its height (it has 2^height
//! leaves) and by its number among those of the same height, both counted from 0.

use std::ops::Range;

use sha2::{Digest, Sha256};

/// A SHA-256 hash: a leaf, an inner node or a root.
pub type Hash = [u8; 32];

/// The hash of a leaf: the byte 0 stands in front, so that no leaf can be passed off as an inner node.
pub(crate) fn leaf(entry: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(entry).finalize().into()
}

/// The hash of an inner node.
pub(crate) fn node(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The root of a tree without leaves.
pub(crate) fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// How many leaves the left subtree has, in a tree of `size` leaves, which are two or more.
fn split(size: u64) -> u64 {
    1 << (size - 1).ilog2()
}

/// A tree that only grows: it keeps the roots of the perfect subtrees that its leaves fill, the largest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// Goes on from `size` leaves, whose perfect subtrees have the roots `peaks`, the largest first.
    pub(crate) fn of_peaks(size: u64, peaks: Vec<Hash>) -> Self {
        debug_assert_eq!(size.count_ones() as usize, peaks.len());
        Self { size, peaks }
    }

    /// Adds a leaf. Every one bit at the end of the old size is a subtree that the leaf makes part of a larger one.
    pub(crate) fn push(&mut self, leaf: Hash) {
        let mut grown = leaf;
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                grown = node(&left, &grown);
            }
        }
        self.peaks.push(grown);
        self.size += 1;
    }

    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    pub(crate) fn peaks(&self) -> &[Hash] {
        &self.peaks
    }

    pub(crate) fn root(&self) -> Hash {
        join(&self.peaks)
    }
}

/// The root over perfect subtrees that lie side by side, the largest first.
fn join(peaks: &[Hash]) -> Hash {
    let whole = peaks.iter().rev().copied().reduce(|right, left| node(&left, &right));
    whole.unwrap_or_else(empty_root)
}

/// The root of the perfect subtree over these hashes, which are a power of two in number.
pub(crate) fn perfect_root(hashes: &[Hash]) -> Hash {
    let mut row = hashes.to_vec();
    while row.len() > 1 {
        for pair in 0..row.len() / 2 {
            row[pair] = node(&row[2 * pair], &row[2 * pair + 1]);
        }
        row.truncate(row.len() / 2);
    }
    row.first().copied().unwrap_or_else(empty_root)
}

/// The perfect subtrees that `size` leaves fill, the largest first, each by its height and number.
pub(crate) fn peaks(size: u64) -> impl Iterator<Item = (u32, u64)> {
    let heights = (0..u64::BITS).rev().filter(move |height| size >> height & 1 == 1);
    heights.map(move |height| (height, (size >> height) - 1))
}

/// Where the roots of perfect subtrees come from.
pub(crate) trait Nodes {
    type Error;

    /// The root of the perfect subtree of this height and number.
    fn node(&mut self, height: u32, number: u64) -> Result<Hash, Self::Error>;

    /// The root over the first `size` leaves.
    fn root(&mut self, size: u64) -> Result<Hash, Self::Error> {
        match size {
            0 => Ok(empty_root()),
            size => self.subtree(0..size),
        }
    }

    /// The root over these leaves, which are a subtree as this tree is split.
    fn subtree(&mut self, leaves: Range<u64>) -> Result<Hash, Self::Error> {
        let size = leaves.end - leaves.start;
        if size.is_power_of_two() {
            let height = size.ilog2();
            return self.node(height, leaves.start >> height);
        }
        let middle = leaves.start + split(size);
        let left = self.subtree(leaves.start..middle)?;
        Ok(node(&left, &self.subtree(middle..leaves.end)?))
    }

    /// The hashes that lead from the leaf `index` to the root over `size` leaves (RFC 6962, section 2.1.1).
    fn inclusion(&mut self, index: u64, size: u64) -> Result<Vec<Hash>, Self::Error> {
        let siblings = siblings(index, size);
        siblings.into_iter().map(|leaves| self.subtree(leaves)).collect()
    }

    /// The hashes that lead from the root over `old` leaves to the one over `new` (RFC 6962, section 2.1.2).
    fn consistency(&mut self, old: u64, new: u64) -> Result<Vec<Hash>, Self::Error> {
        let parts = parts(old, new);
        parts.into_iter().map(|leaves| self.subtree(leaves)).collect()
    }
}

/// The subtrees beside the way from the leaf `index` up to the root, in this order. Nothing where there is no such
/// leaf.
fn siblings(index: u64, size: u64) -> Vec<Range<u64>> {
    let mut found = Vec::new();
    let mut around = 0..size;
    while index < size && around.end - around.start > 1 {
        let middle = around.start + split(around.end - around.start);
        if index < middle {
            found.push(middle..around.end);
            around.end = middle;
        } else {
            found.push(around.start..middle);
            around.start = middle;
        }
    }
    found.reverse();
    found
}

/// The subtrees that both trees can be put together from, but for the old tree where it is a subtree itself.
fn parts(old: u64, new: u64) -> Vec<Range<u64>> {
    let mut found = Vec::new();
    let mut around = 0..new;
    if old == 0 || old >= new {
        return found;
    }
    while around.end != old {
        let middle = around.start + split(around.end - around.start);
        if old <= middle {
            found.push(middle..around.end);
            around.end = middle;
        } else {
            found.push(around.start..middle);
            around.start = middle;
        }
    }
    if around.start > 0 {
        found.push(around);
    }
    found.reverse();
    found
}

/// The root over `size` leaves to which `path` leads from the leaf `index`, or nothing where the path is not of
/// the length that such a tree asks for.
pub(crate) fn root_of_inclusion(leaf: &Hash, index: u64, size: u64, path: &[Hash]) -> Option<Hash> {
    let siblings = siblings(index, size);
    if index >= size || siblings.len() != path.len() {
        return None;
    }
    let climb = |below: Hash, (beside, hash): (&Range<u64>, &Hash)| {
        if beside.start > index { node(&below, hash) } else { node(hash, &below) }
    };
    Some(siblings.iter().zip(path).fold(*leaf, climb))
}

/// Whether `proof` shows that the tree of `new` leaves goes on from the one of `old` leaves. Every tree goes on
/// from the empty one, and needs no hashes to show it.
pub(crate) fn is_consistent(
    (old, old_root): (u64, &Hash),
    (new, new_root): (u64, &Hash),
    proof: &[Hash],
) -> bool {
    if old >= new || old == 0 {
        let same = old == new && old_root == new_root;
        let from_nothing = old == 0 && new > 0 && *old_root == empty_root();
        return proof.is_empty() && (same || from_nothing);
    }
    let parts = parts(old, new);
    if parts.len() != proof.len() {
        return false;
    }
    let mut steps = parts.iter().zip(proof);
    // The old tree stands for itself where it is a subtree of the new one; otherwise its last part comes first.
    let inside = if old.is_power_of_two() { Some(*old_root) } else { steps.next().map(|(_, hash)| *hash) };
    let Some(first) = inside else { return false };
    let (old_found, new_found) = steps.fold((first, first), |(older, newer), (beside, hash)| {
        // What lies behind the end of the old tree is part of the new one only.
        if beside.start >= old {
            (older, node(&newer, hash))
        } else {
            (node(hash, &older), node(hash, &newer))
        }
    });
    old_found == *old_root && new_found == *new_root
}

#[cfg(test)]
mod tests;
