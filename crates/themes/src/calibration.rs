//! What a margin is worth: how probable it makes a theme, and over which cut of its own a theme is likely.
//!
//! Both are learnt from honest margins only: those that the engine had for a text before it learnt from it, or has with
//! what it learnt from it taken out.

use crate::fixed::{ONE, sigmoid};

/// Where a cut begins, Q16: halfway between what speaks against a theme and what speaks for it.
const FIRST_CUT: i64 = 0;
/// How far the first mistake moves a cut, Q16, and the least that any does.
const CUT_STEP: i64 = ONE / 2;
const CUT_STEP_MIN: i64 = ONE / 128;

/// The slope and the offset at which a probability begins, Q16: one half at a margin of one half.
const FIRST_SLOPE: i64 = 3 * ONE;
const FIRST_OFFSET: i64 = -3 * ONE / 2;
/// Texts after which both move by no smaller steps any more.
const SETTLED: u64 = 4_096;

/// The cut of one theme. Every time that it lets in a wrong text it goes up, and when it keeps out a right one it goes
/// down by as much: so it comes to rest where as many are wrongly in as are wrongly out, and the likely ones are about
/// as many as the right ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cut {
    /// Q16.
    pub(crate) at: i64,
    pub(crate) mistakes: u32,
}

impl Cut {
    pub(crate) fn new() -> Self {
        Self { at: FIRST_CUT, mistakes: 0 }
    }

    pub(crate) fn lets_in(self, margin: i64) -> bool {
        margin >= self.at
    }

    fn saw(&mut self, honest: i64, is_right: bool) {
        if self.lets_in(honest) == is_right {
            return;
        }
        self.mistakes = self.mistakes.saturating_add(1);
        let step = (CUT_STEP / i64::from(self.mistakes)).max(CUT_STEP_MIN);
        self.at += if is_right { -step } else { step };
    }
}

/// Logistic regression of *is right* on the margin, one for all themes (Platt, 1999), as it goes along.
#[derive(Clone, Debug)]
pub(crate) struct Calibration {
    /// By column.
    pub(crate) cuts: Vec<Cut>,
    pub(crate) slope: i64,
    pub(crate) offset: i64,
    pub(crate) texts: u64,
}

impl Calibration {
    pub(crate) fn new() -> Self {
        Self { cuts: Vec::new(), slope: FIRST_SLOPE, offset: FIRST_OFFSET, texts: 0 }
    }

    /// Q16, from 0 to just under one.
    pub(crate) fn probability(&self, margin: i64) -> u16 {
        u16::try_from(sigmoid(self.bent(margin)) >> 14).unwrap_or(u16::MAX)
    }

    fn bent(&self, margin: i64) -> i64 {
        // Margins beyond eight are as good as eight.
        ((self.slope * margin.clamp(-8 * ONE, 8 * ONE)) >> 16) + self.offset
    }

    /// One text was seen: the honest margin of each theme, by column, and whether it is right.
    pub(crate) fn saw(&mut self, seen: impl Iterator<Item = (usize, i64, bool)>) {
        let (mut tilt, mut lift) = (0, 0);
        for (column, honest, is_right) in seen {
            self.cuts[column].saw(honest, is_right);
            let honest = honest.clamp(-8 * ONE, 8 * ONE);
            let missing = i64::from(is_right) * ONE - (sigmoid(self.bent(honest)) >> 14);
            tilt += (missing * honest) >> 16;
            lift += missing;
        }
        self.texts += 1;
        let pace = 64 + self.texts.min(SETTLED) as i64;
        self.slope = (self.slope + tilt * 16 / pace).clamp(ONE / 4, 16 * ONE);
        self.offset = (self.offset + lift * 16 / pace).clamp(-16 * ONE, 16 * ONE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_comes_to_rest_where_as_many_are_wrongly_in_as_out() {
        let mut cut = Cut::new();
        // Right ones have margins from 0 to 1, wrong ones, four times as many, from -1 to ¼.
        for turn in 0..4_000_i64 {
            let spread = turn * 7_919 % 1_000;
            let is_right = turn % 5 == 0;
            let margin = if is_right { spread * ONE / 1_000 } else { spread * 5 * ONE / 4_000 - ONE };
            cut.saw(margin, is_right);
        }
        // Wrongly out: cut of 1; wrongly in: 4 × (¼ - cut) / 1¼. Equal at 0.19.
        assert!((cut.at - ONE * 19 / 100).abs() < ONE / 16, "{}", cut.at);
    }

    #[test]
    fn probabilities_learn_how_often_a_margin_is_right() {
        let mut calibration = Calibration::new();
        calibration.cuts.push(Cut::new());
        for turn in 0..20_000 {
            // A margin of one is right three times in four, one of minus one, one time in ten.
            let (margin, is_right) =
                if turn % 2 == 0 { (ONE, turn % 8 != 0) } else { (-ONE, turn % 20 == 1) };
            calibration.saw([(0, margin, is_right)].into_iter());
        }
        let percent = |margin| (u32::from(calibration.probability(margin)) * 100) >> 16;
        assert!((70..80).contains(&percent(ONE)) && (6..14).contains(&percent(-ONE)));
        assert!(calibration.probability(i64::MAX) > calibration.probability(0));
    }
}
