//! The few functions of analysis that learning needs, in integers, so that no platform's own mathematics decides.
//!
//! `Q16` means that 65,536 stands for one. Between the entries of a table lies a straight line.

/// One, in Q16.
pub(crate) const ONE: i64 = 1 << 16;

/// One, as [`sigmoid`] gives it.
const SIGMOID_ONE: i64 = 1 << 30;

/// Entries for 0, 1/16, 2/16 … 16: beyond that a sigmoid is as good as flat.
const SIGMOID: [i64; 258] = sigmoid_table();

const fn sigmoid_table() -> [i64; 258] {
    // exp(-1/16) in Q62, by its series.
    let (mut step, mut term, mut k) = (0_i128, 1_i128 << 62, 0);
    while term != 0 {
        step += term;
        k += 1;
        term /= -16 * k;
    }
    let mut table = [0; 258];
    let (mut power, mut index) = (1_i128 << 62, 0);
    while index < table.len() {
        table[index] = ((1_i128 << (62 + 30)) / ((1_i128 << 62) + power)) as i64;
        power = (power * step) >> 62;
        index += 1;
    }
    table
}

/// `1 / (1 + exp(-x))` in Q30 of an `x` in Q16.
pub(crate) fn sigmoid(x: i64) -> i64 {
    let far = x.unsigned_abs().min(16 << 16) as usize;
    let (index, between) = (far >> 12, (far & 0xfff) as i64);
    let (low, high) = (SIGMOID[index], SIGMOID[index + 1]);
    let upper = low + (((high - low) * between) >> 12);
    if x < 0 { SIGMOID_ONE - upper } else { upper }
}

/// log2(1 + i/256) in Q30.
const LOG: [i64; 257] = log_table();

const fn log_table() -> [i64; 257] {
    let mut table = [0; 257];
    let mut index = 0;
    while index < table.len() {
        // A number between one and two, squared again and again: whenever it passes two, the next bit is set.
        let (mut number, mut bit) = (((256 + index) as u128) << 54, 30);
        if number >= 2 << 62 {
            table[index] = 1 << 30;
            bit = 0;
        }
        while bit > 0 {
            bit -= 1;
            number = (number * number) >> 62;
            if number >= 2 << 62 {
                number >>= 1;
                table[index] |= 1 << bit;
            }
        }
        index += 1;
    }
    table
}

/// The natural logarithm of two in Q32.
const LN_2: i64 = 2_977_044_472;

/// The natural logarithm in Q16; that of 0 is taken for that of 1.
pub(crate) fn ln(number: u64) -> i64 {
    let number = number.max(1);
    let whole = number.ilog2();
    // The bits after the first, as a fraction in Q32.
    let fraction = if whole >= 32 { number >> (whole - 32) } else { number << (32 - whole) } & 0xffff_ffff;
    let (index, between) = ((fraction >> 24) as usize, (fraction & 0xff_ffff) as i64);
    let log = LOG[index] + (((LOG[index + 1] - LOG[index]) * between) >> 24);
    ((((i64::from(whole) << 30) + log) >> 6) * LN_2) >> 40
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sigmoid_is_near_the_true_one_and_symmetric() {
        for x in (-20 * ONE..20 * ONE).step_by(997) {
            let truth = 1.0 / (1.0 + (-(x as f64) / ONE as f64).exp());
            assert!((sigmoid(x) as f64 / SIGMOID_ONE as f64 - truth).abs() < 6e-5, "{x}");
            assert_eq!(sigmoid(x) + sigmoid(-x), SIGMOID_ONE, "{x}");
        }
        assert!(sigmoid(i64::MAX) > SIGMOID_ONE - 300 && sigmoid(i64::MIN) < 300);
    }

    #[test]
    fn the_logarithm_is_near_the_true_one_and_rises() {
        let numbers = (1..5_000).chain((5_000..u64::MAX / 3).step_by(usize::MAX / 9_999));
        let mut before = -1;
        for number in numbers {
            let found = ln(number);
            assert!((found as f64 / ONE as f64 - (number as f64).ln()).abs() < 1e-4, "{number}: {found}");
            assert!(found >= before, "{number}");
            before = found;
        }
        assert_eq!((ln(0), ln(1)), (0, 0));
    }
}
