//! The commands of the board, of the assembly's representatives and of the organiser about what is owed.

use domain::{
    Command, Commit, CommitmentNumber, Decision, DutyNumber, Name, PaperCommand, Pledge, Reason, ReplyText,
    Section, Title, Verdict,
};
use uuid::Uuid;

use super::fields::{Fields, need};
use crate::Refusal;

type Read = Result<Command, Refusal>;

pub(super) fn open_section(_: Uuid, fields: &Fields) -> Read {
    let sections = Section::ALL.map(|section| (section.as_str(), section));
    let section = need("section", fields.choice("section", &sections))?;
    Ok(PaperCommand::OpenSection { version: fields.number("version")?, section }.into())
}

pub(super) fn give_holding_reply(_: Uuid, fields: &Fields) -> Read {
    let text = fields.label("text", ReplyText::parse)?;
    Ok(PaperCommand::GiveHoldingReply { duty: duty(fields)?, text }.into())
}

pub(super) fn reply(_: Uuid, fields: &Fields) -> Read {
    let text = fields.label("text", ReplyText::parse)?;
    Ok(PaperCommand::Reply { duty: duty(fields)?, text }.into())
}

pub(super) fn rejoin(_: Uuid, fields: &Fields) -> Read {
    let verdicts = Verdict::ALL.map(|verdict| (verdict.as_str(), verdict));
    let verdict = need("verdict", fields.choice("verdict", &verdicts))?;
    let reason = fields.label("reason", Reason::parse)?;
    Ok(PaperCommand::Rejoin { duty: duty(fields)?, verdict, reason }.into())
}

pub(super) fn commit(_: Uuid, fields: &Fields) -> Read {
    let promise = Commit {
        duty: duty(fields)?,
        text: fields.label("text", Pledge::parse)?,
        owner: fields.label("owner", Name::parse)?,
        due: fields.date("due")?,
    };
    Ok(PaperCommand::Commit(Box::new(promise)).into())
}

pub(super) fn report_progress(_: Uuid, fields: &Fields) -> Read {
    let text = fields.label("text", Pledge::parse)?;
    Ok(PaperCommand::ReportProgress { commitment: commitment(fields)?, text }.into())
}

pub(super) fn deliver(_: Uuid, fields: &Fields) -> Read {
    let text = fields.label("text", Pledge::parse)?;
    Ok(PaperCommand::Deliver { commitment: commitment(fields)?, text }.into())
}

pub(super) fn decide(_: Uuid, fields: &Fields) -> Read {
    let decision = Decision {
        title: fields.label("title", Title::parse)?,
        text: fields.label("text", ReplyText::parse)?,
        changed: fields.label("changed", ReplyText::parse)?,
        version: fields.number("version")?,
    };
    Ok(PaperCommand::Decide(Box::new(decision)).into())
}

pub(super) fn reassign(_: Uuid, fields: &Fields) -> Read {
    let (owner, reason) = (fields.label("owner", Name::parse)?, fields.label("reason", Reason::parse)?);
    Ok(PaperCommand::Reassign { duty: duty(fields)?, owner, reason }.into())
}

fn duty(fields: &Fields) -> Result<DutyNumber, Refusal> {
    fields.number("duty")
}

fn commitment(fields: &Fields) -> Result<CommitmentNumber, Refusal> {
    fields.number("commitment")
}
