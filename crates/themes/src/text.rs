//! What was said, cut into words and the pieces of words that everything else here compares.
//!
//! Words are those of UAX #29, and pictographs, which can say it all. They are folded: compatibility forms apart
//! (NFKD), accents and points off, small letters. So *Ärzte*, *ärzte* and *arzte* are one word, in any language and
//! without a list. Which characters are what comes from the Unicode tables of two crates; a newer table may fold a
//! character otherwise, and what was learnt from such words has to be learnt anew.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;
use unicode_segmentation::UnicodeSegmentation;

/// The words of a text, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// All of them, folded, with one space before, between and after.
    folded: String,
    spots: Vec<Spot>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Spot {
    folded: Range<usize>,
    at: Range<usize>,
}

/// One word: how it compares, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word<'a> {
    pub folded: &'a str,
    /// The same between two spaces: what [`pieces`] are taken from.
    pub padded: &'a str,
    /// Bytes of the original text, on character borders.
    pub at: Range<usize>,
}

impl Words {
    pub fn of(text: &str) -> Self {
        let mut words = Self { folded: String::with_capacity(text.len() + 2), spots: Vec::new() };
        words.folded.push(' ');
        for (start, piece) in text.split_word_bound_indices().filter(|(_, piece)| says_something(piece)) {
            let from = words.folded.len();
            fold_into(piece, &mut words.folded);
            let folded = from..words.folded.len();
            if !folded.is_empty() {
                words.folded.push(' ');
                words.spots.push(Spot { folded, at: start..start + piece.len() });
            }
        }
        words
    }

    pub fn len(&self) -> usize {
        self.spots.len()
    }

    pub fn is_empty(&self) -> bool {
        self.spots.is_empty()
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Word<'_>> + ExactSizeIterator {
        self.spots.iter().map(|spot| Word {
            folded: &self.folded[spot.folded.clone()],
            padded: &self.folded[spot.folded.start - 1..spot.folded.end + 1],
            at: spot.at.clone(),
        })
    }

    /// Every two neighbours: folded, with a space between, and the bytes from the first to the end of the second.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, Range<usize>)> {
        self.spots.windows(2).filter_map(|pair| match pair {
            [one, other] => {
                Some((&self.folded[one.folded.start..other.folded.end], one.at.start..other.at.end))
            }
            _ => None,
        })
    }
}

fn says_something(piece: &str) -> bool {
    piece.chars().any(|character| character.is_alphanumeric() || is_pictograph(character))
}

