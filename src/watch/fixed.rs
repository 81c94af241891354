//! Logarithms and tail bounds in integers, for tests of evidence: how unlikely is what was seen, if nothing is wrong?
//!
//! An answer is a *surprise*, −ln p, in micro-nats: 6.9 nats is one in a thousand, 11.5 one in a hundred thousand. Each is a
//! bound and not an approximation: p is never larger than it says (Chernoff 1952; where counts are whole, sharpened by
//! Stirling as in Bahadur and Rao 1960; bursts by their first term and a geometric rest). So a small sample can miss, but
//! cannot cry wolf. Counts, expectations and probabilities are millionths.

/// One, in millionths: a lead, a nat, a probability.
pub const ONE: i64 = 1_000_000;

/// ln 2 in 10⁻⁹.
const LN2_NANO: i128 = 693_147_181;
/// ln(2π) in micro-nats.
const LN_TWO_PI: i64 = 1_837_877;
/// Fraction bits of a base-2 logarithm.
const BITS: u32 = 24;

/// ln(x) in micro-nats; 0 for 0, which callers keep away.
#[must_use]
pub fn ln(x: i64) -> i64 {
    let Some(x) = u64::try_from(x).ok().filter(|x| *x > 0) else { return 0 };
    let whole = 63 - x.leading_zeros();
    // The mantissa in 1 .. 2, with 31 bits behind the point; each squaring shifts one bit of the logarithm out.
    let mut mantissa = (x << (63 - whole)) >> 32;
    let mut log2 = u64::from(whole);
    for _ in 0..BITS {
        mantissa = (mantissa * mantissa) >> 31;
        log2 <<= 1;
        if mantissa >= 1 << 32 {
            mantissa >>= 1;
            log2 |= 1;
        }
    }
    i64::try_from((i128::from(log2) * LN2_NANO / 1000) >> BITS).unwrap_or(i64::MAX)
}

/// `a · b` of two numbers in millionths.
fn mul(a: i64, b: i64) -> i64 {
    i64::try_from(i128::from(a) * i128::from(b) / i128::from(ONE)).unwrap_or(i64::MAX)
}

/// `a ÷ b` in millionths; 0 when `b` is 0.
#[must_use]
pub fn ratio(a: i64, b: i64) -> i64 {
    if b == 0 {
        return 0;
    }
    i64::try_from(i128::from(a) * i128::from(ONE) / i128::from(b)).unwrap_or(i64::MAX)
}

/// x ln(x/e) − x + e: the Chernoff exponent of a sum of trials whose mean is `e`, at `x`.
fn exponent(x: i64, e: i64) -> i64 {
    let log = if x > 0 { mul(x, ln(x) - ln(e)) } else { 0 };
    (log - x + e).max(0)
}

/// ½ ln(2πx): what Stirling takes off the largest term of a tail; 0 below one.
fn stirling(x: i64) -> i64 {
    if x < ONE { 0 } else { (LN_TWO_PI + ln(x) - ln(ONE)) / 2 }
}

/// Surprise of at least `x` where `e` was expected of independent trials; 0 when it is not more.
#[must_use]
pub fn more(x: i64, e: i64) -> i64 {
    if x <= e {
        return 0;
    }
    if e <= 0 {
        return i64::MAX;
    }
    let tail = ln(x + ONE - e) - ln(x + ONE);
    (exponent(x, e) + stirling(x) + tail).max(0)
}

/// Surprise of at least `x` of `n` independent trials (all in millionths) of which `e` were expected, whatever each one's
/// chance: no sum of such trials has a heavier tail than `n` equal ones (Hoeffding 1956).
#[must_use]
pub fn more_of(x: i64, e: i64, n: i64) -> i64 {
    if x <= e || n <= 0 {
        return 0;
    }
    if e <= 0 {
        return i64::MAX;
    }
    let (rest, rest_expected) = ((n - x).max(0), (n - e).max(1));
    let whole = mul(x, ln(x) - ln(e));
    if rest == 0 {
        return whole;
    }
    let exponent = whole + mul(rest, ln(rest) - ln(rest_expected));
    let stirling = stirling(mul(x, ratio(rest, n)));
    // The terms beyond the first shrink at least by this factor each.
    let shrink = mul(ratio(rest, x + ONE), ratio(e, rest_expected)).clamp(0, ONE - 1);
    (exponent + stirling + ln(ONE - shrink) - ln(ONE)).max(0)
}

