//! Text into the numbers of its pieces, as BERT without capitals does it (WordPiece; Devlin et al. 2019, and `BertTokenizer`
//! in the library `transformers`).

use unicode_general_category::{GeneralCategory, get_general_category};
use unicode_normalization::UnicodeNormalization;

use super::{BadModel, TOKENS_MAX};

/// A longer word is not cut into pieces; it is unknown.
const WORD_MAX: usize = 100;

/// Where a word stands in the vocabulary.
pub(super) type Token = u32;

pub(super) struct Vocabulary {
    /// Sorted, so that no order of hashing matters.
    words: Vec<(Box<str>, Token)>,
    /// Bytes of the longest of them.
    longest: usize,
    first: Token,
    last: Token,
    unknown: Token,
}

impl Vocabulary {
    /// One word a line; what goes on a word begins with `##`.
    pub(super) fn read(file: &[u8], said: usize) -> Result<Self, BadModel> {
        let text = str::from_utf8(file).map_err(|_| BadModel::NotText)?;
        let mut words: Vec<(Box<str>, Token)> = text.lines().map(Box::from).zip(0..).collect();
        if words.len() != said {
            return Err(BadModel::Words { found: words.len(), said });
        }
        words.sort_unstable();
        if let Some(pair) = words.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            return Err(BadModel::Twice(pair[0].0.to_string()));
        }
        let capital = |word: &str| word.chars().any(|c| c.is_ascii_uppercase()) && !word.starts_with('[');
        if let Some((word, _)) = words.iter().find(|(word, _)| capital(word)) {
            return Err(BadModel::Capitals(word.to_string()));
        }
        let special = |word| find(&words, word).ok_or(BadModel::NoWord(word));
        let (first, last, unknown) = (special("[CLS]")?, special("[SEP]")?, special("[UNK]")?);
        let longest = words.iter().map(|(word, _)| word.len()).max().unwrap_or_default();
        Ok(Self { words, longest, first, last, unknown })
    }

    /// The tokens of a text between the two that mark its ends: at least those, at most [`TOKENS_MAX`].
    pub(super) fn tokens(&self, text: &str) -> Vec<Token> {
        let mut tokens = vec![self.first];
        let plain = plain(text);
        for word in plain.split(' ').filter(|word| !word.is_empty()) {
            if tokens.len() >= TOKENS_MAX {
                break;
            }
            self.pieces(word, &mut tokens);
        }
        tokens.truncate(TOKENS_MAX - 1);
        tokens.push(self.last);
        tokens
    }

    /// From its beginning, each time the longest piece that is known; a word of which some of it is in none is unknown.
    fn pieces(&self, word: &str, tokens: &mut Vec<Token>) {
        let before = tokens.len();
        let (mut rest, mut mark) = (word, "");
        let short = word.chars().count() <= WORD_MAX;
        while !rest.is_empty() {
            let Some((token, length)) = self.longest(mark, rest).filter(|_| short) else {
                tokens.truncate(before);
                tokens.push(self.unknown);
                return;
            };
            tokens.push(token);
            (rest, mark) = (&rest[length..], "##");
        }
    }

    /// The longest piece that the rest of a word begins with, and its length in bytes.
    fn longest(&self, mark: &str, rest: &str) -> Option<(Token, usize)> {
        let mut piece = format!("{mark}{}", &rest[..rest.floor_char_boundary(self.longest)]);
        while piece.len() > mark.len() {
            if let Some(token) = find(&self.words, &piece) {
                return Some((token, piece.len() - mark.len()));
            }
            piece.pop();
        }
        None
    }
}

fn find(words: &[(Box<str>, Token)], word: &str) -> Option<Token> {
    words.binary_search_by(|(known, _)| known.as_ref().cmp(word)).ok().map(|place| words[place].1)
}

/// Small letters without accents, with one space between words and around each mark of punctuation.
fn plain(text: &str) -> String {
    let shown = text.chars().filter(|c| !is_dropped(*c));
    let spaced = shown.flat_map(|c| if is_ideograph(c) { [' ', c, ' '] } else { [c, '\0', '\0'] });
    let letters = spaced.filter(|c| *c != '\0').nfd();
    let bare = letters.filter(|c| get_general_category(*c) != GeneralCategory::NonspacingMark);
    let mut plain = String::with_capacity(text.len());
    for c in bare.flat_map(char::to_lowercase) {
        if c.is_whitespace() {
            plain.push(' ');
        } else if is_punctuation(c) {
            plain.extend([' ', c, ' ']);
        } else {
            plain.push(c);
        }
    }
    plain
}

/// What is not to be seen, but for white space.
fn is_dropped(c: char) -> bool {
    use GeneralCategory::{Control, Format, PrivateUse, Surrogate, Unassigned};
    let hidden = || matches!(get_general_category(c), Control | Format | PrivateUse | Surrogate | Unassigned);
    c == '\u{fffd}' || (!matches!(c, '\t' | '\n' | '\r') && hidden())
}

/// ASCII marks count all, though Unicode calls some of them symbols.
fn is_punctuation(c: char) -> bool {
    use GeneralCategory::{
        ClosePunctuation, ConnectorPunctuation, DashPunctuation, FinalPunctuation, InitialPunctuation,
        OpenPunctuation, OtherPunctuation,
    };
    let mark = || {
        matches!(
            get_general_category(c),
            ClosePunctuation
                | ConnectorPunctuation
                | DashPunctuation
                | FinalPunctuation
                | InitialPunctuation
                | OpenPunctuation
                | OtherPunctuation
        )
    };
    c.is_ascii_punctuation() || mark()
}

/// Characters of Chinese writing, each of which is a word. (Hangul and the two kana are not among them.)
fn is_ideograph(c: char) -> bool {
    matches!(c,
        '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{20000}'..='\u{2a6df}' | '\u{2a700}'..='\u{2b73f}'
        | '\u{2b740}'..='\u{2b81f}' | '\u{2b820}'..='\u{2ceaf}' | '\u{f900}'..='\u{faff}' | '\u{2f800}'..='\u{2fa1f}')
}
