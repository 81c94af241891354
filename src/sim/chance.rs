//! Chance from a seed: SplitMix64 with whole numbers only, so that a seed means the same on every machine.

/// Natural logarithm of 2 in 1/65536.
const LN2_Q16: u64 = 45_426;

/// A stream of chance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chance {
    state: u64,
}

impl Chance {
    /// The stream of `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Chance {
        Chance { state: seed }
    }

    /// A stream of its own for a purpose, so that drawing more for one does not shift another.
    #[must_use]
    pub fn apart(seed: u64, purpose: u64) -> Chance {
        let mut mixed = Chance::new(seed ^ purpose.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        Chance::new(mixed.next())
    }

    /// The next 64 bits.
    pub fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`; 0 when `n` is 0.
    pub fn below(&mut self, n: u64) -> u64 {
        let wide = u128::from(self.next()) * u128::from(n);
        u64::try_from(wide >> 64).unwrap_or(0)
    }

    /// A number in `from..=to`, `from` when the range is empty.
    pub fn between(&mut self, from: i64, to: i64) -> i64 {
        let span = u64::try_from(to.saturating_sub(from).saturating_add(1)).unwrap_or(0);
        from.saturating_add(i64::try_from(self.below(span)).unwrap_or(0))
    }

    /// True in `n` of a thousand cases.
    pub fn permille(&mut self, n: u32) -> bool {
        self.below(1000) < u64::from(n)
    }

    /// One of `items`.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        let at = self.below(items.len() as u64);
        items.get(usize::try_from(at).unwrap_or(0))
    }

    /// An index drawn in proportion to `weights`.
    pub fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (at, weight) in weights.iter().enumerate() {
            if left < *weight {
                return at;
            }
            left -= weight;
        }
        0
    }

    /// A waiting time with the given mean (exponential), in the mean's unit. At most 45 means.
    pub fn wait(&mut self, mean: i64) -> i64 {
        let drawn = self.next() | 1;
        let whole = 63 - u64::from(drawn.leading_zeros());
        // Between two powers of two the logarithm is taken as a straight line, off by 0.06 at most.
        let tail = (drawn << (63 - whole)) << 1;
        let log2_q16 = (whole << 16) + (tail >> 48);
        let minus_ln_q16 = ((64_u64 << 16).saturating_sub(log2_q16) * LN2_Q16) >> 16;
        let scaled = i128::from(mean) * i128::from(minus_ln_q16) >> 16;
        i64::try_from(scaled).unwrap_or(i64::MAX)
    }

    /// How many of many rare things happen when `mean_milli` / 1000 are expected.
    pub fn count(&mut self, mean_milli: u64) -> u32 {
        let trials = 32 + mean_milli / 100;
        let mut happened = 0;
        for _ in 0..trials {
            happened += u32::from(self.below(trials * 1000) < mean_milli);
        }
        happened
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_means_the_same_everywhere() {
        let mut chance = Chance::new(1);
        assert_eq!([chance.next(), chance.next()], [10_451_216_379_200_822_465, 13_757_245_211_066_428_519]);
        assert_ne!(Chance::apart(1, 1), Chance::apart(1, 2));
    }

    #[test]
    fn draws_stay_in_range_and_reach_both_ends() {
        let mut chance = Chance::new(7);
        let drawn: std::collections::BTreeSet<i64> = (0..500).map(|_| chance.between(-2, 3)).collect();
        assert_eq!(drawn.into_iter().collect::<Vec<_>>(), vec![-2, -1, 0, 1, 2, 3]);
        assert_eq!(chance.below(0), 0);
        assert_eq!(chance.between(5, 4), 5);
        assert!(chance.pick::<u8>(&[]).is_none());
        assert!((0..200).all(|_| chance.weighted(&[0, 3, 0]) == 1));
    }

    #[test]
    fn waits_and_counts_have_the_mean_asked_for() {
        let mut chance = Chance::new(11);
        let waits: Vec<i64> = (0..20_000).map(|_| chance.wait(60_000)).collect();
        let mean = waits.iter().sum::<i64>() / 20_000;
        assert!((57_000..=66_000).contains(&mean), "{mean}");
        let below_mean = waits.iter().filter(|w| **w < 60_000).count();
        assert!(
            (12_000..13_300).contains(&below_mean),
            "an exponential lies below its mean 63 %: {below_mean}"
        );
        let counts: u32 = (0..20_000).map(|_| chance.count(2_500)).sum();
        assert!((48_500..51_500).contains(&counts), "{counts}");
    }
}
