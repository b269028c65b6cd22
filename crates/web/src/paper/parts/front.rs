//! The first page: the paper in a few sentences, the question and what it feeds, who took part.

use projections::Figure;
use projections::summary::QuestionPart;

use super::{Source, asks, heading, paragraph, plain};
use crate::paper::document::{Block, Fact, ListStyle, Side, Tone};
use crate::paper::runs::{
    Runs, alone, cited, day, dotted, figure, joined, line, number, part, prose, sentences, table, text, words,
};

/// Themes that are named in the first sentences.
const NAMED: usize = 3;

pub(super) fn blocks(source: &Source<'_>) -> Vec<Block> {
    let mut blocks = vec![heading(2, "short", words("paper-short")), in_short(source)];
    if !source.s.opening.is_empty() {
        blocks.push(paragraph(Tone::Prose, prose(&source.s.opening)));
    }
    blocks.extend(questions(source));
    blocks.extend(took_part(source));
    blocks
}

fn in_short(source: &Source<'_>) -> Block {
    let points = [who_spoke(source), heard_most(source), asked_of_the_board(source), read(source)];
    let items = points.into_iter().filter(|point| !point.is_empty()).map(plain).collect();
    Block::List { style: ListStyle::Bullets, items }
}

/// Rooms and homes are counted apart; over several rounds a voice is only counted within one.
fn who_spoke(source: &Source<'_>) -> Runs {
    let took = &source.s.took_part;
    let contributions = figure(&took.contributions);
    let in_round = |q: &QuestionPart| {
        let (voices, round) = ([alone(&q.remote_voices)], [source.round(q.round)]);
        line("paper-short-home-rounds").with("voices", voices).with("round", round).runs()
    };
    let home = match (source.remote(), source.has_rounds()) {
        (true, true) => {
            let rounds = source.s.questions.iter().filter(|q| q.remote_voices.value > 0).map(in_round);
            joined(rounds, ", ")
        }
        (true, false) => line("paper-short-home").with("voices", [figure(&took.remote_voices)]).runs(),
        (false, _) => Runs::new(),
    };
    let room = match source.room() {
        true => line("paper-short-room").with("tables", [figure(&took.tables)]).runs(),
        false => Runs::new(),
    };
    let other = match source.other() {
        true if source.other_voices() => {
            line("paper-short-other-voices").with("voices", [alone(&took.other_voices)]).runs()
        }
        true => line("paper-short-other").with("contributions", [alone(&took.other_contributions)]).runs(),
        false => Runs::new(),
    };
    let from = joined([room, home, other], ", ");
    if from.is_empty() {
        return line("paper-short-all").with("contributions", [contributions]).runs();
    }
    line("paper-short-took").with("contributions", [contributions]).with("from", from).runs()
}

fn heard_most(source: &Source<'_>) -> Runs {
    let named = source.s.findings.iter().take(NAMED).map(|finding| {
        let sides = source.sides_of(finding);
        let counted = joined(sides.into_iter().map(|(_, counted)| vec![figure(counted)]), ", ");
        line("paper-short-theme").with("theme", [cited(&finding.name)]).with("counted", counted).runs()
    });
    let named = joined(named, "; ");
    if named.is_empty() { named } else { line("paper-short-most").with("themes", named).runs() }
}

fn read(source: &Source<'_>) -> Runs {
    let method = &source.s.method;
    match method.unread.value {
        0 => line("paper-short-read-all").with("read", [figure(&method.read)]).runs(),
        _ => line("paper-short-unread").with("unread", [figure(&method.unread)]).runs(),
    }
}

/// What the board is asked, from whom and by when; a day only once a version has been published.
fn asked_of_the_board(source: &Source<'_>) -> Runs {
    let Some(duties) = &source.s.duties else { return Runs::new() };
    let themes = asks::in_order(source, duties);
    if themes.is_empty() {
        return Runs::new();
    }
    let names = themes.iter().map(|due| line("paper-name").with("name", [cited(&due.name)]).runs());
    let by: Option<Vec<_>> = themes.iter().map(|due| due.owed.map(|owed| owed.due)).collect();
    let asked = match by.and_then(|days| days.into_iter().max()) {
        Some(last) => line("paper-short-asked-by").with("due", [day(last)]),
        None => line("paper-short-asked").with("days", [asks::working_days(&duties.rule)]),
    };
    asked.with("themes", joined(names, ", ")).with("owner", [cited(&duties.rule.owner)]).runs()
}

fn questions(source: &Source<'_>) -> Vec<Block> {
    let item = |q: &QuestionPart| {
        let round = joined([vec![source.round(q.round)], vec![cited(&q.title)]], ": ");
        let counted = [
            (true, alone(&q.contributions)),
            (source.room(), figure(&q.tables)),
            (source.remote(), alone(&q.remote_voices)),
        ];
        let counted = counted.into_iter().filter(|(shown, _)| *shown).map(|(_, one)| vec![one]);
        vec![
            paragraph(Tone::Question, vec![cited(&q.question)]),
            paragraph(Tone::Meta, dotted([round].into_iter().chain(counted))),
        ]
    };
    vec![
        heading(2, "asked", words("paper-1")),
        paragraph(Tone::Lead, vec![cited(&source.s.purpose)]),
        Block::List { style: ListStyle::Numbers, items: source.s.questions.iter().map(item).collect() },
    ]
}

fn took_part(source: &Source<'_>) -> Vec<Block> {
    let note = match source.has_rounds() && source.remote() {
        true => {
            let all = [alone(&source.s.took_part.remote_voices)];
            sentences([words("counting-note"), line("voices-per-question").with("voices", all).runs()])
        }
        false => words("counting-note"),
    };
    let mut blocks = vec![
        heading(2, "took-part", words("paper-2")),
        Block::Facts { facts: facts(source) },
        paragraph(Tone::Quiet, note),
    ];
    blocks.push(super::represented::in_short(source));
    let silent = source.s.took_part.silent_tables.iter().map(|silent| vec![table(*silent)]);
    let silent = joined(silent, ", ");
    if !silent.is_empty() {
        blocks.push(paragraph(Tone::Plain, line("paper-silent").with("tables", silent).runs()));
    }
    blocks
}

fn facts(source: &Source<'_>) -> Vec<Fact> {
    let took = &source.s.took_part;
    let whole =
        |side, key: &str, counted: &Figure| Fact { side, label: words(key), value: vec![number(counted)] };
    let mut facts = vec![whole(Side::All, "fact-contributions", &took.contributions)];
    if source.room() {
        facts.push(Fact { side: Side::Room, label: words("fact-tables"), value: vec![part(&took.tables)] });
    }
    if source.remote() {
        facts.extend(source.s.questions.iter().map(|q| Fact {
            side: Side::Remote,
            label: match source.has_rounds() {
                true => [words("fact-voices"), vec![text(", "), source.round(q.round)]].concat(),
                false => words("fact-voices"),
            },
            value: vec![number(&q.remote_voices)],
        }));
    }
    if source.other() {
        facts.push(whole(Side::Other, "fact-other", &took.other_contributions));
        facts.push(whole(Side::Other, "fact-other-voices", &took.other_voices));
    }
    facts
}
