//! Rate shift 命中率突变: since a publish a rule matches twice or half the leads it matched before, and that is no chance. Told for a week
//! after the publish; a rule that matches nothing at all is `rule-silent`.

use super::Scene;
use super::evidence::{Test, needed, times_milli};
use super::fixed::{ONE, fewer, ln, more, ratio, wilson};
use super::rule_silent::could_match;
use super::state::WatchState;
use crate::model::alert::{AlertKey, AlertKind, AlertSubject, Aspect, Finding, Sighting, name_key};
use crate::model::time::DAY_MS;

/// Leads decided before and since the publish.
pub const BEFORE_MIN: u64 = 50;
pub const SINCE_MIN: i64 = 30;
/// Times more, or times less, in thousandths; and matches off.
pub const TIMES_MILLI: i64 = 2000;
pub const OFF_MIN: i64 = 5;
/// How long after a publish it is looked for, in milliseconds.
pub const LOOK_MS: i64 = 7 * DAY_MS;

/// One alert a rule. Figure is matches, limit those to be expected.
pub(super) fn detect(scene: &Scene<'_>, sums: &WatchState, out: &mut Vec<Sighting>) {
    let now = scene.moment.now;
    let (version, published_at) = sums.book();
    if !scene.is_on(AlertKind::RateShift) || now.since(published_at) > LOOK_MS {
        return;
    }
    let rules = &scene.world.book().rules;
    // Both directions are looked at.
    let needed = needed(rules.len()) + ln(2);
    for (name, sum) in sums.rules().iter() {
        let before: u64 = sum.sources.values().map(|p| p.before.1).sum();
        if before < BEFORE_MIN || !rules.iter().any(|r| r.name == *name && could_match(scene, r)) {
            continue;
        }
        let (mut leads, mut hits, mut expected, mut low, mut high) = (0, 0, 0, 0, 0);
        for (source, pair) in sum.sources.iter().filter(|(_, pair)| pair.before.1 > 0) {
            let seen = sums.rules().seen(*source, pair).cast_signed();
            let (x, n) = (pair.before.0.cast_signed(), pair.before.1.cast_signed());
            let (least, most) = wilson(x, n);
            leads += seen;
            hits += pair.hits.cast_signed() * ONE;
            expected += seen * ratio(x, n);
            low += seen * least;
            high += seen * most;
        }
        if hits == 0 {
            continue;
        }
        let (more_so, less_so) = (times_milli(hits, expected), times_milli(expected, hits));
        let test = Test {
            aspect: Aspect::Count,
            from: published_at,
            samples: leads,
            samples_needed: SINCE_MIN,
            observed: hits,
            expected,
            surprise: more(hits, high).max(fewer(hits, low)),
            needed,
            effect_milli: more_so.max(less_so),
            effect_needed_milli: TIMES_MILLI,
            off: (hits - expected).abs(),
            off_needed: OFF_MIN * ONE,
        };
        let key = AlertKey { kind: AlertKind::RateShift, subject: AlertSubject::Rule(name_key(name)) };
        let counts = test.holds() || (scene.world.alerts().contains_key(&key) && test.lingers());
        if !counts {
            continue;
        }
        let finding = Finding {
            key,
            count: u32::try_from(leads).unwrap_or(u32::MAX),
            leads: Vec::new(),
            figure: hits / ONE,
            limit: super::evidence::whole(expected),
        };
        let mut sighting = scene.breach(finding);
        sighting.detail = scene.detail(AlertKind::RateShift, name);
        let mut evidence = test.evidence();
        evidence.book = Some(version);
        sighting.detail.evidence = Some(Box::new(evidence));
        sighting.breach = test.holds();
        out.push(sighting);
    }
}
