//! What is asked and by when: the replies that are due, and what people ask for in their own words.

use domain::DutyRule;
use projections::summary::{Duties, DutyTheme, OwedReply};

use super::{Source, heading, paragraph, plain};
use crate::paper::document::{Block, GroupStyle, Inline, ListStyle, Target, Tone};
use crate::paper::runs::{Runs, cited, day, dotted, duty, figure, joined, line, refer, sentences, words};
use crate::say::say;

/// Those for which the first page has room; the annex has the others.
const FIRST: usize = 2;

pub(super) fn blocks(source: &Source<'_>) -> Vec<Block> {
    let mut blocks: Vec<_> = source.s.duties.iter().map(|duties| owed(source, duties)).collect();
    let asks = source.s.asks.iter().take(FIRST);
    let items: Vec<_> = asks.map(|ask| vec![source.quote(ask, false, Runs::new())]).collect();
    if !items.is_empty() {
        blocks.push(heading(2, "asks", words("paper-8")));
        blocks.push(Block::List { style: ListStyle::Numbers, items });
    }
    blocks
}

/// Those for which there is no room on the first page.
pub(super) fn further(source: &Source<'_>) -> Vec<Block> {
    let asks = source.s.asks.iter().skip(FIRST);
    let items: Vec<_> = asks.map(|ask| vec![source.quote(ask, false, Runs::new())]).collect();
    match items.is_empty() {
        true => Vec::new(),
        false => vec![
            heading(2, "more-asks", words("paper-8-more")),
            Block::List { style: ListStyle::Bullets, items },
        ],
    }
}

fn owed(source: &Source<'_>, duties: &Duties) -> Block {
    let mut blocks = vec![heading(2, "owed", words("paper-10")), paragraph(Tone::Plain, rule(&duties.rule))];
    match duties.themes.is_empty() {
        true => blocks.push(paragraph(Tone::Plain, words("duty-none"))),
        false => {
            let met = line("duty-met").choosing("n", duties.themes.len() as u64).runs();
            blocks.push(paragraph(Tone::Plain, met));
            let items = in_order(source, duties).into_iter().map(|due| plain(theme(source, due))).collect();
            blocks.push(Block::List { style: ListStyle::Bullets, items });
        }
    }
    Block::Group { style: GroupStyle::Notice, blocks }
}

/// The themes that are owed a reply, in the order of the findings.
pub(super) fn in_order<'d>(source: &Source<'_>, duties: &'d Duties) -> Vec<&'d DutyTheme> {
    let mut themes: Vec<_> = duties.themes.iter().collect();
    themes.sort_by_key(|due| source.s.findings.iter().position(|finding| finding.theme == due.theme));
    themes
}

fn rule(rule: &DutyRule) -> Runs {
    let said = |message| vec![refer(&message, Target::Rule)];
    let tables = rule
        .tables_at_least
        .map(|least| line("duty-tables").with("tables", said(say("count-tables").num("n", least))).runs());
    let voices = rule
        .voices_at_least
        .map(|least| line("duty-voices").with("voices", said(say("count-voices").num("n", least))).runs());
    let when = joined([tables, voices].into_iter().flatten(), &say("duty-or").to_string());
    let answer =
        line("duty-answer").with("owner", [cited(&rule.owner)]).with("days", [working_days(rule)]).runs();
    sentences([line("duty-rule").with("when", when).runs(), answer])
}

pub(super) fn working_days(rule: &DutyRule) -> Inline {
    refer(&say("count-working-days").num("n", rule.working_days), Target::Rule)
}

fn theme(source: &Source<'_>, due: &DutyTheme) -> Runs {
    // Voices of different rounds may be the same people, so the rule looks at each round alone.
    let round = due.remote_voices.query.round.filter(|_| source.has_rounds());
    let voices = match round {
        Some(round) => {
            let (voices, round) = ([figure(&due.remote_voices)], [source.round(round)]);
            line("duty-voices-in").with("voices", voices).with("round", round).runs()
        }
        None => vec![figure(&due.remote_voices)],
    };
    let counted = [(source.room(), vec![figure(&due.tables)]), (source.remote(), voices)];
    let counted = counted.into_iter().filter(|(shown, _)| *shown).map(|(_, one)| one);
    let counted = joined(counted, ", ");
    let theme = line("paper-short-theme").with("theme", [cited(&due.name)]).with("counted", counted).runs();
    dotted([theme, due.owed.map(owed_by).unwrap_or_default()])
}

/// `Duty 3, due on 7 January 2027`
fn owed_by(owed: OwedReply) -> Runs {
    let told = match owed.replied {
        Some(replied) => line("duty-replied-on").with("replied", [day(replied)]),
        None => line("duty-due-on"),
    };
    told.with("duty", [duty(owed.duty)]).with("due", [day(owed.due)]).runs()
}
