//! What SQLite's write-ahead log tells of itself, before SQLite reads it (<https://www.sqlite.org/fileformat2.html>,
//! section 4).
//!
//! SQLite takes the log up to the first page that does not fit its checksum, and passes over what follows: that is how
//! it forgets a transaction that a power cut interrupted. It would forget acknowledged events in the same way where a
//! page was damaged later. The two can be told apart, because every transaction is synced before the next one is
//! written: a power cut hurts the last one only. Where two or more are behind the first bad page, it is damage.

use std::fs;
use std::path::Path;

use crate::Error;

const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;
/// The smallest page that SQLite knows.
const PAGE_MIN: usize = 512;
const MAGIC: u32 = 0x377f_0682;

/// Fails where transactions that were on the disk would be passed over.
pub(crate) fn verify(path: &Path) -> Result<(), Error> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Error::io(path)(error)),
    };
    let damaged = |why: String| Err(Error::LogDamaged { path: path.to_owned(), why });
    if bytes.len() < HEADER + FRAME_HEADER + PAGE_MIN {
        return Ok(());
    }
    // The header is synced before anything follows it.
    let Some(log) = Log::of(&bytes) else { return damaged("its header is not right".to_owned()) };
    match log.first_bad() {
        Some((bad, before)) if log.committed_behind(bad, before) > 1 => {
            damaged(format!("its page {} is not right, and committed ones follow it", bad + 1))
        }
        _ => Ok(()),
    }
}

struct Log<'a> {
    salts: &'a [u8],
    begin: Sum,
    frames: Vec<Frame<'a>>,
    big_endian: bool,
}

/// The running checksum: two sums over words of four bytes.
type Sum = (u32, u32);

/// One page with what stands in front of it.
struct Frame<'a> {
    head: &'a [u8],
    page: &'a [u8],
}

impl<'a> Log<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        let (head, rest) = bytes.split_at_checked(HEADER)?;
        let magic = word(head, 0);
        if magic & !1 != MAGIC {
            return None;
        }
        let big_endian = magic & 1 == 1;
        let begin = sum((0, 0), &head[..24], big_endian);
        let page = usize::try_from(word(head, 8)).ok()?;
        if begin != stored(head, 24) || !page.is_power_of_two() || page < PAGE_MIN {
            return None;
        }
        let frames = rest.chunks_exact(FRAME_HEADER + page).map(|frame| {
            let (head, page) = frame.split_at(FRAME_HEADER);
            Frame { head, page }
        });
        Some(Self { salts: &head[16..24], begin, frames: frames.collect(), big_endian })
    }

    /// The checksum that this frame should have behind one that ended with `before`.
    fn sum_of(&self, before: Sum, frame: &Frame<'_>) -> Sum {
        sum(sum(before, &frame.head[..8], self.big_endian), frame.page, self.big_endian)
    }

    /// Whether this frame goes on from one that ended with `before`.
    fn follows(&self, before: Sum, frame: &Frame<'_>) -> bool {
        let names_a_page = word(frame.head, 0) != 0 && frame.head[8..16] == *self.salts;
        names_a_page && self.sum_of(before, frame) == stored(frame.head, 16)
    }

    /// The place of the first frame that does not fit, and the checksum of the one in front of it.
    fn first_bad(&self) -> Option<(usize, Sum)> {
        let mut before = self.begin;
        self.frames.iter().enumerate().find_map(|(place, frame)| {
            let from = std::mem::replace(&mut before, stored(frame.head, 16));
            (!self.follows(from, frame)).then_some((place, from))
        })
    }

    /// How many transactions end at the bad frame or behind it. Frames of an earlier round of the log have other salts.
    /// The next frame goes on from what the bad one should have been, if it is its checksum that was damaged, and else
    /// from its checksum.
    fn committed_behind(&self, bad: usize, before: Sum) -> usize {
        let [damaged, rest @ ..] = &self.frames[bad..] else { return 0 };
        let is_ours = damaged.head[8..12] == self.salts[..4] || damaged.head[12..16] == self.salts[4..];
        let (ended, should) = (self.ended(before, damaged), self.sum_of(before, damaged));
        let befores = std::iter::once(damaged).chain(rest).map(|frame| stored(frame.head, 16));
        let behind = befores.zip(rest).enumerate().filter(|(place, (before, frame))| {
            frame.ends() && (self.follows(*before, frame) || *place == 0 && self.follows(should, frame))
        });
        usize::from(is_ours && ended) + behind.count()
    }

    /// Whether a damaged frame was the last of its transaction. The last one names the size of the database and all
    /// others say 0, which one bit makes of a power of two.
    fn ended(&self, before: Sum, damaged: &Frame<'_>) -> bool {
        let fits = |bit: u32| {
            let mut head: [u8; 8] = std::array::from_fn(|index| damaged.head[index]);
            head[4..].copy_from_slice(&(1_u32 << bit).to_be_bytes());
            sum(sum(before, &head, self.big_endian), damaged.page, self.big_endian)
                == stored(damaged.head, 16)
        };
        damaged.ends() || (0..u32::BITS).any(fits)
    }
}