/// Surprise of at least `x` where `e` was expected, both sums of parts no larger than `largest` (value, score): no part counts
/// for more than one trial.
#[must_use]
pub fn more_weighted(x: i64, e: i64, largest: i64) -> i64 {
    if largest <= 0 || e <= 0 || x <= e {
        return 0;
    }
    exponent(ratio(x, largest), ratio(e, largest).max(1))
}

/// Surprise of at most `x` where `e` was expected of independent trials.
#[must_use]
pub fn fewer(x: i64, e: i64) -> i64 {
    if x >= e || e <= 0 {
        return 0;
    }
    if x <= 0 {
        return e;
    }
    let tail = ln(e - x) - ln(e);
    (exponent(x, e) + stirling(x) + tail).max(0)
}

/// ln Γ(z) of a positive number, from below; from above it is larger by at most a fiftieth of a nat (Stirling's series,
/// of which the terms left out have one sign; small arguments are lifted by z Γ(z) = Γ(z + 1)).
fn ln_gamma(z: i64) -> i64 {
    let (mut z, mut lifted) = (z.max(1), 0);
    while z < 4 * ONE {
        lifted += ln(z) - ln(ONE);
        z += ONE;
    }
    mul(z - ONE / 2, ln(z) - ln(ONE)) - z + LN_TWO_PI / 2 - lifted
}

/// What [`ln_gamma`] may lack: 1 ÷ 12z for z of four at least.
const LN_GAMMA_LACKS: i64 = ONE / 48;

/// Surprise of at least `x` arrivals where `e` were expected, for bursty arrivals: a negative binomial whose variance is
/// `dispersion` times its mean. Up to 1.3 times it counts as Poisson.
///
/// Its tail is the first term and what follows, and each term is the one before times (x + k)(1 − p) ÷ (x + 1), which moves
/// towards 1 − p: so the larger of the two bounds the rest by a geometric series.
#[must_use]
pub fn more_bursty(x: i64, e: i64, dispersion: i64) -> i64 {
    if x <= e {
        return 0;
    }
    let e = e.max(1);
    if dispersion <= ONE * 13 / 10 {
        return more(x, e);
    }
    let k = ratio(e, dispersion - ONE).max(1);
    // 1 − p = e ÷ (e + k), the chance that one more follows.
    let next = ratio(e, e.saturating_add(k)).min(ONE - 1);
    let shrink = next.max(mul(ratio(x.saturating_add(k), x + ONE), next));
    if shrink >= ONE {
        return 0;
    }
    let ways = ln_gamma(x.saturating_add(k)) + LN_GAMMA_LACKS - ln_gamma(k) - ln_gamma(x + ONE);
    let first = mul(x, ln(next) - ln(ONE)) + mul(k, ln(ONE - next) - ln(ONE));
    (ln(ONE - shrink) - ln(ONE) - ways - first).max(0)
}

/// Surprise of no arrival at all where `e` were expected, for bursty arrivals whose dispersion was measured over a stretch
/// that expects `per` of them.
#[must_use]
pub fn none_bursty(e: i64, dispersion: i64, per: i64) -> i64 {
    if dispersion <= ONE * 13 / 10 {
        return e.max(0);
    }
    // The clumps of one stretch do not reach into the next: as many independent stretches as fit.
    let k = ratio(per, dispersion - ONE).max(1);
    let one = mul(k, ln(k.saturating_add(per)) - ln(k));
    mul(ratio(e, per.max(1)), one).max(0)
}

/// Numbers beyond which a comparison with the past is scaled down, so that sums of logarithms stay exact to a hundredth: less
/// past is less evidence.
const PAST_MAX: i64 = 10_000;

/// ln of the ways to choose `x` of `n`, whole numbers, from below and by at most three [`LN_GAMMA_LACKS`].
fn ln_choose(x: i64, n: i64) -> i64 {
    if x <= 0 || x >= n {
        return 0;
    }
    let of = |z: i64| ln_gamma((z + 1) * ONE);
    of(n) - of(x) - of(n - x) - 2 * LN_GAMMA_LACKS
}

/// What [`ln_choose`] may lack.
const LN_CHOOSE_LACKS: i64 = 3 * LN_GAMMA_LACKS;

/// Two whole numbers made smaller alike.
fn scaled(x: i64, n: i64) -> (i64, i64) {
    if n <= PAST_MAX {
        (x, n)
    } else {
        (i64::try_from(i128::from(x) * i128::from(PAST_MAX) / i128::from(n)).unwrap_or(0), PAST_MAX)
    }
}

