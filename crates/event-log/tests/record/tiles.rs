//! The tree of a record as it is served, against other implementations of the same specifications.

use event_log::{Reader, Resource, Width, Writer};
use proptest::prelude::*;
use tempfile::TempDir;
use tlog_tiles::{HashReader, TileHashReader, TileReader, check_record, prove_record, stored_hash_index};

use crate::given::{at, event, leaf_of, record};

/// A record of as many events, appended in batches of 1,000.
fn of_size(size: u64) -> (TempDir, Writer) {
    let (folder, mut writer) = record();
    let events: Vec<_> = (1..=size).map(event).collect();
    for batch in events.chunks(1_000) {
        writer.append(batch, 1).unwrap();
    }
    (folder, writer)
}

/// A client that knows nothing of us but tiles.
struct Client(Reader);

impl TileReader for Client {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, tiles: &[tlog_tiles::Tile]) -> Result<Vec<Vec<u8>>, tlog_tiles::Error> {
        let tile = |tile: &tlog_tiles::Tile| {
            // Its paths have the height in front of the level, as the checksum database of Go has.
            let path = tile.path().replacen("tile/8/", "tile/", 1);
            match path.parse() {
                Ok(Resource::Tile { level, index, width }) => {
                    self.0.tile(level, index, width).unwrap().expect("the tile is there")
                }
                other => panic!("{path}: {other:?}"),
            }
        };
        Ok(tiles.iter().map(tile).collect())
    }

    fn save_tiles(&self, _: &[tlog_tiles::Tile], _: &[Vec<u8>]) {}
}

fn width(width: u16) -> Width {
    Width::new(width).unwrap()
}

#[test]
fn a_client_of_the_specification_reads_every_leaf_out_of_tiles() {
    for size in [1, 255, 256, 257, 700] {
        let (folder, writer) = of_size(size);
        let reader = Reader::open(folder.path()).unwrap();
        let client = Client(Reader::open(folder.path()).unwrap());
        let root = tlog_tiles::Hash(reader.root(size).unwrap());
        let hashes = TileHashReader::new(size, root, &client);
        for index in (0..size).step_by(97).chain([size - 1]) {
            let leaf = reader.at(at(index + 1)).unwrap().unwrap().leaf;
            let read = hashes.read_hashes(&[stored_hash_index(0, index)]).unwrap();
            assert_eq!(read, [tlog_tiles::Hash(leaf)]);
            let theirs = prove_record(size, index, &hashes).unwrap();
            let ours = reader.inclusion(at(index + 1), size).unwrap();
            assert_eq!(theirs.iter().map(|hash| hash.0).collect::<Vec<_>>(), ours, "{index} in {size}");
            check_record(&theirs, size, root, index, tlog_tiles::Hash(leaf)).unwrap();
        }
        drop(writer);
    }
}

#[test]
fn a_record_of_many_tiles_goes_on_after_it_is_opened_again() {
    const SIZE: u64 = 66_000;
    let (folder, mut writer) = of_size(SIZE);
    let reader = Reader::open(folder.path()).unwrap();
    let root = reader.root(SIZE).unwrap();
    drop(writer);
    writer = Writer::open(folder.path()).unwrap();
    writer.append(&[event(SIZE + 1)], 1).unwrap();

    assert_eq!(reader.root(SIZE).unwrap(), root);
    assert_ne!(reader.root(SIZE + 1).unwrap(), root);
    assert!(reader.tile(1, 0, Width::FULL).unwrap().is_some());
    assert!(reader.tile(2, 0, width(1)).unwrap().is_some());
    assert!(reader.tile(2, 0, width(2)).unwrap().is_none());
    let client = Client(Reader::open(folder.path()).unwrap());
    let hashes = TileHashReader::new(SIZE, tlog_tiles::Hash(root), &client);
    assert_eq!(prove_record(SIZE, 65_000, &hashes).unwrap().len(), 17);
    assert_eq!(event_log::check(folder.path()).unwrap().head, Some(at(SIZE + 1)));
}