impl Frame<'_> {
    /// Whether it is the last of its transaction.
    fn ends(&self) -> bool {
        word(self.head, 4) != 0
    }
}

fn word(bytes: &[u8], at: usize) -> u32 {
    bytes[at..at + 4].iter().fold(0, |word, byte| word << 8 | u32::from(*byte))
}

fn stored(bytes: &[u8], at: usize) -> Sum {
    (word(bytes, at), word(bytes, at + 4))
}

/// Goes on with a checksum. The bytes are a multiple of eight.
fn sum((mut even, mut odd): Sum, bytes: &[u8], big_endian: bool) -> Sum {
    for pair in bytes.chunks_exact(8) {
        let turned = |word: u32| if big_endian { word } else { word.swap_bytes() };
        even = even.wrapping_add(turned(word(pair, 0))).wrapping_add(odd);
        odd = odd.wrapping_add(turned(word(pair, 4))).wrapping_add(even);
    }
    (even, odd)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A log whose transaction before the last names a size that is a power of two.
    fn log(folder: &Path) -> std::path::PathBuf {
        let database = rusqlite::Connection::open(folder.join("some.db")).unwrap();
        database.pragma_update(None, "journal_mode", "WAL").unwrap();
        database.pragma_update(None, "wal_autocheckpoint", 0).unwrap();
        database.execute_batch("CREATE TABLE some(thing BLOB)").unwrap();
        let pages = || database.query_row("PRAGMA page_count", [], |row| row.get::<_, u32>(0)).unwrap();
        while pages() < 8 || !pages().is_power_of_two() {
            database.execute("INSERT INTO some VALUES (zeroblob(3000))", []).unwrap();
        }
        database.execute("UPDATE some SET thing = x'00' WHERE rowid = 1", []).unwrap();
        let copy = folder.join("copy-wal");
        fs::copy(folder.join("some.db-wal"), &copy).unwrap();
        copy
    }

    #[test]
    fn a_bit_that_hides_where_a_transaction_ends_hides_no_transaction() {
        let folder = tempfile::tempdir().unwrap();
        let path = log(folder.path());
        verify(&path).unwrap();
        let whole = fs::read(&path).unwrap();
        let frames = (HEADER..whole.len()).step_by(FRAME_HEADER + 4_096);
        let ends: Vec<_> = frames.filter(|at| word(&whole, at + 4) != 0).collect();
        let [.., before_last, last] = ends.as_slice() else { panic!("{ends:?}") };
        let size = word(&whole, before_last + 4);
        assert!(size.is_power_of_two(), "{size}");
        let without_end = |at: usize| {
            let mut bytes = whole.clone();
            bytes[at + 4..at + 8].fill(0);
            fs::write(&path, bytes).unwrap();
            verify(&path)
        };

        assert!(matches!(without_end(*before_last), Err(Error::LogDamaged { .. })));
        without_end(*last).unwrap();
    }
}
