//! Agreement and division: what people at home agreed about, and what divided them.

use projections::summary::Judged;

use super::{Source, heading, paragraph};
use crate::paper::document::{Block, ListStyle, Target, Tone};
use crate::paper::runs::{Runs, dotted, line, part, refer, words};
use crate::say::say;

pub(super) fn blocks(source: &Source<'_>) -> Vec<Block> {
    let found = &source.s.agreement;
    let least = [refer(&say("count-voices").num("n", source.s.thresholds.sides_at_least), Target::Rule)];
    let mut blocks = vec![heading(2, "agreement", words("paper-7"))];
    if found.united.is_empty() && found.divided.is_empty() {
        blocks.push(paragraph(Tone::Plain, line("agreement-none").with("least", least).runs()));
        return blocks;
    }
    blocks.push(paragraph(Tone::Plain, line("agreement-lead").with("least", least).runs()));
    for (id, title, judged) in
        [("united", "agreement-united", &found.united), ("divided", "agreement-divided", &found.divided)]
    {
        if !judged.is_empty() {
            blocks.push(heading(3, id, words(title)));
            let items = judged.iter().map(|one| vec![quoted(source, one)]).collect();
            blocks.push(Block::List { style: ListStyle::Bullets, items });
        }
    }
    blocks
}

fn quoted(source: &Source<'_>, judged: &Judged) -> Block {
    let mut block = source.quote(&judged.quote, false, Runs::new());
    if let Block::Quote { source, .. } = &mut block {
        let sides = line("agreement-sides")
            .with("agree", [part(&judged.agree)])
            .with("disagree", [part(&judged.disagree)])
            .with("pass", [part(&judged.pass)]);
        *source = dotted([sides.runs(), std::mem::take(source)]);
    }
    block
}
