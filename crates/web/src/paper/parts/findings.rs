//! The second page: what was found, each with how many of how many, in somebody's words, and the other side of it.

use projections::jumps;
use projections::summary::{Finding, How};

use super::{Source, heading, movement, paragraph};
use crate::paper::changes;
use crate::paper::document::{Block, GroupStyle, Tone};
use crate::paper::runs::{Runs, cited, dotted, figure, line, number, prose, sentences, words};

/// Findings that are told in full; the table in the annex has every theme.
const TOLD: usize = 5;

pub(super) fn blocks(source: &Source<'_>) -> Vec<Block> {
    let mut blocks = vec![heading(2, "found", words("paper-3"))];
    if source.s.findings.is_empty() {
        blocks.push(paragraph(Tone::Plain, words("paper-no-findings")));
    }
    let told = source.s.findings.iter().take(TOLD).map(|finding| told(source, finding));
    blocks.extend(told.map(|blocks| Block::Group { style: GroupStyle::Finding, blocks }));
    blocks
}

fn told(source: &Source<'_>, finding: &Finding) -> Vec<Block> {
    let mut blocks = vec![heading(3, &format!("finding-{}", finding.rank), vec![cited(&finding.name)])];
    if !finding.prose.is_empty() {
        blocks.push(paragraph(Tone::Prose, prose(&finding.prose)));
        let drafted = finding.drafted.iter();
        let drafted = drafted.map(|model| line("paper-drafted").with("model", [cited(model)]).runs());
        blocks.extend(drafted.map(|runs| paragraph(Tone::Quiet, runs)));
    }
    blocks.push(Block::Beside { first: counted(source, finding), second: said(source, finding) });
    blocks
}

fn counted(source: &Source<'_>, finding: &Finding) -> Vec<Block> {
    let definition =
        finding.definition.iter().map(|meaning| paragraph(Tone::Definition, vec![cited(meaning)]));
    let sides = source.sides_of(finding);
    let bars = Block::Bars { bars: source.bars(&sides) };
    let last = jumps(&source.s.changes, finding.theme).next_back();
    let jumped = last.map(|last| paragraph(Tone::Jump, changes::jump(last, &source.clock)));
    definition.chain([bars, paragraph(Tone::Meta, beside_the_bars(finding))]).chain(jumped).collect()
}

fn beside_the_bars(finding: &Finding) -> Runs {
    let there =
        |counted: &projections::Figure, runs: Runs| if counted.value > 0 { runs } else { Runs::new() };
    let gone = |key: &str, counted| there(counted, line(key).with("n", [number(counted)]).runs());
    dotted([
        vec![figure(&finding.contributions)],
        there(&finding.heard_from, vec![figure(&finding.heard_from)]),
        gone("paper-withdrawn", &finding.withdrawn),
        gone("paper-erased", &finding.erased),
    ])
}

fn said(source: &Source<'_>, finding: &Finding) -> Vec<Block> {
    let quote = finding.quotes.first().map(|quote| source.quote(quote, false, Runs::new()));
    quote.into_iter().chain(other_side(source, finding)).collect()
}

/// The strongest contrary view, or why there is none.
fn other_side(source: &Source<'_>, finding: &Finding) -> Vec<Block> {
    let contrary = &finding.contrary;
    let Some(quote) = &contrary.quote else {
        let reason =
            contrary.reason.as_ref().map(|why| line("change-reason").with("reason", [cited(why)]).runs());
        let none = match reason {
            Some(reason) => sentences([words("contrary-none-said"), reason]),
            None => words("contrary-none"),
        };
        return vec![paragraph(Tone::Quiet, none)];
    };
    let backed = contrary.backing.as_ref().map(movement::backing).unwrap_or_default();
    let label = match contrary.how {
        How::Chosen => "paper-contrary",
        How::MostBackedConcern | How::NoneForAReason | How::NoneFound => "paper-concern",
    };
    let mut block = source.quote(quote, true, words(label));
    if let Block::Quote { source, .. } = &mut block {
        *source = dotted([std::mem::take(source), backed]);
    }
    vec![block]
}