/// Arrows, signs, dingbats and emoji, by their blocks.
fn is_pictograph(character: char) -> bool {
    matches!(character, '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

/// As words are folded, so that other text can be compared with them.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_into(text, &mut folded);
    folded
}

fn fold_into(piece: &str, folded: &mut String) {
    if piece.is_ascii() {
        folded.extend(piece.chars().map(|character| character.to_ascii_lowercase()));
        return;
    }
    // Small letters first: the small form of one character can be a letter and a mark.
    let small = piece.chars().flat_map(char::to_lowercase).nfkd().flat_map(char::to_lowercase);
    for character in small.filter(|character| canonical_combining_class(*character) == 0) {
        match character {
            '\u{2019}' | '\u{02bc}' => folded.push('\''),
            'ß' => folded.push_str("ss"),
            'ς' => folded.push('σ'),
            // Joins and tells apart, and says nothing.
            '\u{200c}' | '\u{200d}' | '\u{fe0e}' | '\u{fe0f}' => {}
            character => folded.push(character),
        }
    }
}

/// FNV-1a with 64 bits (Fowler, Noll, Vo; draft-eastlake-fnv), as it goes along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fnv(u64);

impl Fnv {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;

    /// A sum that starts with `kind`, so that the same letters as another kind of thing are another hash.
    pub fn new(kind: u8) -> Self {
        Self(Self::OFFSET).with(&[kind])
    }

    #[must_use]
    pub fn with(self, bytes: &[u8]) -> Self {
        Self(bytes.iter().fold(self.0, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(Self::PRIME)))
    }

    #[must_use]
    pub fn char(self, character: char) -> Self {
        self.with(character.encode_utf8(&mut [0; 4]).as_bytes())
    }

    /// All bits; the low ones of FNV alone spread badly, so the high ones are folded in.
    pub fn sum(self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}

/// Gives the hash of every run of `sizes` characters of a padded word; of one that is shorter than all sizes, the
/// hash of the whole.
pub fn pieces(padded: &str, sizes: Range<usize>, mut each: impl FnMut(u64)) {
    for (from, _) in padded.char_indices() {
        let (mut sum, mut taken) = (Fnv::new(b'c'), 0);
        for character in padded[from..].chars().take(sizes.end - 1) {
            sum = sum.char(character);
            taken += 1;
            if taken >= sizes.start {
                each(sum.sum());
            }
        }
        if from == 0 && taken < sizes.start {
            each(sum.sum());
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn folded(text: &str) -> Vec<String> {
        Words::of(text).iter().map(|word| word.folded.to_owned()).collect()
    }

    #[test]
    fn words_fold_to_the_same_in_any_spelling() {
        assert_eq!(folded("Ärzte, ÄRZTE & A\u{308}rzte"), ["arzte", "arzte", "arzte"]);
        assert_eq!(folded("Straße STRASSE ﬁsh"), ["strasse", "strasse", "fish"]);
        assert_eq!(folded("Don’t don't"), ["don't", "don't"]);
        assert_eq!(folded("İstanbul ΟΔΟΣ οδός"), ["istanbul", "οδοσ", "οδοσ"]);
        assert_eq!(folded("Dŵr yfed, tŷ 24/7"), ["dwr", "yfed", "ty", "24", "7"]);
    }

    #[test]
    fn every_script_has_words_and_pictographs_are_some() {
        assert_eq!(folded("الانتظار طويل"), ["الانتظار", "طويل"]);
        assert_eq!(folded("医生"), ["医", "生"]);
        assert_eq!(folded("👍🏽 ❤️ …!?"), ["👍🏽", "❤"]);
        assert!(Words::of(" \n—…“”").is_empty());
    }

    #[test]
    fn a_word_knows_where_it_stands() {
        let text = "Die Ärzte, 👍";
        let words = Words::of(text);
        let there: Vec<_> = words.iter().map(|word| &text[word.at]).collect();
        assert_eq!(there, ["Die", "Ärzte", "👍"]);
    }

    #[test]
    fn pieces_are_runs_of_the_padded_word() {
        let of = |text: &str| text.chars().fold(Fnv::new(b'c'), Fnv::char).sum();
        let mut found = Vec::new();
        pieces(" abc ", 3..6, |hash| found.push(hash));
        assert_eq!(found, [" ab", " abc", " abc ", "abc", "abc ", "bc "].map(of));
        found.clear();
        pieces(" é ", 4..6, |hash| found.push(hash));
        assert_eq!(found, [of(" é ")]);
    }

    #[test]
    fn the_hash_is_the_published_one() {
        // Test vectors of the draft: FNV-1a of the empty string, "a" and "foobar".
        let plain = |bytes: &[u8]| Fnv(Fnv::OFFSET).with(bytes).0;
        assert_eq!(plain(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(plain(b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(plain(b"foobar"), 0x8594_4171_f739_67e8);
    }

    proptest! {
        #[test]
        fn words_lie_in_the_text_one_after_the_other(text in "\\PC{0,60}|[a-zA-Zé \u{300}\u{200d}👍ß]{0,60}") {
            let mut end = 0;
            for word in Words::of(&text).iter() {
                prop_assert!(word.at.start >= end && text.get(word.at.clone()).is_some());
                prop_assert!(!word.folded.is_empty() && fold(word.folded) == word.folded);
                end = word.at.end;
            }
        }
    }
}
