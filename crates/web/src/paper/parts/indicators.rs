//! Beside each theme, how far its figures may come from few people, one link, copies or one burst. Hints, not proof.

use std::collections::BTreeSet;

use domain::Channel;
use projections::figure::CHANCE_PARTS;
use projections::summary::{Finding, Hint, Indicators, Untold};

use super::{Source, heading, paragraph, plain};
use crate::paper::document::{Align, Block, Column, Inline, ListStyle, Row, Target, Tone};
use crate::paper::runs::{Runs, cited, joined, line, number, part, refer, sentences, words};
use crate::say::say;

pub(super) fn blocks(source: &Source<'_>) -> Vec<Block> {
    let findings = &source.s.findings;
    if findings.is_empty() {
        return Vec::new();
    }
    let mut blocks = vec![
        heading(2, "indicators", words("paper-indicators")),
        paragraph(Tone::Plain, words("indicators-lead")),
        table("shares", "indicators-shares", &SHARES, findings, shares),
        table("minutes", "indicators-minutes", &MINUTES, findings, minutes),
        ways(findings),
        table("places", "indicators-places", &PLACES, findings, places),
    ];
    let hints: Vec<_> = findings.iter().flat_map(|finding| hinted(source, finding)).map(plain).collect();
    blocks.push(heading(3, "hints", words("indicators-hints")));
    blocks.push(match hints.is_empty() {
        true => paragraph(Tone::Plain, words("indicators-none")),
        false => Block::List { style: ListStyle::Bullets, items: hints },
    });
    let untold: BTreeSet<_> = findings.iter().flat_map(|finding| &finding.indicators.untold).collect();
    let items = untold.into_iter().map(|one| plain(words(untold_key(*one)))).collect();
    blocks.push(heading(3, "untold", words("indicators-untold")));
    blocks.push(Block::List { style: ListStyle::Bullets, items });
    blocks
}

const MINUTES: [&str; 4] = ["indicator-minute", "indicator-usual", "indicator-second", "indicator-chance"];
const SHARES: [&str; 5] =
    ["indicator-voice", "indicator-voices", "indicator-link", "indicator-copies", "indicator-sole"];
const PLACES: [&str; 4] =
    ["indicator-place", "indicator-in-room", "indicator-no-copies", "indicator-no-link"];

fn table(
    id: &str,
    caption: &str,
    columns: &[&str],
    findings: &[Finding],
    cells: impl Fn(&Indicators) -> Vec<Runs>,
) -> Block {
    let end = columns.iter().map(|key| Column { label: words(*key), align: Align::End });
    let rows = findings
        .iter()
        .map(|finding| Row { head: vec![cited(&finding.name)], cells: cells(&finding.indicators) });
    Block::Table {
        id: id.to_owned(),
        caption: words(caption),
        columns: [Column { label: words("col-theme"), align: Align::Start }].into_iter().chain(end).collect(),
        rows: rows.collect(),
    }
}

fn shares(of: &Indicators) -> Vec<Runs> {
    let link = of.largest_link.as_ref().map(|link| vec![part(&link.contributions)]);
    vec![
        vec![part(&of.largest_voice)],
        vec![part(&of.largest_voices)],
        link.unwrap_or_else(|| words("indicator-nothing")),
        vec![part(&of.copies)],
        vec![part(&of.sole_voices)],
    ]
}

fn minutes(of: &Indicators) -> Vec<Runs> {
    vec![
        vec![part(&of.busiest_minute)],
        vec![part(&of.median_minute)],
        vec![part(&of.within_a_second)],
        vec![number(&of.burst_chance)],
    ]
}

/// By channel, as far as anything came in that way.
fn ways(findings: &[Finding]) -> Block {
    let came = |way: &Channel| {
        let figures = findings.iter().flat_map(|finding| &finding.indicators.by_channel);
        figures.filter(|figure| figure.query.channel == Some(*way)).any(|figure| figure.value > 0)
    };
    let ways = [Channel::Room, Channel::Paper, Channel::Remote, Channel::Nats, Channel::Import];
    let ways: Vec<_> = ways.into_iter().filter(came).collect();
    let keys: Vec<_> = ways.iter().map(|way| format!("channel-{}", way.as_str())).collect();
    let keys: Vec<_> = keys.iter().map(String::as_str).collect();
    table("ways", "indicators-ways", &keys, findings, |of| {
        let figure = |way: &Channel| of.by_channel.iter().find(|figure| figure.query.channel == Some(*way));
        ways.iter().map(|way| figure(way).map(|figure| vec![part(figure)]).unwrap_or_default()).collect()
    })
}

fn places(of: &Indicators) -> Vec<Runs> {
    let link = of.largest_link.as_ref().map(|link| vec![part(&link.without.rank)]);
    vec![
        vec![part(&of.rank)],
        vec![part(&of.rank_in_room)],
        vec![part(&of.without_copies.rank)],
        link.unwrap_or_else(|| words("indicator-nothing")),
    ]
}

/// What is over its threshold, with the threshold.
fn hinted(source: &Source<'_>, finding: &Finding) -> Vec<Runs> {
    let name = || [cited(&finding.name)];
    let hint = |hint: &Hint| {
        let (key, threshold) = threshold(source, *hint);
        line(key).with("theme", name()).with("from", [threshold]).runs()
    };
    let without = finding.indicators.largest_link.as_ref().map(|link| {
        let left = [vec![part(&link.without.tables)], vec![part(&link.without.contributions)]];
        line("hint-without-link").with("left", joined(left, ", ")).runs()
    });
    let explained = |one: &Hint| match one {
        Hint::OneLink => sentences([hint(one), without.clone().unwrap_or_default()]),
        _ => hint(one),
    };
    finding.indicators.hints.iter().map(explained).collect()
}

fn threshold(source: &Source<'_>, hint: Hint) -> (&'static str, Inline) {
    let least = &source.s.thresholds;
    let percent = |percent| refer(&say("percent").num("n", percent), Target::Rule);
    match hint {
        Hint::OneVoice => ("hint-one-voice", percent(least.largest_voice_percent)),
        Hint::FewVoices => ("hint-few-voices", percent(least.largest_voices_percent)),
        Hint::OneLink => ("hint-one-link", percent(least.largest_link_percent)),
        Hint::Copies => ("hint-copies", percent(least.copies_percent)),
        Hint::Burst => ("hint-burst", percent(100 * least.burst_chance_at_most / CHANCE_PARTS)),
        Hint::RankMoves => {
            ("hint-rank", refer(&say("count-places").num("n", least.rank_places), Target::Rule))
        }
    }
}

fn untold_key(untold: Untold) -> &'static str {
    match untold {
        Untold::WhoWasVerified => "untold-verified",
        Untold::WhoHasTwoPhones => "untold-phones",
        Untold::Voices => "untold-voices",
        Untold::Links => "untold-links",
        Untold::Times => "untold-times",
        Untold::AuditSample => "untold-sample",
        Untold::WhoWasNotReached => "untold-reached",
    }
}
