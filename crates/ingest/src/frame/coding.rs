//! The commands of the theme desk that have more than a line to read.

use std::collections::BTreeSet;

use domain::coding::{MEMBERS_MAX, SPLIT_MAX, THEMES_AT_ONCE_MAX};
use domain::{Command, Definition, SampleId, SamplePurpose, Span, SplitTheme, ThemeId, ThemeName, When};
use uuid::Uuid;

use super::fields::{Fields, need};
use crate::Refusal;

type Read = Result<Command, Refusal>;

/// The command's own id names the theme that comes out of it, where the sender names none.
pub(super) fn split_theme(id: Uuid, fields: &Fields) -> Read {
    Ok(Command::SplitTheme(Box::new(SplitTheme {
        theme: fields.id("theme")?,
        into: fields.maybe_id("into")?.unwrap_or(ThemeId(id)),
        name: fields.label("name", ThemeName::parse)?,
        definition: fields.maybe_label("definition", Definition::parse)?,
        contributions: fields.ids("contributions", SPLIT_MAX)?,
        reason: fields.label("reason", domain::Reason::parse)?,
    })))
}

pub(super) fn code(_: Uuid, fields: &Fields) -> Read {
    let when = if fields.flag("unread")? { When::Unread } else { When::Always };
    Ok(Command::Code { contribution: fields.id("contribution")?, themes: themes(fields)?, when })
}

pub(super) fn code_again(_: Uuid, fields: &Fields) -> Read {
    Ok(Command::CodeAgain { contribution: fields.id("contribution")?, themes: themes(fields)? })
}

/// A list that is left out is empty: read, and in no theme.
fn themes(fields: &Fields) -> Result<BTreeSet<ThemeId>, Refusal> {
    Ok(fields.ids("themes", THEMES_AT_ONCE_MAX)?.into_iter().collect())
}

pub(super) fn pin_quote(_: Uuid, fields: &Fields) -> Read {
    let ends = (fields.maybe_offset("from")?, fields.maybe_offset("to")?);
    let span = match ends {
        (None, None) => None,
        (from, to) => Some(Span { from: need("from", Ok(from))?, to: need("to", Ok(to))? }),
    };
    Ok(Command::PinQuote { contribution: fields.id("contribution")?, theme: fields.id("theme")?, span })
}

/// With a name the theme is new, and has the command's id where the sender gives it none.
pub(super) fn accept_candidate(id: Uuid, fields: &Fields) -> Read {
    let name = fields.maybe_label("name", ThemeName::parse)?;
    let theme = match (&name, fields.maybe_id("theme")?) {
        (_, Some(theme)) => theme,
        (Some(_), None) => ThemeId(id),
        (None, None) => return Err(Refusal::MissingField("theme")),
    };
    let contributions = fields.ids("contributions", MEMBERS_MAX)?;
    Ok(Command::AcceptCandidate { candidate: fields.id("candidate")?, theme, name, contributions })
}

/// The theme is new, and has the command's id where the sender gives it none.
pub(super) fn take_wording(id: Uuid, fields: &Fields) -> Read {
    let theme = fields.maybe_id("theme")?.unwrap_or(ThemeId(id));
    let contributions = fields.ids("contributions", MEMBERS_MAX)?;
    Ok(Command::TakeWording { candidate: fields.id("candidate")?, theme, contributions })
}

pub(super) fn draw_sample(id: Uuid, fields: &Fields) -> Read {
    let purposes = SamplePurpose::ALL.map(|purpose| (purpose.as_str(), purpose));
    Ok(Command::DrawSample {
        sample: SampleId(id),
        purpose: need("purpose", fields.choice("purpose", &purposes))?,
        round: fields.maybe_number("round")?,
        size: fields.number("size")?,
    })
}