#[test]
fn there_is_no_tile_of_what_is_not_recorded() {
    let (folder, _writer) = of_size(300);
    let reader = Reader::open(folder.path()).unwrap();
    for (level, index, wide) in
        [(0, 1, 45), (0, 1, 256), (0, 2, 1), (1, 0, 2), (2, 0, 1), (63, 0, 1), (0, u64::MAX, 256)]
    {
        assert_eq!(reader.tile(level, index, width(wide)).unwrap(), None, "{level}/{index}.p/{wide}");
    }
    assert_eq!(reader.entries(1, width(45)).unwrap(), None);
    assert_eq!(reader.entries(u64::MAX, width(1)).unwrap(), None);
    assert!(reader.inclusion(at(1), 301).is_err() && reader.root(301).is_err());
}

#[test]
fn a_partial_tile_is_the_beginning_of_the_full_one() {
    let (folder, _writer) = of_size(600);
    let reader = Reader::open(folder.path()).unwrap();
    let full = reader.tile(0, 1, Width::FULL).unwrap().unwrap();
    assert_eq!(full.len(), 8_192);
    for wide in [1, 44, 255] {
        let partial = reader.tile(0, 1, width(wide)).unwrap().unwrap();
        assert_eq!(partial, full[..usize::from(wide) * 32]);
    }
    assert_eq!(reader.tile(0, 2, width(88)).unwrap().unwrap().len(), 88 * 32);
}

#[test]
fn an_entry_bundle_holds_the_exact_bytes_that_hash_to_the_leaves() {
    let (folder, _writer) = of_size(300);
    let reader = Reader::open(folder.path()).unwrap();
    for (index, wide) in [(0, 256), (1, 44), (1, 3)] {
        let bundle = reader.entries(index, width(wide)).unwrap().unwrap();
        let tile = reader.tile(0, index, width(wide)).unwrap().unwrap();
        let mut rest = bundle.as_slice();
        for leaf in tile.chunks(32) {
            let (length, behind) = rest.split_first_chunk().unwrap();
            let (entry, behind) = behind.split_at(u16::from_be_bytes(*length).into());
            assert_eq!(leaf_of(entry), leaf);
            rest = behind;
        }
        assert!(rest.is_empty());
    }
}

#[test]
fn paths_are_those_of_the_specification() {
    let tile = |level, index, wide| Resource::Tile { level, index, width: width(wide) };
    for (resource, path) in [
        (Resource::Checkpoint, "checkpoint"),
        (tile(0, 0, 256), "tile/0/000"),
        (tile(1, 17, 4), "tile/1/017.p/4"),
        (tile(63, 1_234_067, 256), "tile/63/x001/x234/067"),
        (tile(0, 1_000, 255), "tile/0/x001/000.p/255"),
        (Resource::Entries { index: 999, width: width(256) }, "tile/entries/999"),
        (Resource::Entries { index: 1_234_067, width: width(8) }, "tile/entries/x001/x234/067.p/8"),
        (tile(0, u64::MAX, 1), "tile/0/x018/x446/x744/x073/x709/x551/615.p/1"),
    ] {
        assert_eq!(resource.to_string(), path);
        assert_eq!(path.parse(), Ok(resource), "{path}");
    }
}

#[test]
fn other_spellings_lead_nowhere() {
    for path in [
        "",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/+1/000",
        "tile/0/x000/001",
        "tile/0/001/234",
        "tile/0/x001",
        "tile/0/x001/x234",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/+1",
        "tile/0/000.p/",
        "tile/0/+00",
        "tile/data/000",
        "tile/entries",
        "tile/0/xx01/000",
        "/tile/0/000",
        "tile/0/000/",
        "checkpoint/",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
        "tile/0/\u{661}00",
    ] {
        assert!(path.parse::<Resource>().is_err(), "{path}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn every_path_leads_back(level in 0_u8..64, index: u64, wide in 1_u16..=256) {
        let resource = Resource::Tile { level, index, width: width(wide) };
        prop_assert_eq!(resource.to_string().parse(), Ok(resource));
        let entries = Resource::Entries { index, width: width(wide) };
        prop_assert_eq!(entries.to_string().parse(), Ok(entries));
    }

    #[test]
    fn any_path_is_refused_or_leads_back(path in "(tile/)?(entries|[0-9]{0,3})/(x?[0-9]{3}/){0,3}[0-9]{2,3}(\\.p/[0-9]{1,3})?") {
        if let Ok(resource) = path.parse::<Resource>() {
            prop_assert_eq!(resource.to_string(), path);
        }
    }
}
