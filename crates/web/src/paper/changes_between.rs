//! What a later version of the paper says otherwise than an earlier one: prose, quotes and figures, part by part.

use super::document::{Block, Document, Inline};
use crate::diff::{Fate, Piece, common, diff};

/// The parts that only list what the figures count, and the words; every later version has more of them.
const LISTS: [&str; 3] = ["lists", "words", "verify"];

/// A part of the paper that is not as it was.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Changed {
    pub(crate) title: String,
    pub(crate) fate: PartFate,
    /// The lines that are not as they were.
    pub(crate) lines: Vec<Vec<Piece>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PartFate {
    Stays,
    Went,
    Came,
}

/// A heading, and the text up to the next one, line by line.
struct Part {
    id: String,
    title: String,
    lines: Vec<Line>,
}

#[derive(PartialEq, Eq)]
struct Line {
    kind: Kind,
    text: String,
}

/// What a line can be compared with.
#[derive(PartialEq, Eq)]
enum Kind {
    /// Another paragraph that says nearly the same.
    Paragraph,
    /// The row of the same name.
    Row(String),
    /// Nothing: somebody said other words.
    Quote,
}

/// In the order of the later version; parts that only the earlier one has come last.
pub(crate) fn changes(before: &Document, after: &Document) -> Vec<Changed> {
    let (old, new) = (parts(before), parts(after));
    let find = |parts: &[Part], id: &str| parts.iter().position(|part| part.id == id);
    let stay_or_came = new.iter().map(|part| match find(&old, &part.id) {
        Some(at) => changed(&part.title, PartFate::Stays, &old[at].lines, &part.lines),
        None => changed(&part.title, PartFate::Came, &[], &part.lines),
    });
    let went = old.iter().filter(|part| find(&new, &part.id).is_none());
    let went = went.map(|part| changed(&part.title, PartFate::Went, &part.lines, &[]));
    stay_or_came.chain(went).filter(|part| !part.lines.is_empty()).collect()
}

fn changed(title: &str, fate: PartFate, before: &[Line], after: &[Line]) -> Changed {
    let (mut lines, mut at_old, mut at_new) = (Vec::new(), 0, 0);
    let ends = std::iter::once((before.len(), after.len()));
    for (left, right) in common(&texts(before), &texts(after)).into_iter().chain(ends) {
        lines.extend(between(&before[at_old..left], &after[at_new..right]));
        (at_old, at_new) = (left + 1, right + 1);
    }
    Changed { title: title.to_owned(), fate, lines }
}

fn texts(lines: &[Line]) -> Vec<&str> {
    lines.iter().map(|line| line.text.as_str()).collect()
}

/// Lines that stand at the same place: those that can be compared are, word by word and in their order.
fn between(old: &[Line], new: &[Line]) -> Vec<Vec<Piece>> {
    let whole = |fate, line: &Line| vec![Piece { fate, text: line.text.clone() }];
    let (mut lines, mut rest) = (Vec::new(), old);
    for line in new {
        match rest.iter().position(|other| other.may_become(line)) {
            Some(at) => {
                lines.extend(rest[..at].iter().map(|line| whole(Fate::Went, line)));
                lines.push(diff(&rest[at].text, &line.text));
                rest = &rest[at + 1..];
            }
            None => lines.push(whole(Fate::Came, line)),
        }
    }
    lines.extend(rest.iter().map(|line| whole(Fate::Went, line)));
    lines
}

impl Line {
    fn may_become(&self, other: &Line) -> bool {
        match (&self.kind, &other.kind) {
            (Kind::Paragraph, Kind::Paragraph) => are_alike(&self.text, &other.text),
            (Kind::Row(name), Kind::Row(other)) => name == other,
            _ => false,
        }
    }
}

/// Whether at least a third of the words of the longer one stand in the other.
fn are_alike(one: &str, other: &str) -> bool {
    let mut left: Vec<_> = one.split_whitespace().collect();
    let (all, words) = (left.len(), other.split_whitespace().count());
    let mut take = |word: &str| left.iter().position(|other| *other == word).map(|at| left.swap_remove(at));
    let shared = other.split_whitespace().filter(|word| take(word).is_some()).count();
    3 * shared >= all.max(words)
}

fn parts(document: &Document) -> Vec<Part> {
    let mut parts = Vec::new();
    each(&document.blocks, &mut parts);
    parts.retain(|part| !LISTS.contains(&part.id.as_str()));
    parts
}

/// What stands before the first heading is about the version itself.
fn each(blocks: &[Block], parts: &mut Vec<Part>) {
    for block in blocks {
        match block {
            Block::Heading { id, text, .. } => {
                parts.push(Part { id: id.clone(), title: said(text), lines: Vec::new() });
            }
            Block::List { items, .. } => items.iter().for_each(|item| each(item, parts)),
            Block::Beside { first, second } => [first, second].into_iter().for_each(|side| each(side, parts)),
            Block::Group { blocks, .. } => each(blocks, parts),
            // The contents name the headings, and what they lead to has changed if they have.
            Block::Contents { .. } | Block::Listing { .. } | Block::Words { .. } | Block::PageBreak => {}
            block => {
                if let Some(part) = parts.last_mut() {
                    part.lines.extend(lines(block));
                }
            }
        }
    }
}

