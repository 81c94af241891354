//! Uneven 分配不均: a rep received much more of the engine's turns than could be expected of those who were free each time, by
//! count, by value or by score.
//!
//! Looked for over every span of the last three weeks, or over the one the book names; what a person took away again no longer
//! counts. A span that ends in the past cannot raise it: it must hold up to now.

use std::collections::BTreeSet;

use super::Scene;
use super::evidence::{Test, needed, times_milli, whole};
use super::fixed::{ONE, ln, more_of, more_weighted};
use super::state::WatchState;
use super::state::share::{BUCKET_MS, Bucket, Measure, Sum};
use super::terms::{milli, over_ms};
use crate::model::alert::{AlertKey, AlertKind, AlertSubject, Aspect, Finding, Sighting};
use crate::model::id::RepId;
use crate::model::time::Millis;
use crate::rulebook::Metric;

/// Received ÷ expected, in thousandths, that matters in practice.
pub const TIMES_MILLI: i64 = 1500;
/// Leads too many that matter in practice.
pub const EXCESS_MIN: i64 = 3;
/// Turns a span must hold.
pub const TURNS_MIN: i64 = 20;
/// Each span is longer than the one before by at least this part, so that some thirty of them cover it.
const SPAN_GROWTH: (u64, u64) = (6, 5);

/// What is asked of a rep's share.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    pub times_milli: i64,
    /// The span in milliseconds; none = every span.
    pub over_ms: Option<i64>,
    pub needed: i64,
}

/// The surprise needed of one rep of `reps`: each is looked at by three measures, and the spans are worth some six
/// that do not depend on each other.
#[must_use]
pub fn needed_of(reps: usize, fixed_span: bool) -> i64 {
    needed(reps) + ln(3) + if fixed_span { 0 } else { ln(6) }
}

/// The sums of a span that ends now.
#[derive(Debug, Clone, Default)]
pub struct Span {
    pub from: Millis,
    pub turns: u64,
    pub largest: [i64; 3],
    pub reps: Vec<Sum>,
}

impl Span {
    fn add(&mut self, bucket: &Bucket) {
        self.from = Millis(bucket.no * BUCKET_MS);
        self.turns += u64::from(bucket.turns);
        for (most, here) in self.largest.iter_mut().zip(bucket.largest) {
            *most = (*most).max(here);
        }
        if self.reps.len() < bucket.reps.len() {
            self.reps.resize(bucket.reps.len(), Sum::default());
        }
        for (sum, here) in self.reps.iter_mut().zip(&bucket.reps) {
            for at in 0..3 {
                sum.received[at] += here.received[at];
                sum.expected[at] += here.expected[at];
            }
            sum.leads += here.leads;
            sum.trials += here.trials;
        }
    }

    /// What one rep received and could expect.
    #[must_use]
    pub fn of(&self, rep: RepId) -> Option<&Sum> {
        self.reps.get((rep.0 as usize).checked_sub(1)?)
    }

    /// The test of one rep by one measure.
    #[must_use]
    pub fn test(&self, rep: RepId, measure: Measure, asked: &Asked) -> Option<Test> {
        let sum = self.of(rep)?;
        let at = measure as usize;
        let (received, expected) = (sum.received[at], sum.expected[at]);
        if received <= expected {
            return None;
        }
        let surprise = match measure {
            Measure::Count => more_of(received, expected, i64::from(sum.trials) * ONE),
            Measure::Value | Measure::Score => more_weighted(received, expected, self.largest[at]),
        };
        let excess = match measure {
            Measure::Count => received - expected,
            // In leads of the largest size: three small ones matter to nobody.
            Measure::Value | Measure::Score => super::fixed::ratio(received - expected, self.largest[at]),
        };
        Some(Test {
            aspect: match measure {
                Measure::Count => Aspect::Count,
                Measure::Value => Aspect::Value,
                Measure::Score => Aspect::Score,
            },
            from: self.from,
            samples: i64::try_from(self.turns).unwrap_or(i64::MAX),
            samples_needed: TURNS_MIN,
            observed: received,
            expected,
            surprise,
            needed: asked.needed,
            effect_milli: times_milli(received, expected),
            effect_needed_milli: asked.times_milli,
            off: excess,
            off_needed: EXCESS_MIN * ONE,
        })
    }
}

