//! The room: its tables as they merge, split and move, the countdown, and what the screen shows.

use domain::{Event, Label, Meta, TableNumber, Timestamp};
use serde::{Deserialize, Serialize};

use crate::frame::Frame;
use crate::views::Views;

/// One change of the tables, kept so that everybody can see who spoke for whom and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableChange {
    pub at: Timestamp,
    pub table: TableNumber,
    pub what: TableWhat,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TableWhat {
    MergedInto(TableNumber),
    SplitInto(TableNumber),
    MovedTo(Label),
    /// A table that was merged stands for itself again.
    SeatedAgain,
}

impl Frame {
    /// Folds an event of the room, and says whether it was one.
    pub(crate) fn fold_room(&mut self, event: &Event, meta: &Meta) -> bool {
        match event {
            Event::TableSeated { table, seats } => {
                self.tables.insert(*table, *seats);
                if self.merged.remove(table).is_some() {
                    self.changed(meta, *table, TableWhat::SeatedAgain);
                }
            }
            Event::TableMerged { table, into } => {
                self.merged.insert(*table, *into);
                self.changed(meta, *table, TableWhat::MergedInto(*into));
            }
            Event::TableSplit { table, into, seats } => {
                self.tables.insert(*into, *seats);
                self.changed(meta, *table, TableWhat::SplitInto(*into));
            }
            Event::TableMoved { table, place } => {
                self.places.insert(*table, place.clone());
                self.changed(meta, *table, TableWhat::MovedTo(place.clone()));
            }
            Event::CountdownSet { until } => self.countdown = *until,
            Event::ScreenSet { scene } => {
                self.scene = *scene;
                self.scene_at = Some(meta.at);
            }
            _ => return false,
        }
        true
    }

    fn changed(&mut self, meta: &Meta, table: TableNumber, what: TableWhat) {
        self.moves.push(TableChange { at: meta.at, table, what });
    }
}

impl Views {
    /// The tables that speak for themselves now.
    pub fn seated(&self) -> impl Iterator<Item = TableNumber> {
        self.frame.tables.keys().copied().filter(|table| !self.frame.merged.contains_key(table))
    }

    /// The table that speaks for the people of this one now: itself, or the one that it was merged into.
    pub fn speaks_for(&self, table: TableNumber) -> TableNumber {
        let mut now = table;
        // Tables are merged into tables, so a chain is never longer than there are tables.
        for _ in 0..self.frame.tables.len() {
            let Some(into) = self.frame.merged.get(&now) else { break };
            now = *into;
        }
        now
    }

    /// Seats at those tables; 0 where nobody has counted them.
    pub fn seats(&self) -> u64 {
        let seats = |table: TableNumber| self.frame.tables.get(&table).copied().map_or(0, u64::from);
        self.seated().map(seats).sum()
    }

    /// How many tables a table's figure is of: those that speak for themselves, and those that spoke before they were
    /// merged into another.
    pub fn tables(&self) -> u64 {
        let spoke = |table: &TableNumber| self.entries.values().any(|entry| entry.table == Some(*table));
        let silent = self.frame.merged.keys().filter(|table| !spoke(table)).count();
        self.frame.tables.len().saturating_sub(silent) as u64
    }
}
