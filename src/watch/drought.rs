//! Drought 渠道断流: a source that sends regularly has sent nothing for so long that it is no chance. Time is measured in leads to be
//! expected by the same hours of the weeks before, so nights and weekends of a source count by themselves; hours in which
//! the desk is closed by its calendar count for nothing, so a holiday is no drought.

use super::Scene;
use super::evidence::{Test, needed};
use super::fixed::{ONE, none_bursty};
use super::state::WatchState;
use super::state::source::{By, SourceSum};
use super::terms::line;
use crate::model::alert::{AlertKey, AlertKind, AlertSubject, Aspect, Finding, Sighting, name_key};
use crate::model::time::{DAY_MS, HOUR_MS, Millis};
use crate::rulebook::Metric;
use crate::world::World;

/// Leads a source must have sent, over how many weeks.
pub const LEADS_MIN: u64 = 30;
pub const WEEKS_MIN: i64 = 2;
/// Times the longest usual gap, in thousandths.
pub const TIMES_MILLI: i64 = 1500;
/// A source of less than a lead a day is a matter for a report.
const A_DAY_MIN: i64 = 1;
/// From here on a silence may be a quiet day as well as quiet hours, in milliseconds.
const LONG_MS: i64 = 6 * HOUR_MS;
/// Silence looked at, in milliseconds: what is silent for longer is gone, and was told.
const LOOK_MAX_MS: i64 = 14 * DAY_MS;

/// Leads to be expected between two moments in hours in which the desk works, in millionths.
#[must_use]
pub fn missing(world: &World, source: &SourceSum, (from, to): (Millis, Millis), weeks: i64, by: By) -> i64 {
    let desk = world.desk_time();
    let always = desk.is_always() || desk.is_never();
    source.usual_where(from, to, weeks, by, &|at| always || desk.is_working(at))
}

/// One alert a source. Figure is the silence, limit the longest the book allows, or what would be surprising, in milliseconds.
pub(super) fn detect(scene: &Scene<'_>, sums: &WatchState, out: &mut Vec<Sighting>) {
    let (world, now) = (scene.world, scene.moment.now);
    if !scene.is_on(AlertKind::Drought) {
        return;
    }
    let said = line(world, AlertKind::Drought, now).and_then(|l| l.duration_ms(Metric::Silence));
    // Told by leads or by clumps, whichever says more: where leads come in clumps their number wavers more than it needs to. Both
    // speak of the same silence, so asking twice makes no second chance to be wrong.
    let needed = needed(sums.sources().iter().count());
    for (no, source) in sums.sources().iter() {
        let (weeks, silent) = (source.weeks(source.last), now.since(source.last));
        let a_day = source.arrivals.cast_signed() / (source.last.since(source.first) / DAY_MS).max(1);
        if source.arrivals < LEADS_MIN || weeks < WEEKS_MIN || a_day < A_DAY_MIN || silent > LOOK_MAX_MS {
            continue;
        }
        let by = |by| missing(world, source, (source.last, now), weeks, by);
        let expected = by(By::Leads);
        // The evidence cannot be larger than for a steady source, so most are done with here.
        if expected < needed {
            continue;
        }
        let surprise = |expected: i64, by| {
            let per_hour = (expected / (silent / HOUR_MS).max(1)).max(ONE / 100);
            none_bursty(expected, source.dispersion(source.last, by, silent >= LONG_MS), per_hour)
        };
        let test = Test {
            aspect: Aspect::Count,
            from: source.last,
            samples: source.arrivals.cast_signed(),
            samples_needed: LEADS_MIN.cast_signed(),
            observed: 0,
            expected,
            surprise: surprise(expected, By::Leads).max(surprise(by(By::Clumps), By::Clumps)),
            needed,
            effect_milli: super::evidence::times_milli(expected, source.longest_usual_gap()),
            effect_needed_milli: TIMES_MILLI,
            off: silent,
            off_needed: said.unwrap_or(0),
        };
        if !test.holds() {
            continue;
        }
        let name = sums.source_name(no);
        let finding = Finding {
            key: AlertKey { kind: AlertKind::Drought, subject: AlertSubject::Source(name_key(name)) },
            count: u32::try_from(expected / ONE).unwrap_or(u32::MAX),
            leads: Vec::new(),
            figure: silent,
            limit: said.unwrap_or(0),
        };
        let mut sighting = scene.breach(finding);
        sighting.detail = scene.detail(AlertKind::Drought, name);
        sighting.detail.evidence = Some(Box::new(test.evidence()));
        out.push(sighting);
    }
}
