//! How views moved during the day: when each theme was first heard, how it stood in each round, and what polls said.

use projections::summary::{Finding, FirstHeard, InRound, PollOption, PollPart};

use super::{Source, heading, paragraph};
use crate::paper::changes;
use crate::paper::document::{Align, Block, Column, ListStyle, Row, Target, Tone};
use crate::paper::runs::{
    Runs, alone, cited, dotted, joined, line, number, part, refer, round, said_as, sentences, text, time,
    words,
};
use crate::say::say;

pub(super) fn blocks(source: &Source<'_>) -> Vec<Block> {
    let parts = [by_round(source), polls(source), changed(source)].concat();
    match parts.is_empty() {
        true => parts,
        false => [vec![heading(2, "movement", words("paper-5"))], parts].concat(),
    }
}

/// An import says nothing of a day.
fn by_round(source: &Source<'_>) -> Vec<Block> {
    if source.s.findings.is_empty() || !(source.room() || source.remote()) {
        return Vec::new();
    }
    let rounds = source.s.questions.iter().map(|question| question.round);
    let of_round = |number| {
        let sides = [(source.room(), "movement-tables"), (source.remote(), "movement-voices")];
        let sides = sides.into_iter().filter(|(there, _)| *there);
        sides.map(move |(_, side)| [vec![round(number), text(", ")], words(side)].concat())
    };
    let columns = [words("movement-first")].into_iter().chain(rounds.flat_map(of_round));
    let columns = columns.map(|label| Column { label, align: Align::End });
    let table = Block::Table {
        id: "by-round".to_owned(),
        caption: words("movement-caption"),
        columns: [Column { label: words("col-theme"), align: Align::Start }]
            .into_iter()
            .chain(columns)
            .collect(),
        rows: source.s.findings.iter().map(|finding| row(source, finding)).collect(),
    };
    vec![table]
}

fn row(source: &Source<'_>, finding: &Finding) -> Row {
    let movement = &finding.movement;
    let first = |first: &FirstHeard| vec![time(&source.clock, first.at)];
    let cells = |moved: &InRound| {
        let sides = [(source.room(), moved.tables), (source.remote(), moved.remote_voices)];
        sides
            .into_iter()
            .filter(|(there, _)| *there)
            .map(|(_, counted)| vec![part(&counted)])
            .collect::<Vec<_>>()
    };
    let first = movement.first_heard.as_ref().map(first).unwrap_or_default();
    let rounds = movement.by_round.iter().flat_map(cells);
    Row { head: vec![cited(&finding.name)], cells: [first].into_iter().chain(rounds).collect() }
}

fn polls(source: &Source<'_>) -> Vec<Block> {
    source.s.polls.iter().flat_map(|poll| one_poll(source, poll)).collect()
}

fn one_poll(source: &Source<'_>, poll: &PollPart) -> Vec<Block> {
    let name = |number: u16| refer(&say("poll-n").num("n", number), Target::Poll(number));
    let title = joined([vec![name(poll.number)], vec![cited(&poll.question)]], ": ");
    let again = poll.repeats.map(|before| line("poll-again").with("poll", [name(before)]).runs());
    let voted = line("poll-voted")
        .with("room", [alone(&poll.room)])
        .with("remote", [alone(&poll.remote)])
        .with("time", [time(&source.clock, poll.opened_at)])
        .runs();
    let columns = [("poll-answer", Align::Start), ("side-room", Align::End), ("side-remote", Align::End)];
    let rows = poll.options.iter().map(|option| Row {
        head: answer(option),
        cells: vec![vec![part(&option.room)], vec![part(&option.remote)]],
    });
    vec![
        heading(3, &format!("poll-{}", poll.number), title),
        Block::Table {
            id: format!("votes-{}", poll.number),
            caption: sentences([voted, again.unwrap_or_default()]),
            columns: columns.into_iter().map(|(key, align)| Column { label: words(key), align }).collect(),
            rows: rows.collect(),
        },
    ]
}

fn answer(option: &PollOption) -> Runs {
    match (&option.text, option.number) {
        (Some(text), _) => vec![cited(text)],
        (None, 1) => words("temperature-red"),
        (None, 2) => words("temperature-amber"),
        (None, _) => words("temperature-green"),
    }
}

/// Changes of the themes that moved numbers; names given and definitions written move none.
fn changed(source: &Source<'_>) -> Vec<Block> {
    let moved = source.s.changes.iter().filter(|change| change.moved > 0 || change.reason.is_some());
    let items: Vec<_> =
        moved.map(|one| vec![paragraph(Tone::Plain, changes::change(one, &source.clock))]).collect();
    if items.is_empty() {
        return Vec::new();
    }
    vec![
        heading(3, "changes", words("paper-5-changes")),
        paragraph(Tone::Plain, words("paper-5-lead")),
        Block::List { style: ListStyle::Bullets, items },
    ]
}

/// How people backed what was quoted, and how many at home agreed with it.
pub(super) fn backing(backing: &projections::summary::Backing) -> Runs {
    let heard = match backing.heard_from.value {
        0 => Runs::new(),
        heard => vec![said_as(&backing.heard_from, &say("heard-from-n").num("n", heard))],
    };
    let marks = match backing.agree.of {
        None | Some(0) => Runs::new(),
        Some(_) => line("contrary-marks")
            .with("agree", [part(&backing.agree)])
            .with("disagree", [number(&backing.disagree)])
            .runs(),
    };
    dotted([heard, marks])
}
