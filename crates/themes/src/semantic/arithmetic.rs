//! What a network does to its numbers, out of operations that IEEE 754 fixes to the last bit. The library of no platform has
//! a say in it, so `exp` and the error function are polynomials here.

/// Sums go on in this many lanes side by side, which are then added up in one order.
const LANES: usize = 8;

pub(super) fn sum(values: impl ExactSizeIterator<Item = f32>) -> f32 {
    let mut lanes = [0.0_f32; LANES];
    for (place, value) in values.enumerate() {
        lanes[place % LANES] += value;
    }
    let [a, b, c, d, e, f, g, h] = lanes;
    ((a + e) + (c + g)) + ((b + f) + (d + h))
}

/// eˣ for x ≤ 0, to a few units of the last place: 2ⁿ·eʳ with |r| ≤ ln 2 / 2. Below −87 it stays at e⁻⁸⁷, about 10⁻³⁸.
pub(super) fn exp(x: f32) -> f32 {
    /// Added to a small number it leaves the nearest whole number in the lowest bits.
    const WHOLE: f32 = 12_582_912.0;
    /// ln 2 in two parts, of which the first times a small whole number is exact.
    const LN_2: [f32; 2] = [355.0 / 512.0, -2.121_944_4e-4];
    let x = if x < -87.0 { -87.0 } else { x };
    let shifted = x * std::f32::consts::LOG2_E + WHOLE;
    let n = shifted - WHOLE;
    let r = (x - n * LN_2[0]) - n * LN_2[1];
    let tail = 1.0 / 24.0 + r * (1.0 / 120.0 + r * (1.0 / 720.0 + r * (1.0 / 5040.0)));
    let power = 1.0 + r * (1.0 + r * (0.5 + r * (1.0 / 6.0 + r * tail)));
    power * f32::from_bits((shifted.to_bits() << 23).wrapping_add(127 << 23))
}

/// x·Φ(x), with Abramowitz and Stegun's formula 7.1.26 for the error function: off by less than 1.5·10⁻⁷·|x|.
pub(super) fn gelu(x: f32) -> f32 {
    let z = x.abs() * std::f32::consts::FRAC_1_SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * z);
    let slope = 1.421_413_8 + t * (-1.453_152_1 + t * 1.061_405_4);
    let tail = t * (0.254_829_6 + t * (-0.284_496_74 + t * slope)) * exp(-z * z);
    0.5 * x * (1.0 + (1.0 - tail).copysign(x))
}

/// Numbers that are not negative and whose sum is 1, the greater the greater they were.
pub(super) fn softmax(values: &mut [f32]) {
    let greatest = values.iter().fold(f32::MIN, |most, value| if *value > most { *value } else { most });
    for value in values.iter_mut() {
        *value = exp(*value - greatest);
    }
    let whole = sum(values.iter().copied());
    for value in values.iter_mut() {
        *value /= whole;
    }
}

/// A mean of 0 and a variance of 1, times what was learnt, plus what was learnt.
pub(super) struct Norm {
    pub(super) gain: Vec<f32>,
    pub(super) bias: Vec<f32>,
    pub(super) epsilon: f32,
}

impl Norm {
    pub(super) fn apply(&self, row: &mut [f32]) {
        let count = row.len() as f32;
        let mean = sum(row.iter().copied()) / count;
        let variance = sum(row.iter().map(|value| (value - mean) * (value - mean))) / count;
        let deviation = (variance + self.epsilon).sqrt();
        for (value, (gain, bias)) in row.iter_mut().zip(self.gain.iter().zip(&self.bias)) {
            *value = (*value - mean) / deviation * gain + bias;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_is_exp() {
        for step in 0..=870_000 {
            let x = -(step as f32) / 10_000.0;
            let (got, exact) = (f64::from(exp(x)), f64::from(x).exp());
            assert!((got / exact - 1.0).abs() < 4e-7, "{x}: {got} {exact}");
        }
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(exp(-1e30), exp(-87.0));
    }

    #[test]
    fn gelu_is_x_times_the_normal_distribution() {
        // Φ from tables.
        for (x, phi) in
            [(0.0, 0.5), (0.5, 0.691_462_46), (1.0, 0.841_344_8), (2.0, 0.977_249_86), (3.0, 0.998_650_1)]
        {
            assert!((gelu(x) - x * phi).abs() < 1e-6, "{x}");
            assert!((gelu(-x) + x * (1.0 - phi)).abs() < 1e-6, "-{x}");
        }
        assert_eq!(gelu(40.0), 40.0);
        assert!(gelu(-40.0).abs() < 1e-20);
        assert!(gelu(1e17).is_finite() && gelu(-1e17).is_finite());
    }

    #[test]
    fn softmax_adds_up_to_one_and_keeps_the_order() {
        let mut values = [3.0, -1e9, 2.0, 1e9, 1e9];
        softmax(&mut values);
        assert_eq!(values[3..], [0.5, 0.5]);
        assert!(values[..3].iter().all(|value| *value < 1e-30));
    }

    #[test]
    fn a_norm_has_mean_0_and_variance_1() {
        let norm = Norm { gain: vec![1.0; 10], bias: vec![0.0; 10], epsilon: 1e-12 };
        let mut row: Vec<f32> = (0..10).map(|place| (place * place) as f32).collect();
        norm.apply(&mut row);
        let square = |row: &[f32]| sum(row.iter().map(|value| value * value));
        assert!(sum(row.iter().copied()).abs() < 1e-5 && (square(&row) - 10.0).abs() < 1e-4);
        let mut flat = [7.0; 10];
        norm.apply(&mut flat);
        assert_eq!(flat, [0.0; 10]);
    }
}
