//! What an event means to people who follow the assembly live. It comes out of the fold itself and depends on nothing
//! but the record, so that it is the same after every restart.

use std::collections::{BTreeSet, VecDeque};

use domain::{
    ContributionId, Event, Form, Kind, Poll, PollId, RoundNumber, Scene, TableNumber, ThemeId, Timestamp,
};
use event_log::Position;
use serde::Serialize;

use crate::figure::Side;
use crate::views::{Entry, Views};
use crate::{Recorded, Touched};

/// News that are kept for who comes back. Who was away for longer looks at everything anew.
pub const NEWS_MAX: usize = 2_000;

/// One thing that everybody may know, in the words of the feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum News {
    /// A contribution may be read by everybody now, or its words were corrected.
    Item(Item),
    /// It may not be read any more: it was held back, withdrawn or set aside.
    Hidden { id: ContributionId },
    /// Nobody can read it any more.
    Erased { id: ContributionId },
    /// What may be read stands in these themes now.
    Themed { id: ContributionId, themes: BTreeSet<ThemeId> },
    /// All of one theme stand in another now, or in none.
    Recoded { theme: ThemeId, into: Option<ThemeId> },
    /// A theme was split, or a change of the code frame was undone: who shows themes looks at them anew.
    Regrouped {},
    /// A round or the assembly itself has turned a page.
    Phase { phase: Phase, round: Option<RoundNumber> },
    /// When the time of the open round is up; without a time there is no countdown.
    Countdown { until: Option<Timestamp> },
    /// The hall's screen shows something else.
    Screen { scene: Scene },
    /// A poll was opened, or closed: then people at home may vote until that time.
    Poll { poll: PollId, open: bool, remote_until: Option<Timestamp> },
    /// A table speaks for another one, too.
    Merged { table: TableNumber, into: TableNumber },
}

/// A contribution that everybody may read, without its words: these are opened when they are needed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Item {
    pub id: ContributionId,
    /// Where it stands in the record.
    pub contributed: Position,
    pub round: RoundNumber,
    pub side: &'static str,
    pub table: Option<TableNumber>,
    pub kind: Kind,
    pub form: Form,
    pub themes: BTreeSet<ThemeId>,
    /// The event that holds its words.
    #[serde(skip)]
    pub words_at: Option<Position>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    RoundOpened,
    RoundClosed,
    AssemblyClosed,
}

/// News and the event that they are of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub position: Position,
    pub news: News,
}

/// Folds an event, and says what news it is, if it is any.
pub(crate) fn apply(views: &mut Views, recorded: &Recorded) -> (Touched, Option<Told>) {
    let of = recorded.event.contribution();
    let was_public = of.and_then(|id| views.entry(id)).is_some_and(|(_, entry)| entry.is_public());
    let touched = views.apply(recorded);
    let news = news(&recorded.event, was_public, views);
    (touched, news.map(|news| Told { position: recorded.position, news }))
}

/// `views` hold the event already. An event of another kind becomes news by one line here.
fn news(event: &Event, was_public: bool, views: &Views) -> Option<News> {
    let phase = |phase, round| Some(News::Phase { phase, round });
    match event {
        Event::RoundOpened { round } => phase(Phase::RoundOpened, Some(*round)),
        Event::RoundClosed { round } => phase(Phase::RoundClosed, Some(*round)),
        Event::Closed {} => phase(Phase::AssemblyClosed, None),
        Event::CountdownSet { until } => Some(News::Countdown { until: *until }),
        Event::ScreenSet { scene } => Some(News::Screen { scene: *scene }),
        Event::PollOpened(Poll { poll, .. }) => {
            Some(News::Poll { poll: *poll, open: true, remote_until: None })
        }
        Event::PollClosed { poll, remote_until } => {
            Some(News::Poll { poll: *poll, open: false, remote_until: Some(*remote_until) })
        }
        Event::TableMerged { table, into } => Some(News::Merged { table: *table, into: *into }),
        Event::ThemeMerged { theme, into, .. } => Some(News::Recoded { theme: *theme, into: Some(*into) }),
        Event::ThemeRetired { theme, .. } => Some(News::Recoded { theme: *theme, into: None }),
        Event::ThemeSplit { .. } | Event::ChangeUndone { .. } => Some(News::Regrouped {}),
        Event::Erased { contribution, .. } => Some(News::Erased { id: *contribution }),
        event => {
            let (position, entry) = views.entry(event.contribution()?)?;
            let id = entry.contribution;
            match (was_public, entry.is_public(), event) {
                (false, true, _) | (true, true, Event::Corrected { .. }) => Some(item(position, entry)),
                (true, false, _) => Some(News::Hidden { id }),
                (true, true, Event::Assigned { .. } | Event::Unassigned { .. }) => {
                    Some(News::Themed { id, themes: entry.coded.themes.clone() })
                }
                _ => None,
            }
        }
    }
}

fn item(contributed: Position, entry: &Entry) -> News {
    News::Item(Item {
        id: entry.contribution,
        contributed,
        round: entry.round,
        side: Side::of(entry.channel).as_str(),
        table: entry.table,
        kind: entry.kind,
        form: entry.form,
        themes: entry.coded.themes.clone(),
        words_at: entry.words_at,
    })
}

/// The latest news, whole from some position on.
#[derive(Debug, Default)]
pub struct Latest {
    told: VecDeque<Told>,
    /// All that came after this position are in here.
    whole_after: u64,
}

impl Latest {
    /// What came after `position`; nothing where some of it has been let go of.
    pub fn since(&self, position: u64) -> Option<impl Iterator<Item = &Told>> {
        let first = self.told.partition_point(|told| told.position.get() <= position);
        (position >= self.whole_after).then(|| self.told.range(first..))
    }

    /// All that came after this position are known.
    pub fn whole_after(&self) -> u64 {
        self.whole_after
    }

    /// Nothing is known of what came up to here.
    pub(crate) fn beginning_after(position: u64) -> Self {
        Self { told: VecDeque::new(), whole_after: position }
    }

    pub(crate) fn push(&mut self, told: Option<Told>) {
        self.told.extend(told);
        while self.told.len() > NEWS_MAX {
            self.whole_after = self.told.pop_front().map_or(self.whole_after, |oldest| oldest.position.get());
        }
    }
}
