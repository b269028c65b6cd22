//! Every type of command on the wire: its name, its fields and how they are read. Links are issued by pages, because
//! a link's secret must not travel over a socket, and an assembly is convened where its folder is made.

use std::collections::BTreeSet;

use domain::{
    Claim, Command, ContraryBy, Contribute, ContributionId, ContributionText, Definition, Form, HoldReason,
    Kind, Label, QuestionText, Reason, ThemeId, ThemeName, Timestamp, Title, Vote,
};
use uuid::Uuid;

use super::fields::{Fields, need};
use super::{coding, day, duties};
use crate::Refusal;

/// One type of command. Every one has the fields `type` and `id` besides those that are listed.
pub struct Shape {
    pub name: &'static str,
    pub fields: &'static [&'static str],
    pub(super) read: fn(Uuid, &Fields) -> Result<Command, Refusal>,
}

/// All of them, for the reader and for whoever documents the wire.
pub const SHAPES: &[Shape] = &[
    Shape {
        name: "submit",
        fields: &["text", "kind", "form", "read_back", "heard_from", "round", "table", "said_at", "card"],
        read: submit,
    },
    Shape {
        name: "correct",
        fields: &["contribution", "text"],
        read: |_, fields| {
            let words = fields.words("text", ContributionText::parse)?;
            Ok(Command::Correct { contribution: contribution(fields)?, words })
        },
    },
    Shape {
        name: "withdraw",
        fields: &["contribution"],
        read: |_, fields| Ok(Command::Withdraw { contribution: contribution(fields)? }),
    },
    Shape {
        name: "erase",
        fields: &["contribution", "reason"],
        read: |_, fields| {
            let reason = fields.maybe_label("reason", Reason::parse)?;
            Ok(Command::Erase { contribution: contribution(fields)?, claim: Claim::Link, reason })
        },
    },
    // Whose voice it is follows from the sender, and its tags from the key of that voice.
    Shape {
        name: "erase-voice",
        fields: &[],
        read: |_, _| Ok(Command::EraseVoice { tags: BTreeSet::new(), reason: None }),
    },
    Shape {
        name: "read-back",
        fields: &["contribution"],
        read: |_, fields| Ok(Command::ReadBack { contribution: contribution(fields)? }),
    },
    Shape {
        name: "react",
        fields: &["contribution", "vote"],
        read: |_, fields| {
            let vote = need("vote", fields.choice("vote", &Vote::ALL.map(|it| (it.as_str(), it))))?;
            Ok(Command::Vote { contribution: contribution(fields)?, vote })
        },
    },
    Shape {
        name: "hold",
        fields: &["contribution", "reason"],
        read: |_, fields| {
            let reason =
                need("reason", fields.choice("reason", &HoldReason::ALL.map(|it| (it.as_str(), it))))?;
            Ok(Command::Hold { contribution: contribution(fields)?, reason })
        },
    },
    Shape {
        name: "release",
        fields: &["contribution"],
        read: |_, fields| Ok(Command::Release { contribution: contribution(fields)? }),
    },
    Shape { name: "name-theme", fields: &["theme", "name", "definition"], read: name_theme },
    Shape {
        name: "rename-theme",
        fields: &["theme", "name", "reason"],
        read: |_, fields| {
            let name = fields.label("name", ThemeName::parse)?;
            Ok(Command::RenameTheme { theme: theme(fields)?, name, reason: reason(fields)? })
        },
    },
    Shape {
        name: "define-theme",
        fields: &["theme", "definition", "reason"],
        read: |_, fields| {
            let definition = fields.label("definition", Definition::parse)?;
            Ok(Command::DefineTheme { theme: theme(fields)?, definition, reason: reason(fields)? })
        },
    },
    Shape {
        name: "merge-theme",
        fields: &["theme", "into", "reason"],
        read: |_, fields| {
            let into = fields.id("into")?;
            Ok(Command::MergeTheme { theme: theme(fields)?, into, reason: reason(fields)? })
        },
    },
    Shape {
        name: "retire-theme",
        fields: &["theme", "reason"],
        read: |_, fields| Ok(Command::RetireTheme { theme: theme(fields)?, reason: reason(fields)? }),
    },
    Shape {
        name: "assign",
        fields: &["contribution", "theme"],
        read: |_, fields| Ok(Command::Assign { contribution: contribution(fields)?, theme: theme(fields)? }),
    },
    Shape {
        name: "unassign",
        fields: &["contribution", "theme"],
        read: |_, fields| {
            Ok(Command::Unassign { contribution: contribution(fields)?, theme: theme(fields)? })
        },
    },
    Shape {
        name: "mark-read",
        fields: &["contribution"],
        read: |_, fields| Ok(Command::MarkRead { contribution: contribution(fields)? }),
    },
    Shape {
        name: "set-aside",
        fields: &["contribution", "reason"],
        read: |_, fields| {
            Ok(Command::SetAside { contribution: contribution(fields)?, reason: reason(fields)? })
        },
    },
    Shape {
        name: "split-theme",
        fields: &["theme", "into", "name", "definition", "contributions", "reason"],
        read: coding::split_theme,
    },
    Shape {
        name: "undo-change",
        fields: &["change", "reason"],
        read: |_, fields| {
            Ok(Command::UndoChange { change: fields.number("change")?, reason: reason(fields)? })
        },
    },
    Shape {
        name: "name-frame",
        fields: &["name"],
        read: |_, fields| Ok(Command::NameFrame { name: fields.label("name", Label::parse)? }),
    },
    Shape { name: "code", fields: &["contribution", "themes", "unread"], read: coding::code },
    Shape {
        name: "put-back",
        fields: &["contribution"],
        read: |_, fields| Ok(Command::PutBack { contribution: contribution(fields)? }),
    },
    Shape { name: "code-again", fields: &["contribution", "themes"], read: coding::code_again },
    Shape {
        name: "tell-apart",
        fields: &["contribution"],
        read: |_, fields| Ok(Command::TellApart { contribution: contribution(fields)? }),
    },
    Shape { name: "pin-quote", fields: &["contribution", "theme", "from", "to"], read: coding::pin_quote },
    Shape {
        name: "unpin-quote",
        fields: &["contribution", "theme"],
        read: |_, fields| {
            Ok(Command::UnpinQuote { contribution: contribution(fields)?, theme: theme(fields)? })
        },
    },
    Shape {
        name: "choose-contrary",
        fields: &["theme", "contribution"],
        read: |_, fields| {
            let by = ContraryBy::Contribution(contribution(fields)?);
            Ok(Command::SettleContrary { theme: theme(fields)?, by })
        },
    },
    Shape {
        name: "no-contrary",
        fields: &["theme", "reason"],
        read: |_, fields| {
            Ok(Command::SettleContrary { theme: theme(fields)?, by: ContraryBy::Reason(reason(fields)?) })
        },
    },
    Shape {
        name: "accept-candidate",
        fields: &["candidate", "theme", "name", "contributions"],
        read: coding::accept_candidate,
    },
    Shape {
        name: "take-wording",
        fields: &["candidate", "theme", "contributions"],
        read: coding::take_wording,
    },
    Shape {
        name: "dismiss-candidate",
        fields: &["candidate"],
        read: |_, fields| Ok(Command::DismissCandidate { candidate: fields.id("candidate")? }),
    },
    Shape { name: "draw-sample", fields: &["purpose", "round", "size"], read: coding::draw_sample },
    Shape {
        name: "open-round",
        fields: &["round"],
        read: |_, fields| Ok(Command::OpenRound { round: fields.number("round")? }),
    },
    Shape {
        name: "close-round",
        fields: &["round"],
        read: |_, fields| Ok(Command::CloseRound { round: fields.number("round")? }),
    },
    Shape { name: "ask-question", fields: &["round", "title", "question"], read: ask_question },
    Shape {
        name: "seat-table",
        fields: &["table", "seats"],
        read: |_, fields| {
            Ok(Command::SeatTable { table: fields.number("table")?, seats: fields.number("seats")? })
        },
    },
    Shape { name: "close", fields: &[], read: |_, _| Ok(Command::Close) },
    Shape { name: "advance", fields: &["round", "minutes"], read: day::advance },
    Shape {
        name: "set-countdown",
        fields: &["minutes"],
        read: |_, fields| Ok(Command::SetCountdown { minutes: fields.maybe_number("minutes")? }),
    },
    Shape { name: "set-screen", fields: &["scene", "of"], read: day::set_screen },
    Shape { name: "merge-tables", fields: &["table", "into"], read: day::merge_tables },
    Shape { name: "split-table", fields: &["table", "into", "seats"], read: day::split_table },
    Shape { name: "move-table", fields: &["table", "place"], read: day::move_table },
    Shape {
        name: "open-poll",
        fields: &["poll", "round", "question", "method", "most", "options", "lag_s"],
        read: day::open_poll,
    },
    Shape { name: "cast-ballot", fields: &["poll", "choice", "seat"], read: day::cast_ballot },
    Shape { name: "enter-hand-count", fields: &["poll", "table", "counts"], read: day::enter_hand_count },
    Shape { name: "confirm-hand-count", fields: &["poll", "table", "counts"], read: day::confirm_hand_count },
    Shape {
        name: "close-poll",
        fields: &["poll"],
        read: |_, fields| Ok(Command::ClosePoll { poll: fields.id("poll")? }),
    },
    Shape { name: "open-section", fields: &["version", "section"], read: duties::open_section },
    Shape { name: "give-holding-reply", fields: &["duty", "text"], read: duties::give_holding_reply },
    Shape { name: "reply", fields: &["duty", "text"], read: duties::reply },
    Shape { name: "rejoin", fields: &["duty", "verdict", "reason"], read: duties::rejoin },
    Shape { name: "commit", fields: &["duty", "text", "owner", "due"], read: duties::commit },
    Shape { name: "report-progress", fields: &["commitment", "text"], read: duties::report_progress },
    Shape { name: "deliver", fields: &["commitment", "text"], read: duties::deliver },
    Shape { name: "decide", fields: &["title", "text", "changed", "version"], read: duties::decide },
    Shape { name: "reassign", fields: &["duty", "owner", "reason"], read: duties::reassign },
];

