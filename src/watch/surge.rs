//! Surge 线索激增: a source sends far more within an hour, three, eight or a day than the same hours of the weeks before, clumps
//! allowed for: where arrivals come in clumps one hour says little, and the sum of several does. Needs three weeks of history. Imports do not count; while a promotion is on, more is what it is for, unless its own lines ask.

use super::Scene;
use super::evidence::{Test, needed, times_milli};
use super::fixed::{ONE, more_bursty};
use super::state::WatchState;
use super::state::source::{By, SourceSum, WEEKS_MIN};
use super::terms::{line, milli, over_ms};
use crate::model::alert::{AlertKey, AlertKind, AlertSubject, Aspect, Finding, Sighting, name_key};
use crate::model::time::{DAY_MS, HOUR_MS, Millis};
use crate::rulebook::{Metric, WatchKind};

/// Arrivals ÷ usual, in thousandths, that matters in practice.
pub const TIMES_MILLI: i64 = 2000;
/// Leads too many that matter in practice.
pub const EXCESS_MIN: i64 = 5;
/// The windows, in milliseconds, without a line that says otherwise; at most a day.
pub const WINDOWS_MS: [i64; 4] = [HOUR_MS, 3 * HOUR_MS, 8 * HOUR_MS, DAY_MS];
/// From here on a window may be a busy day as well as busy hours, in milliseconds.
const LONG_MS: i64 = 8 * HOUR_MS;
/// A window is looked at as it goes: an hour's is worth some five looks that do not depend on each other in each hour, longer
/// ones fewer, the four together a hundred and fifty a day. Beyond the twenty of `needed`, in micro-nats: seven and a half.
const MORE_LOOKS: i64 = 2_014_903;

/// The surprise needed of one source of `sources`.
#[must_use]
pub fn needed_of(sources: usize) -> i64 {
    needed(sources) + MORE_LOOKS
}

/// The test of one source over one window.
fn test(source: &SourceSum, now: Millis, window: i64, times: i64, needed: i64) -> Option<Test> {
    let (weeks, came) = (source.weeks(now), source.within(now, window) * ONE);
    if weeks < WEEKS_MIN || came < EXCESS_MIN * ONE {
        return None;
    }
    let from = now.plus(-window);
    let usual = source.usual_between(from, now, weeks);
    (came > usual).then(|| Test {
        aspect: Aspect::Count,
        from,
        samples: weeks,
        samples_needed: WEEKS_MIN,
        observed: came,
        expected: usual,
        // What is usual is itself known to a quarter of a lead at best.
        surprise: more_bursty(
            came,
            usual.max(ONE / 4),
            source.dispersion(from, By::Leads, window >= LONG_MS),
        ),
        needed,
        effect_milli: times_milli(came, usual),
        effect_needed_milli: times,
        off: came - usual,
        off_needed: EXCESS_MIN * ONE,
    })
}

/// One alert a source, for the window that says most. Figure and limit are arrivals ÷ usual in thousandths; count is what
/// arrived.
pub(super) fn detect(scene: &Scene<'_>, sums: &WatchState, out: &mut Vec<Sighting>) {
    let (world, now) = (scene.world, scene.moment.now);
    let of_book = world.book().watch_line(WatchKind::Surge, Some(Metric::Arrivals));
    let promoted = of_book == line(world, AlertKind::Surge, now) && world.promotions_at(now).next().is_some();
    if !scene.is_on(AlertKind::Surge) || promoted {
        return;
    }
    let said = over_ms(world, AlertKind::Surge, Metric::Arrivals, now).map(|ms| [ms]);
    let windows = said.as_ref().map_or(&WINDOWS_MS[..], |one| &one[..]);
    let times = milli(world, AlertKind::Surge, Metric::Arrivals, now).unwrap_or(TIMES_MILLI);
    let needed = needed_of(sums.sources().iter().count());
    for (no, source) in sums.sources().iter() {
        let name = sums.source_name(no);
        let key = AlertKey { kind: AlertKind::Surge, subject: AlertSubject::Source(name_key(name)) };
        let open = world.alerts().contains_key(&key);
        let tests = windows.iter().filter_map(|window| test(source, now, *window, times, needed));
        let counts = tests.filter(|test| test.holds() || (open && test.lingers()));
        let Some(test) = counts.max_by_key(|test| (test.holds(), test.surprise)) else { continue };
        let finding = Finding {
            key,
            count: u32::try_from(test.observed / ONE).unwrap_or(u32::MAX),
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
