//! Who took part beside everybody whom it is about: a line on the first page, and a table for each attribute.

use projections::members::{AttributePart, GroupPart, Represented};
use projections::{Figure, Unit};

use super::{Source, heading, paragraph};
use crate::paper::document::{Align, Block, Column, Inline, Row, Target, Tone};
use crate::paper::runs::{Runs, cited, joined, line, number, part, refer, said_as, sentences, words};
use crate::say::say;

/// Groups that are named on the first page.
const NAMED: usize = 3;

/// Which groups are missing most, or that nobody has counted them.
pub(super) fn in_short(source: &Source<'_>) -> Block {
    let Some(found) = &source.s.took_part.represented else {
        return paragraph(Tone::Quiet, words("represented-unknown"));
    };
    let took = match &found.invited {
        Some(invited) => line("represented-invited").with("invited", [number(invited)]),
        None => line("represented-members"),
    };
    let took = took.with("members", [number(&found.members)]).runs();
    let named = joined(missing(source, found).into_iter().take(NAMED).map(missed), "; ");
    let missing = match named.is_empty() {
        true => line("represented-nobody-missing").with("points", [threshold(source)]).runs(),
        false => line("represented-missing").with("groups", named).runs(),
    };
    paragraph(Tone::Plain, sentences([took, missing, words("represented-where")]))
}

/// The groups that are further under their share than the threshold, the furthest first.
fn missing<'f>(
    source: &Source<'_>,
    found: &'f Represented,
) -> Vec<(&'f AttributePart, &'f GroupPart, &'f Figure)> {
    let groups = found.attributes.iter().flat_map(|one| one.groups.iter().map(move |group| (one, group)));
    let gaps = groups.filter_map(|(one, group)| Some((one, group, group.gap.as_ref()?)));
    let under =
        |gap: &Figure| gap.unit == Unit::PointsUnder && gap.value >= source.s.thresholds.missing_points;
    let mut missing: Vec<_> = gaps.filter(|(_, _, gap)| under(gap)).collect();
    missing.sort_by_key(|(one, group, gap)| (std::cmp::Reverse(gap.value), one.attribute, group.group));
    missing
}

fn missed((attribute, group, gap): (&AttributePart, &GroupPart, &Figure)) -> Runs {
    line("represented-group")
        .with("attribute", [cited(&attribute.name)])
        .with("group", name_of(group))
        .with("points", [said_as(gap, &say("count-points").num("n", gap.value))])
        .runs()
}

fn threshold(source: &Source<'_>) -> Inline {
    refer(&say("count-points").num("n", source.s.thresholds.missing_points), Target::Rule)
}

pub(super) fn blocks(source: &Source<'_>) -> Vec<Block> {
    let Some(found) = &source.s.took_part.represented else { return Vec::new() };
    let recorded =
        refer(&say("paper-position").num("position", found.recorded), Target::Record(found.recorded));
    let lead =
        line("represented-lead").with("reference", [cited(&found.reference)]).with("position", [recorded]);
    let mut blocks =
        vec![heading(2, "represented", words("represented-title")), paragraph(Tone::Plain, lead.runs())];
    for attribute in &found.attributes {
        let id = format!("represented-{}", attribute.attribute);
        blocks.push(heading(3, &id, vec![cited(&attribute.name)]));
        blocks.push(table(found, attribute));
        blocks.push(paragraph(Tone::Quiet, note(attribute)));
    }
    blocks
}

fn table(found: &Represented, attribute: &AttributePart) -> Block {
    let has = |of: fn(&GroupPart) -> bool| attribute.groups.iter().any(of);
    let shown = [
        (has(|group| group.population.is_some()), "represented-population"),
        (found.invited.is_some() && has(|group| group.invited.is_some()), "represented-were-invited"),
        (true, "represented-took-part"),
        (true, "represented-share"),
        (has(|group| group.population.is_some()), "represented-gap"),
    ];
    let row = |group: &GroupPart| Row {
        head: name_of(group),
        cells: cells(group)
            .into_iter()
            .zip(&shown)
            .filter(|(_, (there, _))| *there)
            .map(|(cell, _)| cell)
            .collect(),
    };
    let columns = shown.iter().filter(|(there, _)| *there);
    let columns = columns.map(|(_, key)| Column { label: words(*key), align: Align::End });
    let first = Column { label: words("represented-of"), align: Align::Start };
    Block::Table {
        id: format!("groups-{}", attribute.attribute),
        caption: line("represented-caption").with("attribute", [cited(&attribute.name)]).runs(),
        columns: [first].into_iter().chain(columns).collect(),
        rows: attribute.groups.iter().map(row).collect(),
    }
}

fn cells(group: &GroupPart) -> [Runs; 5] {
    let or = |runs: Option<Runs>, key: &str| runs.unwrap_or_else(|| words(key));
    let hidden = if group.members.is_none() { "represented-hidden" } else { "represented-none" };
    [
        or(group.population_share.as_ref().map(in_hundredths), "represented-none"),
        or(group.invited.as_ref().map(|invited| vec![part(invited)]), "represented-hidden"),
        or(group.members.as_ref().map(|members| vec![part(members)]), "represented-hidden"),
        or(group.share.as_ref().map(in_hundredths), hidden),
        or(group.gap.as_ref().map(gap), hidden),
    ]
}

fn in_hundredths(share: &Figure) -> Runs {
    vec![said_as(share, &say("percent").num("n", share.value))]
}

fn gap(gap: &Figure) -> Runs {
    let key = match (gap.unit, gap.value) {
        (_, 0) => return vec![number(gap)],
        (Unit::PointsOver, _) => "points-over",
        _ => "points-under",
    };
    vec![said_as(gap, &say(key).num("n", gap.value))]
}

fn name_of(group: &GroupPart) -> Runs {
    match &group.name {
        Some(name) => vec![cited(name)],
        None => words("represented-did-not-say"),
    }
}

/// How many said, and that some counts are hidden.
fn note(attribute: &AttributePart) -> Runs {
    let declared = attribute
        .declared
        .as_ref()
        .map(|declared| line("represented-declared").with("declared", [part(declared)]).runs());
    let hidden = Some(&attribute.hidden_members)
        .filter(|hidden| hidden.value > 0)
        .map(|hidden| line("represented-hidden-together").with("hidden", [part(hidden)]).runs());
    sentences([declared.unwrap_or_default(), hidden.unwrap_or_default()])
}
