//! How often each caller may come: a bucket a caller, filled evenly. Kept in memory: after a restart everybody begins with a
//! full bucket. Pure but for the lock; the caller brings the time.

use std::sync::{Mutex, PoisonError};

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

/// Most callers remembered at once; tokens are bounded by the store, everybody else shares a bucket.
const CALLERS_MAX: usize = 2_000;
const MINUTE_MS: i64 = 60_000;

/// What is left to a caller, in thousandths of a request.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    left_milli: i64,
    at_ms: i64,
}

/// Everybody's buckets.
#[derive(Debug, Default)]
pub struct Rates(Mutex<FxHashMap<SmolStr, Bucket>>);

impl Rates {
    /// Takes one request out of the caller's bucket of `per_min`, refilled until `now_ms` (boot time).
    ///
    /// # Errors
    /// The seconds until it is not empty.
    pub fn take(&self, caller: &str, per_min: u32, now_ms: i64) -> Result<(), u32> {
        let per_min = i64::from(per_min.max(1));
        let full = per_min * 1_000;
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= CALLERS_MAX && !buckets.contains_key(caller) {
            // Full buckets are what a stranger begins with: forgetting them changes nothing.
            buckets.retain(|_, b| b.left_milli < full);
        }
        let bucket =
            buckets.entry(SmolStr::new(caller)).or_insert(Bucket { left_milli: full, at_ms: now_ms });
        let passed = now_ms.saturating_sub(bucket.at_ms).clamp(0, 24 * 60 * MINUTE_MS);
        bucket.at_ms = now_ms;
        bucket.left_milli = (bucket.left_milli + passed * full / MINUTE_MS).min(full);
        if bucket.left_milli < 1_000 {
            let lacks = 1_000 - bucket.left_milli;
            let wait_ms = (lacks * MINUTE_MS).div_euclid(full) + 1;
            return Err(u32::try_from(wait_ms.div_euclid(1_000) + 1).unwrap_or(u32::MAX));
        }
        bucket.left_milli -= 1_000;
        Ok(())
    }
}

impl Rates {
    /// Takes `cost` more for what was let in already; the bucket may go into debt.
    pub fn owe(&self, caller: &str, cost: u32) {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = buckets.get_mut(caller) {
            bucket.left_milli -= i64::from(cost) * 1_000;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_fills_evenly() {
        let rates = Rates::default();
        for _ in 0..60 {
            assert_eq!(rates.take("a", 60, 0), Ok(()));
        }
        assert_eq!(rates.take("a", 60, 0), Err(2));
        assert_eq!(rates.take("b", 60, 0), Ok(()));
        assert_eq!(rates.take("a", 60, 1_000), Ok(()));
        assert!(rates.take("a", 60, 1_000).is_err());
        // A clock that goes back gives nothing and takes nothing.
        assert!(rates.take("a", 60, 0).is_err());
    }

    #[test]
    fn a_large_request_is_paid_for_afterwards() {
        let rates = Rates::default();
        assert_eq!(rates.take("a", 60, 0), Ok(()));
        rates.owe("a", 499);
        assert_eq!(rates.take("a", 60, 60_000), Err(382));
        assert_eq!(rates.take("a", 60, 10_000_000), Ok(()));
    }
}
