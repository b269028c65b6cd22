//! News as frames, every one and in order, kept for a while for those who come back.

use std::collections::VecDeque;
use std::sync::Arc;

use domain::ContributionId;
use projections::news::{Item, NEWS_MAX};
use projections::{News, Told, WordsReader};
use serde::Serialize;

use super::wire::Frame;

/// Most bytes of news that somebody who comes back is told; for more, a snapshot is the shorter way.
const REPLAY_BYTES_MAX: usize = 128 * 1024;

/// How a piece of news goes out.
#[derive(Serialize)]
struct Shape<'a> {
    position: u64,
    #[serde(flatten)]
    news: &'a News,
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<&'a Words>,
}

/// What stands in place of words: themselves, or nothing where they may not be shown any more.
#[derive(Serialize)]
#[serde(transparent)]
struct Words(Option<String>);

struct Logged {
    told: Told,
    frame: Frame,
}

/// The latest news, encoded once for everybody.
pub(crate) struct Log {
    words: Arc<WordsReader>,
    logged: VecDeque<Logged>,
    /// All that came after this position are in here.
    whole_after: u64,
}

impl Log {
    pub(crate) fn new(words: Arc<WordsReader>) -> Self {
        Self { words, logged: VecDeque::new(), whole_after: 0 }
    }

    /// Forgets everything, because some of what follows was missed.
    pub(crate) fn begin_after(&mut self, position: u64) {
        self.logged.clear();
        self.whole_after = position;
    }

    pub(crate) fn push(&mut self, told: Told) {
        match &told.news {
            News::Item(item) => self.forget_words(item.id),
            News::Hidden { id } | News::Erased { id } => self.forget_words(*id),
            _ => {}
        }
        let words = match &told.news {
            News::Item(item) => Some(self.open(item)),
            _ => None,
        };
        let frame = encode(&told, words.as_ref());
        self.logged.push_back(Logged { told, frame });
        if self.logged.len() > NEWS_MAX {
            let oldest = self.logged.pop_front();
            self.whole_after = oldest.map_or(self.whole_after, |oldest| oldest.told.position.get());
        }
    }

    /// What came after `after`, up to and with `until`; nothing where some of it has been let go of.
    pub(crate) fn between(&self, after: u64, until: u64) -> Option<impl Iterator<Item = &Frame>> {
        let place = |position| self.logged.partition_point(|logged| logged.told.position.get() <= position);
        let (first, end) = (place(after), place(until));
        let range = first..end.max(first);
        (after >= self.whole_after).then(|| self.logged.range(range).map(|logged| &logged.frame))
    }

    /// The same for somebody who comes back; nothing also where it is too much, or where they claim to know more than
    /// there is.
    pub(crate) fn replay(&self, after: u64, until: u64) -> Option<Vec<Frame>> {
        let frames: Vec<_> = self.between(after, until).filter(|_| after <= until)?.cloned().collect();
        let bytes: usize = frames.iter().map(|frame| frame.wire().len()).sum();
        (bytes <= REPLAY_BYTES_MAX).then_some(frames)
    }

    fn open(&self, item: &Item) -> Words {
        Words(item.words_at.and_then(|position| self.words.words(position)))
    }

    /// Words that were corrected, hidden or erased are told to nobody again; that there was something stays told.
    fn forget_words(&mut self, id: ContributionId) {
        let of = |told: &Told| matches!(&told.news, News::Item(item) if item.id == id);
        for logged in self.logged.iter_mut().filter(|logged| of(&logged.told)) {
            logged.frame = encode(&logged.told, Some(&Words(None)));
        }
    }
}

fn encode(told: &Told, words: Option<&Words>) -> Frame {
    let position = told.position.get();
    Frame::json(&Shape { position, news: &told.news, words }).up_to(position)
}
