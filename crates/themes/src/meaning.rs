//! What a text means as a whole: a third block of features, beside its words and the pieces of them.

use crate::embedding::{Embedding, WIDTH};
use crate::weights::Grid;

/// How long this block is, Q15, where each of the other two has the length one: 0.9.
const LENGTH: i64 = 29_491;

/// The numbers of an embedding as values of features, Q15.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Meaning(Box<[i16; WIDTH]>);

impl Meaning {
    /// `None` for one that has no direction.
    pub(crate) fn of(embedding: &Embedding) -> Option<Self> {
        let squares: u64 =
            embedding.values().iter().map(|value| u64::from(value.unsigned_abs()).pow(2)).sum();
        // In Q8, and at least one.
        let length = (squares << 16).isqrt() as i64;
        let value = |value: i8| (i64::from(value) * 256 * LENGTH / length) as i16;
        (length > 0).then(|| Self(Box::new(embedding.values().map(value))))
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = i64> {
        self.0.iter().copied().map(i64::from)
    }

    /// The square of its length, Q30.
    pub(crate) fn square(&self) -> i64 {
        self.values().map(|value| value * value).sum()
    }
}

/// What each number of a meaning says for and against each theme.
#[derive(Clone, Debug)]
pub(crate) struct Meant {
    /// By number and column, Q16. Without rows until there is a meaning.
    grid: Grid,
}

impl Meant {
    pub(crate) fn new() -> Self {
        Self { grid: Grid::new(0) }
    }

    /// There is one from now on.
    pub(crate) fn enter(&mut self) {
        self.grid.lengthen(WIDTH);
    }

    pub(crate) fn widen(&mut self, columns: usize) {
        self.grid.widen(columns);
    }

    pub(crate) fn clear_column(&mut self, column: usize) {
        self.grid.clear_column(column);
    }

    /// Adds what a meaning says to margins, Q31.
    pub(crate) fn speak(&self, meaning: &Meaning, margins: &mut [i64]) {
        for (row, value) in self.grid.rows().zip(meaning.values()) {
            for (margin, weight) in margins.iter_mut().zip(row) {
                *margin += i64::from(*weight) * value;
            }
        }
    }

    /// An example pulls otherwise than before, by column, Q16.
    pub(crate) fn replace(&mut self, meaning: &Meaning, before: &[i32], pulls: &[i32]) {
        // Values stay as they are, so that most themes have nothing to change.
        let pairs = before.iter().zip(pulls).map(|(before, pull)| (i64::from(*before), i64::from(*pull)));
        let changed: Vec<_> = pairs.enumerate().filter(|(_, (before, pull))| before != pull).collect();
        for (row, value) in self.grid.rows_mut().zip(meaning.values()) {
            for (column, (before, pull)) in &changed {
                let (goes, comes) = ((before * value) >> 15, (pull * value) >> 15);
                row[*column] = row[*column].wrapping_add((comes - goes) as i32);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_meaning_is_as_long_as_another() {
        for given in [[1.0_f32; WIDTH], std::array::from_fn(|place| (place as f32 - 100.0) / 7.0)] {
            let meaning = Meaning::of(&Embedding::of(&given)).unwrap();
            assert!(((meaning.square() as f64).sqrt() - LENGTH as f64).abs() < LENGTH as f64 / 100.0);
        }
        let mut one = [0.0; WIDTH];
        one[3] = -5.0;
        let one = Meaning::of(&Embedding::of(&one)).unwrap();
        assert_eq!(one.values().find(|value| *value != 0), Some(-LENGTH));
        assert!(Meaning::of(&Embedding::of(&[0.0; WIDTH])).is_none());
    }

    #[test]
    fn what_is_taken_back_was_never_said() {
        let [one, other] = [7.0, -3.0].map(|turn: f32| {
            Meaning::of(&Embedding::of(&std::array::from_fn(|place| (place as f32 * turn).sin()))).unwrap()
        });
        let (mut meant, mut margins) = (Meant::new(), [0; 8]);
        meant.speak(&one, &mut margins);
        meant.enter();
        let pulls = [0, 70_000, -12_345, 0, 1, 0, 0, i32::MAX];
        meant.replace(&one, &[0; 8], &pulls);
        meant.replace(&other, &[0; 8], &[5; 8]);
        meant.speak(&one, &mut margins);
        assert!(margins[1] > 1 << 30 && margins[2] < 0 && margins[7] > margins[1]);
        meant.replace(&one, &pulls, &[0; 8]);
        meant.replace(&other, &[5; 8], &[0; 8]);
        assert!(meant.grid.rows().flatten().all(|cell| *cell == 0));
    }
}
