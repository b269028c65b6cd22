//! The first three principles: it was asked while the decision was formative, people were given what they needed to
//! know, and they had time.

use domain::Method;
use projections::decisions::{Asked, Offered, Shown, Sitting, Stand, Way};

use super::{Source, decision, event, table};
use crate::paper::document::{Block, Inline, Row, Target, Tone};
use crate::paper::parts::{heading, paragraph};
use crate::paper::runs::{
    Runs, cited, date, day, dotted, figure, joined, line, refer, round, sentences, text, words,
};
use crate::say::say;

const MINUTE_S: u64 = 60;
const HOUR_S: u64 = 60 * MINUTE_S;
const DAY_S: u64 = 24 * HOUR_S;

pub(super) fn formative_in_short(source: &Source<'_>) -> Runs {
    match source.e.formative.asked.first() {
        Some(first) => line("short-asked")
            .with("when", [day(first.when.on)])
            .with("apart", [source.apart(first.when)])
            .runs(),
        None => words("short-asked-nothing"),
    }
}

pub(super) fn formative(source: &Source<'_>) -> Vec<Block> {
    let found = &source.e.formative;
    let fixed = [(found.convened, "step-convened"), (found.rule, "step-rule"), (found.clock, "step-clock")];
    let fixed = fixed.into_iter().filter_map(|(when, key)| Some((when?, words(key))));
    let asked = found.asked.iter().map(|asked| (asked.when, question(asked)));
    let polls = found.polls.iter().map(|offered| (offered.opened, poll(offered)));
    let earlier = source.e.earlier.iter().map(|(decided, when)| {
        (
            *when,
            line("step-decided")
                .with("decision", [decision(decided)])
                .with("title", [cited(&decided.title)])
                .runs(),
        )
    });
    let taken = (source.e.taken, words("step-taken"));
    let mut steps: Vec<_> = fixed.chain(asked).chain(polls).chain(earlier).chain([taken]).collect();
    steps.sort_by_key(|(when, _)| when.position);
    let rows = steps.into_iter().map(|(when, head)| {
        let mut cells = source.cells(when);
        if when == source.e.taken {
            cells[1] = words("step-none");
        }
        Row { head, cells }
    });
    let columns = ["col-step", "col-when", "col-apart", "col-record"].map(words);
    let none = words(match source.e.earlier.is_empty() {
        true => "formative-first",
        false => "formative-earlier",
    });
    let polled = match found.polls.is_empty() {
        true => words("formative-no-poll"),
        false => Runs::new(),
    };
    vec![
        heading(2, "formative", words("evidence-formative")),
        paragraph(Tone::Quiet, words("principle-formative")),
        table("formative-steps", words("formative-caption"), &columns, rows.collect()),
        paragraph(Tone::Plain, sentences([none, polled])),
    ]
}

fn question(asked: &Asked<'_>) -> Runs {
    let key = if asked.version > 1 { "step-asked-again" } else { "step-asked" };
    line(key).with("round", [round(asked.round)]).with("question", [cited(asked.question)]).runs()
}

/// A poll with what could be chosen.
fn poll(offered: &Offered<'_>) -> Runs {
    let (number, asked) = (offered.poll.number, &offered.poll.asked);
    let options = match asked.method {
        Method::Temperature => words("poll-lights"),
        Method::Choose { .. } | Method::Rank => {
            joined(asked.options.iter().map(|one| vec![cited(one)]), "; ")
        }
    };
    line("step-poll")
        .with("poll", [refer(&say("poll-n").num("n", number), Target::Poll(number))])
        .with("question", [cited(&asked.question)])
        .with("options", options)
        .runs()
}

pub(super) fn informed_in_short(source: &Source<'_>) -> Runs {
    let Some(first) = source.e.shown.first() else { return words("short-shown-nothing") };
    line("short-shown").with("when", [day(first.since.on)]).with("stand", stand(first.stand)).runs()
}

pub(super) fn informed(source: &Source<'_>) -> Vec<Block> {
    let mut blocks = vec![
        heading(2, "informed", words("evidence-informed")),
        paragraph(Tone::Quiet, words("principle-informed")),
    ];
    if source.e.shown.is_empty() {
        blocks.push(paragraph(Tone::Plain, words("informed-nothing")));
        return blocks;
    }
    let columns = ["col-material", "col-since", "col-stand", "col-record"].map(words);
    let row = |shown: &Shown<'_>| Row {
        head: material(shown),
        cells: vec![vec![source.when(shown.since)], stand(shown.stand), vec![event(shown.since)]],
    };
    let rows = source.e.shown.iter().map(row).collect();
    blocks.push(table("materials", words("informed-caption"), &columns, rows));
    blocks
}

