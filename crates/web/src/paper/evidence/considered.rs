//! The fourth principle: what lay before the board, what somebody there said to have read, and what each theme that was
//! owed an answer got.

use projections::Timing;
use projections::decisions::{Answer, Considered, Opened};

use super::{Source, event, table, version};
use crate::pages::duties::told::verdict;
use crate::paper::document::{Block, Inline, Row, Target, Tone};
use crate::paper::parts::{heading, paragraph};
use crate::paper::runs::{Runs, cited, day, dotted, duty, joined, line, refer, sentences, words};
use crate::say::say;

pub(super) fn blocks(source: &Source<'_>) -> Vec<Block> {
    let mut blocks = vec![
        heading(2, "considered", words("evidence-considered")),
        paragraph(Tone::Quiet, words("principle-considered")),
    ];
    for one in &source.e.versions {
        blocks.extend(read(source, one));
    }
    blocks.push(paragraph(Tone::Quiet, words("considered-opt-in")));
    blocks.extend(answers(source));
    blocks
}

fn read(source: &Source<'_>, one: &Considered<'_>) -> Vec<Block> {
    let number = one.published.version;
    let lay = match number == source.e.decision.version {
        true => words("considered-lay"),
        false => Runs::new(),
    };
    let published = line("considered-version")
        .with("when", [source.when(one.when)])
        .with("apart", [source.apart(one.when)])
        .with("position", [event(one.when)])
        .runs();
    let counted = one.published.counted_at;
    let counted = refer(&say("paper-position").num("position", counted), Target::Record(counted));
    let counted = line("considered-counted").with("position", [counted]).runs();
    let mut blocks = vec![
        heading(3, &format!("version-{number}"), vec![version(number)]),
        paragraph(Tone::Plain, sentences([published, counted, lay])),
    ];
    match one.opened.is_empty() {
        true => blocks.push(paragraph(Tone::Plain, words("considered-nobody"))),
        false => {
            let columns = ["col-part", "col-reader", "col-when", "col-apart"].map(words);
            let rows = one.opened.iter().map(|opened| part(source, opened)).collect();
            blocks.push(table(&format!("read-{number}"), words("considered-caption"), &columns, rows));
        }
    }
    blocks
}

fn part(source: &Source<'_>, opened: &Opened<'_>) -> Row {
    let reader = opened.reader.map(|reader| {
        let at = reader.link_at.get();
        let link = refer(&say("considered-link").num("position", at), Target::Event(at));
        let label = reader.label.map(|label| vec![cited(label)]);
        dotted([label.unwrap_or_default(), vec![link]])
    });
    Row {
        head: words(format!("section-{}", opened.section.as_str())),
        cells: vec![
            reader.unwrap_or_else(|| words("considered-reader")),
            dotted([vec![source.when(opened.when)], vec![event(opened.when)]]),
            vec![source.apart(opened.when)],
        ],
    }
}

fn answers(source: &Source<'_>) -> Vec<Block> {
    let title = heading(3, "answers", words("answers-title"));
    if source.e.duties.is_empty() {
        return vec![title, paragraph(Tone::Plain, words("answers-none"))];
    }
    let columns = ["col-duty", "col-owed", "col-answered", "col-verdict"].map(words);
    let rows = source.e.duties.iter().map(|answer| row(source, answer)).collect();
    vec![title, table("duties", words("answers-caption"), &columns, rows)]
}

fn row(source: &Source<'_>, answer: &Answer<'_>) -> Row {
    let name = answer.theme.and_then(|theme| source.views.frame.themes.get(&theme));
    let name = name.map_or_else(|| words("duties-whole-paper"), |theme| vec![cited(&theme.name)]);
    let duty = duty(answer.number);
    let owed = line("answers-due").with("due", [day(answer.due)]).runs();
    Row {
        head: joined([vec![duty], name], ": "),
        cells: vec![
            dotted([vec![source.when(answer.owed)], vec![event(answer.owed)], owed]),
            answered(source, answer),
            said(source, answer),
        ],
    }
}

fn answered(source: &Source<'_>, answer: &Answer<'_>) -> Runs {
    let holding = answer.holding.iter().map(|when| {
        line("answers-holding").with("when", [source.when(*when)]).with("position", [event(*when)]).runs()
    });
    let replies = answer.replies.iter().enumerate().map(|(earlier, when)| {
        let key = if earlier == 0 { "answers-reply" } else { "answers-again" };
        line(key).with("when", [source.when(*when)]).with("position", [event(*when)]).runs()
    });
    let after = answer.replies.first().filter(|when| !when.precedes(source.e.taken));
    let after = after.map(|_| words("answers-after")).unwrap_or_default();
    sentences(holding.chain(replies).chain([timing(answer), after]))
}

/// How it stands to the day on which it was due; what is open is looked at on the last day of the record.
fn timing(answer: &Answer<'_>) -> Runs {
    let days = |key: &'static str, days: u32| {
        vec![Inline::Date { text: say(key).num("days", days).to_string(), iso: format!("P{days}D") }]
    };
    match answer.timing {
        Timing::DoneInTime => words("answers-in-time"),
        Timing::DoneLate(late) => days("answers-late", late),
        Timing::Due(left) => line("answers-open").with("left", days("timing-due", left)).runs(),
        Timing::Overdue(late) => line("answers-overdue").with("late", days("timing-overdue", late)).runs(),
    }
}

fn said(source: &Source<'_>, answer: &Answer<'_>) -> Runs {
    let said = answer.rejoinders.iter().map(|(rejoined, when)| {
        let says = vec![Inline::Emphasis { text: verdict(rejoined.verdict).to_string() }];
        dotted([says, vec![source.when(*when)], vec![event(*when)]])
    });
    match answer.rejoinders.is_empty() {
        true => words("answers-no-verdict"),
        false => joined(said, "; "),
    }
}
