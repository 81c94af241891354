//! Conversion 转化偏低: a rep's leads end well less often than leads of the same sources do with others, and that is no chance. Only ended
//! leads count, thirty at least. A hint for supervisors, never a reason to hand out leads otherwise.

use super::Scene;
use super::evidence::{Test, times_milli};
use super::fixed::{ONE, fewer, ln, ratio};
use super::state::WatchState;
use crate::model::alert::{AlertKey, AlertKind, AlertSubject, Aspect, Finding, Sighting};
use crate::model::time::Millis;

/// Ended leads of the rep.
pub const LEADS_MIN: i64 = 30;
/// Good ends ÷ expected, in thousandths, below which it matters.
pub const PART_MILLI: i64 = 700;
/// One in a hundred, in micro-nats: what the surprise must be beyond `PART_MILLI` of the expected, before others are allowed
/// for. Ends come a few a day, so there are few looks.
const BASE: i64 = 4_605_170;

/// One alert a rep. Figure is good ends, limit those to be expected.
pub(super) fn detect(scene: &Scene<'_>, sums: &WatchState, out: &mut Vec<Sighting>) {
    if !scene.is_on(AlertKind::Conversion) {
        return;
    }
    let reps = || scene.world.reps().iter().filter(|r| r.active);
    let needed = BASE + ln(i64::try_from(reps().count().max(1)).unwrap_or(1)) + ln(7);
    for rep in reps() {
        let (mut leads, mut good, mut expected) = (0, 0, 0);
        for ((mine, all), (others_good, others)) in sums.outcomes().of(rep.id) {
            if others == 0 {
                continue;
            }
            leads += i64::from(all);
            good += i64::from(mine) * ONE;
            expected += i64::from(all) * ratio(others_good.into(), others.into());
        }
        let least = expected * PART_MILLI / 1000;
        let test = Test {
            aspect: Aspect::Count,
            from: Millis(0),
            samples: leads,
            samples_needed: LEADS_MIN,
            observed: good,
            expected,
            surprise: fewer(good, least),
            needed,
            effect_milli: times_milli(expected, good),
            effect_needed_milli: 1_000_000 / PART_MILLI,
            off: expected - good,
            off_needed: 3 * ONE,
        };
        if !test.holds() {
            continue;
        }
        let finding = Finding {
            key: AlertKey { kind: AlertKind::Conversion, subject: AlertSubject::Rep(rep.id) },
            count: u32::try_from(leads).unwrap_or(u32::MAX),
            leads: Vec::new(),
            figure: good / ONE,
            limit: super::evidence::whole(expected),
        };
        let mut sighting = scene.breach(finding);
        sighting.detail.evidence = Some(Box::new(test.evidence()));
        out.push(sighting);
    }
}
