//! Opens the words that the record keeps sealed, for whoever draws a page. Whether they may be shown there is for the
//! page to know: ask [`crate::Entry`] first.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use event_log::{Position, Reader, Words};

use crate::Error;

/// One read-only connection to the record, shared by many pages.
pub struct WordsReader(Mutex<Reader>);

impl WordsReader {
    pub fn open(folder: &Path) -> Result<Self, Error> {
        Ok(Self(Mutex::new(Reader::open(folder)?)))
    }

    /// The words of the event at `position`; `None` where there are none or their key is gone.
    pub fn words(&self, position: Position) -> Option<String> {
        match self.reader().words(position) {
            Ok(Words::Open(words)) => Some(words),
            Ok(Words::None | Words::Gone) => None,
            Err(error) => {
                tracing::error!(%position, error = &error as &dyn std::error::Error, "words cannot be opened");
                None
            }
        }
    }

    /// The leaf of the event at `position`, from which a receipt is made.
    pub fn leaf(&self, position: Position) -> Option<[u8; 32]> {
        self.reader().at(position).ok().flatten().map(|recorded| recorded.leaf)
    }

    fn reader(&self) -> std::sync::MutexGuard<'_, Reader> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
