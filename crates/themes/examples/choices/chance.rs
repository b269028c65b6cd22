//! Chance that is the same in every run: SplitMix64 (Steele, Lea and Flood, 2014).

pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }

    /// Some of them, each once, in the order in which they are drawn.
    pub(crate) fn some<T: Clone>(&mut self, of: &[T], most: usize) -> Vec<T> {
        let mut all = of.to_vec();
        let most = most.min(all.len());
        for place in 0..most {
            let other = place + self.below(all.len() - place);
            all.swap(place, other);
        }
        all.truncate(most);
        all
    }
}
