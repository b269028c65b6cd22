//! A contribution's words with those marked that spoke for what is suggested.

use domain::coding::Span;

/// A piece of the words; all pieces together are the words.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) marked: bool,
}

/// Cuts words at the spans, which may overlap and lie anywhere. A character that a span cuts belongs to the mark.
pub(super) fn marked(words: &str, spans: impl IntoIterator<Item = Span>) -> Vec<Piece> {
    let mut spans: Vec<_> = spans.into_iter().filter_map(|span| whole(words, span)).collect();
    spans.sort_unstable();
    let mut pieces = Vec::new();
    let mut at = 0;
    let mut cut = |to: usize, marked: bool| {
        if at < to {
            pieces.push(Piece { text: words[at..to].to_owned(), marked });
            at = to;
        }
    };
    for (from, to) in spans {
        cut(from, false);
        cut(to, true);
    }
    cut(words.len(), false);
    pieces
}

/// What a span means as whole characters.
fn whole(words: &str, span: Span) -> Option<(usize, usize)> {
    let from = words.floor_char_boundary(usize::try_from(span.from).ok()?);
    let to = words.ceil_char_boundary(usize::try_from(span.to).ok()?);
    (from < to).then_some((from, to))
}

/// The words of a span, as they stand there.
pub(super) fn quoted(words: &str, span: Span) -> Option<&str> {
    whole(words, span).map(|(from, to)| words[from..to].trim()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(words: &str, spans: &[(u32, u32)]) -> String {
        let spans = spans.iter().map(|(from, to)| Span { from: *from, to: *to });
        let show =
            |piece: &Piece| if piece.marked { format!("[{}]", piece.text) } else { piece.text.clone() };
        marked(words, spans).iter().map(show).collect()
    }

    #[test]
    fn spans_are_marked_wherever_they_lie_and_nothing_is_lost() {
        for (spans, wanted) in [
            (&[][..], "three weeks wait"),
            (&[(6, 11)], "three [weeks] wait"),
            (&[(12, 16), (0, 5)], "[three] weeks [wait]"),
            (&[(0, 11), (6, 16)], "[three weeks][ wait]"),
            (&[(0, 16), (6, 11)], "[three weeks wait]"),
            (&[(6, 6), (9, 7), (40, 50)], "three weeks wait"),
            (&[(12, 900)], "three weeks [wait]"),
            (&[(0, u32::MAX)], "[three weeks wait]"),
        ] {
            assert_eq!(shown("three weeks wait", spans), wanted, "{spans:?}");
        }
    }

    #[test]
    fn no_character_is_cut() {
        assert_eq!(shown("a café, naïve 🚌", &[(2, 6)]), "a [café], naïve 🚌");
        assert_eq!(shown("🚌🚌🚌", &[(5, 6)]), "🚌[🚌]🚌");
        assert_eq!(quoted("a café", Span { from: 2, to: 6 }), Some("café"));
        assert_eq!(quoted("a café", Span { from: 9, to: 12 }), None);
    }
}