/// Surprise of none among `m` where there were `x` among `n` before, whatever the rate is: had it not changed, all would be
/// equally likely to be any of the n + m (Fisher's exact test). Whole numbers.
#[must_use]
pub fn none_as_before(m: i64, x: i64, n: i64) -> i64 {
    let (x, n) = scaled(x, n);
    if m <= 0 || x <= 0 {
        return 0;
    }
    // All x lie among the first n.
    (ln_choose(x, n + m) - ln_choose(x, n) - LN_CHOOSE_LACKS).max(0)
}

/// Surprise of at least `x` among `m` where there were `w` among `n` before, by the same test. Whole numbers.
#[must_use]
pub fn more_than_before(x: i64, m: i64, w: i64, n: i64) -> i64 {
    let (w, n) = scaled(w, n);
    // Not more often than before is no surprise.
    if x <= 0 || m <= 0 || x * n <= w * m {
        return 0;
    }
    let first = ln_choose(x, m) + ln_choose(w, n) - ln_choose(w + x, n + m) + 2 * LN_CHOOSE_LACKS;
    // Each further term is the one before times this, which only falls.
    let shrink = mul(ratio((m - x).max(0), x + 1), ratio(w, n - w + 1)).clamp(0, ONE - 1);
    (ln(ONE - shrink) - ln(ONE) - first).max(0)
}

/// The interval a probability lies in with 99.8 % when `x` of `n` were seen (Wilson 1927, z = 3.09): low and high.
#[must_use]
pub fn wilson(x: i64, n: i64) -> (i64, i64) {
    const Z2: i128 = 9_548_100;
    const Z: i128 = 3_090_000;
    if n <= 0 {
        return (0, ONE);
    }
    let (n, x, one) = (i128::from(n), i128::from(x.clamp(0, n)), i128::from(ONE));
    let p = x * one / n;
    let middle = p + Z2 / (2 * n);
    let inner = p * (one - p) / n + Z2 * one / (4 * n * n);
    let reach = Z * root(inner) / one;
    let below = one + Z2 / n;
    let bound = |v: i128| i64::try_from((v * one / below).clamp(0, one)).unwrap_or(0);
    (bound(middle - reach), bound(middle + reach))
}

