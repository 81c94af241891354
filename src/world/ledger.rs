//! The fairness ledger of one rep in one scope: day buckets over 28 days, integers only (DESIGN §5).
//!
//! It sums and forgets; what is booked is decided elsewhere.

use serde::{Deserialize, Serialize};

use crate::model::time::DayNo;

/// Days a turn counts.
pub const LEDGER_DAYS: i32 = 28;
/// Buckets kept: the window plus a week, so that an undo of last week still finds its bucket.
pub(super) const KEPT_DAYS: i32 = LEDGER_DAYS + 7;

/// What was booked on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Bucket {
    pub day: DayNo,
    /// Turns in thousandths (1000 ÷ weight each), less undone ones.
    pub turns_milli: i64,
    /// Entries without a lead: newcomer, re-entry, adjustment.
    pub entries_milli: i64,
    /// Placements less undone ones: what the day cap counts.
    pub placements: i32,
    /// Claims from the pool less undone ones: what the day's claim limit counts.
    pub claims: i32,
}

/// One ledger.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Ledger {
    /// Ascending by day.
    buckets: Vec<Bucket>,
    /// Sum of the window that ends on `upto`, kept so that a decision reads one number.
    sum: i64,
    upto: DayNo,
}

impl Ledger {
    /// Books turns, entries and placements on `day`.
    pub fn book(&mut self, day: DayNo, turns_milli: i64, entries_milli: i64, placements: i32) {
        let at = match self.buckets.binary_search_by_key(&day, |b| b.day) {
            Ok(at) => at,
            Err(at) => {
                self.buckets.insert(at, Bucket { day, ..Bucket::default() });
                at
            }
        };
        if let Some(bucket) = self.buckets.get_mut(at) {
            bucket.turns_milli += turns_milli;
            bucket.entries_milli += entries_milli;
            bucket.placements += placements;
        }
        if day > self.upto || self.buckets.len() == 1 {
            self.upto = self.upto.max(day);
            self.buckets.retain(|b| b.day.0 > self.upto.0.saturating_sub(KEPT_DAYS));
            self.sum = self.sum_over(self.upto);
        } else if day.0 > self.upto.0.saturating_sub(LEDGER_DAYS) {
            self.sum += turns_milli + entries_milli;
        }
    }

    /// Counts claims from the pool on `day`, which was booked on before.
    pub fn book_claims(&mut self, day: DayNo, claims: i32) {
        if let Some(bucket) = self.buckets.iter_mut().rev().find(|b| b.day == day) {
            bucket.claims += claims;
        }
    }

    /// Claims on `day`, never below 0.
    #[must_use]
    pub fn claims_on(&self, day: DayNo) -> u32 {
        self.buckets.iter().rev().find(|b| b.day == day).map_or(0, |b| u32::try_from(b.claims).unwrap_or(0))
    }

    /// Sum over the 28 days that end with `day`, in thousandths of a turn.
    #[must_use]
    pub fn sum_at(&self, day: DayNo) -> i64 {
        if day == self.upto { self.sum } else { self.sum_over(day) }
    }

    fn sum_over(&self, day: DayNo) -> i64 {
        let first = day.0.saturating_sub(LEDGER_DAYS);
        self.buckets
            .iter()
            .filter(|b| b.day.0 > first && b.day <= day)
            .map(|b| b.turns_milli + b.entries_milli)
            .sum()
    }

    /// Placements on `day`, never below 0.
    #[must_use]
    pub fn placements_on(&self, day: DayNo) -> u32 {
        self.buckets
            .iter()
            .rev()
            .find(|b| b.day == day)
            .map_or(0, |b| u32::try_from(b.placements).unwrap_or(0))
    }

    /// Turns and entries booked on `day`, in thousandths.
    #[must_use]
    pub fn on(&self, day: DayNo) -> i64 {
        match self.buckets.binary_search_by_key(&day, |b| b.day) {
            Ok(at) => self.buckets.get(at).map_or(0, |b| b.turns_milli + b.entries_milli),
            Err(_) => 0,
        }
    }

    /// Turns booked on days in `from..=to`, in thousandths.
    #[must_use]
    pub fn turns_between(&self, from: DayNo, to: DayNo) -> i64 {
        self.buckets.iter().filter(|b| b.day >= from && b.day <= to).map(|b| b.turns_milli).sum()
    }

    /// The buckets, ascending by day.
    #[must_use]
    pub fn buckets(&self) -> &[Bucket] {
        &self.buckets
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn turns_leave_the_window_after_28_days() {
        let mut ledger = Ledger::default();
        ledger.book(DayNo(100), 1000, 0, 1);
        assert_eq!(ledger.sum_at(DayNo(127)), 1000);
        assert_eq!(ledger.sum_at(DayNo(128)), 0);
    }

    #[test]
    fn a_negation_in_the_same_bucket_leaves_nothing() {
        let mut ledger = Ledger::default();
        ledger.book(DayNo(100), 1000, 0, 1);
        ledger.book(DayNo(103), 500, 0, 1);
        ledger.book(DayNo(100), -1000, 0, -1);
        assert_eq!(ledger.sum_at(DayNo(103)), 500);
        assert_eq!(ledger.placements_on(DayNo(100)), 0);
    }

    proptest! {
        #[test]
        fn the_kept_sum_is_the_sum(books in prop::collection::vec((90..140i32, -2000..3000i64), 1..60), ask in 90..180i32) {
            let mut ledger = Ledger::default();
            let mut top = i32::MIN;
            let mut naive: Vec<(i32, i64)> = Vec::new();
            for (day, milli) in books {
                ledger.book(DayNo(day), milli, 0, 1);
                top = top.max(day);
                naive.push((day, milli));
            }
            prop_assume!(ask >= top);
            let want: i64 = naive.iter().filter(|(d, _)| *d > ask - LEDGER_DAYS && *d <= ask).map(|(_, m)| m).sum();
            prop_assert_eq!(ledger.sum_at(DayNo(ask)), want);
        }
    }
}
