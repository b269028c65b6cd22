//! What a text means to a sentence model, as the record keeps it: 384 numbers of one byte each.
//!
//! Whoever replays a record needs this and no model, so it is here without the feature `semantic` too.

use std::fmt;

/// How many numbers stand for a text.
pub const WIDTH: usize = 384;

/// The scale is counted in steps of 2⁻²²: the longest step of a vector of length one, 1/127, then just fits in 16 bits.
const STEPS: f32 = 4_194_304.0;

/// A vector of length one, rounded: its numbers are `values` times one `scale`. The same words and the same model give the
/// same bytes on every machine.
#[derive(Clone, PartialEq, Eq)]
pub struct Embedding {
    /// In steps of 2⁻²²; zero when the vector has no direction.
    scale: u16,
    /// From -127 to 127, the greatest of them at one of the two ends.
    values: [i8; WIDTH],
}

/// Not what [`Embedding::to_bytes`] gives.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum BadEmbedding {
    #[error("an embedding has {known} bytes, and these are {0}", known = Embedding::BYTES)]
    Length(usize),
    #[error("no number of an embedding is -128")]
    OutOfRange,
}

impl Embedding {
    /// The length of [`Embedding::to_bytes`].
    pub const BYTES: usize = 2 + WIDTH;

    /// Rounds to the nearest step of a 127th of the greatest number. What is not finite has no direction.
    pub fn of(vector: &[f32; WIDTH]) -> Self {
        let greatest =
            vector.iter().fold(0.0_f32, |most, value| if value.abs() > most { value.abs() } else { most });
        let nowhere = Self { scale: 0, values: [0; WIDTH] };
        if greatest == 0.0 || vector.iter().any(|value| !value.is_finite()) {
            return nowhere;
        }
        // Casts saturate, so that a longer vector than one of length one keeps its direction.
        let scale = (greatest / 127.0 * STEPS).round() as u16;
        Self { scale, values: vector.map(|value| (value / greatest * 127.0).round() as i8) }
    }

    /// The direction, from -127 to 127.
    pub fn values(&self) -> &[i8; WIDTH] {
        &self.values
    }

    /// The vector again, to within half a step.
    pub fn to_vector(&self) -> [f32; WIDTH] {
        self.values.map(|value| f32::from(value) * f32::from(self.scale) / STEPS)
    }

    /// The scale in two bytes, the lower one first, then a byte a number in two's complement.
    pub fn to_bytes(&self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        bytes[..2].copy_from_slice(&self.scale.to_le_bytes());
        for (byte, value) in bytes[2..].iter_mut().zip(self.values) {
            *byte = value.to_le_bytes()[0];
        }
        bytes
    }

    /// # Errors
    ///
    /// Another length than [`Embedding::BYTES`], or a number that [`Embedding::of`] never gives.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadEmbedding> {
        let bytes: &[u8; Self::BYTES] = bytes.try_into().map_err(|_| BadEmbedding::Length(bytes.len()))?;
        let mut values = [0; WIDTH];
        for (value, byte) in values.iter_mut().zip(&bytes[2..]) {
            *value = i8::from_le_bytes([*byte]);
        }
        if values.contains(&i8::MIN) {
            return Err(BadEmbedding::OutOfRange);
        }
        Ok(Self { scale: u16::from_le_bytes([bytes[0], bytes[1]]), values })
    }
}

impl fmt::Debug for Embedding {
    /// Its 384 numbers would say nothing to anybody, and they do tell of the words.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Embedding").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A vector of length one that has all kinds of numbers.
    fn given() -> [f32; WIDTH] {
        let mut vector = [0.0; WIDTH];
        for (place, value) in vector.iter_mut().enumerate() {
            *value = ((place * 37 % 101) as f32 - 50.0) / 50.0;
        }
        let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
        vector.map(|value| value / length)
    }

    #[test]
    fn a_vector_comes_back_to_within_half_a_step() {
        let vector = given();
        let embedding = Embedding::of(&vector);
        let greatest = vector.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
        for (was, is) in vector.iter().zip(embedding.to_vector()) {
            assert!((was - is).abs() <= greatest / 127.0 * 0.51, "{was} {is}");
        }
    }

    #[test]
    fn bytes_come_back_as_they_were() {
        let embedding = Embedding::of(&given());
        assert_eq!(Embedding::from_bytes(&embedding.to_bytes()), Ok(embedding.clone()));
        let mut one = [0.0; WIDTH];
        one[WIDTH - 1] = -1.0;
        let bytes = Embedding::of(&one).to_bytes();
        assert_eq!(bytes[..2], 33_026_u16.to_le_bytes());
        assert_eq!(bytes[Embedding::BYTES - 1], 0x81);
    }

    #[test]
    fn what_has_no_direction_is_zero() {
        for value in [0.0, f32::NAN, f32::INFINITY] {
            let mut vector = given();
            vector[7] = value;
            if value == 0.0 {
                vector = [0.0; WIDTH];
            }
            assert_eq!(Embedding::of(&vector).to_bytes(), [0; Embedding::BYTES]);
        }
    }

    #[test]
    fn other_bytes_are_refused() {
        assert_eq!(Embedding::from_bytes(&[0; 10]), Err(BadEmbedding::Length(10)));
        let mut bytes = Embedding::of(&given()).to_bytes();
        bytes[9] = 0x80;
        assert_eq!(Embedding::from_bytes(&bytes), Err(BadEmbedding::OutOfRange));
    }
}
