//! What each rep received of the engine's turns and what each could expect, in half-hour buckets: by count, value and score.
//!
//! Expected is summed lead by lead over those free then, by weight (`model::share` says what counts). Two leads of one source
//! to one rep within three minutes or one batch are one clump: the second says nothing new, so it is counted for nobody, and a
//! lead that goes elsewhere is expected among the others only. Both hold given who had the ones before, so the sums stay fair
//! whatever the clumps. Without this a fair desk with clumped arrivals looks unfair nearly always.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use super::super::fixed::{ONE, ln};
use super::SourceNo;
use crate::model::id::{BatchId, RepId};
use crate::model::time::{DAY_MS, MINUTE_MS, Millis};

/// Length of a bucket, in milliseconds.
pub const BUCKET_MS: i64 = 30 * MINUTE_MS;
/// How far back buckets are kept, in milliseconds.
pub const KEPT_MS: i64 = 21 * DAY_MS;
/// Leads of one source to one rep within this, in milliseconds, are one clump.
const CLUMP_MS: i64 = 3 * MINUTE_MS;
/// Earlier leads of a source that a clump is looked for among.
const CLUMP_MAX: usize = 8;

/// By what a share is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Measure {
    Count,
    Value,
    Score,
}

impl Measure {
    /// Every measure.
    pub const ALL: [Measure; 3] = [Self::Count, Self::Value, Self::Score];
}

/// A turn of the engine.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    pub at: Millis,
    pub rep: RepId,
    pub source: Option<SourceNo>,
    pub batch: BatchId,
    /// Who was free for it.
    pub free: &'a [RepId],
    /// Their weights in thousandths; empty when all are alike.
    pub weights: &'a [u32],
    /// What the lead is worth in each measure besides count, not negative.
    pub value: i64,
    pub score: i64,
}

/// A turn as it was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    rep: RepId,
    bucket: i64,
    worth: [i64; 3],
}

/// One rep's sums; index = [`Measure`], in millionths of a lead, of value and of score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sum {
    pub received: [i64; 3],
    pub expected: [i64; 3],
    /// Turns the rep was free for.
    pub trials: u32,
    /// Leads received, clumps counted whole: what a person counts.
    pub leads: u32,
}

/// Half an hour.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Bucket {
    /// Its number since 1970.
    pub no: i64,
    /// Leads counted.
    pub turns: u32,
    /// The largest single value and score.
    pub largest: [i64; 3],
    /// Index = rep id − 1.
    pub reps: Vec<Sum>,
}

/// How long a rep has been passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Passed {
    /// Since when: the last lead received, or the first one free for.
    pub since: Millis,
    /// Leads the rep was free for and did not get.
    pub leads: u32,
    /// Surprise that all of them went elsewhere, in micro-nats.
    pub surprise: i64,
}

/// The buckets of the last days and who is passed over.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Shares {
    buckets: VecDeque<Bucket>,
    passed: Vec<Passed>,
    /// By source: who had its last leads, when, in which batch; newest first.
    last: BTreeMap<SourceNo, VecDeque<(RepId, Millis, BatchId)>>,
}

fn slot(rep: RepId) -> usize {
    (rep.0 as usize).wrapping_sub(1)
}

impl Shares {
    /// Counts a turn; none when it says nothing new.
    pub fn given(&mut self, g: &Given<'_>) -> Option<Turn> {
        let clump = self.clump(g);
        let bucket = bucket_at(&mut self.buckets, g.at);
        let highest = g.free.last().map_or(0, |r| r.0).max(g.rep.0) as usize;
        if bucket.reps.len() < highest {
            bucket.reps.resize(highest, Sum::default());
        }
        if let Some(mine) = bucket.reps.get_mut(slot(g.rep)) {
            mine.leads += 1;
        }
        if clump.contains(&g.rep) || g.free.len() < 2 {
            reset(&mut self.passed, g);
            return None;
        }
        let worth = [ONE, g.value, g.score];
        bucket.turns += 1;
        for (most, worth) in bucket.largest.iter_mut().zip(worth) {
            *most = (*most).max(worth);
        }
        let weight = |i: usize| i64::from(g.weights.get(i).copied().unwrap_or(1000));
        let others = |(i, rep): (usize, &RepId)| if clump.contains(rep) { 0 } else { weight(i) };
        let total: i64 = g.free.iter().enumerate().map(others).sum::<i64>().max(1);
        for (i, rep) in g.free.iter().enumerate() {
            let part = others((i, rep));
            if let Some(sum) = bucket.reps.get_mut(slot(*rep)) {
                sum.trials += u32::from(part > 0);
                for (expected, worth) in sum.expected.iter_mut().zip(worth) {
                    *expected += worth.saturating_mul(part) / total;
                }
            }
        }
        if let Some(sum) = bucket.reps.get_mut(slot(g.rep)) {
            for (received, worth) in sum.received.iter_mut().zip(worth) {
                *received += worth;
            }
        }
        let turn = Turn { rep: g.rep, bucket: bucket.no, worth };
        self.pass_over(g, &others, total);
        Some(turn)
    }

    /// Takes back what a rep received, not what was to be expected: nobody asked who else could have had it.
    pub fn take_back(&mut self, turn: &Turn) {
        let Ok(at) = self.buckets.binary_search_by_key(&turn.bucket, |b| b.no) else { return };
        let Some(sum) = self.buckets.get_mut(at).and_then(|b| b.reps.get_mut(slot(turn.rep))) else { return };
        for (received, worth) in sum.received.iter_mut().zip(turn.worth) {
            *received -= worth;
        }
        sum.leads = sum.leads.saturating_sub(1);
    }

