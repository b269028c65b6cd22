//! The tree of a record, read from its rows: full tiles from the table of tiles, and the right edge from leaves and
//! from the roots that lie beside the tiles.

use std::collections::HashMap;

use rusqlite::OptionalExtension;

use crate::public::PUBLIC_LIMIT;
use crate::rows::{Format, Rows};
use crate::tile::{self, Growing, TILE_HEIGHT, TILE_WIDTH, Tile, Width};
use crate::tree::{self, Hash, Nodes};
use crate::{Error, Position};

const FULL: &str = "SELECT hashes FROM tiles WHERE place = ?1";
const ROOTS: &str = "SELECT root FROM roots WHERE place >= ?1 ORDER BY place LIMIT ?2";
const LEAVES: &str = "SELECT leaf FROM events WHERE position > ?1 ORDER BY position LIMIT ?2";
const ENTRIES: &str = "SELECT public FROM events WHERE position > ?1 ORDER BY position LIMIT ?2";

/// The tree over the first `size` events; what it has read of it is kept for as long as it lives.
pub(crate) struct Stored<'a> {
    rows: &'a Rows,
    size: u64,
    tiles: HashMap<(u8, u64), Vec<Hash>>,
    peaks: Peaks,
}

/// The perfect subtrees that a tree of some size is put together from: its right edge, which every proof in it
/// needs. Whoever makes many proofs in one tree keeps them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Peaks {
    size: u64,
    nodes: Vec<((u32, u64), Hash)>,
}

impl Peaks {
    fn get(&self, node: (u32, u64)) -> Option<Hash> {
        self.nodes.iter().find_map(|(known, hash)| (*known == node).then_some(*hash))
    }
}

impl<'a> Stored<'a> {
    /// The record must have `size` events or more.
    pub(crate) fn new(rows: &'a Rows, size: u64) -> Self {
        Self { rows, size, tiles: HashMap::new(), peaks: Peaks::default() }
    }

    /// With what was kept from an earlier tree, where that was of the same size.
    pub(crate) fn with_peaks(rows: &'a Rows, size: u64, kept: &mut Peaks) -> Result<Self, Error> {
        let mut tree = Self::new(rows, size);
        if kept.size != size {
            let nodes = tree::peaks(size).map(|peak| Ok((peak, tree.node(peak.0, peak.1)?)));
            *kept = Peaks { size, nodes: nodes.collect::<Result<_, Error>>()? };
        }
        tree.peaks = kept.clone();
        Ok(tree)
    }

    /// The whole tree up to its right edge, to go on from.
    pub(crate) fn growing(&self) -> Result<Growing, Error> {
        let mut edge = Vec::new();
        let mut roots = self.size;
        while roots > 0 {
            let level = edge.len() as u8;
            let (index, width) = (roots / TILE_WIDTH, roots % TILE_WIDTH);
            edge.push(if width > 0 { hashes(self.rows, level, index, width)? } else { Vec::new() });
            roots = index;
        }
        Ok(Growing::of_edge(edge))
    }

    /// The tile, as wide as it is in a tree of this size.
    fn tile(&mut self, level: u8, index: u64) -> Result<&[Hash], Error> {
        if !self.tiles.contains_key(&(level, index)) {
            let roots = self.size >> (TILE_HEIGHT * u32::from(level));
            let width = roots.saturating_sub(index * TILE_WIDTH).min(TILE_WIDTH);
            let read = hashes(self.rows, level, index, width)?;
            self.tiles.insert((level, index), read);
        }
        Ok(self.tiles.get(&(level, index)).map_or(&[], Vec::as_slice))
    }
}

impl Nodes for Stored<'_> {
    type Error = Error;

    fn node(&mut self, height: u32, number: u64) -> Result<Hash, Error> {
        if let Some(hash) = self.peaks.get((height, number)) {
            return Ok(hash);
        }
        let level = (height / TILE_HEIGHT) as u8;
        let width = 1 << (height % TILE_HEIGHT);
        let first = number * width;
        let hashes = self.tile(level, first / TILE_WIDTH)?;
        let from = (first % TILE_WIDTH) as usize;
        let under = hashes.get(from..from + width as usize);
        under.map(tree::perfect_root).ok_or_else(|| missing(level, first / TILE_WIDTH))
    }
}

/// The first `width` hashes of a tile, which the record must have.
fn hashes(rows: &Rows, level: u8, index: u64, width: u64) -> Result<Vec<Hash>, Error> {
    if width == TILE_WIDTH {
        let bytes = full(rows, level, index)?.ok_or_else(|| missing(level, index))?;
        return tile::hashes_of(&bytes).ok_or_else(|| missing(level, index));
    }
    let first = index * TILE_WIDTH;
    let found = match level.checked_sub(1) {
        None => column(rows, LEAVES, (key(first), key(width)))?,
        Some(below) => column(rows, ROOTS, (tile::place(below, first), key(width)))?,
    };
    if found.len() as u64 == width { Ok(found) } else { Err(missing(level, index)) }
}

