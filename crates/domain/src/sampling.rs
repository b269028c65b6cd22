//! Random samples that anybody can draw again: seed and id decide, and the seed stands in the record.

use crate::ids::ContributionId;

/// Those of `from` whose ticket is smallest, in that order; of equal tickets the smaller id comes first.
pub fn drawn(seed: &[u8; 16], from: Vec<ContributionId>, size: usize) -> Vec<ContributionId> {
    let mut tickets: Vec<_> = from.into_iter().map(|id| (ticket(seed, id), id)).collect();
    tickets.sort_unstable();
    tickets.into_iter().take(size).map(|(_, id)| id).collect()
}

/// Both halves of the seed and then of the id, big-endian, each stirred in by a step of SplitMix64 (Steele, Lea and
/// Flood 2014). Nobody knows the seed before the sample is drawn, so nothing stronger is needed.
fn ticket(seed: &[u8; 16], id: ContributionId) -> u64 {
    let words = [u128::from_be_bytes(*seed), id.0.as_u128()].map(|both| [(both >> 64) as u64, both as u64]);
    words.as_flattened().iter().fold(0, |state, word| step(state ^ word))
}

fn step(state: u64) -> u64 {
    let state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

/// A seed as the record shows it: 32 hex digits.
pub(crate) fn written(seed: &[u8; 16]) -> String {
    seed.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_that_of_splitmix64() {
        // The first outputs of the published generator for seed 0.
        assert_eq!([0, 0x9e37_79b9_7f4a_7c15].map(step), [0xe220_a839_7b1d_cdaf, 0x6e78_9e6a_a1b9_65f4]);
    }

    #[test]
    fn every_contribution_comes_into_samples_equally_often() {
        let ids: Vec<_> = (0..100).map(|n| ContributionId(uuid::Uuid::from_u128(n))).collect();
        let mut times = [0_u32; 100];
        for seed in 0..2_000_u128 {
            for id in drawn(&seed.to_be_bytes(), ids.clone(), 20) {
                times[id.0.as_u128() as usize] += 1;
            }
        }
        // 400 on average; six standard deviations are 108.
        assert!(times.iter().all(|times| (292..=508).contains(times)), "{times:?}");
    }
}
