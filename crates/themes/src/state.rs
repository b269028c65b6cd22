//! What a learner knows, as one sum, so that two can be told apart.

use sha2::{Digest, Sha256};

use crate::examples::Source;
use crate::learner::Learner;

impl Learner {
    /// What was heard, the examples by place, what they pull, and the calibration. The weights follow from these.
    pub(crate) fn hash(&self, sum: &mut Sha256) {
        let (texts, by_key) = self.weights().heard();
        sum.update(texts.to_le_bytes());
        for (key, heard) in by_key {
            sum.update(key.0.to_le_bytes());
            sum.update(heard.to_le_bytes());
        }
        sum.update(self.examples().turns().to_le_bytes());
        for (place, example) in self.examples().iter() {
            let (kind, whose) = match example.source {
                Source::Name(theme) => (0, theme.0),
                Source::Definition(theme) => (1, theme.0),
                Source::Item(item) => (2, u128::from(item.0)),
            };
            sum.update((place.index() as u64).to_le_bytes());
            sum.update([kind]);
            sum.update(whose.to_le_bytes());
            sum.update((example.features.len() as u64).to_le_bytes());
            for feature in &example.features {
                sum.update(self.weights().key_of(feature.row).0.to_le_bytes());
                sum.update(feature.value.to_le_bytes());
                sum.update([feature.block as u8, feature.count]);
            }
            if let Some(meaning) = &example.meaning {
                sum.update(b"meaning");
                meaning.values().for_each(|value| sum.update((value as i16).to_le_bytes()));
            }
            sum.update((example.truth.len() as u64).to_le_bytes());
            example.truth.iter().for_each(|theme| sum.update(theme.0.to_le_bytes()));
            self.pulls(place).iter().for_each(|pull| sum.update(pull.to_le_bytes()));
        }
        let calibration = self.calibration();
        for number in [calibration.slope, calibration.offset, calibration.texts as i64] {
            sum.update(number.to_le_bytes());
        }
        for cut in &calibration.cuts {
            sum.update(cut.at.to_le_bytes());
            sum.update(cut.mistakes.to_le_bytes());
        }
    }
}
