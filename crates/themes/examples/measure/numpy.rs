//! The draws of numpy's `default_rng(seed).choice(n, size, replace=False)`, so that the protocol trains on the very
//! examples that its own script trains on.
//!
//! PCG64 is O'Neill's XSL-RR generator with 128 bits of state; seeds go through `SeedSequence`, bounded numbers through
//! Lemire's method, samples through Floyd's.

use std::collections::BTreeSet;

const MULTIPLIER: u128 = 0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645;

pub(crate) struct Rng {
    state: u128,
    increment: u128,
    /// The upper half of a number whose lower half has been given.
    half: Option<u32>,
}

impl Rng {
    pub(crate) fn new(seed: u32) -> Self {
        let words = seed_words(seed);
        let wide = |from: usize| {
            [1, 0, 3, 2].iter().fold(0_u128, |sum, at| (sum << 32) | u128::from(words[from + at]))
        };
        let mut rng = Self { state: 0, increment: (wide(4) << 1) | 1, half: None };
        rng.step();
        rng.state = rng.state.wrapping_add(wide(0));
        rng.step();
        rng
    }

    fn step(&mut self) {
        self.state = self.state.wrapping_mul(MULTIPLIER).wrapping_add(self.increment);
    }

    fn next_u64(&mut self) -> u64 {
        self.step();
        let turned = (self.state >> 64) as u64 ^ self.state as u64;
        turned.rotate_right((self.state >> 122) as u32)
    }

    fn next_u32(&mut self) -> u32 {
        if let Some(half) = self.half.take() {
            return half;
        }
        let whole = self.next_u64();
        self.half = Some((whole >> 32) as u32);
        whole as u32
    }

    /// From 0 to `most`, both included.
    fn up_to(&mut self, most: u32) -> u32 {
        if most == 0 {
            return 0;
        }
        let span = u64::from(most) + 1;
        let too_low = (u64::from(u32::MAX - most)) % span;
        loop {
            let wide = u64::from(self.next_u32()) * span;
            if (wide & 0xffff_ffff) >= too_low {
                return (wide >> 32) as u32;
            }
        }
    }

    /// Which of `of` things are chosen. (The script sorts them, so their order is of no matter; numpy takes another way
    /// for more than 10,000 things, which no theme here has.)
    pub(crate) fn choice(&mut self, of: usize, size: usize) -> BTreeSet<usize> {
        let mut chosen = BTreeSet::new();
        for last in of - size..of {
            let drawn = self.up_to(last as u32) as usize;
            if !chosen.insert(drawn) {
                chosen.insert(last);
            }
        }
        // numpy shuffles what it has chosen, and the next draw begins after that.
        for last in (1..size).rev() {
            self.up_to(last as u32);
        }
        chosen
    }
}

/// `SeedSequence(seed).generate_state(4, uint64)` in words of 32 bits.
fn seed_words(seed: u32) -> [u32; 8] {
    let mut constant = 0x43b0_d7e5_u32;
    let mut hashed = |value: u32| {
        let value = value ^ constant;
        constant = constant.wrapping_mul(0x931e_8875);
        let value = value.wrapping_mul(constant);
        value ^ (value >> 16)
    };
    let mut pool = [seed, 0, 0, 0].map(&mut hashed);
    for from in 0..4 {
        for to in (0..4).filter(|to| *to != from) {
            let other = hashed(pool[from]);
            let mixed = pool[to].wrapping_mul(0xca01_f9dd).wrapping_sub(other.wrapping_mul(0x4973_f715));
            pool[to] = mixed ^ (mixed >> 16);
        }
    }
    let mut constant = 0x8b51_f9dd_u32;
    std::array::from_fn(|index| {
        let value = pool[index % 4] ^ constant;
        constant = constant.wrapping_mul(0x58f3_8ded);
        let value = value.wrapping_mul(constant);
        value ^ (value >> 16)
    })
}