    /// Who had leads of the same source just before, and the lead is noted. Never so many that few are left to be chosen among.
    fn clump(&mut self, g: &Given<'_>) -> Vec<RepId> {
        let Some(source) = g.source else { return Vec::new() };
        let last = self.last.entry(source).or_default();
        let near =
            |(_, at, batch): &&(RepId, Millis, BatchId)| *batch == g.batch || g.at.since(*at) <= CLUMP_MS;
        let mut reps: Vec<RepId> = last.iter().filter(near).map(|(rep, ..)| *rep).collect();
        reps.truncate((g.free.len() / 3).max(1));
        last.retain(|(rep, ..)| *rep != g.rep);
        last.push_front((g.rep, g.at, g.batch));
        last.truncate(CLUMP_MAX);
        reps
    }

    /// Everybody free who did not get it waits a little longer.
    fn pass_over(&mut self, g: &Given<'_>, part: &dyn Fn((usize, &RepId)) -> i64, total: i64) {
        let highest = g.free.last().map_or(0, |r| r.0) as usize;
        if self.passed.len() < highest {
            self.passed.resize(highest, Passed::default());
        }
        let (mut known, mut surprise) = (0, 0);
        for (i, rep) in g.free.iter().enumerate().filter(|(_, rep)| **rep != g.rep) {
            let share = part((i, rep));
            if share != known {
                (known, surprise) = (share, if share < total { ln(total) - ln(total - share) } else { 0 });
            }
            if share > 0
                && let Some(p) = self.passed.get_mut(slot(*rep))
            {
                if p.leads == 0 {
                    p.since = g.at;
                }
                p.leads += 1;
                p.surprise += surprise;
            }
        }
        reset(&mut self.passed, g);
    }

    /// The buckets, oldest first.
    #[must_use]
    pub fn buckets(&self) -> &VecDeque<Bucket> {
        &self.buckets
    }

    /// How long `rep` has been passed over.
    #[must_use]
    pub fn passed(&self, rep: RepId) -> Passed {
        self.passed.get(slot(rep)).copied().unwrap_or_default()
    }
}

fn reset(passed: &mut [Passed], g: &Given<'_>) {
    if let Some(p) = passed.get_mut(slot(g.rep)) {
        *p = Passed { since: g.at, leads: 0, surprise: 0 };
    }
}

/// The bucket of `at`; time never goes back here.
fn bucket_at(buckets: &mut VecDeque<Bucket>, at: Millis) -> &mut Bucket {
    let no = at.0.div_euclid(BUCKET_MS);
    if buckets.back().is_none_or(|b| b.no < no) {
        buckets.push_back(Bucket { no, ..Bucket::default() });
        while buckets.front().is_some_and(|b| b.no <= no - KEPT_MS / BUCKET_MS) {
            buckets.pop_front();
        }
    }
    let last = buckets.len() - 1;
    &mut buckets[last]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn give(shares: &mut Shares, at: i64, rep: u32, weights: &[u32]) {
        let free = [RepId(1), RepId(2), RepId(3)];
        let given = Given {
            at: Millis(at),
            rep: RepId(rep),
            source: Some(0),
            batch: BatchId(at.unsigned_abs()),
            free: &free,
            weights,
            value: 500,
            score: 10,
        };
        shares.given(&given);
    }

    #[test]
    fn what_is_taken_away_was_not_received() {
        let mut shares = Shares::default();
        let free = [RepId(1), RepId(2)];
        let at = Millis(0);
        let (source, batch) = (Some(0), BatchId(1));
        let given = Given { at, rep: RepId(1), source, batch, free: &free, weights: &[], value: 7, score: 0 };
        let turn = shares.given(&given).unwrap();
        shares.take_back(&turn);
        assert_eq!(shares.buckets()[0].reps[0].received, [0; 3]);
        assert_eq!(shares.buckets()[0].reps[0].expected[0], ONE / 2);
    }

    #[test]
    fn expected_follows_weights_and_what_is_received_adds_up() {
        let mut shares = Shares::default();
        for turn in 0..4 {
            give(&mut shares, turn * 10 * MINUTE_MS, 2, &[1000, 2000, 1000]);
        }
        let bucket = &shares.buckets()[0];
        assert_eq!(bucket.reps[1].received, [3 * ONE, 1500, 30]);
        assert_eq!(bucket.reps[0].expected, [750_000, 375, 6]);
        assert_eq!(bucket.reps[1].expected[0], 1_500_000);
        assert_eq!((shares.buckets().len(), shares.passed(RepId(2)).leads), (2, 0));
        assert_eq!(shares.passed(RepId(1)).leads, 4);
        assert_eq!(shares.passed(RepId(1)).surprise, 4 * (ln(4) - ln(3)));
    }

    #[test]
    fn a_clump_is_one_trial() {
        let mut shares = Shares::default();
        for second in 0..10 {
            give(&mut shares, second * 1000, 1, &[]);
        }
        give(&mut shares, 11_000, 2, &[]);
        let bucket = &shares.buckets()[0];
        assert_eq!((bucket.turns, bucket.reps[0].leads), (2, 10));
        assert_eq!(bucket.reps[0].received[0], ONE);
        // Given that it is not the same rep again, the two others share it.
        assert_eq!(bucket.reps[1].expected[0], 333_333 + 500_000);
        assert_eq!(bucket.reps[0].expected[0], 333_333);
    }
}
