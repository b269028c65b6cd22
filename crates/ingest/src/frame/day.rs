//! The commands of the day itself: moving everyone on, the screen, tables, polls.

use domain::poll::OPTIONS_MAX;
use domain::{CastBallot, Command, HandCount, Label, Method, OptionText, Poll, PollId, QuestionText, Scene};
use uuid::Uuid;

use super::fields::{Fields, need};
use crate::Refusal;

/// The seconds by which a stream runs behind the room, where nobody has measured it.
const LAG_S: u16 = 30;

type Read = Result<Command, Refusal>;

pub(super) fn advance(_: Uuid, fields: &Fields) -> Read {
    Ok(Command::Advance { round: fields.maybe_number("round")?, minutes: fields.maybe_number("minutes")? })
}

#[derive(Clone, Copy)]
enum Shown {
    Hearing,
    Question,
    Join,
    Quote,
    Poll,
    Blank,
}

const SCENES: [(&str, Shown); 6] = [
    ("hearing", Shown::Hearing),
    ("question", Shown::Question),
    ("join", Shown::Join),
    ("quote", Shown::Quote),
    ("poll", Shown::Poll),
    ("blank", Shown::Blank),
];

pub(super) fn set_screen(_: Uuid, fields: &Fields) -> Read {
    let scene = match need("scene", fields.choice("scene", &SCENES))? {
        Shown::Hearing => Scene::Hearing,
        Shown::Question => Scene::Question,
        Shown::Join => Scene::Join,
        Shown::Quote => Scene::Quote(fields.id("of")?),
        Shown::Poll => Scene::Poll(fields.id("of")?),
        Shown::Blank => Scene::Blank,
    };
    Ok(Command::SetScreen { scene })
}

pub(super) fn merge_tables(_: Uuid, fields: &Fields) -> Read {
    Ok(Command::MergeTables { table: fields.number("table")?, into: fields.number("into")? })
}

pub(super) fn split_table(_: Uuid, fields: &Fields) -> Read {
    let (table, into) = (fields.number("table")?, fields.number("into")?);
    Ok(Command::SplitTable { table, into, seats: fields.number("seats")? })
}

pub(super) fn move_table(_: Uuid, fields: &Fields) -> Read {
    Ok(Command::MoveTable { table: fields.number("table")?, place: fields.label("place", Label::parse)? })
}

#[derive(Clone, Copy)]
enum Asks {
    Temperature,
    Choose,
    Rank,
}

const METHODS: [(&str, Asks); 3] =
    [("temperature", Asks::Temperature), ("choose", Asks::Choose), ("rank", Asks::Rank)];

pub(super) fn open_poll(id: Uuid, fields: &Fields) -> Read {
    let method = match need("method", fields.choice("method", &METHODS))? {
        Asks::Temperature => Method::Temperature,
        Asks::Choose => Method::Choose { most: fields.maybe_number("most")?.unwrap_or(1) },
        Asks::Rank => Method::Rank,
    };
    Ok(Command::OpenPoll(Box::new(Poll {
        poll: fields.maybe_id("poll")?.unwrap_or(PollId(id)),
        round: fields.maybe_number("round")?,
        question: fields.label("question", QuestionText::parse)?,
        method,
        options: fields.lines("options", OPTIONS_MAX, OptionText::parse)?,
        lag_s: fields.maybe_number("lag_s")?.unwrap_or(LAG_S),
    })))
}

pub(super) fn cast_ballot(_: Uuid, fields: &Fields) -> Read {
    let choice = fields.numbers("choice", OPTIONS_MAX)?;
    Ok(Command::CastBallot(CastBallot {
        poll: fields.id("poll")?,
        choice,
        seat: fields.maybe_number("seat")?,
    }))
}

pub(super) fn enter_hand_count(_: Uuid, fields: &Fields) -> Read {
    hand_count(fields).map(Command::EnterHandCount)
}

pub(super) fn confirm_hand_count(_: Uuid, fields: &Fields) -> Read {
    hand_count(fields).map(Command::ConfirmHandCount)
}

fn hand_count(fields: &Fields) -> Result<HandCount, Refusal> {
    let counts = fields.numbers("counts", OPTIONS_MAX)?;
    Ok(HandCount { poll: fields.id("poll")?, table: fields.maybe_number("table")?, counts })
}
