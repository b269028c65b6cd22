//! The paper as HTML: blocks by a template, runs as elements whose class is their type.

use std::fmt::Write as _;

use askama::Template;

use super::document::{
    Align, Block, Column, Counted, Document, GroupStyle, Inline, ListStyle, Side, Status, Target, Tone,
};
use super::{Reach, anchor};
use crate::Error;
use crate::assets::style_sheet;
use crate::guard::Visit;
use crate::pages::Shell;
use crate::say::{Catalogue, Message, say};
use projections::{EvidenceSummary, Views};

#[derive(Template)]
#[template(path = "paper.html")]
struct Paper<'a> {
    t: Catalogue,
    paper: &'a Document,
    /// The page that it stands on; `None` for a file that stands alone.
    shell: Option<Shell>,
    style: String,
    links: Links,
    /// Its other forms: where they are, and what they are called.
    forms: Vec<(String, Message)>,
}

/// A part of the paper: a heading of the second level and what follows it.
#[derive(Template)]
#[template(path = "_paper_blocks.html")]
struct Blocks<'a> {
    blocks: &'a [Block],
    links: Links,
}

/// Where figures and references lead.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Links {
    /// To pages of the assembly, by the way from where this stands to its addresses.
    Pages(&'static str),
    /// To the lists at the end.
    Lists,
    /// To other parts of the same file, which has no lists.
    Parts,
    /// Nowhere: they stand within a picture.
    Nowhere,
}

pub(super) fn file(paper: &Document) -> Result<String, Error> {
    let links = match paper.status {
        Status::Draft | Status::Published => Links::Lists,
        Status::Evidence => Links::Parts,
    };
    Ok(Paper { t: Catalogue, paper, shell: None, style: style_sheet(), links, forms: Vec::new() }.render()?)
}

pub(crate) fn page(visit: &Visit, views: &Views, summary: &EvidenceSummary) -> Result<String, Error> {
    let shell = Some(Shell::new(visit, views, "summary", say("summary-title")));
    let paper = &Document::of(views, summary, Reach::Page)?;
    let forms = [("pdf", "paper-pdf"), ("json", "paper-json"), ("csv", "paper-csv")];
    let forms = forms.map(|(end, name)| (format!("summary.{end}"), say(name))).into();
    Ok(Paper { t: Catalogue, paper, shell, style: String::new(), links: Links::Pages(""), forms }.render()?)
}

/// A published version. It carries its own lists, because the record has moved on.
pub(crate) fn published(
    visit: &Visit,
    views: &Views,
    paper: &Document,
    number: &str,
) -> Result<String, Error> {
    let shell = Some(Shell::new(visit, views, "published", say("published-title")));
    let forms = vec![
        (format!("published/{number}/paper.pdf"), say("paper-pdf")),
        (format!("published/{number}/paper.json"), say("paper-json")),
        ("published".to_owned(), say("versions-all")),
    ];
    Ok(Paper { t: Catalogue, paper, shell, style: String::new(), links: Links::Lists, forms }.render()?)
}

/// How a decision was taken, on a page one folder below the assembly's own.
pub(crate) fn evidence(visit: &Visit, views: &Views, paper: &Document, number: u16) -> Result<String, Error> {
    let shell = Some(Shell::new(visit, views, "decision", &paper.title));
    let forms = [("html", "evidence-html"), ("pdf", "evidence-pdf"), ("json", "evidence-json")];
    let forms = forms.map(|(end, name)| (format!("decision/{number}/evidence.{end}"), say(name)));
    let forms = forms.into_iter().chain([("decisions".to_owned(), say("decisions-all"))]).collect();
    let links = Links::Pages("../");
    Ok(Paper { t: Catalogue, paper, shell, style: String::new(), links, forms }.render()?)
}

impl Paper<'_> {
    /// What the window calls it.
    fn window(&self) -> Message {
        match self.paper.status {
            Status::Draft | Status::Published => say("summary-title"),
            Status::Evidence => say("evidence-title"),
        }
    }

    fn runs(&self, runs: &[Inline]) -> String {
        self.links.runs(runs)
    }

    /// The blocks in sections, each with the id of its heading.
    fn sections(&self) -> Result<String, askama::Error> {
        let mut html = String::new();
        for section in sections(&self.paper.blocks) {
            let drawn = Blocks { blocks: section, links: self.links }.render()?;
            // Writing to a string cannot fail.
            let _ = match section {
                [Block::Heading { level: 2, id, .. }, ..] => {
                    write!(html, "<section aria-labelledby=\"{}\">{drawn}</section>", escaped(id))
                }
                _ => write!(html, "{drawn}"),
            };
        }
        Ok(html)
    }
}

fn sections(blocks: &[Block]) -> impl Iterator<Item = &[Block]> {
    blocks.chunk_by(|before, after| !stands_alone(before) && !begins_a_section(after))
}

