//! The tree against published vectors, and against two other implementations.

use ct_merkle::RootHash;
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proptest::prelude::*;
use tlog_tiles::{HashReader, check_record, check_tree, prove_record, prove_tree, stored_hashes};

use super::*;

/// The eight leaves that implementations of Certificate Transparency have been tested with from the beginning.
const LEAVES: [&[u8]; 8] = [
    b"",
    &[0x00],
    &[0x10],
    &[0x20, 0x21],
    &[0x30, 0x31],
    &[0x40, 0x41, 0x42, 0x43],
    &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
    &[0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
];

/// The roots over the first none, one, two … eight of them.
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

/// Index, size, and the inclusion proof.
const INCLUSIONS: [(u64, u64, &[&str]); 5] = [
    (0, 1, &[]),
    (
        0,
        8,
        &[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        &[
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, &["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        1,
        5,
        &[
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
];

/// Old size, new size, and the consistency proof.
const CONSISTENCIES: [(u64, u64, &[&str]); 4] = [
    (1, 1, &[]),
    (
        1,
        8,
        &[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        &[
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        &[
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
];

/// All leaves in memory: the plainest way to answer for a perfect subtree.
struct Plain(Vec<Hash>);

impl Nodes for Plain {
    type Error = ();

    fn node(&mut self, height: u32, number: u64) -> Result<Hash, ()> {
        let first = (number << height) as usize;
        self.0.get(first..first + (1 << height)).map(perfect_root).ok_or(())
    }
}

fn given() -> Plain {
    Plain(LEAVES.map(leaf).to_vec())
}

/// As many leaves as asked for, no two the same.
fn many(size: usize) -> (Vec<Vec<u8>>, Plain) {
    let entries: Vec<_> = (0..size).map(|n| format!("entry {n}").into_bytes()).collect();
    let leaves = entries.iter().map(|entry| leaf(entry)).collect();
    (entries, Plain(leaves))
}

fn hex(hash: &Hash) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn grown(leaves: &[Hash]) -> Frontier {
    let mut frontier = Frontier::default();
    leaves.iter().for_each(|leaf| frontier.push(*leaf));
    frontier
}

#[test]
fn the_published_roots_are_ours() {
    for (size, root) in ROOTS.iter().enumerate() {
        assert_eq!(hex(&given().root(size as u64).unwrap()), *root, "{size}");
        assert_eq!(hex(&grown(&given().0[..size]).root()), *root, "{size}, one leaf after the other");
    }
}

#[test]
fn the_published_inclusion_proofs_are_ours() {
    for (index, size, path) in INCLUSIONS {
        let made = given().inclusion(index, size).unwrap();
        assert_eq!(made.iter().map(hex).collect::<Vec<_>>(), path, "{index} in {size}");
        let leaf = given().0[index as usize];
        let root = root_of_inclusion(&leaf, index, size, &made).unwrap();
        assert_eq!(hex(&root), ROOTS[size as usize]);
    }
}

#[test]
fn the_published_consistency_proofs_are_ours() {
    for (old, new, proof) in CONSISTENCIES {
        let made = given().consistency(old, new).unwrap();
        assert_eq!(made.iter().map(hex).collect::<Vec<_>>(), proof, "{old} to {new}");
        let (old_root, new_root) = (given().root(old).unwrap(), given().root(new).unwrap());
        assert!(is_consistent((old, &old_root), (new, &new_root), &made));
    }
}

#[test]
fn every_tree_goes_on_from_the_empty_one_and_none_from_a_larger_one() {
    let root = |size| given().root(size).unwrap();
    assert!(is_consistent((0, &root(0)), (5, &root(5)), &[]));
    assert!(is_consistent((0, &root(0)), (0, &root(0)), &[]));
    assert!(!is_consistent((0, &root(1)), (5, &root(5)), &[]));
    assert!(!is_consistent((0, &root(0)), (5, &root(5)), &[root(1)]));
    assert!(!is_consistent((5, &root(5)), (0, &root(0)), &[]));
    assert!(!is_consistent((5, &root(5)), (5, &root(4)), &[]));
}

#[test]
fn sizes_that_no_tree_has_are_refused_and_harm_nobody() {
    let hash = given().0[0];
    for size in [0, 1, u64::MAX / 2, u64::MAX - 1, u64::MAX] {
        assert_eq!(root_of_inclusion(&hash, u64::MAX, size, &[hash]), None);
        assert!(!is_consistent((u64::MAX - 2, &hash), (size, &hash), &[hash; 70]));
        assert!(!is_consistent((3, &hash), (size, &hash), &[hash; 70]));
    }
}

/// Hashes as the other implementation numbers them.
struct Theirs(Vec<tlog_tiles::Hash>);

impl Theirs {
    fn over(entries: &[Vec<u8>]) -> Self {
        let mut theirs = Self(Vec::new());
        for (n, entry) in entries.iter().enumerate() {
            let more = stored_hashes(n as u64, entry, &theirs).unwrap();
            theirs.0.extend(more);
        }
        theirs
    }
}

impl HashReader for Theirs {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog_tiles::Hash>, tlog_tiles::Error> {
        Ok(indexes.iter().map(|index| self.0[*index as usize]).collect())
    }
}

fn ours(proof: &[tlog_tiles::Hash]) -> Vec<Hash> {
    proof.iter().map(|hash| hash.0).collect()
}

fn theirs(proof: &[Hash]) -> Vec<tlog_tiles::Hash> {
    proof.iter().map(|hash| tlog_tiles::Hash(*hash)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn proofs_are_those_of_two_others(size in 1_usize..400, index in 0_usize..400, old in 1_usize..400) {
        let (index, old) = (index % size, 1 + (old - 1) % size);
        let (entries, mut plain) = many(size);
        let root = plain.root(size as u64).unwrap();
        let old_root = plain.root(old as u64).unwrap();
        let inclusion = plain.inclusion(index as u64, size as u64).unwrap();
        let consistency = plain.consistency(old as u64, size as u64).unwrap();

        let tiles = Theirs::over(&entries);
        let (n, new, before) = (index as u64, size as u64, old as u64);
        prop_assert_eq!(ours(&prove_record(new, n, &tiles).unwrap()), inclusion.clone());
        prop_assert_eq!(ours(&prove_tree(new, before, &tiles).unwrap()), consistency.clone());
        let (theirs_root, leaf) = (tlog_tiles::Hash(root), tlog_tiles::Hash(plain.0[index]));
        prop_assert!(check_record(&theirs(&inclusion), new, theirs_root, n, leaf).is_ok());
        let theirs_old = tlog_tiles::Hash(old_root);
        prop_assert!(check_tree(&theirs(&consistency), new, theirs_root, before, theirs_old).is_ok());

        let mut memory = MemoryBackedTree::<sha2::Sha256, Vec<u8>>::new();
        entries.iter().for_each(|entry| memory.push(entry.clone()));
        let (memory_root, included) = (memory.root(), memory.prove_inclusion(index));
        prop_assert_eq!(memory_root.as_bytes().as_slice(), root);
        prop_assert_eq!(included.as_bytes(), inclusion.as_flattened());
        let proven = memory.prove_consistency(size - old);
        prop_assert_eq!(proven.as_bytes(), consistency.as_flattened());
        let old_root = RootHash::<sha2::Sha256>::new(old_root.into(), before);
        prop_assert!(memory.root().verify_consistency(&old_root, &proven).is_ok());
    }

    #[test]
    fn a_proof_holds_for_its_own_leaf_place_and_size_only(
        size in 2_u64..300, index in 0_u64..300, wrong in 0_usize..4, place in 0_usize..16, bit in 0_u8..8,
    ) {
        let index = index % size;
        let (_, mut plain) = many(size as usize);
        let root = plain.root(size).unwrap();
        let mut path = plain.inclusion(index, size).unwrap();
        let leaf = plain.0[index as usize];
        prop_assert_eq!(root_of_inclusion(&leaf, index, size, &path), Some(root));

        let found = match wrong {
            0 => root_of_inclusion(&plain.0[((index + 1) % size) as usize], index, size, &path),
            1 => root_of_inclusion(&leaf, (index + 1) % size, size, &path),
            2 => {
                let place = place % path.len();
                path[place][0] ^= 1 << bit;
                root_of_inclusion(&leaf, index, size, &path)
            }
            _ => {
                path.push(leaf);
                root_of_inclusion(&leaf, index, size, &path)
            }
        };
        prop_assert_ne!(found, Some(root));
    }

    #[test]
    fn a_forked_tree_is_never_consistent(old in 1_u64..200, more in 1_u64..200, place: u16, bit in 0_u8..8) {
        let new = old + more;
        let (_, mut plain) = many(new as usize);
        let old_root = plain.root(old).unwrap();
        plain.0[usize::from(place) % old as usize][3] ^= 1 << bit;
        let (forked, proof) = (plain.root(new).unwrap(), plain.consistency(old, new).unwrap());
        prop_assert!(!is_consistent((old, &old_root), (new, &forked), &proof));
    }

    #[test]
    fn any_other_hash_in_a_consistency_proof_breaks_it(
        old in 1_u64..200, more in 1_u64..200, place in 0_usize..16, bit in 0_u8..8,
    ) {
        let new = old + more;
        let (_, mut plain) = many(new as usize);
        let (old_root, new_root) = (plain.root(old).unwrap(), plain.root(new).unwrap());
        let mut proof = plain.consistency(old, new).unwrap();
        prop_assert!(is_consistent((old, &old_root), (new, &new_root), &proof));
        let place = place % proof.len();
        proof[place][31] ^= 1 << bit;
        prop_assert!(!is_consistent((old, &old_root), (new, &new_root), &proof));
        prop_assert!(!is_consistent((old, &old_root), (new, &new_root), &proof[1..]));
    }
}
