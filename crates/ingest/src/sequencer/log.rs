//! What the sequencer needs of a record.

use std::path::Path;

use event_log::{Appended, NewEvent, Position, Recorded, Signer, Swept, Words, Writer};
use uuid::Uuid;

/// What the worker needs of a writer. There is one implementation besides the tests' faulty one.
pub(super) trait Log: Send {
    fn append(&mut self, events: &[NewEvent], now_ms: u64) -> Result<Vec<Appended>, event_log::Error>;
    fn find(&self, id: Uuid) -> Result<Option<Recorded>, event_log::Error>;
    fn words(&self, position: Position) -> Result<Words, event_log::Error>;
    fn erase(&mut self, positions: &[Position]) -> Result<Swept, event_log::Error>;
    fn sweep(&mut self) -> Result<Swept, event_log::Error>;
    fn folder(&self) -> &Path;
    fn head(&self) -> Option<Position>;
    fn assembly(&self) -> Uuid;
    fn checkpoint(&mut self, signer: &Signer) -> Result<(), event_log::Error>;
}

impl Log for Writer {
    fn append(&mut self, events: &[NewEvent], now_ms: u64) -> Result<Vec<Appended>, event_log::Error> {
        Writer::append(self, events, now_ms)
    }

    fn find(&self, id: Uuid) -> Result<Option<Recorded>, event_log::Error> {
        Writer::find(self, id)
    }

    fn words(&self, position: Position) -> Result<Words, event_log::Error> {
        Writer::words(self, position)
    }

    fn erase(&mut self, positions: &[Position]) -> Result<Swept, event_log::Error> {
        Writer::erase(self, positions)
    }

    fn sweep(&mut self) -> Result<Swept, event_log::Error> {
        Writer::sweep(self)
    }

    fn folder(&self) -> &Path {
        Writer::folder(self)
    }

    fn head(&self) -> Option<Position> {
        Writer::head(self)
    }

    fn assembly(&self) -> Uuid {
        Writer::assembly(self)
    }

    fn checkpoint(&mut self, signer: &Signer) -> Result<(), event_log::Error> {
        Writer::checkpoint(self, signer).map(drop)
    }
}