/// Calls `each` with every span that ends now, the shortest first.
pub fn spans(sums: &WatchState, now: Millis, over_ms: Option<i64>, mut each: impl FnMut(&Span)) {
    let first = over_ms.map(|ms| now.plus(-ms).0.div_euclid(BUCKET_MS));
    let mut span = Span::default();
    let mut looked_at = 0;
    for bucket in sums.shares().buckets().iter().rev() {
        if first.is_some_and(|first| bucket.no < first) {
            break;
        }
        span.add(bucket);
        let grown = span.turns * SPAN_GROWTH.1 >= looked_at * SPAN_GROWTH.0;
        if over_ms.is_none() && span.turns >= TURNS_MIN.unsigned_abs() / 2 && grown {
            looked_at = span.turns;
            each(&span);
        }
    }
    if span.turns > looked_at {
        each(&span);
    }
}

/// The reps who are watched: active ones, of whom there must be two.
fn watched(scene: &Scene<'_>) -> Vec<RepId> {
    scene.world.reps().iter().filter(|rep| rep.active).map(|rep| rep.id).collect()
}

/// One alert a rep. Figure and limit are received ÷ expected in thousandths; count is what was received.
pub(super) fn detect(scene: &Scene<'_>, sums: &WatchState, out: &mut Vec<Sighting>) {
    let (world, now) = (scene.world, scene.moment.now);
    let reps = watched(scene);
    if !scene.is_on(AlertKind::Uneven) || reps.len() < 2 {
        return;
    }
    let over = over_ms(world, AlertKind::Uneven, Metric::Share, now);
    let asked = Asked {
        times_milli: milli(world, AlertKind::Uneven, Metric::Share, now).unwrap_or(TIMES_MILLI),
        over_ms: over,
        needed: needed_of(reps.len(), over.is_some()),
    };
    let key = |rep| AlertKey { kind: AlertKind::Uneven, subject: AlertSubject::Rep(rep) };
    let open: BTreeSet<RepId> =
        reps.iter().copied().filter(|rep| world.alerts().contains_key(&key(*rep))).collect();
    let mut best: Vec<Option<Test>> = vec![None; world.reps().len()];
    spans(sums, now, over, |span| {
        for rep in &reps {
            for measure in Measure::ALL {
                let Some(test) = span.test(*rep, measure, &asked) else { continue };
                let counts = test.holds() || (open.contains(rep) && test.lingers());
                let Some(slot) = best.get_mut(rep.0 as usize - 1).filter(|_| counts) else { continue };
                let rank = |t: &Test| (t.holds(), t.surprise);
                if slot.as_ref().is_none_or(|known| rank(&test) > rank(known)) {
                    *slot = Some(test);
                }
            }
        }
    });
    let allowed = super::spread::allows(scene, sums);
    for (rep, test) in reps.iter().filter_map(|rep| Some((rep, (*best.get(rep.0 as usize - 1)?)?))) {
        if !test.holds() && is_over(sums, *rep, fired_at(scene, key(*rep)), &asked, now) {
            continue;
        }
        let finding = Finding {
            key: key(*rep),
            count: u32::try_from(whole(test.observed)).unwrap_or(u32::MAX),
            leads: Vec::new(),
            figure: test.effect_milli,
            limit: asked.times_milli,
        };
        let mut sighting = scene.breach(finding);
        sighting.detail.evidence = Some(Box::new(test.evidence()));
        sighting.breach = test.holds() && allowed;
        out.push(sighting);
    }
}

fn fired_at(scene: &Scene<'_>, key: AlertKey) -> Option<Millis> {
    scene.world.alerts().get(&key).map(|alert| alert.fired_at)
}

/// Whether what came since the alert fired was fair: half a dozen leads were to be expected, and not much more came.
fn is_over(sums: &WatchState, rep: RepId, fired_at: Option<Millis>, asked: &Asked, now: Millis) -> bool {
    let Some(fired_at) = fired_at else { return true };
    let mut since = Span::default();
    let first = fired_at.0.div_euclid(BUCKET_MS) + 1;
    for bucket in sums.shares().buckets().iter().filter(|b| b.no >= first && b.no * BUCKET_MS <= now.0) {
        since.add(bucket);
    }
    let Some(sum) = since.reps.get(rep.0 as usize - 1) else { return false };
    let (received, expected) = (sum.received[0], sum.expected[0]);
    let half = 1000 + (asked.times_milli - 1000) / 2;
    expected >= 6 * ONE && times_milli(received, expected) < half
}
