//! "What we are hearing": the themes with their counts, room and remote side by side.

use domain::RoundNumber;
use projections::summary::quotes_beside;
use projections::{Coverage, Query, Side, ThemeTally, Views, tallies};

use crate::house::Hall;
use crate::pages::address;
use crate::pages::jump::JumpView;
use crate::say::{Message, say};

/// Everything that `_hearing.html` draws.
pub(crate) struct Hearing {
    pub(crate) themes: Vec<ThemeRow>,
    pub(crate) coverage: Coverage,
    pub(crate) coverage_line: Message,
    /// Whether tables, phones or anything else take part at all; what does not is not drawn.
    pub(crate) room: bool,
    pub(crate) remote: bool,
    pub(crate) other: bool,
}

pub(crate) struct ThemeRow {
    pub(crate) tally: ThemeTally,
    pub(crate) href: String,
    pub(crate) tables: Bar,
    pub(crate) voices: Bar,
    pub(crate) others: Bar,
    pub(crate) quote: Option<projections::summary::Quote>,
    /// Why its count jumped, the last time that it did.
    pub(crate) jump: Option<JumpView>,
}

/// A count of a whole, as a bar and as the way to what it counts.
pub(crate) struct Bar {
    pub(crate) value: u64,
    pub(crate) of: u64,
    /// 0 to 100.
    pub(crate) percent: u64,
    pub(crate) href: String,
}

impl Bar {
    fn new(value: u64, of: u64, href: String) -> Self {
        Self { value, of, percent: percent(value, of), href }
    }
}

/// 0 to 100; nothing of nothing is 0.
pub(crate) fn percent(value: u64, of: u64) -> u64 {
    (value * 100).checked_div(of).unwrap_or(0).min(100)
}

/// How much of what was said has been read, as a sentence.
pub(crate) fn coverage_line(coverage: &Coverage) -> Message {
    let line = say("coverage-line").num("contributions", coverage.contributions);
    line.num("read", coverage.read).num("unread", coverage.unread)
}

impl Hearing {
    pub(crate) fn look(hall: &Hall, views: &Views, round: Option<RoundNumber>) -> Self {
        let counted = tallies(views, round);
        let (of, coverage) = (counted.of, counted.coverage);
        let order: Vec<_> = counted.themes.iter().map(|tally| tally.theme).collect();
        let mut quotes = quotes_beside(views, &|position| hall.words(position), &order, round);
        let row = |tally: ThemeTally| {
            let query = Query::theme(tally.theme).in_round(round);
            let href = |query: Query| format!("{}?{query}", address(hall.slug.as_str(), "contributions"));
            ThemeRow {
                href: href(query),
                tables: Bar::new(tally.tables, of.tables, href(query.on(Side::Room))),
                voices: Bar::new(tally.remote_voices, of.remote_voices, href(query.on(Side::Remote))),
                others: Bar::new(
                    tally.other_contributions,
                    of.other_contributions,
                    href(query.on(Side::Other)),
                ),
                quote: quotes.remove(&tally.theme),
                jump: JumpView::latest(views, tally.theme),
                tally,
            }
        };
        Self {
            themes: counted.themes.into_iter().map(row).collect(),
            coverage_line: coverage_line(&coverage),
            coverage,
            room: of.tables > 0,
            remote: of.remote_voices > 0,
            other: of.other_contributions > 0,
        }
    }
}