fn lines(block: &Block) -> Vec<Line> {
    let row = |name: &[Inline], rest: String, between: &str| {
        let name = said(name);
        Line { text: format!("{name}{between}{rest}"), kind: Kind::Row(name) }
    };
    match block {
        Block::Paragraph { text, .. } => vec![Line { text: said(text), kind: Kind::Paragraph }],
        Block::Facts { facts } => {
            facts.iter().map(|fact| row(&fact.label, said(&fact.value), ": ")).collect()
        }
        Block::Bars { bars } => bars.iter().map(|bar| row(&bar.label, said(&bar.figure), ": ")).collect(),
        Block::Table { columns, rows, .. } => {
            let cells = |cells: &[Vec<Inline>]| {
                let names = columns.iter().skip(1).map(|column| said(&column.label));
                let cells = names.zip(cells).map(|(name, cell)| format!("{name}: {}", said(cell)));
                cells.collect::<Vec<_>>().join(" · ")
            };
            rows.iter().map(|one| row(&one.head, cells(&one.cells), " – ")).collect()
        }
        Block::Quote { paraphrase, label, words, source, .. } => {
            let label = Some(said(label)).filter(|label| !label.is_empty()).map(|label| format!("{label}: "));
            let words = if *paraphrase { said(words) } else { format!("“{}”", said(words)) };
            let text = format!("{}{words} {}", label.unwrap_or_default(), said(source));
            vec![Line { text, kind: Kind::Quote }]
        }
        // The table below a chart has its numbers.
        _ => Vec::new(),
    }
}

fn said(runs: &[Inline]) -> String {
    let text = |run: &Inline| match run {
        Inline::Figure(figure) => figure.text.clone(),
        Inline::Text { text }
        | Inline::Emphasis { text }
        | Inline::Date { text, .. }
        | Inline::Reference { text, .. }
        | Inline::Quote { text, .. }
        | Inline::Cited { text }
        | Inline::Link { text, .. } => text.clone(),
    };
    runs.iter().map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paper::document::{FORMAT, Status, Tone};

    fn document(blocks: Vec<Block>) -> Document {
        Document {
            format: FORMAT.to_owned(),
            title: String::new(),
            language: String::new(),
            status: Status::Published,
            position: 1,
            dated: None,
            hash: String::new(),
            tag: Vec::new(),
            kicker: Vec::new(),
            standing: Vec::new(),
            footer: Vec::new(),
            page_of: String::new(),
            no_letter: String::new(),
            blocks,
        }
    }

    fn words(text: &str) -> Vec<Inline> {
        vec![Inline::Text { text: text.to_owned() }]
    }

    fn part(id: &str, lines: &[&str]) -> Vec<Block> {
        let heading = Block::Heading { level: 2, id: id.to_owned(), text: words(id) };
        let lines = lines.iter().map(|line| Block::Paragraph { tone: Tone::Plain, text: words(line) });
        std::iter::once(heading).chain(lines).collect()
    }

    fn shown(before: Vec<Block>, after: Vec<Block>) -> Vec<String> {
        let mark = |piece: &Piece| match (piece.went(), piece.came()) {
            (true, _) => format!("[-{}-]", piece.text),
            (_, true) => format!("[+{}+]", piece.text),
            _ => piece.text.clone(),
        };
        let changes = changes(&document(before), &document(after));
        let line = |line: &Vec<Piece>| line.iter().map(mark).collect::<String>();
        let shown = |part: Changed| {
            let lines: Vec<_> = part.lines.iter().map(line).collect();
            format!("{} {:?}: {}", part.title, part.fate, lines.join(" / "))
        };
        changes.into_iter().map(shown).collect()
    }

    #[test]
    fn a_part_is_compared_with_itself_wherever_it_stands() {
        let before =
            [part("fares", &["Heard at 3 tables.", "Nobody asked us."]), part("gone", &["Once."])].concat();
        let after =
            [part("new", &["Now."]), part("fares", &["Heard at 4 tables.", "Nobody asked us."])].concat();
        assert_eq!(
            shown(before, after),
            ["new Came: [+Now.+]", "fares Stays: Heard at [-3 -][+4 +]tables.", "gone Went: [-Once.-]"]
        );
    }

    #[test]
    fn what_is_the_same_is_left_out_and_so_are_the_lists() {
        let same = || part("fares", &["Heard at 3 tables."]);
        let before = [same(), part("words", &["One"])].concat();
        let after = [same(), part("words", &["Two"]), part("lists", &["Three"])].concat();
        assert_eq!(shown(before, after), Vec::<String>::new());
    }

    #[test]
    fn no_quote_is_mixed_up_with_another() {
        let quote = |words: &str| {
            let mut part = part("fares", &[]);
            let (words, label, source) = (self::words(words), Vec::new(), self::words("at table"));
            part.push(Block::Quote { contrary: false, paraphrase: false, label, words, source });
            part
        };
        assert_eq!(
            shown(quote("We waited for an hour"), quote("We waited for a day")),
            ["fares Stays: [+“We waited for a day” at table+] / [-“We waited for an hour” at table-]"]
        );
    }

    #[test]
    fn a_line_that_came_stands_alone() {
        let before = part("fares", &["One.", "Three."]);
        let after = part("fares", &["One.", "Two.", "Three."]);
        assert_eq!(shown(before, after), ["fares Stays: [+Two.+]"]);
    }
}
