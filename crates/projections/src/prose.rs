//! An editor's words with the figures that stand in them.
//!
//! A figure is placed as `[[tables]]` or `[[contributions round=2]]`: what is counted, and then the parts of a
//! [`Query`]. In the prose about a theme it counts that theme.

use domain::ThemeId;
use serde::Serialize;

use crate::figure::{Figure, Of, Query, Side, Unit};
use crate::views::Views;

/// A part of the prose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Piece {
    Text(String),
    Figure(Box<Figure>),
    /// What stands between brackets and is no figure, as it was typed.
    Unknown(String),
}

/// What an editor wrote for the paper to open with.
pub(crate) fn of_opening(views: &Views) -> Vec<Piece> {
    let written = views.frame.ledger.opening.as_ref();
    written.map(|written| placed(views, None, written.what.as_str())).unwrap_or_default()
}

/// What an editor wrote about a theme.
pub(crate) fn of_theme(views: &Views, theme: ThemeId) -> Vec<Piece> {
    let written = views.frame.ledger.prose.get(&theme);
    written.map(|written| placed(views, Some(theme), written.what.as_str())).unwrap_or_default()
}

/// The prose with every figure counted.
pub fn placed(views: &Views, theme: Option<ThemeId>, prose: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = prose;
    while let Some((before, after)) = rest.split_once("[[") {
        let Some((inner, behind)) = after.split_once("]]") else { break };
        push_text(&mut pieces, before);
        pieces.push(match figure(views, theme, inner) {
            Some(figure) => Piece::Figure(Box::new(figure)),
            None => Piece::Unknown(inner.to_owned()),
        });
        rest = behind;
    }
    push_text(&mut pieces, rest);
    pieces
}

fn push_text(pieces: &mut Vec<Piece>, text: &str) {
    if !text.is_empty() {
        pieces.push(Piece::Text(text.to_owned()));
    }
}

fn figure(views: &Views, theme: Option<ThemeId>, inner: &str) -> Option<Figure> {
    let mut words = inner.split_whitespace();
    let unit = words.next()?;
    let unit = [Unit::Contributions, Unit::Tables, Unit::Voices, Unit::HeardFrom]
        .into_iter()
        .find(|known| known.as_str() == unit)?;
    let parts: Vec<_> = words.collect();
    let query = Query::parse(&parts.join("&"));
    // A part that says nothing to the query is a mistake of whoever typed it.
    let understood = query.to_string().split('&').filter(|part| !part.is_empty()).count();
    if understood != parts.len() {
        return None;
    }
    let of_theme = Query { theme: query.theme.or(theme), ..query };
    let side = match unit {
        Unit::Voices if query.side.is_none() => Some(Side::Remote),
        _ => query.side,
    };
    let of_theme = Query { side, ..of_theme };
    let whole = Query { theme: None, ..of_theme };
    let of = match unit {
        _ if of_theme.theme.is_none() || unit == Unit::HeardFrom => None,
        Unit::Tables => Some(Of::count(views, Query::default(), Unit::SeatedTables)),
        unit => Some(Of::count(views, whole, unit)),
    };
    Some(of_theme.figure(views, unit, of.as_ref()))
}
