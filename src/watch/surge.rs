//! Surge 线索激增: a source sends far more within the hour than the same hours of the weeks before, clumps allowed for. Needs three
//! weeks of history. Imports do not count; while a promotion is on, more is what it is for, unless its own lines ask.

use super::Scene;
use super::evidence::{Test, needed, times_milli};
use super::fixed::{ONE, ln, more_bursty};
use super::state::WatchState;
use super::state::source::WEEKS_MIN;
use super::terms::{line, milli, over_ms};
use crate::model::alert::{AlertKey, AlertKind, AlertSubject, Aspect, Finding, Sighting, name_key};
use crate::model::time::HOUR_MS;
use crate::rulebook::Metric;

/// Arrivals ÷ usual, in thousandths, that matters in practice.
pub const TIMES_MILLI: i64 = 2000;
/// Leads too many that matter in practice.
pub const EXCESS_MIN: i64 = 5;
/// The window, in milliseconds, without a line that says otherwise; at most a day.
pub const WINDOW_MS: i64 = HOUR_MS;
/// An hour is looked at as it goes: that is worth more looks than a sum that only grows. In micro-nats: twenty.
const MORE_LOOKS: i64 = 2_995_732;

/// One alert a source. Figure and limit are arrivals ÷ usual in thousandths; count is what arrived.
pub(super) fn detect(scene: &Scene<'_>, sums: &WatchState, out: &mut Vec<Sighting>) {
    let (world, now) = (scene.world, scene.moment.now);
    let promoted = world.book().watch_line(crate::rulebook::WatchKind::Surge)
        == line(world, AlertKind::Surge, now)
        && world.promotions_at(now).next().is_some();
    if !scene.is_on(AlertKind::Surge) || promoted {
        return;
    }
    let window = over_ms(world, AlertKind::Surge, Metric::Arrivals, now).unwrap_or(WINDOW_MS);
    let times = milli(world, AlertKind::Surge, Metric::Arrivals, now).unwrap_or(TIMES_MILLI);
    let needed = needed(sums.sources().iter().count()) + MORE_LOOKS + ln(2);
    for (no, source) in sums.sources().iter() {
        let weeks = source.weeks(now);
        let came = source.within(now, window) * ONE;
        if weeks < WEEKS_MIN || came < EXCESS_MIN * ONE {
            continue;
        }
        let from = now.plus(-window);
        let usual = source.usual_between(from, now, weeks);
        if came <= usual {
            continue;
        }
        let test = Test {
            aspect: Aspect::Count,
            from,
            samples: weeks,
            samples_needed: WEEKS_MIN,
            observed: came,
            expected: usual,
            surprise: more_bursty(came, usual.max(ONE / 4), source.dispersion(now, weeks)),
            needed,
            effect_milli: times_milli(came, usual),
            effect_needed_milli: times,
            off: came - usual,
            off_needed: EXCESS_MIN * ONE,
        };
        let name = sums.source_name(no);
        let key = AlertKey { kind: AlertKind::Surge, subject: AlertSubject::Source(name_key(name)) };
        let counts = test.holds() || (world.alerts().contains_key(&key) && test.lingers());
        if !counts {
            continue;
        }
        let finding = Finding {
            key,
            count: u32::try_from(came / ONE).unwrap_or(u32::MAX),
            leads: Vec::new(),
            figure: test.effect_milli,
            limit: times,
        };
        let mut sighting = scene.breach(finding);
        sighting.detail = scene.detail(AlertKind::Surge, name);
        sighting.detail.evidence = Some(Box::new(test.evidence()));
        sighting.breach = test.holds();
        out.push(sighting);
    }
}
