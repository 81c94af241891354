//! What a statistical alert needs, all three at once: enough leads, a size that matters in practice, and evidence that it is
//! not chance. A fair desk of twenty looks unfair by "1.5 times the mean" nearly every morning; evidence is what tells.
//!
//! Evidence is asked for at one in a thousand, times everything else that was looked at: each rep, rule or source beside this
//! one, and the many looks of a day, which are worth some twenty that do not depend on each other. So the desk as a whole
//! stays quiet when nothing is wrong.

use super::fixed::{ONE, ln};
use crate::model::alert::{Aspect, Evidence};
use crate::model::time::Millis;

/// One in a thousand, in micro-nats.
pub const BASE: i64 = 6_907_755;
/// Looks that are worth one that does not depend on the others, in micro-nats: twenty.
pub const LOOKS: i64 = 2_995_732;
/// One in twenty, in micro-nats: what is less surprising than this is over.
pub const OVER: i64 = 2_995_732;

/// The surprise needed when `things` are looked at beside each other, in micro-nats.
#[must_use]
pub fn needed(things: usize) -> i64 {
    BASE + LOOKS + ln(i64::try_from(things.max(1)).unwrap_or(i64::MAX))
}

/// A test in the making. Counts in millionths, sizes in thousandths.
#[derive(Debug, Clone, Copy)]
pub struct Test {
    pub aspect: Aspect,
    pub from: Millis,
    pub samples: i64,
    pub samples_needed: i64,
    pub observed: i64,
    pub expected: i64,
    pub surprise: i64,
    pub needed: i64,
    /// The size, larger = worse, and the least that counts.
    pub effect_milli: i64,
    pub effect_needed_milli: i64,
    /// A second practical gate: leads too many or too few, in millionths, and the least that counts.
    pub off: i64,
    pub off_needed: i64,
}

impl Test {
    /// Whether all of it holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.samples >= self.samples_needed
            && self.surprise >= self.needed
            && self.effect_milli >= self.effect_needed_milli
            && self.off >= self.off_needed
    }

    /// Whether it is not over yet: half the size beyond one is still there, and it would still surprise.
    #[must_use]
    pub fn lingers(&self) -> bool {
        let half = 1000 + (self.effect_needed_milli - 1000) / 2;
        self.surprise >= OVER && self.effect_milli >= half
    }

    /// What a person needs to work it out again.
    #[must_use]
    pub fn evidence(&self) -> Evidence {
        Evidence {
            aspect: self.aspect,
            from: self.from,
            samples: u32::try_from(self.samples).unwrap_or(u32::MAX),
            samples_needed: u32::try_from(self.samples_needed).unwrap_or(u32::MAX),
            observed: self.observed,
            expected: self.expected,
            surprise: self.surprise,
            surprise_needed: self.needed,
            effect_milli: self.effect_milli,
            effect_needed_milli: self.effect_needed_milli,
            book: None,
        }
    }
}

/// `a ÷ b` in thousandths; large when `b` is nothing.
#[must_use]
pub fn times_milli(a: i64, b: i64) -> i64 {
    if b <= 0 { i64::from(i32::MAX) } else { super::fixed::ratio(a, b) / (ONE / 1000) }
}

/// Leads of millionths, rounded.
#[must_use]
pub fn whole(micro: i64) -> i64 {
    (micro + ONE / 2).div_euclid(ONE)
}
