//! What each rep received and was due, a day: the sums behind the spread. What counts as a turn is `model::share`'s.
//!
//! One row of numbers a day for all reps, not a bucket in each rep: a lead of a pool of 200 adds to 200 of them.

use serde::{Deserialize, Serialize};

use super::ledger::{KEPT_DAYS, LEDGER_DAYS};
use crate::model::id::RepId;
use crate::model::share::LEAD_MICRO;
use crate::model::time::DayNo;

/// One day, in millionths of a lead; index = rep id − 1, shorter than the roster when nobody new was due anything.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ShareDay {
    pub day: DayNo,
    pub received: Vec<i64>,
    pub due: Vec<i64>,
}

/// The days kept: those of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Shares {
    /// Ascending by day.
    days: Vec<ShareDay>,
}

impl Shares {
    /// Counts a lead that `rep` got and each of `free` was due a part of, by weight (`weights` empty = all alike). What does
    /// not divide goes to `rep`, so that as much is due as was received. `leads` is 1, or −1 to take it back; `reps` is how
    /// many there are.
    pub(crate) fn count(
        &mut self,
        day: DayNo,
        rep: RepId,
        free: impl ExactSizeIterator<Item = RepId>,
        weights: &[u32],
        (leads, reps): (i64, usize),
    ) {
        let Some(row) = self.day_mut(day, reps) else { return };
        let slot = |id: RepId| (id.0 as usize).wrapping_sub(1);
        let Some(received) = row.received.get_mut(slot(rep)) else { return };
        *received += leads * LEAD_MICRO;
        let mut left = LEAD_MICRO;
        let mut give = |id: RepId, part: i64| {
            if let Some(due) = row.due.get_mut(slot(id)) {
                *due += leads * part;
                left -= part;
            }
        };
        if weights.is_empty() {
            let part = LEAD_MICRO / i64::try_from(free.len().max(1)).unwrap_or(LEAD_MICRO);
            free.for_each(|id| give(id, part));
        } else {
            let total: i64 = weights.iter().map(|w| i64::from(*w)).sum();
            free.zip(weights).for_each(|(id, w)| give(id, LEAD_MICRO * i64::from(*w) / total.max(1)));
        }
        if let Some(due) = row.due.get_mut(slot(rep)) {
            *due += leads * left;
        }
    }

    /// The row of `day`; `None` when it is too old to be kept.
    fn day_mut(&mut self, day: DayNo, reps: usize) -> Option<&mut ShareDay> {
        let newest = self.days.last().map_or(day, |d| d.day.max(day));
        let oldest = newest.0.saturating_sub(KEPT_DAYS);
        if day.0 <= oldest {
            return None;
        }
        let at = match self.days.binary_search_by_key(&day, |d| d.day) {
            Ok(at) => at,
            Err(at) => {
                self.days.insert(at, ShareDay { day, ..ShareDay::default() });
                let gone = self.days.iter().take_while(|d| d.day.0 <= oldest).count();
                self.days.drain(..gone);
                at - gone
            }
        };
        let row = self.days.get_mut(at)?;
        if row.due.len() < reps {
            row.due.resize(reps, 0);
            row.received.resize(reps, 0);
        }
        Some(row)
    }

    /// What `rep` received and was due over the 28 days that end with `day`, in millionths of a lead.
    #[must_use]
    pub fn over_window(&self, rep: RepId, day: DayNo) -> (i64, i64) {
        let first = day.0.saturating_sub(LEDGER_DAYS);
        let slot = (rep.0 as usize).wrapping_sub(1);
        let of = |sums: &[i64]| sums.get(slot).copied().unwrap_or(0);
        self.days
            .iter()
            .filter(|d| d.day.0 > first && d.day <= day)
            .fold((0, 0), |(got, due), d| (got + of(&d.received), due + of(&d.due)))
    }

    /// The days, ascending.
    #[must_use]
    pub fn days(&self) -> &[ShareDay] {
        &self.days
    }

    /// Days on which not as much was due as was received; none unless the log is damaged.
    pub(super) fn unequal(&self) -> impl Iterator<Item = DayNo> {
        let differ = |d: &&ShareDay| d.due.iter().sum::<i64>() != d.received.iter().sum::<i64>();
        self.days.iter().filter(differ).map(|d| d.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ids(n: u32) -> impl ExactSizeIterator<Item = RepId> {
        (0..n).map(|id| RepId(id + 1))
    }

    #[test]
    fn a_lead_is_due_by_weight_and_leaves_the_window_after_28_days() {
        let mut shares = Shares::default();
        shares.count(DayNo(100), RepId(2), ids(3), &[1000, 2000, 1000], (1, 3));
        let of = |shares: &Shares, rep, day| shares.over_window(RepId(rep), DayNo(day));
        assert_eq!(of(&shares, 1, 100), (0, 250_000));
        assert_eq!(of(&shares, 2, 127), (1_000_000, 500_000));
        assert_eq!(of(&shares, 2, 128), (0, 0));
        // A day long past is not opened again, and what a late negation would have met there is gone too.
        shares.count(DayNo(200), RepId(1), ids(1), &[], (1, 3));
        shares.count(DayNo(100), RepId(2), ids(3), &[1000, 2000, 1000], (-1, 3));
        assert_eq!(shares.days().len(), 1);
    }

    proptest! {
        #[test]
        fn as_much_is_due_as_was_received_and_a_negation_leaves_nothing(
            turns in prop::collection::vec((90..120i32, 1..40u32, 0..40u32, any::<bool>(), 1..9000u32), 1..40)
        ) {
            let mut shares = Shares::default();
            let mut go = |sign: i64| {
                for (day, free, rep, weighed, weight) in &turns {
                    let weights: Vec<u32> = if *weighed { (0..*free).map(|i| weight + i).collect() } else { vec![] };
                    shares.count(DayNo(*day), RepId(rep % free + 1), ids(*free), &weights, (sign, 40));
                    prop_assert_eq!(shares.unequal().count(), 0);
                }
                Ok(())
            };
            go(1)?;
            go(-1)?;
            for day in shares.days() {
                prop_assert!(day.due.iter().chain(&day.received).all(|n| *n == 0));
            }
        }
    }
}
