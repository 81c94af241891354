//! What the rules' first answers came to, in slices of the last day: how many leads they answered for, how many only
//! `otherwise` matched, for how many a rule matched and nobody was free.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::model::time::{DAY_MS, MINUTE_MS, Millis};
use crate::model::why::{Explanation, Verdict};

/// Length of a slice, in milliseconds.
const SLICE_MS: i64 = 5 * MINUTE_MS;

/// Counts of leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Count {
    pub all: u32,
    pub unmatched: u32,
    pub unassigned: u32,
}

/// The slices in which rules answered, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Answers(VecDeque<(i64, Count)>);

impl Answers {
    pub(super) fn decided(&mut self, why: &Explanation, at: Millis) {
        let no = at.0.div_euclid(SLICE_MS);
        if self.0.back().is_none_or(|(last, _)| *last < no) {
            self.0.push_back((no, Count::default()));
            while self.0.front().is_some_and(|(first, _)| *first < no - DAY_MS / SLICE_MS) {
                self.0.pop_front();
            }
        }
        let Some((_, count)) = self.0.back_mut() else { return };
        let is_matched = why.rules.iter().any(|trace| trace.rule.is_some());
        let nobody = matches!(why.verdict, Verdict::NobodyFree | Verdict::Parked);
        count.all += 1;
        count.unmatched += u32::from(!is_matched);
        count.unassigned += u32::from(is_matched && nobody);
    }

    /// Answers of the last `ms` before `now`, by whole slices; of those alone whose middle `counts`.
    #[must_use]
    pub fn within(&self, now: Millis, ms: i64, counts: &dyn Fn(Millis) -> bool) -> Count {
        let newest = now.0.div_euclid(SLICE_MS);
        let first = newest - (ms / SLICE_MS).clamp(1, DAY_MS / SLICE_MS) + 1;
        let here = self.0.iter().rev().take_while(|(no, _)| *no >= first).filter(|(no, _)| *no <= newest);
        let mut sum = Count::default();
        for (_, count) in here.filter(|(no, _)| counts(Millis(no * SLICE_MS + SLICE_MS / 2))) {
            sum.all += count.all;
            sum.unmatched += count.unmatched;
            sum.unassigned += count.unassigned;
        }
        sum
    }
}