const FORMS: [(&str, Form); 2] = [("verbatim", Form::Verbatim), ("paraphrase", Form::Paraphrase)];

fn submit(id: Uuid, fields: &Fields) -> Result<Command, Refusal> {
    Ok(Command::Contribute(Box::new(Contribute {
        contribution: ContributionId(id),
        round: fields.maybe_number("round")?,
        table: fields.maybe_number("table")?,
        kind: fields.choice("kind", &Kind::ALL.map(|kind| (kind.as_str(), kind)))?.unwrap_or_default(),
        form: fields.choice("form", &FORMS)?.unwrap_or_default(),
        read_back: fields.flag("read_back")?,
        heard_from: fields.maybe_number("heard_from")?,
        said_at: fields.maybe_time("said_at")?.map(Timestamp),
        card: fields.maybe_card("card")?,
        words: Some(fields.words("text", ContributionText::parse)?),
    })))
}

fn name_theme(id: Uuid, fields: &Fields) -> Result<Command, Refusal> {
    Ok(Command::NameTheme {
        theme: fields.maybe_id("theme")?.unwrap_or(ThemeId(id)),
        name: fields.label("name", ThemeName::parse)?,
        definition: fields.maybe_label("definition", Definition::parse)?,
    })
}

fn ask_question(_: Uuid, fields: &Fields) -> Result<Command, Refusal> {
    Ok(Command::AskQuestion {
        round: fields.number("round")?,
        title: fields.label("title", Title::parse)?,
        question: fields.label("question", QuestionText::parse)?,
    })
}

fn contribution(fields: &Fields) -> Result<ContributionId, Refusal> {
    fields.id("contribution")
}

fn theme(fields: &Fields) -> Result<ThemeId, Refusal> {
    fields.id("theme")
}

fn reason(fields: &Fields) -> Result<Reason, Refusal> {
    fields.label("reason", Reason::parse)
}
