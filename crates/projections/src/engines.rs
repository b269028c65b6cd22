//! Runs the theme engines beside a record: reads what is new, learns from it, and says what there is to say.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use event_log::{Position, Reader};

use crate::drafting::{self, Ask};
use crate::learner::{Learner, Saying};
use crate::{Error, Recorded, SentenceModel, WordsReader};

/// Events read in one go.
const PAGE_EVENTS: usize = 1_000;

/// The engines of one assembly. Whoever holds it asks for [`Engines::sayings`] when the record has grown.
pub struct Engines {
    folder: PathBuf,
    record: Reader,
    words: WordsReader,
    learner: Learner,
    model: Option<Arc<dyn SentenceModel>>,
}

impl Engines {
    /// Without a model the engines go by words alone, and by what a model has said before.
    pub fn open(folder: &Path, model: Option<Arc<dyn SentenceModel>>) -> Result<Self, Error> {
        let (record, words) = (Reader::open(folder)?, WordsReader::open(folder)?);
        Ok(Self { folder: folder.to_owned(), record, words, learner: Learner::default(), model })
    }

    /// Learns what the record holds by now and gives what there is to say about it. Once words were erased, everything
    /// else is learnt anew first.
    pub fn sayings(&mut self) -> Result<Vec<Saying>, Error> {
        self.keep_up()?;
        let Self { learner, words, model, .. } = self;
        Ok(learner.sayings(&|at| words.words(at), model.as_deref()))
    }

    /// Learns what the record holds by now, and says nothing.
    pub fn keep_up(&mut self) -> Result<(), Error> {
        self.catch_up()?;
        if self.learner.is_tainted() {
            *self = Self::open(&self.folder, self.model.take())?;
            self.catch_up()?;
            self.learner.settle();
        }
        Ok(())
    }

    /// What a language model could be asked for, as far as the record has been read.
    pub fn asks(&self) -> Vec<Ask> {
        drafting::asks(self.learner.views(), &|at| self.words.words(at))
    }

    /// What has been learnt, as one hash; see [`Learner::state_hash`].
    pub fn state_hash(&self) -> [u8; 32] {
        self.learner.state_hash()
    }

    fn catch_up(&mut self) -> Result<(), Error> {
        let Self { record, words, learner, .. } = self;
        loop {
            let before = learner.position();
            let mut page = Vec::new();
            record.each(Position::new(before), PAGE_EVENTS, |public| -> Result<_, Error> {
                page.push(Recorded::read(&public)?);
                Ok(ControlFlow::Continue(()))
            })?;
            if page.is_empty() {
                return Ok(());
            }
            page.iter().for_each(|recorded| learner.apply(recorded, &|at| words.words(at)));
        }
    }
}
