//! Detectors (one file each), the sums they read, the life of the alerts they raise, and what would help. No clock, chance
//! or IO: they read the world, the watch's sums and a few facts of the machine at a moment.
//!
//! Exact detectors compare with a limit; statistical ones ask for enough leads, a size that matters and evidence, all three
//! (`evidence`). Limits come from the book's `watch` lines; the defaults stand with each detector.

mod at_cap;
pub mod automatic;
pub mod band;
mod conversion;
pub mod delayed;
mod dirty;
mod drought;
mod duplicate;
pub mod evidence;
pub mod fixed;
mod hoarded;
pub mod lifecycle;
pub mod load_uneven;
pub mod missed;
mod overdue;
mod queue;
mod rate_shift;
pub mod remedy;
mod rule_silent;
mod site;
mod spread;
mod stalled;
mod starved;
pub mod state;
pub mod surge;
pub mod tell;
pub mod terms;
mod unanswered;
pub mod uneven;
mod untouched;
pub mod words;

use crate::engine::AlertStep;
use crate::model::alert::{AlertKey, AlertKind, Detail, Finding, Sighting};
use crate::model::id::LeadId;
use crate::model::time::Millis;
use crate::rulebook::worktime::WorkTime;
use crate::rulebook::{Loudness, Metric};
use crate::world::{Moment, World};

pub use lifecycle::Look;
pub use remedy::{Remedy, remedies};
pub use site::{Outbox, Site};
pub use state::{WATCH_VERSION, WatchState};

/// Lead ids an alert names; the rest is a number.
pub const NAMED_MAX: usize = 5;

/// What a detector may read.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    pub world: &'a World,
    /// The watch's sums; none while they are being built: then no statistics are told.
    pub sums: Option<&'a WatchState>,
    pub site: &'a Site,
    pub moment: &'a Moment,
}

impl<'a> Scene<'a> {
    /// A scene without sums or facts of the machine: exact detectors only.
    #[must_use]
    pub fn exact(world: &'a World, moment: &'a Moment) -> Scene<'a> {
        Scene { world, sums: None, site: &Site::NONE, moment }
    }

    /// What is said beside a finding of `kind` that is about something the key holds as a number.
    fn detail(&self, kind: AlertKind, about: &str) -> Detail {
        let severity = terms::terms(self.world, kind, self.moment.now).severity;
        Detail { severity, about: about.into(), evidence: None }
    }

    /// Something beyond its limit, without a test of evidence.
    fn breach(&self, finding: Finding) -> Sighting {
        let detail = self.detail(finding.key.kind, "");
        Sighting { finding, detail, breach: true }
    }

    /// Whether the book asks for `kind`.
    fn is_on(&self, kind: AlertKind) -> bool {
        terms::is_on(self.world, kind, self.moment.now)
    }
}

/// The detectors that read the world alone and know one limit.
fn plain(world: &World, moment: &Moment) -> Vec<Finding> {
    let mut all = Vec::new();
    delayed::detect(world, moment, &mut all);
    queue::detect(world, moment, &mut all);
    missed::detect(world, moment, &mut all);
    duplicate::detect(world, moment, &mut all);
    at_cap::detect(world, moment, &mut all);
    stalled::detect(world, moment, &mut all);
    overdue::detect(world, moment, &mut all);
    all
}

/// Everything seen in a scene, in key order: what is beyond its limit, and what is not clear of it yet.
#[must_use]
pub fn sightings(scene: &Scene<'_>) -> Vec<Sighting> {
    let mut all: Vec<Sighting> =
        plain(scene.world, scene.moment).into_iter().map(|f| scene.breach(f)).collect();
    load_uneven::detect(scene, &mut all);
    let lying = untouched::untouched(scene.world);
    untouched::detect(scene, &lying, &mut all);
    hoarded::detect(scene, &lying, &mut all);
    site::detect(scene, &mut all);
    if let Some(sums) = scene.sums {
        uneven::detect(scene, sums, &mut all);
        spread::detect(scene, sums, &mut all);
        starved::detect(scene, sums, &mut all);
        surge::detect(scene, sums, &mut all);
        drought::detect(scene, sums, &mut all);
        unanswered::detect(scene, sums, &mut all);
        rule_silent::detect(scene, sums, &mut all);
        rate_shift::detect(scene, sums, &mut all);
        dirty::detect(scene, sums, &mut all);
        conversion::detect(scene, sums, &mut all);
    }
    all.sort_by_key(|s| (s.finding.key, !s.breach));
    all.dedup_by_key(|s| s.finding.key);
    all
}

/// Everything exact detectors find wrong at `moment`, in key order.
#[must_use]
pub fn findings(world: &World, moment: &Moment) -> Vec<Finding> {
    let seen = sightings(&Scene::exact(world, moment));
    seen.into_iter().filter(|s| s.breach).map(|s| s.finding).collect()
}

