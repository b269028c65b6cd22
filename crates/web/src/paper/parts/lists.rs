//! The lists at the end: what each figure counts, and the words.

use std::collections::BTreeMap;

use domain::Span;
use projections::summary::{Evidence, Shown};
use projections::{Query, Unit, jumps};

use super::{Source, heading, paragraph, who};
use crate::pages::contributions::asked_for;
use crate::paper::document::{Block, Inline, Said, Target, Tone};
use crate::paper::runs::{self, Runs, date, dotted, figure, joined, words};
use crate::paper::{Reach, anchor, changes, walk};

/// Contributions whose words are printed; a paper about more would be a book, and the other forms have them all.
const PRINTED: usize = 1_000;

/// On a page a figure leads to another page, so that nothing needs to be listed.
pub(super) fn blocks(source: &Source<'_>, paper: &[&[Block]]) -> Vec<Block> {
    if source.reach == Reach::Page {
        return Vec::new();
    }
    let mut blocks =
        vec![heading(2, "lists", words("annex-lists")), paragraph(Tone::Plain, words("annex-lists-lead"))];
    let mut led = BTreeMap::new();
    for part in paper {
        walk::figures(part, &mut |one| {
            if let Inline::Figure(figure) = one
                && figure.is_listed()
            {
                led.insert(figure.query.to_string(), figure.query);
            }
        });
    }
    blocks.extend(led.values().map(|query| listing(source, query)));
    blocks.push(heading(2, "words", words("annex-words")));
    blocks.push(match source.reach == Reach::Print && source.s.evidence.len() > PRINTED {
        true => paragraph(Tone::Plain, words("annex-words-elsewhere")),
        false => Block::Words { said: source.s.evidence.iter().map(|one| said(source, one)).collect() },
    });
    blocks
}

fn listing(source: &Source<'_>, query: &Query) -> Block {
    let views = source.views;
    let whole = query.theme.filter(|theme| *query == Query::theme(*theme));
    let jumped = whole.into_iter().flat_map(|theme| jumps(&source.s.changes, theme));
    Block::Listing {
        id: anchor(query),
        about: about(source, query),
        count: vec![figure(&query.figure(views, Unit::Contributions, None))],
        jumps: jumped.map(|jump| changes::jump(jump, &source.clock)).collect(),
        positions: query.select(views).into_iter().map(|(position, _)| position.get()).collect(),
    }
}

fn about(source: &Source<'_>, query: &Query) -> Runs {
    let parts = asked_for(source.views, *query);
    let named = |message| {
        runs::runs(message, |name, text| match (name, text.parse::<u16>()) {
            ("n", Ok(round)) => vec![Inline::Reference { text: text.to_owned(), to: Target::Round(round) }],
            ("table", Ok(table)) => {
                vec![Inline::Reference { text: text.to_owned(), to: Target::Table(table) }]
            }
            ("position", Ok(position)) => {
                vec![Inline::Reference { text: text.to_owned(), to: Target::Contribution(position.into()) }]
            }
            ("link", _) => {
                vec![Inline::Reference { text: text.to_owned(), to: Target::Record(source.s.position) }]
            }
            _ => vec![runs::cited(text)],
        })
    };
    match parts.is_empty() {
        true => words("about-all"),
        false => joined(parts.iter().map(named), ", "),
    }
}

fn said(source: &Source<'_>, one: &Evidence) -> Said {
    let words = match &one.words {
        Some(text) => {
            let all = Span { from: 0, to: u32::try_from(text.len()).unwrap_or(u32::MAX) };
            vec![source.said(one.position, all, text)]
        }
        None => instead(one.shown),
    };
    let meta = dotted([
        vec![runs::contribution(one.position)],
        who(one.table, one.side),
        vec![source.round(one.round)],
        vec![date(&source.clock, one.when)],
    ]);
    Said { position: one.position, words, meta }
}

fn instead(shown: Shown) -> Runs {
    words(match shown {
        Shown::Withdrawn => "words-withdrawn",
        Shown::Erased => "words-erased",
        Shown::Held => "words-held",
        Shown::NoWords => "words-blank",
        Shown::Unread | Shown::SetAside | Shown::Words => "words-unread",
    })
}