/// The whole part of a square root.
fn root(x: i128) -> i128 {
    x.max(0).isqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn float(micro: i64) -> f64 {
        micro as f64 / 1e6
    }

    /// P(X ≥ x) of a Poisson, by its sum.
    fn poisson_tail(x: u32, e: f64) -> f64 {
        let mut term = (-e).exp();
        let mut below = 0.0;
        for k in 0..x {
            below += term;
            term *= e / f64::from(k + 1);
        }
        1.0 - below
    }

    #[test]
    fn a_tail_bound_is_close_and_never_too_bold() {
        for (x, e) in [(10, 4.0), (20, 10.0), (36, 20.0), (60, 40.0), (8, 2.5), (5, 1.0)] {
            let exact = -poisson_tail(x, e).ln();
            let bound = float(more(i64::from(x) * ONE, (e * 1e6) as i64));
            assert!(bound <= exact + 1e-6, "{x} of {e}: {bound} > {exact}");
            assert!(bound > exact - 0.25, "{x} of {e}: {bound} is far below {exact}");
        }
        assert_eq!(fewer(0, 7 * ONE), 7 * ONE);
        assert_eq!(more(3 * ONE, 4 * ONE), 0);
    }

    #[test]
    fn a_sum_of_trials_is_bounded_as_closely() {
        let tail = |x: u32, n: u32, p: f64| -> f64 {
            let choose = |k: u32| (0..k).map(|i| f64::from(n - i) / f64::from(i + 1)).product::<f64>();
            (x..=n).map(|k| choose(k) * p.powi(k as i32) * (1.0 - p).powi((n - k) as i32)).sum()
        };
        for (x, n, p) in [(20, 50, 0.2), (9, 20, 0.2), (35, 100, 0.2), (12, 200, 0.02), (5, 5, 0.5)] {
            let exact = -tail(x, n, p).ln();
            let e = (f64::from(n) * p * 1e6) as i64;
            let bound = float(more_of(i64::from(x) * ONE, e, i64::from(n) * ONE));
            assert!(bound <= exact + 1e-4, "{x} of {n}: {bound} > {exact}");
            assert!(bound > exact - 0.25, "{x} of {n}: {bound} is far below {exact}");
        }
    }

    #[test]
    fn bursts_take_evidence_away() {
        // Facts C0: nothing where ten were expected is 4.5e-5 for Poisson, 2.8 % for a negative binomial with k = 2.
        assert!((float(none_bursty(10 * ONE, ONE, 10 * ONE)) - 10.0).abs() < 1e-5);
        let clumped = float(none_bursty(10 * ONE, 6 * ONE, 10 * ONE));
        assert!(((-clumped).exp() - 0.028).abs() < 0.001, "{clumped}");
        assert!(more_bursty(30 * ONE, 10 * ONE, 5 * ONE) < more_bursty(30 * ONE, 10 * ONE, ONE) / 2);
    }

    #[test]
    fn a_bursty_tail_is_bounded_closely_and_never_too_boldly() {
        // P(X ≥ x) of a negative binomial of mean e and variance d · e, by its sum.
        let tail = |x: u32, e: f64, d: f64| -> f64 {
            let (k, q) = (e / (d - 1.0), (d - 1.0) / d);
            let mut term = d.powf(-k);
            let mut above = 0.0;
            for i in 0..x + 4000 {
                above += if i >= x { term } else { 0.0 };
                term *= (k + f64::from(i)) / f64::from(i + 1) * q;
            }
            above
        };
        for (x, e, d) in [
            (30, 10.0, 5.0),
            (12, 2.2, 3.7),
            (40, 2.2, 3.7),
            (400, 89.0, 31.0),
            (9, 0.5, 2.0),
            (60, 20.0, 1.5),
        ] {
            let exact = -tail(x, e, d).ln();
            let bound = float(more_bursty(i64::from(x) * ONE, (e * 1e6) as i64, (d * 1e6) as i64));
            assert!(bound <= exact + 1e-3, "{x} of {e}: {bound} > {exact}");
            assert!(bound > exact - 0.3, "{x} of {e}: {bound} is far below {exact}");
        }
        for z in [0.05_f64, 0.7, 1.0, 3.5, 20.0, 5000.0] {
            // ln Γ by its own recurrence from far up, where Stirling is exact.
            let far = |z: f64| (z - 0.5) * z.ln() - z + 0.918_938_533 + 1.0 / (12.0 * z);
            let steps = 200;
            let down: f64 = (0..steps).map(|i| (z + f64::from(i)).ln()).sum();
            let exact = far(z + f64::from(steps)) - down;
            let found = float(ln_gamma((z * 1e6) as i64));
            assert!(found <= exact + 2e-2 * 1e-1 && found > exact - 0.021, "{z}: {found} {exact}");
        }
    }

    #[test]
    fn a_rate_is_compared_with_its_past_exactly() {
        let choose = |x: u32, n: u32| (0..x).map(|i| (f64::from(n - i) / f64::from(i + 1)).ln()).sum::<f64>();
        for (m, x, n) in [(51, 128, 640), (20, 5, 100), (300, 3, 60), (4, 90, 100)] {
            let exact = choose(x, n + m) - choose(x, n);
            let bound = float(none_as_before(i64::from(m), i64::from(x), i64::from(n)));
            assert!(bound <= exact + 1e-3 && bound > exact - 0.2, "{m} after {x} of {n}: {bound} {exact}");
        }
        for (x, m, w, n) in [(12, 20, 26, 320), (7, 20, 0, 300), (30, 64, 40, 200), (3, 20, 1, 50)] {
            let term = |k: u32| choose(k, m) + choose(w + x - k, n) - choose(w + x, n + m);
            let exact = -(x..=m.min(w + x)).map(|k| term(k).exp()).sum::<f64>().ln();
            let bound = float(more_than_before(x.into(), m.into(), w.into(), n.into()));
            assert!(
                bound <= exact + 1e-3 && bound > exact - 0.4,
                "{x} of {m} after {w} of {n}: {bound} {exact}"
            );
        }
        assert_eq!(more_than_before(2, 20, 10, 100), 0);
        let (whole, part) = (none_as_before(60, 20_000, 100_000), none_as_before(60, 2_000, 10_000));
        assert_eq!(whole, part, "more past than is needed says no more");
    }

    #[test]
    fn wilson_says_what_small_samples_allow() {
        let (low, high) = wilson(0, 20);
        assert!(low == 0 && high > 300_000 && high < 340_000, "{high}");
        let (low, high) = wilson(50, 1000);
        assert!(low > 30_000 && low < 50_000 && high > 70_000 && high < 80_000, "{low} {high}");
    }

    proptest! {
        #[test]
        fn ln_is_right_to_a_millionth(x in 1..i64::MAX / 2) {
            prop_assert!((float(ln(x)) - (x as f64).ln()).abs() < 4e-6);
        }

        #[test]
        fn more_is_more_surprising(e in 1..500i64, x in 1..500i64) {
            let s = |x: i64| more(x * ONE, e * ONE);
            prop_assert!(s(x + 1) + 2 >= s(x));
            prop_assert!(more_of(x * ONE, e * ONE / 2, (x + e) * ONE) >= 0);
        }
    }
}