/// One look: what the log is to say so that alerts follow the scene, and what is to be told. While the clock is suspect
/// (`timed` is false) what follows from passing time is neither raised nor cleared; `gap` = nobody looked for a while. Whether
/// the clock is suspect is not the world's to see: that alert is left to whoever has two clocks to compare.
#[must_use]
pub fn look(scene: &Scene<'_>, timed: bool, gap: bool) -> Look {
    let judged = |kind: AlertKind| {
        let seen = match kind {
            AlertKind::ClockSuspect => false,
            AlertKind::LeaseFlapping => scene.site.leaders_an_hour.is_some(),
            AlertKind::DiskLow => scene.site.free_bytes.is_some(),
            AlertKind::OutboxStuck => scene.site.outbox.is_some(),
            kind => !kind.needs_sums() || scene.sums.is_some(),
        };
        seen && (timed || !kind.tells_time())
    };
    let mut look = lifecycle::steps(scene.world, scene.moment, &sightings(scene), &judged, gap);
    if timed {
        // First: they speak of what is so now, not of what the steps bring about.
        look.steps.splice(..0, lifecycle::notices(scene.world, scene.moment));
    }
    look
}

/// The step that raises `finding` at once.
#[must_use]
pub fn raise(world: &World, moment: &Moment, finding: Finding) -> AlertStep {
    AlertStep::Fire(Box::new(Scene::exact(world, moment).breach(finding)))
}

/// The step that clears an open alert.
#[must_use]
pub fn clear(world: &World, key: AlertKey) -> Option<AlertStep> {
    let episode = world.alerts().get(&key)?.fired_seq;
    Some(AlertStep::Clear { key, episode, cleared: crate::model::alert::Cleared::default() })
}

/// The limit of a detector: what the book says, else `default`; `None` when the book switches it off.
fn limit_ms(world: &World, moment: &Moment, kind: AlertKind, metric: Metric, default: i64) -> Option<i64> {
    match terms::line(world, kind, moment.now) {
        Some(line) if line.loudness == Loudness::Off => None,
        // These figures only grow, so "for 10m" is ten minutes more of them.
        Some(line) => Some(line.duration_ms(metric).unwrap_or(default).saturating_add(line.for_ms)),
        None => Some(default),
    }
}

/// Of the moments from `oldest` to `now` the latest that lies more than `limit` of working time back, in milliseconds;
/// `None` when not even `oldest` does. The farther back, the more working time: so one search serves all leads that wait.
fn latest_late(hours: &WorkTime, oldest: Millis, now: Millis, limit: i64) -> Option<Millis> {
    let is_late = |since: i64| hours.working_ms_between(Millis(since), now) > limit;
    if !is_late(oldest.0) {
        return None;
    }
    let (mut late, mut timely) = (oldest.0, now.0.max(oldest.0.saturating_add(1)));
    while timely - late > 1 {
        let middle = late + (timely - late) / 2;
        if is_late(middle) {
            late = middle;
        } else {
            timely = middle;
        }
    }
    Some(Millis(late))
}

/// The first few of what waits, longest first; equal ones by id. Leaves the rest in any order.
fn longest(waits: &mut [(Millis, LeadId)]) -> Vec<LeadId> {
    if waits.len() > NAMED_MAX {
        waits.select_nth_unstable(NAMED_MAX);
    }
    let first = waits.len().min(NAMED_MAX);
    let mut named = waits.get(..first).unwrap_or_default().to_vec();
    named.sort_unstable();
    named.into_iter().map(|(_, lead)| lead).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::time::{DAY_MS, HOUR_MS, MINUTE_MS};
    use proptest::prelude::*;

    const OFFICE: &str = "calendar\n timezone Asia/Shanghai\n workdays Mon..Fri 09:00..18:00 except 12:00..13:00\n \
                          holiday 2026-11-04";

    proptest! {
        #[test]
        fn one_search_tells_who_is_late_as_asking_for_each_does(
            now in 0..10 * DAY_MS,
            limit in prop_oneof![Just(5 * MINUTE_MS), Just(2 * HOUR_MS), Just(20 * HOUR_MS)],
            back in prop::collection::vec(0..20 * DAY_MS, 1..20),
        ) {
            let hours = WorkTime::of_desk(&crate::rulebook::compile(OFFICE));
            let now = Millis(1_793_514_720_000 + now);
            let oldest = now.plus(-back.iter().copied().max().unwrap_or(0));
            let latest = latest_late(&hours, oldest, now, limit);
            for since in back.iter().map(|ms| now.plus(-ms)) {
                let is_late = hours.working_ms_between(since, now) > limit;
                prop_assert_eq!(latest.is_some_and(|latest| since <= latest), is_late, "{:?}", since);
            }
        }
    }

    #[test]
    fn the_longest_are_named_in_order() {
        let mut waits: Vec<_> = (0..20).rev().map(|n| (Millis(n / 2), LeadId(n.unsigned_abs()))).collect();
        let named: Vec<u64> = longest(&mut waits).into_iter().map(|lead| lead.0).collect();
        assert_eq!(named, [0, 1, 2, 3, 4]);
        assert_eq!(longest(&mut [(Millis(3), LeadId(9))]), [LeadId(9)]);
    }
}
