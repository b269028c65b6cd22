//! What is known of every feature: how many examples have it, and how much it says for and against each theme.

use crate::features::{KEY_BITS, Key};
use crate::fixed::{ONE, ln};

/// Rows of equal width; all themes of one feature, or of one example, lie together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Grid {
    width: usize,
    cells: Vec<i32>,
}

/// Widths grow by this many, so that a new theme seldom moves everything.
const WIDTH_STEP: usize = 8;

impl Grid {
    pub(crate) fn new(rows: usize) -> Self {
        Self { width: WIDTH_STEP, cells: vec![0; rows * WIDTH_STEP] }
    }

    pub(crate) fn width(&self) -> usize {
        self.width
    }

    pub(crate) fn row(&self, index: usize) -> &[i32] {
        &self.cells[index * self.width..][..self.width]
    }

    pub(crate) fn row_mut(&mut self, index: usize) -> &mut [i32] {
        &mut self.cells[index * self.width..][..self.width]
    }

    /// All of them.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &[i32]> {
        self.cells.chunks_exact(self.width)
    }

    pub(crate) fn rows_mut(&mut self) -> impl Iterator<Item = &mut [i32]> {
        self.cells.chunks_exact_mut(self.width)
    }

    /// Has at least so many rows from now on; new ones are zero.
    pub(crate) fn lengthen(&mut self, rows: usize) {
        if self.cells.len() < rows * self.width {
            self.cells.resize(rows * self.width, 0);
        }
    }

    /// Has at least so many columns from now on; new ones are zero.
    pub(crate) fn widen(&mut self, columns: usize) {
        let width = columns.next_multiple_of(WIDTH_STEP);
        if width <= self.width {
            return;
        }
        let mut cells = Vec::with_capacity(self.cells.len() / self.width * width);
        for row in self.cells.chunks_exact(self.width) {
            cells.extend_from_slice(row);
            cells.resize(cells.len() + width - self.width, 0);
        }
        *self = Self { width, cells };
    }

    pub(crate) fn clear_column(&mut self, column: usize) {
        for row in self.cells.chunks_exact_mut(self.width) {
            row[column] = 0;
        }
    }
}

/// The row of a feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Row(u32);

/// The row of what every text has. It is no feature's.
pub(crate) const BIAS: Row = Row(0);

impl Row {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

#[derive(Clone, Debug)]
struct Having {
    key: Key,
    examples: u32,
    /// Texts that were heard with it, read or not.
    heard: u32,
}

#[derive(Clone, Debug)]
pub(crate) struct Weights {
    /// By key; that of the bias where no example has the feature.
    rows: Vec<Row>,
    /// By row.
    having: Vec<Having>,
    free: Vec<Row>,
    /// By key: texts that were heard with it; and how many texts there were.
    heard: Vec<u32>,
    texts: u32,
    /// By row and theme, Q16.
    pub(crate) grid: Grid,
}

impl Weights {
    pub(crate) fn new() -> Self {
        Self {
            rows: vec![BIAS; 1 << KEY_BITS],
            having: vec![Having { key: Key(0), examples: 0, heard: 0 }],
            free: Vec::new(),
            heard: vec![0; 1 << KEY_BITS],
            texts: 0,
            grid: Grid::new(1),
        }
    }

    pub(crate) fn row_of(&self, key: Key) -> Option<Row> {
        Some(self.rows[key.index()]).filter(|row| *row != BIAS)
    }

    pub(crate) fn key_of(&self, row: Row) -> Key {
        self.having[row.index()].key
    }

    /// One more example has this feature, which has a row from now on.
    pub(crate) fn enter(&mut self, key: Key) -> Row {
        let row = self.row_of(key).unwrap_or_else(|| self.new_row(key));
        self.having[row.index()].examples += 1;
        row
    }

    fn new_row(&mut self, key: Key) -> Row {
        let row = self.free.pop().unwrap_or_else(|| {
            self.having.push(Having { key, examples: 0, heard: 0 });
            Row(self.having.len() as u32 - 1)
        });
        self.having[row.index()] = Having { key, examples: 0, heard: self.heard[key.index()] };
        self.rows[key.index()] = row;
        self.grid.lengthen(self.having.len());
        row
    }