fn begins_a_section(block: &Block) -> bool {
    stands_alone(block) || matches!(block, Block::Heading { level: 2, .. })
}

fn stands_alone(block: &Block) -> bool {
    matches!(block, Block::Annex { .. } | Block::PageBreak | Block::Group { style: GroupStyle::Notice, .. })
}

impl Blocks<'_> {
    fn runs(&self, runs: &[Inline]) -> String {
        self.links.runs(runs)
    }

    /// Runs within a picture, where nothing can be followed.
    fn still(&self, runs: &[Inline]) -> String {
        Links::Nowhere.runs(runs)
    }

    fn inner(&self, blocks: &[Block]) -> Result<String, askama::Error> {
        Blocks { blocks, links: self.links }.render()
    }

    /// Of the cell that stands at that place in a row, from 1 behind its header.
    fn is_number(&self, columns: &[Column], place: &usize) -> bool {
        columns.get(*place).is_none_or(|column| column.align == Align::End)
    }

    /// The id of the heading that a group begins with.
    fn named<'b>(&self, blocks: &'b [Block]) -> &'b str {
        match blocks {
            [Block::Heading { id, .. }, ..] => id,
            _ => "",
        }
    }
}

impl Links {
    fn runs(self, runs: &[Inline]) -> String {
        runs.iter().map(|run| self.run(run)).collect()
    }

    fn run(self, run: &Inline) -> String {
        match run {
            Inline::Text { text } => escaped(text),
            Inline::Emphasis { text } => format!("<strong>{}</strong>", escaped(text)),
            Inline::Figure(figure) => {
                let Counted { text, query, .. } = &**figure;
                let href = match self {
                    _ if !figure.is_listed() => None,
                    Links::Pages(way) => Some(format!("{way}contributions?{query}")),
                    Links::Lists => Some(format!("#{}", anchor(query))),
                    Links::Parts | Links::Nowhere => None,
                };
                element("figure", href.as_deref(), text)
            }
            Inline::Date { text, iso } => {
                format!("<time class=\"date\" datetime=\"{}\">{}</time>", escaped(iso), escaped(text))
            }
            Inline::Reference { text, to } => element("ref", self.target(to).as_deref(), text),
            Inline::Quote { text, .. } => element("said", None, text),
            Inline::Cited { text } => element("cited", None, text),
            Inline::Link { text, href } => element("link", Some(href), text),
        }
    }

    fn target(self, to: &Target) -> Option<String> {
        match (to, self) {
            (Target::Contribution(position), Links::Lists) => Some(format!("#p{position}")),
            (Target::Section(id), Links::Pages(_) | Links::Lists | Links::Parts) => Some(format!("#{id}")),
            (to, Links::Pages(way)) => page_of(to).map(|page| format!("{way}{page}")),
            _ => None,
        }
    }
}

/// The page of the assembly that shows it.
fn page_of(to: &Target) -> Option<String> {
    match to {
        Target::Contribution(position) => Some(format!("contributions?position={position}")),
        Target::Event(position) => Some(format!("log/event/{position}")),
        Target::Version(number) => Some(format!("published/{number}")),
        Target::Duty(number) => Some(format!("duty/{number}")),
        Target::Decision(number) => Some(format!("decision/{number}")),
        _ => None,
    }
}

fn element(class: &str, href: Option<&str>, text: &str) -> String {
    let text = escaped(text);
    match href {
        Some(href) => format!("<a class=\"{class}\" href=\"{}\">{text}</a>", escaped(href)),
        None => format!("<span class=\"{class}\">{text}</span>"),
    }
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            letter => safe.push(letter),
        }
    }
    safe
}

impl Side {
    fn class(self) -> &'static str {
        match self {
            Side::Room => "room",
            Side::Remote => "remote",
            Side::Other => "other",
            Side::All => "all",
        }
    }
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Tone::Plain => "para",
            Tone::Lead => "lead",
            Tone::Quiet => "quiet",
            Tone::Question => "question-text",
            Tone::Definition => "definition",
            Tone::Meta => "meta",
            Tone::Jump => "jump",
            Tone::Prose => "prose",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_text_wherever_they_stand() {
        let nasty = "<script>\"&'</script>";
        for run in [
            Inline::Text { text: nasty.into() },
            Inline::Quote {
                text: nasty.into(),
                origin: crate::paper::document::Origin { contribution: 1, words_at: 1, from: 0, to: 1 },
            },
            Inline::Cited { text: nasty.into() },
            Inline::Link { text: nasty.into(), href: nasty.into() },
            Inline::Date { text: nasty.into(), iso: nasty.into() },
        ] {
            let html = Links::Pages("").run(&run);
            assert!(
                !html.contains("<script") && !html.contains("&'") && html.contains("&lt;script&gt;"),
                "{html}"
            );
        }
    }
}
