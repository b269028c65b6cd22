//! Which themes the board owes a reply to.

use domain::{Date, DutyNumber, DutyRule, ThemeId};
use serde::Serialize;

use crate::figure::{Figure, Query, Side, Unit};
use crate::views::Views;

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Duties {
    pub rule: DutyRule,
    /// The themes that meet the rule at this position, by name.
    pub themes: Vec<DutyTheme>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DutyTheme {
    pub theme: ThemeId,
    pub name: String,
    /// The duty that an earlier version of the paper turned it into.
    pub owed: Option<OwedReply>,
    pub tables: Figure,
    /// Of the round in which it had most.
    pub remote_voices: Figure,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct OwedReply {
    pub duty: DutyNumber,
    pub due: Date,
    /// When it was first replied to.
    pub replied: Option<Date>,
}

impl OwedReply {
    fn of(views: &Views, theme: ThemeId) -> Option<Self> {
        let (duty, known) = views.frame.ledger.duty_of(theme)?;
        let replied = known.replies.first().map(|reply| reply.what.on);
        Some(Self { duty, due: known.owed.what.due, replied })
    }
}

/// Which themes the board owes a reply to, where a rule was fixed beforehand.
pub fn duties(views: &Views) -> Option<Duties> {
    let rule = views.frame.duty_rule.clone()?;
    let themes = views.live_themes().into_iter().map(|(id, theme)| DutyTheme {
        theme: id,
        name: theme.name.to_string(),
        owed: OwedReply::of(views, id),
        tables: Query::theme(id).figure(views, Unit::Tables, None),
        remote_voices: most_voices(views, id),
    });
    let met = themes.filter(|theme| {
        let tables = u16::try_from(theme.tables.value).unwrap_or(u16::MAX);
        rule.is_met(tables, u32::try_from(theme.remote_voices.value).unwrap_or(u32::MAX))
    });
    Some(Duties { themes: met.collect(), rule })
}

/// The remote voices of the round in which a theme had most. Voices of different rounds may be the same people, so
/// adding them up could owe a reply to fewer people than the rule asks for.
fn most_voices(views: &Views, theme: ThemeId) -> Figure {
    let query = Query::theme(theme).on(Side::Remote);
    let rounds = views.frame.rounds.keys().map(|round| query.in_round(Some(*round)));
    let figures = rounds.map(|query| query.figure(views, Unit::Voices, None));
    let none = query.figure(views, Unit::Voices, None);
    figures.max_by_key(|figure| figure.value).unwrap_or(none)
}