fn material(shown: &Shown<'_>) -> Runs {
    let at = shown.since.position.get();
    let address = shown.material.address.as_ref().map(|address| {
        let leads = Inline::Link { text: say("material-open").to_string(), href: address.to_string() };
        vec![leads, text(": "), cited(address)]
    });
    let hash = shown.material.hash.map(|hash| {
        let hash = Inline::Reference { text: hash.to_string(), to: Target::Event(at) };
        let sum = Inline::Reference { text: say("verify-sum").to_string(), to: Target::Event(at) };
        vec![sum, text(" "), hash]
    });
    dotted([vec![cited(&shown.material.title)], address.unwrap_or_default(), hash.unwrap_or_default()])
}

fn stand(stand: Stand) -> Runs {
    words(match stand {
        Stand::BeforeTheFirstRound => "stand-before",
        Stand::Later => "stand-later",
        Stand::AfterTheDecision => "stand-after",
    })
}

pub(super) fn time_in_short(source: &Source<'_>) -> Runs {
    let rounds = &source.e.rounds;
    let Some(first) = rounds.first() else { return words("short-time-nothing") };
    let last = rounds.iter().filter_map(|sitting| sitting.closed).max_by_key(|closed| closed.position);
    match last {
        Some(last) => line("short-time")
            .with("from", [source.when(first.opened)])
            .with("to", [source.when(last)])
            .with("apart", [source.apart(last)])
            .runs(),
        None => line("short-time-open").with("from", [source.when(first.opened)]).runs(),
    }
}

pub(super) fn time(source: &Source<'_>) -> Vec<Block> {
    let mut blocks =
        vec![heading(2, "time", words("evidence-time")), paragraph(Tone::Quiet, words("principle-time"))];
    if !source.e.rounds.is_empty() {
        let columns = ["col-round", "col-opened", "col-closed", "col-open-for"].map(words);
        let rows = source.e.rounds.iter().map(|sitting| sat(source, *sitting)).collect();
        blocks.push(table("sittings", words("time-caption"), &columns, rows));
    }
    let home = source.e.home_from.map(|from| {
        line("time-home").with("when", [source.when(from)]).with("position", [event(from)]).runs()
    });
    blocks.push(paragraph(Tone::Plain, home.unwrap_or_else(|| words("time-no-home"))));
    blocks.extend(polls(source));
    if !source.e.ways.is_empty() {
        let columns = ["col-way", "col-said", "col-first", "col-last"].map(words);
        let rows = source.e.ways.iter().map(|way| used(source, way)).collect();
        blocks.push(table("ways", words("ways-caption"), &columns, rows));
    }
    blocks
}

fn sat(source: &Source<'_>, sitting: Sitting) -> Row {
    let title = source.views.frame.rounds.get(&sitting.round).map(|round| vec![cited(&round.title)]);
    let closed = sitting.closed.map(|closed| dotted([vec![source.when(closed)], vec![event(closed)]]));
    Row {
        head: joined([vec![round(sitting.round)], title.unwrap_or_default()], ": "),
        cells: vec![
            dotted([vec![source.when(sitting.opened)], vec![event(sitting.opened)]]),
            closed.unwrap_or_else(|| words("time-still-open")),
            sitting.millis().map_or_else(|| words("time-still-open"), |millis| vec![length(millis / 1000)]),
        ],
    }
}

/// A length of time in words, as long as the machine form says to the second.
fn length(seconds: u64) -> Inline {
    let message = match seconds {
        0..MINUTE_S => say("length-seconds").num("n", seconds),
        MINUTE_S..HOUR_S => say("length-minutes").num("n", seconds / MINUTE_S),
        HOUR_S..DAY_S => {
            say("length-hours").num("n", seconds / HOUR_S).num("minutes", seconds % HOUR_S / MINUTE_S)
        }
        _ => say("length-days").num("n", seconds / DAY_S).num("hours", seconds % DAY_S / HOUR_S),
    };
    Inline::Date { text: message.to_string(), iso: format!("PT{seconds}S") }
}

/// Until when people at home could vote, where a poll has closed.
fn polls(source: &Source<'_>) -> Vec<Block> {
    let until = |offered: &Offered<'_>| {
        let (number, until) = (offered.poll.number, offered.poll.remote_until?);
        let name = refer(&say("poll-n").num("n", number), Target::Poll(number));
        let said = line("time-poll")
            .with("poll", [name])
            .with("from", [source.when(offered.opened)])
            .with("until", [date(&source.clock, until)])
            .with("position", [event(offered.opened)])
            .runs();
        Some(paragraph(Tone::Plain, said))
    };
    source.e.formative.polls.iter().filter_map(until).collect()
}

fn used(source: &Source<'_>, way: &Way) -> Row {
    let cell = |moment| dotted([vec![source.when(moment)], vec![event(moment)]]);
    Row {
        head: words(format!("channel-{}", way.channel.as_str())),
        cells: vec![vec![figure(&way.contributions)], cell(way.first), cell(way.last)],
    }
}