/// The hashes of a full tile as they are stored, or nothing where the tile is not full yet.
fn full(rows: &Rows, level: u8, index: u64) -> Result<Option<Vec<u8>>, Error> {
    let mut statement = rows.connection.prepare_cached(FULL)?;
    Ok(statement.query_row([tile::place(level, index)], |row| row.get(0)).optional()?)
}

/// The one column of every row that is found.
fn column<T: rusqlite::types::FromSql>(
    rows: &Rows,
    query: &str,
    params: impl rusqlite::Params,
) -> Result<Vec<T>, Error> {
    let mut statement = rows.connection.prepare_cached(query)?;
    let found = statement.query_map(params, |row| row.get(0))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Numbers of tiles and widths are far below what SQLite can count.
fn key(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Says where the damage is by the first position that the tile covers.
fn missing(level: u8, index: u64) -> Error {
    let first = index.checked_shl(TILE_HEIGHT * (u32::from(level) + 1)).unwrap_or(0);
    let position = Position::new(first + 1).unwrap_or(Position::FIRST);
    Error::damaged(position, format!("tile {level}/{index}, which begins with it, is missing or cut short"))
}

/// The bytes of a tile as they are served, or nothing where the record has fewer hashes at this level.
pub(crate) fn tile(rows: &Rows, level: u8, index: u64, width: Width) -> Result<Option<Vec<u8>>, Error> {
    if !has(rows, level, index, width)? {
        return Ok(None);
    }
    hashes(rows, level, index, width.get().into()).map(|hashes| Some(tile::bytes_of(&hashes)))
}

/// The public parts of neighbouring events, each behind its length in two bytes, the high one first; or nothing
/// where the record has fewer.
pub(crate) fn entries(rows: &Rows, index: u64, width: Width) -> Result<Option<Vec<u8>>, Error> {
    if !has(rows, 0, index, width)? {
        return Ok(None);
    }
    let first = index * TILE_WIDTH;
    let entries: Vec<Vec<u8>> = column(rows, ENTRIES, (key(first), key(width.get().into())))?;
    let mut bundle = Vec::new();
    for entry in entries {
        let length = u16::try_from(entry.len()).map_err(|_| Error::TooLong {
            what: "a public part",
            bytes: entry.len(),
            limit: PUBLIC_LIMIT,
        })?;
        bundle.extend_from_slice(&length.to_be_bytes());
        bundle.extend_from_slice(&entry);
    }
    Ok(Some(bundle))
}

/// Whether the record has so many hashes of this level.
fn has(rows: &Rows, level: u8, index: u64, width: Width) -> Result<bool, Error> {
    // Before it had tiles, a record served nothing.
    let size = if rows.format == Format::Events { 0 } else { rows.size()? };
    let roots = size.checked_shr(TILE_HEIGHT * u32::from(level)).unwrap_or(0);
    let end = index.checked_mul(TILE_WIDTH).and_then(|first| first.checked_add(width.get().into()));
    Ok(end.is_some_and(|end| end <= roots))
}

/// Fails unless the record has this tile, and names the first position under what differs.
pub(crate) fn same_tile(rows: &Rows, tile: &Tile) -> Result<(), Error> {
    const STORED: &str = "SELECT root, hashes FROM roots JOIN tiles USING (place) WHERE place = ?1";
    let mut statement = rows.connection.prepare_cached(STORED)?;
    let found =
        statement.query_row([tile::place(tile.level, tile.index)], |row| Ok((row.get(0)?, row.get(1)?)));
    let (root, bytes): (Hash, Vec<u8>) = found.optional()?.ok_or_else(|| missing(tile.level, tile.index))?;
    let hashes = tile::hashes_of(&bytes).ok_or_else(|| missing(tile.level, tile.index))?;
    if root == tile.root && hashes == tile.hashes {
        return Ok(());
    }
    let differs = tile.hashes.iter().zip(&hashes).position(|(right, stored)| right != stored);
    let place = tile.index * TILE_WIDTH + differs.unwrap_or(0) as u64;
    let first = place << (TILE_HEIGHT * u32::from(tile.level));
    let position = Position::new(first + 1).unwrap_or(Position::FIRST);
    Err(Error::damaged(position, format!("tile {}/{} does not hold its hash", tile.level, tile.index)))
}

/// Fails unless a record of `size` events fills the tile of this level and number.
pub(crate) fn is_filled(level: u8, index: u64, size: u64) -> Result<(), Error> {
    let leaves = 1_u64.checked_shl(TILE_HEIGHT * (u32::from(level) + 1)).unwrap_or(u64::MAX);
    match index.checked_add(1).and_then(|count| count.checked_mul(leaves)) {
        Some(end) if end <= size => Ok(()),
        end => {
            let position = end.and_then(Position::new).unwrap_or(Position::FIRST);
            Err(Error::damaged(position, format!("it is missing, and tile {level}/{index} is there")))
        }
    }
}
