//! Tiles: the tree cut into pieces of 256 hashes, as C2SP's tlog-tiles lays them out.
//!
//! A tile of level l holds the roots of 256 neighbouring perfect subtrees of height 8·l, so level 0 holds leaves and
//! every hash of level l + 1 is the root of one full tile of level l. The tiles at the right edge of a tree are
//! *partial*: they hold fewer hashes, and become full as the tree grows.

use std::fmt;
use std::str::FromStr;

use crate::tree::{self, Frontier, Hash};

/// How many hashes a full tile has.
pub(crate) const TILE_WIDTH: u64 = 256;
/// The height of the subtree under one tile: 2^8 = 256.
pub(crate) const TILE_HEIGHT: u32 = 8;
/// The largest level that the specification knows.
const LEVEL_MAX: u8 = 63;

/// How many hashes, or entries, a tile has: from 1 to 256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Width(u16);

impl Width {
    /// A tile to which nothing is added any more.
    pub const FULL: Width = Width(256);

    /// Nothing for numbers that no tile is as wide as.
    pub fn new(width: u16) -> Option<Self> {
        (1..=Self::FULL.0).contains(&width).then_some(Self(width))
    }

    pub fn get(self) -> u16 {
        self.0
    }
}

/// What is served of a record under one address (C2SP tlog-tiles), named by the path behind the prefix of the log:
/// `checkpoint`, `tile/0/x001/234`, `tile/1/003.p/17`, `tile/entries/000`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    Checkpoint,
    Tile { level: u8, index: u64, width: Width },
    Entries { index: u64, width: Width },
}

/// There is nothing at such a path in any log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no log has anything at this path")]
pub struct NoSuchPath;

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (index, width) = match self {
            Self::Checkpoint => return f.write_str("checkpoint"),
            Self::Tile { level, index, width } => {
                write!(f, "tile/{level}/")?;
                (*index, *width)
            }
            Self::Entries { index, width } => {
                f.write_str("tile/entries/")?;
                (*index, *width)
            }
        };
        write_index(f, index)?;
        if width < Width::FULL { write!(f, ".p/{}", width.get()) } else { Ok(()) }
    }
}

/// Three digits at a time, and an `x` in front of all but the last three.
fn write_index(f: &mut fmt::Formatter<'_>, index: u64) -> fmt::Result {
    let digits = index.to_string();
    let groups = digits.len().div_ceil(3);
    let padded = format!("{index:0>width$}", width = groups * 3);
    for group in 0..groups {
        let part = &padded[group * 3..group * 3 + 3];
        if group + 1 < groups {
            write!(f, "x{part}/")?;
        } else {
            f.write_str(part)?;
        }
    }
    Ok(())
}

impl FromStr for Resource {
    type Err = NoSuchPath;

    /// Takes the one spelling that a resource has, and no other.
    fn from_str(path: &str) -> Result<Self, NoSuchPath> {
        let found = parse(path).ok_or(NoSuchPath)?;
        if found.to_string() == path { Ok(found) } else { Err(NoSuchPath) }
    }
}

/// Reads more spellings than there are; whoever calls this writes the result again and compares.
fn parse(path: &str) -> Option<Resource> {
    if path == "checkpoint" {
        return Some(Resource::Checkpoint);
    }
    let (level, rest) = path.strip_prefix("tile/")?.split_once('/')?;
    let (index, width) = match rest.split_once(".p/") {
        Some((index, width)) => (index, Width::new(width.parse().ok()?)?),
        None => (rest, Width::FULL),
    };
    let index = index.split('/').map(|part| part.trim_start_matches('x')).collect::<String>().parse().ok()?;
    if level == "entries" {
        return Some(Resource::Entries { index, width });
    }
    let level = level.parse().ok().filter(|level| *level <= LEVEL_MAX)?;
    Some(Resource::Tile { level, index, width })
}

/// How far apart the levels are in the table of tiles.
const LEVEL_SHIFT: u32 = 48;

/// The key of a tile in its table. No record has so many events that a level runs into the next.
pub(crate) fn place(level: u8, index: u64) -> i64 {
    (u64::from(level) << LEVEL_SHIFT | index).cast_signed()
}

/// The level and the index of the tile with this key.
pub(crate) fn at_place(place: i64) -> (u8, u64) {
    let place = place.cast_unsigned();
    ((place >> LEVEL_SHIFT) as u8, place & ((1 << LEVEL_SHIFT) - 1))
}

/// A tile that has just become full.
#[derive(Clone, Debug)]
pub(crate) struct Tile {
    pub(crate) level: u8,
    pub(crate) index: u64,
    pub(crate) root: Hash,
    pub(crate) hashes: Vec<Hash>,
}

/// A tree that grows, and the partial tiles at its right edge.
///
/// The leaves go two ways: into the frontier directly, and into the root through tiles. The two are compared
/// before anything is signed, so a bit that flips in memory on either way is noticed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Growing {
    frontier: Frontier,
    /// The partial tile of each level, level 0 first; none has 256 hashes.
    edge: Vec<Vec<Hash>>,
}

impl Growing {
    /// Goes on from a tree whose partial tiles are `edge`, level 0 first.
    pub(crate) fn of_edge(edge: Vec<Vec<Hash>>) -> Self {
        let (mut size, mut peaks) = (0, Vec::new());
        for (level, hashes) in edge.iter().enumerate().rev() {
            let mut subtrees = Frontier::default();
            hashes.iter().for_each(|hash| subtrees.push(*hash));
            size += subtrees.size() << (TILE_HEIGHT as usize * level);
            peaks.extend_from_slice(subtrees.peaks());
        }
        Self { frontier: Frontier::of_peaks(size, peaks), edge }
    }

    /// Adds a leaf, and hands on every tile that it makes full, lower levels first.
    pub(crate) fn push<E>(
        &mut self,
        leaf: Hash,
        mut full: impl FnMut(Tile) -> Result<(), E>,
    ) -> Result<(), E> {
        self.frontier.push(leaf);
        let mut index = self.frontier.size() / TILE_WIDTH;
        let mut hash = leaf;
        for level in 0_u8.. {
            if self.edge.len() == usize::from(level) {
                self.edge.push(Vec::with_capacity(TILE_WIDTH as usize));
            }
            let hashes = &mut self.edge[usize::from(level)];
            hashes.push(hash);
            if (hashes.len() as u64) < TILE_WIDTH {
                break;
            }
            let hashes = std::mem::replace(hashes, Vec::with_capacity(TILE_WIDTH as usize));
            hash = tree::perfect_root(&hashes);
            full(Tile { level, index: index - 1, root: hash, hashes })?;
            index /= TILE_WIDTH;
        }
        Ok(())
    }

    pub(crate) fn size(&self) -> u64 {
        self.frontier.size()
    }

    pub(crate) fn root(&self) -> Hash {
        self.frontier.root()
    }
}

/// Hashes one after the other, as a tile is stored and served.
pub(crate) fn bytes_of(hashes: &[Hash]) -> Vec<u8> {
    hashes.as_flattened().to_vec()
}

/// The hashes of a stored tile, or nothing where it does not hold whole ones.
pub(crate) fn hashes_of(bytes: &[u8]) -> Option<Vec<Hash>> {
    match bytes.as_chunks() {
        (hashes, []) => Some(hashes.to_vec()),
        _ => None,
    }
}
