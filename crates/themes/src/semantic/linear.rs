//! Rows of numbers times a matrix, in an order that compilers turn into vector instructions and that no machine changes.

/// So many rows times so many columns are summed up in registers at a time: what sixteen registers of four numbers hold.
const ROWS: usize = 4;
const COLUMNS: usize = 8;

/// A matrix in panels: for each [`COLUMNS`] outputs, the numbers of the first input, those of the second, and so on. Missing
/// outputs at the end are zero.
pub(super) struct Matrix {
    inputs: usize,
    outputs: usize,
    numbers: Vec<[f32; COLUMNS]>,
}

impl Matrix {
    pub(super) fn new(inputs: usize, outputs: usize, number: impl Fn(usize, usize) -> f32) -> Self {
        let panel = |panel: usize, input: usize| {
            std::array::from_fn(|column| match panel * COLUMNS + column {
                output if output < outputs => number(input, output),
                _ => 0.0,
            })
        };
        let panels = 0..outputs.div_ceil(COLUMNS);
        let numbers = panels
            .flat_map(|at| (0..inputs).map(move |input| (at, input)))
            .map(|(at, input)| panel(at, input));
        Self { inputs, outputs, numbers: numbers.collect() }
    }

    /// Each row by itself: an output is the sum of the inputs in their order, each times its number. `rows` lie one after the
    /// other, and so do those of the answer.
    pub(super) fn apply(&self, rows: &[f32]) -> Vec<f32> {
        let count = rows.len() / self.inputs;
        let mut answer = vec![0.0; count * self.outputs];
        let blocks: Vec<_> =
            (0..count).step_by(ROWS).map(|first| (first, self.turned(rows, first))).collect();
        // A panel is fetched from memory once, and the rows stay near.
        for (at, panel) in self.numbers.chunks_exact(self.inputs).enumerate() {
            let (column, width) = (at * COLUMNS, COLUMNS.min(self.outputs - at * COLUMNS));
            for (first, block) in &blocks {
                for (row, sums) in (*first..count).zip(&sums(block, panel)) {
                    let place = row * self.outputs + column;
                    answer[place..place + width].copy_from_slice(&sums[..width]);
                }
            }
        }
        answer
    }

    /// [`ROWS`] rows from one on, so that what belongs to one input lies together; rows beyond the end are zero.
    fn turned(&self, rows: &[f32], first: usize) -> Vec<[f32; ROWS]> {
        let mut turned = vec![[0.0; ROWS]; self.inputs];
        for (place, row) in rows.chunks_exact(self.inputs).skip(first).take(ROWS).enumerate() {
            for (several, number) in turned.iter_mut().zip(row) {
                several[place] = *number;
            }
        }
        turned
    }
}

/// The hot loop of the model.
fn sums(block: &[[f32; ROWS]], panel: &[[f32; COLUMNS]]) -> [[f32; COLUMNS]; ROWS] {
    let mut sums = [[0.0; COLUMNS]; ROWS];
    for (inputs, numbers) in block.iter().zip(panel) {
        for (sums, input) in sums.iter_mut().zip(inputs) {
            for (sum, number) in sums.iter_mut().zip(numbers) {
                *sum += input * number;
            }
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_output_is_the_sum_in_the_order_of_the_inputs() {
        let number = |input: usize, output: usize| ((input * 31 + output * 17) % 23) as f32 / 7.0 - 1.5;
        for (count, inputs, outputs) in [(1, 1, 1), (3, 5, 9), (4, 32, 8), (7, 12, 17), (9, 40, 24)] {
            let matrix = Matrix::new(inputs, outputs, number);
            let rows: Vec<_> = (0..count * inputs).map(|place| (place % 13) as f32 / 3.0 - 2.0).collect();
            let mut plain = Vec::new();
            for row in rows.chunks(inputs) {
                for output in 0..outputs {
                    let terms = row.iter().enumerate().map(|(input, value)| value * number(input, output));
                    plain.push(terms.fold(0.0, |sum, term| sum + term));
                }
            }
            assert_eq!(matrix.apply(&rows), plain, "{count} {inputs} {outputs}");
        }
    }
}
