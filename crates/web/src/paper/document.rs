//! The board's paper as data: blocks of typed runs, from which the HTML and the PDF are both drawn.
//!
//! A run of text never holds a digit. What does is a figure, which names the query that counts it; a date; a reference
//! to a place in the record or the rule; or somebody's words, quoted or cited as they stand in the record.
//! `assets/paper.schema.json` describes the JSON form.

use projections::{Figure, Query, Unit};
use serde::{Deserialize, Serialize};

/// Names the shape of the JSON form; a changed shape gets a new number.
pub const FORMAT: &str = "plenary-paper/v1";

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Document {
    pub format: String,
    pub title: String,
    /// A language tag (BCP 47).
    pub language: String,
    pub status: Status,
    /// The position of the record at which everything here was counted.
    pub position: u64,
    /// When the event at that position was recorded, in seconds since 1970.
    pub dated: Option<u64>,
    /// Of a draft, SHA-256 of the summary's JSON form, which this was drawn from. Of a published version, what the record
    /// names it by. Of the evidence of a decision, SHA-256 of its blocks as JSON.
    pub hash: String,
    /// What the status is called.
    pub tag: Vec<Inline>,
    /// Over the title: for whom it is.
    pub kicker: Vec<Inline>,
    /// Under the title: what it is, as of when.
    pub standing: Vec<Inline>,
    /// At the foot of every page.
    pub footer: Vec<Inline>,
    /// `Page { page } of { pages }`, for whoever sets pages.
    pub page_of: String,
    /// Printed at the end where letters had to be replaced by a box, because no font here has them.
    pub no_letter: String,
    pub blocks: Vec<Block>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    Draft,
    Published,
    /// How a decision was taken.
    Evidence,
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(tag = "run", rename_all = "kebab-case")]
pub enum Inline {
    Text {
        text: String,
    },
    Emphasis {
        text: String,
    },
    /// Any number that was counted.
    Figure(Box<Counted>),
    /// A point in time, a day or a length of time, with its machine form (ISO 8601).
    Date {
        text: String,
        iso: String,
    },
    Reference {
        text: String,
        to: Target,
    },
    /// A participant's words, as they stand in the record.
    Quote {
        text: String,
        origin: Origin,
    },
    /// Words of the board, the organisers or the theme team, as they stand in the record.
    Cited {
        text: String,
    },
    Link {
        text: String,
        href: String,
    },
}

/// A figure as a run: how it is said, and what counts it.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Counted {
    pub text: String,
    pub value: u64,
    pub of: Option<u64>,
    pub of_query: Option<Query>,
    pub of_unit: Option<Unit>,
    pub unit: Unit,
    pub query: Query,
    pub position: u64,
}

impl Counted {
    /// Whether there is a list of the contributions that it counts: ballots and members are listed nowhere.
    pub(super) fn is_listed(&self) -> bool {
        self.value > 0 && self.query.poll.is_none() && !self.unit.is_about_members()
    }
}

impl Inline {
    pub(super) fn figure(figure: &Figure, text: String) -> Self {
        let Figure { value, of, of_query, of_unit, unit, query, position, .. } = *figure;
        Inline::Figure(Box::new(Counted { text, value, of, of_query, of_unit, unit, query, position }))
    }
}

/// Where quoted words stand in the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Origin {
    /// The position of the contribution.
    pub contribution: u64,
    /// The position of the event that holds the words: the contribution itself or its latest correction.
    pub words_at: u64,
    /// Which bytes of them these are.
    pub from: u32,
    pub to: u32,
}

/// What a reference leads to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(tag = "kind", content = "at", rename_all = "kebab-case")]
pub enum Target {
    /// The record up to this position.
    Record(u64),
    /// One event of the record.
    Event(u64),
    /// One contribution.
    Contribution(u64),
    Table(u16),
    Round(u16),
    Poll(u16),
    /// A change of the themes, by its number, and what it says of itself.
    Change(u16),
    /// A published version of the paper.
    Version(u16),
    Duty(u16),
    Decision(u16),
    /// The rule that was fixed before the first round.
    Rule,
    /// A heading of this paper.
    Section(String),
}

/// Where something came in; each has its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    Room,
    Remote,
    Other,
    All,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tone {
    Plain,
    /// What is read first.
    Lead,
    /// A note beside the matter.
    Quiet,
    /// A question that was asked.
    Question,
    /// What a theme means.
    Definition,
    /// Several short facts in a row.
    Meta,
    /// Why a count jumped.
    Jump,
    /// What an editor wrote around the figures.
    Prose,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListStyle {
    Bullets,
    Numbers,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum GroupStyle {
    /// One finding, which stays on one page.
    Finding,
    /// What must not be overlooked.
    Notice,
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(tag = "block", rename_all = "kebab-case")]
pub enum Block {
    /// Levels 2 and 3; the title is the first.
    Heading {
        level: u8,
        id: String,
        text: Vec<Inline>,
    },
    Paragraph {
        tone: Tone,
        text: Vec<Inline>,
    },
    List {
        style: ListStyle,
        items: Vec<Vec<Block>>,
    },
    Facts {
        facts: Vec<Fact>,
    },
    /// Each bar with its figure as text beside it.
    Bars {
        bars: Vec<Bar>,
    },
    /// Of what the table after it says in numbers.
    Chart {
        alt: Vec<Inline>,
        legend: Vec<Legend>,
        groups: Vec<BarGroup>,
    },
    Table {
        id: String,
        caption: Vec<Inline>,
        columns: Vec<Column>,
        rows: Vec<Row>,
    },
    Quote {
        contrary: bool,
        /// In a facilitator's wording, so that no quotation marks belong around it.
        #[serde(default)]
        paraphrase: bool,
        label: Vec<Inline>,
        words: Vec<Inline>,
        source: Vec<Inline>,
    },
    /// Side by side where there is room, else one after the other.
    Beside {
        first: Vec<Block>,
        second: Vec<Block>,
    },
    Group {
        style: GroupStyle,
        blocks: Vec<Block>,
    },
    Command {
        lines: Vec<String>,
    },
    /// What follows is the annex.
    Annex {
        id: String,
        title: Vec<Inline>,
    },
    Contents {
        title: Vec<Inline>,
        entries: Vec<Entry>,
    },
    PageBreak,
    /// The contributions that one figure or several count.
    Listing {
        id: String,
        about: Vec<Inline>,
        count: Vec<Inline>,
        jumps: Vec<Vec<Inline>>,
        positions: Vec<u64>,
    },
    Words {
        said: Vec<Said>,
    },
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Fact {
    pub side: Side,
    pub label: Vec<Inline>,
    pub value: Vec<Inline>,
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Bar {
    pub side: Side,
    pub label: Vec<Inline>,
    /// How long it is, in hundredths of the whole.
    pub percent: u64,
    pub figure: Vec<Inline>,
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct BarGroup {
    pub name: Vec<Inline>,
    pub bars: Vec<Bar>,
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Legend {
    pub side: Side,
    pub label: Vec<Inline>,
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Column {
    pub label: Vec<Inline>,
    pub align: Align,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Align {
    Start,
    /// Numbers, under each other.
    End,
}

/// A row; its first cell is its header.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Row {
    pub head: Vec<Inline>,
    pub cells: Vec<Vec<Inline>>,
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Entry {
    pub id: String,
    pub text: Vec<Inline>,
}

/// One contribution in the annex.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Said {
    pub position: u64,
    /// What was said, or why it does not stand here.
    pub words: Vec<Inline>,
    pub meta: Vec<Inline>,
}
