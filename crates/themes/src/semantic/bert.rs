//! The layers of BERT (Devlin et al. 2019): tokens in, the mean of what they mean to each other out.
//!
//! Tables of numbers are one row a token, one row after the other.

use super::arithmetic::{Norm, gelu, softmax, sum};
use super::config::Shape;
use super::linear::Matrix;
use super::vocabulary::Token;
use super::weights::Weights;
use super::{BadModel, TOKENS_MAX};
use crate::WIDTH;

pub(super) struct Bert {
    /// One row a word of the vocabulary.
    words: Vec<f32>,
    /// One row a place in the text, with what every token of the first of two texts has; there is only one text here.
    places: Vec<f32>,
    norm: Norm,
    layers: Vec<Layer>,
}

struct Layer {
    query: Linear,
    key: Linear,
    value: Linear,
    heads: usize,
    attended: Linear,
    attended_norm: Norm,
    inner: Linear,
    outer: Linear,
    outer_norm: Norm,
}

struct Linear {
    matrix: Matrix,
    bias: Vec<f32>,
}

impl Bert {
    pub(super) fn read(shape: &Shape, weights: &Weights<'_>) -> Result<Self, BadModel> {
        let table =
            |name: &str, rows| weights.table(&format!("embeddings.{name}_embeddings.weight"), &[rows, WIDTH]);
        let words = table("word", shape.words)?;
        let mut places = table("position", shape.positions)?;
        let types = table("token_type", shape.types)?;
        places.truncate(TOKENS_MAX * WIDTH);
        for row in places.chunks_exact_mut(WIDTH) {
            add(row, &types[..WIDTH]);
        }
        let norm = norm(weights, "embeddings.LayerNorm", shape.epsilon)?;
        let layers =
            (0..shape.layers).map(|number| Layer::read(shape, weights, number)).collect::<Result<_, _>>()?;
        Ok(Self { words, places, norm, layers })
    }

    /// A vector of length one, unless all of it is zero. Tokens are those of the vocabulary, at most [`TOKENS_MAX`].
    pub(super) fn forward(&self, tokens: &[Token]) -> [f32; WIDTH] {
        let mut rows = Vec::with_capacity(tokens.len() * WIDTH);
        for (token, place) in tokens.iter().zip(self.places.chunks_exact(WIDTH)) {
            let word = &self.words[*token as usize * WIDTH..][..WIDTH];
            rows.extend(word.iter().zip(place).map(|(word, place)| word + place));
        }
        rows.chunks_exact_mut(WIDTH).for_each(|row| self.norm.apply(row));
        for layer in &self.layers {
            layer.apply(&mut rows);
        }
        let mut mean = [0.0; WIDTH];
        rows.chunks_exact(WIDTH).for_each(|row| add(&mut mean, row));
        let length = sum(mean.iter().map(|value| value * value)).sqrt();
        if length > 0.0 { mean.map(|value| value / length) } else { mean }
    }
}

impl Layer {
    fn read(shape: &Shape, weights: &Weights<'_>, number: usize) -> Result<Self, BadModel> {
        let name = |part: &str| format!("encoder.layer.{number}.{part}");
        let linear = |part: &str, inputs, outputs| Linear::read(weights, &name(part), inputs, outputs);
        let norm = |part: &str| norm(weights, &name(part), shape.epsilon);
        Ok(Self {
            query: linear("attention.self.query", WIDTH, WIDTH)?,
            key: linear("attention.self.key", WIDTH, WIDTH)?,
            value: linear("attention.self.value", WIDTH, WIDTH)?,
            heads: shape.heads,
            attended: linear("attention.output.dense", WIDTH, WIDTH)?,
            attended_norm: norm("attention.output.LayerNorm")?,
            inner: linear("intermediate.dense", WIDTH, shape.inner)?,
            outer: linear("output.dense", shape.inner, WIDTH)?,
            outer_norm: norm("output.LayerNorm")?,
        })
    }

    fn apply(&self, rows: &mut [f32]) {
        let attended = self.attended.apply(&self.attend(rows));
        add(rows, &attended);
        rows.chunks_exact_mut(WIDTH).for_each(|row| self.attended_norm.apply(row));
        let mut inner = self.inner.apply(rows);
        inner.iter_mut().for_each(|value| *value = gelu(*value));
        add(rows, &self.outer.apply(&inner));
        rows.chunks_exact_mut(WIDTH).for_each(|row| self.outer_norm.apply(row));
    }

    /// Each head looks from every token at every other, through its own part of a row.
    fn attend(&self, rows: &[f32]) -> Vec<f32> {
        let (query, key, value) = (self.query.apply(rows), self.key.apply(rows), self.value.apply(rows));
        let (count, width) = (rows.len() / WIDTH, WIDTH / self.heads);
        let scale = (width as f32).sqrt();
        let mut seen = vec![0.0; rows.len()];
        for from in (0..WIDTH).step_by(width) {
            let part: Vec<_> =
                query.chunks_exact(WIDTH).flat_map(|row| &row[from..from + width]).copied().collect();
            let keys = Matrix::new(width, count, |input, token| key[token * WIDTH + from + input]);
            let values = Matrix::new(count, width, |token, output| value[token * WIDTH + from + output]);
            let mut scores = keys.apply(&part);
            for scores in scores.chunks_exact_mut(count) {
                scores.iter_mut().for_each(|score| *score /= scale);
                softmax(scores);
            }
            let part = values.apply(&scores);
            for (seen, part) in seen.chunks_exact_mut(WIDTH).zip(part.chunks_exact(width)) {
                seen[from..from + width].copy_from_slice(part);
            }
        }
        seen
    }
}

impl Linear {
    /// In the file a row is what makes one output.
    fn read(weights: &Weights<'_>, name: &str, inputs: usize, outputs: usize) -> Result<Self, BadModel> {
        let numbers = weights.table(&format!("{name}.weight"), &[outputs, inputs])?;
        let bias = weights.table(&format!("{name}.bias"), &[outputs])?;
        Ok(Self {
            matrix: Matrix::new(inputs, outputs, |input, output| numbers[output * inputs + input]),
            bias,
        })
    }

    fn apply(&self, rows: &[f32]) -> Vec<f32> {
        let mut answer = self.matrix.apply(rows);
        answer.chunks_exact_mut(self.bias.len()).for_each(|row| add(row, &self.bias));
        answer
    }
}

fn norm(weights: &Weights<'_>, name: &str, epsilon: f32) -> Result<Norm, BadModel> {
    let gain = weights.table(&format!("{name}.weight"), &[WIDTH])?;
    let bias = weights.table(&format!("{name}.bias"), &[WIDTH])?;
    Ok(Norm { gain, bias, epsilon })
}

fn add(row: &mut [f32], more: &[f32]) {
    for (value, more) in row.iter_mut().zip(more) {
        *value += more;
    }
}
