//! Which words of a text went and which came, from one version to the next: the longest common subsequence of words.

use std::ops::Range;

/// Above so many pairs of words the middle is shown as replaced as a whole: nobody could read the patchwork, and comparing
/// each with each would take long.
const PAIRS_MAX: usize = 4_000_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Stays,
    Went,
    Came,
}

/// A run of words that share a fate, with the spaces behind them.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) fate: Fate,
    pub(crate) text: String,
}

impl Piece {
    pub(crate) fn went(&self) -> bool {
        self.fate == Fate::Went
    }

    pub(crate) fn came(&self) -> bool {
        self.fate == Fate::Came
    }
}

pub(crate) fn diff(before: &str, after: &str) -> Vec<Piece> {
    let (old, new) = (words(before), words(after));
    let head = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let tails = old[head..].iter().rev().zip(new[head..].iter().rev());
    let tail = tails.take_while(|(old, new)| old == new).count();
    let (old_end, new_end) = (old.len() - tail, new.len() - tail);
    let mut pieces = Pieces::default();
    pieces.put(Fate::Stays, &old[..head]);
    middle(&old[head..old_end], &new[head..new_end], &mut pieces);
    pieces.put(Fate::Stays, &old[old_end..]);
    pieces.0
}

#[derive(Default)]
struct Pieces(Vec<Piece>);

impl Pieces {
    fn put(&mut self, fate: Fate, words: &[&str]) {
        if words.is_empty() {
            return;
        }
        match self.0.last_mut().filter(|last| last.fate == fate) {
            Some(last) => last.text.extend(words.iter().copied()),
            None => self.0.push(Piece { fate, text: words.concat() }),
        }
    }
}

/// Each word with the spaces behind it, so that the words together are the text.
fn words(text: &str) -> Vec<&str> {
    text.split_inclusive(char::is_whitespace).collect()
}

fn middle(old: &[&str], new: &[&str], pieces: &mut Pieces) {
    if old.len().saturating_mul(new.len()) > PAIRS_MAX {
        pieces.put(Fate::Went, old);
        pieces.put(Fate::Came, new);
        return;
    }
    let (mut at_old, mut at_new) = (0, 0);
    for (left, right) in common(old, new) {
        pieces.put(Fate::Went, &old[at_old..left]);
        pieces.put(Fate::Came, &new[at_new..right]);
        pieces.put(Fate::Stays, &old[left..=left]);
        (at_old, at_new) = (left + 1, right + 1);
    }
    pieces.put(Fate::Went, &old[at_old..]);
    pieces.put(Fate::Came, &new[at_new..]);
}

/// The places of a longest common subsequence, in both.
pub(crate) fn common(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    let width = new.len() + 1;
    // How long it is from each pair of places to the ends.
    let mut longest = vec![0_u16; (old.len() + 1) * width];
    let backwards = |range: Range<usize>| range.rev();
    for left in backwards(0..old.len()) {
        for right in backwards(0..new.len()) {
            let here = left * width + right;
            longest[here] = match old[left] == new[right] {
                true => longest[here + width + 1].saturating_add(1),
                false => longest[here + width].max(longest[here + 1]),
            };
        }
    }
    let (mut left, mut right, mut places) = (0, 0, Vec::new());
    while left < old.len() && right < new.len() {
        let here = left * width + right;
        if old[left] == new[right] {
            places.push((left, right));
            (left, right) = (left + 1, right + 1);
        } else if longest[here + width] >= longest[here + 1] {
            left += 1;
        } else {
            right += 1;
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(before: &str, after: &str) -> String {
        let mark = |piece: Piece| match piece.fate {
            Fate::Stays => piece.text,
            Fate::Went => format!("[-{}-]", piece.text),
            Fate::Came => format!("[+{}+]", piece.text),
        };
        diff(before, after).into_iter().map(mark).collect()
    }

    #[test]
    fn what_went_and_what_came_is_marked() {
        for (before, after, expected) in [
            ("", "", ""),
            ("the same", "the same", "the same"),
            ("We will look", "We will not look", "We will [+not +]look"),
            ("By May at last", "By July at last", "By [-May -][+July +]at last"),
            ("One two", "Three", "[-One two-][+Three+]"),
            ("", "New", "[+New+]"),
            ("Old", "", "[-Old-]"),
        ] {
            assert_eq!(shown(before, after), expected);
        }
    }

    #[test]
    fn both_versions_can_be_read_off_whatever_changed() {
        let mut random = 7_u32;
        let mut text = |words: usize| {
            let word = |_| {
                random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                ["a ", "b ", "bus\n", "é "][(random >> 30) as usize]
            };
            (0..words).map(word).collect::<String>()
        };
        for length in [0, 1, 5, 40, 300, 2_500] {
            let (before, after) = (text(length), text(length));
            let pieces = diff(&before, &after);
            let without = |fate| -> String {
                pieces.iter().filter(|piece| piece.fate != fate).map(|piece| piece.text.as_str()).collect()
            };
            assert_eq!((without(Fate::Came), without(Fate::Went)), (before, after));
        }
    }
}