    /// One example less has it. A row that no example has is zero, as it is the sum of what examples put there.
    pub(crate) fn leave(&mut self, row: Row) {
        let having = &mut self.having[row.index()];
        having.examples -= 1;
        if having.examples == 0 {
            self.rows[having.key.index()] = BIAS;
            self.free.push(row);
        }
    }

    /// What these features say for each theme, by column, Q31; their values are Q15.
    pub(crate) fn margins(&self, features: impl Iterator<Item = (Row, u16)>) -> Vec<i64> {
        // Weights are lifted above zero for the sum: without signs, a processor multiplies several at once.
        const LIFT: u32 = 1 << 31;
        let (mut sums, mut lift) = (vec![0_u64; self.grid.width()], 0);
        for (row, value) in features {
            lift += u64::from(value) * u64::from(LIFT);
            for (sum, weight) in sums.iter_mut().zip(self.grid.row(row.index())) {
                *sum += u64::from((*weight as u32) ^ LIFT) * u64::from(value);
            }
        }
        sums.into_iter().map(|sum| sum.wrapping_sub(lift) as i64).collect()
    }

    /// A text was heard, with each of these once.
    pub(crate) fn hear(&mut self, keys: impl Iterator<Item = Key>) {
        self.texts += 1;
        for key in keys {
            self.heard[key.index()] += 1;
            if let Some(row) = self.row_of(key) {
                self.having[row.index()].heard += 1;
            }
        }
    }

    /// How many texts were heard, and with which features how many.
    pub(crate) fn heard(&self) -> (u32, impl Iterator<Item = (Key, u32)>) {
        let by_key = (0..).map(Key).zip(self.heard.iter().copied());
        (self.texts, by_key.filter(|(_, heard)| *heard > 0))
    }

    /// How rare a feature is among what was heard, or among so many examples where that is more; Q16: one for what all
    /// have.
    pub(crate) fn rarity(&self, row: Row, examples: u32) -> i64 {
        let having = &self.having[row.index()];
        let (all, with) = (examples.max(self.texts), having.examples.max(having.heard));
        ln(u64::from(all) + 1) - ln(u64::from(with) + 1) + ONE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_keep_what_they_hold_when_themes_are_added() {
        let mut grid = Grid::new(2);
        grid.row_mut(0)[7] = 7;
        grid.row_mut(1)[0] = -1;
        grid.widen(9);
        grid.lengthen(3);
        assert_eq!((grid.width(), grid.row(0)[7], grid.row(1)[0], grid.row(2)[15]), (16, 7, -1, 0));
        grid.widen(3);
        grid.clear_column(7);
        grid.clear_column(0);
        assert!(grid.width() == 16 && grid.cells.iter().all(|cell| *cell == 0));
    }

    #[test]
    fn what_no_example_has_gives_its_row_to_the_next() {
        let mut weights = Weights::new();
        let row = weights.enter(Key(5));
        assert_eq!(
            (weights.enter(Key(5)), weights.row_of(Key(5)), weights.key_of(row)),
            (row, Some(row), Key(5))
        );
        weights.leave(row);
        assert_eq!(weights.row_of(Key(5)), Some(row));
        weights.leave(row);
        assert_eq!((weights.row_of(Key(5)), weights.enter(Key(6))), (None, row));
        assert!(weights.rarity(row, 100) > weights.rarity(row, 1) && weights.rarity(row, 1) == ONE);
    }

    #[test]
    fn what_was_heard_often_is_not_rare_whether_it_was_heard_before_or_after() {
        let (mut weights, often, seldom) = (Weights::new(), Key(5), Key(6));
        weights.hear([often].into_iter());
        let rows = [often, seldom].map(|key| weights.enter(key));
        (0..8).for_each(|_| weights.hear([often].into_iter()));
        let [often_row, seldom_row] = rows.map(|row| weights.rarity(row, 2));
        assert_eq!(often_row, ONE);
        assert!(seldom_row > 2 * ONE);
        assert_eq!((weights.heard().0, weights.heard().1.collect::<Vec<_>>()), (9, vec![(often, 9)]));
    }
}
